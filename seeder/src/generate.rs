//! Rows from plans: pure, on several threads, handed over in order.

use std::ops::Range;
use std::sync::Arc;
use std::thread;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IdenStatic, Iterable, ModelTrait, Value};
use tokio::sync::mpsc;

/// A row as the values of its columns, in the order of [`Load::columns`].
pub(crate) type Row = Vec<Value>;

/// The most rows that a thread hands over at a time.
const PIECE: u64 = 1_000;

/// Finished pieces that a thread may keep waiting, so that memory does not grow with the rows.
const WAITING: usize = 4;

/// Rows for one table, made on any thread.
#[derive(Clone)]
pub struct Load {
    table: &'static str,
    columns: Vec<&'static str>,
    /// What a value of each column is written as, where the entity casts it: an enum of PostgreSQL.
    casts: Vec<Option<Cast>>,
    rows: u64,
    upsert: Option<Upsert>,
    numbered: Option<Numbered>,
    source: Source,
}

/// The ids that rows get which bring none: one after the other, in the order in which they enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Numbered {
    /// The column.
    pub(crate) column: &'static str,
    /// The first id.
    pub(crate) first: u64,
}

/// What happens to a row whose key is there already.
#[derive(Clone, Debug)]
pub(crate) struct Upsert {
    /// The columns of the key.
    pub(crate) key: Vec<&'static str>,
    /// How many rows replace one that is there.
    pub(crate) replaced: u64,
}

/// How an entity casts a value that is written.
type Cast = Arc<dyn Fn(Expr) -> Expr + Send + Sync>;

/// Where rows come from.
#[derive(Clone)]
enum Source {
    /// Each from its number.
    Numbered(Arc<dyn Fn(u64) -> Row + Send + Sync>),
    /// By turns, each of so many lanes giving at most one row a turn and keeping its own state.
    Folded { lanes: u64, turns: u64, open: Arc<dyn Fn(Range<u64>) -> Turns + Send + Sync> },
}

/// The rows of one turn after the other, over the lanes of one thread.
type Turns = Box<dyn FnMut(u64, &mut dyn FnMut(Row))>;

impl Load {
    /// `rows` rows of entity `E`, numbered from zero. `row` must give the same for the same number.
    pub fn of<E: EntityTrait + Default>(rows: u64, row: impl Fn(u64) -> E::Model + Send + Sync + 'static) -> Self {
        Self::without::<E>(&[], rows, row)
    }

    /// The same without some columns, which the database fills.
    pub fn without<E: EntityTrait + Default>(
        left_out: &[E::Column],
        rows: u64,
        row: impl Fn(u64) -> E::Model + Send + Sync + 'static,
    ) -> Self {
        let columns = others::<E>(left_out);
        let values = Arc::new(move |number| values_of::<E>(&row(number), &columns));
        Self::new::<E>(left_out, rows, Source::Numbered(values))
    }

    /// `rows` rows by turns: in each turn every one of `lanes` gives a row or none, in order.
    ///
    /// A lane's state is made by `state` and seen by `row` turn by turn. So a lane is a fold over its
    /// own turns and nothing else, whichever thread has it.
    pub fn folded<E, S>(
        left_out: &[E::Column],
        rows: u64,
        (lanes, turns): (u64, u64),
        state: impl Fn(u64) -> S + Send + Sync + 'static,
        row: impl Fn(&mut S, u64) -> Option<E::Model> + Send + Sync + 'static,
    ) -> Self
    where
        E: EntityTrait + Default,
        E::Column: Send + Sync,
        S: 'static,
    {
        let (state, row, columns) = (Arc::new(state), Arc::new(row), Arc::new(others::<E>(left_out)));
        let open = move |lanes: Range<u64>| -> Turns {
            let mut states: Vec<S> = lanes.map(|lane| state(lane)).collect();
            let (row, columns) = (row.clone(), columns.clone());
            Box::new(move |turn, give| {
                for model in states.iter_mut().filter_map(|state| row(state, turn)) {
                    give(values_of::<E>(&model, &columns));
                }
            })
        };
        Self::new::<E>(left_out, rows, Source::Folded { lanes, turns, open: Arc::new(open) })
    }

    fn new<E: EntityTrait + Default>(left_out: &[E::Column], rows: u64, source: Source) -> Self {
        let columns = others::<E>(left_out);
        let casts = columns.iter().map(|column| cast_of(*column)).collect();
        let columns = columns.iter().map(IdenStatic::as_str).collect();
        Self { table: E::default().as_str(), columns, casts, rows, upsert: None, numbered: None, source }
    }

    /// Lets a row take the place of one with the same `key`; `replaced` of the rows do.
    pub fn upsert(mut self, key: &[&'static str], replaced: u64) -> Self {
        self.upsert = Some(Upsert { key: key.to_vec(), replaced });
        self
    }

    /// The same with ids from `first` on, unless its rows bring theirs.
    pub(crate) fn numbered(mut self, column: &'static str, first: u64) -> Self {
        self.numbered = (!self.columns.contains(&column)).then_some(Numbered { column, first });
        self
    }

    /// The table that the rows are for.
    pub fn table(&self) -> &'static str {
        self.table
    }

    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// How many of them take the place of one that is there.
    pub fn replaced(&self) -> u64 {
        self.upsert.as_ref().map_or(0, |upsert| upsert.replaced)
    }

    pub(crate) fn columns(&self) -> &[&'static str] {
        &self.columns
    }

    /// A row as it is written.
    pub(crate) fn written(&self, row: Row) -> impl Iterator<Item = Expr> {
        row.into_iter().zip(&self.casts).map(|(value, cast)| match cast {
            Some(cast) => cast(Expr::value(value)),
            None => Expr::value(value),
        })
    }

    pub(crate) fn ids(&self) -> Option<Numbered> {
        self.numbered
    }

    pub(crate) fn upserts(&self) -> Option<&Upsert> {
        self.upsert.as_ref()
    }

    /// Generates the rows on `jobs` threads and gives them in order.
    pub(crate) fn generate(&self, jobs: usize) -> Rows {
        let jobs = jobs as u64;
        match &self.source {
            Source::Numbered(row) => numbered(row, self.rows, jobs),
            Source::Folded { lanes, turns, open } => folded(open, *lanes, *turns, jobs),
        }
    }
}

/// The columns of `E` that are not left out.
fn others<E: EntityTrait>(left_out: &[E::Column]) -> Vec<E::Column> {
    E::Column::iter().filter(|column| !left_out.iter().any(|left| left.as_str() == column.as_str())).collect()
}

fn cast_of<C: ColumnTrait + 'static>(column: C) -> Option<Cast> {
    let plain = Expr::value(1);
    let is_cast = format!("{:?}", column.save_as(plain.clone())) != format!("{plain:?}");
    is_cast.then(|| -> Cast { Arc::new(move |value| column.save_as(value)) })
}

fn values_of<E: EntityTrait>(model: &E::Model, columns: &[E::Column]) -> Row {
    columns.iter().map(|column| model.get(*column)).collect()
}

/// Some rows in order, and whether the thread's part of the turn ends with them.
struct Piece {
    rows: Vec<Row>,
    ends_turn: bool,
}

/// Each piece of the numbers is a turn of the one thread whose turn it is.
fn numbered(row: &Arc<dyn Fn(u64) -> Row + Send + Sync>, rows: u64, jobs: u64) -> Rows {
    let pieces = rows.div_ceil(PIECE);
    let workers = jobs.min(pieces);
    let started = (0..workers).map(|worker| {
        let row = row.clone();
        self::started(move |sender| {
            for piece in (0..pieces).filter(|piece| piece % workers == worker) {
                let numbers = piece * PIECE..((piece + 1) * PIECE).min(rows);
                if sender
                    .blocking_send(Piece { rows: numbers.map(|number| row(number)).collect(), ends_turn: true })
                    .is_err()
                {
                    return;
                }
            }
        })
    });
    Rows { workers: started.collect(), at: 0, ready: Vec::new().into_iter() }
}

/// Each thread has some of the lanes, one after the other, and all of the turns.
fn folded(open: &Arc<dyn Fn(Range<u64>) -> Turns + Send + Sync>, lanes: u64, turns: u64, jobs: u64) -> Rows {
    let workers = jobs.min(lanes);
    let started = (0..workers).map(|worker| {
        let open = open.clone();
        let lanes = lanes * worker / workers..lanes * (worker + 1) / workers;
        self::started(move |sender| {
            let mut rows_of = open(lanes);
            for turn in 0..turns {
                let mut rows = Vec::new();
                let mut is_awaited = true;
                rows_of(turn, &mut |row| {
                    rows.push(row);
                    if rows.len() as u64 == PIECE {
                        let rows = std::mem::take(&mut rows);
                        is_awaited &= sender.blocking_send(Piece { rows, ends_turn: false }).is_ok();
                    }
                });
                if !is_awaited || sender.blocking_send(Piece { rows, ends_turn: true }).is_err() {
                    return;
                }
            }
        })
    });
    Rows { workers: started.collect(), at: 0, ready: Vec::new().into_iter() }
}

/// A thread that sends pieces until it is done or nobody waits for them any more.
fn started(send: impl FnOnce(&mpsc::Sender<Piece>) + Send + 'static) -> Worker {
    let (sender, pieces) = mpsc::channel(WAITING);
    Worker { pieces, thread: Some(thread::spawn(move || send(&sender))) }
}

/// A thread and what it sends.
struct Worker {
    pieces: mpsc::Receiver<Piece>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Worker {
    /// The next piece; none when the thread is done.
    ///
    /// # Panics
    ///
    /// When the thread has panicked, with what it said.
    async fn next(&mut self) -> Option<Piece> {
        let piece = self.pieces.recv().await;
        if let (None, Some(thread)) = (&piece, self.thread.take()) {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        }
        piece
    }
}

/// The rows of a load, in order.
pub(crate) struct Rows {
    workers: Vec<Worker>,
    /// The thread whose turn it is.
    at: usize,
    ready: std::vec::IntoIter<Row>,
}

impl Rows {
    /// The next `batch_size` rows or the last fewer; none after them.
    ///
    /// Threads take turns, so the first that has nothing more to send is the end.
    pub(crate) async fn next(&mut self, batch_size: usize) -> Option<Vec<Row>> {
        let mut batch = Vec::with_capacity(batch_size.min(10_000));
        while batch.len() < batch_size {
            if let Some(row) = self.ready.next() {
                batch.push(row);
                continue;
            }
            let Some(piece) = self.workers.get_mut(self.at)?.next().await else { break };
            self.ready = piece.rows.into_iter();
            if piece.ends_turn {
                self.at = (self.at + 1) % self.workers.len();
            }
        }
        (!batch.is_empty()).then_some(batch)
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::Value;

    use super::{Load, Rows};
    use crate::ledger;

    /// Which table the rows are for does not matter here; the ledger's entity is at hand.
    fn row(id: i32) -> ledger::Model {
        ledger::Model {
            id,
            generator: String::new(),
            generator_version: 0,
            operation: String::new(),
            plan: serde_json::Value::Null,
            plan_hash: String::new(),
            seed: 0,
            range_start: None,
            range_end: None,
            tables: serde_json::Value::Null,
            started_at: chrono::NaiveDateTime::default(),
            finished_at: chrono::NaiveDateTime::default(),
            closed_at: None,
        }
    }

    fn ids(mut rows: Rows, batch_size: usize) -> (Vec<i32>, Vec<usize>) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (mut ids, mut sizes) = (Vec::new(), Vec::new());
            while let Some(batch) = rows.next(batch_size).await {
                sizes.push(batch.len());
                ids.extend(batch.into_iter().map(|row| match row[0] {
                    Value::Int(Some(id)) => id,
                    ref other => panic!("{other:?} is no id"),
                }));
            }
            (ids, sizes)
        })
    }

    #[test]
    fn numbered_rows_come_in_order_whatever_the_threads_and_batches() {
        let load = Load::of::<ledger::Entity>(4_321, |number| row(i32::try_from(number).unwrap()));
        for (jobs, batch_size) in [(1, 1), (2, 1_000), (7, 999), (3, 100_000)] {
            let (ids, sizes) = ids(load.generate(jobs), batch_size);
            assert_eq!(ids, (0..4_321).collect::<Vec<i32>>());
            assert!(sizes[..sizes.len() - 1].iter().all(|size| *size == batch_size));
        }
    }

    #[test]
    fn folded_rows_come_by_turns_and_lanes_whatever_the_threads() {
        // 2,345 lanes of 5 turns; a lane counts its own turns and gives none in the second.
        let load = Load::folded::<ledger::Entity, _>(
            &[],
            2_345 * 4,
            (2_345, 5),
            |lane| (i32::try_from(lane).unwrap(), 0),
            |(lane, turns), turn| {
                assert_eq!(u64::try_from(*turns).unwrap(), turn);
                *turns += 1;
                (turn != 1).then(|| row(*lane + 10_000 * (*turns - 1)))
            },
        );
        let expected: Vec<i32> =
            [0, 2, 3, 4].iter().flat_map(|turn| (0..2_345).map(move |lane| lane + 10_000 * turn)).collect();
        for jobs in [1, 2, 7] {
            assert_eq!(ids(load.generate(jobs), 1_000).0, expected, "{jobs} threads");
        }
    }

    #[test]
    fn a_load_without_rows_or_lanes_gives_none() {
        assert!(ids(Load::of::<ledger::Entity>(0, |_| row(0)).generate(4), 10).0.is_empty());
        let nobody = Load::folded::<ledger::Entity, ()>(&[], 0, (0, 9), |_| (), |(), _| Some(row(0)));
        assert!(ids(nobody.generate(4), 10).0.is_empty());
    }
}

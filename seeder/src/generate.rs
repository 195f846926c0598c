//! Rows from plans: pure, on several threads, handed over in order.

use std::ops::Range;
use std::sync::Arc;
use std::thread;

use sea_orm::{EntityTrait, IdenStatic, Iterable, ModelTrait, Value};
use tokio::sync::mpsc;

/// A row as the values of its columns, in the order of [`Load::columns`].
pub(crate) type Row = Vec<Value>;

/// Rows for one table, each made from its number alone.
#[derive(Clone)]
pub struct Load {
    table: &'static str,
    columns: Vec<&'static str>,
    rows: u64,
    row: Arc<dyn Fn(u64) -> Row + Send + Sync>,
}

impl Load {
    /// `rows` rows of entity `E`, numbered from zero. `row` must give the same for the same number.
    pub fn of<E: EntityTrait + Default>(rows: u64, row: impl Fn(u64) -> E::Model + Send + Sync + 'static) -> Self {
        let values = move |number| {
            let model = row(number);
            E::Column::iter().map(|column| model.get(column)).collect()
        };
        Self {
            table: E::default().as_str(),
            columns: E::Column::iter().map(|column| column.as_str()).collect(),
            rows,
            row: Arc::new(values),
        }
    }

    /// The table that the rows are for.
    pub fn table(&self) -> &'static str {
        self.table
    }

    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    pub(crate) fn columns(&self) -> &[&'static str] {
        &self.columns
    }

    fn batch(&self, rows: Range<u64>) -> Vec<Row> {
        rows.map(|number| (self.row)(number)).collect()
    }

    /// Generates the rows on `jobs` threads and gives them in order, `batch_size` at a time.
    pub(crate) fn generate(&self, jobs: usize, batch_size: usize) -> Batches {
        let batch_size = batch_size as u64;
        let batches = self.rows.div_ceil(batch_size);
        let workers = (jobs as u64).min(batches);
        let receivers = (0..workers).map(|worker| {
            let (sender, receiver) = mpsc::channel(WAITING);
            let load = self.clone();
            thread::spawn(move || {
                for batch in (worker..batches).step_by(usize::try_from(workers).expect("threads are few")) {
                    let first = batch * batch_size;
                    let rows = load.batch(first..(first + batch_size).min(load.rows));
                    if sender.blocking_send(rows).is_err() {
                        // Nobody waits for the rows any more: the run ended.
                        return;
                    }
                }
            });
            receiver
        });
        Batches { receivers: receivers.collect(), next: 0, left: batches }
    }
}

/// Finished batches that a thread may keep waiting, so that memory does not grow with the rows.
const WAITING: usize = 2;

/// The batches of a load, in order.
pub(crate) struct Batches {
    receivers: Vec<mpsc::Receiver<Vec<Row>>>,
    next: usize,
    left: u64,
}

impl Batches {
    /// The next batch; none after the last.
    ///
    /// # Panics
    ///
    /// When the thread that makes it has panicked.
    pub(crate) async fn next(&mut self) -> Option<Vec<Row>> {
        if self.left == 0 {
            return None;
        }
        let batch = self.receivers[self.next].recv().await.expect("a thread sends all its batches before it ends");
        self.next = (self.next + 1) % self.receivers.len();
        self.left -= 1;
        Some(batch)
    }
}

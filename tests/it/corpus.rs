//! The mutation score: one change at a time to a live schema that uses every feature, and whether it is found.
//!
//! The schema, the mutations and the pairs of spellings that mean the same are SQL files, a folder a
//! backend. Each mutation goes through `kiln diff` and `kiln check`; then what is said to mend it is run.

use std::io::Write as _;
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use catalog::Kind;
use serde_json::Value;

use crate::backend::{Backend, Home, Said, is_night};
use crate::script::{self, Do, Migration, migration};
use crate::{Alone, OnBackend, OnServer, verbs};

pub const TESTS: &[OnBackend] = &[
    ("every_mutation_is_found_and_mended", every_mutation_is_found_and_mended),
    ("what_mends_two_mutations_is_one_script", what_mends_two_mutations_is_one_script),
    ("what_means_the_same_is_no_finding", what_means_the_same_is_no_finding),
];

/// Kinds that PostgreSQL's mutations show, and no test of one change by hand.
pub const PROVOKED: &[Kind] = &[
    Kind::TableDiffers,
    Kind::MissingExclusion,
    Kind::ExtraExclusion,
    Kind::ExclusionDiffers,
    Kind::MissingTrigger,
    Kind::ExtraTrigger,
    Kind::TriggerDiffers,
    Kind::MissingPolicy,
    Kind::ExtraPolicy,
    Kind::PolicyDiffers,
    Kind::MissingRule,
    Kind::ExtraRule,
    Kind::RuleDiffers,
    Kind::MissingType,
    Kind::ExtraType,
    Kind::TypeDiffers,
    Kind::MissingSequence,
    Kind::ExtraSequence,
    Kind::SequenceDiffers,
    Kind::MissingRoutine,
    Kind::ExtraRoutine,
    Kind::RoutineDiffers,
    Kind::MissingExtension,
    Kind::ExtraExtension,
    Kind::MissingObject,
    Kind::ExtraObject,
    Kind::ObjectDiffers,
    Kind::OwnerDiffers,
    Kind::CommentDiffers,
    Kind::GrantsDiffer,
    Kind::StorageDiffers,
    Kind::SequencePosition,
];

pub const ON_POSTGRES: &[OnServer] =
    &[("grants_of_a_migration_are_structure", Backend::Postgres, grants_of_a_migration_are_structure)];

pub const ALONE: &[Alone] = &[("the_page_of_drift_lists_the_corpus", the_page_of_drift_lists_the_corpus)];

/// What stands between the page's own words and the lists.
const LISTS: &str = "The pairs are two spellings that mean the same and are no finding.\n";

/// Each line of the page's lists is a section of the corpus: `KILN_UPDATE=1 cargo test --test it` renews them.
fn the_page_of_drift_lists_the_corpus() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/drift.md");
    let page = std::fs::read_to_string(path).expect("the page is there");
    let (head, _) = page.split_once(LISTS).expect("the page says what the lists are");
    let mut wanted = format!("{head}{LISTS}");
    for backend in Backend::ALL {
        let corpus = corpus(backend);
        let (mutations, pairs) = (sections(corpus.mutations), sections(corpus.pairs));
        let line =
            |section: &Section| format!("- {}{}\n", section.name, if section.is_note { " *(note)*" } else { "" });
        let lists = [(&mutations, "mutations"), (&pairs, "pairs")].map(|(sections, noun)| {
            let lines: Vec<String> = sections.iter().map(line).collect();
            format!("<details><summary>{} {noun}</summary>\n\n{}\n\n</details>\n", lines.len(), lines.concat())
        });
        let name = backend.dialect().name();
        wanted.extend([format!("\n### {name}\n\n"), lists.join("\n")]);
    }
    if crate::house::renews_pages() {
        std::fs::write(path, &wanted).expect("the page can be written");
    }
    assert!(page == wanted, "KILN_UPDATE=1 cargo test --test it renews the page");
}

/// How many copies of the schema are worked on at once: most of the time goes into waiting for servers.
const AT_ONCE: usize = 3;

struct Corpus {
    schema: &'static str,
    mutations: &'static str,
    pairs: &'static str,
    /// How many mutations and pairs there are at least: a file that is cut short says little.
    at_least: (usize, usize),
}

macro_rules! corpus {
    ($folder:literal, $at_least:expr) => {
        Corpus {
            schema: include_str!(concat!("corpus/", $folder, "/schema.sql")),
            mutations: include_str!(concat!("corpus/", $folder, "/mutations.sql")),
            pairs: include_str!(concat!("corpus/", $folder, "/equal.sql")),
            at_least: $at_least,
        }
    };
}

fn corpus(backend: Backend) -> Corpus {
    match backend {
        Backend::Sqlite => corpus!("sqlite", (60, 20)),
        Backend::Postgres => corpus!("postgres", (110, 40)),
        Backend::MariaDb => corpus!("mariadb", (60, 40)),
    }
}

/// A section of a file: its name, its directives, its SQL.
struct Section {
    name: &'static str,
    is_note: bool,
    sql: &'static str,
}

fn sections(text: &'static str) -> Vec<Section> {
    let bodies = text.split("-- ## ").skip(1).map(|section| section.split_once('\n').expect("a name has a line"));
    bodies.map(|(name, sql)| Section { name, is_note: sql.lines().any(|line| line == "-- note"), sql }).collect()
}

fn migrations(corpus: &Corpus) -> [Migration; 1] {
    [Migration { version: "m1".to_owned(), up: vec![Do::Sql(corpus.schema.to_owned())], down: None, transaction: None }]
}

/// What is done to a copy of the schema: one mutation, or two.
struct Case {
    name: String,
    sql: Vec<&'static str>,
    is_note: bool,
}

impl Case {
    fn of(mutations: &[&Section]) -> Self {
        Self {
            name: mutations.iter().map(|mutation| mutation.name).collect::<Vec<_>>().join(" + "),
            sql: mutations.iter().map(|mutation| mutation.sql).collect(),
            is_note: mutations.iter().all(|mutation| mutation.is_note),
        }
    }
}

/// What became of a case.
#[derive(Debug, Default)]
struct Outcome {
    name: String,
    by_diff: bool,
    by_check: bool,
    severity: bool,
    mended: bool,
    by_hand: bool,
    codes: Vec<String>,
    findings: String,
}

fn every_mutation_is_found_and_mended(home: &Home) {
    let corpus = corpus(home.backend);
    let mutations = sections(corpus.mutations);
    assert!(mutations.len() >= corpus.at_least.0, "few mutations say little");
    let cases: Vec<Case> = mutations.iter().map(|mutation| Case::of(&[mutation])).collect();
    let outcomes = each(home, &corpus, &cases);
    report(home.backend, &outcomes);
}

/// How many pairs are tried; at night, and otherwise.
const PAIRS: (usize, usize) = (200, 20);

/// Two mutations at once, of which one may need the other: a script for all findings still runs, and nothing is left.
fn what_mends_two_mutations_is_one_script(home: &Home) {
    let corpus = corpus(home.backend);
    let mutations = sections(corpus.mutations);
    let count = if is_night() { PAIRS.0 } else { PAIRS.1 };
    // The same pairs each time, so that what fails can be run again.
    let cases: Vec<Case> = (0..count)
        .map(|pair| {
            let [one, other] = [2 * pair, 2 * pair + 1].map(|draw| &mutations[drawn(draw, mutations.len())]);
            Case::of(&[one, other])
        })
        .collect();
    let outcomes = each(home, &corpus, &cases);
    let failed: Vec<&Outcome> = outcomes.iter().filter(|outcome| !outcome.mended && !outcome.by_hand).collect();
    let by_hand = outcomes.iter().filter(|outcome| outcome.by_hand).count();
    say(&format!(
        "{}: {} pairs, {} mended, {by_hand} partly by hand",
        home.backend,
        count,
        count - failed.len() - by_hand
    ));
    assert!(failed.is_empty(), "{} of {count}: {failed:#?}", failed.len());
}

/// A number below `count`, one of its own for each draw (`SplitMix64`).
fn drawn(draw: usize, count: usize) -> usize {
    let mut bits = (draw as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    for (shift, factor) in [(30, 0xBF58_476D_1CE4_E5B9), (27, 0x94D0_49BB_1331_11EB)] {
        bits = (bits ^ (bits >> shift)).wrapping_mul(factor);
    }
    usize::try_from((bits ^ (bits >> 31)) % count as u64).expect("it is below the count")
}

fn each(home: &Home, corpus: &Corpus, cases: &[Case]) -> Vec<Outcome> {
    script::run(home, &migrations(corpus), "migrate up", 0);
    let next = AtomicUsize::new(0);
    let outcomes = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                let mut copy = None;
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let outcome = tried(home, &mut copy, corpus, case);
                    outcomes.lock().expect("no thread panics with it").push(outcome);
                }
            });
        }
    });
    outcomes.into_inner().expect("no thread panics with it")
}

fn report(backend: Backend, outcomes: &[Outcome]) {
    let count = |is_so: fn(&Outcome) -> bool| outcomes.iter().filter(|outcome| is_so(outcome)).count();
    let all = outcomes.len();
    say(&format!("{backend}: kiln diff found {} of {all}", count(|outcome| outcome.by_diff)));
    say(&format!("{backend}: kiln check found {} of {all}", count(|outcome| outcome.by_check)));
    let by_hand = count(|outcome| outcome.by_hand);
    say(&format!("{backend}: mended {} of {all}, by hand {by_hand}", count(|outcome| outcome.mended)));
    for outcome in outcomes.iter().filter(|outcome| outcome.by_hand) {
        say(&format!("{backend}: by hand: {}", outcome.name));
    }
    let failed: Vec<&Outcome> = outcomes
        .iter()
        .filter(|outcome| {
            let is_mended = outcome.mended || outcome.by_hand;
            !outcome.by_diff || !outcome.by_check || !outcome.severity || !is_mended
        })
        .collect();
    assert!(failed.is_empty(), "{failed:#?}");
    if backend == Backend::Postgres {
        let is_shown =
            |kind: &&Kind| outcomes.iter().any(|outcome| outcome.codes.iter().any(|code| code == kind.code()));
        let not_shown: Vec<&Kind> = PROVOKED.iter().filter(|kind| !is_shown(kind)).collect();
        assert!(not_shown.is_empty(), "no mutation shows {not_shown:?}");
    }
    assert!(by_hand * 5 <= all, "{by_hand} of {all} by hand are more than one in five");
}

/// Changes a copy of `base`, and takes the change back; a copy in which nothing is left of it serves the next.
fn tried(base: &Home, free: &mut Option<Home>, corpus: &Corpus, case: &Case) -> Outcome {
    let copy = free.take().unwrap_or_else(|| base.copy(corpus.schema));
    for (position, sql) in case.sql.iter().enumerate() {
        // The second of two may find nothing to change any more, or half of it.
        if position == 0 { copy.text(sql) } else { copy.takes_text(sql) }
    }
    let mut outcome = Outcome { name: case.name.clone(), ..Outcome::default() };
    let found = difference(base, &copy);
    outcome.by_diff = !found.is_empty();
    outcome.severity = found.iter().any(|finding| finding["severity"] == "drift") != case.is_note;
    outcome.codes = found.iter().filter_map(|finding| finding["code"].as_str().map(str::to_owned)).collect();
    if case.sql.len() == 1 {
        outcome.by_check = !checked(&copy, corpus).is_empty() || is_positions_alone(&found);
    }
    outcome.findings = lines(&found);
    let strict = if case.is_note { " --strict" } else { "" };
    let mut diff = base.command(&format!("diff --sql{strict}"));
    let script = String::from_utf8(diff.arg(base.place()).arg(copy.place()).output().expect("the program runs").stdout);
    let script = script.expect("a script is a text");
    let said = run_script(&copy, &script);
    let after = difference(base, &copy);
    let left = structural(&after, case);
    outcome.mended = said.is_none() && left.is_empty();
    // A script takes away nothing that it does not make again.
    let is_known = |finding: &Value| found.iter().any(|known| known["object"] == finding["object"]);
    let is_lost = |finding: &&Value| finding["code"].as_str().is_some_and(|code| code.starts_with("missing-"));
    let lost: Vec<&Value> = left.iter().filter(|finding| is_lost(finding) && !is_known(finding)).collect();
    // What waits for something that has to be done by hand says so too.
    let is_by_hand = |finding: &Value| statements(finding).is_empty();
    outcome.by_hand = said.is_none() && !left.is_empty() && left.iter().all(is_by_hand) && lost.is_empty();
    if !outcome.mended && !outcome.by_hand {
        let said = said.unwrap_or_default();
        let findings = outcome.findings;
        outcome.findings = format!("{findings}\n--- script\n{script}\n--- said\n{said}\n--- left\n{}", lines(&left));
    }
    case.sql.iter().for_each(|sql| copy.forget(sql));
    *free = Some(copy).filter(|_| after.is_empty());
    outcome
}

/// Runs a script with the engine's own client; what it says, where it fails.
fn run_script(home: &Home, script: &str) -> Option<String> {
    let mut client = verbs::client(home);
    client.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let Ok(mut child) = client.spawn() else {
        assert_eq!(home.backend, Backend::Sqlite, "the servers' clients are installed where the servers are");
        let sql: Vec<&str> = script.lines().filter(|line| !line.starts_with('.')).collect();
        return (!home.takes(&sql.join("\n"))).then(|| "refused".to_owned());
    };
    child.stdin.take().expect("a pipe").write_all(script.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    (!output.status.success()).then(|| String::from_utf8_lossy(&output.stderr).into_owned())
}

fn lines(findings: &[Value]) -> String {
    findings.iter().map(Value::to_string).collect::<Vec<_>>().join("\n")
}

/// Prints what a person wants to know of a test that passes.
#[expect(clippy::print_stdout, reason = "a score is there to be read")]
pub fn say(text: &str) {
    println!("{text}");
}

/// Those that count: notes where the mutation is one, drift otherwise.
fn structural(found: &[Value], mutation: &Case) -> Vec<Value> {
    found.iter().filter(|finding| mutation.is_note || finding["severity"] == "drift").cloned().collect()
}

/// A number that was given is life: a check looks at no position.
fn is_positions_alone(found: &[Value]) -> bool {
    !found.is_empty() && found.iter().all(|finding| finding["code"] == "sequence-position")
}

fn statements(finding: &Value) -> Vec<String> {
    let statements = finding["mend"]["statements"].as_array().expect("every difference says how it is mended");
    statements.iter().map(|statement| statement.as_str().expect("a statement is a text").to_owned()).collect()
}

/// What `kiln diff` finds between two homes.
fn difference(declared: &Home, actual: &Home) -> Vec<Value> {
    let mut command = declared.command("diff --format json");
    command.arg(declared.place()).arg(actual.place());
    let output = command.output().expect("the program runs");
    let code = output.status.code().expect("it ends by itself");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(code < 2, "exit {code}: {said}{}", String::from_utf8_lossy(&output.stderr));
    let document: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    let found = document["results"][0]["found"].as_array().expect("a list of findings").clone();
    let has_drift = found.iter().any(|finding| finding["severity"] == "drift");
    assert_eq!(code == 1, has_drift, "{said}");
    found
}

/// What `kiln check` finds in the structure of a home.
fn checked(home: &Home, corpus: &Corpus) -> Vec<Value> {
    let mut command = script::command(home, &migrations(corpus), "check --format json");
    let output = command.output().expect("the program runs");
    let code = output.status.code().expect("it ends by itself");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(code < 2, "exit {code}: {said}{}", String::from_utf8_lossy(&output.stderr));
    let document: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    document["results"][0]["structure"].as_array().expect("a list of findings").clone()
}

/// Where a migration grants, each change of who may do what is drift to a check, and mended.
fn grants_of_a_migration_are_structure() {
    let home = Home::of(Backend::Postgres, "public");
    let grants = include_str!("corpus/postgres/schema_grants.sql");
    let migrations = [migration("m1", &[corpus(Backend::Postgres).schema], &[]), migration("m2", &[grants], &[])];
    let found = || {
        let mut command = script::command(&home, &migrations, "check --format json");
        let document: Value =
            serde_json::from_slice(&command.output().expect("the program runs").stdout).expect("one JSON document");
        document["results"][0]["structure"].as_array().expect("a list of findings").clone()
    };
    script::run(&home, &migrations, "migrate up", 0);
    assert_eq!(found(), Vec::<Value>::new());
    let mutations = sections(include_str!("corpus/postgres/mutations_grants.sql"));
    for mutation in &mutations {
        home.text(mutation.sql);
        let changed = found();
        assert!(!changed.is_empty(), "{} is not found", mutation.name);
        for finding in &changed {
            assert_eq!(finding["code"], "grants-differ", "{}: {finding}", mutation.name);
            assert_eq!(finding["severity"], "drift", "{}: {finding}", mutation.name);
        }
        home.takes_each(&changed.iter().flat_map(statements).collect::<Vec<_>>());
        assert_eq!(found(), Vec::<Value>::new(), "{} is not mended", mutation.name);
    }
    say(&format!("postgres: {0} of {0} changes of a migration's grants found and mended", mutations.len()));
}

/// All the firsts in one place, all the seconds in another.
fn what_means_the_same_is_no_finding(home: &Home) {
    let corpus = corpus(home.backend);
    let pairs = sections(corpus.pairs);
    assert!(pairs.len() >= corpus.at_least.1, "few pairs say little");
    let other = Home::of(home.backend, home.schema);
    for pair in &pairs {
        let (one, same) = pair.sql.split_once("\n-- ==\n").expect("a pair has two halves");
        home.text(one);
        other.text(same);
    }
    let said = Said::by(home.command("diff --strict").arg(home.place()).arg(other.place()), 0);
    say(&format!("{}: {} pairs without a finding: {}", home.backend, pairs.len(), said.out.trim()));
}

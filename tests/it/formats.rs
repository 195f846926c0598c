//! What `kiln check` prints in each of its formats: valid SARIF, annotations that GitHub reads, JSON as its
//! page says, and text in colour where a terminal is.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::process::Command;

use catalog::Kind;
use serde_json::Value;

use crate::Alone;
use crate::backend::{Backend, Home, Said};
use crate::script::{self, Migration, migration};
use crate::terminal::on_terminal;

pub const TESTS: &[Alone] = &[
    ("every_check_as_sarif_keeps_to_its_schema", every_check_as_sarif_keeps_to_its_schema),
    ("a_broken_document_does_not_keep_to_the_schema", a_broken_document_does_not_keep_to_the_schema),
    ("a_sarif_result_says_what_and_where", a_sarif_result_says_what_and_where),
    ("an_annotation_is_one_line_a_finding", an_annotation_is_one_line_a_finding),
    ("notes_are_warnings_where_they_count", notes_are_warnings_where_they_count),
    ("lists_of_findings_are_refused_where_there_are_none", lists_of_findings_are_refused_where_there_are_none),
    ("the_page_names_each_field_of_the_json_and_no_other", the_page_names_each_field_of_the_json_and_no_other),
    ("a_check_reads_well", a_check_reads_well),
    ("colour_is_for_terminals", colour_is_for_terminals),
];

/// A place and a check of it.
struct Scenario {
    home: Home,
    /// Those of a program of its own; none is `kiln`.
    migrations: Option<Vec<Migration>>,
    arguments: &'static str,
    code: i32,
}

impl Scenario {
    fn of_kiln(home: Home, arguments: &'static str, code: i32) -> Self {
        Self { home, migrations: None, arguments, code }
    }

    fn of_script(home: Home, migrations: Vec<Migration>, arguments: &'static str, code: i32) -> Self {
        Self { home, migrations: Some(migrations), arguments, code }
    }

    fn command(&self, more: &str) -> Command {
        let arguments = format!("{} {more}", self.arguments);
        match &self.migrations {
            Some(migrations) => script::command(&self.home, migrations, &arguments),
            None => self.home.command(&arguments),
        }
    }

    fn run(&self, more: &str) -> Said {
        Said::by(&mut self.command(more), self.code)
    }
}

/// Everything that a check can say, and a run that fails.
fn scenarios() -> Vec<Scenario> {
    vec![
        changed(),
        fresh(),
        behind(),
        edited_and_half_done(),
        not_compared(),
        not_migrated(),
        unrecorded(),
        left_out(),
        unreachable(),
        probed(),
        compared(),
    ]
}

fn home() -> Home {
    Home::new(Backend::Sqlite)
}

/// Drift, a broken promise and a note.
fn changed() -> Scenario {
    let home = home();
    home.migrated().sql(&[
        "ALTER TABLE clients DROP COLUMN industry",
        "ALTER TABLE clients ADD COLUMN remark text DEFAULT '{}'",
        "CREATE VIEW names AS\n  SELECT client_name\n  FROM clients",
        "PRAGMA foreign_keys = OFF",
        "DROP TABLE customer_segments",
        "CREATE TABLE customer_segments (segment_id integer NOT NULL PRIMARY KEY AUTOINCREMENT, \
         client_id integer NOT NULL, demographics text, segment_name text NOT NULL, \
         FOREIGN KEY (client_id) REFERENCES clients (client_id))",
    ]);
    Scenario::of_kiln(home, "check market", 1)
}

fn fresh() -> Scenario {
    let home = home();
    home.migrated();
    Scenario::of_kiln(home, "check market", 0)
}

/// A migration pending, and one that nobody knows.
fn behind() -> Scenario {
    let home = home();
    home.kiln("migrate up market -n 1", 0);
    home.sql(&["INSERT INTO seaql_migrations VALUES ('m20990101_000001_later', 1)"]);
    Scenario::of_kiln(home, "check market", 1)
}

fn edited_and_half_done() -> Scenario {
    let home = home();
    let mut half = migration("m2_b", &["CREATE TABLE b (id integer)", "INSERT INTO gone VALUES (1)"], &[]);
    half.transaction = Some(false);
    let with = |sql: &str| vec![migration("m1_a", &[sql], &[]), half.clone()];
    script::run(&home, &with("CREATE TABLE a (id integer)"), "migrate up", 4);
    Scenario::of_script(home, with("CREATE TABLE a (id bigint)"), "check", 1)
}

/// Its second migration wants a row that an empty place does not have.
fn not_compared() -> Scenario {
    let home = home();
    let wants = "INSERT INTO b SELECT max(id) FROM a";
    let all = vec![
        migration("m1_a", &["CREATE TABLE a (id integer)", "CREATE TABLE b (id integer NOT NULL)"], &[]),
        migration("m2_b", &[wants], &[]),
    ];
    script::run(&home, &all[..1], "migrate up", 0);
    home.sql(&["INSERT INTO a VALUES (1)"]);
    script::run(&home, &all, "migrate up", 0);
    Scenario::of_script(home, all, "check", 4)
}

fn not_migrated() -> Scenario {
    Scenario::of_kiln(home(), "check market", 1)
}

fn unrecorded() -> Scenario {
    let home = home();
    home.migrated().sql(&["DELETE FROM seaql_migrations"]);
    Scenario::of_kiln(home, "check market", 1)
}

/// market's place holds demand.
fn left_out() -> Scenario {
    let home = home();
    home.kiln("migrate up demand --database-url sqlite:market.db", 0);
    Scenario::of_kiln(home, "check --database-url sqlite:{schema}.db", 3)
}

fn unreachable() -> Scenario {
    Scenario::of_kiln(home(), "check market --database-url postgres://me:s3cret@127.0.0.1:1/x", 4)
}

/// One row comes back other than it was sent, another is refused.
fn probed() -> Scenario {
    let home = home();
    home.migrated().sql(&[
        "CREATE TRIGGER other AFTER INSERT ON clients BEGIN UPDATE clients SET client_name = 'other' \
         WHERE client_id = NEW.client_id; END",
        "CREATE TRIGGER no BEFORE INSERT ON products BEGIN SELECT RAISE(ABORT, 'no'); END",
    ]);
    Scenario::of_kiln(home, "check market --probe", 1)
}

/// The same differences between two places.
fn compared() -> Scenario {
    Scenario { arguments: "diff market test.db", ..changed() }
}

fn validator() -> jsonschema::Validator {
    // Two patterns of the standard's have a bracket that closes nothing, which strict readers refuse.
    let schema = include_str!("sarif/sarif-schema-2.1.0.json").replace("]?$", r"\\]?$");
    let schema = serde_json::from_str(&schema).expect("the schema is JSON");
    jsonschema::validator_for(&schema).expect("the schema is one")
}

/// What a check finds beside differences.
const OF_CHECK: &[&str] = &[
    "missing-migration",
    "pending-migrations",
    "edited-migration",
    "half-done-migration",
    "not-compared",
    "not-migrated",
    "unrecorded",
];

fn every_check_as_sarif_keeps_to_its_schema() {
    let validator = validator();
    let mut found = BTreeSet::new();
    for scenario in scenarios() {
        let document = scenario.run("--format sarif").json();
        let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:?}\n{document:#}", scenario.arguments);
        let run = &document["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
        let codes: BTreeSet<&str> = rules.iter().map(|rule| rule["id"].as_str().expect("an id")).collect();
        let expected = Kind::ALL.iter().map(|kind| kind.code()).chain(OF_CHECK.iter().copied()).collect();
        assert_eq!(codes, expected);
        for result in run["results"].as_array().expect("results") {
            let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("a small one")];
            assert_eq!(rule["id"], result["ruleId"]);
            found.insert(result["ruleId"].as_str().expect("an id").to_owned());
            for location in result["locations"].as_array().expect("locations") {
                let location = &location["logicalLocations"][0];
                let at = usize::try_from(location["index"].as_u64().expect("an index")).expect("a small one");
                assert_eq!(&run["logicalLocations"][at], location);
            }
        }
        let invocation = &run["invocations"][0];
        let is_whole = scenario.code < 2;
        assert_eq!(invocation["exitCode"], scenario.code);
        assert_eq!(invocation["executionSuccessful"], is_whole);
        let notifications = invocation["toolExecutionNotifications"].as_array().expect("notifications");
        assert_eq!(!notifications.iter().any(|one| one["level"] == "error"), is_whole, "{document:#}");
        assert!(!document.to_string().contains("s3cret"));
        // What a probe sends is other each time; that it is the same finding is seen all the same.
        let again = scenario.run("--format sarif").json();
        assert_eq!(fingerprints(&again), fingerprints(&document));
    }
    for code in OF_CHECK.iter().chain(&["extra-column", "column-order", "promised-column", "probe-differs"]) {
        assert!(found.contains(*code), "nothing shows {code}");
    }
}

fn fingerprints(document: &Value) -> Vec<&str> {
    let results = document["runs"][0]["results"].as_array().expect("results");
    let fingerprints: Vec<&str> = results
        .iter()
        .map(|result| result["partialFingerprints"]["object/v1"].as_str().expect("every result has one"))
        .collect();
    assert_eq!(fingerprints.iter().collect::<BTreeSet<_>>().len(), results.len(), "each is its own");
    fingerprints
}

fn a_broken_document_does_not_keep_to_the_schema() {
    let validator = validator();
    let document = changed().run("--format sarif").json();
    assert!(validator.is_valid(&document));
    let breaks: [fn(&mut Value); 5] = [
        |document| document["version"] = "2.0.0".into(),
        |document| document["runs"][0]["tool"]["driver"]["name"] = Value::Null,
        |document| document["runs"][0]["results"][0]["level"] = "fatal".into(),
        |document| document["runs"][0]["results"][0]["message"] = "a text".into(),
        |document| document["runs"][0]["results"][0]["field"] = 1.into(),
    ];
    for break_it in breaks {
        let mut broken = document.clone();
        break_it(&mut broken);
        assert!(!validator.is_valid(&broken), "{broken:#}");
    }
}

fn a_sarif_result_says_what_and_where() {
    let document = changed().run("--format sarif").json();
    let results = document["runs"][0]["results"].as_array().expect("results");
    let of = |code: &str| results.iter().find(|result| result["ruleId"] == code).expect("a result of this code");
    let extra = of("extra-column");
    assert_eq!(extra["level"], "error");
    assert_eq!(
        extra["message"]["text"],
        "market.clients.remark: a column that nothing declares.\ndeclared: nothing\nactual: text NULL DEFAULT '{{}}'\n\
         mend: ALTER TABLE \"clients\" RENAME COLUMN \"remark\" TO \"industry\";\n\
         caution: keeps the values of remark as those of industry, which has its type; if they are two columns, add \
         industry and drop remark instead, which loses its values: ALTER TABLE \"clients\" DROP COLUMN \"remark\""
    );
    let location = &extra["locations"][0]["logicalLocations"][0];
    assert_eq!(location["fullyQualifiedName"], "market.clients.remark");
    assert_eq!((&location["name"], &location["kind"]), (&"remark".into(), &"column".into()));
    let promise = of("promised-column")["message"]["text"].as_str().expect("a text");
    assert!(promise.starts_with("market.clients.industry (market::Client::industry): a column that an entity has"));
    assert!(promise.ends_with("so: every query through the entity fails"), "{promise}");
    assert_eq!(of("column-order")["level"], "note");
}

fn an_annotation_is_one_line_a_finding() {
    for scenario in scenarios() {
        let out = scenario.run("--format github").out;
        let run = &scenario.run("--format sarif").json()["runs"][0];
        let results = run["results"].as_array().expect("results").len();
        // What stops a run, or is left out of it, is an annotation and no result.
        let notifications = run["invocations"][0]["toolExecutionNotifications"].as_array().expect("notifications");
        let beside = notifications.iter().filter(|one| one["associatedRule"].is_null()).count();
        let annotations = out.lines().filter(|line| line.starts_with("::")).count();
        assert_eq!(annotations, results + beside, "{out}");
        let plain: Vec<&str> = out.lines().filter(|line| !line.starts_with("::")).collect();
        assert!(plain.len() < 2, "{out}");
        assert!(out.lines().skip(annotations).eq(plain), "the counts come last: {out}");
    }
    let out = changed().run("--format github").out;
    let line = "::error title=extra-column market.clients.remark::market.clients.remark: a column that nothing \
                declares.%0Adeclared: nothing%0Aactual: text NULL DEFAULT '{}'%0A\
                mend: ALTER TABLE \"clients\" RENAME COLUMN \"remark\" TO \"industry\";%0A\
                caution: keeps the values of remark as those of industry, which has its type; if they are two columns, \
                add industry and drop remark instead, which loses its values: ALTER TABLE \"clients\" DROP COLUMN \
                \"remark\"";
    assert!(out.lines().any(|other| other == line), "{out}");
    assert!(out.contains("::notice title=column-order market.customer_segments::"), "{out}");
    assert!(out.ends_with("\nmarket: 4 drift findings, 1 note\n"), "{out}");
    let out = behind().run("--format github").out;
    assert!(out.contains("::error title=pending-migrations market.m2"), "{out}");
    assert!(out.ends_with("\nmarket: 2 history findings, 2 drift findings\n"), "{out}");
    assert_eq!(fresh().run("--format github").out, "market: no drift\n");
    let out = unreachable().run("--format github").out;
    assert!(out.starts_with("::error::cannot connect to PostgreSQL 127.0.0.1:1/x"), "{out}");
    let out = probed().run("--format github").out;
    assert!(out.contains("::notice title=market::not probed  sales: "), "{out}");
    let out = left_out().run("--format github").out;
    assert!(out.contains("::error title=market left out::") && out.contains("market: left out; demand: "), "{out}");
}

fn notes_are_warnings_where_they_count() {
    let scenario = changed();
    let out = scenario.run("--strict --format github").out;
    assert!(out.contains("::warning title=column-order market.customer_segments::"), "{out}");
    assert!(out.ends_with("market: 4 drift findings, 1 note, counted by --strict\n"), "{out}");
    let document = scenario.run("--strict --format sarif").json();
    let results = document["runs"][0]["results"].as_array().expect("results");
    assert!(results.iter().any(|result| result["ruleId"] == "column-order" && result["level"] == "warning"));
}

fn lists_of_findings_are_refused_where_there_are_none() {
    let home = home();
    for (arguments, words) in [
        ("schemas --format sarif", "kiln schemas"),
        ("--format github migrate up market", "kiln migrate up"),
        ("completions bash --format sarif", "kiln completions"),
        ("check market --fingerprint --format github", "kiln check --fingerprint"),
    ] {
        let said = home.kiln(arguments, 2);
        let told = format!("--format sarif and github are lists of findings, and `{words}` looks for none");
        assert!(said.err.contains(&told) && said.err.contains("give text or json"), "{}", said.err);
        assert!(said.out.is_empty(), "{}", said.out);
    }
    // A global argument may also stand before the command.
    assert!(home.kiln("--format github check market", 1).out.contains("::error title=not-migrated market::"));
}

fn the_page_names_each_field_of_the_json_and_no_other() {
    let page = include_str!("../../docs/json.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let named: BTreeSet<String> = rows.map(str::to_owned).collect();
    let mut occurring = BTreeSet::new();
    for scenario in &scenarios() {
        collect("", &scenario.run("--format json").json(), &mut occurring);
    }
    assert!(named.len() > 20, "{named:?}");
    let unnamed: Vec<_> = occurring.difference(&named).collect();
    assert!(unnamed.is_empty(), "docs/json.md does not name {unnamed:?}");
    let idle: Vec<_> = named.difference(&occurring).collect();
    assert!(idle.is_empty(), "docs/json.md names {idle:?}, which no document has");
}

/// The path of every field in `value`: `results[].structure[].code`.
fn collect(path: &str, value: &Value, fields: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                collect(&path, value, fields);
                fields.insert(path);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(&format!("{path}[]"), value, fields)),
        _ => {}
    }
}

fn a_check_reads_well() {
    let mut page = String::new();
    for scenario in [changed(), fresh(), behind(), edited_and_half_done(), not_compared(), not_migrated(), unrecorded()]
    {
        writeln!(page, "$ kiln {}\n{}", scenario.arguments, scenario.run("").out).expect("a string takes it");
    }
    insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("checks", page);
    });
}

fn colour_is_for_terminals() {
    const RED: &str = "\u{1b}[31m";
    const YELLOW: &str = "\u{1b}[33m";
    const DIM: &str = "\u{1b}[2m";
    let scenario = changed();
    let plain = scenario.run("").out;
    assert!(!plain.contains('\u{1b}'), "{plain}");
    let (shown, code) = on_terminal(scenario.command("").env("TERM", "xterm"), "");
    assert_eq!(code, Some(1));
    for colour in [RED, YELLOW, DIM] {
        assert!(shown.contains(colour), "{shown}");
    }
    assert_eq!(anstream::adapter::strip_str(&shown).to_string().replace("\r\n", "\n"), plain);
    let (shown, _) = on_terminal(scenario.command("").env("TERM", "xterm").env("NO_COLOR", "1"), "");
    assert_eq!(shown.replace("\r\n", "\n"), plain);
    let forced = Said::by(scenario.command("").env("CLICOLOR_FORCE", "1"), 1).out;
    assert!(forced.contains(RED), "{forced}");
    let json = Said::by(scenario.command("--format json").env("CLICOLOR_FORCE", "1"), 1);
    assert!(!json.out.contains('\u{1b}'), "{}", json.out);
}

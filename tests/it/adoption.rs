//! Databases that are there already: followed by the messages alone, they end adopted.

use crate::OnBackend;
use crate::backend::{Backend, Home, Said};
use crate::script::{self, Do, Migration, migration};

pub const TESTS: &[OnBackend] = &[
    ("tables_that_the_entities_cannot_read_are_not_seeded", tables_that_the_entities_cannot_read_are_not_seeded),
    ("a_database_made_by_hand_ends_adopted_by_the_messages_alone", a_database_made_by_hand_ends_adopted),
    ("an_up_that_ended_half_way_ends_adopted", an_up_that_ended_half_way_ends_adopted),
    ("a_migration_that_looks_for_itself_is_not_refused", a_migration_that_looks_for_itself_is_not_refused),
    ("what_cannot_be_made_again_is_not_dropped", what_cannot_be_made_again_is_not_dropped),
];

const BY_HAND: [&str; 3] = [
    "CREATE TABLE clients (id integer NOT NULL PRIMARY KEY, name varchar(40) NOT NULL)",
    "CREATE TABLE orders (id integer NOT NULL PRIMARY KEY, client_id integer NOT NULL, total integer, \
     CONSTRAINT fk_client FOREIGN KEY (client_id) REFERENCES clients (id))",
    "CREATE INDEX ix_orders_total ON orders (total)",
];

/// What makes a database differ from what the migrations make.
const DRIFT: [&str; 2] =
    ["ALTER TABLE clients ADD COLUMN extra integer", "CREATE INDEX ix_extra ON orders (total, id)"];

/// Two migrations that make what is made by hand.
fn migrations(if_not_exists: bool) -> [Migration; 2] {
    let words = if if_not_exists { "CREATE TABLE IF NOT EXISTS" } else { "CREATE TABLE" };
    let [clients, orders, index] = BY_HAND.map(|sql| sql.replace("CREATE TABLE", words));
    [
        migration("m1_clients", &[&clients], &["DROP TABLE clients"]),
        migration("m2_orders", &[&orders, &index], &["DROP TABLE orders"]),
    ]
}

/// The command of a message that begins with these words.
#[track_caller]
fn command(message: &str, beginning: &str) -> String {
    let start = message.find(&format!("`kiln {beginning}")).unwrap_or_else(|| panic!("{beginning}: {message}"));
    let command = &message[start + "`kiln ".len()..];
    command[..command.find('`').expect("a command ends")].to_owned()
}

/// Runs a baseline, and what it says until there is nothing left to fix.
fn adopt(home: &Home, migrations: &[Migration], baseline: &str, differs: bool) {
    if differs {
        let said = script::run(home, migrations, &format!("{baseline} --format json"), 1).json();
        let mut statements = Vec::new();
        for drift in said["results"][0]["drift"].as_array().expect("differences") {
            let fix = drift["mend"]["statements"].as_array().expect("statements");
            statements.extend(fix.iter().map(|statement| statement.as_str().expect("SQL").to_owned()));
        }
        let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
        assert!(!statements.is_empty());
        home.sql(&statements);
        let text = script::run(home, migrations, baseline, 0);
        assert!(text.out.contains("script: adopted"), "{}", text.out);
        return;
    }
    let said = script::run(home, migrations, baseline, 0);
    assert!(said.out.contains("script: adopted"), "{}", said.out);
}

fn ends_well(home: &Home, migrations: &[Migration]) {
    script::run(home, migrations, "migrate up", 0);
    script::run(home, migrations, "migrate status --exit-code", 0);
    script::run(home, migrations, "check", 0);
    script::run(home, migrations, "migrate redo script --confirm", 0);
}

fn a_database_made_by_hand_ends_adopted(home: &Home) {
    for (if_not_exists, made, differs) in
        [(true, 3, false), (false, 3, true), (false, 1, false), (true, 1, true), (true, 3, true)]
    {
        let home = Home::of(home.backend, home.schema);
        let migrations = migrations(if_not_exists);
        home.sql(&BY_HAND[..made]);
        if differs {
            home.sql(&DRIFT[..if made == 1 { 1 } else { 2 }]);
        }
        home.sql(&["INSERT INTO clients (id, name) VALUES (1, 'kept')"]);
        let refused: Said = script::run(&home, &migrations, "migrate up", 3);
        assert!(refused.err.contains("clients"), "{}", refused.err);
        let version = if made == 1 { "m1_clients" } else { "m2_orders" };
        let baseline = command(&refused.err, "migrate baseline");
        assert_eq!(baseline, format!("migrate baseline script --to {version}"), "{}", refused.err);
        assert_eq!(refused.err.contains("extra-column"), differs, "{}", refused.err);
        // A check leads to the same command.
        let checked = script::run(&home, &migrations, "check script", 1);
        assert_eq!(command(&checked.out, "migrate baseline"), baseline, "{}", checked.out);
        adopt(&home, &migrations, &baseline, differs);
        ends_well(&home, &migrations);
        assert_eq!(home.number("SELECT count(*) AS n FROM clients"), 1);
    }
    let head = Home::of(home.backend, home.schema);
    head.sql(&BY_HAND);
    script::run(&head, &migrations(false), "migrate baseline script --to head", 0);
    ends_well(&head, &migrations(false));
}

/// A history of the first migration, and tables of the second: as an `up` of an older build has left them.
fn an_up_that_ended_half_way_ends_adopted(home: &Home) {
    for differs in [false, true] {
        let home = Home::of(home.backend, home.schema);
        let migrations = migrations(true);
        script::run(&home, &migrations[..1], "migrate up", 0);
        home.sql(&BY_HAND[1..]);
        if differs {
            home.sql(&DRIFT[1..]);
        }
        let refused = script::run(&home, &migrations, "migrate up", 3);
        assert!(
            refused.err.contains("orders is there already") || refused.err.contains("orders that"),
            "{}",
            refused.err
        );
        adopt(&home, &migrations, &command(&refused.err, "migrate baseline"), differs);
        ends_well(&home, &migrations);
    }
}

fn a_migration_that_looks_for_itself_is_not_refused(home: &Home) {
    let mut migrations = migrations(false);
    let up = std::mem::take(&mut migrations[0].up);
    migrations[0].up = vec![Do::Unless("clients".to_owned(), up)];
    home.sql(&BY_HAND[..1]);
    script::run(home, &migrations, "migrate up", 0);
    script::run(home, &migrations, "check", 0);
}

fn what_cannot_be_made_again_is_not_dropped(home: &Home) {
    let [first, second] = migrations(false);
    script::run(home, &[first.clone(), second.clone()], "migrate up", 0);
    home.sql(&["INSERT INTO clients (id, name) VALUES (1, 'kept')"]);
    let before = home.fingerprint();
    for broken in [
        Migration { up: vec![Do::Sql("CREATE TABLE orders (id nowhere.type_)".to_owned())], ..second.clone() },
        Migration { up: vec![Do::Refuse("not today".to_owned())], ..second.clone() },
        Migration { up: vec![Do::Sql("INSERT INTO nowhere VALUES (1)".to_owned())], ..second.clone() },
    ] {
        let migrations = [first.clone(), broken];
        for verb in ["fresh", "refresh", "redo"] {
            let said = script::run(home, &migrations, &format!("migrate {verb} script --confirm"), 3);
            assert!(said.err.contains("nothing was dropped or rolled back"), "{}", said.err);
            assert_eq!(home.fingerprint(), before, "{verb}");
            assert_eq!(home.number("SELECT count(*) AS n FROM clients"), 1, "{verb}");
        }
    }
}

fn tables_that_the_entities_cannot_read_are_not_seeded(home: &Home) {
    // SQLite reads any of its types as a number that a field may be.
    let changes: &[(Backend, &str, &str)] = &[
        (
            Backend::Postgres,
            "ALTER TABLE sales ALTER COLUMN date TYPE timestamptz",
            "sales.date is timestamp with time zone, and reading a row fails: the value does not decode into the field: \
             market::Sale::date",
        ),
        (
            Backend::MariaDb,
            "ALTER TABLE sales MODIFY quantity int unsigned NOT NULL",
            "sales.quantity is int(10) unsigned, and reading a row fails: the value does not decode into the field: \
             market::Sale::quantity",
        ),
    ];
    for (backend, change, wanted) in changes.iter().filter(|(backend, ..)| *backend == home.backend) {
        let home = Home::of(*backend, "market");
        home.migrated().sql(&[change]);
        let said = home.kiln("seed market", 3);
        assert!(said.err.contains(wanted), "{backend}: {}", said.err);
        assert!(said.err.contains("`kiln check market` shows what differs"), "{}", said.err);
        assert_eq!(home.number("SELECT count(*) AS n FROM clients"), 0, "nothing is written");
    }
}

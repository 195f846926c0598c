//! Generators of ids after a seed: a plain insert works, and none of them is moved back.

use crate::OnBackend;
use crate::backend::{Backend, Home};

pub const TESTS: &[OnBackend] = &[
    ("a_generator_of_ids_is_never_moved_back_by_a_seed", a_generator_of_ids_is_never_moved_back),
    ("ids_that_only_the_database_gives_are_left_to_it", ids_that_only_the_database_gives_are_left_to_it),
];

/// What somebody does to the generator of the clients' ids, and the ids of a plain insert after a seed of three,
/// and after another one in its place.
type Case = (&'static [&'static str], &'static str, &'static str);

/// The cases of an engine.
fn generators(backend: Backend) -> &'static [Case] {
    match backend {
        Backend::Sqlite => &[
            (&[], "4", "5"),
            (
                &[
                    "INSERT INTO clients (client_name, industry) VALUES ('gone', 'Footwear')",
                    "UPDATE sqlite_sequence SET seq = 999",
                    "DELETE FROM clients",
                ],
                "1000",
                "1001",
            ),
        ],
        Backend::Postgres => &[
            (&[], "4", "5"),
            (&["ALTER TABLE clients ALTER client_id RESTART WITH 1000"], "1000", "1001"),
            (&["ALTER TABLE clients ALTER client_id SET START WITH 1000"], "4", "5"),
            (&["ALTER TABLE clients ALTER client_id SET MINVALUE 500 SET START WITH 500 RESTART"], "500", "501"),
            (&["ALTER TABLE clients ALTER client_id SET INCREMENT BY 10"], "13", "23"),
            (
                &[
                    "ALTER TABLE clients ALTER client_id SET INCREMENT BY -1 SET MINVALUE -100 SET MAXVALUE -1 SET START WITH -1 RESTART",
                ],
                "-1",
                "-2",
            ),
            (
                &[
                    "ALTER TABLE clients ALTER client_id SET INCREMENT BY -1 SET MINVALUE -100 SET MAXVALUE 100 RESTART WITH 3",
                ],
                "0",
                "-1",
            ),
            (
                &["ALTER TABLE clients ALTER client_id SET INCREMENT BY -1 SET MINVALUE 1 SET MAXVALUE 1000 \
                   SET START WITH 1000 RESTART"],
                "1000",
                "999",
            ),
            (&["ALTER TABLE clients ALTER client_id SET CYCLE SET MAXVALUE 50 RESTART WITH 50"], "50", "4"),
            (
                &[
                    "ALTER TABLE clients ALTER client_id DROP IDENTITY",
                    "CREATE SEQUENCE numbers START WITH 2",
                    "ALTER TABLE clients ALTER client_id SET DEFAULT nextval('numbers')",
                ],
                "4",
                "5",
            ),
            (
                &[
                    "ALTER TABLE clients ALTER client_id DROP IDENTITY",
                    "CREATE SCHEMA \"Other one\"",
                    "CREATE SEQUENCE \"Other one\".\"Numbers\" START WITH 70",
                    "ALTER TABLE clients ALTER client_id SET DEFAULT nextval('\"Other one\".\"Numbers\"')",
                ],
                "70",
                "71",
            ),
        ],
        Backend::MariaDb => &[
            (&[], "4", "5"),
            (&["ALTER TABLE clients AUTO_INCREMENT = 1000"], "1000", "1001"),
            (
                &[
                    "CREATE SEQUENCE numbers START WITH 2 CACHE 0",
                    "SET foreign_key_checks = 0",
                    "ALTER TABLE clients MODIFY client_id integer NOT NULL DEFAULT nextval(numbers)",
                ],
                "4",
                "5",
            ),
            (
                &[
                    "CREATE SEQUENCE numbers",
                    "SET foreign_key_checks = 0",
                    "ALTER TABLE clients MODIFY client_id integer NOT NULL DEFAULT nextval(numbers)",
                ],
                "4",
                "5",
            ),
            (
                &[
                    "CREATE SEQUENCE numbers START WITH 1000 CACHE 0",
                    "SET foreign_key_checks = 0",
                    "ALTER TABLE clients MODIFY client_id integer NOT NULL DEFAULT nextval(numbers)",
                ],
                "1000",
                "1001",
            ),
        ],
    }
}

fn ids_that_only_the_database_gives_are_left_to_it(home: &Home) {
    if home.backend != Backend::Postgres {
        return;
    }
    let home = Home::of(home.backend, "demand");
    home.migrated().sql(&["ALTER TABLE sales_daily ALTER id SET GENERATED ALWAYS"]);
    for _ in 0..2 {
        home.kiln("seed demand --scenario smoke --full-new --confirm", 0);
        assert!(home.number("SELECT count(*) AS n FROM sales_daily") > 0);
    }
}

fn a_generator_of_ids_is_never_moved_back(home: &Home) {
    let inserted = |home: &Home| {
        home.sql(&["INSERT INTO clients (client_name, industry) VALUES ('By hand', 'Footwear')"]);
        home.texts("SELECT concat(client_id, '') AS t FROM clients WHERE client_name = 'By hand'").remove(0)
    };
    for (changes, first, second) in generators(home.backend) {
        let home = Home::of(home.backend, home.schema);
        home.migrated().sql(changes);
        home.kiln("seed market --clients 3 --products 5 --sales 10", 0);
        assert_eq!(inserted(&home), *first, "{changes:?}");
        home.sql(&["DELETE FROM clients WHERE client_name = 'By hand'"]);
        home.kiln("seed market --clients 3 --products 5 --sales 12 --full-new --confirm", 0);
        // What was given once is not given again, but by a generator that begins anew.
        assert_eq!(inserted(&home), *second, "{changes:?}");
    }
}

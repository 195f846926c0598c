//! Every list that something is added to, held to what a list must keep.

use std::collections::BTreeSet;

use catalog::{Dialect, Kind, Promise};
use kiln::seeder::{COMMON, OptionSpec, Scope, Seeder, Settings};

use crate::Alone;

pub const TESTS: &[Alone] = &[
    ("no_two_schemas_share_a_name", no_two_schemas_share_a_name),
    ("every_default_and_scenario_satisfies_its_options", every_default_and_scenario_satisfies_its_options),
    ("no_option_hides_another", no_option_hides_another),
    ("every_seeders_table_is_one_of_its_entities", every_seeders_table_is_one_of_its_entities),
    ("every_drift_code_is_plain_and_its_own", every_drift_code_is_plain_and_its_own),
    ("every_kind_of_drift_is_provoked", every_kind_of_drift_is_provoked),
    ("every_migration_has_a_name_that_sorts_in_order", every_migration_has_a_name_that_sorts_in_order),
    ("every_golden_digest_belongs_to_a_seeder", every_golden_digest_belongs_to_a_seeder),
];

/// Names, and that none occurs twice; a list without any proves nothing.
fn distinct<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let names: Vec<_> = names.into_iter().collect();
    let distinct: BTreeSet<_> = names.iter().copied().collect();
    assert!(!names.is_empty());
    assert_eq!(distinct.len(), names.len(), "{names:?}");
    distinct
}

fn seeders() -> Vec<Box<dyn Seeder>> {
    vec![Box::new(kiln::seeder::market::Market), Box::new(kiln::seeder::demand::Demand)]
}

fn no_two_schemas_share_a_name() {
    let schemas = kiln::retail::schemas();
    distinct(schemas.iter().map(kiln::Schema::name));
}

fn every_default_and_scenario_satisfies_its_options() {
    for seeder in seeders() {
        Settings::resolve(seeder.options(), &[]).expect("defaults");
        distinct(seeder.scenarios().iter().map(|scenario| scenario.name));
        for scenario in seeder.scenarios() {
            let layer = kiln::seeder::of_scenario(seeder.as_ref(), scenario.name).expect("a scenario of the list");
            let settings = Settings::resolve(seeder.options(), &[layer]).expect("its values");
            seeder.fill(&settings).expect("a plan");
        }
    }
}

fn no_option_hides_another() {
    let taken = [
        "config",
        "set",
        "scenario",
        "dry-run",
        "confirm",
        "backup",
        "plot",
        "no-progress",
        "scope",
        "format",
        "verbose",
    ];
    for seeder in seeders() {
        let specs = || COMMON.iter().chain(seeder.options());
        distinct(specs().map(|spec: &OptionSpec| spec.name).chain(taken));
        for key in distinct(specs().map(|spec| spec.key)) {
            assert!(key.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_' || letter == '.'), "{key}");
            let section = format!("{key}.");
            assert!(!specs().any(|spec| spec.key.starts_with(&section)), "{key} is an option and a section");
        }
        for name in specs().filter(|spec| spec.is_flag).map(|spec| spec.name) {
            assert!(name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-'), "{name}");
        }
    }
}

fn every_seeders_table_is_one_of_its_entities() {
    let promised: BTreeSet<String> = promises().into_iter().map(|promise| promise.table).collect();
    for seeder in seeders() {
        let tables = seeder.tables();
        for table in distinct(tables.iter().map(|table| table.name())) {
            assert!(promised.contains(table), "{table}");
        }
        for scope in [Scope::Facts, Scope::Dimensions] {
            assert!(tables.iter().any(|table| table.scope() == scope), "{} has no {scope:?}", seeder.name());
        }
        // Parents come first: a table points only to those before it.
        for (at, table) in tables.iter().enumerate() {
            for reference in table.references(Dialect::Sqlite) {
                assert!(tables[..at].iter().any(|parent| parent.name() == reference.target), "{}", table.name());
            }
        }
    }
}

fn promises() -> Vec<Promise> {
    let mut promises = <entity::market::All as catalog::Promises>::promises(Dialect::Sqlite);
    promises.extend(<entity::demand::All as catalog::Promises>::promises(Dialect::Sqlite));
    promises
}

fn every_drift_code_is_plain_and_its_own() {
    for code in distinct(Kind::ALL.iter().map(|kind| kind.code())) {
        assert!(code.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-'), "{code}");
    }
    for kind in Kind::ALL {
        let json = serde_json::to_value(kind).expect("a code is JSON");
        assert_eq!(json, kind.code());
    }
}

/// What market cannot show by hand, since it declares no unique, no CHECK and no table without a
/// key: the unit tests of `diff` do. An order of columns is a note and has a test of its own.
const ELSEWHERE: &[Kind] = &[
    Kind::MissingUnique,
    Kind::UniqueDiffers,
    Kind::MissingCheck,
    Kind::CheckDiffers,
    Kind::ExtraPrimaryKey,
    Kind::ColumnOrder,
    Kind::ExtensionDiffers,
    Kind::MissingNamespace,
    Kind::ExtraNamespace,
    Kind::ColumnModifiers,
    Kind::ProbeRefused,
    Kind::ProbeUnreadable,
    Kind::ProbeDiffers,
];

fn every_kind_of_drift_is_provoked() {
    let mut provoked = &crate::drift::provoked() | &crate::promises::provoked();
    provoked.extend(
        crate::corpus::PROVOKED
            .iter()
            .chain(crate::probe::PROVOKED)
            .chain(crate::references::PROVOKED)
            .map(|kind| kind.code()),
    );
    for kind in Kind::ALL.iter().filter(|kind| !ELSEWHERE.contains(kind)) {
        assert!(provoked.contains(kind.code()), "no change by hand shows {kind}");
    }
}

fn every_migration_has_a_name_that_sorts_in_order() {
    use migration::{brickhouse, demand, fashion, market};
    use sea_orm_migration::MigratorTrait;
    let migrators = [
        market::Migrator::migrations,
        demand::Migrator::migrations,
        brickhouse::Migrator::migrations,
        fashion::Migrator::migrations,
    ];
    assert_eq!(migrators.len(), kiln::retail::schemas().len());
    let all: Vec<_> = migrators.iter().map(|migrations| migrations()).collect();
    for migrations in &all {
        let names: Vec<&str> = migrations.iter().map(|migration| migration.name()).collect();
        assert!(names.is_sorted() && !names.is_empty(), "{names:?}");
    }
    // A version says which schema it is of, also where two share a history table's name.
    distinct(all.iter().flatten().map(|migration| migration.name()));
}

fn every_golden_digest_belongs_to_a_seeder() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden");
    let files = std::fs::read_dir(folder).expect("the golden folder").map(|entry| entry.expect("an entry").path());
    let names: BTreeSet<String> = files.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect();
    assert_eq!(names, seeders().iter().map(|seeder| seeder.name().to_owned()).collect());
}

//! The entities, held against those that sea-orm-cli generates from the migrated PostgreSQL database.
//!
//! Lengths, enums and JSON types aside, which it cannot know, nothing may differ: columns and their
//! order, Rust types, keys, relations. It is a program of its own: `.ci/sea-orm-cli` installs it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::OnSchema;
use crate::backend::{Backend, Home};

/// The test, on PostgreSQL and where sea-orm-cli is installed.
pub const OF_SCHEMAS: &[OnSchema] = &[("generated_entities_equal_ours", generated_entities_equal_ours)];

/// Where `.ci/sea-orm-cli` installs it.
fn program() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/bin/sea-orm-cli")
}

pub fn is_here() -> bool {
    program().exists()
}

fn generated_entities_equal_ours(home: &Home) {
    assert_eq!(home.backend, Backend::Postgres);
    home.migrated();
    let folder = home.path("generated");
    let output = Command::new(program())
        .args([
            "generate",
            "entity",
            "--ignore-tables",
            "seaql_migrations,kiln_history",
            "--entity-format",
            "dense",
            "-u",
            &home.url(),
            "-s",
            home.schema,
            "-o",
        ])
        .arg(&folder)
        .output()
        .expect("sea-orm-cli runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let generated = entities(&folder);
    let ours = entities(&Path::new(env!("CARGO_MANIFEST_DIR")).join("entity/src").join(home.schema));
    assert!(generated.len() > 3);
    assert_eq!(generated.keys().collect::<Vec<_>>(), ours.keys().collect::<Vec<_>>());
    for (table, generated) in &generated {
        let mut own = ours[table].clone();
        assert_eq!(generated.columns.len(), own.columns.len(), "{table}");
        for (theirs, own) in generated.columns.iter().zip(&mut own.columns) {
            // A type of our own stands for a text or a JSON document.
            let is_option = |column: &Column| column.rust_type.starts_with("Option<");
            let is_plain = ["String", "Json"].iter().any(|plain| theirs.rust_type.contains(plain));
            if is_own_type(&own.rust_type) && is_plain && is_option(own) == is_option(theirs) {
                own.rust_type.clone_from(&theirs.rust_type);
            }
        }
        // It draws no way back where two keys lead from one table to another.
        let ways = |from: &String| ours[from].belongs_to.iter().filter(|(_, target, ..)| target == table).count();
        own.has_many.retain(|from| ways(from) == 1);
        assert_eq!(*generated, own, "{table}: generated and ours");
    }
}

/// Whether a field's type is none of SeaORM's prelude or of Rust.
fn is_own_type(rust_type: &str) -> bool {
    let plain = rust_type.trim_start_matches("Option<").trim_end_matches('>');
    !["i32", "i64", "f64", "bool", "String", "Decimal", "Date", "DateTime", "Json"].contains(&plain)
}

/// What an entity says, as far as both ways to write it can say it.
#[derive(Clone, Debug, Default, PartialEq)]
struct Entity {
    columns: Vec<Column>,
    /// Columns that are unique together, or alone.
    uniques: BTreeSet<Vec<String>>,
    /// Column, target table, its column, on delete, and whether there may be none.
    belongs_to: BTreeSet<Reference>,
    /// Tables whose rows point here.
    has_many: BTreeSet<String>,
}

type Reference = (String, String, String, String, bool);

#[derive(Clone, Debug, PartialEq)]
struct Column {
    name: String,
    rust_type: String,
    is_primary: bool,
}

/// The entities in a folder by the names of their tables.
fn entities(folder: &Path) -> BTreeMap<String, Entity> {
    let mut sources = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder of entities") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let module = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let source = fs::read_to_string(&path).expect("a source");
        if let Some(table) = value(&source, "table_name") {
            sources.insert(module, (table, source));
        }
    }
    let table_of = |module: &str| sources[module].0.clone();
    sources.values().map(|(table, source)| (table.clone(), entity(source, table_of))).collect()
}

fn entity(source: &str, table_of: impl Fn(&str) -> String) -> Entity {
    let body = source.split("pub struct Model {").nth(1).and_then(|rest| rest.split("\n}").next()).expect("a model");
    let mut entity = Entity::default();
    let mut together: BTreeMap<String, Vec<String>> = BTreeMap::new();
    // Before each field stand the end of the one before it and its own attributes.
    for (before, declaration) in body.split("pub ").zip(body.split("pub ").skip(1)) {
        let attributes = before.split_once(",\n").map_or(before, |(_, attributes)| attributes);
        let (name, rest) = declaration.split_once(": ").expect("a field has a type");
        let rust_type = rest.split(",\n").next().expect("a type").trim();
        let target = rust_type.split("super::").nth(1).and_then(|path| path.split("::").next()).map(&table_of);
        if attributes.contains("belongs_to") {
            let text = |key| value(attributes, key);
            entity.belongs_to.insert((
                text("from").expect("a column"),
                target.expect("a target"),
                text("to").expect("its column"),
                text("on_delete").unwrap_or_else(|| "NoAction".to_owned()),
                rust_type.contains("Option<"),
            ));
        } else if attributes.contains("has_many") || attributes.contains("has_one") {
            entity.has_many.insert(target.expect("a target"));
        } else {
            let is_primary = attributes.contains("primary_key");
            if let Some(key) = value(attributes, "unique_key") {
                together.entry(key).or_default().push(name.to_owned());
            } else if attributes.contains("unique") {
                entity.uniques.insert(vec![name.to_owned()]);
            }
            entity.columns.push(Column { name: name.to_owned(), rust_type: rust_type.to_owned(), is_primary });
        }
    }
    entity.uniques.extend(together.into_values());
    entity
}

/// The value of `key = "..."` in some attributes.
fn value(attributes: &str, key: &str) -> Option<String> {
    let marker = format!("{key} = \"");
    let at = attributes
        .match_indices(&marker)
        .find(|(at, _)| !attributes[..*at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_'))?
        .0;
    attributes[at + marker.len()..].split('"').next().map(str::to_owned)
}

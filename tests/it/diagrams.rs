//! The entity-relationship diagrams in `docs/schemas/`, drawn from the entities.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use catalog::{Family, Promise};
use sea_orm::sea_query::TableRef;

use crate::Alone;
use crate::backend::Backend;
use crate::retail::promises;

pub const TESTS: &[Alone] = &[("every_schema_is_drawn_as_its_entities_are", every_schema_is_drawn_as_its_entities_are)];

const START: &str = "<!-- drawn from the entities: KILN_UPDATE=1 cargo test --test it -->\n";
const END: &str = "<!-- end of the drawing -->\n";

fn every_schema_is_drawn_as_its_entities_are() {
    #[expect(clippy::disallowed_methods, reason = "tests have an environment of their own")]
    let is_update = std::env::var_os("KILN_UPDATE").is_some();
    for schema in kiln::retail::schemas() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/schemas/{}.md", schema.name()));
        let page = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let (before, rest) = page.split_once(START).expect("the drawing starts");
        let (_, after) = rest.split_once(END).expect("the drawing ends");
        let drawn = format!("{before}{START}{}{END}{after}", diagram(&promises(schema.name(), Backend::Postgres)));
        if is_update {
            fs::write(&path, &drawn).expect("the page can be written");
        } else {
            assert_eq!(page, drawn, "KILN_UPDATE=1 cargo test --test it draws {} anew", path.display());
        }
    }
}

/// The entities as Mermaid draws them: parents with the foreign keys that point to them, then columns.
fn diagram(promises: &[Promise]) -> String {
    let mut text = "```mermaid\nerDiagram\n".to_owned();
    for promise in promises {
        for key in promise.statement.get_foreign_key_create_stmts() {
            let key = key.get_foreign_key();
            let Some(TableRef::Table(parent, _)) = key.get_ref_table() else { panic!("a key without its target") };
            let columns = key.get_columns();
            let is_optional = columns.iter().any(|column| is_nullable(promise, column));
            let one = if is_optional { "|o" } else { "||" };
            let (parent, child) = (parent.1.to_string(), &promise.table);
            writeln!(text, "    {parent} {one}--o{{ {child} : {}", columns.join("_")).expect("a string takes it");
        }
    }
    for promise in promises {
        writeln!(text, "    {} {{", promise.table).expect("a string takes it");
        for column in promise.statement.get_columns() {
            let name = column.get_column_name();
            let note = if is_nullable(promise, &name) { " \"null\"" } else { "" };
            let keys = keys(promise, &name);
            writeln!(text, "        {} {name}{keys}{note}", data_type(column)).expect("a string takes it");
        }
        text.push_str("    }\n");
    }
    text.push_str("```\n\n");
    text.push_str(
        "PK: primary key. FK: foreign key. UK: unique, alone or with the others of its table. null: may be NULL.\n",
    );
    text
}

fn is_nullable(promise: &Promise, column: &str) -> bool {
    let spec = promise.statement.get_columns().iter().find(|other| other.get_column_name() == column);
    spec.is_some_and(|spec| spec.get_column_spec().nullable != Some(false))
}

/// Which keys a column is of: primary, foreign, unique.
fn keys(promise: &Promise, column: &str) -> String {
    let is_it = |names: Vec<String>| names.iter().any(|name| name == column);
    let spec = promise.statement.get_columns().iter().find(|other| other.get_column_name() == column);
    let spec = spec.expect("a column of the table").get_column_spec();
    let foreign = promise.statement.get_foreign_key_create_stmts();
    let unique = promise.indexes.iter().filter(|index| index.is_unique_key());
    let keys = [
        (spec.primary_key, "PK"),
        (foreign.iter().any(|key| is_it(key.get_foreign_key().get_columns())), "FK"),
        (spec.unique || unique.into_iter().any(|index| is_it(index.get_index_spec().get_column_names())), "UK"),
    ];
    let keys: Vec<_> = keys.into_iter().filter(|(is_one, _)| *is_one).map(|(_, key)| key).collect();
    if keys.is_empty() { String::new() } else { format!(" {}", keys.join(", ")) }
}

/// A type in one word, as Mermaid wants it.
fn data_type(column: &sea_orm::sea_query::ColumnDef) -> String {
    let column_type = column.get_column_type().expect("a column of an entity has a type");
    match Family::of_field(Backend::Postgres.dialect(), column_type) {
        Family::Integer(Some(64)) => "bigint".to_owned(),
        Family::Integer(_) => "integer".to_owned(),
        Family::Float(_) => "double".to_owned(),
        Family::Decimal(Some((precision, scale))) => format!("decimal({precision}-{scale})"),
        Family::Text(Some(length)) => format!("varchar({length})"),
        Family::DateTime => "timestamp".to_owned(),
        other => other.to_string(),
    }
}

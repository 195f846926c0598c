//! Tables as a whole, and their columns.

use super::{gone, literal, mentions, name, note, part, quote, tables};
use crate::mend::{Mend, Sides};
use crate::{Column, Dialect, Family, Kind, Table};

/// Makes a table with all that belongs to it.
pub(super) fn create(sides: Sides<'_>, key: &str, table: &Table) -> Mend {
    if let Some(foreign) = property(table, "SERVER ") {
        return Mend::by_hand(format!("a foreign table needs its server: {foreign}"));
    }
    let target = name(sides, key);
    let own = sides.declared.sequences.iter().filter(|(_, sequence)| {
        let of_table = sequence.owned_by.as_ref().and_then(|column| column.rsplit_once('.'));
        !sequence.is_identity && of_table.is_some_and(|(table, _)| table == key)
    });
    let mut statements: Vec<String> = own
        .clone()
        .map(|(sequence, made)| format!("CREATE SEQUENCE {} {}", name(sides, sequence), made.definition))
        .collect();
    let unlogged = if table.properties.iter().any(|property| property == "UNLOGGED") { "UNLOGGED " } else { "" };
    let by = property(table, "PARTITION BY ").map(|by| format!(" PARTITION BY {by}")).unwrap_or_default();
    if let Some(of) = property(table, "PARTITION OF ") {
        let (parent, bound) = of.split_once(' ').unwrap_or((of, ""));
        let parent = super::split(sides, key).0.to_owned() + "." + parent;
        statements.push(format!("CREATE {unlogged}TABLE {target} PARTITION OF {parent} {bound}{by}"));
    } else {
        let columns =
            table.columns.iter().map(|column| format!("{} {}", quote(&column.name), definition(sides, key, column)));
        let keys = table.primary_key.iter().chain(&table.uniques);
        let keys = keys.map(|key| part::clause(key.name.as_ref(), &key.sql.0));
        let checks = table.checks.iter().chain(&table.exclusions);
        let checks = checks.map(|check| part::clause(check.name.as_ref(), &check.sql.0));
        let lines: Vec<String> = columns.chain(keys).chain(checks).collect();
        let inherits = property(table, "INHERITS ").map(|from| format!(" INHERITS {from}")).unwrap_or_default();
        statements.push(format!("CREATE {unlogged}TABLE {target} ({}){inherits}{by}", lines.join(", ")));
    }
    for (sequence, made) in own {
        let column = made.owned_by.as_ref().and_then(|column| column.rsplit_once('.')).map_or("", |(_, column)| column);
        statements.push(format!("ALTER SEQUENCE {} OWNED BY {target}.{}", name(sides, sequence), quote(column)));
    }
    if property(table, "PARTITION OF ").is_none() {
        let foreign = table.foreign_keys.iter().map(|key| part::clause(key.name.as_ref(), &key.sql.0));
        statements.extend(foreign.map(|clause| format!("ALTER TABLE {target} ADD {clause}")));
        statements.extend(table.indexes.iter().map(|index| index.sql.0.clone()));
    }
    let triggers = table.triggers.iter().flat_map(|(trigger, made)| part::made_trigger(&target, trigger, made));
    statements.extend(triggers);
    statements.extend(table.policies.values().chain(table.rules.values()).map(|made| made.sql.0.clone()));
    let more = table.properties.iter().filter_map(|property| switch(&target, property, true));
    statements.extend(more);
    statements.extend(note::all_of(sides, key, &table.about));
    Mend::by(statements)
}

/// What a property says after this word, if it says it.
fn property<'a>(table: &'a Table, word: &str) -> Option<&'a str> {
    table.properties.iter().find_map(|property| property.strip_prefix(word))
}

/// The statement that gives a table a property that comes and goes by one, or takes it away.
fn switch(target: &str, property: &str, is_on: bool) -> Option<String> {
    let change = match (property, is_on) {
        ("ROW LEVEL SECURITY", true) => "ENABLE ROW LEVEL SECURITY".to_owned(),
        ("ROW LEVEL SECURITY", false) => "DISABLE ROW LEVEL SECURITY".to_owned(),
        ("FORCE ROW LEVEL SECURITY", true) => "FORCE ROW LEVEL SECURITY".to_owned(),
        ("FORCE ROW LEVEL SECURITY", false) => "NO FORCE ROW LEVEL SECURITY".to_owned(),
        (identity, true) if identity.starts_with("REPLICA IDENTITY ") => identity.to_owned(),
        (identity, false) if identity.starts_with("REPLICA IDENTITY ") => "REPLICA IDENTITY DEFAULT".to_owned(),
        _ => return None,
    };
    Some(format!("ALTER TABLE {target} {change}"))
}

/// Gives a table the properties that it should have.
pub(super) fn properties(sides: Sides<'_>, key: &str) -> Mend {
    let [Some(declared), Some(actual)] = tables(sides, key) else { return gone() };
    let target = name(sides, key);
    let lost =
        actual.properties.iter().filter(|property| !declared.properties.contains(property)).map(|one| (one, false));
    let won =
        declared.properties.iter().filter(|property| !actual.properties.contains(property)).map(|one| (one, true));
    let (mut statements, mut caution) = (Vec::new(), None);
    for (property, is_on) in lost.chain(won) {
        if let Some(statement) = switch(&target, property, is_on) {
            statements.push(statement);
        } else if property == "UNLOGGED" {
            statements.push(format!("ALTER TABLE {target} SET {}", if is_on { "UNLOGGED" } else { "LOGGED" }));
            caution = Some("rewrites the table under an exclusive lock");
        } else if let Some(parents) = property.strip_prefix("INHERITS ") {
            let others = if is_on { actual } else { declared };
            let kept = self::property(others, "INHERITS ").unwrap_or_default();
            for parent in parents.trim_matches(['(', ')']).split(", ").filter(|parent| !mentions(kept, parent)) {
                let parent = format!("{}.{parent}", quote(super::namespace(sides, key)));
                let change = if is_on { "INHERIT" } else { "NO INHERIT" };
                statements.push(format!("ALTER TABLE {target} {change} {parent}"));
            }
        } else if let Some((parent, bound)) = property.strip_prefix("PARTITION OF ").and_then(|of| of.split_once(' ')) {
            let [of_declared, of_actual] = tables(sides, parent).map(|table| table.map(|table| &table.properties));
            if of_declared != of_actual {
                return Mend::by_hand(format!("{parent}, which it is a partition of, has to be mended first"));
            }
            let parent = format!("{}.{parent}", quote(super::namespace(sides, key)));
            statements.push(if is_on {
                format!("ALTER TABLE {parent} ATTACH PARTITION {target} {bound}")
            } else {
                format!("ALTER TABLE {parent} DETACH PARTITION {target}")
            });
            caution = Some("reads every row of the partition under a lock; fails where one does not belong");
        } else {
            return Mend::by_hand(format!("the table has to be made anew: {property} cannot be changed"));
        }
    }
    Mend { statements, caution: caution.map(str::to_owned) }
}

/// A column's type in the words of ALTER TABLE: `text COLLATE "C"`.
fn type_words(data_type: &str) -> (&str, String) {
    match data_type.split_once(" collate ") {
        Some((plain, collation)) => (plain, format!("{plain} COLLATE {collation}")),
        None => (data_type, data_type.to_owned()),
    }
}

/// A column as CREATE and ALTER TABLE define it.
fn definition(sides: Sides<'_>, key: &str, column: &Column) -> String {
    let default = column.default.as_ref().map(|default| format!("DEFAULT {default}"));
    let generated = column.generated.as_ref().map(|generated| format!("GENERATED ALWAYS AS {generated}"));
    let identity = column.identity.as_ref();
    let identity = identity.map(|identity| format!("{identity}{}", identity_options(sides, key, &column.name)));
    let not_null = (!column.nullable).then(|| "NOT NULL".to_owned());
    let words = [Some(type_words(&column.data_type).1), not_null, default, generated, identity];
    words.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// What a declared identity says of its sequence.
fn identity_options(sides: Sides<'_>, key: &str, column: &str) -> String {
    let owner = format!("{key}.{column}");
    let mut sequences = sides.declared.sequences.iter();
    let own = sequences.find(|(_, sequence)| sequence.is_identity && sequence.owned_by.as_ref() == Some(&owner));
    own.map_or_else(String::new, |(sequence, made)| {
        let options = made.definition.split_once(" INCREMENT").map_or("", |(_, options)| options);
        format!(" (SEQUENCE NAME {} INCREMENT{options})", name(sides, sequence))
    })
}

/// Mends what is different in one column.
pub(super) fn column(sides: Sides<'_>, kind: Kind, key: &str, column: &str) -> Mend {
    let [Some(table), Some(live)] = tables(sides, key) else { return gone() };
    let (target, quoted) = (name(sides, key), quote(column));
    let alter = |change: &str| format!("ALTER TABLE {target} ALTER COLUMN {quoted} {change}");
    let (declared, actual) = (table.column(column), live.column(column));
    match (kind, declared, actual) {
        (Kind::ExtraColumn, ..) => {
            Mend::by([format!("ALTER TABLE {target} DROP COLUMN {quoted}")]).with("loses its values")
        }
        (Kind::MissingColumn, Some(declared), _) => {
            let mend = Mend::by(added(sides, key, table, declared));
            let is_filled = declared.default.is_some() || declared.identity.is_some() || declared.generated.is_some();
            if declared.nullable || is_filled { mend } else { mend.with("fails where the table has rows") }
        }
        (Kind::ColumnType, Some(declared), Some(actual)) => {
            if let Some((view, _)) = sides.actual.views.iter().find(|(_, view)| reads(&view.definition, key, column)) {
                return Mend::by_hand(format!(
                    "the view {view} reads the column: drop it, change the type, make it again"
                ));
            }
            let (plain, words) = type_words(&declared.data_type);
            let Some(cast) = cast(sides, plain, type_words(&actual.data_type).0) else {
                return Mend::by_hand(
                    "no value of the one type becomes one of the other by itself: say how with USING",
                );
            };
            let drop = actual.default.iter().map(|_| alter("DROP DEFAULT"));
            let set = declared.default.iter().map(|default| alter(&format!("SET DEFAULT {default}")));
            let change = alter(&format!("TYPE {words} USING {quoted}{cast}"));
            Mend::by(drop.chain([change]).chain(set))
                .with("rewrites the table under an exclusive lock; fails where a value does not fit")
        }
        (Kind::ColumnNullability, Some(declared), _) if declared.nullable => Mend::by([alter("DROP NOT NULL")]),
        (Kind::ColumnNullability, ..) => Mend::by([alter("SET NOT NULL")]).with("fails where a row has NULL"),
        (Kind::ColumnDefault, Some(declared), _) => Mend::by([match &declared.default {
            Some(default) => alter(&format!("SET DEFAULT {default}")),
            None => alter("DROP DEFAULT"),
        }]),
        (Kind::ColumnIdentity, Some(declared), Some(actual)) => match (&declared.identity, &actual.identity) {
            (None, _) => Mend::by([alter("DROP IDENTITY")]),
            (Some(wanted), Some(_)) => Mend::by([alter(&format!("SET {}", wanted.trim_end_matches(" AS IDENTITY")))]),
            (Some(wanted), None) => {
                let drop = actual.default.iter().map(|_| alter("DROP DEFAULT"));
                let add = alter(&format!("ADD {wanted}{}", identity_options(sides, key, column)));
                let advance = format!(
                    "SELECT setval(pg_get_serial_sequence({}, {}), coalesce(max({quoted}), 0) + 1, false) FROM {target}",
                    literal(&target),
                    literal(column)
                );
                Mend::by(drop.chain([add, advance])).with("begins after the highest number that is there")
            }
        },
        (Kind::ColumnGenerated, Some(declared), Some(actual)) => {
            if declared.generated.is_none() && actual.generated.is_some() {
                return Mend::by([alter("DROP EXPRESSION")]).with("keeps the values that were computed");
            }
            let drop = format!("ALTER TABLE {target} DROP COLUMN {quoted}");
            let again = added(sides, key, table, declared).into_iter().chain(part::over(&target, table, column));
            Mend::by([drop].into_iter().chain(again)).with("loses its values, which are computed anew; it comes last")
        }
        _ => gone(),
    }
}

/// How values of one type become those of another, where the server knows by itself.
fn cast(sides: Sides<'_>, declared: &str, actual: &str) -> Option<String> {
    let base = |data_type: &str| data_type.split('(').next().unwrap_or_default().to_owned();
    let is_enum = |catalog: &crate::Catalog, data_type: &str| {
        let name = data_type.strip_prefix(sides.home).and_then(|rest| rest.strip_prefix('.')).unwrap_or(data_type);
        matches!(catalog.types.get(name), Some(made) if matches!(made.form, crate::Form::Enum(_)))
    };
    let is_plain = |data_type: &str| {
        let family = Family::of_column(Dialect::Postgres, data_type);
        !data_type.ends_with("[]") && !matches!(family, Family::Other(_))
    };
    if is_enum(sides.declared, declared) {
        return Some(format!("::text::{declared}"));
    }
    let is_known =
        base(declared) == base(actual) || is_plain(declared) && (is_plain(actual) || is_enum(sides.actual, actual));
    is_known.then(|| format!("::{declared}"))
}

/// Whether a view's query has a table and a column of these names in it.
fn reads(definition: &str, key: &str, column: &str) -> bool {
    let table = key.rsplit('.').next().unwrap_or(key);
    mentions(definition, table) && mentions(definition, column)
}

/// The statements that add a column, with the sequence that is its own.
fn added(sides: Sides<'_>, key: &str, table: &Table, column: &Column) -> Vec<String> {
    let target = name(sides, key);
    let owner = format!("{key}.{}", column.name);
    let mut sequences = sides.declared.sequences.iter();
    let own = sequences.find(|(_, sequence)| !sequence.is_identity && sequence.owned_by.as_ref() == Some(&owner));
    let made = own.map(|(sequence, made)| format!("CREATE SEQUENCE {} {}", name(sides, sequence), made.definition));
    let add = format!("ALTER TABLE {target} ADD COLUMN {} {}", quote(&column.name), definition(sides, key, column));
    let owned = own.map(|(sequence, _)| {
        format!("ALTER SEQUENCE {} OWNED BY {target}.{}", name(sides, sequence), quote(&column.name))
    });
    let part = format!("column {}", column.name);
    let comment = table.about.comments.get(&part);
    let comment =
        comment.map(|text| format!("COMMENT ON COLUMN {target}.{} IS {}", quote(&column.name), literal(text)));
    made.into_iter().chain([add]).chain(owned).chain(comment).collect()
}

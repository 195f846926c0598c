//! Tables as a whole, and their columns.

use super::{first, gone, key_of, listed, literal, mentions, name, note, part, qualified, quote, tables};
use crate::mend::effect::{self, Also, Part};
use crate::mend::{Mend, Sides};
use crate::{Check, Column, Dialect, Family, ForeignKey, Kind, Table};

/// Makes a table with all that belongs to it.
pub(super) fn create(sides: Sides<'_>, key: &str, table: &Table) -> Mend {
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
    let server = property(table, "SERVER ").map(|server| format!(" SERVER {server}")).unwrap_or_default();
    let kind = kind(table);
    if let Some(of) = property(table, "PARTITION OF ") {
        let (parent, bound) = first(of);
        let parent = qualified(sides, key, parent);
        statements.push(format!("CREATE {unlogged}{kind} {target} PARTITION OF {parent} {bound}{by}{server}"));
    } else {
        let parents = parents(table);
        let of_parents: Vec<&Table> =
            parents.iter().filter_map(|parent| sides.declared.tables.get(&key_of(sides, key, parent))).collect();
        let is_own = |column: &Column| is_local(&column.modifiers) || inherited(&of_parents, column).is_none();
        let columns = table.columns.iter().filter(|column| is_own(column));
        let columns = columns.map(|column| format!("{} {}", quote(&column.name), definition(sides, key, column)));
        let keys = table.primary_key.iter().chain(&table.uniques);
        let keys = keys.map(|key| part::clause(key.name.as_ref(), &key.sql.0));
        let is_inherited = |check: &&Check| {
            !is_local(&check.modifiers)
                && of_parents.iter().any(|parent| parent.checks.iter().any(|of_parent| of_parent == *check))
        };
        let checks = table.checks.iter().filter(|check| !is_inherited(check)).chain(&table.exclusions);
        let checks = checks.map(|check| part::clause(check.name.as_ref(), &check.sql.0));
        let lines: Vec<String> = columns.chain(keys).chain(checks).collect();
        let from: Vec<String> = parents.iter().map(|parent| qualified(sides, key, parent)).collect();
        let inherits = if from.is_empty() { String::new() } else { format!(" INHERITS ({})", from.join(", ")) };
        statements.push(format!("CREATE {unlogged}{kind} {target} ({}){inherits}{by}{server}", lines.join(", ")));
        for column in table.columns.iter().filter(|column| !is_own(column)) {
            let Some(of_parent) = inherited(&of_parents, column) else { continue };
            statements.extend(unlike(&target, of_parent, column));
        }
    }
    for (sequence, made) in own {
        let column = made.owned_by.as_ref().and_then(|column| column.rsplit_once('.')).map_or("", |(_, column)| column);
        statements.push(format!("ALTER SEQUENCE {} OWNED BY {target}.{}", name(sides, sequence), quote(column)));
    }
    if property(table, "PARTITION OF ").is_none() {
        // A key whose target is not there yet is added by the fix of its own.
        let is_possible = |one: &&ForeignKey| effect::can_point(sides.actual, sides.declared, key, one);
        let foreign =
            table.foreign_keys.iter().filter(is_possible).map(|key| part::clause(key.name.as_ref(), &key.sql.0));
        statements.extend(foreign.map(|clause| format!("ALTER TABLE {target} ADD {clause}")));
        statements.extend(table.indexes.iter().map(|index| index.sql.0.clone()));
    }
    let triggers = table.triggers.iter().flat_map(|(trigger, made)| part::made_trigger(&target, trigger, made));
    statements.extend(triggers);
    statements.extend(table.policies.values().chain(table.rules.values()).map(|made| made.sql.0.clone()));
    let more = table.properties.iter().filter_map(|property| switch(&target, property, true));
    statements.extend(more);
    statements.extend(note::all_of(sides, key, &table.about));
    let mend = Mend::by(statements);
    if server.is_empty() { mend } else { mend.with("fails where the server that it names is not there") }
}

pub(super) fn drop(sides: Sides<'_>, key: &str) -> Mend {
    let kind = sides.actual.tables.get(key).map_or("TABLE", kind);
    let mend = Mend::by([format!("DROP {kind} {}", name(sides, key))]);
    if kind == "TABLE" { mend.with("loses its rows") } else { mend }
}

/// What CREATE, DROP and COMMENT call a table.
pub(super) fn kind(table: &Table) -> &'static str {
    if property(table, "SERVER ").is_some() { "FOREIGN TABLE" } else { "TABLE" }
}

/// The tables that one inherits from, as SQL writes their names.
fn parents(table: &Table) -> Vec<&str> {
    let list = property(table, "INHERITS (").and_then(|list| list.strip_suffix(')'));
    list.map(listed).unwrap_or_default()
}

/// Whether what the parents of a table have too is defined by the table itself.
fn is_local(modifiers: &str) -> bool {
    modifiers.split(' ').any(|word| word == "LOCAL")
}

/// The column that comes from the first of the parents which has it.
fn inherited<'a>(parents: &[&'a Table], column: &Column) -> Option<&'a Column> {
    parents.iter().find_map(|parent| parent.column(&column.name))
}

/// The statements that make an inherited column what it is beyond that of its parent.
fn unlike(target: &str, of_parent: &Column, column: &Column) -> Vec<String> {
    let alter = |change: &str| format!("ALTER TABLE {target} ALTER COLUMN {} {change}", quote(&column.name));
    let default = (column.default != of_parent.default).then(|| match &column.default {
        Some(default) => alter(&format!("SET DEFAULT {default}")),
        None => alter("DROP DEFAULT"),
    });
    let not_null = (!column.nullable && of_parent.nullable).then(|| alter("SET NOT NULL"));
    default.into_iter().chain(not_null).collect()
}

/// The options of a server's object that text has behind `OPTIONS`: names and literals.
fn options(text: &str) -> Vec<(&str, &str)> {
    let list = text.split_once("OPTIONS (").and_then(|(_, list)| list.strip_suffix(')'));
    listed(list.unwrap_or_default()).into_iter().map(first).collect()
}

/// The options that make those of `live` those that are wanted, in the words of ALTER.
fn changed_options(wanted: &str, live: &str) -> String {
    let (wanted, live) = (options(wanted), options(live));
    let is_in = |options: &[(&str, &str)], name: &str| options.iter().any(|(other, _)| *other == name);
    let drop = live.iter().filter(|(name, _)| !is_in(&wanted, name)).map(|(name, _)| format!("DROP {name}"));
    let set = wanted
        .iter()
        .filter(|option| !live.contains(option))
        .map(|(name, value)| format!("{} {name} {value}", if is_in(&live, name) { "SET" } else { "ADD" }));
    drop.chain(set).collect::<Vec<_>>().join(", ")
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
    if let [Some(wanted), Some(live)] = [declared, actual].map(|table| property(table, "SERVER "))
        && wanted != live
    {
        if first(wanted).0 == first(live).0 {
            let options = changed_options(wanted, live);
            return Mend::by([format!("ALTER FOREIGN TABLE {target} OPTIONS ({options})")]);
        }
        let again = create(sides, key, declared);
        let statements = [format!("DROP FOREIGN TABLE {target}")].into_iter().chain(again.statements);
        let made = Also::made(key, Part::Table);
        return Mend { statements: statements.collect(), ..again }.changing([made]);
    }
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
        } else if property.starts_with("INHERITS ") {
            let (own, others) = if is_on { (declared, actual) } else { (actual, declared) };
            let kept = parents(others);
            for parent in parents(own).into_iter().filter(|parent| !kept.contains(parent)) {
                let parent = qualified(sides, key, parent);
                let change = if is_on { "INHERIT" } else { "NO INHERIT" };
                statements.push(format!("ALTER TABLE {target} {change} {parent}"));
            }
            caution = Some("columns and checks that it has in common with its parents stay its own");
        } else if let Some((parent, bound)) = property.strip_prefix("PARTITION OF ").map(first) {
            let [of_declared, of_actual] =
                tables(sides, &key_of(sides, key, parent)).map(|table| table.map(|table| &table.properties));
            if of_declared != of_actual {
                return Mend::by_hand(format!("{parent}, which it is a partition of, has to be mended first"));
            }
            let parent = qualified(sides, key, parent);
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
    Mend { caution: caution.map(str::to_owned), ..Mend::by(statements) }
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
    let (plain, with_collation) = type_words(&column.data_type);
    let options = column.modifiers.find("OPTIONS (").map(|at| &column.modifiers[at..]);
    let data_type = options.map(|options| with_collation.replacen(plain, &format!("{plain} {options}"), 1));
    let words = [Some(data_type.unwrap_or(with_collation)), not_null, default, generated, identity];
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
    let relation = self::kind(live);
    let alter = |change: &str| format!("ALTER {relation} {target} ALTER COLUMN {quoted} {change}");
    let (declared, actual) = (table.column(column), live.column(column));
    match (kind, declared, actual) {
        (Kind::ExtraColumn, ..) => {
            Mend::by([format!("ALTER {relation} {target} DROP COLUMN {quoted}")]).with("loses its values")
        }
        (Kind::MissingColumn, Some(declared), _) => {
            let mend = Mend::by(added(sides, key, table, declared));
            let is_filled = declared.default.is_some() || declared.identity.is_some() || declared.generated.is_some();
            if declared.nullable || is_filled { mend } else { mend.with("fails where the table has rows") }
        }
        (Kind::ColumnType, Some(declared), Some(actual)) => retyped(sides, live, [declared, actual], &alter),
        (Kind::ColumnNullability, Some(declared), _) if declared.nullable => Mend::by([alter("DROP NOT NULL")]),
        (Kind::ColumnNullability, ..) => Mend::by([alter("SET NOT NULL")]).with("fails where a row has NULL"),
        (Kind::ColumnDefault, Some(declared), _) => Mend::by([match &declared.default {
            Some(default) => alter(&format!("SET DEFAULT {default}")),
            None => alter("DROP DEFAULT"),
        }]),
        (Kind::ColumnIdentity, Some(declared), Some(actual)) => match (&declared.identity, &actual.identity) {
            (None, _) => match (&declared.default, own_sequence(sides.declared, key, column)) {
                (Some(default), Some((sequence, made))) if default.starts_with("nextval(") => {
                    let sequence = name(sides, sequence);
                    let statements = [
                        alter("DROP IDENTITY"),
                        format!("CREATE SEQUENCE {sequence} {}", made.definition),
                        alter(&format!("SET DEFAULT {default}")),
                        format!("ALTER SEQUENCE {sequence} OWNED BY {target}.{quoted}"),
                        format!(
                            "SELECT setval({}, coalesce(max({quoted}), 0) + 1, false) FROM {target}",
                            literal(&sequence)
                        ),
                    ];
                    Mend::by(statements).with("begins after the highest number that is there")
                }
                (default, _) => {
                    let set = default.iter().map(|default| alter(&format!("SET DEFAULT {default}")));
                    Mend::by([alter("DROP IDENTITY")].into_iter().chain(set))
                }
            },
            (Some(wanted), Some(_)) => Mend::by([alter(&format!("SET {}", wanted.trim_end_matches(" AS IDENTITY")))]),
            (Some(wanted), None) => {
                let drop = actual.default.iter().map(|_| alter("DROP DEFAULT"));
                // The sequence of a serial may have the name that the identity's is to have.
                let own = own_sequence(sides.actual, key, column);
                let gone = own.map(|(sequence, _)| format!("DROP SEQUENCE {}", name(sides, sequence)));
                let drop = drop.chain(gone);
                let add = alter(&format!("ADD {wanted}{}", identity_options(sides, key, column)));
                let advance = format!(
                    "SELECT setval(pg_get_serial_sequence({}, {}), coalesce(max({quoted}), 0) + 1, false) FROM {target}",
                    literal(&target),
                    literal(column)
                );
                Mend::by(drop.chain([add, advance])).with("begins after the highest number that is there")
            }
        },
        (Kind::ColumnModifiers, Some(declared), Some(actual)) => {
            if is_local(&declared.modifiers) == is_local(&actual.modifiers) {
                let options = changed_options(&declared.modifiers, &actual.modifiers);
                return Mend::by([alter(&format!("OPTIONS ({options})"))]);
            }
            Mend::by_hand("whether a column is a table's own or its parents' alone is said when the table is made")
        }
        (Kind::ColumnGenerated, Some(declared), Some(actual)) => {
            if declared.generated.is_none() && actual.generated.is_some() {
                return Mend::by([alter("DROP EXPRESSION")]).with("keeps the values that were computed");
            }
            let drop = format!("ALTER TABLE {target} DROP COLUMN {quoted}");
            // Its indexes and constraints go with it, and are found missing.
            let again = added(sides, key, table, declared);
            Mend::by([drop].into_iter().chain(again)).with("loses its values, which are computed anew; it comes last")
        }
        _ => gone(),
    }
}

/// Gives a column another type.
fn retyped(sides: Sides<'_>, live: &Table, [declared, actual]: [&Column; 2], alter: &impl Fn(&str) -> String) -> Mend {
    let (plain, words) = type_words(&declared.data_type);
    if kind(live) == "FOREIGN TABLE" {
        return Mend::by([alter(&format!("TYPE {words}"))]).with("says nothing to the server that has the rows");
    }
    if let Some(reader) = reader(live, &actual.name) {
        return Mend::by_hand(format!("{reader} reads the column: drop it, change the type, make it again"));
    }
    let Some(cast) = cast(sides, plain, type_words(&actual.data_type).0) else {
        return Mend::by_hand("no value of the one type becomes one of the other by itself: say how with USING");
    };
    // An assignment refuses a text that is too long, and a cast cuts it.
    let using = if cast.is_empty() { cast } else { format!(" USING {}{cast}", quote(&actual.name)) };
    let drop = actual.default.iter().map(|_| alter("DROP DEFAULT"));
    let set = declared.default.iter().map(|default| alter(&format!("SET DEFAULT {default}")));
    Mend::by(drop.chain([alter(&format!("TYPE {words}{using}"))]).chain(set)).with(
        "takes an exclusive lock, and may rewrite the table; fails where a value does not fit, and rounds one that is \
         too precise",
    )
}

/// The cast by which values of one type become those of another, where the server knows one; it has no words where
/// an assignment does.
fn cast(sides: Sides<'_>, declared: &str, actual: &str) -> Option<String> {
    let base = |data_type: &str| data_type.split('(').next().unwrap_or_default().to_owned();
    let is_text = |data_type: &str| ["character varying", "character", "text"].contains(&base(data_type).as_str());
    if base(declared) == base(actual) || is_text(declared) && is_text(actual) {
        return Some(String::new());
    }
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
    let is_known = is_plain(declared) && (is_plain(actual) || is_enum(sides.actual, actual));
    is_known.then(|| format!("::{declared}"))
}

/// The sequence that belongs to a column and is no identity's.
fn own_sequence<'a>(catalog: &'a crate::Catalog, key: &str, column: &str) -> Option<(&'a String, &'a crate::Sequence)> {
    let owner = format!("{key}.{column}");
    let mut sequences = catalog.sequences.iter();
    sequences.find(|(_, sequence)| !sequence.is_identity && sequence.owned_by.as_ref() == Some(&owner))
}

/// What keeps a column's type as it is, in words: what the server binds to the column and does not make anew.
fn reader(live: &Table, column: &str) -> Option<String> {
    let is_generated = |other: &&Column| other.generated.as_ref().is_some_and(|generated| mentions(generated, column));
    if let Some(other) = live.columns.iter().find(is_generated) {
        return Some(format!("the generated column {}", other.name));
    }
    property(live, "PARTITION BY ").filter(|by| mentions(by, column)).map(|_| "the partition key".to_owned())
}

/// The statements that add a column, with the sequence that is its own.
fn added(sides: Sides<'_>, key: &str, table: &Table, column: &Column) -> Vec<String> {
    let target = name(sides, key);
    let own = own_sequence(sides.declared, key, &column.name);
    let made = own.map(|(sequence, made)| format!("CREATE SEQUENCE {} {}", name(sides, sequence), made.definition));
    let add =
        format!("ALTER {} {target} ADD COLUMN {} {}", kind(table), quote(&column.name), definition(sides, key, column));
    let owned = own.map(|(sequence, _)| {
        format!("ALTER SEQUENCE {} OWNED BY {target}.{}", name(sides, sequence), quote(&column.name))
    });
    let part = format!("column {}", column.name);
    let comment = table.about.comments.get(&part);
    let comment =
        comment.map(|text| format!("COMMENT ON COLUMN {target}.{} IS {}", quote(&column.name), literal(text)));
    made.into_iter().chain([add]).chain(owned).chain(comment).collect()
}

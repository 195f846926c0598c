//! What only `SHOW CREATE TABLE` tells: foreign keys with their actions, periods, partitions, options.

use sea_orm::{ConnectionTrait, DbErr};

use super::{Source, binary, reference};
use crate::{Catalog, Rendered, Table};

/// How many tables one round trip asks for: a statement may have 16 MiB, and a name 64 characters.
const AT_ONCE: usize = 500;

pub(super) async fn read(source: &Source<'_, impl ConnectionTrait>, catalog: &mut Catalog) -> Result<(), DbErr> {
    let names: Vec<String> = catalog.tables.keys().cloned().collect();
    for names in names.chunks(AT_ONCE) {
        for (name, text) in texts(source, "TABLE", names, 1).await? {
            if let Some(table) = catalog.tables.get_mut(&name) {
                let (text, defaults) = binary::readable(&text);
                for (name, default) in defaults {
                    let columns = table.columns.iter_mut().filter(|column| column.name == name);
                    columns.for_each(|column| column.default = Some(default.clone()));
                }
                apply(table, &text);
                table.sql = Rendered(text);
            }
        }
    }
    let unread = catalog.tables.iter().filter(|(_, table)| table.sql.0.is_empty());
    catalog.unseen.extend(unread.map(|(name, _)| format!("the text of {name}: needs SELECT on the whole table")));
    Ok(())
}

/// The names and statements of those of `names` that this role may see, in one round trip. The statement
/// stands, in bytes, in this column of what the server shows of the kind.
pub(super) async fn texts(
    source: &Source<'_, impl ConnectionTrait>,
    kind: &str,
    names: &[String],
    column: usize,
) -> Result<Vec<(String, Vec<u8>)>, DbErr> {
    let shows = names.iter().map(|name| format!("SHOW CREATE {kind} {};", source.qualified(name)));
    let shows = shows.collect::<Vec<_>>().join(" ");
    if shows.is_empty() {
        return Ok(Vec::new());
    }
    // The one that may not be seen, or has gone since, leaves the others.
    let block = format!("BEGIN NOT ATOMIC DECLARE CONTINUE HANDLER FOR SQLEXCEPTION BEGIN END; {shows} END");
    let mut texts = Vec::new();
    for row in source.compared(&block).await? {
        let text: Option<Vec<u8>> = row.try_get_by_index(column)?;
        if let Some(text) = text {
            texts.push((row.try_get_by_index(0)?, text));
        }
    }
    Ok(texts)
}

fn apply(table: &mut Table, text: &str) {
    let (statement, partitions) = match text.split_once("\n PARTITION BY ") {
        Some((statement, partitions)) => (statement, Some(partitions)),
        None => (text, None),
    };
    let (mut periods, mut is_versioned) = (Vec::new(), false);
    for line in statement.lines().skip(1) {
        if let Some(options) = line.strip_prefix(')') {
            is_versioned = add_options(table, &words(options));
            continue;
        }
        let line = line.trim();
        let words = words(line.strip_suffix(',').unwrap_or(line));
        match words[..] {
            ["PERIOD", "FOR", name, columns] => {
                periods.push(format!("PERIOD FOR {name} {columns}"));
                // The server keeps it as a check too.
                let names = identifiers(name);
                table.checks.retain(|check| check.name.as_ref() != names.first());
            }
            ["PRIMARY", "KEY", parts, ref options @ ..] => add_key(table, None, parts, options),
            ["UNIQUE" | "FULLTEXT" | "SPATIAL" | "VECTOR", "KEY", name, parts, ref options @ ..]
            | ["KEY", name, parts, ref options @ ..] => add_key(table, Some(name), parts, options),
            ["CONSTRAINT", name, "FOREIGN", "KEY", columns, "REFERENCES", target, there, ref actions @ ..] => {
                table.foreign_keys.push(reference::foreign_key([name, columns, target, there], actions));
            }
            _ => {}
        }
    }
    table.foreign_keys.sort_by(|one, other| one.name.cmp(&other.name));
    table.properties.extend(periods);
    table.properties.extend(is_versioned.then(|| "WITH SYSTEM VERSIONING".to_owned()));
    table.properties.extend(partitions.map(partition));
}

/// Notes the options of a table that no query tells, and says whether it keeps its history.
fn add_options(table: &mut Table, words: &[&str]) -> bool {
    const KNOWN: [&str; 6] = ["ENGINE=", "AUTO_INCREMENT=", "CHARSET=", "COLLATE=", "COMMENT=", "CONNECTION="];
    let is_innodb = words.contains(&"ENGINE=InnoDB");
    let is_known = |word: &&&str| {
        KNOWN.iter().any(|known| word.starts_with(known))
            || is_innodb && word.starts_with("ROW_FORMAT=")
            || ["DEFAULT", "WITH", "SYSTEM", "VERSIONING"].contains(*word)
    };
    let storage = table.about.storage.remove("");
    let rest = words.iter().filter(|word| !is_known(word)).map(|word| (*word).to_owned());
    let storage = storage.into_iter().chain(rest).collect::<Vec<_>>().join(" ");
    if !storage.is_empty() {
        table.about.storage.insert(String::new(), storage);
    }
    words.ends_with(&["WITH", "SYSTEM", "VERSIONING"])
}

/// Adds what only the text says of a key: that it is over a period, and options that the server has no column for.
fn add_key(table: &mut Table, name: Option<&str>, parts: &str, options: &[&str]) {
    let name = name.and_then(|name| identifiers(name).into_iter().next());
    if parts.ends_with(" WITHOUT OVERLAPS)") {
        let period = identifiers(parts).pop().unwrap_or_default();
        let mut keys = table.primary_key.iter_mut().chain(&mut table.uniques);
        if let Some(key) = keys.find(|key| key.name == name) {
            key.columns.truncate(key.columns.len().saturating_sub(2));
            key.columns.push(format!("{period} WITHOUT OVERLAPS"));
        }
    }
    let mut options = options.iter();
    let mut rest = Vec::new();
    while let Some(option) = options.next() {
        match *option {
            "USING" | "COMMENT" => drop(options.next()),
            "IGNORED" => {}
            option => rest.push(option),
        }
    }
    if !rest.is_empty() {
        let place = name.map_or("primary key".to_owned(), |name| format!("index {name}"));
        table.about.storage.insert(place, rest.join(" "));
    }
}

/// The partitions of a table in one line, less what the server makes of the time at which it is asked to:
/// where intervals of history start, and how many of them there are where it adds them by itself.
fn partition(text: &str) -> String {
    let mut text = text.split('\n').map(str::trim).collect::<Vec<_>>().join(" ");
    if text.starts_with("SYSTEM_TIME ") {
        if let Some((before, after)) = text.split_once(" STARTS TIMESTAMP'") {
            let rest = after.split_once('\'').map_or("", |(_, rest)| rest);
            text = format!("{before}{rest}");
        }
        if let Some((before, _)) = text.split_once(" AUTO") {
            text = format!("{before} AUTO");
        }
    }
    format!("PARTITION BY {text}")
}

/// The words of a line of the server: what stands between spaces that are in no quotes or parentheses.
pub(super) fn words(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut start, mut depth, mut quote, mut is_escaped) = (0, 0_usize, None, false);
    for (position, character) in line.char_indices() {
        match (quote, character) {
            (Some('\''), '\\') if !is_escaped => {
                is_escaped = true;
                continue;
            }
            (Some(open), _) if open == character && !is_escaped => quote = None,
            (None, '\'' | '`' | '"') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, ' ') if depth == 0 => {
                words.push(&line[start..position]);
                start = position + 1;
            }
            _ => {}
        }
        is_escaped = false;
    }
    words.push(&line[start..]);
    words.retain(|word| !word.is_empty());
    words
}

/// The names in backticks that `text` holds.
pub(super) fn identifiers(text: &str) -> Vec<String> {
    // Two backticks in a name stand for one; no name holds the character that takes their place.
    let text = text.replace("``", "\u{0}");
    text.split('`').skip(1).step_by(2).map(|name| name.replace('\u{0}', "`")).collect()
}

#[cfg(test)]
mod tests {
    use super::{apply, identifiers, partition, words};
    use crate::{Action, Check, Key, Table};

    #[test]
    fn words_keep_quotes_and_parentheses_whole() {
        let line = "KEY `a b` (`x`(10),`y` DESC) COMMENT 'it''s (\\' here' USING HASH";
        let expected = ["KEY", "`a b`", "(`x`(10),`y` DESC)", "COMMENT", "'it''s (\\' here'", "USING", "HASH"];
        assert_eq!(words(line), expected);
        assert_eq!(identifiers("(`a``b`,`c`(10))"), ["a`b", "c"]);
    }

    #[test]
    fn the_text_tells_periods_keys_and_options() {
        let text = "CREATE TABLE `price` (\n  `id` int(11) NOT NULL,\n  `since` date NOT NULL,\n  `until` date NOT NULL,\n  \
                    PERIOD FOR `valid` (`since`, `until`),\n  UNIQUE KEY `uq` (`id`,`valid` WITHOUT OVERLAPS),\n  \
                    KEY `ix` (`id`) KEY_BLOCK_SIZE=8 COMMENT 'x',\n  CONSTRAINT `fk` FOREIGN KEY (`id`) REFERENCES \
                    `far`.`item` (`id`) ON DELETE CASCADE\n) ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4 \
                    COLLATE=utf8mb4_bin ROW_FORMAT=DYNAMIC STATS_PERSISTENT=1 COMMENT='a b' WITH SYSTEM VERSIONING\n \
                    PARTITION BY KEY (`id`)\nPARTITIONS 2";
        let mut table = Table {
            uniques: vec![Key {
                name: Some("uq".to_owned()),
                columns: ["id", "until", "since"].map(str::to_owned).to_vec(),
                ..Key::default()
            }],
            checks: vec![Check { name: Some("valid".to_owned()), ..Check::default() }],
            ..Table::default()
        };
        apply(&mut table, text);
        assert_eq!(table.uniques[0].columns, ["id", "valid WITHOUT OVERLAPS"]);
        assert!(table.checks.is_empty());
        let properties =
            ["PERIOD FOR `valid` (`since`, `until`)", "WITH SYSTEM VERSIONING", "PARTITION BY KEY (`id`) PARTITIONS 2"];
        assert_eq!(table.properties, properties);
        assert_eq!(table.about.storage[""], "STATS_PERSISTENT=1");
        assert_eq!(table.about.storage["index ix"], "KEY_BLOCK_SIZE=8");
        let key = &table.foreign_keys[0];
        assert_eq!(
            (key.target.as_str(), key.on_delete, key.on_update),
            ("far.item", Action::Cascade, Action::Restrict)
        );
    }

    #[test]
    fn a_history_starts_where_it_was_made_and_that_is_not_compared() {
        let text = "SYSTEM_TIME INTERVAL 1 MONTH STARTS TIMESTAMP'2026-11-21 00:00:00'\n(PARTITION `a` HISTORY)";
        assert_eq!(partition(text), "PARTITION BY SYSTEM_TIME INTERVAL 1 MONTH (PARTITION `a` HISTORY)");
    }
}

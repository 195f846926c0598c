//! Who may do what with tables, columns and routines. What is granted on a whole database is the server's.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use super::right::Rights;
use super::{Source, text};
use crate::{About, Catalog};

const GRANTS: &str = "
SELECT GRANTEE AS grantee, TABLE_NAME AS name, NULL AS column_name, PRIVILEGE_TYPE AS privilege,
       IS_GRANTABLE = 'YES' AS grantable
FROM information_schema.TABLE_PRIVILEGES WHERE TABLE_SCHEMA = ?";

const COLUMN_GRANTS: &str = "
SELECT GRANTEE AS grantee, TABLE_NAME AS name, COLUMN_NAME AS column_name, PRIVILEGE_TYPE AS privilege,
       IS_GRANTABLE = 'YES' AS grantable
FROM information_schema.COLUMN_PRIVILEGES WHERE TABLE_SCHEMA = ?";

const ROUTINE_GRANTS: &str = "
SELECT concat('''', User, '''@''', Host, '''') AS grantee, Routine_name AS name, cast(Routine_type AS char) AS kind,
       upper(cast(Proc_priv AS char)) AS privileges
FROM mysql.procs_priv WHERE Db = ?";

/// What each grantee may do.
type Granted = BTreeMap<String, BTreeSet<String>>;

pub(super) async fn read(
    source: &Source<'_, impl ConnectionTrait>,
    rights: &Rights,
    catalog: &mut Catalog,
) -> Result<(), DbErr> {
    if !rights.has(&["SELECT"], "mysql", "*") {
        catalog.unseen.push("the grants: need SELECT on the database mysql".to_owned());
        return Ok(());
    }
    let mut granted = BTreeMap::<(String, String), Granted>::new();
    for sql in [GRANTS, COLUMN_GRANTS] {
        for row in source.all(sql).await? {
            let part = text(&row, "column_name")?.map(|column| format!("column {column}")).unwrap_or_default();
            let all = granted.entry((row.try_get("", "name")?, part)).or_default().entry(grantee(&row)?).or_default();
            all.insert(row.try_get("", "privilege")?);
            let grantable: bool = row.try_get("", "grantable")?;
            all.extend(grantable.then(|| "GRANT OPTION".to_owned()));
        }
    }
    for ((name, part), granted) in granted {
        if let Some(about) = about(catalog, &name) {
            about.grants.insert(part, in_words(&granted));
        }
    }
    let mut routines = BTreeMap::<(String, String), Granted>::new();
    for row in source.all(ROUTINE_GRANTS).await? {
        let privileges: String = row.try_get("", "privileges")?;
        let privileges = privileges.split(',').map(|privilege| match privilege {
            "GRANT" => "GRANT OPTION".to_owned(),
            other => other.to_owned(),
        });
        let place = (row.try_get("", "name")?, row.try_get("", "kind")?);
        routines.entry(place).or_default().entry(grantee(&row)?).or_default().extend(privileges);
    }
    for ((name, kind), granted) in routines {
        if let Some(about) = routine(catalog, &name, &kind) {
            about.grants.insert(String::new(), in_words(&granted));
        }
    }
    Ok(())
}

fn about<'a>(catalog: &'a mut Catalog, name: &str) -> Option<&'a mut About> {
    let table = catalog.tables.get_mut(name).map(|table| &mut table.about);
    let table = table.or_else(|| catalog.views.get_mut(name).map(|view| &mut view.about));
    table.or_else(|| catalog.sequences.get_mut(name).map(|sequence| &mut sequence.about))
}

fn routine<'a>(catalog: &'a mut Catalog, name: &str, kind: &str) -> Option<&'a mut About> {
    let package = format!("{} {name}", kind.to_lowercase());
    if let Some(package) = catalog.others.get_mut(&package) {
        return Some(&mut package.about);
    }
    let mut all = catalog.routines.iter_mut().filter(|(key, routine)| {
        let named = key.split('(').next().unwrap_or_default();
        // A procedure beside a function of its name and arguments has its kind before the name.
        let named = named.strip_prefix("procedure ").unwrap_or(named);
        named == name && routine.definition.trim_start_matches("AGGREGATE ").starts_with(kind)
    });
    all.next().map(|(_, routine)| &mut routine.about)
}

/// A grantee as `GRANT` names it: a role has no host.
fn grantee(row: &QueryResult) -> Result<String, DbErr> {
    let grantee: String = row.try_get("", "grantee")?;
    Ok(match grantee.strip_suffix("@''") {
        Some("'PUBLIC'") => "PUBLIC".to_owned(),
        Some(role) => role.to_owned(),
        None => grantee,
    })
}

fn in_words(granted: &Granted) -> String {
    let one = |(grantee, privileges): (&String, &BTreeSet<String>)| {
        format!("{grantee}: {}", privileges.iter().map(String::as_str).collect::<Vec<_>>().join(", "))
    };
    granted.iter().map(one).collect::<Vec<_>>().join("; ")
}

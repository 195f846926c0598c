//! Functions, procedures and packages.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use super::right::Rights;
use super::{Source, literal, names, shown, text};
use crate::{About, Catalog, Definition, Dialect, Rendered};

const ROUTINES: &str = "
SELECT SPECIFIC_NAME AS name, ROUTINE_TYPE AS kind, DTD_IDENTIFIER AS data_type,
       nullif(COLLATION_NAME, r.DATABASE_COLLATION) AS collation, ROUTINE_DEFINITION AS body,
       IS_DETERMINISTIC = 'YES' AS is_deterministic, SQL_DATA_ACCESS AS access, SECURITY_TYPE AS security,
       SQL_MODE AS mode, ROUTINE_COMMENT AS comment, DEFINER AS definer, CHARACTER_SET_CLIENT AS client,
       COLLATION_CONNECTION AS connection
FROM information_schema.ROUTINES r WHERE ROUTINE_SCHEMA = ? ORDER BY ROUTINE_TYPE, SPECIFIC_NAME";

const PARAMETERS: &str = "
SELECT SPECIFIC_NAME AS name, ROUTINE_TYPE AS kind, PARAMETER_MODE AS mode, PARAMETER_NAME AS parameter,
       DTD_IDENTIFIER AS data_type, nullif(COLLATION_NAME, DEFAULT_COLLATION_NAME) AS collation
FROM information_schema.PARAMETERS JOIN information_schema.SCHEMATA ON SCHEMA_NAME = SPECIFIC_SCHEMA
WHERE SPECIFIC_SCHEMA = ? AND ORDINAL_POSITION > 0 ORDER BY SPECIFIC_NAME, ROUTINE_TYPE, ORDINAL_POSITION";

#[derive(Default)]
struct Parameters {
    types: Vec<String>,
    list: Vec<String>,
}

pub(super) async fn read(
    source: &Source<'_, impl ConnectionTrait>,
    rights: &Rights,
    catalog: &mut Catalog,
) -> Result<(), DbErr> {
    if !rights.has(&["EXECUTE", "CREATE ROUTINE", "ALTER ROUTINE", "SHOW CREATE ROUTINE"], source.namespace, "*") {
        catalog.unseen.push("other routines: need EXECUTE on the database".to_owned());
    }
    let rows = source.all(ROUTINES).await?;
    if rows.is_empty() {
        return Ok(());
    }
    let mut parameters = parameters(source).await?;
    show_rows(source, &mut parameters).await?;
    for row in rows {
        let (name, kind): (String, String) = (row.try_get("", "name")?, row.try_get("", "kind")?);
        let parameters = parameters.remove(&(name.clone(), kind.clone())).unwrap_or_default();
        let definition = definition(&row, &source.qualified(&name), &kind, &parameters)?;
        let is_package = kind.starts_with("PACKAGE");
        let mut key = if is_package {
            format!("{} {name}", kind.to_lowercase())
        } else {
            format!("{name}({})", parameters.types.join(", "))
        };
        let all = if is_package { &mut catalog.others } else { &mut catalog.routines };
        if all.contains_key(&key) {
            // Functions and procedures may share a name.
            key = format!("{} {key}", kind.to_lowercase());
        }
        if text(&row, "body")?.is_none() {
            catalog.unseen.push(format!("the definition of {key}: needs SHOW CREATE ROUTINE or SELECT on mysql.proc"));
        }
        all.insert(key, definition);
    }
    Ok(())
}

async fn parameters(
    source: &Source<'_, impl ConnectionTrait>,
) -> Result<BTreeMap<(String, String), Parameters>, DbErr> {
    let mut all = BTreeMap::<_, Parameters>::new();
    for row in source.all(PARAMETERS).await? {
        let (name, kind): (String, String) = (row.try_get("", "name")?, row.try_get("", "kind")?);
        let data_type: String = row.try_get("", "data_type")?;
        let mode = text(&row, "mode")?.filter(|_| kind == "PROCEDURE").map(|mode| mode + " ").unwrap_or_default();
        let collation = text(&row, "collation")?.map(|collation| format!(" COLLATE {collation}")).unwrap_or_default();
        let parameter = Dialect::MariaDb.quote(&text(&row, "parameter")?.unwrap_or_default());
        let parameters = all.entry((name, kind)).or_default();
        parameters.list.push(format!("{mode}{parameter} {}{collation}", with_set(&data_type, &collation)));
        parameters.types.push(data_type);
    }
    Ok(all)
}

/// A type of a routine with the character set that a collation asks for: here it may not stand alone.
fn with_set(data_type: &str, collation: &str) -> String {
    match collation.trim_start().strip_prefix("COLLATE ").and_then(|collation| collation.split('_').next()) {
        Some(set) => format!("{data_type} CHARSET {set}"),
        None => data_type.to_owned(),
    }
}

/// Puts the parameters as they were written in the place of those of a row type, whose fields no query tells.
async fn show_rows(
    source: &Source<'_, impl ConnectionTrait>,
    parameters: &mut BTreeMap<(String, String), Parameters>,
) -> Result<(), DbErr> {
    for kind in ["FUNCTION", "PROCEDURE"] {
        let has_rows = |parameters: &Parameters| parameters.types.iter().any(|data_type| data_type == "ROW");
        let names = parameters.iter().filter(|((_, of), parameters)| of == kind && has_rows(parameters));
        let names: Vec<String> = names.map(|((name, _), _)| name.clone()).collect();
        for (name, text) in shown::texts(source, kind, &names, 2).await? {
            let text = String::from_utf8_lossy(&text);
            let list = shown::words(&text).into_iter().find_map(|word| {
                let (_, list) = word.split_once('(')?;
                list.strip_suffix(')').map(str::to_owned)
            });
            if let (Some(list), Some(parameters)) = (list, parameters.get_mut(&(name, kind.to_owned()))) {
                parameters.list = vec![list];
            }
        }
    }
    Ok(())
}

fn definition(row: &QueryResult, name: &str, kind: &str, parameters: &Parameters) -> Result<Definition, DbErr> {
    let body = text(row, "body")?.unwrap_or_default();
    let comment = text(row, "comment")?;
    let security: String = row.try_get("", "security")?;
    let deterministic: bool = row.try_get("", "is_deterministic")?;
    let access: String = row.try_get("", "access")?;
    let mode: String = row.try_get("", "mode")?;
    let said = comment.as_ref().map(|comment| format!(" COMMENT {}", literal(comment))).unwrap_or_default();
    let (head, characteristics) = if kind.starts_with("PACKAGE") {
        (String::new(), format!(" SQL SECURITY {security}"))
    } else {
        let collation = text(row, "collation")?.map(|collation| format!(" COLLATE {collation}")).unwrap_or_default();
        let returns = text(row, "data_type")?
            .map(|data_type| format!(" RETURNS {}{collation}", with_set(&data_type, &collation)))
            .unwrap_or_default();
        let not = if deterministic { "" } else { "NOT " };
        let head = format!("({}){returns}", parameters.list.join(", "));
        (head, format!(" {not}DETERMINISTIC {access} SQL SECURITY {security}"))
    };
    // The server refuses this in any other function, and an aggregate one without it.
    let words = body.split_ascii_whitespace().collect::<Vec<_>>().join(" ").to_ascii_lowercase();
    let aggregate = if kind == "FUNCTION" && words.contains("fetch group next row") { "AGGREGATE " } else { "" };
    let mut about = About::default();
    about.owners.insert(String::new(), row.try_get("", "definer")?);
    about.storage.insert(String::new(), names(row)?);
    about.comments.extend(comment.map(|comment| (String::new(), comment)));
    Ok(Definition {
        definition: format!("{aggregate}{kind} {head}{characteristics} {body}"),
        modifiers: format!("SQL_MODE={}", literal(&mode)),
        sql: Rendered(format!("CREATE OR REPLACE {aggregate}{kind} {name}{head}{characteristics}{said} {body}")),
        about,
    })
}

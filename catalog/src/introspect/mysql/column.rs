//! Columns of tables and views.

use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use super::{Source, text};
use crate::{Catalog, Column};

const COLUMNS: &str = "
SELECT TABLE_NAME AS table_name, COLUMN_NAME AS name, IS_NULLABLE = 'YES' AS nullable, COLUMN_TYPE AS data_type,
       nullif(COLLATION_NAME, DEFAULT_COLLATION_NAME) AS collation, COLUMN_DEFAULT AS default_value, EXTRA AS extra,
       GENERATION_EXPRESSION AS expression, COLUMN_COMMENT AS comment
FROM information_schema.COLUMNS JOIN information_schema.SCHEMATA ON SCHEMA_NAME = TABLE_SCHEMA
WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME, ORDINAL_POSITION";

const REFERENCE_SYSTEMS: &str = "
SELECT G_TABLE_NAME AS table_name, G_GEOMETRY_COLUMN AS name, cast(SRID AS char) AS system
FROM information_schema.GEOMETRY_COLUMNS WHERE G_TABLE_SCHEMA = ? AND SRID <> 0";

const GEOMETRIES: [&str; 8] = [
    "point",
    "linestring",
    "polygon",
    "geometry",
    "multipoint",
    "multilinestring",
    "multipolygon",
    "geometrycollection",
];

pub(super) async fn read(source: &Source<'_, impl ConnectionTrait>, catalog: &mut Catalog) -> Result<(), DbErr> {
    for row in source.all(COLUMNS).await? {
        let name: String = row.try_get("", "table_name")?;
        let mut column = column(&row)?;
        if let Some(table) = catalog.tables.get_mut(&name) {
            if let Some(at) = column.data_type.find(" /*M!") {
                let collation = column.data_type.find(" collate ").unwrap_or(column.data_type.len());
                column.data_type.replace_range(at..collation, "");
                table.about.storage.insert(format!("column {}", column.name), "COMPRESSED".to_owned());
            }
            let comment = text(&row, "comment")?.map(|comment| (format!("column {}", column.name), comment));
            table.about.comments.extend(comment);
            table.columns.push(column);
        } else if let Some(view) = catalog.views.get_mut(&name) {
            view.columns.push(format!("{} {}", column.name, column.data_type));
        }
    }
    let mut columns = catalog.tables.values().flat_map(|table| &table.columns);
    if columns.any(|column| GEOMETRIES.contains(&column.data_type.as_str())) {
        for row in source.all(REFERENCE_SYSTEMS).await? {
            let (table, name): (String, String) = (row.try_get("", "table_name")?, row.try_get("", "name")?);
            let columns = catalog.tables.get_mut(&table).into_iter().flat_map(|table| &mut table.columns);
            if let Some(column) = columns.into_iter().find(|column| column.name == name) {
                let system: String = row.try_get("", "system")?;
                column.modifiers.insert_str(0, &format!("REF_SYSTEM_ID={system} "));
                column.modifiers.truncate(column.modifiers.trim_end().len());
            }
        }
    }
    Ok(())
}

fn column(row: &QueryResult) -> Result<Column, DbErr> {
    let mut column = Column {
        name: row.try_get("", "name")?,
        data_type: row.try_get("", "data_type")?,
        nullable: row.try_get("", "nullable")?,
        // The word NULL is what MariaDB shows for a nullable column without a default.
        default: text(row, "default_value")?.filter(|text| text != "NULL"),
        ..Column::default()
    };
    let mut modifiers = Vec::new();
    if let Some(collation) = text(row, "collation")? {
        column.data_type = format!("{} collate {collation}", column.data_type);
    }
    let expression = text(row, "expression")?;
    for word in text(row, "extra")?.unwrap_or_default().split(", ") {
        match (word, &expression) {
            ("", _) => {}
            ("auto_increment", _) => column.identity = Some("AUTO_INCREMENT".to_owned()),
            ("STORED GENERATED", Some(expression)) if expression == "ROW START" || expression == "ROW END" => {
                column.generated = Some(expression.clone());
            }
            ("STORED GENERATED", Some(expression)) => column.generated = Some(format!("({expression}) STORED")),
            ("VIRTUAL GENERATED", Some(expression)) => column.generated = Some(format!("({expression}) VIRTUAL")),
            (word, _) => modifiers.push(word.replace("on update", "ON UPDATE")),
        }
    }
    column.modifiers = modifiers.join(" ");
    Ok(column)
}

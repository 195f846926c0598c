//! Tables as such: engine, default collation, comment, position of the generator.

use sea_orm::{ConnectionTrait, DbErr};

use super::{Source, text};
use crate::{Catalog, Table};

const TABLES: &str = "
SELECT TABLE_NAME AS name, ENGINE AS engine, ROW_FORMAT AS format, nullif(TABLE_COLLATION, DEFAULT_COLLATION_NAME) AS collation,
       TABLE_COMMENT AS comment, cast(AUTO_INCREMENT AS char) AS position
FROM information_schema.TABLES JOIN information_schema.SCHEMATA ON SCHEMA_NAME = TABLE_SCHEMA
WHERE TABLE_SCHEMA = ? AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')";

pub(super) async fn read(source: &Source<'_, impl ConnectionTrait>, catalog: &mut Catalog) -> Result<(), DbErr> {
    for row in source.all(TABLES).await? {
        let mut table = Table::default();
        let engine = text(&row, "engine")?;
        table.properties.extend(engine.as_ref().map(|engine| format!("ENGINE={engine}")));
        table.properties.extend(text(&row, "collation")?.map(|collation| format!("COLLATE={collation}")));
        let comment = text(&row, "comment")?;
        table.about.comments.extend(comment.map(|comment| (String::new(), comment)));
        // Other engines choose a format by the columns; theirs is an option or nothing.
        let format = text(&row, "format")?.filter(|format| engine.as_deref() == Some("InnoDB") && format != "Dynamic");
        let format = format.map(|format| format!("ROW_FORMAT={}", format.to_ascii_uppercase()));
        table.about.storage.extend(format.map(|format| (String::new(), format)));
        table.position = text(&row, "position")?.and_then(|position| position.parse().ok());
        catalog.tables.insert(row.try_get("", "name")?, table);
    }
    Ok(())
}

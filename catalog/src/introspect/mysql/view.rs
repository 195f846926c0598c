//! Views.

use sea_orm::{ConnectionTrait, DbErr};

use super::{Source, names, text};
use crate::{Catalog, Rendered, View};

const VIEWS: &str = "
SELECT TABLE_NAME AS name, VIEW_DEFINITION AS definition, CHECK_OPTION AS checked, DEFINER AS definer,
       SECURITY_TYPE AS security, ALGORITHM AS algorithm, CHARACTER_SET_CLIENT AS client,
       COLLATION_CONNECTION AS connection
FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ?";

pub(super) async fn read(source: &Source<'_, impl ConnectionTrait>, catalog: &mut Catalog) -> Result<(), DbErr> {
    for row in source.all(VIEWS).await? {
        let name: String = row.try_get("", "name")?;
        let mut view = View { definition: text(&row, "definition")?.unwrap_or_default(), ..View::default() };
        if view.definition.is_empty() {
            catalog.unseen.push(format!("the definition of {name}: needs SHOW VIEW on it"));
        }
        let algorithm = text(&row, "algorithm")?.filter(|algorithm| algorithm != "UNDEFINED");
        let security = text(&row, "security")?.filter(|security| security != "DEFINER");
        let checked = text(&row, "checked")?.filter(|checked| checked != "NONE");
        let modifiers = [
            algorithm.as_ref().map(|algorithm| format!("ALGORITHM={algorithm}")),
            security.as_ref().map(|security| format!("SQL SECURITY {security}")),
            checked.as_ref().map(|checked| format!("WITH {checked} CHECK OPTION")),
        ];
        view.modifiers = modifiers.into_iter().flatten().collect::<Vec<_>>().join(" ");
        view.sql = Rendered(format!(
            "CREATE OR REPLACE ALGORITHM={} SQL SECURITY {} VIEW {} AS {}{}",
            algorithm.as_deref().unwrap_or("UNDEFINED"),
            security.as_deref().unwrap_or("DEFINER"),
            source.qualified(&name),
            view.definition,
            checked.map(|checked| format!(" WITH {checked} CHECK OPTION")).unwrap_or_default(),
        ));
        view.about.owners.extend(text(&row, "definer")?.map(|definer| (String::new(), definer)));
        view.about.storage.insert(String::new(), names(&row)?);
        catalog.views.insert(name, view);
    }
    Ok(())
}

//! What `refresh-views` did.

use serde::Serialize;

use super::{Report, table};

/// A schema whose materialized views are fresh.
#[derive(Debug, Serialize)]
pub(crate) struct Refreshed {
    pub(crate) schema: String,
    pub(crate) place: String,
    pub(crate) views: Vec<View>,
}

/// A materialized view after its refresh.
#[derive(Debug, Serialize)]
pub(crate) struct View {
    pub(crate) name: String,
    pub(crate) rows: u64,
    pub(crate) milliseconds: u64,
}

impl Report for Refreshed {
    fn text(&self) -> String {
        let Self { schema, place, views } = self;
        let mut lines = vec![format!("{schema}  {place}")];
        if views.is_empty() {
            lines.push(format!("{schema}: no materialized views here; plain ones are always fresh"));
            return lines.join("\n");
        }
        let rows = views.iter().map(|view| {
            vec![
                "refreshed".to_owned(),
                view.name.clone(),
                table::thousands(view.rows),
                format!("{} ms", view.milliseconds),
            ]
        });
        lines.push(table::of(&["", "view", "rows", "time"], rows, 2));
        let count = views.len();
        lines.push(format!("{schema}: {count} materialized {} refreshed", if count == 1 { "view" } else { "views" }));
        lines.join("\n")
    }
}

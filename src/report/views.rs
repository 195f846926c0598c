//! What `refresh-views` did.

use catalog::{counted, thousands};
use serde::Serialize;

use super::paint::Paint;
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
    fn text(&self, paint: Paint) -> String {
        let Self { schema, place, views } = self;
        let mut lines = vec![format!("{schema}  {place}")];
        if views.is_empty() {
            lines.push(format!("{schema}: no materialized views here; plain ones are always fresh"));
            return lines.join("\n");
        }
        let rows = views.iter().map(|view| {
            vec!["refreshed".to_owned(), view.name.clone(), thousands(view.rows), table::took(view.milliseconds)]
        });
        lines.push(table::of(paint, &["", "view", "rows", "time"], rows, 2));
        lines.push(format!("{schema}: {} refreshed", counted(views.len(), "materialized view")));
        lines.join("\n")
    }
}

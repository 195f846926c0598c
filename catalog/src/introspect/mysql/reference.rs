//! Foreign keys, from the words that the server shows of them.

use super::shown::identifiers;
use crate::{Action, Dialect, ForeignKey};

/// The foreign key of a name, columns, a target and its columns, and what stands after them.
pub(super) fn foreign_key([name, columns, target, there]: [&str; 4], actions: &[&str]) -> ForeignKey {
    let on = |event: &str| {
        let at = actions.windows(2).position(|words| words == ["ON", event]).map(|at| at + 2);
        let words = at.map(|at| &actions[at..]).unwrap_or_default();
        let words = words.iter().take_while(|word| **word != "ON").copied().collect::<Vec<_>>();
        Dialect::MariaDb.action(Action::of(&words.join(" ")))
    };
    ForeignKey {
        name: identifiers(name).into_iter().next(),
        columns: identifiers(columns),
        target: identifiers(target).join("."),
        target_columns: identifiers(there),
        on_delete: on("DELETE"),
        on_update: on("UPDATE"),
        ..ForeignKey::default()
    }
}

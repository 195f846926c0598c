//! What one side could not see cannot differ.

use super::Drift;
use crate::{Catalog, Kind};

/// Whether `side` could not see what a difference is in.
pub(super) fn hides(side: &Catalog, drift: &Drift) -> bool {
    !side.unseen.is_empty() && what(drift).iter().any(|what| is_unseen(side, what))
}

/// The words under which a side would say that it could not see the object of a difference.
fn what(drift: &Drift) -> Vec<String> {
    let owner = &drift.spot.owner;
    let of = |what: &str| vec![format!("{what} of {owner}")];
    match drift.kind {
        Kind::MissingTable | Kind::ExtraTable | Kind::MissingView | Kind::ExtraView | Kind::MissingSequence => {
            vec!["other objects".to_owned()]
        }
        Kind::MissingTrigger | Kind::ExtraTrigger | Kind::TriggerDiffers => {
            vec!["the triggers".to_owned(), format!("the triggers of {owner}")]
        }
        Kind::MissingForeignKey | Kind::ExtraForeignKey | Kind::ForeignKeyDiffers | Kind::TableDiffers => {
            of("the text")
        }
        Kind::StorageDiffers | Kind::OwnerDiffers if drift.spot.part.starts_with("trigger ") => of("the triggers"),
        Kind::StorageDiffers => [of("the text"), of("the definition")].concat(),
        Kind::UniqueDiffers | Kind::CheckDiffers | Kind::ExtraCheck | Kind::MissingCheck => of("the text"),
        Kind::ViewDiffers | Kind::RoutineDiffers | Kind::SequenceDiffers | Kind::SequencePosition => {
            of("the definition")
        }
        Kind::MissingRoutine | Kind::ExtraRoutine => vec!["other routines".to_owned()],
        Kind::MissingObject | Kind::ExtraObject | Kind::ObjectDiffers if owner.starts_with("event ") => {
            vec!["the events".to_owned()]
        }
        Kind::MissingObject | Kind::ExtraObject | Kind::ObjectDiffers => {
            vec!["other routines".to_owned(), format!("the definition of {owner}")]
        }
        Kind::GrantsDiffer => vec!["the grants".to_owned()],
        _ => Vec::new(),
    }
}

fn is_unseen(side: &Catalog, what: &str) -> bool {
    side.unseen.iter().any(|line| line.strip_prefix(what).is_some_and(|rest| rest.starts_with(": ")))
}

#[cfg(test)]
mod tests {
    use crate::{Catalog, Definition, Dialect, Kind, Table, View, diff};

    #[test]
    fn what_one_side_could_not_see_does_not_differ() {
        let trigger = |body: &str| Definition { definition: body.to_owned(), ..Definition::default() };
        let mut declared = Catalog::empty(Dialect::MariaDb);
        let table = Table { triggers: [("touch".to_owned(), trigger("a"))].into(), ..Table::default() };
        declared.tables.insert("sales".to_owned(), table);
        declared.views.insert("v".to_owned(), View { definition: "select 1".to_owned(), ..View::default() });
        declared.others.insert("event nightly".to_owned(), trigger("b"));
        let mut actual = Catalog::empty(Dialect::MariaDb);
        actual.tables.insert("sales".to_owned(), Table::default());
        actual.views.insert("v".to_owned(), View::default());
        let kinds = |actual: &Catalog| diff(&declared, actual).iter().map(|drift| drift.kind).collect::<Vec<_>>();
        assert_eq!(kinds(&actual), [Kind::MissingTrigger, Kind::ViewDiffers, Kind::MissingObject]);
        actual.unseen.push("the triggers of sales: need TRIGGER on it".to_owned());
        assert_eq!(kinds(&actual), [Kind::ViewDiffers, Kind::MissingObject]);
        actual.unseen.push("the definition of v: needs SHOW VIEW on it".to_owned());
        actual.unseen.push("the events: need EVENT on the database".to_owned());
        assert_eq!(kinds(&actual), []);
    }
}

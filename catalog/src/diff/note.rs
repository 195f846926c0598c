//! Differences that make no check fail: comments, owners, grants, storage, positions.

use std::collections::BTreeMap;

use super::{Drift, Spot, pairs};
use crate::{About, Kind};

/// A map of what is said, and the kind of difference that one in it is.
type Said = (Kind, fn(&About) -> &BTreeMap<String, String>);

const SAID: [Said; 4] = [
    (Kind::OwnerDiffers, |about| &about.owners),
    (Kind::CommentDiffers, |about| &about.comments),
    (Kind::GrantsDiffer, |about| &about.grants),
    (Kind::StorageDiffers, |about| &about.storage),
];

/// Compares what is said of something that is on both sides, and of those parts of it that are.
pub(super) fn compare(
    name: &str,
    [declared, actual]: [Option<&About>; 2],
    is_shared: impl Fn(&str) -> bool,
    found: &mut Vec<Drift>,
) {
    let (Some(declared), Some(actual)) = (declared, actual) else { return };
    for (kind, said) in SAID {
        for (part, one, other) in pairs(said(declared), said(actual)) {
            if one != other && is_shared(part) {
                // The kind of a part is told where it is mended; its name will do for a reader.
                let named = part.split_once(' ').map_or(part, |(_, named)| named);
                let words = Spot::part(name, named).words();
                let spot = Spot::part(name, part);
                found.push(Drift { spot, ..Drift::new(kind, words, one.cloned(), other.cloned()) });
            }
        }
    }
}

/// Compares how far two generators of numbers have come.
pub(super) fn compare_position(name: &str, [declared, actual]: [Option<i64>; 2], found: &mut Vec<Drift>) {
    if declared != actual {
        let words = |position: Option<i64>| Some(position.map_or("not used yet".to_owned(), |n| n.to_string()));
        found.push(Drift::at(Kind::SequencePosition, Spot::of(name), words(declared), words(actual)));
    }
}

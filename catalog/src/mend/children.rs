//! Tables of PostgreSQL that have parts of their own from another one: partitions, and children by INHERITS.

use std::collections::BTreeSet;

use super::mentions;
use crate::{Catalog, Table};

/// Whether a table is a partition of another one.
pub(super) fn is_partition(table: &Table) -> bool {
    table.properties.iter().any(|property| property.starts_with("PARTITION OF "))
}

/// The partitions and children of a table, and theirs.
pub(super) fn descendants(catalog: &Catalog, owner: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![owner.to_owned()];
    while let Some(parent) = open.pop() {
        let children = catalog.tables.keys().filter(|child| is_child(catalog, child, &parent));
        let new: Vec<String> = children.filter(|child| *child != owner && !found.contains(*child)).cloned().collect();
        open.extend(new.iter().cloned());
        found.extend(new);
    }
    found
}

/// Whether one table is a partition or a child of another.
pub(super) fn is_child(catalog: &Catalog, child: &str, parent: &str) -> bool {
    let name = parent.rsplit('.').next().unwrap_or(parent);
    let properties = catalog.tables.get(child).map(|table| table.properties.as_slice()).unwrap_or_default();
    child != parent
        && properties.iter().any(|property| {
            let of = property.strip_prefix("PARTITION OF ").map(|of| of.split(" FOR ").next().unwrap_or(of));
            of.or(property.strip_prefix("INHERITS ")).is_some_and(|parents| mentions(parents, name))
        })
}

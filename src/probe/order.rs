//! Parents before their children.

use catalog::Promise;

/// The entities such that each comes after those it belongs to, as far as no circle is in the way.
pub(super) fn parents_first(promises: &[Promise]) -> Vec<&Promise> {
    let mut order = Vec::new();
    let mut seen = vec![false; promises.len()];
    for at in 0..promises.len() {
        visit(at, promises, &mut seen, &mut order);
    }
    order
}

fn visit<'a>(at: usize, promises: &'a [Promise], seen: &mut [bool], order: &mut Vec<&'a Promise>) {
    if std::mem::replace(&mut seen[at], true) {
        return;
    }
    for reference in promises[at].references() {
        let parents = promises.iter().enumerate().filter(|(_, parent)| parent.table == reference.target);
        for (parent, _) in parents {
            visit(parent, promises, seen, order);
        }
    }
    order.push(&promises[at]);
}

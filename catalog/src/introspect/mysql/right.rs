//! What the connection's role may do, which decides what it is shown.

use sea_orm::{ConnectionTrait, DbErr};

use crate::introspect::select;

/// The rights that the server lists for the connection's role.
pub(super) struct Rights(Vec<Right>);

struct Right {
    privileges: Vec<String>,
    database: String,
    object: String,
}

impl Rights {
    pub(super) async fn of(db: &impl ConnectionTrait) -> Result<Self, DbErr> {
        let rows = select(db, "SHOW GRANTS", []).await?;
        let lines: Result<Vec<String>, DbErr> = rows.iter().map(|row| row.try_get_by_index(0)).collect();
        Ok(Self(lines?.iter().filter_map(|line| right(line)).collect()))
    }

    /// Whether it may do anything at all with whatever stands in `database`.
    pub(super) fn has_any(&self, database: &str) -> bool {
        self.0.iter().any(|right| right.object == "*" && is_like(&right.database, database))
    }

    /// Whether it may do one of `privileges` with `object`, of whatever kind, or with all in `database`.
    pub(super) fn has(&self, privileges: &[&str], database: &str, object: &str) -> bool {
        let is_it = |held: &String| held.starts_with("ALL") || privileges.contains(&held.as_str());
        self.0.iter().any(|right| {
            let is_there = match right.object.as_str() {
                "*" => is_like(&right.database, database),
                other => other == object && right.database == database,
            };
            is_there && right.privileges.iter().any(is_it)
        })
    }
}

/// A right from its line; none of a line that grants a role.
fn right(line: &str) -> Option<Right> {
    let (privileges, rest) = line.strip_prefix("GRANT ")?.split_once(" ON ")?;
    let (place, _) = rest.rsplit_once(" TO ")?;
    let place = ["TABLE ", "FUNCTION ", "PROCEDURE "]
        .iter()
        .fold(place, |place, kind| place.strip_prefix(kind).unwrap_or(place));
    let (database, object) = place.split_once("`.`").or_else(|| place.split_once('.'))?;
    let bare = |name: &str| name.trim_matches('`').replace("``", "`");
    let privileges: Vec<String> = privileges.split(", ").filter(|held| *held != "USAGE").map(str::to_owned).collect();
    (!privileges.is_empty()).then(|| Right { privileges, database: bare(database), object: bare(object) })
}

/// Whether a name is like a pattern in which `%` stands for anything, `_` for one character.
fn is_like(pattern: &str, name: &str) -> bool {
    if pattern == "*" {
        return true;
    }
    let mut rest = pattern.chars();
    match (rest.next(), name.chars().next()) {
        (None, first) => first.is_none(),
        (Some('%'), _) => (0..=name.len()).any(|n| name.get(n..).is_some_and(|name| is_like(rest.as_str(), name))),
        (Some('_'), Some(first)) => is_like(rest.as_str(), &name[first.len_utf8()..]),
        (Some('\\'), Some(first)) if rest.as_str().starts_with(first) => {
            is_like(&rest.as_str()[first.len_utf8()..], &name[first.len_utf8()..])
        }
        (Some(wanted), Some(first)) if wanted == first => is_like(rest.as_str(), &name[first.len_utf8()..]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Rights, is_like, right};

    #[test]
    fn a_pattern_of_a_database_covers_its_names() {
        for (pattern, name, expected) in [
            ("*", "shop", true),
            ("shop", "shop", true),
            ("shop", "shop2", false),
            ("sh%", "shop", true),
            ("shop\\_a", "shop_a", true),
            ("shop\\_a", "shopxa", false),
            ("shop_a", "shopxa", true),
        ] {
            assert_eq!(is_like(pattern, name), expected, "{pattern}: {name}");
        }
    }

    #[test]
    fn rights_are_of_the_server_a_database_or_an_object() {
        let rights = Rights(
            [
                "GRANT USAGE ON *.* TO `u`@`%`",
                "GRANT `r` TO `u`@`%`",
                "GRANT SELECT, TRIGGER ON `shop`.* TO `u`@`%`",
                "GRANT SELECT (`a`), UPDATE ON `shop2`.`sale` TO `u`@`%` WITH GRANT OPTION",
                "GRANT EXECUTE ON FUNCTION `shop2`.`net` TO `u`@`%`",
            ]
            .iter()
            .filter_map(|line| right(line))
            .collect(),
        );
        assert!(rights.has_any("shop") && !rights.has_any("shop2"));
        assert!(rights.has(&["TRIGGER"], "shop", "sale"));
        assert!(rights.has(&["UPDATE"], "shop2", "sale") && !rights.has(&["TRIGGER"], "shop2", "sale"));
        assert!(rights.has(&["EXECUTE"], "shop2", "net"));
    }
}

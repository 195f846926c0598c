//! Passwords never show: whatever text leaves the program passes through here.

use std::sync::Arc;

/// The passwords of this run.
#[derive(Clone, Default)]
pub(crate) struct Secrets {
    passwords: Arc<Vec<String>>,
}

const HIDDEN: &str = "***";

impl Secrets {
    /// Keeps `passwords`, each as it is and as a URL writes it. One that equals a name in `public`
    /// (the user, the database) would give nothing away and hide that name.
    pub(crate) fn new(passwords: impl IntoIterator<Item = String>, public: &[String]) -> Self {
        let mut all: Vec<String> = passwords
            .into_iter()
            .filter(|password| !password.is_empty() && !public.contains(password))
            .flat_map(|password| {
                let encoded = percent_encoding::utf8_percent_encode(&password, percent_encoding::NON_ALPHANUMERIC);
                [encoded.to_string(), password]
            })
            .collect();
        // The longest first, so that a password inside another one leaves no rest behind.
        all.sort_by_key(|password| std::cmp::Reverse(password.len()));
        Self { passwords: Arc::new(all) }
    }

    /// `text` without the passwords of this run and without any that a URL in it holds.
    pub(crate) fn redact(&self, text: &str) -> String {
        let mut text = without_url_passwords(text);
        for password in self.passwords.iter() {
            text = text.replace(password, HIDDEN);
        }
        text
    }
}

/// Replaces the password of everything in `text` that looks like `scheme://user:password@host`.
fn without_url_passwords(text: &str) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        result.push_str(before);
        let end = after.find(|letter: char| letter.is_whitespace() || "'\"`<>".contains(letter)).unwrap_or(after.len());
        let (url, tail) = after.split_at(end);
        // A password may hold an unescaped `@` or `/`: the last `@` before the query ends it.
        let authority_end = url.find('?').unwrap_or(url.len());
        match (url.find(':'), url[..authority_end].rfind('@')) {
            (Some(colon), Some(end)) if colon < end => {
                result.push_str(&url[..=colon]);
                result.push_str(HIDDEN);
                result.push_str(&url[end..]);
            }
            _ => result.push_str(url),
        }
        rest = tail;
    }
    result.push_str(rest);
    result
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Secrets;

    #[test]
    fn passwords_in_urls_are_hidden_wherever_they_stand() {
        let secrets = Secrets::default();
        for (text, expected) in [
            ("cannot reach postgres://me:s3cret@db/x?y=1", "cannot reach postgres://me:***@db/x?y=1"),
            ("'mysql://me:p@ss/w@db' and 'postgres://you:q@db'", "'mysql://me:***@db' and 'postgres://you:***@db'"),
            ("postgres://me@db:5432/x has none", "postgres://me@db:5432/x has none"),
            ("sqlite://data/shop.db", "sqlite://data/shop.db"),
        ] {
            assert_eq!(secrets.redact(text), expected);
        }
    }

    #[test]
    fn a_known_password_is_hidden_as_it_is_and_as_a_url_writes_it() {
        let secrets = Secrets::new(["p@ss word".to_owned()], &[]);
        assert_eq!(secrets.redact("said p@ss word or p%40ss%20word"), "said *** or ***");
    }

    #[test]
    fn a_password_that_is_the_users_name_does_not_hide_the_name() {
        let secrets = Secrets::new(["postgres".to_owned()], &["postgres".to_owned()]);
        assert_eq!(secrets.redact("role \"postgres\" is not there"), "role \"postgres\" is not there");
    }

    proptest! {
        #[test]
        fn no_password_survives(password in "[!-~]{3,20}", before in "[ -~]{0,20}", after in "[ -~]{0,20}") {
            let secrets = Secrets::new([password.clone()], &[]);
            let shown = secrets.redact(&format!("{before}{password}{after}"));
            prop_assert!(!shown.contains(&password) || super::HIDDEN.contains(&password));
        }
    }
}

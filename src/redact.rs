//! Passwords never show: what may hold one passes through here, and nothing else does.
//!
//! URLs lose theirs wherever they stand. What a driver says while it connects, and the log, lose the passwords of
//! this run. Text that kiln composes is left as it is: a password may be a word of its SQL.

use std::sync::Arc;

/// The passwords of this run.
#[derive(Clone, Default)]
pub(crate) struct Secrets {
    passwords: Arc<Vec<String>>,
}

const HIDDEN: &str = "***";

impl Secrets {
    /// Keeps `passwords`, each as it is, as a URL and as a log writes it. One that equals a name in `public`
    /// (the user, the database) would give nothing away and hide that name.
    pub(crate) fn new(passwords: impl IntoIterator<Item = String>, public: &[String]) -> Self {
        let mut all: Vec<String> = passwords
            .into_iter()
            .filter(|password| !password.is_empty() && !public.contains(password))
            .flat_map(|password| {
                let encoded = percent_encoding::utf8_percent_encode(&password, percent_encoding::NON_ALPHANUMERIC);
                // A log or a JSON document escapes quotes and backslashes.
                let escaped = format!("{password:?}");
                [encoded.to_string(), escaped[1..escaped.len() - 1].to_owned(), password]
            })
            .collect();
        // The longest first, so that a password inside another one leaves no rest behind.
        all.sort_by_key(|password| std::cmp::Reverse(password.len()));
        Self { passwords: Arc::new(all) }
    }

    /// These, and the passwords of URLs that a command is given beside the place.
    pub(crate) fn and_of(self, urls: &[&str]) -> Self {
        let more = Self::new(urls.iter().flat_map(|url| passwords_of(url)), &[]);
        let mut all = [self.passwords.as_slice(), more.passwords.as_slice()].concat();
        all.sort_by_key(|password| std::cmp::Reverse(password.len()));
        Self { passwords: Arc::new(all) }
    }

    /// `text` without the passwords of this run and without any that a URL in it holds.
    pub(crate) fn redact(&self, text: &str) -> String {
        let mut text = urls(text);
        for password in self.passwords.iter() {
            text = text.replace(password, HIDDEN);
        }
        text
    }

    /// As [`Self::redact`], of passwords that stand by themselves alone: no part of another word is one.
    pub(crate) fn redact_words(&self, text: &str) -> String {
        self.passwords.iter().fold(urls(text), |text, password| replace_word(&text, password))
    }
}

/// `text` with `word` hidden wherever no letter, digit or underscore is beside it.
fn replace_word(text: &str, word: &str) -> String {
    let is_part = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    let mut result = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let (before, found) = rest.split_at(at);
        let after = &found[word.len()..];
        let is_inside =
            is_part(before.chars().next_back().or_else(|| result.chars().next_back())) || is_part(after.chars().next());
        result.push_str(before);
        result.push_str(if is_inside { word } else { HIDDEN });
        rest = after;
    }
    result.push_str(rest);
    result
}

/// The passwords in something that was meant to be one URL, whatever letters they hold.
pub(crate) fn passwords_of(url: &str) -> Vec<String> {
    let Some((_, rest)) = url.split_once("://") else { return Vec::new() };
    let (authority, query) = rest.split_once('?').unwrap_or((rest, ""));
    let in_authority = authority.rfind('@').and_then(|end| authority[..end].split_once(':'));
    let in_query =
        url::form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key.eq_ignore_ascii_case("password"));
    let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let mut found: Vec<String> = in_query.map(|(_, value)| value.into_owned()).collect();
    found.extend(in_authority.iter().flat_map(|(_, password)| [(*password).to_owned(), decoded(password)]));
    found
}

/// `text` with the password of everything hidden that looks like `scheme://user:password@host`.
pub(crate) fn urls(text: &str) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        result.push_str(before);
        let end = after.find(|letter: char| letter.is_whitespace() || "'\"`<>".contains(letter)).unwrap_or(after.len());
        let (url, tail) = after.split_at(end);
        let (authority, query) = url.split_once('?').map_or((url, None), |(authority, query)| (authority, Some(query)));
        // A password may hold an unescaped `@` or `/`: the last `@` ends it.
        match (authority.find(':'), authority.rfind('@')) {
            (Some(colon), Some(end)) if colon < end => {
                result.push_str(&authority[..=colon]);
                result.push_str(HIDDEN);
                result.push_str(&authority[end..]);
            }
            _ => result.push_str(authority),
        }
        for (at, pair) in query.into_iter().flat_map(|query| query.split('&')).enumerate() {
            result.push(if at == 0 { '?' } else { '&' });
            match pair.split_once('=') {
                Some((key, _)) if key.eq_ignore_ascii_case("password") => {
                    result.push_str(key);
                    result.push('=');
                    result.push_str(HIDDEN);
                }
                _ => result.push_str(pair),
            }
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
            ("mysql://db/x?user=me&password=s3cret&ssl=1", "mysql://db/x?user=me&password=***&ssl=1"),
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
    fn a_password_is_hidden_where_a_log_escapes_it() {
        let secrets = Secrets::new(["pa\"ss".to_owned()], &[]);
        assert_eq!(secrets.redact(r#"said pa\"ss"#), "said ***");
    }

    #[test]
    fn a_url_in_the_wrong_place_gives_its_password_away_to_the_redactor_alone() {
        assert_eq!(super::passwords_of("postgres://me:pa'ss@db/x"), ["pa'ss", "pa'ss"]);
        assert_eq!(super::passwords_of("--url=mysql://db?password=a%20b"), ["a b"]);
        assert!(super::passwords_of("market").is_empty());
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

//! Passwords: what kiln composes is left as it is, though a password is a word of it; nothing shows one.

use crate::OnBackend;
use crate::backend::{Backend, Home, Said, on_server};

pub const TESTS: &[OnBackend] = &[(
    "a_password_that_is_a_word_of_the_sql_changes_nothing_that_is_printed",
    a_password_changes_nothing_that_is_printed,
)];

/// A role of its own with a password, gone with it.
struct Role<'a> {
    home: &'a Home,
    name: String,
}

impl<'a> Role<'a> {
    fn new(home: &'a Home, password: &str) -> Self {
        let name = format!("{}_role", home.database);
        let statements = match home.backend {
            Backend::Postgres => vec![format!("CREATE ROLE {name} SUPERUSER LOGIN PASSWORD '{password}'")],
            _ => vec![
                format!("CREATE USER {name}@'%' IDENTIFIED BY '{password}'"),
                format!("GRANT ALL ON *.* TO {name}@'%'"),
            ],
        };
        for statement in &statements {
            on_server(home.backend, statement);
        }
        Self { home, name }
    }

    fn url(&self, password: &str) -> String {
        let mut url = url::Url::parse(&self.home.url()).expect("a URL");
        url.set_username(&self.name).expect("a server's URL has a user");
        url.set_password(Some(password)).expect("and a password");
        url.to_string()
    }
}

impl Drop for Role<'_> {
    fn drop(&mut self) {
        let kind = if self.home.backend == Backend::Postgres { "ROLE" } else { "USER" };
        let owned = format!("DROP OWNED BY {}", self.name);
        if self.home.backend == Backend::Postgres {
            self.home.takes(&owned);
        }
        on_server(self.home.backend, &format!("DROP {kind} {}", self.name));
    }
}

fn a_password_changes_nothing_that_is_printed(home: &Home) {
    if home.backend == Backend::Sqlite {
        return;
    }
    let run = |url: &str, arguments: &str, code| Said::by(home.command(arguments).env("DATABASE_URL", url), code).out;
    // The moment that a script records is another each time.
    let timeless = |text: &str| {
        let digits = |word: &str| word.len() == 10 && word.chars().all(|letter| letter.is_ascii_digit());
        text.split_inclusive([' ', ',', ')', '('])
            .filter(|word| !digits(word.trim_end_matches([',', ')', ' '])))
            .collect::<String>()
    };
    for password in ["store", "e", "TABLE", "version", "1"] {
        let role = Role::new(home, password);
        let (plain, secret) = (home.url(), role.url(password));
        for arguments in ["migrate up market --dry-run", "migrate up market --dry-run --format json"] {
            let wanted = timeless(&run(&plain, arguments, 0));
            assert_eq!(timeless(&run(&secret, arguments, 0)), wanted, "{password}");
        }
        let wanted = run(&plain, "check market --format json", 1);
        assert_eq!(run(&secret, "check market --format json", 1), wanted, "{password}");
    }
    let wrong = Said::by(home.command("check market").env("DATABASE_URL", with_password(home, "s3cret-word")), 1);
    assert!(!wrong.err.contains("s3cret-word"), "{}", wrong.err);
}

fn with_password(home: &Home, password: &str) -> String {
    if home.backend == Backend::MariaDb {
        return home.url();
    }
    let mut url = url::Url::parse(&home.url()).expect("a URL");
    url.set_password(Some(password)).expect("a server's URL has a user");
    url.to_string()
}

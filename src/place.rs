//! Where a schema lives: from what the user says to one file, PostgreSQL schema or database. Pure.

use std::fmt;
use std::path::PathBuf;

use catalog::Dialect;
use url::Url;

use crate::error::Error;

/// Where one schema lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// An SQLite file.
    File(File),
    /// A database of a server.
    Server(Server),
}

/// An SQLite file and how it may be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) path: PathBuf,
    pub(crate) access: Access,
}

/// What may be done to an SQLite file, as the URL's `mode` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// `rwc`, the default: written, and created when missing.
    Create,
    /// `rw`: written, never created.
    Write,
    /// `ro`: only read.
    Read,
    /// No file at all: a database in memory, the same one for every connection of this process that
    /// names its path, for as long as one of them is open.
    Memory,
}

/// A database of a PostgreSQL or MariaDB server.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Server {
    pub(crate) dialect: Dialect,
    /// With the database in its path and the password in it: never shown.
    pub(crate) url: Url,
    /// The PostgreSQL schema; none where the connection's own search path decides.
    pub(crate) namespace: Option<String>,
    /// The PostgreSQL schemas that names are looked up in after that one.
    pub(crate) beyond: Vec<String>,
}

impl Place {
    /// Whether it is an SQLite file.
    pub(crate) fn is_file(&self) -> bool {
        matches!(self, Self::File(_))
    }
}

/// The word in a URL that stands for the schema's name.
const PLACEHOLDER: &str = "{schema}";

/// What a URL says before a schema's name is put in.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Template(String);

impl fmt::Debug for Template {
    /// The URL without its password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::redact::Secrets::default().redact(&self.0))
    }
}

impl Template {
    /// Checks `url` as far as it goes without a schema.
    pub(crate) fn new(url: &str) -> Result<Self, Error> {
        let template = Self(url.trim().to_owned());
        template.at("schema", None).map(|_| template)
    }

    /// Whether each schema gets a place of its own.
    pub(crate) fn is_shared(&self) -> bool {
        !self.0.contains(PLACEHOLDER) && !self.0.starts_with("postgres")
    }

    /// The URL to write so that each schema gets a place of its own, without its password.
    pub(crate) fn with_placeholder(&self) -> String {
        let (base, query) = self.0.split_once('?').map_or((self.0.as_str(), None), |(base, query)| (base, Some(query)));
        let base = match base.rsplit_once('/') {
            Some((head, name)) if !name.is_empty() && !head.ends_with('/') => match name.rsplit_once('.') {
                Some((_, extension)) => format!("{head}/{PLACEHOLDER}.{extension}"),
                None => format!("{head}/{PLACEHOLDER}"),
            },
            _ if base.starts_with("sqlite") => format!("sqlite:{PLACEHOLDER}.db"),
            _ => format!("{}/{PLACEHOLDER}", base.trim_end_matches('/')),
        };
        let url = query.map_or_else(|| base.clone(), |query| format!("{base}?{query}"));
        crate::redact::Secrets::default().redact(&url)
    }

    /// The place of `schema`; `namespace` is its PostgreSQL schema unless the URL names a database
    /// for it.
    pub(crate) fn at(&self, schema: &str, namespace: Option<&str>) -> Result<Place, Error> {
        let url = self.0.replace(PLACEHOLDER, schema);
        if let Some(rest) = url.strip_prefix("sqlite:") {
            return file(rest).map(Place::File);
        }
        refuse_bare_letters(&url)?;
        // Parser errors and unknown schemes are told without the URL, which may hold a password.
        if !url.contains([':', '@']) {
            return Err(Error::Usage(format!("a database URL starts with what it is of; did you mean sqlite:{url}?")));
        }
        let parsed = Url::parse(&url).map_err(|error| {
            Error::Usage(format!("the database URL cannot be read: {error}; it looks like {EXAMPLES}"))
        })?;
        let (dialect, scheme) = match parsed.scheme() {
            "postgres" | "postgresql" => (Dialect::Postgres, "postgres"),
            "mysql" | "mariadb" => (Dialect::MariaDb, "mysql"),
            other => {
                return Err(Error::Usage(format!(
                    "`{other}:` is no database that kiln knows; a URL looks like {EXAMPLES}"
                )));
            }
        };
        // PostgreSQL's driver takes what is left out from PGHOST and its kin, as psql does.
        if dialect == Dialect::MariaDb && !parsed.has_host() && parsed.query().is_none() {
            return Err(Error::Usage(format!("the database URL has no host; it looks like {EXAMPLES}")));
        }
        // The drivers know one scheme each; both spellings are taken here.
        let url = Url::parse(&format!("{scheme}:{}", &parsed.as_str()[parsed.scheme().len() + 1..]))
            .map_err(|error| Error::Usage(format!("the database URL cannot be read: {error}")))?;
        let server = Server { dialect, url, namespace: namespace.map(str::to_owned), beyond: Vec::new() };
        if dialect == Dialect::MariaDb && server.database().is_empty() {
            let url = self.with_placeholder();
            return Err(Error::Usage(format!("the database URL names no database; write {url}")));
        }
        Ok(Place::Server(server))
    }

    /// Whether the URL names a database for each schema, so that no PostgreSQL schema has to.
    pub(crate) fn has_placeholder(&self) -> bool {
        self.0.contains(PLACEHOLDER)
    }

    /// Passwords and public names of the URL.
    pub(crate) fn secrets(&self) -> (Vec<String>, Vec<String>) {
        let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
        let Ok(url) = Url::parse(&self.0) else { return Default::default() };
        let passwords = crate::redact::passwords_of(&self.0);
        let names = [
            decode(url.username()),
            url.host_str().unwrap_or_default().to_owned(),
            decode(url.path().trim_start_matches('/')),
        ];
        (passwords, names.into())
    }
}

/// Refuses a password with letters that end it early: what is left of it would pass for a host.
fn refuse_bare_letters(url: &str) -> Result<(), Error> {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let path = rest[authority.len()..].split('?').next().unwrap_or_default();
    if authority.matches('@').count() > 1 || path.contains('@') || rest.contains('#') {
        return Err(Error::Usage(
            "an @, /, ? or # in the URL's user or password must be written %40, %2F, %3F or %23".to_owned(),
        ));
    }
    Ok(())
}

/// URLs as they should look.
const EXAMPLES: &str = "sqlite:data/shop.db, postgres://user@host:5432/database or mysql://user@host:3306/database";

/// The file of an SQLite URL, from what stands behind `sqlite:`.
fn file(rest: &str) -> Result<File, Error> {
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path = path.strip_prefix("//").unwrap_or(path);
    let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    // SQLAlchemy's relative form has one slash more: sqlite:///./file.db.
    let path = if path.starts_with("/./") || path.starts_with("/../") { &path[1..] } else { &path };
    if path.is_empty() || path == ":memory:" {
        return Err(Error::Usage(
            "a database in memory ends with the command; give a file: sqlite:data/shop.db".to_owned(),
        ));
    }
    let mut access = Access::Create;
    for (key, value) in url::form_urlencoded::parse(query.as_bytes()) {
        access = match (key.as_ref(), value.as_ref()) {
            ("mode", "rwc") => Access::Create,
            ("mode", "rw") => Access::Write,
            ("mode", "ro") => Access::Read,
            ("mode", other) => {
                return Err(Error::Usage(format!("mode={other} is none of rwc, rw and ro")));
            }
            (other, _) => return Err(Error::Usage(format!("an SQLite URL takes mode=rwc, rw or ro, not {other}"))),
        };
    }
    Ok(File { path: PathBuf::from(path), access })
}

impl fmt::Debug for Server {
    /// The URL without its password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::redact::Secrets::default().redact(self.url.as_str()))
    }
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

impl Server {
    /// The database's name.
    pub(crate) fn database(&self) -> String {
        decoded(self.url.path().trim_start_matches('/'))
    }

    /// What of its URL anybody may see: role, host and database.
    pub(crate) fn names(&self) -> [String; 3] {
        let host = self.url.host_str().unwrap_or_default().to_owned();
        [self.user().unwrap_or_default(), host, self.database()]
    }

    /// Its URL without the password.
    pub(crate) fn public_url(&self) -> Url {
        let mut url = self.url.clone();
        // A URL without a host has no password either.
        url.set_password(None).ok();
        let kept: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(key, _)| !key.eq_ignore_ascii_case("password"))
            .map(|(key, value)| (key.into_owned(), value.into_owned()))
            .collect();
        if kept.is_empty() {
            url.set_query(None);
        } else {
            url.query_pairs_mut().clear().extend_pairs(kept);
        }
        url
    }

    /// The role, if the URL names one.
    pub(crate) fn user(&self) -> Option<String> {
        Some(decoded(self.url.username())).filter(|user| !user.is_empty())
    }

    /// The role's password, if the URL has it.
    pub(crate) fn password(&self) -> Option<String> {
        self.url.password().map(decoded)
    }

    /// This server with another database.
    pub(crate) fn with_database(&self, database: &str) -> Self {
        let mut server = self.clone();
        server.url.set_path(database);
        server
    }
}

impl Place {
    /// A place in an SQLite file of this path, created when missing.
    pub(crate) fn embedded(path: &str) -> Self {
        Self::File(File { path: PathBuf::from(path), access: Access::Create })
    }

    /// The dialect that is spoken there.
    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            Self::File(_) => Dialect::Sqlite,
            Self::Server(server) => server.dialect,
        }
    }

    /// What to say when a command that only looks finds nothing there.
    pub(crate) fn not_there(&self, schema: &str) -> Error {
        Error::Refused(format!("{schema} is not there yet ({self}); run `kiln migrate up {schema}`"))
    }
}

impl fmt::Display for Place {
    /// The place without its password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => write!(f, "SQLite {}", file.path.display()),
            Self::Server(server) => {
                write!(f, "{} ", server.dialect)?;
                if let Some(host) = server.url.host_str() {
                    f.write_str(host)?;
                }
                if let Some(port) = server.url.port() {
                    write!(f, ":{port}")?;
                }
                let slash = if server.url.has_host() { "/" } else { "" };
                write!(f, "{slash}{}", server.database())?;
                match &server.namespace {
                    Some(namespace) => write!(f, ", schema {namespace}"),
                    None => Ok(()),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Access, Place, Template};

    fn path_of(url: &str) -> String {
        match Template::new(url).unwrap().at("market", None).unwrap() {
            Place::File(file) => file.path.to_string_lossy().into_owned(),
            Place::Server(server) => panic!("{server:?}"),
        }
    }

    #[test]
    fn every_form_of_an_sqlite_url_finds_its_file() {
        for (url, path) in [
            ("sqlite:f.db", "f.db"),
            ("sqlite://f.db", "f.db"),
            ("sqlite:///tmp/f.db", "/tmp/f.db"),
            ("sqlite:/tmp/f.db", "/tmp/f.db"),
            ("sqlite:///./f.db", "./f.db"),
            ("sqlite:///../f.db", "../f.db"),
            ("sqlite:data/{schema}.db?mode=rwc", "data/market.db"),
            ("sqlite:my%20shop.db", "my shop.db"),
        ] {
            assert_eq!(path_of(url), path, "{url}");
        }
    }

    #[test]
    fn the_mode_of_an_sqlite_url_is_kept_and_others_are_refused() {
        let place = Template::new("sqlite:f.db?mode=ro").unwrap().at("market", None).unwrap();
        assert!(matches!(place, Place::File(file) if file.access == Access::Read && file.path == Path::new("f.db")));
        for url in ["sqlite:f.db?mode=memory", "sqlite:f.db?cache=shared", "sqlite::memory:", "sqlite:"] {
            Template::new(url).unwrap_err();
        }
    }

    #[test]
    fn both_spellings_of_a_server_are_taken_and_the_password_is_not_shown() {
        for (url, shown) in [
            ("postgresql://me:secret@db:5433/shop", "PostgreSQL db:5433/shop, schema market"),
            ("mariadb://me:secret@db/{schema}", "MariaDB db/market, schema market"),
        ] {
            let place = Template::new(url).unwrap().at("market", Some("market")).unwrap();
            assert!(shown.starts_with(&place.to_string().split(',').next().unwrap().to_owned()), "{place}");
            assert!(!place.to_string().contains("secret"));
        }
    }

    #[test]
    fn a_url_that_cannot_be_read_is_refused_without_showing_it() {
        for url in
            ["postgres://me:se@cret/secret@db/x", "mysql://me:secret#1@db/x", "postgres://me:a/secret@db/x", "shop.db"]
        {
            let error = Template::new(url).unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
        for url in ["postgres://me:secret@db:port/x", "oracle://me:secret@db/x", "me:secret@db", "mysql://me:secret@db"]
        {
            let error = Template::new(url).unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn the_url_to_write_has_the_placeholder_where_the_name_was() {
        for (url, expected) in [
            ("sqlite:data/shop.db", "sqlite:data/{schema}.db"),
            ("sqlite:shop.db", "sqlite:{schema}.db"),
            ("mysql://me:secret@db:3306/shop?ssl-mode=required", "mysql://me:***@db:3306/{schema}?ssl-mode=required"),
            ("mysql://me@db", "mysql://me@db/{schema}"),
        ] {
            assert_eq!(Template(url.to_owned()).with_placeholder(), expected);
        }
    }
}

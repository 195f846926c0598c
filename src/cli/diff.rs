//! `kiln diff`

use std::path::Path;

use catalog::{Dialect, Severity};

use super::args::Diff;
use super::session::Session;
use crate::diff::{self, Ground, Side};
use crate::error::{Error, Exit};
use crate::place::{Place, Server, Template};
use crate::report::diff::Differs;
use crate::report::fixes::Fixes;

pub(super) async fn run(session: &mut Session, arguments: &Diff) -> Result<Exit, Error> {
    session.printer.refuse_format_of_sql(arguments.sql)?;
    let (declared, actual) = (side(session, &arguments.from)?, side(session, &arguments.to)?);
    diff::refuse_two_engines(&declared, &actual)?;
    let dialect = declared.dialect().or(actual.dialect()).or(arguments.engine).unwrap_or(Dialect::Sqlite);
    let declared = at_home(declared, &actual);
    let actual = at_home(actual, &declared);
    let server = server(session, [&actual, &declared], dialect, arguments.scratch_url.as_deref())?;
    let link = session.link();
    let histories: Vec<String> = session
        .schemas
        .iter()
        .filter_map(|schema| Some(schema.own_migrator()?.history_table()))
        .chain(["seaql_migrations".to_owned()])
        .collect();
    let ground = Ground { dialect, server: server.as_ref(), link: &link, histories: &histories };
    let compared = diff::compare(&declared, &actual, &ground).await.map_err(Error::or_elsewhere)?;
    let counts = |severity: Severity| arguments.strict || severity == Severity::Drift;
    let holds = !compared.found.iter().any(|drift| counts(drift.severity));
    if arguments.sql {
        let script = Fixes {
            dialect,
            about: format!("makes {} the same as {}", actual.words(), declared.words()),
            namespace: compared.home,
            settings: Vec::new(),
            script: compared.script,
            strict: arguments.strict,
            findings: Vec::new(),
            drifts: compared.found,
        };
        session.printer.add(&script);
        return Ok(if holds { Exit::Done } else { Exit::Found });
    }
    session.printer.add(&Differs {
        from: declared.words(),
        to: actual.words(),
        holds,
        strict: arguments.strict,
        compared: compared.counts,
        found: compared.found,
        script: compared.script,
    });
    Ok(if holds { Exit::Done } else { Exit::Found })
}

/// What a word of the command line means: a schema's name, a URL, or a file.
fn side(session: &Session, word: &str) -> Result<Side, Error> {
    if let Some(schema) = session.schemas.iter().find(|schema| schema.name() == word) {
        return Ok(Side::Schema(Box::new(schema.clone())));
    }
    let path = Path::new(word);
    if word.contains("://") || word.starts_with("sqlite:") {
        return database(word).map(Side::Database);
    }
    if !path.is_file() {
        let names: Vec<&str> = session.schemas.iter().map(crate::schema::Schema::name).collect();
        return Err(Error::Usage(format!(
            "{word} is neither a schema ({}), nor a database URL, nor a file that is there",
            names.join(", ")
        )));
    }
    let is_script = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("sql"));
    Ok(if is_script { Side::Script(path.to_owned()) } else { Side::Database(Place::embedded(word)) })
}

/// The place of a URL; `?schema=` names the PostgreSQL schema.
fn database(url: &str) -> Result<Place, Error> {
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let (named, rest): (Vec<&str>, Vec<&str>) = query.split('&').partition(|pair| pair.starts_with("schema="));
    if named.is_empty() || !base.starts_with("postgres") {
        return Template::new(url)?.at("schema", None);
    }
    let namespace = named[0]["schema=".len()..].to_owned();
    let namespace = percent_encoding::percent_decode_str(&namespace).decode_utf8_lossy().into_owned();
    let rest = rest.join("&");
    let url = if rest.is_empty() { base.to_owned() } else { format!("{base}?{rest}") };
    Template::new(&url)?.at("schema", Some(&namespace))
}

/// A PostgreSQL database without `?schema=` that is compared with a schema's migrations: what is in that
/// schema's own namespace.
fn at_home(side: Side, other: &Side) -> Side {
    match (side, other) {
        (Side::Database(Place::Server(server)), Side::Schema(schema))
            if server.dialect == Dialect::Postgres && server.namespace.is_none() =>
        {
            let namespace = schema.own_namespace().map(str::to_owned);
            Side::Database(Place::Server(Server { namespace, ..server }))
        }
        (side, _) => side,
    }
}

/// The server on which empty places are made, where a side needs one.
fn server(
    session: &Session,
    sides: [&Side; 2],
    dialect: Dialect,
    scratch_url: Option<&str>,
) -> Result<Option<Server>, Error> {
    let of_side = sides.iter().find_map(|side| match side {
        Side::Database(Place::Server(server)) => Some(server.clone()),
        _ => None,
    });
    let needs_one = dialect != Dialect::Sqlite && sides.iter().any(|side| !matches!(side, Side::Database(_)));
    if !needs_one {
        return Ok(None);
    }
    let namespace = of_side.as_ref().and_then(|server| server.namespace.clone());
    let server = match session.settings.scratch(scratch_url, dialect)? {
        Some(scratch) => Some(scratch),
        None => of_side.or(session.settings.server(dialect)),
    };
    let server = server.ok_or_else(|| {
        Error::Usage(format!("--engine {dialect} needs a server to replay on: give --scratch-url or --database-url"))
    })?;
    Ok(Some(Server { namespace, ..server }))
}

//! An SQL script, run by the engine's own client: a dump is no SQL for a driver.

use std::fs::File;
use std::io::{Seek as _, Write as _};
use std::path::Path;
use std::process::Stdio;

use catalog::Dialect;
use tokio::process::Command;

use crate::error::Error;
use crate::place::{Place, Server};

/// Runs the script at `path` on an empty place.
pub(super) async fn run(path: &Path, place: &Place) -> Result<(), Error> {
    let script = match place.dialect() {
        Dialect::Sqlite => without_statistics(path),
        _ => File::open(path),
    };
    let script = script.map_err(|error| cannot_read(path, &error))?;
    let clients: &[&str] = match place.dialect() {
        Dialect::Sqlite => &["sqlite3"],
        Dialect::Postgres => &["psql"],
        Dialect::MariaDb => &["mariadb", "mysql"],
    };
    for client in clients {
        let mut command = match place {
            Place::File(file) => {
                let mut command = Command::new(client);
                // Safe: it opens no other file, and runs no other program. An empty script makes an empty database.
                File::create(&file.path).map_err(|error| Error::NoScratch(error.to_string()))?;
                command.args(["-safe", "-bail"]).arg(&file.path);
                command
            }
            Place::Server(server) if server.dialect == Dialect::Postgres => psql(client, server),
            Place::Server(server) => mariadb(client, server),
        };
        let script = script.try_clone().map_err(|error| Error::Usage(format!("{}: {error}", path.display())))?;
        command.stdin(script).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
        match command.output().await {
            Ok(output) if output.status.success() => return Ok(()),
            Ok(output) => {
                let said = String::from_utf8_lossy(&output.stderr);
                return Err(Error::Database(format!("{client} could not run {}: {}", path.display(), said.trim())));
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(Error::Database(format!("{client} could not be run: {error}"))),
        }
    }
    Err(Error::Usage(format!(
        "a script of {} needs the program {}, which is not on the path",
        place.dialect(),
        clients[0]
    )))
}

/// A copy of a script without the statistics of ANALYZE: they are rows, in tables that not every build has.
fn without_statistics(path: &Path) -> std::io::Result<File> {
    let script = std::fs::read(path)?;
    let mut copy = tempfile::tempfile()?;
    for line in script.split_inclusive(|byte| *byte == b'\n') {
        if !line.starts_with(b"INSERT INTO sqlite_stat") {
            copy.write_all(line)?;
        }
    }
    copy.rewind()?;
    Ok(copy)
}

pub(super) fn cannot_read(path: &Path, error: &std::io::Error) -> Error {
    Error::Usage(format!("cannot read {}: {error}", path.display()))
}

/// The client with the URL in its own words; a password never stands among the arguments, which everybody sees.
fn psql(client: &str, server: &Server) -> Command {
    let mut command = Command::new(client);
    let mut url = server.url.clone();
    if let Some(password) = server.password() {
        command.env("PGPASSWORD", password);
        url.set_password(None).expect("a URL that had a password can be without");
    }
    url.set_query(None);
    for (name, value) in server.url.query_pairs() {
        let name = match &*name {
            "password" => {
                command.env("PGPASSWORD", &*value);
                continue;
            }
            "statement-cache-capacity" => continue,
            "ssl-mode" => "sslmode",
            "ssl-root-cert" | "ssl-ca" => "sslrootcert",
            "ssl-cert" => "sslcert",
            "ssl-key" => "sslkey",
            name => name,
        };
        url.query_pairs_mut().append_pair(name, &value);
    }
    command.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=on"]).arg(format!("--dbname={url}"));
    command
}

fn mariadb(client: &str, server: &Server) -> Command {
    let mut command = Command::new(client);
    if let Some(password) = server.password() {
        command.env("MYSQL_PWD", password);
    }
    command.arg(format!("--host={}", server.url.host_str().unwrap_or("localhost")));
    command.args(server.url.port().map(|port| format!("--port={port}")));
    command.args(server.user().map(|user| format!("--user={user}")));
    for (name, value) in server.url.query_pairs() {
        match (&*name, value.to_ascii_uppercase().as_str()) {
            ("ssl-mode" | "sslmode", "DISABLED") => command.arg("--skip-ssl"),
            ("ssl-mode" | "sslmode", "REQUIRED") => command.arg("--ssl"),
            ("ssl-mode" | "sslmode", mode) if mode.starts_with("VERIFY") => command.arg("--ssl-verify-server-cert"),
            ("ssl-ca" | "ssl-cert" | "ssl-key" | "socket", _) => command.arg(format!("--{name}={value}")),
            _ => &mut command,
        };
    }
    command.arg("--").arg(server.database());
    command
}

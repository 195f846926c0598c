//! An SQL script, run by the engine's own client: a dump is no SQL for a driver.

use std::fs::File;
use std::path::Path;
use std::process::Stdio;

use catalog::Dialect;
use tokio::process::Command;

use crate::error::Error;
use crate::place::{Place, Server};

/// Runs the script at `path` on an empty place.
pub(super) async fn run(path: &Path, place: &Place) -> Result<(), Error> {
    let script = File::open(path).map_err(|error| Error::Usage(format!("cannot read {}: {error}", path.display())))?;
    let clients: &[&str] = match place.dialect() {
        Dialect::Sqlite => &["sqlite3"],
        Dialect::Postgres => &["psql"],
        Dialect::MariaDb => &["mariadb", "mysql"],
    };
    for client in clients {
        let mut command = match place {
            Place::File(file) => {
                let mut command = Command::new(client);
                command.arg("-bail").arg(&file.path);
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

fn psql(client: &str, server: &Server) -> Command {
    let mut command = Command::new(client);
    let mut url = server.url.clone();
    if let Some(password) = server.password() {
        command.env("PGPASSWORD", password);
        url.set_password(None).expect("a URL that had a password can be without");
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
    command.arg("--").arg(server.database());
    command
}

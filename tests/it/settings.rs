//! Servers and databases that are set otherwise than they come: a fresh schema is no finding there either.

use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::OnServer;
use crate::backend::{Backend, Home, Said};

pub const ON_POSTGRES: &[OnServer] =
    &[("any_locale_and_any_setting_is_no_finding", Backend::Postgres, any_locale_and_any_setting_is_no_finding)];

pub const ON_OWN_MARIADB: &[OnServer] =
    &[("any_locale_and_any_setting_is_no_finding", Backend::MariaDb, any_setting_of_mariadb_is_no_finding)];

/// How long a server may take to listen.
const LIMIT: Duration = Duration::from_mins(1);

/// Migrates all schemas at `url`, fills one, and finds nothing, before and after.
fn nothing_is_found_at(home: &Home, url: &str) {
    let kiln =
        |arguments: &str| Said::by(home.command(arguments).env("DATABASE_URL", url).env("TZ", "Asia/Kathmandu"), 0);
    kiln("migrate up");
    let said = kiln("check --strict");
    assert_eq!(said.out.matches("no drift (").count(), 4, "{}", said.out);
    kiln("seed market --scenario smoke");
    kiln("check --strict");
}

fn any_locale_and_any_setting_is_no_finding() {
    let home = Home::new(Backend::Postgres);
    let locales = [
        "ENCODING 'UTF8' LOCALE 'C'",
        "ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'tr-TR'",
        "ENCODING 'LATIN1' LOCALE 'C'",
        "ENCODING 'SQL_ASCII' LOCALE 'C'",
    ];
    let settings = [
        "TimeZone TO 'Asia/Kathmandu'",
        "DateStyle TO 'SQL, DMY'",
        "IntervalStyle TO sql_standard",
        "bytea_output TO escape",
        "quote_all_identifiers TO on",
        "standard_conforming_strings TO off",
        "default_toast_compression TO lz4",
        "extra_float_digits TO -4",
        "xmloption TO document",
    ];
    for locale in locales {
        let name = format!("{}_set", home.database);
        home.sql(&[&format!("CREATE DATABASE {name} TEMPLATE template0 {locale}")]);
        for setting in settings {
            home.takes(&format!("ALTER DATABASE {name} SET {setting}"));
        }
        nothing_is_found_at(&home, &Backend::Postgres.url(&name));
        home.sql(&[&format!("DROP DATABASE {name} WITH (FORCE)")]);
    }
}

/// Whether a MariaDB server can be started here.
pub fn is_mariadbd_here() -> bool {
    ["mariadb-install-db", "mariadbd"].into_iter().all(|name| program(name).is_some())
}

/// Where a program of MariaDB's server is; Debian keeps it where only root looks.
fn program(name: &str) -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "programs are found on the path")]
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    folders.map(|folder| folder.join(name)).find(|program| program.is_file())
}

fn any_setting_of_mariadb_is_no_finding() {
    let server = Mariadbd::start(&[
        "--default-time-zone=-07:00",
        "--character-set-server=latin1",
        "--collation-server=latin1_german1_ci",
        "--lc-time-names=de_DE",
        "--lower-case-table-names=1",
        "--explicit-defaults-for-timestamp=OFF",
        "--sql-mode=ANSI,TRADITIONAL,NO_BACKSLASH_ESCAPES",
    ]);
    let home = Home::new(Backend::Sqlite);
    nothing_is_found_at(&home, &format!("mysql://root@127.0.0.1:{}/{{schema}}", server.port));
}

/// A MariaDB server of a test's own, which ends with it.
struct Mariadbd {
    child: Child,
    port: u16,
    _folder: TempDir,
}

impl Mariadbd {
    fn start(settings: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let data = folder.path().join("data");
        let mut install = Command::new(program("mariadb-install-db").expect("only a server that is here is started"));
        install.args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]);
        install.args(as_root(folder.path()));
        let lowercase = settings.iter().filter(|setting| setting.contains("lower-case"));
        let made = install.args(lowercase).arg(format!("--datadir={}", data.display())).output();
        let made = made.expect("a server's data can be made");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        // Somebody else may take the port between asking for it and listening on it.
        let started = (0..5).find_map(|_| Self::try_start(folder.path(), &data, settings));
        let (child, port) = started.expect("a server starts on one of five free ports");
        Self { child, port, _folder: folder }
    }

    fn try_start(folder: &Path, data: &Path, settings: &[&str]) -> Option<(Child, u16)> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        drop(listener);
        let mut command = Command::new(program("mariadbd").expect("only a server that is here is started"));
        command.args(["--no-defaults", "--bind-address=127.0.0.1", "--innodb-flush-log-at-trx-commit=0"]);
        command.args(as_root(folder));
        command.arg(format!("--datadir={}", data.display())).arg(format!("--port={port}"));
        command.arg(format!("--socket={}", folder.join("socket").display())).args(settings);
        command.arg(format!("--log-error={}", folder.join("log").display()));
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
        let deadline = Instant::now() + LIMIT;
        while Instant::now() < deadline && child.try_wait().expect("a child can be asked").is_none() {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some((child, port));
            }
            thread::sleep(Duration::from_millis(50));
        }
        child.kill().ok();
        child.wait().ok();
        None
    }
}

/// The server refuses to be root unless it is told to; whose `folder` is, tells who this is.
fn as_root(folder: &Path) -> Option<&'static str> {
    let is_root = std::fs::metadata(folder).expect("the folder is there").uid() == 0;
    is_root.then_some("--user=root")
}

impl Drop for Mariadbd {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

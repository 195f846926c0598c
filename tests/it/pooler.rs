//! A pgbouncer before the PostgreSQL test server, in transaction mode and otherwise as it comes.
//!
//! A session of the server belongs to a client for one transaction at a time, so what a client leaves
//! in its session, another one finds.

use std::fmt::Write as _;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use percent_encoding::percent_decode_str;
use tempfile::TempDir;

use crate::backend::Backend;

/// How long a pooler may take to listen.
const LIMIT: Duration = Duration::from_secs(20);

/// Whether pgbouncer is installed and has a server to lead to.
pub fn is_here() -> bool {
    Backend::Postgres.is_here() && program().is_some()
}

/// Where pgbouncer is; Debian keeps it where only root looks.
fn program() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "programs are found on the path")]
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    folders.map(|folder| folder.join("pgbouncer")).find(|program| program.is_file())
}

/// A pgbouncer of a test's own, which ends with it.
pub struct Pooler {
    child: Child,
    port: u16,
    _folder: TempDir,
}

impl Pooler {
    /// Starts a pooler and waits until it listens.
    pub fn start() -> Self {
        let program = program().expect("only poolers that are here are started");
        // Somebody else may take the port between asking for it and listening on it.
        (0..5).find_map(|_| Self::try_start(&program)).expect("a pooler starts on one of five free ports")
    }

    fn try_start(program: &Path) -> Option<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        drop(listener);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let settings = folder.path().join("pgbouncer.ini");
        std::fs::write(&settings, written(port)).expect("settings can be written");
        let mut command = Command::new(program);
        command.arg("--quiet").arg(&settings).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // It refuses to be root, and reads its settings before it becomes somebody else.
        if std::fs::metadata(folder.path()).expect("the folder is there").uid() == 0 {
            command.args(["--user", "nobody"]);
        }
        let child = command.spawn().expect("pgbouncer runs");
        let mut pooler = Self { child, port, _folder: folder };
        let deadline = Instant::now() + LIMIT;
        while Instant::now() < deadline {
            if pooler.child.try_wait().expect("a child can be asked").is_some() {
                return None;
            }
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some(pooler);
            }
            thread::sleep(Duration::from_millis(20));
        }
        None
    }

    /// The URL of a database of the server, by way of the pooler.
    pub fn url(&self, database: &str) -> String {
        let mut url = url::Url::parse(&Backend::Postgres.url("")).expect("the test server's URL is one");
        url.set_host(Some("127.0.0.1")).expect("a server's URL has a host");
        url.set_port(Some(self.port)).expect("a server's URL has a port");
        format!("{}/{database}", url.as_str().trim_end_matches('/'))
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The settings: any database of the test server, as the user of its URL, whoever asks.
fn written(port: u16) -> String {
    let url = url::Url::parse(&Backend::Postgres.url("")).expect("the test server's URL is one");
    let host = url.host_str().expect("a server's URL has a host");
    let quoted = |part: &str| percent_decode_str(part).decode_utf8_lossy().replace('\'', "''");
    let mut server = format!("host='{}' port={}", quoted(host), url.port().unwrap_or(5432));
    for (name, value) in [("user", url.username()), ("password", url.password().unwrap_or_default())] {
        if !value.is_empty() {
            write!(server, " {name}='{}'", quoted(value)).expect("a string takes it");
        }
    }
    format!(
        "[databases]\n* = {server}\n\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
         unix_socket_dir =\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 20\n"
    )
}

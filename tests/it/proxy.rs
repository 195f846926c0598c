//! A TCP proxy before a test server that kills a program at a statement of its choosing.
//!
//! It reads both directions frame by frame, so it knows where a statement begins and when its answer is
//! complete. Only connections to one database are watched; those to scratch databases pass unharmed.

mod mariadb;
mod postgres;

use std::io::{self, Read, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use crate::backend::Backend;

/// How long a watched program may take, and how long its server may take to let go of it.
const LIMIT: Duration = Duration::from_mins(2);

/// When a program dies, seen from the statement at which it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The statement has not reached the server.
    Before,
    /// The server has carried the statement out, and its answer is held back.
    After,
}

/// A proxy before the test server of a backend; it listens as long as it lives.
pub struct Proxy {
    backend: Backend,
    port: u16,
    shared: Arc<Shared>,
}

impl Proxy {
    /// Starts a proxy that watches the connections to `database`.
    pub fn start(backend: Backend, database: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let shared = Arc::new(Shared {
            backend,
            database: database.to_owned(),
            state: Mutex::new(State { watch: Watch::Off, open: 0, is_closed: false }),
            changed: Condvar::new(),
        });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || accepting.accept(&listener));
        Self { backend, port, shared }
    }

    /// The URL of a database of the server, by way of the proxy.
    pub fn url(&self, database: &str) -> String {
        let mut url = url::Url::parse(&self.backend.url("")).expect("the test server's URL is one");
        url.set_host(Some("127.0.0.1")).expect("a server's URL has a host");
        url.set_port(Some(self.port)).expect("a server's URL has a port");
        format!("{}/{database}", url.as_str().trim_end_matches('/'))
    }

    /// Runs `command` and kills it at the `n`th statement for whose text `is_counted` says true.
    ///
    /// Counted are the statements that the server is told to run, whether as text or prepared before,
    /// on any of the watched connections; preparing one is not running it. True when the program was
    /// killed, false when it ended by itself before. Either way its connections are gone afterwards.
    pub fn run_and_kill(&self, command: &mut Command, is_counted: fn(&[u8]) -> bool, n: usize, moment: Moment) -> bool {
        assert!(n > 0, "the first statement is number 1");
        self.shared.lock().watch = Watch::On { is_counted, left: n, moment };
        let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = quiet.spawn().expect("the program runs");
        let deadline = Instant::now() + LIMIT;
        let is_killed = loop {
            if self.shared.wait_while(Duration::from_millis(10), |state| !state.is_struck()) {
                break true;
            }
            if child.try_wait().expect("a child can be asked").is_some() {
                break false;
            }
            if Instant::now() > deadline {
                child.kill().expect("a child can be killed");
                panic!("{command:?} came to no end within {LIMIT:?}");
            }
        };
        if is_killed {
            child.kill().expect("a child can be killed");
        }
        child.wait().expect("a child can be waited for");
        self.shared.lock().watch = Watch::Off;
        self.shared.changed.notify_all();
        assert!(self.shared.wait_while(LIMIT, |state| state.open > 0), "the server holds on to a dead program");
        is_killed
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.lock().is_closed = true;
        // The listener looks at what changed when somebody knocks.
        TcpStream::connect(("127.0.0.1", self.port)).ok();
    }
}

/// What the threads of a proxy share.
struct Shared {
    backend: Backend,
    database: String,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    watch: Watch,
    /// How many connections there are.
    open: usize,
    is_closed: bool,
}

enum Watch {
    Off,
    On {
        is_counted: fn(&[u8]) -> bool,
        left: usize,
        moment: Moment,
    },
    /// The moment is there: nothing passes any more, and the program is about to be killed.
    Struck,
}

impl State {
    fn is_struck(&self) -> bool {
        matches!(self.watch, Watch::Struck)
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no thread panics with the state in its hands")
    }

    /// Waits as long as `condition` holds; false when the time was up first.
    fn wait_while(&self, time: Duration, condition: impl Fn(&State) -> bool) -> bool {
        let waited = self.changed.wait_timeout_while(self.lock(), time, |state| condition(state));
        !waited.expect("no thread panics with the state in its hands").1.timed_out()
    }

    /// Has the program killed, and returns when it is dead.
    fn strike(&self) {
        self.lock().watch = Watch::Struck;
        self.changed.notify_all();
        self.wait_while(LIMIT, State::is_struck);
    }

    /// Counts a statement of a watched connection; the moment, when this is the one.
    fn count(&self, text: &[u8]) -> Option<Moment> {
        let mut state = self.lock();
        let Watch::On { is_counted, left, moment } = &mut state.watch else { return None };
        if *left == 0 || !is_counted(text) {
            return None;
        }
        *left -= 1;
        (*left == 0).then_some(*moment)
    }

    fn accept(self: &Arc<Self>, listener: &TcpListener) {
        for client in listener.incoming() {
            let mut state = self.lock();
            if state.is_closed {
                return;
            }
            let Ok(client) = client else { continue };
            state.open += 1;
            drop(state);
            let shared = Arc::clone(self);
            thread::spawn(move || {
                // A connection that breaks is closed, as it would be without a proxy.
                shared.serve(&client).ok();
                drop(client);
                shared.lock().open -= 1;
                shared.changed.notify_all();
            });
        }
    }

    fn serve(&self, client: &TcpStream) -> io::Result<()> {
        let url = url::Url::parse(&self.backend.url("")).expect("the test server's URL is one");
        let host = url.host_str().expect("a server's URL has a host");
        let (port, greet, read): (u16, Greet, ReadFrame) = match self.backend {
            Backend::Postgres => (5432, postgres::greet, postgres::read),
            Backend::MariaDb => (3306, mariadb::greet, mariadb::read),
            Backend::Sqlite => panic!("SQLite has no server"),
        };
        let server = TcpStream::connect((host, url.port().unwrap_or(port)))?;
        client.set_nodelay(true)?;
        server.set_nodelay(true)?;
        let talk = Mutex::new(Talk { wire: greet(client, &server)?, held: None });
        thread::scope(|scope| {
            scope.spawn(|| {
                self.relay_answers(&server, client, read, &talk).ok();
                client.shutdown(Shutdown::Both).ok();
                // The server closes its end when it has let go of the session.
                io::copy(&mut &server, &mut io::sink()).ok();
            });
            self.relay_statements(client, &server, read, &talk).ok();
            server.shutdown(Shutdown::Write).ok();
        });
        Ok(())
    }

    fn relay_statements(
        &self,
        mut client: &TcpStream,
        mut server: &TcpStream,
        read: ReadFrame,
        talk: &Mutex<Talk>,
    ) -> io::Result<()> {
        loop {
            let frame = read(&mut client)?;
            if self.lock().is_struck() {
                self.wait_while(LIMIT, State::is_struck);
                return Ok(());
            }
            let mut now = talk.lock().expect("no thread panics with the talk in its hands");
            let statement = now.wire.asks(&frame);
            let watched = statement.filter(|_| now.wire.database() == self.database.as_bytes());
            let moment = watched.as_ref().and_then(|statement| self.count(&statement.text));
            now.held = now.held.or(watched.filter(|_| moment == Some(Moment::After)).map(|statement| statement.answer));
            drop(now);
            if moment == Some(Moment::Before) {
                self.strike();
                return Ok(());
            }
            server.write_all(&frame)?;
        }
    }

    fn relay_answers(
        &self,
        mut server: &TcpStream,
        mut client: &TcpStream,
        read: ReadFrame,
        talk: &Mutex<Talk>,
    ) -> io::Result<()> {
        loop {
            let frame = read(&mut server)?;
            let mut now = talk.lock().expect("no thread panics with the talk in its hands");
            let before = now.wire.answered();
            now.wire.answers(&frame);
            let after = now.wire.answered();
            let held = now.held;
            let is_invitation = now.wire.invites(&frame);
            drop(now);
            if held.is_some_and(|held| after >= held) {
                self.strike();
                return Ok(());
            }
            if held.is_none_or(|held| before + 1 < held) || is_invitation {
                client.write_all(&frame)?;
            }
        }
    }
}

/// Leads a client and its server through the start of their connection, in which nothing is a statement.
type Greet = fn(&TcpStream, &TcpStream) -> io::Result<Box<dyn Wire>>;

/// Reads one whole frame with its header.
type ReadFrame = fn(&mut dyn Read) -> io::Result<Vec<u8>>;

/// One connection as its two directions see it.
struct Talk {
    wire: Box<dyn Wire>,
    /// The number of the answer that is held back, and at whose end the program dies.
    held: Option<usize>,
}

/// What the frames of one connection mean.
trait Wire: Send {
    /// The database that the connection is in.
    fn database(&self) -> &[u8];

    /// Notes a frame of the client; gives the statement that it tells the server to run.
    fn asks(&mut self, frame: &[u8]) -> Option<Statement>;

    /// Notes a frame of the server.
    fn answers(&mut self, frame: &[u8]);

    /// How many answers are complete, that to the login among them.
    fn answered(&self) -> usize;

    /// Whether the server waits for rows of the client before its answer can go on.
    fn invites(&self, frame: &[u8]) -> bool;
}

/// A statement that the server is told to run.
struct Statement {
    text: Vec<u8>,
    /// The number of its answer, counted from the connection's start.
    answer: usize,
}

/// The bytes before the next zero, and those behind it.
fn until_zero(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    (&bytes[..end], bytes.get(end + 1..).unwrap_or_default())
}

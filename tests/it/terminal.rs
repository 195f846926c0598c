//! A program on a terminal: what it shows to a person, and what it does with what a person types.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::ffi::OsStringExt as _;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::io::FdFlags;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// How long a program may take.
const LIMIT: Duration = Duration::from_mins(1);

/// How long a program says nothing before the next answer is typed without having been asked for.
const SILENCE: Duration = Duration::from_millis(500);

/// How many lines a terminal has.
pub const LINES: u16 = 40;

/// Runs `command` on a terminal of 120 columns and types `answers`, line by line.
///
/// A line is typed when a `?` appeared since the last one, or after half a second of silence. Gives
/// everything that appeared, with the echo of what was typed and lines that end in `\r\n`, and the exit
/// code. A program that still runs after a minute is killed, and the test fails.
pub fn on_terminal(command: &mut Command, answers: &str) -> (String, Option<i32>) {
    watched(command, 120, answers, |_, _| ())
}

/// As [`on_terminal`], on one of so many columns; `watch` gets the program's process and each piece of what
/// appears.
pub fn watched(
    command: &mut Command,
    columns: u16,
    answers: &str,
    mut watch: impl FnMut(u32, &[u8]),
) -> (String, Option<i32>) {
    let (master, slave) = open(columns);
    let stdio = || Stdio::from(slave.try_clone().expect("a terminal can be shared"));
    let mut child = command.stdin(stdio()).stdout(stdio()).stderr(stdio()).spawn().expect("the program runs");
    // As long as anyone here has the terminal's other side, its end is never seen.
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    drop(slave);
    let appeared = listen(&master);
    let mut lines = answers.split_inclusive('\n');
    let (mut shown, mut asked_from) = (Vec::new(), 0);
    let deadline = Instant::now() + LIMIT;
    loop {
        let is_silent = match appeared.recv_timeout(SILENCE) {
            Ok(bytes) => {
                watch(child.id(), &bytes);
                shown.extend(bytes);
                false
            }
            Err(RecvTimeoutError::Timeout) => true,
            Err(RecvTimeoutError::Disconnected) => break,
        };
        if is_silent || shown[asked_from..].contains(&b'?') {
            asked_from = shown.len();
            // A program that ended reads nothing more.
            lines.next().map(|line| (&master).write_all(line.as_bytes()));
        }
        if Instant::now() > deadline {
            child.kill().expect("a child can be killed");
            panic!("{command:?} came to no end within {LIMIT:?}: {}", String::from_utf8_lossy(&shown));
        }
    }
    let status = child.wait().expect("a child can be waited for");
    (String::from_utf8(shown).expect("programs speak UTF-8"), status.code())
}

/// The two sides of a terminal of so many columns: the person's and the program's.
fn open(columns: u16) -> (File, File) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal can be made");
    // Programs that other tests start meanwhile must not keep it open.
    rustix::io::fcntl_setfd(&master, FdFlags::CLOEXEC).expect("a file can be kept from children");
    grantpt(&master).expect("a terminal can be granted");
    unlockpt(&master).expect("a terminal can be unlocked");
    let name = ptsname(&master, Vec::new()).expect("a terminal has a name").into_bytes();
    let slave = OpenOptions::new().read(true).write(true).open(std::ffi::OsString::from_vec(name));
    let slave = slave.expect("a terminal can be opened");
    let size = Winsize { ws_row: LINES, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&slave, size).expect("a terminal has a size");
    (File::from(master), slave)
}

/// Passes on what appears, until the program's side is closed, which shows as an error on Linux.
fn listen(master: &File) -> Receiver<Vec<u8>> {
    let mut master = master.try_clone().expect("a terminal can be shared");
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(length @ 1..) = master.read(&mut buffer) {
            if sender.send(buffer[..length].to_vec()).is_err() {
                return;
            }
        }
    });
    receiver
}

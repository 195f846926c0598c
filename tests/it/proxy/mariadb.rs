//! MariaDB's frames: three bytes of length, one of sequence. Whether an answer is complete is known
//! only by following it: rows have an end mark, and several statements in one text an answer each.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Read, Write as _};
use std::net::TcpStream;

use super::{Statement, Wire, until_zero};

/// The length of a frame that the next one continues: 16 MiB less one byte.
const FULL: usize = 0xff_ffff;

/// Capabilities: <https://mariadb.com/docs/server/reference/clientserver-protocol/1-connecting/connection>.
const CONNECT_WITH_DB: u32 = 1 << 3;
const SSL: u32 = 1 << 11;
const PLUGIN_AUTH_LENENC: u32 = 1 << 21;
const DEPRECATE_EOF: u32 = 1 << 24;

/// The status of an answer behind which another follows.
const MORE_RESULTS: u64 = 1 << 3;

/// What a frame of the client asks for, until its answer is complete.
enum Asked {
    /// An answer after as many exchanges as the login takes.
    Login,
    /// An answer of one frame.
    Word,
    /// A number for this text, and a frame for each parameter and column.
    Number(Vec<u8>),
    /// Rows, or how many were changed.
    Rows,
}

/// Where the answer to the oldest question is.
enum Step {
    Head,
    /// So many frames that describe columns or parameters are still to come.
    Columns(u64),
    Rows,
}

struct MariaDb {
    database: Vec<u8>,
    deprecates_eof: bool,
    /// The text of each prepared statement by its number.
    prepared: BTreeMap<u64, Vec<u8>>,
    open: VecDeque<Asked>,
    step: Step,
    answered: usize,
}

/// Takes TLS out of what the server offers, and reads the database from the client's login.
pub(super) fn greet(mut client: &TcpStream, mut server: &TcpStream) -> io::Result<Box<dyn Wire>> {
    let mut greeting = read(&mut server)?;
    // Protocol 10, the version, four bytes of connection and nine of salt, then the capabilities.
    let is_greeting = greeting.get(4) == Some(&10);
    let capabilities = greeting.len() - until_zero(&greeting[5..]).1.len() + 13;
    if is_greeting && let Some(low) = greeting.get_mut(capabilities..capabilities + 2) {
        low[1] &= !SSL.to_le_bytes()[1];
    }
    client.write_all(&greeting)?;
    if !is_greeting {
        return Err(io::Error::other("the server refuses"));
    }
    let login = read(&mut client)?;
    server.write_all(&login)?;
    let capabilities = u32::from_le_bytes([login[4], login[5], login[6], login[7]]);
    // Capabilities, the largest frame, the character set and 23 bytes that mean nothing here.
    let (_user, behind) = until_zero(login.get(36..).unwrap_or_default());
    let (length, behind) = if capabilities & PLUGIN_AUTH_LENENC == 0 {
        (behind.first().copied().unwrap_or_default().into(), behind.get(1..).unwrap_or_default())
    } else {
        number(behind)
    };
    let behind = behind.get(size(length)..).unwrap_or_default();
    let database = if capabilities & CONNECT_WITH_DB == 0 { Vec::new() } else { until_zero(behind).0.to_vec() };
    Ok(Box::new(MariaDb {
        database,
        deprecates_eof: capabilities & DEPRECATE_EOF != 0,
        prepared: BTreeMap::new(),
        open: VecDeque::from([Asked::Login]),
        step: Step::Head,
        answered: 0,
    }))
}

/// Reads a frame of either direction, and with a full one those that continue it.
pub(super) fn read(stream: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut frame = Vec::new();
    loop {
        let start = frame.len() + 4;
        frame.resize(start, 0);
        stream.read_exact(&mut frame[start - 4..])?;
        let length = size(little_endian(&frame[start - 4..start - 1]));
        frame.resize(start + length, 0);
        stream.read_exact(&mut frame[start..])?;
        if length < FULL {
            return Ok(frame);
        }
    }
}

fn size(number: u64) -> usize {
    usize::try_from(number).expect("a frame fits in memory")
}

fn little_endian(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// A number of as many bytes as its first byte says, and what follows it.
fn number(bytes: &[u8]) -> (u64, &[u8]) {
    let (first, behind) = bytes.split_first().unwrap_or((&0, &[]));
    let length = match first {
        0xfc => 2,
        0xfd => 3,
        0xfe => 8,
        _ => return (u64::from(*first), behind),
    };
    let (number, behind) = behind.split_at(length.min(behind.len()));
    (little_endian(number), behind)
}

/// Whether the frame that ends an answer announces another one.
fn has_more(status: &[u8]) -> bool {
    little_endian(status.get(..2).unwrap_or_default()) & MORE_RESULTS != 0
}

/// The status in an OK: behind the rows that changed and the last number given.
fn status(body: &[u8]) -> &[u8] {
    number(number(&body[1..]).1).1
}

impl MariaDb {
    fn complete(&mut self) {
        self.open.pop_front();
        self.answered += 1;
        self.step = Step::Head;
    }

    /// Goes on behind a part of an answer to rows.
    fn end(&mut self, has_more: bool) {
        if has_more {
            self.step = Step::Head;
        } else {
            self.complete();
        }
    }

    /// Notes the first frame of an answer with a number for a text.
    fn numbered(&mut self, text: Vec<u8>, body: &[u8]) {
        self.prepared.insert(little_endian(&body[1..5]), text);
        let groups = [&body[5..7], &body[7..9]].map(little_endian).into_iter().filter(|frames| *frames > 0);
        match groups.map(|frames| frames + u64::from(!self.deprecates_eof)).sum() {
            0 => self.complete(),
            frames => self.step = Step::Columns(frames),
        }
    }

    /// Notes the first frame of an answer to rows.
    fn head(&mut self, body: &[u8]) {
        match body[0] {
            0x00 => self.end(has_more(status(body))),
            0xff => self.complete(),
            _ => self.step = Step::Columns(number(body).0 + u64::from(!self.deprecates_eof)),
        }
    }
}

impl Wire for MariaDb {
    fn database(&self) -> &[u8] {
        &self.database
    }

    fn asks(&mut self, frame: &[u8]) -> Option<Statement> {
        // What is not the first of its sequence belongs to a login.
        let (command, body) = frame[4..].split_first().filter(|_| frame[3] == 0)?;
        let (asked, text) = match command {
            // To leave, to send a long value, to forget a statement: nobody answers.
            0x01 | 0x18 | 0x19 => return None,
            0x02 => {
                self.database = body.to_vec();
                (Asked::Word, None)
            }
            0x03 => (Asked::Rows, Some(body.to_vec())),
            0x16 => (Asked::Number(body.to_vec()), None),
            0x17 => {
                let text = self.prepared.get(&little_endian(&body[..4]));
                (Asked::Rows, Some(text.cloned().unwrap_or_default()))
            }
            _ => (Asked::Word, None),
        };
        self.open.push_back(asked);
        text.map(|text| Statement { text, answer: self.answered + self.open.len() })
    }

    fn answers(&mut self, frame: &[u8]) {
        let body = &frame[4..];
        let (Some(asked), Some(first)) = (self.open.front_mut(), body.first()) else { return };
        match (&self.step, asked) {
            (Step::Head, Asked::Login) if !matches!(first, 0x00 | 0xff) => {}
            (Step::Head, Asked::Number(text)) if *first == 0x00 => {
                let text = std::mem::take(text);
                self.numbered(text, body);
            }
            (Step::Head, Asked::Rows) => self.head(body),
            (Step::Columns(1), Asked::Rows) => self.step = Step::Rows,
            (Step::Head | Step::Columns(1), _) => self.complete(),
            (Step::Columns(left), _) => self.step = Step::Columns(left - 1),
            (Step::Rows, _) if *first == 0xff => self.complete(),
            (Step::Rows, _) if *first == 0xfe && body.len() < FULL => {
                self.end(has_more(if self.deprecates_eof { status(body) } else { &body[3..] }));
            }
            (Step::Rows, _) => {}
        }
    }

    fn answered(&self) -> usize {
        self.answered
    }

    /// Only `LOAD DATA LOCAL` would, which no driver here offers.
    fn invites(&self, _: &[u8]) -> bool {
        false
    }
}

//! PostgreSQL's frames: a byte of kind, four of length; the startup alone has no kind.

use std::collections::BTreeMap;
use std::io::{self, Read, Write as _};
use std::net::TcpStream;

use super::{Statement, Wire, until_zero};

/// Asks for TLS, and for GSSAPI encryption: the codes that stand where a version would.
const ENCRYPTION: [[u8; 4]; 2] = [80_877_103_u32.to_be_bytes(), 80_877_104_u32.to_be_bytes()];

/// Asks to cancel what another connection does.
const CANCEL: [u8; 4] = 80_877_102_u32.to_be_bytes();

struct Postgres {
    database: Vec<u8>,
    /// The text of each prepared statement by its name.
    prepared: BTreeMap<Vec<u8>, Vec<u8>>,
    /// How many times the server was asked to say that it is ready.
    asked: usize,
    answered: usize,
}

/// Declines encryption on the server's behalf and hands over the startup, which names the database.
pub(super) fn greet(mut client: &TcpStream, mut server: &TcpStream) -> io::Result<Box<dyn Wire>> {
    let startup = loop {
        let mut startup = Vec::new();
        read_rest(&mut client, &mut startup)?;
        if !ENCRYPTION.iter().any(|code| startup[4..].starts_with(code)) {
            break startup;
        }
        client.write_all(b"N")?;
    };
    server.write_all(&startup)?;
    if startup[4..].starts_with(&CANCEL) {
        return Err(io::Error::other("a cancellation is no session"));
    }
    let (mut database, mut rest) = (Vec::new(), startup.get(8..).unwrap_or_default());
    while !rest.is_empty() {
        let (name, behind) = until_zero(rest);
        let (value, behind) = until_zero(behind);
        if name == b"database" {
            database = value.to_vec();
        }
        rest = behind;
    }
    // A login ends with the first word that the server is ready.
    Ok(Box::new(Postgres { database, prepared: BTreeMap::new(), asked: 1, answered: 0 }))
}

/// Reads a frame of either direction.
pub(super) fn read(stream: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut frame = vec![0];
    stream.read_exact(&mut frame)?;
    read_rest(stream, &mut frame)?;
    Ok(frame)
}

/// Reads four bytes of length, which counts them too, and what they announce.
fn read_rest(stream: &mut dyn Read, frame: &mut Vec<u8>) -> io::Result<()> {
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    frame.extend(length);
    let start = frame.len();
    let announced = usize::try_from(u32::from_be_bytes(length)).expect("32 bits fit");
    frame.resize(start + announced.saturating_sub(length.len()), 0);
    stream.read_exact(&mut frame[start..])
}

impl Wire for Postgres {
    fn database(&self) -> &[u8] {
        &self.database
    }

    fn asks(&mut self, frame: &[u8]) -> Option<Statement> {
        let body = &frame[5..];
        match frame[0] {
            b'P' => {
                let (name, behind) = until_zero(body);
                self.prepared.insert(name.to_vec(), until_zero(behind).0.to_vec());
                None
            }
            // A Bind is executed, and then a Sync asks for the answer.
            b'B' => {
                let (_portal, behind) = until_zero(body);
                let text = self.prepared.get(until_zero(behind).0).cloned().unwrap_or_default();
                Some(Statement { text, answer: self.asked + 1 })
            }
            b'Q' => {
                self.asked += 1;
                Some(Statement { text: until_zero(body).0.to_vec(), answer: self.asked })
            }
            b'S' | b'F' => {
                self.asked += 1;
                None
            }
            _ => None,
        }
    }

    fn answers(&mut self, frame: &[u8]) {
        if frame[0] == b'Z' {
            self.answered += 1;
        }
    }

    fn answered(&self) -> usize {
        self.answered
    }

    fn invites(&self, frame: &[u8]) -> bool {
        frame[0] == b'G'
    }
}

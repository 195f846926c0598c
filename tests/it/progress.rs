//! What a terminal shows of progress while a command runs, and that nothing of it stays.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use vt100::Parser;

use crate::Alone;
use crate::backend::{Said, program_in};
use crate::terminal::{LINES, watched};

pub const TESTS: &[Alone] = &[
    ("nothing_of_the_progress_stays_on_a_terminal_of_40_columns", || nothing_stays(40, "migrate up market --seed")),
    ("nothing_of_the_progress_stays_on_a_terminal_of_80_columns", || nothing_stays(80, "migrate up market --seed")),
    ("nothing_of_the_progress_stays_on_a_terminal_of_120_columns", || nothing_stays(120, "migrate up market --seed")),
    ("nothing_of_the_progress_stays_between_the_lines_of_a_log", || nothing_stays(80, "-v migrate up market --seed")),
    ("nothing_of_the_progress_stays_of_an_interrupted_run", nothing_stays_of_an_interrupted_run),
];

/// How many lines a terminal keeps that have left it at the top.
const KEPT: usize = 10_000;

/// What the terminal shows in the end is what a file gets, and while the command runs no line of progress is
/// longer than the terminal is wide.
fn nothing_stays(columns: u16, arguments: &str) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let expected = lines_of_a_file(folder.path(), arguments);
    fs::remove_dir_all(folder.path().join("data")).expect("the database can be removed");

    let mut terminal = Parser::new(LINES, columns, KEPT);
    let mut seen = BTreeSet::new();
    let (shown, code) = watched(&mut kiln(folder.path(), arguments), columns, "", |_, bytes| {
        for piece in bytes.split_inclusive(|byte| *byte == b'\r') {
            terminal.process(piece);
            for line in lines(&mut terminal) {
                // A piece may end within a line.
                if !expected.iter().any(|expected| expected.starts_with(&line.text)) {
                    assert_eq!(line.rows, 1, "{}", line.text);
                    seen.insert(line.text);
                }
            }
        }
    });
    assert_eq!(code, Some(0), "{shown}");
    for doing in ["applying", "sales: #,# of #,# r"] {
        assert!(seen.iter().any(|line| line.contains(doing)), "{doing}: {seen:?}");
    }
    let left: Vec<String> = lines(&mut terminal).into_iter().map(|line| line.text).collect();
    assert_eq!(left, expected, "{shown}");
}

fn nothing_stays_of_an_interrupted_run() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    Said::by(&mut kiln(folder.path(), "migrate up market"), 0);
    let mut terminal = Parser::new(LINES, 80, KEPT);
    let mut is_running = false;
    let mut run = kiln(folder.path(), "seed market --scenario large");
    let (shown, code) = watched(&mut run, 80, "", |process, bytes| {
        terminal.process(bytes);
        if !is_running && lines(&mut terminal).iter().any(|line| line.text.contains("sales: ")) {
            is_running = true;
            let kill = Command::new("kill").args(["-INT", &process.to_string()]).status().expect("kill runs");
            assert!(kill.success());
        }
    });
    assert_eq!(code, Some(130), "{shown}");
    let left: Vec<String> = lines(&mut terminal).into_iter().map(|line| line.text).collect();
    assert_eq!(left, ["error: interrupted: what was under way is rolled back"], "{shown}");
}

fn kiln(folder: &Path, arguments: &str) -> Command {
    let mut command = program_in(folder, Path::new(env!("CARGO_BIN_EXE_kiln")), arguments);
    command.env("TERM", "xterm");
    command
}

/// The lines that a file gets of both streams, in the order in which they are written.
fn lines_of_a_file(folder: &Path, arguments: &str) -> Vec<String> {
    let path = folder.join("said");
    let file = File::create(&path).expect("a file");
    let mut run = kiln(folder, arguments);
    run.env("SEEDER_ENABLE_PROGRESS", "false").stdout(file.try_clone().expect("a file can be shared")).stderr(file);
    assert!(run.status().expect("the program runs").success());
    let said = fs::read_to_string(path).expect("what it said");
    said.lines().map(masked).filter(|line| !line.is_empty()).collect()
}

/// A line on a terminal, and on how many rows it is.
struct Line {
    text: String,
    rows: usize,
}

/// The lines that are not empty, from the first that was ever shown.
fn lines(terminal: &mut Parser) -> Vec<Line> {
    let mut rows: Vec<(String, bool)> = Vec::new();
    let screen = terminal.screen_mut();
    let width = screen.size().1;
    screen.set_scrollback(KEPT);
    while screen.scrollback() > 0 {
        rows.push((screen.rows(0, width).next().unwrap_or_default(), screen.row_wrapped(0)));
        screen.set_scrollback(screen.scrollback() - 1);
    }
    rows.extend((0..).zip(screen.rows(0, width)).map(|(at, row)| (row, screen.row_wrapped(at))));
    let mut lines = Vec::new();
    let mut line = Line { text: String::new(), rows: 0 };
    for (row, goes_on) in rows {
        line.text += &row;
        line.rows += 1;
        if !goes_on {
            line.text = masked(&line.text);
            lines.push(std::mem::replace(&mut line, Line { text: String::new(), rows: 0 }));
        }
    }
    lines.retain(|line| !line.text.is_empty());
    lines
}

/// A line without what differs from one run to the next: how long something took, and the spaces beside it.
fn masked(line: &str) -> String {
    let words = line.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut masked = String::new();
    for letter in words.chars() {
        match letter {
            '0'..='9' if masked.ends_with('#') => {}
            '0'..='9' => masked.push('#'),
            other => masked.push(other),
        }
    }
    masked
}

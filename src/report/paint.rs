//! Colour, for a terminal alone.

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use catalog::Severity;
use clap::ColorChoice as Wanted;

/// Whether a text is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paint {
    /// For whatever is no terminal.
    Plain,
    /// With ANSI's codes.
    Coloured,
}

/// What a word says of how things are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// As wanted: green.
    Good,
    /// To be looked at: yellow.
    Notable,
    /// Wrong: red.
    Bad,
}

impl Paint {
    /// As a stream wants it. `--color always` and `never` decide; without them it is coloured on a terminal,
    /// unless `NO_COLOR` or `CLICOLOR=0` says otherwise; elsewhere plain, unless `CLICOLOR_FORCE` does.
    pub(crate) fn of(stream: &impl RawStream, wanted: Wanted) -> Self {
        match (wanted, AutoStream::choice(stream)) {
            (Wanted::Never, _) | (Wanted::Auto, ColorChoice::Never) => Self::Plain,
            _ => Self::Coloured,
        }
    }

    /// What a finding or a message begins with: red for drift and an error, yellow for a note and a warning.
    pub(crate) fn code(self, severity: Severity, text: &str) -> String {
        let colour = match severity {
            Severity::Drift => AnsiColor::Red,
            Severity::Note => AnsiColor::Yellow,
        };
        self.styled(colour.on_default().bold(), text)
    }

    /// A word with its tone.
    pub(crate) fn word(self, tone: Tone, text: &str) -> String {
        let colour = match tone {
            Tone::Good => AnsiColor::Green,
            Tone::Notable => AnsiColor::Yellow,
            Tone::Bad => AnsiColor::Red,
        };
        self.styled(colour.on_default(), text)
    }

    /// What stands before a value, or above a column.
    pub(crate) fn label(self, text: &str) -> String {
        self.styled(Style::new().dimmed(), text)
    }

    fn styled(self, style: Style, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Coloured => format!("{style}{text}{style:#}"),
        }
    }
}

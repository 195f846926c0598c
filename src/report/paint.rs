//! Colour, for a terminal alone.

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use catalog::Severity;

/// Whether a text is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paint {
    /// For whatever is no terminal.
    Plain,
    /// With ANSI's codes.
    Coloured,
}

impl Paint {
    /// As standard output wants it: coloured on a terminal, unless `NO_COLOR` or `CLICOLOR=0` says otherwise;
    /// elsewhere plain, unless `CLICOLOR_FORCE` does.
    pub(crate) fn of_stdout() -> Self {
        match AutoStream::choice(&std::io::stdout()) {
            ColorChoice::Never => Self::Plain,
            _ => Self::Coloured,
        }
    }

    /// A finding's code: red for drift, yellow for a note.
    pub(crate) fn code(self, severity: Severity, text: &str) -> String {
        let colour = match severity {
            Severity::Drift => AnsiColor::Red,
            Severity::Note => AnsiColor::Yellow,
        };
        self.styled(colour.on_default().bold(), text)
    }

    /// What stands before a value.
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

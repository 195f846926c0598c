//! What shells complete: the words that an option takes, files where it takes one, nothing otherwise.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::error::Error;
use clap::{Arg, Command, ValueHint};

/// A parser that takes any text, and shows words that are worth giving in help and completions.
///
/// What else is taken, and what is said of a wrong text, is for whoever reads the value.
#[derive(Clone, Debug)]
pub(super) struct Words(Vec<String>);

/// Words that are worth giving.
pub(super) fn offered<T: Into<String>>(words: impl IntoIterator<Item = T>) -> Words {
    Words(words.into_iter().map(Into::into).collect())
}

impl TypedValueParser for Words {
    type Value = String;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<String, Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        if self.0.is_empty() { None } else { Some(Box::new(self.0.iter().map(PossibleValue::new))) }
    }
}

/// The command line, with nothing to complete for a value that is neither of some words nor a file: left alone,
/// shells take it for a file.
pub(super) fn without_files(command: Command) -> Command {
    let command = command.mut_args(|argument| {
        let is_open = argument.get_action().takes_values() && argument.get_possible_values().is_empty();
        if is_open && argument.get_value_hint() == ValueHint::Unknown {
            argument.value_hint(ValueHint::Other)
        } else {
            argument
        }
    });
    command.mut_subcommands(without_files)
}

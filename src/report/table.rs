//! Aligned columns without lines: what people read and scripts can cut.

use catalog::{counted, is_or_are, thousands};
use comfy_table::{CellAlignment, Table, presets};

use super::paint::{Paint, Tone};

/// A table of text under its header; columns from `numbers` on are aligned to the right.
pub(super) fn of(paint: Paint, header: &[&str], rows: impl IntoIterator<Item = Vec<String>>, numbers: usize) -> String {
    let lines = laid_out(header, rows, numbers);
    let lines = lines.into_iter().enumerate();
    lines.map(|(at, line)| if at == 0 { paint.label(&line) } else { line }).collect::<Vec<_>>().join("\n")
}

/// A table whose rows begin with a word of some tone, without a header.
pub(super) fn of_words(paint: Paint, rows: impl IntoIterator<Item = (Tone, Vec<String>)>, numbers: usize) -> String {
    let (tones, rows): (Vec<Tone>, Vec<Vec<String>>) = rows.into_iter().unzip();
    let words: Vec<String> = rows.iter().map(|row| row.first().cloned().unwrap_or_default()).collect();
    let lines = laid_out(&[], rows, numbers).into_iter().zip(tones.iter().zip(&words));
    let painted = lines.map(|(line, (tone, word))| line.replacen(word.as_str(), &paint.word(*tone, word), 1));
    painted.collect::<Vec<_>>().join("\n")
}

/// The lines of a table.
fn laid_out(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>, numbers: usize) -> Vec<String> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    if !header.is_empty() {
        table.set_header(header);
    }
    table.add_rows(rows);
    let columns = table.column_count();
    for (at, column) in table.column_iter_mut().enumerate() {
        column.set_padding((1 + u16::from(at == 0), u16::from(at + 1 != columns)));
        if at >= numbers {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect()
}

/// How many of all there are, with the verb that goes with it: "1 of 2 migrations is", "2 of 2 migrations are".
pub(super) fn of_all(some: usize, all: usize, noun: &str) -> String {
    format!("{some} of {} {}", counted(all, noun), is_or_are(if all == 1 { 1 } else { some }))
}

/// How long something took, as every report says it.
pub(super) fn took(milliseconds: u64) -> String {
    format!("{} ms", thousands(milliseconds))
}

#[cfg(test)]
mod tests {
    use super::{of, of_words};
    use crate::report::paint::{Paint, Tone};

    #[test]
    fn columns_align_and_lines_end_with_text() {
        let rows = || [vec!["a".to_owned(), "10".to_owned()], vec!["long".to_owned(), "1".to_owned()]];
        assert_eq!(of(Paint::Plain, &["table", "rows"], rows(), 1), "  table  rows\n  a        10\n  long      1");
        let words = of_words(Paint::Plain, [Tone::Good, Tone::Bad].into_iter().zip(rows()), 1);
        assert_eq!(words, "  a     10\n  long   1");
    }

    #[test]
    fn colour_moves_no_column() {
        let rows = [vec!["holds".to_owned(), "x".to_owned()], vec!["FAILS".to_owned(), "y".to_owned()]];
        let painted = of_words(Paint::Coloured, [Tone::Good, Tone::Bad].into_iter().zip(rows.clone()), 2);
        assert!(painted.starts_with("  \u{1b}[32mholds\u{1b}[0m"), "{painted}");
        let plain = of_words(Paint::Plain, [Tone::Good, Tone::Bad].into_iter().zip(rows), 2);
        assert_eq!(anstream::adapter::strip_str(&painted).to_string(), plain);
    }
}

//! Aligned columns without lines: what people read and scripts can cut.

use comfy_table::{CellAlignment, Table, presets};

/// A table of text; columns from `numbers` on are aligned to the right.
pub(super) fn of(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>, numbers: usize) -> String {
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
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// `1234567` as `1,234,567`.
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::{of, thousands};

    #[test]
    fn numbers_are_grouped_from_the_right() {
        assert_eq!([0, 999, 1000, 1_234_567].map(thousands), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn columns_align_and_lines_end_with_text() {
        let table =
            of(&["table", "rows"], [vec!["a".to_owned(), "10".to_owned()], vec!["long".to_owned(), "1".to_owned()]], 1);
        assert_eq!(table, "  table  rows\n  a        10\n  long      1");
    }
}

//! Defaults of binary columns, which the server shows byte for byte where a text should stand.

use super::shown::identifiers;

/// A statement with such defaults in hexadecimal, and those defaults by their columns.
pub(super) fn readable(text: &[u8]) -> (String, Vec<(String, String)>) {
    let mut defaults = Vec::new();
    let lines = text.split(|byte| *byte == b'\n').map(|line| {
        let lossy = String::from_utf8_lossy(line).into_owned();
        if std::str::from_utf8(line).is_ok() {
            return lossy;
        }
        let Some((before, default, after)) = default(line) else { return lossy };
        defaults.extend(identifiers(&lossy).into_iter().next().map(|column| (column, default.clone())));
        format!("{}{default}{}", String::from_utf8_lossy(before), String::from_utf8_lossy(after))
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    (text, defaults)
}

/// The default of a column's line in hexadecimal, between what stands before and after it.
fn default(line: &[u8]) -> Option<(&[u8], String, &[u8])> {
    const START: &[u8] = b" DEFAULT '";
    let at = line.windows(START.len()).position(|window| window == START)? + START.len();
    let mut hex = String::new();
    let mut rest = line[at..].iter().copied().enumerate().peekable();
    while let Some((position, byte)) = rest.next() {
        let byte = match byte {
            b'\'' if rest.next_if(|(_, next)| *next == b'\'').is_none() => {
                return Some((&line[..at - 1], format!("x'{hex}'"), &line[at + position + 1..]));
            }
            b'\\' => match rest.next()?.1 {
                b'0' => 0,
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'Z' => 26,
                other => other,
            },
            byte => byte,
        };
        hex.extend([byte >> 4, byte & 15].map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn bytes_that_are_no_text_are_shown_in_hexadecimal() {
        let text = b"CREATE TABLE `t` (\n  `a` varbinary(9) DEFAULT '\\0\xff''\\\\A' COMMENT 'x',\n  `b` int(11)\n)";
        let (text, defaults) = readable(text);
        let expected = "CREATE TABLE `t` (\n  `a` varbinary(9) DEFAULT x'00ff275c41' COMMENT 'x',\n  `b` int(11)\n)";
        assert_eq!(text, expected);
        assert_eq!(defaults, [("a".to_owned(), "x'00ff275c41'".to_owned())]);
    }
}

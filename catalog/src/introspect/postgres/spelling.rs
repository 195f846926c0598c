//! One spelling for what PostgreSQL writes in two.
//!
//! The server writes an expression out of its own tree, and reads it back into another one: a list of strings over
//! a column of varchar is cast as a whole at first, and element by element after a dump.

/// `ARRAY[(a)::text, (b)::text]` as `(ARRAY[a, b])::text[]`, wherever it is.
pub(super) fn settle(text: &mut String) {
    let mut from = 0;
    while let Some(at) = position(&text[from..], "ARRAY[") {
        let start = from + at;
        let inside = start + "ARRAY[".len();
        let Some(end) = closing(&text[inside..]).map(|end| inside + end) else { return };
        from = inside;
        if let Some((elements, data_type)) = alike(&text[inside..end]) {
            let settled = format!("(ARRAY[{}])::{data_type}[]", elements.join(", "));
            from = start + settled.len();
            text.replace_range(start..=end, &settled);
        }
    }
}

/// The elements of a list without their casts, and the type that each is cast to, if it is one.
fn alike(list: &str) -> Option<(Vec<&str>, &str)> {
    let mut data_type = None;
    let mut elements = Vec::new();
    let mut rest = list;
    loop {
        let end = position(rest, ",").unwrap_or(rest.len());
        let (element, cast) = cast(rest[..end].trim())?;
        if *data_type.get_or_insert(cast) != cast {
            return None;
        }
        elements.push(element);
        match rest.get(end + 1..) {
            Some(next) => rest = next,
            None => return Some((elements, data_type?)),
        }
    }
}

/// What is cast, and to what: `(a)::text`.
fn cast(element: &str) -> Option<(&str, &str)> {
    let inside = element.strip_prefix('(')?;
    let end = closing(inside)?;
    let data_type = inside[end + 1..].strip_prefix("::")?;
    let is_one = !data_type.contains("::") && !data_type.ends_with("[]") && !data_type.is_empty();
    is_one.then_some((&inside[..end], data_type))
}

/// Where the bracket that is open at the start of `text` is closed.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    outside(text).find_map(|(at, letter)| match letter {
        '(' | '[' => {
            depth += 1;
            None
        }
        ')' | ']' if depth == 0 => Some(at),
        ')' | ']' => {
            depth -= 1;
            None
        }
        _ => None,
    })
}

/// Where `wanted` is, outside of quotes and brackets.
fn position(text: &str, wanted: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let is_list = wanted == ",";
    outside(text).find_map(|(at, letter)| {
        if text[at..].starts_with(wanted) && (depth == 0 || !is_list) {
            return Some(at);
        }
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        None
    })
}

/// The letters of `text` that are in no quotes. A doubled quote ends one text and begins the next.
fn outside(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut quote = None;
    text.char_indices().filter(move |(_, letter)| match quote {
        Some(open) => {
            if *letter == open {
                quote = None;
            }
            false
        }
        None if matches!(letter, '\'' | '"') => {
            quote = Some(*letter);
            false
        }
        None => true,
    })
}

#[cfg(test)]
mod tests {
    use super::settle;

    fn settled(text: &str) -> String {
        let mut text = text.to_owned();
        settle(&mut text);
        text
    }

    #[test]
    fn a_list_that_is_cast_by_its_elements_is_one_that_is_cast_as_a_whole() {
        let whole = "((a)::text = ANY ((ARRAY['x'::character varying, 'it''s, )]'::character varying])::text[]))";
        let each = "((a)::text = ANY (ARRAY[('x'::character varying)::text, ('it''s, )]'::character varying)::text]))";
        assert_eq!(settled(each), whole);
        assert_eq!(settled(whole), whole);
        assert_eq!(settled(&format!("{each} OR {each}")), format!("{whole} OR {whole}"));
    }

    #[test]
    fn whatever_else_looks_so_is_left_alone() {
        for text in [
            "ARRAY[1, 2]",
            "ARRAY[(a)::text, (b)::integer]",
            "ARRAY[(a)::text, b]",
            "'ARRAY[(a)::text]'",
            "ARRAY[",
            "ARRAY[(a)::text || 'b'::text]",
            "ARRAY[ARRAY[1], ARRAY[2]]",
        ] {
            assert_eq!(settled(text), text);
        }
    }
}

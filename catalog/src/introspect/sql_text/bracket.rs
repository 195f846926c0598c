//! Parentheses that change nothing.

use super::token::{Form, Token};

/// How tightly what stands between two parentheses holds together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hold {
    /// A list, a query, or what is not understood here: its parentheses stay.
    No,
    Or,
    And,
    /// Anything that holds tighter than AND.
    Tight,
}

/// An expression without the parentheses that change nothing: those around the whole, and around the parts of
/// an AND or OR.
pub(super) fn bare<'a>(expression: &[Token<'a>]) -> Vec<Token<'a>> {
    let mut tokens = expression.to_vec();
    let mut open = 0;
    while open < tokens.len() {
        match closing(&tokens, open).filter(|close| is_needless(&tokens, open, *close)) {
            Some(close) => {
                tokens.remove(close);
                tokens.remove(open);
                // What was inside may now stand beside what was outside.
                open = 0;
            }
            None => open += 1,
        }
    }
    tokens
}

/// Where the parenthesis that opens at `open` is closed.
fn closing(tokens: &[Token<'_>], open: usize) -> Option<usize> {
    if !tokens[open].is_sign("(") {
        return None;
    }
    let mut depth = 0_usize;
    let length = tokens[open..].iter().position(|token| {
        depth = deeper(depth, *token);
        depth == 0
    });
    length.map(|length| open + length)
}

fn deeper(depth: usize, token: Token<'_>) -> usize {
    match token.text {
        "(" => depth + 1,
        ")" => depth.saturating_sub(1),
        _ => depth,
    }
}

fn is_needless(tokens: &[Token<'_>], open: usize, close: usize) -> bool {
    let inside = hold(&tokens[open + 1..close]);
    let before = open.checked_sub(1).map(|before| tokens[before]);
    // The AND of a BETWEEN holds tighter than another one.
    let has_between = tokens.iter().any(|token| token.is("BETWEEN"));
    let needs = [before, tokens.get(close + 1).copied()].map(|beside| match beside {
        None => Some(Hold::Or),
        Some(token) if token.is("AND") && !has_between => Some(Hold::Tight),
        Some(token) if token.is("OR") => Some(Hold::And),
        Some(token) if token.form == Form::Sign && ["(", ")", ","].contains(&token.text) => Some(Hold::Or),
        Some(_) => None,
    });
    needs.iter().all(|need| need.is_some_and(|need| inside >= need))
}

fn hold(inside: &[Token<'_>]) -> Hold {
    let mut depth = 0_usize;
    let mut hold = Hold::Tight;
    if inside.first().is_none_or(|first| first.is_any(&["SELECT", "VALUES", "WITH"])) {
        return Hold::No;
    }
    for token in inside {
        depth = deeper(depth, *token);
        let here = match token {
            _ if depth > 0 => Hold::Tight,
            comma if comma.is_sign(",") => Hold::No,
            or if or.is("OR") => Hold::Or,
            and if and.is_any(&["AND", "CASE", "BETWEEN"]) => Hold::And,
            _ => Hold::Tight,
        };
        hold = hold.min(here);
    }
    hold
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::bare;
    use crate::introspect::sql_text::token::tokens;

    fn texts(sql: &str) -> String {
        bare(&tokens(sql)).into_iter().map(|token| token.text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn parentheses_that_change_nothing_are_left_out() {
        for (written, bare) in [
            ("((a > 0))", "a > 0"),
            ("((a > 0) AND ((b > 0) OR (c > 0)))", "a > 0 AND ( b > 0 OR c > 0 )"),
            ("(a AND b) OR (NOT (c))", "a AND b OR NOT ( c )"),
            ("f((a), (b OR c))", "f ( a , b OR c )"),
        ] {
            assert_eq!(texts(written), bare);
        }
    }

    #[test]
    fn parentheses_that_change_something_stay() {
        for written in [
            "( a OR b ) AND c",
            "( a ) + ( b )",
            "NOT ( a AND b )",
            "a IN ( 1 )",
            "a BETWEEN 1 AND ( b > 2 )",
            "( SELECT 1 )",
            "( a , b ) = ( 1 , 2 )",
            "( CASE WHEN a OR b THEN 1 END ) AND c",
        ] {
            assert_eq!(texts(written), written);
        }
    }

    proptest! {
        #[test]
        fn nothing_but_parentheses_is_left_out(sql in "[a-z(), ]{0,60}|([ab(),]| AND | OR | NOT ){0,20}") {
            let without = |text: &str| text.replace(['(', ')', ' '], "");
            prop_assert_eq!(without(&texts(&sql)), without(&sql));
        }
    }
}

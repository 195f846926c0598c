//! A place in a row of tokens.

use super::token::Token;

/// The tokens that are yet to be read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'t, 'a> {
    pub(super) rest: &'t [Token<'a>],
}

impl<'t, 'a> Cursor<'t, 'a> {
    pub(super) fn new(rest: &'t [Token<'a>]) -> Self {
        Self { rest }
    }

    pub(super) fn peek(&self) -> Option<Token<'a>> {
        self.rest.first().copied()
    }

    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// Goes past these keywords, if they are what comes next.
    pub(super) fn takes(&mut self, keywords: &[&str]) -> bool {
        let is_next = self.is_at(keywords);
        if is_next {
            self.rest = &self.rest[keywords.len()..];
        }
        is_next
    }

    /// Whether these keywords are what comes next.
    pub(super) fn is_at(&self, keywords: &[&str]) -> bool {
        self.rest.len() >= keywords.len() && self.rest.iter().zip(keywords).all(|(token, keyword)| token.is(keyword))
    }

    pub(super) fn takes_sign(&mut self, sign: &str) -> bool {
        let is_next = self.peek().is_some_and(|token| token.is_sign(sign));
        if is_next {
            self.rest = &self.rest[1..];
        }
        is_next
    }

    pub(super) fn name(&mut self) -> Option<String> {
        let name = self.peek().filter(|token| token.can_name())?;
        self.rest = &self.rest[1..];
        Some(name.name())
    }

    /// What the parentheses that come next have between them; nothing where none come.
    pub(super) fn group(&mut self) -> Option<&'t [Token<'a>]> {
        if !self.peek()?.is_sign("(") {
            return None;
        }
        let inside = &self.rest[1..];
        let mut depth = 1_usize;
        let end = inside.iter().position(|token| {
            match token.text {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            depth == 0
        });
        let end = end.unwrap_or(inside.len());
        self.rest = inside.get(end + 1..).unwrap_or_default();
        Some(&inside[..end])
    }
}

/// `tokens` between the commas that stand in no parentheses of their own.
pub(super) fn split<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    let mut depth = 0_usize;
    let parts = tokens.split(|token| {
        match token.text {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && token.is_sign(",")
    });
    parts.collect()
}

//! Configuration text as a tree: what is written, and where.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};

/// A place in a text; lines and columns count from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line.
    pub line: u64,
    /// The column, in characters.
    pub column: u64,
}

impl Place {
    fn of(location: Location) -> Option<Self> {
        (location.line() > 0).then(|| Self { line: location.line(), column: location.column() })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// What is wrong with a text, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// What is wrong.
    pub message: String,
    /// The place of what is wrong, where the text is a file's.
    pub place: Option<Place>,
}

impl Wrong {
    pub(crate) fn new(place: Option<Place>, message: impl Into<String>) -> Self {
        Self { message: message.into(), place }
    }

    /// The message after its source and its place: `FILE:LINE:COLUMN: message`.
    pub(crate) fn within(&self, source: &str) -> String {
        let at = self.place.map(|place| format!(":{place}")).unwrap_or_default();
        format!("{source}{at}: {}", self.message)
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Some(place) => write!(f, "{place}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// A key of a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The key.
    pub text: String,
    /// Its place, where it has one.
    pub place: Option<Place>,
}

/// What is written in one place. A scalar keeps its text: whoever reads it knows what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What is written.
    pub value: Tree,
    /// Its place; none where it is from no file.
    pub place: Option<Place>,
}

/// What a [`Node`] is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tree {
    /// A single value; empty where nothing is written.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A mapping, in the order of its text.
    Map(Vec<(Key, Node)>),
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Self { value: Tree::Text(text), place: None }
    }
}

impl Node {
    /// Reads YAML.
    pub fn read(yaml: &str) -> Result<Self, Wrong> {
        // The parser's offsets do not count a mark of the byte order.
        let yaml = yaml.strip_prefix('\u{feff}').unwrap_or(yaml);
        let mut options = serde_saphyr::Options::default();
        options.non_finite_float_policy = serde_saphyr::options::NonFiniteFloatPolicy::PassThrough;
        let written: Spanned<Written> = serde_saphyr::from_str_with_options(yaml, options).map_err(|error| {
            Wrong::new(error.location().and_then(Place::of), plain(&error.without_snippet().to_string()))
        })?;
        node(written, yaml)
    }

    /// Reads YAML that is no file's: its places would say nothing.
    pub(crate) fn read_unplaced(yaml: &str) -> Result<Self, Wrong> {
        Self::read(yaml).map(Self::unplaced).map_err(|wrong| Wrong { place: None, ..wrong })
    }

    fn unplaced(self) -> Self {
        let value = match self.value {
            Tree::Text(text) => Tree::Text(text),
            Tree::List(items) => Tree::List(items.into_iter().map(Self::unplaced).collect()),
            Tree::Map(entries) => {
                let entries = entries.into_iter().map(|(key, node)| (Key { place: None, ..key }, node.unplaced()));
                Tree::Map(entries.collect())
            }
        };
        Self { value, place: None }
    }

    /// Whether nothing is written, or YAML's words for that.
    pub(crate) fn is_nothing(&self) -> bool {
        matches!(&self.value, Tree::Text(text) if ["", "~", "null"].contains(&text.as_str()))
    }
}

/// For a message: what is there in place of what should be.
impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Tree::Text(text) if text.is_empty() && self.place.is_some() => f.write_str("nothing"),
            Tree::Text(text) => write!(f, "`{text}`"),
            Tree::List(_) => f.write_str("a list"),
            Tree::Map(_) => f.write_str("a mapping"),
        }
    }
}

/// The parser's message without the position, which stands before it already.
fn plain(message: &str) -> String {
    let message = message.lines().next().and_then(|line| line.split(" at line ").next()).unwrap_or_default();
    message.split(", set DuplicateKeyPolicy").next().unwrap_or_default().to_owned()
}

/// What the parser makes of a node.
enum Written {
    /// A string.
    Text(String),
    /// What looks like a number, a boolean or nothing, as the parser would write it.
    Typed(String),
    List(Vec<Spanned<Written>>),
    Map(Vec<(Spanned<Written>, Spanned<Written>)>),
}

fn node(written: Spanned<Written>, yaml: &str) -> Result<Node, Wrong> {
    let place = Place::of(written.referenced);
    let value = match written.value {
        Written::Text(text) => Tree::Text(text),
        Written::Typed(text) => Tree::Text(original(written.defined, yaml).map_or(text, str::to_owned)),
        Written::List(items) => Tree::List(items.into_iter().map(|item| node(item, yaml)).collect::<Result<_, _>>()?),
        Written::Map(entries) => {
            let entries = entries.into_iter().map(|(name, value)| Ok((key(name, yaml)?, node(value, yaml)?)));
            Tree::Map(entries.collect::<Result<_, _>>()?)
        }
    };
    Ok(Node { value, place })
}

fn key(written: Spanned<Written>, yaml: &str) -> Result<Key, Wrong> {
    let Node { value, place } = node(written, yaml)?;
    match value {
        Tree::Text(text) => Ok(Key { text, place }),
        Tree::List(_) | Tree::Map(_) => Err(Wrong::new(place, "a key is a single value")),
    }
}

/// The text of a plain scalar as it stands: `1.0` stays so, and `007` too.
fn original(location: Location, yaml: &str) -> Option<&str> {
    let span = location.span();
    let start = usize::try_from(span.byte_offset()?).ok()?;
    let end = start.checked_add(usize::try_from(span.byte_len()?).ok()?)?;
    let text = yaml.get(start..end)?.trim();
    // Nothing has a place and no text; a tag stands before its scalar.
    (!text.is_empty() && !text.contains(char::is_whitespace)).then_some(text)
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Anything;
        impl<'de> Visitor<'de> for Anything {
            type Value = Written;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value, a list or a mapping")
            }

            fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Written, E> {
                Ok(Written::Typed(value.to_string()))
            }

            fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Written, E> {
                Ok(Written::Typed(value.to_string()))
            }

            fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Written, E> {
                Ok(Written::Typed(value.to_string()))
            }

            fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Written, E> {
                Ok(Written::Typed(value.to_string()))
            }

            fn visit_unit<E: serde::de::Error>(self) -> Result<Written, E> {
                Ok(Written::Typed(String::new()))
            }

            fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Written, E> {
                Ok(Written::Text(value.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Written, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = list.next_element()? {
                    items.push(item);
                }
                Ok(Written::List(items))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Written, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Written::Map(entries))
            }
        }
        deserializer.deserialize_any(Anything)
    }
}

#[cfg(test)]
mod tests {
    use super::{Node, Place, Tree};

    fn text(node: &Node) -> &str {
        match &node.value {
            Tree::Text(text) => text,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_scalar_keeps_the_text_that_is_written() {
        for (yaml, expected) in [
            ("1.0   # October", "1.0"),
            ("007", "007"),
            ("0.10", "0.10"),
            ("1e999", "1e999"),
            (".nan", ".nan"),
            ("Yes", "Yes"),
            ("2024-10-01", "2024-10-01"),
            ("\"2024-10-01\"", "2024-10-01"),
            ("'it''s'", "it's"),
            ("\"1.0\"", "1.0"),
            ("null", "null"),
            ("-5", "-5"),
            ("18446744073709551616", "18446744073709551616"),
            ("!!int 5", "5"),
            ("", ""),
            ("# nothing\n", ""),
            ("\u{feff}1.50", "1.50"),
        ] {
            assert_eq!(text(&Node::read(yaml).unwrap()), expected, "{yaml}");
        }
    }

    #[test]
    fn every_node_and_every_key_has_its_place() {
        let Tree::Map(entries) = Node::read("a: 1\nß: [10, {10: 1.0}]\n").unwrap().value else { panic!("a mapping") };
        let (key, list) = &entries[1];
        assert_eq!((key.text.as_str(), key.place), ("ß", Some(Place { line: 2, column: 1 })));
        let Tree::List(items) = &list.value else { panic!("a list") };
        assert_eq!(items[0].place, Some(Place { line: 2, column: 5 }));
        let Tree::Map(months) = &items[1].value else { panic!("a mapping") };
        assert_eq!((months[0].0.text.as_str(), text(&months[0].1)), ("10", "1.0"));
        assert_eq!(months[0].1.place, Some(Place { line: 2, column: 14 }));
    }

    #[test]
    fn an_alias_is_what_it_stands_for_and_has_its_own_place() {
        let Tree::Map(entries) = Node::read("a: &x 1.0\nb: *x\n").unwrap().value else { panic!("a mapping") };
        assert_eq!((text(&entries[1].1), entries[1].1.place), ("1.0", Some(Place { line: 2, column: 4 })));
    }

    #[test]
    fn what_is_no_yaml_says_where() {
        for (yaml, expected) in [
            ("a: 1\na: 2\n", "2:1: duplicate mapping key: a"),
            ("a: [1, 2\n", "1:4: unclosed bracket"),
            ("[1]: 2\n", "1:1: a key is a single value"),
        ] {
            let wrong = Node::read(yaml).unwrap_err().to_string();
            assert!(wrong.starts_with(expected), "{yaml}: {wrong}");
        }
    }
}

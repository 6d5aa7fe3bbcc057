use std::borrow::Cow;
use std::ops::Range;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};

use crate::base::{Place, SourceText};

/// A value with its place in the data file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// The bytes of the file that the value came from.
    pub span: Range<usize>,
    /// The value.
    pub value: NodeValue,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum NodeValue {
    /// A text, number, truth value or null.
    Scalar(Scalar),
    /// A list.
    List(Vec<Node>),
    /// An object, in the order of the file.
    Object(Vec<Entry>),
}

/// A value without parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Scalar {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A number, with the spelling of the file.
    Number(Number, String),
    /// A text, in NFC.
    Text(String),
}

/// A property of an object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The bytes of the key.
    pub key_span: Range<usize>,
    /// The value.
    pub node: Node,
}

impl Node {
    /// The value at a JSON pointer (RFC 6901).
    pub fn at(&self, pointer: &str) -> Option<&Self> {
        pointer.split('/').skip(1).try_fold(self, |node, part| node.child(&unescape(part)))
    }

    /// The property or list item of this name or number.
    pub fn child(&self, part: &str) -> Option<&Self> {
        match &self.value {
            NodeValue::Object(entries) => {
                entries.iter().find(|entry| entry.key == part).map(|entry| &entry.node)
            }
            NodeValue::List(list) => list.get(part.parse::<usize>().ok()?),
            NodeValue::Scalar(_) => None,
        }
    }

    /// The same value at places that start earlier, as they are in the part of the file
    /// that starts at `start`; what lies before it is at its beginning.
    #[must_use]
    pub fn placed_from(mut self, start: usize) -> Self {
        self.move_from(start);
        self
    }

    fn move_from(&mut self, start: usize) {
        let moved =
            |span: &Range<usize>| span.start.saturating_sub(start)..span.end.saturating_sub(start);
        self.span = moved(&self.span);
        match &mut self.value {
            NodeValue::List(list) => list.iter_mut().for_each(|item| item.move_from(start)),
            NodeValue::Object(entries) => {
                for entry in entries {
                    entry.key_span = moved(&entry.key_span);
                    entry.node.move_from(start);
                }
            }
            NodeValue::Scalar(_) => {}
        }
    }

    pub(super) fn at_mut(&mut self, pointer: &str) -> Option<&mut Self> {
        pointer.split('/').skip(1).try_fold(self, |node, part| {
            let part = unescape(part);
            match &mut node.value {
                NodeValue::Object(entries) => {
                    entries.iter_mut().find(|entry| entry.key == part).map(|entry| &mut entry.node)
                }
                NodeValue::List(list) => list.get_mut(part.parse::<usize>().ok()?),
                NodeValue::Scalar(_) => None,
            }
        })
    }

    /// Gives the object a property with this text, in place of one that it has.
    /// The property has no place in the file.
    pub fn set(&mut self, key: &str, text: &str) {
        let value = NodeValue::Scalar(Scalar::Text(text.to_owned()));
        let node = Self { span: 0..0, value };
        if let NodeValue::Object(entries) = &mut self.value {
            match entries.iter_mut().find(|entry| entry.key == key) {
                Some(entry) => entry.node = node,
                None => entries.push(Entry { key: key.to_owned(), key_span: 0..0, node }),
            }
        }
    }

    /// Lays another value over this one: objects are joined key by key, anything
    /// else takes the place of what was there. Values keep their places.
    pub(super) fn lay_over(&mut self, over: Self) {
        match (&mut self.value, over.value) {
            (NodeValue::Object(entries), NodeValue::Object(others)) => {
                for other in others {
                    match entries.iter_mut().find(|entry| entry.key == other.key) {
                        Some(entry) => {
                            entry.key_span = other.key_span;
                            entry.node.lay_over(other.node);
                        }
                        None => entries.push(other),
                    }
                }
            }
            (_, value) => *self = Self { span: over.span, value },
        }
    }

    /// Gives an object a property on which the one that it has, if it has, is laid.
    pub fn lay_under(&mut self, key: &str, mut under: Self) {
        let NodeValue::Object(entries) = &mut self.value else { return };
        match entries.iter_mut().find(|entry| entry.key == key) {
            Some(entry) if entry.node.value == NodeValue::Scalar(Scalar::Null) => {
                entry.node = under;
            }
            Some(entry) => {
                under.lay_over(entry.node.clone());
                entry.node = under;
            }
            None => entries.push(Entry { key: key.to_owned(), key_span: 0..0, node: under }),
        }
    }

    /// The same value without places, for use beside values of another file.
    #[must_use]
    pub fn without_places(self) -> Self {
        let value = match self.value {
            NodeValue::List(list) => {
                NodeValue::List(list.into_iter().map(Self::without_places).collect())
            }
            NodeValue::Object(entries) => {
                let placeless = |entry: Entry| Entry {
                    key: entry.key,
                    key_span: 0..0,
                    node: entry.node.without_places(),
                };
                NodeValue::Object(entries.into_iter().map(placeless).collect())
            }
            scalar @ NodeValue::Scalar(_) => scalar,
        };
        Self { span: 0..0, value }
    }

    /// The text of the value, if it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            NodeValue::Scalar(Scalar::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The value as text: a text, or a number as it is spelled.
    pub fn spelling(&self) -> Option<&str> {
        match &self.value {
            NodeValue::Scalar(Scalar::Text(text) | Scalar::Number(_, text)) => Some(text),
            _ => None,
        }
    }

    /// The items of a list; none for other values.
    pub fn items(&self) -> &[Self] {
        match &self.value {
            NodeValue::List(list) => list,
            _ => &[],
        }
    }

    /// The properties of an object; none for other values.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            NodeValue::Object(entries) => entries,
            _ => &[],
        }
    }

    /// The value without places.
    pub fn to_json(&self) -> Value {
        match &self.value {
            NodeValue::Scalar(Scalar::Null) => Value::Null,
            NodeValue::Scalar(Scalar::Bool(value)) => Value::Bool(*value),
            NodeValue::Scalar(Scalar::Number(number, _)) => Value::Number(number.clone()),
            NodeValue::Scalar(Scalar::Text(text)) => Value::String(text.clone()),
            NodeValue::List(list) => Value::Array(list.iter().map(Self::to_json).collect()),
            NodeValue::Object(entries) => {
                let pairs = entries.iter().map(|entry| (entry.key.clone(), entry.node.to_json()));
                Value::Object(pairs.collect::<Map<_, _>>())
            }
        }
    }

    /// The place of the value, named by its JSON pointer.
    pub fn place(&self, source: &SourceText, pointer: impl Into<String>) -> Place {
        Place { source: source.clone(), span: self.span.clone(), pointer: pointer.into() }
    }
}

impl Entry {
    /// The place of the key.
    pub fn place(&self, source: &SourceText, pointer: impl Into<String>) -> Place {
        Place { source: source.clone(), span: self.key_span.clone(), pointer: pointer.into() }
    }
}

/// The way to a value: it is written as a JSON pointer only where it is asked for.
pub(super) enum Path<'a> {
    /// To the data as a whole.
    Root,
    /// To a property of what lies at a path.
    Key(&'a Path<'a>, &'a str),
    /// To an item of what lies at a path.
    Item(&'a Path<'a>, usize),
}

impl Path<'_> {
    /// The JSON pointer.
    pub(super) fn pointer(&self) -> String {
        let mut pointer = match self {
            Self::Root => return String::new(),
            Self::Key(above, _) | Self::Item(above, _) => above.pointer(),
        };
        match self {
            Self::Root => {}
            Self::Key(_, key) => push_part(&mut pointer, key),
            Self::Item(_, at) => push_index(&mut pointer, *at),
        }
        pointer
    }
}

/// A part of a JSON pointer, with `~` and `/` escaped.
pub(super) fn escape(part: &str) -> String {
    part.replace('~', "~0").replace('/', "~1")
}

/// Lengthens a JSON pointer by a key.
pub fn push_part(pointer: &mut String, key: &str) {
    pointer.push('/');
    if key.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
        pointer.push_str(&escape(key));
    } else {
        pointer.push_str(key);
    }
}

/// Lengthens a JSON pointer by the number of a list item.
pub fn push_index(pointer: &mut String, at: usize) {
    let mut digits = [0; 20];
    let mut rest = at;
    let mut start = digits.len();
    while start == digits.len() || rest > 0 {
        start -= 1;
        digits[start] = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
    }
    pointer.push('/');
    pointer.extend(digits[start..].iter().map(|digit| char::from(*digit)));
}

fn unescape(part: &str) -> Cow<'_, str> {
    if part.contains('~') { part.replace("~1", "/").replace("~0", "~").into() } else { part.into() }
}

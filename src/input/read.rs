use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Number;
use serde_saphyr::options::{AliasLimits, DuplicateKeyPolicy};
use serde_saphyr::{Location, Options, Spanned};
use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::limits::{self, MAX_BYTES, MAX_DEPTH, MAX_LIST_BYTES, MAX_REPEATED};
use super::{Entry, Node, NodeValue, Scalar, plain, syntax};
use crate::base::{Finding, Place, SourceText};

/// Reads a data file, YAML or JSON, into values with places; texts become NFC.
///
/// # Errors
///
/// Findings about size, encoding, unwanted characters, syntax, duplicate keys,
/// depth and aliases. What is well-formed is not yet checked by a schema.
pub fn read(name: &str, bytes: &[u8]) -> Result<(SourceText, Node), Vec<Finding>> {
    let source = limits::check(name, bytes, MAX_BYTES)?;
    let node = whole(&source)?;
    if !matches!(node.value, NodeValue::Object(_)) {
        return Err(vec![Finding::new("IN09").at(node.place(&source, ""))]);
    }
    limits::check_count(&source, &node)?;
    limits::check_texts(&source, &node)?;
    Ok((source, node))
}

/// An object in a list: the bytes of the file that it fills, and its values, placed
/// from the first of these bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its bytes.
    pub span: Range<usize>,
    /// Its values.
    pub node: Node,
}

/// Reads a file that is a list of objects, each the data of a document.
///
/// # Errors
///
/// The findings of [`read`], each object being measured by itself, and one where the
/// file is no list or an item of it is no object.
pub fn read_list(name: &str, bytes: &[u8]) -> Result<(SourceText, Vec<Item>), Vec<Finding>> {
    let source = limits::check(name, bytes, MAX_LIST_BYTES)?;
    let node = whole(&source)?;
    let no_list = |node: &Node| vec![Finding::new("BT17").at(node.place(&source, ""))];
    let NodeValue::List(list) = node.value else { return Err(no_list(&node)) };
    // An object in blocks has no end of its own: it reaches to the next.
    let starts = list.iter().skip(1).map(|node| node.span.start);
    let ends: Vec<usize> = starts.chain([source.text().len()]).collect();
    let mut items = Vec::with_capacity(list.len());
    for (node, end) in list.into_iter().zip(ends) {
        if !matches!(node.value, NodeValue::Object(_)) {
            return Err(no_list(&node));
        }
        limits::check_count(&source, &node)?;
        limits::check_texts(&source, &node)?;
        let span = node.span.start..end.max(node.span.start);
        items.push(Item { node: node.placed_from(span.start), span });
    }
    Ok((source, items))
}

/// The value that a file holds, whatever it is.
fn whole(source: &SourceText) -> Result<Node, Vec<Finding>> {
    match plain::read(source) {
        Some(node) => Ok(node),
        None => general(source),
    }
}

/// Reads whatever YAML allows, and says what is wrong.
pub(super) fn general(source: &SourceText) -> Result<Node, Vec<Finding>> {
    let mut alias_limits = AliasLimits::default();
    alias_limits.max_total_replayed_events = MAX_REPEATED;
    let options = serde_saphyr::options! {
        duplicate_keys: DuplicateKeyPolicy::Error,
        leading_zero_numbers_as_strings: true,
        strict_booleans: true,
        with_snippet: false,
        alias_limits: alias_limits,
        budget: serde_saphyr::budget! {
            max_depth: MAX_DEPTH,
            max_documents: 1,
        },
    };
    parse(source, options)
}

fn parse(source: &SourceText, options: Options) -> Result<Node, Vec<Finding>> {
    if source.text().trim().is_empty() {
        return Err(vec![Finding::new("IN09").at(limits::whole(source.clone()))]);
    }
    let raw: Spanned<Raw> = serde_saphyr::from_str_with_options(source.text(), options)
        .map_err(|error| vec![syntax_finding(source, &error)])?;
    Ok(raw_node(source, raw))
}

/// A value as the parser gives it.
enum Raw {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Spanned<Raw>>),
    Object(Vec<(Spanned<String>, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Number::from_f64(value).map_or(Raw::Null, Raw::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Raw, E> {
        Ok(Raw::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = access.next_element()? {
            list.push(value);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Object(entries))
    }
}

fn raw_node(source: &SourceText, raw: Spanned<Raw>) -> Node {
    let span = range(source, &raw.referenced);
    let value = match raw.value {
        Raw::Null => NodeValue::Scalar(Scalar::Null),
        Raw::Bool(value) => NodeValue::Scalar(Scalar::Bool(value)),
        Raw::Number(number) => number_scalar(source, &range(source, &raw.defined), number),
        Raw::Text(text) => NodeValue::Scalar(Scalar::Text(nfc(text))),
        Raw::List(list) => {
            NodeValue::List(list.into_iter().map(|item| raw_node(source, item)).collect())
        }
        Raw::Object(entries) => {
            let entry = |(key, value): (Spanned<String>, Spanned<Raw>)| Entry {
                key_span: range(source, &key.referenced),
                key: nfc(key.value),
                node: raw_node(source, value),
            };
            NodeValue::Object(entries.into_iter().map(entry).collect())
        }
    };
    Node { span, value }
}

/// A number keeps its spelling; one with more digits than a number can hold
/// exactly, or written in an unusual way, is text.
fn number_scalar(source: &SourceText, span: &Range<usize>, number: Number) -> NodeValue {
    let spelled = source.slice(span.clone());
    let digits = spelled.bytes().filter(u8::is_ascii_digit).count();
    let usual = spelled.bytes().all(|byte| byte.is_ascii_digit() || b"-.".contains(&byte));
    NodeValue::Scalar(if spelled.is_empty() {
        let spelled = number.to_string();
        Scalar::Number(number, spelled)
    } else if usual && digits <= 15 {
        Scalar::Number(number, spelled.to_owned())
    } else {
        Scalar::Text(spelled.to_owned())
    })
}

pub(super) fn nfc(text: String) -> String {
    if is_plain(text.as_bytes()) || is_nfc(&text) { text } else { text.nfc().collect() }
}

/// Latin and Vietnamese letters in one piece, dashes and quotation marks: a text
/// of these alone is in NFC, and nearly every text is. In characters: up to
/// U+02FF, U+1E00 to U+1EFF, U+2010 to U+2027.
fn is_plain(text: &[u8]) -> bool {
    let may_be_more = |byte: &u8| *byte >= 0xcc;
    let mut rest = text;
    while let Some(at) = rest.iter().position(may_be_more) {
        match rest[at..] {
            [0xe1, 0xb8..=0xbb, ..] | [0xe2, 0x80, 0x90..=0xa7, ..] => rest = &rest[at + 2..],
            _ => return false,
        }
    }
    true
}

fn range(source: &SourceText, location: &Location) -> Range<usize> {
    let span = location.span();
    let offset = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
    if let (Some(start), Some(length)) = (span.byte_offset(), span.byte_len()) {
        let start = offset(start).min(source.text().len());
        start..(start + offset(length)).min(source.text().len())
    } else {
        let at = source.offset(offset(location.line()), offset(location.column()));
        at..at
    }
}

fn syntax_finding(source: &SourceText, error: &serde_saphyr::Error) -> Finding {
    use serde_saphyr::Error;
    let mut inner = error.without_snippet();
    while let Error::AliasError { error, .. } = inner {
        inner = error.without_snippet();
    }
    let span = error.location().map_or(0..0, |location| range(source, &location));
    let finding = match inner {
        Error::Budget { breach, .. } => match breach {
            serde_saphyr::budget::BudgetBreach::Depth { .. } => {
                Finding::new("IN03").with("limit", MAX_DEPTH.to_string())
            }
            serde_saphyr::budget::BudgetBreach::Documents { .. } => Finding::new("IN08"),
            _ => Finding::new("IN04"),
        },
        Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. } => Finding::new("IN04"),
        Error::DuplicateMappingKey { key, .. } => {
            Finding::new("IN07").with("key", key.clone().unwrap_or_default())
        }
        Error::MultipleDocuments { .. } => Finding::new("IN08"),
        other => {
            let (finding, span) = syntax::finding(source, &other.to_string(), span);
            return finding.at(Place { source: source.clone(), span, pointer: String::new() });
        }
    };
    finding.at(Place { source: source.clone(), span, pointer: String::new() })
}

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use serde_json::Number;
use serde_saphyr::granit_parser::{Event, Parser, ScalarStyle, Span};

use super::limits::MAX_DEPTH;
use super::read::nfc;
use super::{Entry, Node, NodeValue, Scalar};
use crate::base::SourceText;

/// Reads a data file that uses nothing but objects, lists and values, as almost
/// all do, in half the time of the general way.
///
/// Whatever else a file holds (aliases, tags, merge keys, unusual numbers) or
/// gets wrong (syntax, duplicate keys, depth) gives `None`: the general way then
/// reads it, and says what is wrong. Both give the same values and places, which
/// a test compares.
pub(super) fn read(source: &SourceText) -> Option<Node> {
    let mut events = Events { parser: Parser::new_from_str(source.text()), source };
    loop {
        match events.next()? {
            (Event::StreamStart | Event::Comment(..), _) => {}
            (Event::DocumentStart(..), _) => break,
            _ => return None,
        }
    }
    let (event, span) = events.node_event()?;
    let node = events.node(event, &span, 1)?;
    loop {
        match events.next()? {
            (Event::DocumentEnd | Event::Comment(..), _) => {}
            (Event::StreamEnd, _) => {
                return Some(node);
            }
            _ => return None,
        }
    }
}

struct Events<'a> {
    parser: Parser<'a, serde_saphyr::granit_parser::StrInput<'a>>,
    source: &'a SourceText,
}

impl<'a> Events<'a> {
    fn next(&mut self) -> Option<(Event<'a>, Span)> {
        self.parser.next()?.ok()
    }

    /// The next event that is no comment.
    fn node_event(&mut self) -> Option<(Event<'a>, Span)> {
        loop {
            match self.next()? {
                (Event::Comment(..), _) => {}
                event => return Some(event),
            }
        }
    }

    fn node(&mut self, event: Event<'a>, span: &Span, depth: usize) -> Option<Node> {
        if depth >= MAX_DEPTH {
            return None;
        }
        let place = self.range(span)?;
        let value = match event {
            Event::Scalar(text, style, 0, None) => NodeValue::Scalar(scalar(text, style)?),
            Event::SequenceStart(_, 0, None) => {
                let mut list = Vec::new();
                loop {
                    match self.node_event()? {
                        (Event::SequenceEnd, _) => break,
                        (event, span) => list.push(self.node(event, &span, depth + 1)?),
                    }
                }
                NodeValue::List(list)
            }
            Event::MappingStart(_, 0, None) => NodeValue::Object(self.entries(depth)?),
            _ => return None,
        };
        Some(Node { span: place, value })
    }

    fn entries(&mut self, depth: usize) -> Option<Vec<Entry>> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut keys = Keys::default();
        loop {
            match self.node_event()? {
                (Event::MappingEnd, _) => return Some(entries),
                (Event::Scalar(key, _, 0, None), span) => {
                    let key_span = self.range(&span)?;
                    let key = nfc(key.into_owned());
                    if key == "<<" || !keys.is_new(&key, &entries) {
                        return None;
                    }
                    let (event, span) = self.node_event()?;
                    let node = self.node(event, &span, depth + 1)?;
                    entries.push(Entry { key, key_span, node });
                }
                _ => return None,
            }
        }
    }

    fn range(&self, span: &Span) -> Option<Range<usize>> {
        let (start, end) = (span.start.byte_offset()?, span.end.byte_offset()?);
        let most = self.source.text().len();
        Some(start.min(most)..end.min(most))
    }
}

/// The keys of an object: looked up one by one while they are few.
#[derive(Default)]
struct Keys(HashSet<String>);

impl Keys {
    const FEW: usize = 16;

    fn is_new(&mut self, key: &str, entries: &[Entry]) -> bool {
        if entries.len() < Self::FEW {
            return entries.iter().all(|entry| entry.key != key);
        }
        if self.0.is_empty() {
            self.0.extend(entries.iter().map(|entry| entry.key.clone()));
        }
        self.0.insert(key.to_owned())
    }
}

/// Words that YAML, or an older one, may take for something else than text.
const OTHER_WORDS: [&str; 11] =
    ["null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf"];

/// What a scalar is; `None` where only the general way can tell.
fn scalar(text: Cow<'_, str>, style: ScalarStyle) -> Option<Scalar> {
    if style != ScalarStyle::Plain {
        return Some(Scalar::Text(nfc(text.into_owned())));
    }
    match &*text {
        "" | "~" | "null" => return Some(Scalar::Null),
        "true" => return Some(Scalar::Bool(true)),
        "false" => return Some(Scalar::Bool(false)),
        _ => {}
    }
    if OTHER_WORDS.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return None;
    }
    match text.bytes().next() {
        Some(b'0'..=b'9' | b'+' | b'-' | b'.') => number(text),
        _ => Some(Scalar::Text(nfc(text.into_owned()))),
    }
}

/// A scalar that starts like a number.
fn number(text: Cow<'_, str>) -> Option<Scalar> {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let usual = |whole: &str| digits(whole) && (whole == "0" || !whole.starts_with('0'));
    if usual(&text) && text.len() <= 15 {
        let number: u64 = text.parse().ok()?;
        return Some(Scalar::Number(Number::from(number), text.into_owned()));
    }
    if let Some((whole, fraction)) = text.split_once('.')
        && usual(whole)
        && digits(fraction)
        && text.len() <= 15
    {
        let number = Number::from_f64(text.parse().ok()?)?;
        return Some(Scalar::Number(number, text.into_owned()));
    }
    // Leading zeros (`06`), dates (`2026-03-15`) and whatever no number holds.
    let date = text.starts_with(|c: char| c.is_ascii_digit()) && text.split('-').all(digits);
    let foreign = |byte: u8| !byte.is_ascii_alphanumeric() && !b"+-._:".contains(&byte);
    (date || text.bytes().any(foreign)).then(|| Scalar::Text(nfc(text.into_owned())))
}

#[cfg(test)]
mod tests {
    use super::super::read;

    /// Every data file of the repository is read alike both ways, or left to the
    /// general way.
    #[test]
    fn both_ways_give_the_same() {
        let mut compared = 0;
        for folder in ["examples/plan", "templates/plan/plan/samples", "tests/suite/findings"] {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let Ok(text) = std::fs::read_to_string(&path) else { continue };
                if !path.extension().is_some_and(|end| end == "yaml" || end == "json") {
                    continue;
                }
                let source = crate::base::SourceText::new("x", text);
                if let Some(node) = super::read(&source) {
                    assert_eq!(Ok(node), read::general(&source), "{}", path.display());
                    compared += 1;
                }
            }
        }
        assert!(compared > 40, "only {compared} files are read the quick way");
    }
}

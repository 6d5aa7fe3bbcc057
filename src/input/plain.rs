use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use serde_json::Number;
use serde_saphyr::granit_parser::{Event, Parser, ScalarStyle, Span};

use super::limits::{MAX_DEPTH, MAX_REPEATED};
use super::read::nfc;
use super::{Entry, Node, NodeValue, Scalar};
use crate::base::SourceText;

/// Reads a data file that uses nothing but objects, lists, values and aliases of them,
/// as almost all do, in half the time of the general way.
///
/// Whatever else a file holds (tags, merge keys, unusual numbers) or
/// gets wrong (syntax, duplicate keys, depth) gives `None`: the general way then
/// reads it, and says what is wrong. Both give the same values and places, which
/// a test compares.
pub(super) fn read(source: &SourceText) -> Option<Node> {
    let parser = Parser::new_from_str(source.text());
    let mut events = Events { parser, source, anchored: HashMap::new(), repeated: 0 };
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
    /// The values that have an anchor, with how many levels and values they have.
    anchored: HashMap<usize, (Node, usize, usize)>,
    /// How many values aliases have repeated.
    repeated: usize,
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
        let anchor;
        let value = match event {
            Event::Scalar(text, style, id, None) => {
                anchor = id;
                NodeValue::Scalar(scalar(text, style)?)
            }
            Event::Alias(id) => return self.alias(id, &place, depth),
            Event::SequenceStart(_, id, None) => {
                anchor = id;
                let mut list = Vec::new();
                loop {
                    match self.node_event()? {
                        (Event::SequenceEnd, _) => break,
                        (event, span) => list.push(self.node(event, &span, depth + 1)?),
                    }
                }
                NodeValue::List(list)
            }
            Event::MappingStart(_, id, None) => {
                anchor = id;
                NodeValue::Object(self.entries(depth)?)
            }
            _ => return None,
        };
        let node = Node { span: place, value };
        if anchor != 0 {
            let (levels, values) = extent(&node);
            self.anchored.insert(anchor, (node.clone(), levels, values));
        }
        Some(node)
    }

    /// The value that an alias stands for. All of it lies where the alias does.
    fn alias(&mut self, id: usize, place: &Range<usize>, depth: usize) -> Option<Node> {
        let (node, levels, values) = self.anchored.get(&id)?;
        self.repeated += values;
        if self.repeated > MAX_REPEATED / 4 || depth + levels >= MAX_DEPTH {
            // The general way tells what is too much.
            return None;
        }
        let mut node = node.clone();
        lay(&mut node, place);
        Some(node)
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

/// How many levels and values a value has, itself counted.
fn extent(node: &Node) -> (usize, usize) {
    let below: Vec<(usize, usize)> = match &node.value {
        NodeValue::List(list) => list.iter().map(extent).collect(),
        NodeValue::Object(entries) => entries.iter().map(|entry| extent(&entry.node)).collect(),
        NodeValue::Scalar(_) => Vec::new(),
    };
    let levels = below.iter().map(|(levels, _)| *levels).max().unwrap_or(0);
    (levels + 1, below.iter().map(|(_, values)| values + 1).sum::<usize>() + 1)
}

/// Gives a value and all in it one place.
fn lay(node: &mut Node, place: &Range<usize>) {
    node.span = place.clone();
    match &mut node.value {
        NodeValue::List(list) => list.iter_mut().for_each(|item| lay(item, place)),
        NodeValue::Object(entries) => {
            for entry in entries {
                entry.key_span = place.clone();
                lay(&mut entry.node, place);
            }
        }
        NodeValue::Scalar(_) => {}
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
    // Leading zeros (`06`), dates (`2026-03-15`, `2026-03-15T08:00`) and whatever no
    // number holds.
    let (day, hour) = text.split_once('T').unwrap_or((&text, "0"));
    let instant = (day.contains('-') || day.len() == text.len()) && hour.split(':').all(digits);
    let date =
        text.starts_with(|c: char| c.is_ascii_digit()) && day.split('-').all(digits) && instant;
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
        for folder in [
            "examples/plan",
            "examples/case",
            "templates/plan/plan/samples",
            "tests/suite/findings",
        ] {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let Ok(text) = std::fs::read_to_string(&path) else { continue };
                if !path.extension().is_some_and(|end| end == "yaml" || end == "json") {
                    continue;
                }
                let source = crate::base::SourceText::new("x", text);
                let quick = super::read(&source);
                // Cases have aliases and instants.
                let is_case = path.parent().is_some_and(|folder| folder.ends_with("case"));
                assert!(quick.is_some() || !is_case, "{}", path.display());
                if let Some(node) = quick {
                    assert_eq!(Ok(node), read::general(&source), "{}", path.display());
                    compared += 1;
                }
            }
        }
        assert!(compared > 40, "only {compared} files are read the quick way");
    }
}

use std::collections::HashMap;

use super::{Node, push_index, push_part};
use crate::base::{Finding, Place, Severity, SourceText};
use crate::viet::grouped;

/// The largest data file, in bytes.
pub const MAX_BYTES: usize = 5 * 1024 * 1024;
/// The largest file that is a list of the data of several documents, in bytes.
pub const MAX_LIST_BYTES: usize = 64 * 1024 * 1024;
/// The deepest nesting of lists and objects.
pub const MAX_DEPTH: usize = 64;
/// The most keys of one object.
pub const MAX_KEYS: usize = 1_000;
/// The most values of a file, objects and lists counted as one each.
pub const MAX_VALUES: usize = 250_000;
/// The most findings of each severity that are told of a file.
pub const MAX_FINDINGS: usize = 200;
/// How many values aliases may repeat in all.
pub(super) const MAX_REPEATED: usize = 100_000;

/// Checks size, encoding and characters of a data file.
///
/// The findings name at most one place for each kind of unwanted character.
pub(super) fn check(name: &str, bytes: &[u8], most: usize) -> Result<SourceText, Vec<Finding>> {
    let nowhere = |text: &str| SourceText::new(name, text);
    if bytes.len() > most {
        let finding = Finding::new("IN02")
            .with("size", format!("{:.1}", mebibytes(bytes.len())))
            .with("limit", format!("{:.0}", mebibytes(most)));
        return Err(vec![finding.at(whole(nowhere("")))]);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => nowhere(text),
        Err(error) => {
            let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            let source = nowhere(&valid);
            let end = source.text().len();
            let place = Place { source, span: end..end, pointer: String::new() };
            return Err(vec![Finding::new("IN01").at(place)]);
        }
    };
    let findings: Vec<Finding> = characters(text.text())
        .filter(|(_, c)| is_unwanted(*c))
        .take(20)
        .map(|(at, c)| {
            Finding::new("IN05").with("character", format!("U+{:04X}", u32::from(c))).at(Place {
                source: text.clone(),
                span: at..at + c.len_utf8(),
                pointer: String::new(),
            })
        })
        .collect();
    if findings.is_empty() { Ok(text) } else { Err(findings) }
}

/// The characters that can be unwanted, with their places: the others, which are
/// nearly all, are passed over many at a time.
pub(super) fn characters(text: &str) -> impl Iterator<Item = (usize, char)> {
    let chunks = text.as_bytes().chunks(CHUNK).enumerate();
    let chunks =
        chunks.filter(|(_, chunk)| chunk.iter().fold(false, |any, byte| any | may_start(*byte)));
    let starts = chunks.flat_map(|(number, chunk)| {
        let starts = chunk.iter().enumerate().filter(|(_, byte)| may_start(**byte));
        starts.map(move |(at, _)| number * CHUNK + at)
    });
    starts.filter_map(|at| Some((at, text.get(at..)?.chars().next()?)))
}

const CHUNK: usize = 64;

/// Whether an unwanted character can start with this byte.
const fn may_start(byte: u8) -> bool {
    matches!(byte, 0..=8 | 0x0b | 0x0c | 0x0e..=0x1f | 0x7f | 0xc2 | 0xe2 | 0xee | 0xef)
}

/// Control characters other than tab and line ends, invisible characters, and the
/// private-use characters that converted legacy fonts leave behind.
pub(super) fn is_unwanted(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{84}'
        | '\u{86}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}' | '\u{fffe}' | '\u{ffff}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Checks the texts for unwanted characters that the file writes as escapes.
pub(super) fn check_texts(source: &SourceText, node: &Node) -> Result<(), Vec<Finding>> {
    let mut findings = Vec::new();
    if source.text().contains('\\') {
        unwanted_texts(source, node, &mut String::new(), &mut findings);
    }
    if findings.is_empty() { Ok(()) } else { Err(findings) }
}

fn unwanted_texts(
    source: &SourceText,
    node: &Node,
    pointer: &mut String,
    findings: &mut Vec<Finding>,
) {
    let mut report = |text: &str, place: &dyn Fn() -> Place| {
        if let Some((_, c)) = characters(text).find(|(_, c)| is_unwanted(*c)) {
            let code = format!("U+{:04X}", u32::from(c));
            findings.push(Finding::new("IN05").with("character", code).at(place()));
        }
    };
    report(node.text().unwrap_or_default(), &|| node.place(source, pointer.as_str()));
    for entry in node.entries() {
        report(&entry.key, &|| entry.place(source, pointer.as_str()));
    }
    let length = pointer.len();
    for entry in node.entries() {
        push_part(pointer, &entry.key);
        unwanted_texts(source, &entry.node, pointer, findings);
        pointer.truncate(length);
    }
    for (at, item) in node.items().iter().enumerate() {
        push_index(pointer, at);
        unwanted_texts(source, item, pointer, findings);
        pointer.truncate(length);
    }
}

/// Checks how many values a file has, and how many keys its objects.
pub(super) fn check_count(source: &SourceText, node: &Node) -> Result<(), Vec<Finding>> {
    let mut count = 0;
    if is_within(node, &mut count) {
        return Ok(());
    }
    count = 0;
    let found = too_many(node, &mut String::new(), &mut count);
    let finding = match found {
        None => return Ok(()),
        Some((node, pointer)) if count <= MAX_VALUES => Finding::new("IN12")
            .with("found", node.entries().len().to_string())
            .with("limit", MAX_KEYS.to_string())
            .at(node.place(source, pointer)),
        Some((node, pointer)) => Finding::new("IN13")
            .with("limit", grouped(&MAX_VALUES.to_string()))
            .at(node.place(source, pointer)),
    };
    Err(vec![finding])
}

/// Whether there are neither too many values nor too many keys.
fn is_within(node: &Node, count: &mut usize) -> bool {
    *count += 1;
    *count <= MAX_VALUES
        && node.entries().len() <= MAX_KEYS
        && node.entries().iter().all(|entry| is_within(&entry.node, count))
        && node.items().iter().all(|item| is_within(item, count))
}

/// The object with too many keys, or the value that is one too many.
fn too_many<'a>(
    node: &'a Node,
    pointer: &mut String,
    count: &mut usize,
) -> Option<(&'a Node, String)> {
    *count += 1;
    if *count > MAX_VALUES || node.entries().len() > MAX_KEYS {
        return Some((node, pointer.clone()));
    }
    let length = pointer.len();
    for entry in node.entries() {
        push_part(pointer, &entry.key);
        let found = too_many(&entry.node, pointer, count);
        if found.is_some() {
            return found;
        }
        pointer.truncate(length);
    }
    for (at, item) in node.items().iter().enumerate() {
        push_index(pointer, at);
        let found = too_many(item, pointer, count);
        if found.is_some() {
            return found;
        }
        pointer.truncate(length);
    }
    None
}

/// Keeps as many findings of each severity as people may want to read, and says
/// that there are more. They stay in order.
pub fn shorten(findings: &mut Vec<Finding>) {
    let all = findings.len();
    let mut told: HashMap<Severity, usize> = HashMap::new();
    findings.retain(|finding| {
        let count = told.entry(finding.severity).or_default();
        *count += 1;
        *count <= MAX_FINDINGS
    });
    if findings.len() < all {
        findings.push(Finding::new("IN14").with("limit", MAX_FINDINGS.to_string()));
    }
}

pub(super) fn whole(source: SourceText) -> Place {
    Place { source, span: 0..0, pointer: String::new() }
}

#[expect(clippy::cast_precision_loss, reason = "a size shown with one decimal")]
fn mebibytes(bytes: usize) -> f64 {
    bytes as f64 / (1024.0 * 1024.0)
}

#[cfg(test)]
mod tests {
    use super::{characters, is_unwanted};

    #[test]
    fn no_unwanted_character_is_passed_over() {
        for c in ('\0'..=char::MAX).filter(|c| is_unwanted(*c)) {
            let text = format!("đ{c}");
            assert!(characters(&text).any(|found| found == (2, c)), "U+{:04X}", u32::from(c));
        }
    }
}

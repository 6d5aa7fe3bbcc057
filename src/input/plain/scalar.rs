use std::collections::HashSet;
use std::ops::Range;

use serde_json::Number;

use super::super::read::nfc;
use super::super::{Entry, Node, NodeValue, Scalar};
use super::Reader;

impl Reader<'_> {
    /// A text between quotation marks, on one line.
    pub(super) fn quoted_node(&mut self) -> Option<Node> {
        let (text, span) = self.quoted()?;
        Some(Node { span, value: NodeValue::Scalar(Scalar::Text(text)) })
    }

    /// The same with its place, marks included.
    pub(super) fn quoted(&mut self) -> Option<(String, Range<usize>)> {
        let start = self.cursor.at;
        let rest = self.cursor.rest();
        let (text, length) =
            if rest.starts_with('"') { between_double(rest)? } else { between_single(rest)? };
        self.cursor.at += length;
        Some((nfc(text), start..self.cursor.at))
    }
}

/// The text between `'` and `'`, in which two of them stand for one, and how many bytes
/// all of it has.
fn between_single(quoted: &str) -> Option<(String, usize)> {
    let mut text = String::new();
    let mut at = 1;
    loop {
        let end = at + quoted[at..].find('\'')?;
        text.push_str(&quoted[at..end]);
        at = end + 1;
        if !quoted[at..].starts_with('\'') {
            return Some((text, at));
        }
        text.push('\'');
        at += 1;
    }
}

/// The same between `"` and `"`, where a backslash stands before some signs.
fn between_double(quoted: &str) -> Option<(String, usize)> {
    let mut text = String::new();
    let mut at = 1;
    loop {
        let end = at + quoted[at..].find(['"', '\\'])?;
        text.push_str(&quoted[at..end]);
        at = end + 1;
        if quoted.as_bytes()[end] == b'"' {
            return Some((text, at));
        }
        text.push(match quoted.as_bytes().get(at)? {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'n' => '\n',
            b'u' => {
                let digits = quoted.get(at + 1..at + 5)?;
                if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                    return None;
                }
                at += 4;
                char::from_u32(u32::from_str_radix(digits, 16).ok()?)?
            }
            _ => return None,
        });
        at += 1;
    }
}

/// The keys of an object: looked up one by one while they are few.
#[derive(Default)]
pub(super) struct Keys(HashSet<String>);

impl Keys {
    const FEW: usize = 16;

    pub(super) fn is_new(&mut self, key: &str, entries: &[Entry]) -> bool {
        if entries.len() < Self::FEW {
            return entries.iter().all(|entry| entry.key != key);
        }
        if self.0.is_empty() {
            self.0.extend(entries.iter().map(|entry| entry.key.clone()));
        }
        self.0.insert(key.to_owned())
    }
}

/// Whether a text without quotation marks may start so.
pub(super) fn starts_words(text: &str) -> bool {
    match text.as_bytes() {
        [] => false,
        [b'-', rest @ ..] => {
            rest.first().is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'.')
        }
        [first, ..] => !b"?:,[]{}#&*!|>'\"%@`".contains(first),
    }
}

/// Words that YAML, or an older one, may take for something else than text.
const OTHER_WORDS: [&str; 11] =
    ["null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf"];

/// What a text without quotation marks is; `None` where only the general way can tell.
pub(super) fn scalar(text: &str) -> Option<Scalar> {
    match text {
        "" | "~" | "null" => return Some(Scalar::Null),
        "true" => return Some(Scalar::Bool(true)),
        "false" => return Some(Scalar::Bool(false)),
        _ => {}
    }
    if text.len() <= 5 && OTHER_WORDS.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return None;
    }
    match text.bytes().next() {
        Some(b'0'..=b'9' | b'+' | b'-' | b'.') => number(text),
        _ => Some(Scalar::Text(nfc(text.to_owned()))),
    }
}

/// A text that starts like a number.
fn number(text: &str) -> Option<Scalar> {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let usual = |whole: &str| digits(whole) && (whole == "0" || !whole.starts_with('0'));
    if usual(text) && text.len() <= 15 {
        let number: u64 = text.parse().ok()?;
        return Some(Scalar::Number(Number::from(number), text.to_owned()));
    }
    if let Some((whole, fraction)) = text.split_once('.')
        && usual(whole)
        && digits(fraction)
        && text.len() <= 15
    {
        let number = Number::from_f64(text.parse().ok()?)?;
        return Some(Scalar::Number(number, text.to_owned()));
    }
    // Leading zeros (`06`), dates (`2026-03-15`, `2026-03-15T08:00`) and whatever no
    // number holds.
    let (day, hour) = text.split_once('T').unwrap_or((text, "0"));
    let instant = (day.contains('-') || day.len() == text.len()) && hour.split(':').all(digits);
    let date =
        text.starts_with(|c: char| c.is_ascii_digit()) && day.split('-').all(digits) && instant;
    let foreign = |byte: u8| !byte.is_ascii_alphanumeric() && !b"+-._:".contains(&byte);
    (date || text.bytes().any(foreign)).then(|| Scalar::Text(nfc(text.to_owned())))
}

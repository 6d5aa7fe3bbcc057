use crate::base::{Finding, SourceText};
use crate::block::MAX_LEVEL;
use crate::input::{Node, NodeValue, Scalar};

/// The keys of a section.
const KEYS: [&str; 8] =
    ["id", "title", "text", "content", "items", "targets", "sections", "ending"];

/// Checks that sections say something and are at most four deep, in the body,
/// in the parts of a plan, in a regulation and in annexes.
pub(super) fn check(source: &SourceText, data: &Node) -> Vec<Finding> {
    let mut check = Check { source, findings: Vec::new() };
    check.sections("", data, 1);
    for part in ["funding", "assignments", "reporting"] {
        if let Some(node) = data.child(part) {
            check.sections(&format!("/{part}"), node, 1 + usize::from(has_heading(node)));
        }
    }
    let agencies = data.at("/assignments/agencies").map(Node::items).unwrap_or_default();
    for (at, agency) in agencies.iter().enumerate() {
        check.duties(&format!("/assignments/agencies/{at}"), agency, 3);
    }
    if let Some(regulation) = data.child("regulation") {
        check.sections("/regulation", regulation, 1);
    }
    let annexes = data.child("annexes").map(Node::items).unwrap_or_default();
    for (at, annex) in annexes.iter().enumerate() {
        check.sections(&format!("/annexes/{at}"), annex, 1);
    }
    check.findings
}

/// Where parts with a number of their own stand in the data.
const NUMBERED: [&str; 6] =
    ["/sections/", "/parts/", "/chapters/", "/articles/", "/clauses/", "/points/"];

/// A number that the drafter has typed before a title or text whose number the
/// program gives: it would be printed twice, and may leave gaps.
pub(super) fn typed_number(source: &SourceText, node: &Node, pointer: &str) -> Option<Finding> {
    let text = node.text()?;
    let (parent, key) = pointer.rsplit_once('/')?;
    let named = ["title", "text"].contains(&key);
    let listed = || parent.ends_with("/clauses") || parent.ends_with("/points");
    let numbered = || NUMBERED.iter().any(|part| pointer.contains(part));
    if !(named || listed()) || !numbered() || pointer.contains("/content/") {
        return None;
    }
    let number = leading_number(text)?;
    let place = super::place_in(source, node, pointer, number);
    Some(Finding::new("ST03").with("found", number).at(place))
}

/// `I.`, `1.`, `1.2.`, `a)`, `Điều 1.`, `Chương I` at the start of a text.
fn leading_number(text: &str) -> Option<&str> {
    let (first, rest) = text.split_once(' ')?;
    if ["Điều", "Chương", "Phần", "Khoản", "Mục"].contains(&first) {
        let number = rest.split(' ').next()?;
        let bare = number.strip_suffix(['.', ':']).unwrap_or(number);
        let heading = number.len() > bare.len() || rest.len() == number.len();
        return (heading && is_number(bare)).then(|| &text[..first.len() + 1 + number.len()]);
    }
    let bare = first.strip_suffix(['.', ')'])?;
    let letter =
        first.ends_with(')') && bare.chars().count() == 1 && bare.chars().all(char::is_lowercase);
    (letter || is_number(bare)).then_some(first)
}

/// Arabic with or without points, or Roman.
fn is_number(text: &str) -> bool {
    let arabic = text.split('.').all(|part| {
        (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    });
    arabic || (!text.is_empty() && text.bytes().all(|byte| b"IVXL".contains(&byte)))
}

fn has_heading(part: &Node) -> bool {
    part.child("heading").is_none_or(|node| node.value != NodeValue::Scalar(Scalar::Bool(false)))
}

struct Check<'a> {
    source: &'a SourceText,
    findings: Vec<Finding>,
}

impl Check<'_> {
    fn report(&mut self, finding: Finding, node: &Node, pointer: &str) {
        self.findings.push(finding.at(node.place(self.source, pointer)));
    }

    /// Whether the level exists; reports it if not.
    fn level_exists(&mut self, level: usize, node: &Node, pointer: &str) -> bool {
        if level > MAX_LEVEL {
            let finding = Finding::new("ST09").with("limit", MAX_LEVEL.to_string());
            self.report(finding, node, pointer);
        }
        level <= MAX_LEVEL
    }

    /// The sections of a node stand on this level.
    fn sections(&mut self, pointer: &str, node: &Node, level: usize) {
        let list = node.child("sections").map(Node::items).unwrap_or_default();
        for (at, section) in list.iter().enumerate() {
            let pointer = format!("{pointer}/sections/{at}");
            if !self.level_exists(level, section, &pointer) {
                continue;
            }
            if is_nameless(section) {
                self.report(Finding::new("ST10"), section, &pointer);
            }
            self.sections(&pointer, section, level + 1);
        }
    }

    /// The duties of a node stand on this level, if they are numbered.
    fn duties(&mut self, pointer: &str, node: &Node, level: usize) {
        let form = node.child("form").and_then(Node::text).unwrap_or("items");
        let numbered = form == "numbered";
        if form == "items" {
            return;
        }
        let list = node.child("duties").map(Node::items).unwrap_or_default();
        for (at, duty) in list.iter().enumerate() {
            let pointer = format!("{pointer}/duties/{at}");
            if !numbered || self.level_exists(level, duty, &pointer) {
                self.duties(&pointer, duty, level + usize::from(numbered));
            }
        }
    }
}

/// A section without title and text. Where a key is not known, that is what is
/// wrong, and the schema says so.
fn is_nameless(section: &Node) -> bool {
    let entries = section.entries();
    !entries.is_empty()
        && entries.iter().all(|entry| KEYS.contains(&entry.key.as_str()))
        && !entries.iter().any(|entry| ["title", "text"].contains(&entry.key.as_str()))
}

#[cfg(test)]
mod tests {
    use super::leading_number;

    #[test]
    fn numbers_are_told_from_words() {
        for (text, number) in [
            ("I. Mục đích", "I."),
            ("1. Yêu cầu", "1."),
            ("1.2. Yêu cầu", "1.2."),
            ("đ) Báo cáo", "đ)"),
            ("Điều 3. Hiệu lực", "Điều 3."),
            ("Chương II", "Chương II"),
        ] {
            assert_eq!(leading_number(text), Some(number), "{text}");
        }
        for text in
            ["Mục đích", "24 người", "Điều 3 của Luật", "2026 là năm đầu", "V", "a. b", "100. x"]
        {
            assert_eq!(leading_number(text), None, "{text}");
        }
    }
}

use std::ops::RangeInclusive;
use std::str::FromStr;

use roxmltree::Node;

use crate::base::{Finding, Place, SourceText};
use crate::block::{Image, Images, Inline, Note};

/// Reads content markup and collects what is wrong with it.
pub(super) struct Reader<'a> {
    source: SourceText,
    images: &'a Images,
    /// What is wrong, in reading order.
    pub findings: Vec<Finding>,
}

/// The elements of running text, the last where notes may stand.
const INLINE: [&str; 7] = ["strong", "em", "blank", "fill", "br", "tick", "note"];

impl<'i> Reader<'i> {
    pub(super) fn new(source: SourceText, images: &'i Images) -> Self {
        Self { source, images, findings: Vec::new() }
    }

    fn report(&mut self, finding: Finding, node: Node<'_, '_>) {
        let place =
            Place { source: self.source.clone(), span: node.range(), pointer: String::new() };
        self.findings.push(finding.at(place));
    }

    /// The child elements, all of which must be `allowed`; text between them is
    /// not.
    pub(super) fn children<'a, 'input>(
        &mut self,
        node: Node<'a, 'input>,
        allowed: &[&str],
    ) -> Vec<Node<'a, 'input>> {
        let mut out = Vec::new();
        for child in node.children() {
            if child.is_element() {
                if allowed.contains(&child.tag_name().name()) {
                    out.push(child);
                } else {
                    self.not_allowed(child, node, allowed);
                }
            } else if child.is_text() && !child.text().unwrap_or_default().trim().is_empty() {
                let finding = Finding::new("CM06").with("element", node.tag_name().name());
                self.report(finding, child);
            }
        }
        out
    }

    fn not_allowed(&mut self, child: Node<'_, '_>, parent: Node<'_, '_>, allowed: &[&str]) {
        let list = allowed.iter().map(|name| format!("`<{name}>`")).collect::<Vec<_>>().join(", ");
        let finding = Finding::new("CM02")
            .with("element", child.tag_name().name())
            .with("parent", parent.tag_name().name())
            .with("allowed", list);
        self.report(finding, child);
    }

    /// Reports attributes other than the `known` ones.
    pub(super) fn attributes(&mut self, node: Node<'_, '_>, known: &[&str]) {
        for attribute in node.attributes() {
            if !known.contains(&attribute.name()) {
                let finding = Finding::new("CM03")
                    .with("attribute", attribute.name())
                    .with("element", node.tag_name().name())
                    .with("found", attribute.value());
                self.report(finding, node);
            }
        }
    }

    /// An attribute's value, read by its type; the default where it is missing.
    pub(super) fn value<T: FromStr>(&mut self, node: Node<'_, '_>, name: &str, default: T) -> T {
        self.choose(node, name, |text| text.parse().ok()).unwrap_or(default)
    }

    /// An attribute's value as `choose` understands it.
    pub(super) fn choose<T>(
        &mut self,
        node: Node<'_, '_>,
        name: &str,
        choose: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = node.attribute(name)?;
        let chosen = choose(text);
        if chosen.is_none() {
            let finding = Finding::new("CM03")
                .with("attribute", name)
                .with("element", node.tag_name().name())
                .with("found", text);
            self.report(finding, node);
        }
        chosen
    }

    /// The image that an attribute names: one of those that the data names.
    pub(super) fn image(&mut self, node: Node<'_, '_>, name: &str) -> Option<Image> {
        let images = self.images;
        self.choose(node, name, |path| images.get(path).cloned())
    }

    /// Reports a missing element.
    pub(super) fn missing(&mut self, node: Node<'_, '_>, element: &str) {
        let finding =
            Finding::new("CM04").with("element", element).with("parent", node.tag_name().name());
        self.report(finding, node);
    }

    /// The text of an element that holds nothing else.
    pub(super) fn text(&mut self, node: Node<'_, '_>) -> String {
        for child in node.children().filter(Node::is_element) {
            self.not_allowed(child, node, &[]);
        }
        let text: String = node.children().filter_map(|child| child.text()).collect();
        fold(&text).trim().to_owned()
    }

    /// The text of an element that holds nothing else but notes, and these.
    pub(super) fn text_and_notes(&mut self, node: Node<'_, '_>) -> (String, Vec<Inline>) {
        let (mut text, mut notes) = (String::new(), Vec::new());
        for child in node.children() {
            if child.has_tag_name("note") {
                notes.extend(self.piece(child, &["note"]));
            } else if child.is_element() {
                self.not_allowed(child, node, &["note"]);
            }
            text.push_str(child.text().filter(|_| child.is_text()).unwrap_or_default());
        }
        (fold(&text).trim().to_owned(), notes)
    }

    /// A length in millimetres that an attribute gives, within `range`.
    pub(super) fn millimetres(
        &mut self,
        node: Node<'_, '_>,
        name: &str,
        default: f64,
        range: RangeInclusive<f64>,
    ) -> f64 {
        let within = |text: &str| text.parse().ok().filter(|length| range.contains(length));
        self.choose(node, name, within).unwrap_or(default)
    }

    /// The running text of an element in which no notes may stand.
    pub(super) fn inlines(&mut self, node: Node<'_, '_>) -> Vec<Inline> {
        self.line(node, &INLINE[..INLINE.len() - 1], &[])
    }

    /// The running text of an element, with notes; elements named in `blocks` are
    /// left to the caller.
    pub(super) fn noted(&mut self, node: Node<'_, '_>, blocks: &[&str]) -> Vec<Inline> {
        self.line(node, &INLINE, blocks)
    }

    fn line(&mut self, node: Node<'_, '_>, allowed: &[&str], blocks: &[&str]) -> Vec<Inline> {
        let mut line = self.pieces(node, allowed, blocks);
        trim(&mut line);
        line
    }

    fn pieces(&mut self, node: Node<'_, '_>, allowed: &[&str], blocks: &[&str]) -> Vec<Inline> {
        let mut line = Vec::new();
        for child in node.children() {
            if child.is_text() {
                line.push(Inline::Text(fold(child.text().unwrap_or_default())));
            } else if child.is_element() {
                let name = child.tag_name().name();
                if allowed.contains(&name) {
                    line.extend(self.piece(child, allowed));
                } else if !blocks.contains(&name) {
                    let all: Vec<&str> = allowed.iter().chain(blocks).copied().collect();
                    self.not_allowed(child, node, &all);
                }
            }
        }
        line
    }

    fn piece(&mut self, node: Node<'_, '_>, allowed: &[&str]) -> Option<Inline> {
        Some(match node.tag_name().name() {
            "strong" => Inline::Strong(self.pieces(node, allowed, &[])),
            "em" => Inline::Emphasis(self.pieces(node, allowed, &[])),
            "blank" => Inline::Blank(self.value(node, "width", 10)),
            "fill" => Inline::Fill,
            "br" => Inline::Break,
            "tick" => {
                self.attributes(node, &["on"]);
                Inline::Tick(self.value(node, "on", false))
            }
            "note" => {
                self.attributes(node, &[]);
                Inline::Note(Note { content: self.inlines(node), ..Note::default() })
            }
            _ => return None,
        })
    }
}

/// Line ends within a text, with the space around them, are one space; tabs are
/// spaces. Everything else stays as it was typed.
fn fold(text: &str) -> String {
    if !text.contains(['\n', '\r', '\t']) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for (at, line) in text.split(['\n', '\r']).enumerate() {
        if at > 0 {
            out.truncate(out.trim_end_matches([' ', '\t']).len());
            out.push(' ');
            out.push_str(line.trim_start_matches([' ', '\t']));
        } else {
            out.push_str(line);
        }
    }
    out.replace('\t', " ")
}

/// Takes the space off both ends of a line, and pieces that are then empty.
fn trim(line: &mut Vec<Inline>) {
    while let Some(Inline::Text(first)) = line.first_mut() {
        *first = first.trim_start_matches([' ', '\n']).to_owned();
        if !first.is_empty() {
            break;
        }
        line.remove(0);
    }
    while let Some(Inline::Text(last)) = line.last_mut() {
        last.truncate(last.trim_end_matches([' ', '\n']).len());
        if !last.is_empty() {
            break;
        }
        line.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_fold_and_spaces_stay() {
        assert_eq!(fold("a  b \n   c\td"), "a  b c d");
        assert_eq!(fold("a  b"), "a  b");
    }
}

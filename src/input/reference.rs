use serde_json::Value;

use super::node::Path;
use super::{Node, NodeValue, Scalar};
use crate::base::{Bilingual, Finding, Place, SourceText};
use crate::catalog::nearest;
use crate::viet::{PartialDate, grouped};

/// Replaces every `${path.to.value}` in the texts of `node` by the value that
/// it names, and `$${` by `${`; `value` is the same data without places.
///
/// A reference is a name and nothing else: no logic, no nesting. Numbers come
/// in Vietnamese writing, dates in the short form of running text.
pub fn resolve(source: &SourceText, node: &mut Node, value: &mut Value) -> Vec<Finding> {
    let mut resolver = Resolver { source, root: node, findings: Vec::new(), texts: Vec::new() };
    resolver.node(node, &Path::Root);
    let Resolver { findings, texts, .. } = resolver;
    for (pointer, text) in texts {
        if let Some(value) = value.pointer_mut(&pointer) {
            *value = Value::String(text.clone());
        }
        if let Some(node) = node.at_mut(&pointer) {
            node.value = NodeValue::Scalar(Scalar::Text(text));
        }
    }
    findings
}

struct Resolver<'a> {
    source: &'a SourceText,
    root: &'a Node,
    findings: Vec<Finding>,
    /// The texts that change, by their pointers.
    texts: Vec<(String, String)>,
}

impl Resolver<'_> {
    fn node(&mut self, node: &Node, path: &Path<'_>) {
        match &node.value {
            NodeValue::Scalar(Scalar::Text(text)) if text.contains('$') && text.contains("${") => {
                let pointer = path.pointer();
                let text = self.text(text, node, &pointer);
                self.texts.push((pointer, text));
            }
            NodeValue::Scalar(_) => {}
            NodeValue::List(list) => {
                for (at, item) in list.iter().enumerate() {
                    self.node(item, &Path::Item(path, at));
                }
            }
            NodeValue::Object(entries) => {
                for entry in entries {
                    self.node(&entry.node, &Path::Key(path, &entry.key));
                }
            }
        }
    }

    fn text(&mut self, text: &str, node: &Node, pointer: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find("${") {
            if rest[..at].ends_with('$') {
                out.push_str(&rest[..at - 1]);
                out.push_str("${");
                rest = &rest[at + 2..];
                continue;
            }
            out.push_str(&rest[..at]);
            let Some(length) = rest[at..].find('}') else {
                let place = self.place(node, pointer, "${");
                self.findings.push(Finding::new("RF04").at(place));
                out.push_str(&rest[at..]);
                return out;
            };
            let name = &rest[at + 2..at + length];
            match self.value(name) {
                Ok(value) => out.push_str(&value),
                Err(finding) => {
                    let written = &rest[at..=at + length];
                    let place = self.place(node, pointer, written);
                    self.findings.push((*finding).at(place));
                    out.push_str(written);
                }
            }
            rest = &rest[at + length + 1..];
        }
        out.push_str(rest);
        out
    }

    fn value(&self, name: &str) -> Result<String, Box<Finding>> {
        let mut node = self.root;
        for part in name.split('.') {
            node = node.child(part).ok_or_else(|| Box::new(unknown(node, name, part)))?;
        }
        match &node.value {
            NodeValue::Scalar(Scalar::Text(text)) if has_reference(text) => {
                Err(Box::new(Finding::new("RF03").with("name", name)))
            }
            NodeValue::Scalar(Scalar::Text(text)) => {
                let date = text.parse::<PartialDate>().ok().filter(|date| date.month.is_some());
                Ok(date.map_or_else(|| text.trim_end().to_owned(), |date| date.to_string()))
            }
            NodeValue::Scalar(Scalar::Number(_, spelled)) => Ok(grouped(spelled)),
            _ => Err(Box::new(Finding::new("RF02").with("name", name))),
        }
    }

    /// The written reference inside the value, where it can be found in the
    /// file as it stands.
    fn place(&self, node: &Node, pointer: &str, written: &str) -> Place {
        let mut place = node.place(self.source, pointer);
        if let Some(at) = self.source.slice(node.span.clone()).find(written) {
            let start = node.span.start + at;
            place.span = start..start + written.len();
        }
        place
    }
}

fn has_reference(text: &str) -> bool {
    text.match_indices("${").any(|(at, _)| !text[..at].ends_with('$'))
}

fn unknown(node: &Node, name: &str, part: &str) -> Finding {
    let keys: Vec<&str> = node.entries().iter().map(|entry| entry.key.as_str()).collect();
    let finding = Finding::new("RF01").with("name", name).with("part", part);
    match nearest(part, keys.iter().copied()) {
        None if !keys.is_empty() => {
            let list = keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
            finding
                .hint(Bilingual::new(format!("ở đó có: {list}"), format!("what there is: {list}")))
        }
        near => finding.suggest(near),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(yaml: &str) -> (String, Vec<String>) {
        let (source, mut node) =
            crate::input::read("x.yaml", yaml.as_bytes()).expect("well-formed");
        let mut value = node.to_json();
        let findings = resolve(&source, &mut node, &mut value);
        assert_eq!(value, node.to_json());
        let text = node.child("t").and_then(Node::text).unwrap_or_default().to_owned();
        (text, findings.iter().map(|finding| finding.code.to_string()).collect())
    }

    #[test]
    fn names_are_replaced_by_their_values() {
        let yaml = "a: {b: 12500, d: 2026-03-05, l: [x, y]}\nt: '${a.b} người, ${a.d}, ${a.l.1}'\n";
        assert_eq!(resolved(yaml), ("12.500 người, 05/3/2026, y".into(), vec![]));
    }

    #[test]
    fn a_doubled_dollar_sign_prints_one() {
        assert_eq!(resolved("t: 'giá $${a.b} và $5'"), ("giá ${a.b} và $5".into(), vec![]));
    }

    #[test]
    fn what_cannot_be_resolved_is_a_finding() {
        assert_eq!(resolved("a: {}\nt: '${a.b}'").1, ["RF01"]);
        assert_eq!(resolved("a: {}\nt: '${a}'").1, ["RF02"]);
        assert_eq!(resolved("a: '${t}'\nt: '${a}'").1, ["RF03", "RF03"]);
        assert_eq!(resolved("t: 'mở ${a'").1, ["RF04"]);
    }
}

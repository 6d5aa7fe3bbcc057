use std::cell::LazyCell;
use std::collections::HashSet;

use super::assignment;
use crate::base::{Finding, Place, SourceText};
use crate::catalog::Template;
use crate::input::Node;
use crate::viet::fold;

/// Checks recipients: the archive line comes by itself, nobody is listed twice
/// (PL1-II.9.d), `Như trên` and `Như Điều` point at something (PL1-II.9.b), and
/// who has work to do gets the document (PL1-II.9.a).
pub(super) fn check(source: &SourceText, data: &Node, template: &Template) -> Vec<Finding> {
    let recipients = read(data);
    let has_articles = LazyCell::new(|| has_key(data, "articles"));
    // Whether what a recipient points at stands above; of most there is nothing.
    let above = |key: &str| match key {
        "nhu tren" => data.child("addressees").is_some() || introduces(template),
        _ => !key.starts_with("nhu dieu ") || *has_articles,
    };
    let mut findings = Vec::new();
    let mut seen: HashSet<&str> = HashSet::new();
    for recipient in &recipients {
        let key = recipient.key.as_str();
        if key.starts_with("luu:") || key.starts_with("luu :") {
            findings.push(Finding::new("NN03").at(recipient.place(source)));
        } else if seen.contains(key) {
            let finding = Finding::new("NN07").with("name", recipient.text);
            findings.push(finding.at(recipient.place(source)));
        } else if !above(key) {
            let finding = Finding::new("NN04").with("name", recipient.text);
            findings.push(finding.at(recipient.place(source)));
        }
        seen.insert(key);
    }
    let texts: Vec<&str> = recipients.iter().map(|recipient| recipient.text).collect();
    findings.extend(assignment::check(source, data, &texts));
    findings
}

/// An entry of the list of recipients.
struct Recipient<'a> {
    list: &'static str,
    at: usize,
    entry: &'a Node,
    /// Its name, without the marks of a list.
    text: &'a str,
    /// The name for comparing.
    key: String,
}

fn read(data: &Node) -> Vec<Recipient<'_>> {
    let mut recipients = Vec::new();
    let Some(lists) = data.child("recipients") else { return recipients };
    for list in ["paper", "electronic"] {
        let items = lists.child(list).map(Node::items).unwrap_or_default();
        for (at, entry) in items.iter().enumerate() {
            let Some(text) = entry.child("name").unwrap_or(entry).text() else { continue };
            let text = text.trim_start_matches(['-', ' ']).trim_end_matches([';', '.', ' ']);
            recipients.push(Recipient { list, at, entry, text, key: fold(text) });
        }
    }
    recipients
}

impl Recipient<'_> {
    fn place(&self, source: &SourceText) -> Place {
        let pointer = format!("/recipients/{}/{}", self.list, self.at);
        match self.entry.child("name") {
            Some(name) => name.place(source, format!("{pointer}/name")),
            None => self.entry.place(source, pointer),
        }
    }
}

/// Whether the template is a giấy giới thiệu, which says `Như trên` of those to
/// whom it introduces someone (PL3, Mẫu 1.8).
fn introduces(template: &Template) -> bool {
    template.manifest.kind == "GGT"
}

/// Whether an object somewhere in the data has the key.
fn has_key(node: &Node, key: &str) -> bool {
    node.entries().iter().any(|entry| entry.key == key || has_key(&entry.node, key))
        || node.items().iter().any(|item| has_key(item, key))
}

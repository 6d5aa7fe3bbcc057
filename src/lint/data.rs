use std::collections::HashSet;

use super::Values;
use crate::base::{Finding, SourceText};
use crate::catalog::nearest;
use crate::input::{Entry, Node, NodeValue, Scalar};

/// Checks that any document of the decree, and in particular a plan, must pass.
pub(super) fn check(source: &SourceText, data: &Node, values: &Values<'_>) -> Vec<Finding> {
    let mut check = Check { source, data, values, findings: Vec::new() };
    check.marks();
    check.subject();
    check.parts();
    check.section_names();
    check.targets();
    check.tables();
    check.findings
}

struct Check<'a> {
    source: &'a SourceText,
    data: &'a Node,
    values: &'a Values<'a>,
    findings: Vec<Finding>,
}

/// The parts of a plan that a section can put in its place.
const PARTS: [&str; 4] = ["funding", "schedule", "assignments", "reporting"];

impl Check<'_> {
    fn report(&mut self, finding: Finding, node: &Node, pointer: &str) {
        self.findings.push(finding.at(node.place(self.source, pointer)));
    }

    /// A draft has no number, and a secret no place here.
    fn marks(&mut self) {
        if let Some(secrecy) = self.data.at("/marks/secrecy") {
            let finding =
                Finding::new("MK02").with("found", secrecy.spelling().unwrap_or_default());
            self.report(finding, secrecy, "/marks/secrecy");
        }
        let draft = self.data.at("/marks/draft");
        let is_draft =
            draft.is_some_and(|node| node.value == NodeValue::Scalar(Scalar::Bool(true)));
        if let (true, Some(number)) = (is_draft, self.data.child("number")) {
            self.report(Finding::new("MK04"), number, "/number");
        }
    }

    /// A subject is a phrase without a full stop.
    fn subject(&mut self) {
        let Some(subject) = self.data.child("subject") else { return };
        let (last, pointer) = match subject.items() {
            [] => (subject, "/subject".to_owned()),
            [.., last] => (last, format!("/subject/{}", subject.items().len() - 1)),
        };
        if !last.text().is_some_and(|text| text.trim_end().ends_with('.')) {
            return;
        }
        let mut place = last.place(self.source, pointer);
        if let Some(at) = self.source.slice(last.span.clone()).rfind('.') {
            place.span = last.span.start + at..last.span.start + at + 1;
        }
        self.findings.push(Finding::new("TL03").at(place));
    }

    /// A part is placed once, has data, and stands alone in its entry.
    fn parts(&mut self) {
        let mut placed: Vec<String> = Vec::new();
        let sections = self.data.child("sections").map(Node::items).unwrap_or_default();
        for (at, section) in sections.iter().enumerate() {
            let Some(part) = section.child("part") else { continue };
            let pointer = format!("/sections/{at}/part");
            let name = part.text().unwrap_or_default().to_owned();
            if !PARTS.contains(&name.as_str()) {
                continue;
            }
            if let Some(other) = section.entries().iter().find(|entry| entry.key != "part") {
                let finding = Finding::new("PT03")
                    .with("part", name.clone())
                    .with("key", other.key.clone())
                    .at(other.place(self.source, format!("/sections/{at}/{}", other.key)));
                self.findings.push(finding);
            }
            if self.data.child(&name).is_none() {
                self.report(Finding::new("PT01").with("part", name.clone()), part, &pointer);
            }
            if placed.contains(&name) {
                self.report(Finding::new("PT02").with("part", name.clone()), part, &pointer);
            }
            placed.push(name);
        }
    }

    /// Targets and duties belong to sections that exist.
    fn section_names(&mut self) {
        let (mut ids, mut named) = (Vec::new(), Vec::new());
        for (node, pointer) in self.values.iter() {
            match node.text() {
                Some(text) if pointer.ends_with("/id") => ids.push(text),
                Some(text) if pointer.ends_with("/section") => named.push((text, node, pointer)),
                _ => {}
            }
        }
        for (name, node, pointer) in named.into_iter().filter(|(name, ..)| !ids.contains(name)) {
            let near = nearest(name, ids.iter().copied());
            self.report(Finding::new("TG01").with("section", name).suggest(near), node, pointer);
        }
    }

    /// Targets are printed somewhere.
    fn targets(&mut self) {
        let Some(targets) = self.data.child("targets") else { return };
        let mut printing = Vec::new();
        printing_sections(self.data, &mut printing);
        let named = target_names(self.values);
        let section =
            |entry: &'_ Entry| entry.node.child("section").and_then(Node::text).map(str::to_owned);
        let owners: Vec<Option<String>> = targets.entries().iter().map(section).collect();
        // A section that prints targets and has none of its own prints them all.
        let all = printing.iter().any(|id| id.is_none() || !owners.contains(id));
        // A name that cannot be used is what is wrong then.
        let usable =
            |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        for (entry, owner) in targets.entries().iter().zip(&owners) {
            let printed = all || (owner.is_some() && printing.contains(owner));
            if usable(&entry.key) && !printed && !named.contains(entry.key.as_str()) {
                let finding = Finding::new("TG02").with("name", entry.key.clone());
                let pointer = format!("/targets/{}", entry.key);
                self.findings.push(finding.at(entry.place(self.source, pointer)));
            }
        }
    }

    /// Rows have as many cells as the table has columns.
    fn tables(&mut self) {
        for (table, pointer) in self.values.iter().filter(|(_, one)| one.ends_with("/table")) {
            self.table(table, pointer);
        }
    }

    fn table(&mut self, table: &Node, pointer: &str) {
        let columns = table.child("columns").map_or(0, |columns| columns.items().len());
        for part in ["header", "rows"] {
            let rows = table.child(part).map(Node::items).unwrap_or_default();
            // How many rows the cells above still reach down, by column.
            let mut open = vec![0usize; columns];
            for (at, row) in rows.iter().enumerate() {
                let count = fill_row(row, &mut open);
                if columns > 0 && count != columns {
                    let finding = Finding::new("TB01")
                        .with("found", count.to_string())
                        .with("expected", columns.to_string());
                    self.report(finding, row, &format!("{pointer}/{part}/{at}"));
                }
            }
        }
    }
}

/// Puts the cells of a row into the columns that are free, and gives the number
/// of columns that are filled then.
fn fill_row(row: &Node, open: &mut [usize]) -> usize {
    let taken: Vec<bool> = open.iter().map(|left| *left > 0).collect();
    for left in open.iter_mut() {
        *left = left.saturating_sub(1);
    }
    let mut count = taken.iter().filter(|taken| **taken).count();
    let mut column = 0;
    for cell in row.items() {
        while taken.get(column) == Some(&true) {
            column += 1;
        }
        let wide = span(cell, "columns");
        for left in open.iter_mut().skip(column).take(wide) {
            *left = (*left).max(span(cell, "rows") - 1);
        }
        column += wide;
        count += wide;
    }
    count
}

fn span(cell: &Node, key: &str) -> usize {
    let spelled = cell.child(key).and_then(Node::spelling);
    spelled.and_then(|text| text.parse().ok()).filter(|span| *span > 0).unwrap_or(1)
}

/// The targets that texts refer to.
fn target_names<'a>(values: &Values<'a>) -> HashSet<&'a str> {
    let texts = values.iter().filter_map(|(node, _)| node.text());
    let references = texts.flat_map(|text| text.split("${targets.").skip(1));
    references.filter_map(|rest| Some(rest.split_once('.')?.0)).collect()
}

/// The ids of the sections that print targets; `None` for one without an id.
fn printing_sections(node: &Node, printing: &mut Vec<Option<String>>) {
    let form = |node: &Node| {
        let form = node.child("targets").and_then(Node::text);
        form.is_some_and(|form| ["list", "table"].contains(&form))
    };
    let content = node.child("content").map(Node::items).unwrap_or_default();
    if form(node) || content.iter().any(form) {
        printing.push(node.child("id").and_then(Node::text).map(str::to_owned));
    }
    node.entries().iter().for_each(|entry| printing_sections(&entry.node, printing));
    node.items().iter().for_each(|item| printing_sections(item, printing));
}

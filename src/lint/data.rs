use crate::base::{Finding, SourceText};
use crate::block::MAX_LEVEL;
use crate::catalog::nearest;
use crate::input::{Node, NodeValue, Scalar};
use crate::viet::fold;

/// Checks that any document of the decree, and in particular a plan, must pass.
pub(super) fn check(source: &SourceText, data: &Node) -> Vec<Finding> {
    let mut check = Check { source, data, findings: Vec::new() };
    check.marks();
    check.subject();
    check.signature();
    check.parts();
    check.sections("/sections", data.child("sections"), 1);
    check.targets();
    check.tables(data, &mut String::new());
    check.findings
}

struct Check<'a> {
    source: &'a SourceText,
    data: &'a Node,
    findings: Vec<Finding>,
}

/// The parts of a plan that a section can put in its place.
const PARTS: [&str; 4] = ["funding", "schedule", "assignments", "reporting"];

impl Check<'_> {
    fn report(&mut self, finding: Finding, node: &Node, pointer: &str) {
        self.findings.push(finding.at(node.place(self.source, pointer)));
    }

    /// A draft has no number.
    fn marks(&mut self) {
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
        let last = subject.items().last().unwrap_or(subject);
        if last.text().is_some_and(|text| text.trim_end().ends_with('.')) {
            self.report(Finding::new("TL03"), last, "/subject");
        }
    }

    /// Who signs for a head is a deputy, and one line of authority is enough.
    fn signature(&mut self) {
        let Some(signature) = self.data.child("signature") else { return };
        let title = signature.child("title").and_then(Node::text).unwrap_or_default();
        if let Some(node) = signature.child("KT")
            && !fold(title).starts_with("pho ")
            && !fold(title).starts_with("thu truong")
        {
            self.report(Finding::new("SG03").with("title", title), node, "/signature/KT");
        }
        if let (Some(_), Some(node)) = (signature.child("TL"), signature.child("TUQ")) {
            self.report(Finding::new("SG01"), node, "/signature/TUQ");
        }
        if let Some(name) = signature.child("name")
            && let Some(text) = name.text()
            && has_degree(text)
        {
            self.report(Finding::new("SG05").with("name", text), name, "/signature/name");
        }
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
            if section.entries().len() > 1 {
                self.report(Finding::new("PT03").with("part", name.clone()), part, &pointer);
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

    /// Sections say something and are at most four deep.
    fn sections(&mut self, pointer: &str, list: Option<&Node>, level: usize) {
        for (at, section) in list.map(Node::items).unwrap_or_default().iter().enumerate() {
            let pointer = format!("{pointer}/{at}");
            if level > MAX_LEVEL {
                self.report(
                    Finding::new("ST09").with("limit", MAX_LEVEL.to_string()),
                    section,
                    &pointer,
                );
                continue;
            }
            let named = ["title", "text", "part"].iter().any(|key| section.child(key).is_some());
            if !named && section.child("sections").is_none_or(|inner| inner.items().is_empty()) {
                self.report(Finding::new("ST10"), section, &pointer);
            }
            self.sections(&format!("{pointer}/sections"), section.child("sections"), level + 1);
        }
    }

    /// Targets belong to sections that exist, and are printed somewhere.
    fn targets(&mut self) {
        let Some(targets) = self.data.child("targets") else { return };
        let mut ids = Vec::new();
        let mut printing = Vec::new();
        section_ids(self.data, &mut ids, &mut printing);
        let mut texts = String::new();
        collect_texts(self.data, &mut texts);
        // A section that prints targets and has none of its own prints them all.
        let owned = |id: &str| {
            let sections = targets.entries().iter().filter_map(|entry| entry.node.child("section"));
            sections.filter_map(Node::text).any(|section| section == id)
        };
        let all = printing.iter().any(|id| !id.is_some_and(owned));
        for entry in targets.entries() {
            let pointer = format!("/targets/{}", entry.key);
            let section = entry.node.child("section");
            let id = section.and_then(Node::text);
            if let (Some(node), Some(id)) = (section, id)
                && !ids.contains(&id)
            {
                let finding = Finding::new("TG01")
                    .with("section", id)
                    .suggest(nearest(id, ids.iter().copied()));
                self.report(finding, node, &format!("{pointer}/section"));
            }
            let printed = all || id.is_some_and(|id| printing.contains(&Some(id)));
            if !printed && !texts.contains(&format!("${{targets.{}.", entry.key)) {
                let finding = Finding::new("TG02").with("name", entry.key.clone());
                self.findings.push(finding.at(entry.place(self.source, &pointer)));
            }
        }
    }

    /// Rows have as many cells as the table has columns.
    fn tables(&mut self, node: &Node, pointer: &mut String) {
        for entry in node.entries() {
            let length = pointer.len();
            pointer.push('/');
            pointer.push_str(&entry.key);
            if entry.key == "table" {
                self.table(&entry.node, pointer);
            }
            self.tables(&entry.node, pointer);
            pointer.truncate(length);
        }
        for (at, item) in node.items().iter().enumerate() {
            let length = pointer.len();
            pointer.push_str(&format!("/{at}"));
            self.tables(item, pointer);
            pointer.truncate(length);
        }
    }

    fn table(&mut self, table: &Node, pointer: &str) {
        let columns = table.child("columns").map_or(0, |columns| columns.items().len());
        for part in ["header", "rows"] {
            let rows = table.child(part).map(Node::items).unwrap_or_default();
            // Cells of earlier rows that reach down: rows left, by column.
            let mut open = vec![0usize; columns];
            for (at, row) in rows.iter().enumerate() {
                let mut count = open.iter().filter(|left| **left > 0).count();
                for left in &mut open {
                    *left = left.saturating_sub(1);
                }
                for cell in row.items() {
                    let wide = span(cell, "columns");
                    for left in open.iter_mut().skip(count).take(wide) {
                        *left = (*left).max(span(cell, "rows") - 1);
                    }
                    count += wide;
                }
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

fn span(cell: &Node, key: &str) -> usize {
    let spelled = cell.child(key).and_then(Node::spelling);
    spelled.and_then(|text| text.parse().ok()).filter(|span| *span > 0).unwrap_or(1)
}

/// The ids of all sections, and the ids of those that print targets.
fn section_ids<'a>(node: &'a Node, ids: &mut Vec<&'a str>, printing: &mut Vec<Option<&'a str>>) {
    let id = node.child("id").and_then(Node::text);
    ids.extend(id);
    let form = |node: &Node| {
        node.child("targets")
            .and_then(Node::text)
            .is_some_and(|form| ["list", "table"].contains(&form))
    };
    let content = node.child("content").map(Node::items).unwrap_or_default();
    if form(node) || content.iter().any(form) {
        printing.push(id);
    }
    node.entries().iter().for_each(|entry| section_ids(&entry.node, ids, printing));
    node.items().iter().for_each(|item| section_ids(item, ids, printing));
}

fn collect_texts(node: &Node, out: &mut String) {
    if let Some(text) = node.text() {
        out.push_str(text);
        out.push('\n');
    }
    node.entries().iter().for_each(|entry| collect_texts(&entry.node, out));
    node.items().iter().for_each(|item| collect_texts(item, out));
}

/// Whether a name starts with an academic or honorary title.
fn has_degree(name: &str) -> bool {
    const TITLES: [&str; 16] = [
        "ts.",
        "ts ",
        "ths.",
        "ths ",
        "pgs.",
        "pgs ",
        "gs.",
        "gs ",
        "bs.",
        "bscki",
        "ks.",
        "cn.",
        "tiến sĩ ",
        "thạc sĩ ",
        "giáo sư ",
        "phó giáo sư ",
    ];
    let name = name.trim().to_lowercase();
    TITLES.iter().any(|title| name.starts_with(title))
}

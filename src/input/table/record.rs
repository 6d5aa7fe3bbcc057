use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::super::limits::{characters, is_unwanted};
use super::super::{Entry, Node, NodeValue, Scalar};
use super::convert::convert;
use super::header::Layout;
use super::value::{CellValue, Row};
use crate::base::{Finding, Place, SourceText};
use crate::catalog::Schema;

/// Values that hold for every row, with the file that they come from.
#[derive(Debug, Clone)]
pub struct Common {
    /// The file.
    pub source: SourceText,
    /// Its values.
    pub node: Node,
}

/// Makes values with places of rows: each value's place is its cell.
#[derive(Debug)]
pub struct Records {
    layout: Layout,
    common: Option<Common>,
    /// Pointers of the objects that must be there.
    required: HashSet<String>,
}

/// A row as values with places.
#[derive(Debug)]
pub struct Record {
    /// The texts of its cells, and that of the file of common values.
    pub source: SourceText,
    /// The values.
    pub node: Node,
    /// What is to be said of single cells.
    pub findings: Vec<Finding>,
}

impl Records {
    /// Makes values of the rows of a table for a template with this schema.
    pub fn new(layout: Layout, common: Option<Common>, schema: &Schema) -> Self {
        let mut required = HashSet::new();
        for field in &layout.columns {
            let mut pointer = String::new();
            for part in &field.path {
                if !schema.requires(&pointer, part) {
                    break;
                }
                super::super::push_part(&mut pointer, part);
                required.insert(pointer.clone());
            }
        }
        Self { layout, common, required }
    }

    /// The values of a row. An empty cell says nothing, and a group of empty cells is not
    /// there; what the row leaves open the common values fill.
    pub fn record(&self, row: &Row) -> Record {
        let (source, spans, common_start) = self.source(row);
        let mut findings = self.cells_too_many(row, &source, &spans);
        let mut root = object(0..0);
        for field in &self.layout.columns {
            let span = spans.get(&field.at).cloned().unwrap_or(0..0);
            let mut value = None;
            if let Some(cell) = row.cell(field.at) {
                let place = || Place {
                    source: source.clone(),
                    span: span.clone(),
                    pointer: field.pointer(),
                };
                findings.extend(unwanted(cell).map(|finding| finding.at(place())));
                let converted = convert(cell, &field.kind);
                findings.extend(converted.finding.map(|finding| finding.at(place())));
                value = converted.value;
            }
            insert(&mut root, &field.path, value, &span);
        }
        prune(&mut root, &mut String::new(), &self.required);
        if let Some(common) = &self.common {
            lay_under(&mut root, &common.node, common_start);
        }
        Record { source, node: root, findings }
    }

    /// The texts of the row itself, its cells and the common values; the place of each
    /// cell, and where the common values start.
    fn source(&self, row: &Row) -> (SourceText, HashMap<u32, Range<usize>>, usize) {
        let file = &self.layout.file;
        let whole = SourceText::of_cell(file, "", self.layout.cell(row.number, None));
        let mut parts = vec![whole];
        let mut spans = HashMap::new();
        let mut start = 1;
        let fields = self.layout.columns.iter().map(|field| field.at);
        let beyond = row.cells.iter().map(|(at, _)| *at).filter(|at| *at > self.layout.last);
        for at in fields.chain(beyond) {
            let text = row.cell(at).map(CellValue::shown).unwrap_or_default();
            spans.insert(at, start..start + text.len());
            start += text.len() + 1;
            let cell = self.layout.cell(row.number, Some(at));
            parts.push(SourceText::of_cell(file, text, cell));
        }
        parts.extend(self.common.as_ref().map(|common| common.source.clone()));
        (SourceText::joined(file, parts), spans, start)
    }

    /// Cells without a heading in delimited text: a mark in a value that is not in quotes
    /// has moved all cells behind it.
    fn cells_too_many(
        &self,
        row: &Row,
        source: &SourceText,
        spans: &HashMap<u32, Range<usize>>,
    ) -> Vec<Finding> {
        let last = self.layout.last;
        let beyond = row.cells.iter().map(|(at, _)| *at).filter(|at| *at > last).max();
        let Some(at) = beyond.filter(|_| self.layout.sheet.is_none()) else { return Vec::new() };
        let finding = Finding::new("BT16")
            .with("found", (at + 1).to_string())
            .with("expected", (last + 1).to_string());
        let span = spans.get(&at).cloned().unwrap_or(0..0);
        vec![finding.at(Place { source: source.clone(), span, pointer: String::new() })]
    }
}

/// A character that no text may hold.
fn unwanted(cell: &CellValue) -> Option<Finding> {
    let CellValue::Text(text) = cell else { return None };
    let (_, character) = characters(text).find(|(_, character)| is_unwanted(*character))?;
    let code = format!("U+{:04X}", u32::from(character));
    Some(Finding::new("IN05").with("character", code))
}

fn object(span: Range<usize>) -> Node {
    Node { span, value: NodeValue::Object(Vec::new()) }
}

/// Puts a value at a path; items of lists are keys until [`prune`] makes lists of them.
fn insert(node: &mut Node, path: &[String], value: Option<NodeValue>, span: &Range<usize>) {
    let Some((key, rest)) = path.split_first() else { return };
    let NodeValue::Object(entries) = &mut node.value else { return };
    let at = entries.iter().position(|entry| entry.key == *key).unwrap_or_else(|| {
        entries.push(Entry {
            key: key.clone(),
            key_span: span.clone(),
            node: object(span.clone()),
        });
        entries.len() - 1
    });
    if rest.is_empty() {
        let value = value.unwrap_or(NodeValue::Scalar(Scalar::Null));
        entries[at].node = placed(value, span);
    } else {
        insert(&mut entries[at].node, rest, value, span);
    }
}

/// A value and its parts, all of them at one place.
fn placed(value: NodeValue, span: &Range<usize>) -> Node {
    let value = match value {
        NodeValue::List(list) => {
            NodeValue::List(list.into_iter().map(|item| placed(item.value, span)).collect())
        }
        other => other,
    };
    Node { span: span.clone(), value }
}

fn is_null(node: &Node) -> bool {
    node.value == NodeValue::Scalar(Scalar::Null)
}

/// Makes lists of what has numbers for keys, and nothing of groups without a value, unless
/// they must be there: then the schema names the value that is missing.
fn prune(node: &mut Node, pointer: &mut String, required: &HashSet<String>) {
    let NodeValue::Object(entries) = &mut node.value else { return };
    let length = pointer.len();
    for entry in entries.iter_mut() {
        super::super::push_part(pointer, &entry.key);
        prune(&mut entry.node, pointer, required);
        pointer.truncate(length);
    }
    let is_number = |entry: &Entry| entry.key.bytes().all(|byte| byte.is_ascii_digit());
    if !entries.is_empty() && entries.iter().all(is_number) {
        let mut items = std::mem::take(entries);
        items.sort_by_key(|entry| entry.key.parse::<usize>().unwrap_or(0));
        let items: Vec<Node> =
            items.into_iter().map(|entry| entry.node).filter(|item| !is_null(item)).collect();
        node.value =
            if items.is_empty() { NodeValue::Scalar(Scalar::Null) } else { NodeValue::List(items) };
    } else if entries.iter().all(|entry| is_null(&entry.node))
        && !pointer.is_empty()
        && !required.contains(pointer.as_str())
    {
        node.value = NodeValue::Scalar(Scalar::Null);
    }
}

/// Lays common values under those of a row; their places move behind those of the cells.
fn lay_under(node: &mut Node, under: &Node, start: usize) {
    let (NodeValue::Object(entries), NodeValue::Object(others)) = (&mut node.value, &under.value)
    else {
        return;
    };
    for other in others {
        match entries.iter_mut().find(|entry| entry.key == other.key) {
            Some(entry) if is_null(&entry.node) => *entry = moved_entry(other, start),
            Some(entry) => lay_under(&mut entry.node, &other.node, start),
            None => entries.push(moved_entry(other, start)),
        }
    }
}

fn moved_entry(entry: &Entry, by: usize) -> Entry {
    Entry {
        key: entry.key.clone(),
        key_span: moved_span(&entry.key_span, by),
        node: moved(&entry.node, by),
    }
}

fn moved_span(span: &Range<usize>, by: usize) -> Range<usize> {
    span.start + by..span.end + by
}

/// The same value at places that lie further on.
fn moved(node: &Node, by: usize) -> Node {
    let value = match &node.value {
        NodeValue::List(list) => NodeValue::List(list.iter().map(|item| moved(item, by)).collect()),
        NodeValue::Object(entries) => {
            NodeValue::Object(entries.iter().map(|entry| moved_entry(entry, by)).collect())
        }
        scalar @ NodeValue::Scalar(_) => scalar.clone(),
    };
    Node { span: moved_span(&node.span, by), value }
}

/// An item of a list in a data file as a record: a text of its own, its values placed in
/// it, with the common values laid under.
pub fn item_record(file: &str, text: &str, node: Node, common: Option<&Common>) -> Record {
    let own = SourceText::new(file, text);
    let mut node = node;
    let mut parts = vec![own];
    if let Some(common) = common {
        lay_under(&mut node, &common.node, text.len() + 1);
        parts.push(common.source.clone());
    }
    Record { source: SourceText::joined(file, parts), node, findings: Vec::new() }
}

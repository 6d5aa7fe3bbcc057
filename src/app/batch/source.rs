use std::fs::File;
use std::io::{BufReader, Cursor, Read};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use crate::app::AppError;
use crate::base::{Cell, Finding, Place, SourceText, has_errors};
use crate::catalog::{Column, ITEM, Template};
use crate::input::table::{Book, BookKind, Bytes, Common, Layout, Row, Titles, Wanted, layout};
use crate::input::{self, Item, MAX_LIST_BYTES, Node, NodeValue};
use crate::pipeline::Entry;

/// The records of a data file, which can be gone through again and again.
#[derive(Debug)]
pub(super) enum Records {
    /// Rows of a table.
    Table { book: Box<Book>, layout: Layout },
    /// Items of a list.
    List { source: SourceText, items: Arc<Vec<Item>> },
}

/// How many records there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Count {
    /// The records.
    pub records: usize,
    /// The number of the last, from 1: its row, or its place in the list.
    pub last: u32,
}

/// What the data of a batch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataKind {
    /// A table.
    Table(BookKind),
    /// A list in YAML or JSON.
    List,
}

impl DataKind {
    /// The kind of a data file, by the ending of its name.
    pub fn of_path(path: &Path) -> Self {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        BookKind::of_extension(ending).map_or(Self::List, Self::Table)
    }
}

/// The data of a batch, at hand.
#[derive(Debug, Clone)]
pub struct BatchData {
    /// What findings call it.
    pub name: String,
    /// What it is.
    pub kind: DataKind,
    /// Its bytes.
    pub bytes: bytes::Bytes,
}

/// The data file could not be used.
#[derive(Debug)]
pub(super) enum Refused {
    Findings(Vec<Finding>),
    Failed(AppError),
}

impl From<AppError> for Refused {
    fn from(error: AppError) -> Self {
        Self::Failed(error)
    }
}

impl Records {
    /// Opens a data file and finds its records; also gives warnings about its columns.
    pub fn open(
        path: &Path,
        wanted: &Wanted,
        template: &Template,
        common: Option<&Common>,
    ) -> Result<(Self, Vec<Finding>), Refused> {
        let name = path.display().to_string();
        let read = |error| AppError::Read { path: name.clone(), error };
        let file = File::open(path).map_err(read)?;
        match DataKind::of_path(path) {
            DataKind::Table(kind) => {
                let bytes = Box::new(BufReader::new(file));
                Self::table(&name, kind, bytes, wanted, template, common)
            }
            DataKind::List => {
                let mut bytes = Vec::new();
                file.take(MAX_LIST_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(read)?;
                Self::list(&name, &bytes)
            }
        }
    }

    /// Finds the records of data that is at hand; the name is for people.
    pub fn of_bytes(
        data: BatchData,
        wanted: &Wanted,
        template: &Template,
        common: Option<&Common>,
    ) -> Result<(Self, Vec<Finding>), Refused> {
        let BatchData { name, kind, bytes } = data;
        match kind {
            DataKind::Table(kind) => {
                Self::table(&name, kind, Box::new(Cursor::new(bytes)), wanted, template, common)
            }
            DataKind::List => Self::list(&name, &bytes),
        }
    }

    fn table(
        name: &str,
        kind: BookKind,
        bytes: Box<dyn Bytes>,
        wanted: &Wanted,
        template: &Template,
        common: Option<&Common>,
    ) -> Result<(Self, Vec<Finding>), Refused> {
        let whole = |finding: Finding| Refused::Findings(vec![finding.at(whole(name))]);
        let mut book = Book::open(kind, bytes).map_err(whole)?;
        let schema = template.schema().map_err(AppError::from)?;
        let titles = Titles::new(schema, &used(template));
        let (layout, mut findings) =
            layout(name, &mut book, &titles, wanted).map_err(Refused::Findings)?;
        findings.extend(missing_columns(&layout, &titles, common));
        if has_errors(&findings) {
            return Err(Refused::Findings(findings));
        }
        Ok((Self::Table { book: Box::new(book), layout }, findings))
    }

    fn list(name: &str, bytes: &[u8]) -> Result<(Self, Vec<Finding>), Refused> {
        let (source, items) = input::read_list(name, bytes).map_err(Refused::Findings)?;
        Ok((Self::List { source, items: Arc::new(items) }, Vec::new()))
    }

    /// Where the values of rows stand; none of a list.
    pub fn layout(&self) -> Option<&Layout> {
        match self {
            Self::Table { layout, .. } => Some(layout),
            Self::List { .. } => None,
        }
    }

    /// Counts the records.
    pub fn count(&mut self) -> Result<Count, Finding> {
        let mut count = Count::default();
        self.each(&mut |number, _| {
            count = Count { records: count.records + 1, last: number };
            ControlFlow::Continue(())
        })?;
        Ok(count)
    }

    /// Calls `see` with the number of every record and the record, in their order.
    pub fn each(
        &mut self,
        see: &mut dyn FnMut(u32, Entry) -> ControlFlow<()>,
    ) -> Result<(), Finding> {
        match self {
            Self::Table { book, layout } => {
                let name = layout.file.clone();
                let sheet = layout.sheet.clone();
                let mut first = true;
                let each = book.each_row(sheet.as_deref(), &mut |row| {
                    if row.number <= layout.header || !has_values(layout, &row) {
                        return ControlFlow::Continue(());
                    }
                    if std::mem::take(&mut first) && layout.is_key_row(&row) {
                        return ControlFlow::Continue(());
                    }
                    see(row.number, Entry::Row(row))
                });
                each.map_err(|finding| finding.at(whole(&name)))
            }
            Self::List { source, items } => {
                for (number, item) in (1..).zip(items.iter()) {
                    let text = source.slice(item.span.clone()).to_owned();
                    if see(number, Entry::Item { text, node: item.node.clone() }).is_break() {
                        break;
                    }
                }
                Ok(())
            }
        }
    }

    /// The places of findings about a record, in the file: those of an item of a list are
    /// counted from its beginning.
    pub fn places(&self) -> Places {
        match self {
            Self::Table { .. } => Places::OfCells,
            Self::List { source, items } => {
                Places::OfItems { source: source.clone(), items: items.clone() }
            }
        }
    }
}

/// Where findings about a record lie in its file.
#[derive(Debug, Clone)]
pub(super) enum Places {
    OfCells,
    OfItems { source: SourceText, items: Arc<Vec<Item>> },
}

impl Places {
    /// The finding at its place in the file.
    pub fn settle(&self, mut finding: Finding, number: u32) -> Finding {
        let Self::OfItems { source, items } = self else { return finding };
        let at = usize::try_from(number).unwrap_or(0).saturating_sub(1);
        let (Some(item), Some(place)) = (items.get(at), finding.place.take()) else {
            return finding;
        };
        if place.source.name() != source.name() {
            finding.place = Some(place);
            return finding;
        }
        let start = item.span.start;
        finding.at(Place {
            source: source.clone(),
            span: start + place.span.start..start + place.span.end,
            pointer: format!("/{at}{}", place.pointer),
        })
    }
}

/// Whether a row has something in one of the columns that mean something.
fn has_values(layout: &Layout, row: &Row) -> bool {
    layout.columns.iter().any(|field| row.cell(field.at).is_some())
        || (layout.sheet.is_none() && row.cells.iter().any(|(at, _)| *at > layout.last))
}

/// A file as a whole.
pub(super) fn whole(name: &str) -> Place {
    Place { source: SourceText::new(name, ""), span: 0..0, pointer: String::new() }
}

/// The paths of the values that a template prints: those of its full sample, but not what
/// agencies say of themselves.
pub(super) fn used(template: &Template) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for full in [false, true] {
        if let Ok((_, node)) = input::read("sample.yaml", template.sample(full).as_bytes()) {
            paths(&node, &mut Vec::new(), &mut found);
        }
    }
    let own = |path: &Vec<String>| {
        path.first()
            .is_some_and(|key| !["template", "profile", input::PAPERS].contains(&key.as_str()))
    };
    found.retain(own);
    found
}

fn paths(node: &Node, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    let mut add = |path: &Vec<String>| {
        if !found.contains(path) {
            found.push(path.clone());
        }
    };
    match &node.value {
        NodeValue::Scalar(_) => add(path),
        NodeValue::Object(entries) => {
            for entry in entries {
                path.push(entry.key.clone());
                paths(&entry.node, path, found);
                path.pop();
            }
        }
        NodeValue::List(items) => {
            let is_plain = |item: &Node| matches!(item.value, NodeValue::Scalar(_));
            if items.iter().all(is_plain) {
                add(path);
            }
            path.push(ITEM.to_owned());
            for item in items.iter().filter(|item| !is_plain(item)) {
                paths(item, path, found);
            }
            path.pop();
        }
    }
}

/// What every document must have, and no column and no common value gives: told once, not
/// for every row.
fn missing_columns(layout: &Layout, titles: &Titles<'_>, common: Option<&Common>) -> Vec<Finding> {
    let given = |path: &[String]| {
        let mut pointer = String::new();
        for part in path {
            input::push_part(&mut pointer, part);
        }
        layout.columns.iter().any(|field| field.path == path)
            || common.is_some_and(|common| common.node.at(&pointer).is_some())
    };
    let place = || Place {
        source: SourceText::of_cell(
            layout.file.as_str(),
            "",
            Cell { sheet: layout.sheet.clone(), row: layout.header, column: None },
        ),
        span: 0..0,
        pointer: String::new(),
    };
    let missing =
        titles.required().filter(|column| column.path != ["template"] && !given(&column.path));
    let finding = |column: &Column| {
        Finding::new("BT09").with("key", column.key()).with("name", column.title()).at(place())
    };
    missing.map(finding).collect()
}

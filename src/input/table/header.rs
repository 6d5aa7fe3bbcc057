use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::book::Book;
use super::titles::{Heading, Titles};
use super::value::{CellValue, Merged, Row};
use crate::base::{Cell, Finding, Place, SourceText};
use crate::catalog::{ColumnKind, nearest};

/// How many rows from the top may be the header.
pub const HEADER_ROWS: u32 = 20;

/// Where the records of a table stand, and what its columns mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// The name of the file.
    pub file: String,
    /// The sheet; none where the file is one table.
    pub sheet: Option<String>,
    /// The row of the headings, from 1.
    pub header: u32,
    /// The columns that mean something, from the left.
    pub columns: Vec<Field>,
    /// The rightmost column with a heading, from 0.
    pub last: u32,
}

/// A column that means something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// The column, from 0.
    pub at: u32,
    /// The keys that lead to the value; items of lists are numbered from 0.
    pub path: Vec<String>,
    /// What the cells hold.
    pub kind: ColumnKind,
}

impl Field {
    /// The JSON pointer of the value.
    pub fn pointer(&self) -> String {
        let mut pointer = String::new();
        self.path.iter().for_each(|part| crate::input::push_part(&mut pointer, part));
        pointer
    }

    /// The path as a heading, items counted from 1.
    pub fn key(&self) -> String {
        let part = |part: &String| match part.parse::<usize>() {
            Ok(number) => (number + 1).to_string(),
            Err(_) => part.clone(),
        };
        self.path.iter().map(part).collect::<Vec<_>>().join(".")
    }
}

impl Layout {
    /// A cell of the table, or a whole row.
    pub fn cell(&self, row: u32, column: Option<u32>) -> Cell {
        Cell { sheet: self.sheet.clone(), row, column }
    }

    /// Whether a row repeats the keys of the columns, as the empty workbooks do below the
    /// titles.
    pub fn is_key_row(&self, row: &Row) -> bool {
        let mut fields = self.columns.iter().peekable();
        let says_key = |field: &Field| matches!(row.cell(field.at), Some(CellValue::Text(text)) if text.trim() == field.key());
        fields.peek().is_some() && fields.all(says_key)
    }
}

/// What the user says of where the table stands.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The sheet.
    pub sheet: Option<String>,
    /// The row of the headings, from 1.
    pub header: Option<u32>,
}

/// A row that may be the header.
struct Candidate {
    sheet: Option<String>,
    row: u32,
    /// The headings: column, text, heading above.
    headings: Vec<(u32, String, String)>,
    matches: usize,
    keys: usize,
}

/// Finds sheet, header and columns of a table: of all sheets the first whose header
/// matches the most columns, of the first rows the first that does.
///
/// # Errors
///
/// All findings, if one of them is an error. What is said of columns that mean nothing are
/// warnings.
pub fn layout(
    file: &str,
    book: &mut Book,
    titles: &Titles<'_>,
    wanted: &Wanted,
) -> Result<(Layout, Vec<Finding>), Vec<Finding>> {
    let best = best(file, book, titles, wanted)?;
    let mut layout = Layout {
        file: file.to_owned(),
        sheet: best.sheet,
        header: best.row,
        columns: Vec::new(),
        last: 0,
    };
    let mut findings = Vec::new();
    for (at, text, above) in &best.headings {
        let place = |layout: &Layout| Place {
            source: SourceText::of_cell(file, text.as_str(), layout.cell(layout.header, Some(*at))),
            span: 0..text.len(),
            pointer: String::new(),
        };
        let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match titles.heading(text, above) {
            Heading::Value { path, kind, .. } => {
                let field = Field { at: *at, path, kind };
                match layout.columns.iter().find(|other| other.path == field.path) {
                    Some(first) => findings.push(
                        Finding::new("BT08")
                            .with("key", field.key())
                            .with("found", Cell::letters(first.at))
                            .at(place(&layout)),
                    ),
                    None => layout.columns.push(field),
                }
            }
            Heading::Several(known) => findings.push(
                Finding::new("BT07")
                    .with("name", name)
                    .with(
                        "known",
                        known.iter().map(|one| format!("“{one}”")).collect::<Vec<_>>().join(", "),
                    )
                    .at(place(&layout)),
            ),
            Heading::Number => {}
            Heading::Unknown(near) => {
                let finding = Finding::new("BT06").with("name", name);
                findings.push(finding.suggest(near.as_deref()).at(place(&layout)));
            }
        }
        layout.last = layout.last.max(*at);
    }
    if crate::base::has_errors(&findings) { Err(findings) } else { Ok((layout, findings)) }
}

fn best(
    file: &str,
    book: &mut Book,
    titles: &Titles<'_>,
    wanted: &Wanted,
) -> Result<Candidate, Vec<Finding>> {
    let whole = |finding: Finding| {
        let source = SourceText::new(file, "");
        vec![finding.at(Place { source, span: 0..0, pointer: String::new() })]
    };
    let sheets: Vec<Option<String>> = match (&wanted.sheet, book.sheets()) {
        (_, []) => vec![None],
        (None, all) => all.iter().cloned().map(Some).collect(),
        (Some(name), all) => {
            let Some(sheet) = all.iter().find(|sheet| same(sheet, name)) else {
                let known = all.iter().map(|one| format!("“{one}”")).collect::<Vec<_>>().join(", ");
                let finding = Finding::new("BT04").with("name", name.as_str()).with("known", known);
                let near = nearest(name, all.iter().map(String::as_str));
                return Err(whole(finding.suggest(near)));
            };
            vec![Some(sheet.clone())]
        }
    };
    let mut best: Option<Candidate> = None;
    for sheet in sheets {
        for candidate in candidates(book, sheet.as_deref(), titles, wanted.header).map_err(whole)? {
            let score = |one: &Candidate| (one.matches, one.keys);
            if best.as_ref().is_none_or(|best| score(&candidate) > score(best)) {
                best = Some(candidate);
            }
        }
    }
    best.filter(|best| best.matches > 0).ok_or_else(|| whole(Finding::new("BT05")))
}

fn same(one: &str, other: &str) -> bool {
    crate::viet::fold(one) == crate::viet::fold(other)
}

/// The first rows of a sheet, each as a header.
fn candidates(
    book: &mut Book,
    sheet: Option<&str>,
    titles: &Titles<'_>,
    header: Option<u32>,
) -> Result<Vec<Candidate>, Finding> {
    let last = header.unwrap_or(HEADER_ROWS);
    let mut rows: Vec<Row> = Vec::new();
    book.each_row(sheet, &mut |row| {
        if row.number > last {
            return ControlFlow::Break(());
        }
        rows.push(row);
        ControlFlow::Continue(())
    })?;
    let merged = book.merged(sheet);
    let wanted = rows.iter().filter(|row| header.is_none_or(|header| row.number == header));
    Ok(wanted
        .map(|row| {
            let headings = headings(row, &rows, &merged);
            let meant = headings.iter().map(|(_, text, above)| titles.heading(text, above));
            let (mut matches, mut keys) = (0, 0);
            for heading in meant {
                match heading {
                    Heading::Value { is_key, .. } => {
                        matches += 1;
                        keys += usize::from(is_key);
                    }
                    Heading::Several(_) => matches += 1,
                    Heading::Number | Heading::Unknown(_) => {}
                }
            }
            Candidate { sheet: sheet.map(str::to_owned), row: row.number, headings, matches, keys }
        })
        .collect())
}

/// The headings of a row, with those above them: a cell that is merged over several
/// columns stands above each, and one that is merged over several rows in each.
fn headings(row: &Row, rows: &[Row], merged: &[Merged]) -> Vec<(u32, String, String)> {
    let text_at = |number: u32, column: u32| {
        let there = rows.iter().find(|row| row.number == number)?.cell(column)?;
        Some(there.shown())
    };
    let area = |number: u32, column: u32| merged.iter().find(|area| area.holds(number, column));
    let shown = |number: u32, column: u32| {
        text_at(number, column).or_else(|| {
            let area = area(number, column)?;
            text_at(area.rows.0, area.columns.0)
        })
    };
    let widest = rows.iter().flat_map(|row| &row.cells).map(|(at, _)| *at).max().unwrap_or(0);
    let own = (0..=widest).filter_map(|column| {
        // A title that is merged over columns is one heading, not several.
        let within = area(row.number, column).is_some_and(|area| area.columns.0 != column);
        let text = if within { None } else { shown(row.number, column) }?;
        let above = row.number.checked_sub(1).and_then(|above| shown(above, column));
        let over_both = area(row.number, column).is_some_and(|area| area.rows.0 < row.number);
        Some((column, text, above.filter(|_| !over_both).unwrap_or_default()))
    });
    own.collect()
}

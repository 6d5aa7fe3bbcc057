use super::inline::inlines;
use super::writer::Writer;
use crate::block::{Align, Cell, Inline, Settings, Table, plain_text};

/// What columns that are as wide as their words may have together, of 1.
const AUTO_SHARE: f64 = 0.6;
/// Millimetres left and right of the words of a cell.
const CELL_PADDING: f64 = 3.4;
/// Millimetres in a point.
const POINT: f64 = 25.4 / 72.0;

/// A table in a box of its own, in which a narrow screen can scroll it.
pub(super) fn table(writer: &mut Writer, table: &Table, settings: &Settings) {
    let caption = plain_text(&table.caption);
    let label = if caption.is_empty() { "Bảng" } else { &caption };
    writer.open(
        "div",
        &[("class", "scroll"), ("role", "region"), ("aria-label", label), ("tabindex", "0")],
    );
    let columns = format!("--columns:{}", table.columns.len());
    writer.open("table", &[("style", &columns)]);
    writer.raw("\n");
    if !table.caption.is_empty() {
        writer.open("caption", &[]);
        inlines(writer, &table.caption);
        writer.close();
    }
    writer.open("colgroup", &[]);
    for share in shares(table, settings) {
        writer.empty("col", &[("style", &format!("width:{:.2}%", share * 100.0))]);
    }
    writer.close();
    let mut grid = Grid::new(table.columns.len());
    if !table.header.is_empty() {
        writer.open("thead", &[]);
        writer.raw("\n");
        for cells in &table.header {
            row(writer, table, cells, Row::Head, &mut grid);
        }
        writer.close();
    }
    grid = Grid::new(table.columns.len());
    writer.open("tbody", &[]);
    writer.raw("\n");
    for (at, cells) in table.rows.iter().enumerate() {
        let heading = table.headings.contains(&at);
        if heading && at > 0 && grid.even() {
            writer.close();
            writer.open("tbody", &[]);
            writer.raw("\n");
        }
        row(writer, table, cells, if heading { Row::Heading } else { Row::Plain }, &mut grid);
    }
    writer.close();
    writer.close();
    writer.close();
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Row {
    /// Of the head of the table.
    Head,
    /// The heading of the rows that follow.
    Heading,
    Plain,
}

/// Which places of a row are taken by cells of the rows above.
struct Grid {
    /// For each column, how many more rows its cell reaches down.
    taken: Vec<usize>,
}

impl Grid {
    fn new(columns: usize) -> Self {
        Self { taken: vec![0; columns] }
    }

    /// Whether no cell reaches into the next row.
    fn even(&self) -> bool {
        self.taken.iter().all(|rows| *rows == 0)
    }

    /// The columns in which the cells of the next row begin.
    fn row(&mut self, cells: &[Cell]) -> Vec<usize> {
        let above = self.taken.clone();
        let mut at = 0;
        let mut starts = Vec::with_capacity(cells.len());
        for cell in cells {
            let free = above.iter().skip(at).position(|rows| *rows == 0);
            at += free.unwrap_or_default();
            starts.push(at);
            for taken in self.taken.iter_mut().skip(at).take(cell.columns) {
                *taken = cell.rows;
            }
            at += cell.columns;
        }
        for (taken, above) in self.taken.iter_mut().zip(above) {
            *taken = (*taken).max(above).saturating_sub(1);
        }
        starts
    }
}

fn row(writer: &mut Writer, table: &Table, cells: &[Cell], kind: Row, grid: &mut Grid) {
    let long = cells.iter().any(Cell::may_split);
    match (kind, long) {
        (Row::Heading, _) => writer.open("tr", &[("class", "heading")]),
        (Row::Head | Row::Plain, true) => writer.open("tr", &[("class", "long")]),
        (Row::Head | Row::Plain, false) => writer.open("tr", &[]),
    }
    writer.raw("\n");
    for (one, column) in cells.iter().zip(grid.row(cells)) {
        let align = one.align.unwrap_or_else(|| match table.columns.get(column) {
            Some(column) if kind != Row::Head => column.align,
            _ => Align::Center,
        });
        cell(writer, one, align, scope(kind, one, table.columns.len()));
    }
    writer.close();
}

/// What a cell is the heading of; `None` for a cell that is none.
fn scope(kind: Row, cell: &Cell, columns: usize) -> Option<&'static str> {
    match kind {
        Row::Head if cell.columns > 1 => Some("colgroup"),
        Row::Head => Some("col"),
        Row::Heading if cell.columns >= columns => Some("rowgroup"),
        Row::Heading | Row::Plain => None,
    }
}

fn cell(writer: &mut Writer, cell: &Cell, align: Align, scope: Option<&str>) {
    let (columns, rows) = (cell.columns.to_string(), cell.rows.to_string());
    let mut attributes = Vec::with_capacity(4);
    attributes.extend(scope.map(|scope| ("scope", scope)));
    attributes.extend(match align {
        Align::Left => None,
        Align::Center => Some(("class", "center")),
        Align::Right => Some(("class", "right")),
    });
    attributes.extend((cell.columns > 1).then_some(("colspan", columns.as_str())));
    attributes.extend((cell.rows > 1).then_some(("rowspan", rows.as_str())));
    writer.open(if scope.is_some() { "th" } else { "td" }, &attributes);
    inlines(writer, &cell.content);
    writer.close();
}

/// The share of each column in the width of paper. Columns that are as wide as
/// their words get what these need, roughly; the others share the rest.
fn shares(table: &Table, settings: &Settings) -> Vec<f64> {
    let width = settings.text_width(settings.orientation);
    let em = settings.table_size * POINT;
    let auto: Vec<Option<f64>> = (0..table.columns.len())
        .map(|at| {
            let words = table.columns[at].width.is_none().then(|| widest(table, at))?;
            Some((words * em + CELL_PADDING) / width)
        })
        .collect();
    let wanted: f64 = auto.iter().flatten().sum();
    let most = if auto.iter().all(Option::is_some) { 1.0 } else { AUTO_SHARE };
    let scale = if most < 1.0 && wanted <= most { 1.0 } else { most / wanted };
    let parts: f64 = table.columns.iter().filter_map(|column| column.width).sum();
    let rest = 1.0 - wanted * scale;
    let share = |(column, auto): (&crate::block::Column, Option<f64>)| match auto {
        Some(auto) => auto * scale,
        None => column.width.unwrap_or_default() / parts * rest,
    };
    table.columns.iter().zip(auto).map(share).collect()
}

/// How wide the words of a column are, in em.
fn widest(table: &Table, column: usize) -> f64 {
    let mut widest: f64 = 0.0;
    for rows in [&table.header, &table.rows] {
        let mut grid = Grid::new(table.columns.len());
        for cells in rows {
            for (cell, start) in cells.iter().zip(grid.row(cells)) {
                if start == column && cell.columns == 1 {
                    widest = widest.max(width(&cell.content));
                }
            }
        }
    }
    widest
}

/// How wide a line is in Times, in em, roughly.
fn width(line: &[Inline]) -> f64 {
    let advance = |character: char| match character {
        ' ' | '.' | ',' | ';' | ':' | '/' | 'i' | 'j' | 'l' | 't' | '(' | ')' => 0.28,
        _ if character.is_uppercase() => 0.68,
        _ => 0.5,
    };
    plain_text(line).chars().map(advance).sum()
}

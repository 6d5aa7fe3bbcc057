use super::flow::{Flow, Merge, Paragraph, Row, Table as Grid, TableCell, Vertical};
use super::metrics::{BOLD, REGULAR, line_widths};
use super::styles::{INSET, Style};
use super::units::MM;
use crate::block::{Align, Cell, Photo, Settings, Table};

/// What a column is wider than its longest line, in points.
const SLACK: f64 = 1.0;
/// The least width of a column, in points.
const LEAST: f64 = 8.0 * MM;

/// A table with lines; header rows are repeated, rows are not split.
pub(super) fn table<'a>(table: &'a Table, column: f64, s: &Settings) -> Grid<'a> {
    let mut rows = Vec::with_capacity(table.header.len() + table.rows.len());
    let mut above = Above::new(table.columns.len());
    for cells in &table.header {
        let cells = above.row(cells, |cell, _| content(cell, Style::HeaderCell));
        rows.push(Row { header: true, cells, ..Row::default() });
    }
    let mut above = Above::new(table.columns.len());
    for (at, cells) in table.rows.iter().enumerate() {
        let split = cells.iter().any(Cell::may_split);
        let cells = above.row(cells, |cell, at| {
            let align = cell.align.or(table.columns.get(at).map(|column| column.align));
            content(cell, cell_style(align.unwrap_or_default()))
        });
        let mut row = Row { split, cells, ..Row::default() };
        if table.headings.contains(&at) {
            row.keep_next();
        }
        rows.push(row);
    }
    Grid { ruled: true, outside: 0.0, grid: widths(table, column, s), rows }
}

/// A frame to glue a photograph in.
pub(super) fn frame(photo: &Photo) -> Grid<'_> {
    let words = Paragraph::text(Style::CellCenter, &photo.words);
    let cell = TableCell {
        span: 1,
        align: Vertical::Center,
        content: vec![words.into()],
        ..TableCell::default()
    };
    let row = Row { height: Some(photo.height * MM), cells: vec![cell], ..Row::default() };
    Grid { ruled: true, outside: 0.0, grid: vec![photo.width * MM], rows: vec![row] }
}

fn content(cell: &Cell, style: Style) -> Vec<Flow<'_>> {
    vec![Paragraph::text(style, &cell.content).into()]
}

fn cell_style(align: Align) -> Style {
    match align {
        Align::Left => Style::Cell,
        Align::Center => Style::CellCenter,
        Align::Right => Style::CellRight,
    }
}

/// For each column of the grid, how many rows a cell from above still takes, and how
/// many columns it is wide.
struct Above {
    open: Vec<(usize, usize)>,
}

impl Above {
    fn new(columns: usize) -> Self {
        Self { open: vec![(0, 1); columns] }
    }

    /// The cells of a row, with those that continue cells from above; all columns are
    /// filled.
    fn row<'a>(
        &mut self,
        cells: &'a [Cell],
        mut content: impl FnMut(&'a Cell, usize) -> Vec<Flow<'a>>,
    ) -> Vec<TableCell<'a>> {
        let mut out = Vec::with_capacity(cells.len());
        let mut cells = cells.iter();
        let mut at = 0;
        while at < self.open.len() {
            let (rows, span) = self.open[at];
            if rows > 0 {
                self.open[at].0 -= 1;
                out.push(TableCell { span, merge: Merge::Continued, ..empty() });
                at += span;
                continue;
            }
            let free = self.open[at..].iter().take_while(|(rows, _)| *rows == 0).count();
            let Some(cell) = cells.next() else {
                out.push(TableCell { span: free, ..empty() });
                at += free;
                continue;
            };
            let span = cell.columns.clamp(1, free);
            if cell.rows > 1 {
                self.open[at] = (cell.rows - 1, span);
            }
            out.push(TableCell {
                span,
                merge: if cell.rows > 1 { Merge::Start } else { Merge::None },
                align: Vertical::Center,
                content: content(cell, at),
                ..TableCell::default()
            });
            at += span;
        }
        out
    }
}

fn empty<'a>() -> TableCell<'a> {
    TableCell { content: vec![Paragraph::new(Style::Cell).into()], ..TableCell::default() }
}

impl Row<'_> {
    /// Keeps the row on the page of what follows.
    pub fn keep_next(&mut self) {
        for flow in self.cells.iter_mut().flat_map(|cell| &mut cell.content) {
            if let Flow::Paragraph(paragraph) = flow {
                paragraph.keep_next = true;
            }
        }
    }
}

/// The widths of the columns: those that ask for what they need get it, if it fits;
/// the others share the rest.
fn widths(table: &Table, column: f64, s: &Settings) -> Vec<f64> {
    let mut widths = natural(table, s);
    let is_auto = |at: usize| table.columns[at].width.is_none();
    let autos: Vec<usize> = (0..widths.len()).filter(|at| is_auto(*at)).collect();
    let shares: f64 = table.columns.iter().filter_map(|column| column.width).sum();
    let others = widths.len() - autos.len();
    #[expect(clippy::cast_precision_loss, reason = "a table has few columns")]
    let room = column - others as f64 * LEAST;
    shrink(&mut widths, &autos, room);
    let used: f64 = autos.iter().map(|at| widths[*at]).sum();
    for (width, it) in widths.iter_mut().zip(&table.columns) {
        if let Some(share) = it.width {
            *width = (column - used) * share / shares.max(f64::EPSILON);
        }
    }
    widths
}

/// Makes the widest columns equally wide until all fit.
fn shrink(widths: &mut [f64], columns: &[usize], room: f64) {
    let mut order = columns.to_vec();
    order.sort_by(|one, other| widths[*one].total_cmp(&widths[*other]));
    let mut room = room;
    for (at, column) in order.iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "a table has few columns")]
        let fair = room / (order.len() - at) as f64;
        widths[*column] = widths[*column].min(fair).max(0.0);
        room -= widths[*column];
    }
}

/// The width that the cells of each column need without a break; cells that span
/// columns are not asked.
fn natural(table: &Table, s: &Settings) -> Vec<f64> {
    let count = table.columns.len();
    let mut widths = vec![2.0 * INSET.0 * MM + SLACK; count];
    let mut widest = vec![0.0_f64; count];
    for (rows, look) in [(&table.header, BOLD), (&table.rows, REGULAR)] {
        let mut above = Above::new(count);
        for row in rows {
            above.row(row, |cell, at| {
                if cell.columns == 1 {
                    let lines = line_widths(&cell.content, s.table_size, look);
                    widest[at] = lines.into_iter().fold(widest[at], f64::max);
                }
                Vec::new()
            });
        }
    }
    widths.iter_mut().zip(widest).for_each(|(width, words)| *width += words);
    widths
}

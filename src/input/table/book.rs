use std::fmt;
use std::io::{Read, Seek};
use std::ops::ControlFlow;

use calamine::{
    Data, DataRef, Dimensions, ExcelDateTime, Ods, Range, Reader, SheetType, SheetVisible, Xls,
    Xlsx,
};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::delimited::Delimited;
use super::unpacked;
use super::value::{CellValue, Merged, Row};
use crate::base::{Bilingual, Finding};

/// Bytes of a file that can be read from any place.
pub trait Bytes: Read + Seek + Send {}

impl<T: Read + Seek + Send> Bytes for T {}

/// The largest table file, in bytes.
pub const MAX_TABLE_BYTES: u64 = 64 * 1024 * 1024;
/// How many cells a row may have.
const MOST_CELLS: usize = 16_384;

/// A file of tables: a workbook, or one table as delimited text.
pub struct Book {
    kind: Kind,
    /// The names of the sheets that are not hidden; none of delimited text.
    sheets: Vec<String>,
}

enum Kind {
    /// Read cell by cell: its tables may be long.
    Xlsx(Box<Xlsx<Box<dyn Bytes>>>),
    Xls(Box<Xls<Box<dyn Bytes>>>),
    Ods(Box<Ods<Box<dyn Bytes>>>),
    Delimited(Delimited),
}

impl fmt::Debug for Book {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Book").field("sheets", &self.sheets).finish_non_exhaustive()
    }
}

/// What a file of tables is, by the ending of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BookKind {
    /// `.xlsx`, `.xlsm`.
    Xlsx,
    /// `.xls`.
    Xls,
    /// `.ods`.
    Ods,
    /// `.csv`, `.tsv`, `.txt`.
    Delimited,
}

impl BookKind {
    /// The kind of files with an ending, in capitals or not.
    pub fn of_extension(extension: &str) -> Option<Self> {
        Some(match extension.to_ascii_lowercase().as_str() {
            "xlsx" | "xlsm" => Self::Xlsx,
            "xls" => Self::Xls,
            "ods" => Self::Ods,
            "csv" | "tsv" | "txt" => Self::Delimited,
            _ => return None,
        })
    }
}

impl Book {
    /// Opens a file of tables.
    ///
    /// # Errors
    ///
    /// A finding, if it is too large, damaged, locked with a password, or in an encoding
    /// that is not read.
    pub fn open(kind: BookKind, mut bytes: Box<dyn Bytes>) -> Result<Self, Finding> {
        check_size(kind, &mut bytes)?;
        let kind = match kind {
            BookKind::Xlsx => Kind::Xlsx(Box::new(Xlsx::new(bytes).map_err(|e| unreadable(&e))?)),
            BookKind::Xls => Kind::Xls(Box::new(Xls::new(bytes).map_err(|e| unreadable(&e))?)),
            BookKind::Ods => Kind::Ods(Box::new(Ods::new(bytes).map_err(|e| unreadable(&e))?)),
            BookKind::Delimited => Kind::Delimited(Delimited::read(&mut bytes)?),
        };
        let sheets = match &kind {
            Kind::Xlsx(book) => visible(book.sheets_metadata()),
            Kind::Xls(book) => visible(book.sheets_metadata()),
            Kind::Ods(book) => visible(book.sheets_metadata()),
            Kind::Delimited(_) => Vec::new(),
        };
        Ok(Self { kind, sheets })
    }

    /// The names of the sheets, in their order; none where the file is one table.
    pub fn sheets(&self) -> &[String] {
        &self.sheets
    }

    /// Calls `see` with every row of a sheet that has something in it, from the top,
    /// until it says to stop.
    ///
    /// # Errors
    ///
    /// A finding, if the sheet cannot be read to its end.
    pub fn each_row(
        &mut self,
        sheet: Option<&str>,
        see: &mut dyn FnMut(Row) -> ControlFlow<()>,
    ) -> Result<(), Finding> {
        let name = sheet.unwrap_or_default();
        match &mut self.kind {
            Kind::Xlsx(book) => stream(book, name, see),
            Kind::Xls(book) => {
                rows_of(&book.worksheet_range(name).map_err(|error| unreadable(&error))?, see);
                Ok(())
            }
            Kind::Ods(book) => {
                rows_of(&book.worksheet_range(name).map_err(|error| unreadable(&error))?, see);
                Ok(())
            }
            Kind::Delimited(table) => table.each_row(see),
        }
    }

    /// The cells of a sheet that are shown as one.
    pub fn merged(&mut self, sheet: Option<&str>) -> Vec<Merged> {
        let name = sheet.unwrap_or_default();
        let found: Vec<Dimensions> = match &mut self.kind {
            Kind::Xlsx(book) => book.merge_cells_by_sheet_name(name).unwrap_or_default(),
            Kind::Xls(book) => book.merge_cells_by_sheet_name(name).unwrap_or_default(),
            Kind::Ods(_) | Kind::Delimited(_) => Vec::new(),
        };
        let merged = |one: &Dimensions| Merged {
            rows: (one.start.0 + 1, one.end.0 + 1),
            columns: (one.start.1, one.end.1),
        };
        found.iter().map(merged).collect()
    }
}

fn unreadable(error: &dyn std::error::Error) -> Finding {
    let vi = format!("tệp hỏng, có mật khẩu, hoặc không đúng loại ({error})");
    Finding::new("BT01").with("detail", Bilingual::new(vi, error.to_string()))
}

/// A row with more cells than there are columns: no program wrote it for people.
fn too_wide(row: u32) -> Finding {
    let detail = Bilingual::new(
        format!("hàng {row} có hơn {MOST_CELLS} ô"),
        format!("row {row} has more than {MOST_CELLS} cells"),
    );
    Finding::new("BT01").with("detail", detail)
}

/// Refuses what is larger than any list of people: a packed file may unpack to more than
/// a machine has memory.
fn check_size(kind: BookKind, bytes: &mut Box<dyn Bytes>) -> Result<(), Finding> {
    let failed = |error: std::io::Error| unreadable(&error);
    let size = bytes.seek(std::io::SeekFrom::End(0)).map_err(failed)?;
    let mut too_large = size > MAX_TABLE_BYTES;
    bytes.rewind().map_err(failed)?;
    if !too_large && matches!(kind, BookKind::Xlsx | BookKind::Ods) {
        too_large = !unpacked::fits(bytes, kind == BookKind::Xlsx).map_err(failed)?;
    }
    if too_large {
        let limit = format!("{} MiB", MAX_TABLE_BYTES / 1024 / 1024);
        return Err(Finding::new("BT02").with("limit", limit));
    }
    Ok(())
}

fn visible(sheets: &[calamine::Sheet]) -> Vec<String> {
    let shown = sheets.iter().filter(|sheet| {
        sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet
    });
    shown.map(|sheet| sheet.name.clone()).collect()
}

/// Reads a sheet cell by cell, so that memory does not grow with its length.
fn stream(
    book: &mut Xlsx<Box<dyn Bytes>>,
    name: &str,
    see: &mut dyn FnMut(Row) -> ControlFlow<()>,
) -> Result<(), Finding> {
    let mut cells = book.worksheet_cells_reader(name).map_err(|error| unreadable(&error))?;
    let mut row = Row { number: 0, cells: Vec::new() };
    loop {
        let Some(next) = cells.next_cell_with_formula().map_err(|error| unreadable(&error))? else {
            break;
        };
        let (at, column) = next.pos;
        let value = match (&next.value, next.formula) {
            (DataRef::Empty, Some(formula)) if !formula.is_empty() => {
                Some(CellValue::Formula(formula))
            }
            (there, _) => value(there),
        };
        let Some(value) = value else { continue };
        if row.number != at + 1 {
            let done = std::mem::replace(&mut row, Row { number: at + 1, cells: Vec::new() });
            if !done.cells.is_empty() && see(done).is_break() {
                return Ok(());
            }
        }
        if row.cells.len() == MOST_CELLS {
            return Err(too_wide(row.number));
        }
        row.cells.push((column, value));
    }
    if !row.cells.is_empty() {
        let _ = see(row);
    }
    Ok(())
}

fn rows_of(range: &Range<Data>, see: &mut dyn FnMut(Row) -> ControlFlow<()>) {
    let Some((top, left)) = range.start() else { return };
    for (number, cells) in (top + 1..).zip(range.rows()) {
        let cells =
            (left..).zip(cells).filter_map(|(at, cell)| Some((at, value(&borrowed(cell))?)));
        let row = Row { number, cells: cells.collect() };
        if !row.cells.is_empty() && see(row).is_break() {
            return;
        }
    }
}

fn borrowed(cell: &Data) -> DataRef<'_> {
    match cell {
        Data::Empty => DataRef::Empty,
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::Bool(value) => DataRef::Bool(*value),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::String(text) => DataRef::SharedString(text),
        Data::DateTime(moment) => DataRef::DateTime(*moment),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
    }
}

/// What a cell holds; none if it is empty.
fn value(cell: &DataRef<'_>) -> Option<CellValue> {
    Some(match cell {
        DataRef::Empty => return None,
        #[expect(clippy::cast_precision_loss, reason = "spreadsheets hold no longer numbers")]
        DataRef::Int(number) => CellValue::Number(*number as f64),
        DataRef::Float(number) => CellValue::Number(*number),
        DataRef::Bool(value) => CellValue::Bool(*value),
        DataRef::Error(error) => CellValue::Error(error.to_string()),
        DataRef::String(text) | DataRef::DurationIso(text) => return words(text),
        DataRef::SharedString(text) => return words(text),
        DataRef::DateTime(moment) => excel(moment),
        DataRef::DateTimeIso(text) => iso(text),
    })
}

/// A text that is not empty: spaces alone are nothing.
pub(super) fn words(text: &str) -> Option<CellValue> {
    let blank = text.chars().all(|c| c.is_whitespace() || c == '\u{a0}');
    (!blank).then(|| CellValue::Text(text.to_owned()))
}

/// Days below this number are hours without a day.
const FIRST_DAY: f64 = 1.0;

fn excel(moment: &ExcelDateTime) -> CellValue {
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let number = moment.as_f64();
    let day = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day));
    let hour = NaiveTime::from_hms_opt(u32::from(hour), u32::from(minute), u32::from(second));
    match (day, hour) {
        (Some(_), _) if !moment.is_datetime() => CellValue::Number(number),
        (Some(day), hour) => CellValue::Moment {
            day: (number >= FIRST_DAY).then_some(day),
            hour: hour.filter(|_| number.fract() != 0.0 || number < FIRST_DAY),
        },
        _ => CellValue::Number(number),
    }
}

fn iso(text: &str) -> CellValue {
    if let Ok(moment) = text.parse::<NaiveDateTime>() {
        let hour = Some(moment.time()).filter(|hour| *hour != NaiveTime::MIN);
        return CellValue::Moment { day: Some(moment.date()), hour };
    }
    match text.parse::<NaiveDate>() {
        Ok(day) => CellValue::Moment { day: Some(day), hour: None },
        Err(_) => CellValue::Text(text.to_owned()),
    }
}

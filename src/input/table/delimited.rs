use std::ops::ControlFlow;

use super::book::{Bytes, words};
use super::value::Row;
use crate::base::{Bilingual, Finding};

/// A table as text with a mark between the cells: `;`, `,` or a tab.
#[derive(Debug)]
pub(super) struct Delimited {
    text: String,
    delimiter: u8,
    /// Lines before the table: the one in which a spreadsheet program names the mark.
    skipped: u32,
}

impl Delimited {
    /// Reads the whole file, in UTF-8 or UTF-16.
    pub fn read(bytes: &mut Box<dyn Bytes>) -> Result<Self, Finding> {
        let mut raw = Vec::new();
        let detail = |error: std::io::Error| Finding::new("BT01").with("detail", error.to_string());
        bytes.read_to_end(&mut raw).map_err(detail)?;
        let mut text = decode(raw).ok_or_else(|| Finding::new("BT03"))?;
        if text.bytes().filter(|byte| *byte == b'"').count() % 2 == 1 {
            let detail = Bilingual::new(
                "một dấu ngoặc kép mở mà không đóng",
                "a quotation mark is opened and not closed",
            );
            return Err(Finding::new("BT01").with("detail", detail));
        }
        let named = text.strip_prefix("sep=").and_then(|rest| {
            let end = rest.find('\n')?;
            let mark = rest.bytes().next().filter(|mark| b",;\t".contains(mark))?;
            Some((mark, "sep=".len() + end + 1))
        });
        let (delimiter, skipped) = match named {
            Some((mark, start)) => {
                text.drain(..start);
                (mark, 1)
            }
            None => (guessed(&text), 0),
        };
        Ok(Self { text, delimiter, skipped })
    }

    /// Calls `see` with every row; rows are counted as a spreadsheet program shows them.
    pub fn each_row(&self, see: &mut dyn FnMut(Row) -> ControlFlow<()>) -> Result<(), Finding> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.delimiter)
            .from_reader(self.text.as_bytes());
        let mut record = csv::StringRecord::new();
        let (mut number, mut lines) = (self.skipped, 0);
        loop {
            let more = reader.read_record(&mut record);
            let more =
                more.map_err(|error| Finding::new("BT01").with("detail", error.to_string()))?;
            if !more {
                return Ok(());
            }
            // Empty lines are passed over in silence, and are rows nevertheless.
            let now = reader.position().line() - 1;
            let own: usize = record.iter().map(|cell| cell.matches('\n').count()).sum();
            let passed = (now - lines).saturating_sub(own as u64 + 1);
            lines = now;
            number += 1 + u32::try_from(passed).unwrap_or(0);
            let cells = (0..).zip(&record).filter_map(|(at, cell)| Some((at, words(cell)?)));
            let row = Row { number, cells: cells.collect() };
            if !row.cells.is_empty() && see(row).is_break() {
                return Ok(());
            }
        }
    }
}

/// The text of a file in UTF-8, or in UTF-16 with its mark.
fn decode(bytes: Vec<u8>) -> Option<String> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|two| unit([two[0], two[1]])).collect();
        String::from_utf16(&units).ok()
    };
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        _ => String::from_utf8(bytes).ok(),
    }
}

/// The mark that stands most often between the cells of the first lines.
fn guessed(text: &str) -> u8 {
    let mut counts = [(b';', 0), (b',', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in text.lines().take(20).flat_map(str::bytes) {
        match byte {
            b'"' => quoted = !quoted,
            _ if quoted => {}
            _ => {
                for (mark, count) in &mut counts {
                    *count += usize::from(*mark == byte);
                }
            }
        }
    }
    // Of equals the first: `;` is what a Vietnamese spreadsheet program writes.
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    counts.iter().find(|(_, count)| *count == most).map_or(b';', |(mark, _)| *mark)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::super::value::CellValue;
    use super::*;

    fn rows(bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
        let mut bytes: Box<dyn Bytes> = Box::new(Cursor::new(bytes.to_vec()));
        let table = Delimited::read(&mut bytes).expect("it can be read");
        let mut rows = Vec::new();
        let see = &mut |row: Row| {
            let cells = row.cells.iter().map(|(_, value)| CellValue::shown(value));
            rows.push((row.number, cells.collect()));
            ControlFlow::Continue(())
        };
        table.each_row(see).expect("all rows");
        rows
    }

    #[test]
    fn rows_are_counted_as_spreadsheets_show_them() {
        let text = "a;b\n\n1;\"x\ny\"\n\n\n2; \n";
        let found = rows(text.as_bytes());
        let numbers: Vec<u32> = found.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [1, 3, 6], "{found:?}");
        assert_eq!(found[1].1, ["1", "x\ny"]);
        assert_eq!(found[2].1, ["2"], "spaces are nothing");
        assert_eq!(rows(text.replace('\n', "\r\n").as_bytes()).len(), 3);
        assert_eq!(rows(b"sep=,\na,b;c\n")[0], (2, vec!["a".to_owned(), "b;c".to_owned()]));
    }

    #[test]
    fn both_encodings_of_unicode_are_read() {
        let text = "họ;tên\nĐỗ;Ơn\n";
        let plain = rows(text.as_bytes());
        assert_eq!(rows(&[b"\xef\xbb\xbf", text.as_bytes()].concat()), plain);
        let wide: Vec<u8> =
            text.replace(';', "\t").encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(rows(&[&[0xff, 0xfe], wide.as_slice()].concat()), plain);
        let mut old: Box<dyn Bytes> = Box::new(Cursor::new(b"h\xf2;t\xean\n".to_vec()));
        assert_eq!(Delimited::read(&mut old).unwrap_err().code, "BT03");
    }
}

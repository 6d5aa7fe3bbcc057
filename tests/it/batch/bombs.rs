//! Workbooks that unpack to more than they should.

use std::io::Write;

use zip::write::SimpleFileOptions;

use super::*;

/// A workbook with a part put in or replaced by what `fill` writes.
pub fn with_part(name: &str, fill: &dyn Fn(&mut dyn Write)) -> Vec<u8> {
    let bytes = workbook("Hộ", &[vec!["subject.full_name".into()], vec!["Phạm Văn Thí Dụ".into()]]);
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    // A stream says the size of a part behind it, where nobody looks before reading it.
    let mut out = zip::ZipWriter::new_stream(Vec::new());
    let options = SimpleFileOptions::default();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let other = part.name().unwrap().into_owned();
        if other != name {
            out.start_file(other, options).unwrap();
            std::io::copy(&mut part, &mut out).unwrap();
        }
    }
    out.start_file(name, options).unwrap();
    fill(&mut out);
    out.finish().unwrap().into_inner()
}

fn zeros(to: &mut dyn Write, mebibytes: usize) {
    let part = vec![b' '; 1024 * 1024];
    for _ in 0..mebibytes {
        to.write_all(&part).unwrap();
    }
}

fn code(workbook: &[u8]) -> String {
    let desk = desk("a.xlsx", workbook);
    let ran = texts(desk.path(), "a.xlsx", &[]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    ran.found()[0].0.clone()
}

#[test]
fn a_workbook_that_unpacks_to_too_much_is_refused() {
    let bomb = with_part("xl/media/image1.emf", &|to| zeros(to, 257));
    assert!(bomb.len() < 1024 * 1024, "{} bytes", bomb.len());
    assert_eq!(code(&bomb), "BT02");
}

/// Sheets are read cell by cell: only one text must be too long.
#[test]
fn a_text_that_fills_the_memory_is_refused() {
    let text = with_part("xl/sharedStrings.xml", &|to| {
        to.write_all(b"<sst count=\"1\"><si><t>").unwrap();
        zeros(to, 2);
        to.write_all(b"</t></si></sst>").unwrap();
    });
    assert_eq!(code(&text), "BT02");
}

#[test]
fn a_promise_of_texts_reserves_no_memory() {
    for promise in ["uniqueCount=\"9000000000000\"", "uniqueCount = '18446744073709551615'"] {
        let promise = with_part("xl/sharedStrings.xml", &|to| {
            let text = format!("<sst {promise}><si><t>subject.full_name</t></si></sst>");
            to.write_all(text.as_bytes()).unwrap();
        });
        assert_eq!(code(&promise), "BT02");
    }
}

#[test]
fn a_workbook_of_many_parts_is_refused() {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..10_001 {
        out.start_file(format!("xl/{at}.xml"), SimpleFileOptions::default()).unwrap();
    }
    assert_eq!(code(&out.finish().unwrap().into_inner()), "BT02");
}

#[test]
fn a_row_of_more_cells_than_there_are_columns_is_refused() {
    let row = with_part("xl/worksheets/sheet1.xml", &|to| {
        to.write_all(b"<worksheet><sheetData><row r=\"1\">").unwrap();
        for _ in 0..16_385 {
            to.write_all(b"<c r=\"A1\"><v>1</v></c>").unwrap();
        }
        to.write_all(b"</row></sheetData></worksheet>").unwrap();
    });
    assert_eq!(code(&row), "BT01");
}

/// What is written as a stream and holds no more than it should is read.
#[test]
fn a_streamed_workbook_is_read() {
    let workbook = with_part("docProps/thumbnail.emf", &|to| zeros(to, 1));
    let desk = desk("a.xlsx", &workbook);
    assert_eq!(texts(desk.path(), "a.xlsx", &[]).code, 0);
}

//! Batches whose data is at hand and whose archive goes out while it is made.

use std::io::{self, Write};

use vanban::app::batch::{
    BatchData, BatchOutcome, BatchReport, DataKind, Outlet, StreamedBatch, stream_batch,
};
use vanban::base::{Finding, Language};
use vanban::input::NoFiles;
use vanban::input::table::{BookKind, Wanted};
use vanban::pipeline;

use super::*;
use crate::support::RENDERER;

/// What was sent, and how many documents were told each time that it began.
#[derive(Debug, Default)]
struct Sent {
    bytes: Vec<u8>,
    begun: Vec<usize>,
    /// How many bytes are taken.
    most: Option<usize>,
}

impl Write for Sent {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.most.is_some_and(|most| self.bytes.len() >= most) {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        self.bytes.extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Outlet for Sent {
    fn begin(&mut self, report: &BatchReport, _: &[Finding]) -> io::Result<()> {
        self.begun.push(report.made);
        Ok(())
    }
}

fn kind(name: &str) -> DataKind {
    DataKind::of_path(Path::new(name))
}

fn texts_of(name: &str, bytes: &[u8], common: Option<&str>, keep_going: bool) -> StreamedBatch {
    StreamedBatch {
        template: RENDERER.catalog().template(TEMPLATE).unwrap().clone(),
        data: BatchData { name: name.to_owned(), kind: kind(name), bytes: bytes.to_vec().into() },
        common: common.map(|text| ("chung.yaml".to_owned(), text.as_bytes().to_vec())),
        files: Box::new(NoFiles),
        wanted: Wanted::default(),
        formats: vec![pipeline::Format::Text],
        keep_going,
        language: Language::Vi,
    }
}

/// Streams text documents: what became of it, the archive, how many documents were told
/// when it began.
fn streamed(
    name: &str,
    bytes: &[u8],
    common: Option<&str>,
    keep_going: bool,
) -> (BatchOutcome, Option<Vec<u8>>, usize) {
    let mut sent = Sent::default();
    let batch = texts_of(name, bytes, common, keep_going);
    let outcome = stream_batch(&RENDERER, batch, &mut sent).unwrap();
    assert_eq!(sent.begun.len(), usize::from(outcome.written), "it begins once or never");
    let made = sent.begun.first().copied();
    (outcome, made.map(|_| sent.bytes), made.unwrap_or_default())
}

const TABLE: &str =
    "subject.full_name;subject.sex\nPhạm Văn Một;Nam\nPhạm Thị Hai;nữ\nPhạm Văn Ba;\n";
const WRONG: &str = "subject.full_name;subject.sex\nPhạm Văn Một;Khác\nPhạm Thị Hai;nữ\n";
const COMMON: &str = "date: 2026-08-14\nsubject: {phone: 0912 000 001}\n";

/// The archive is that of the command line, whatever the data is written in.
#[test]
fn a_streamed_archive_is_that_of_the_command_line() {
    let rows: Vec<Vec<Fill>> =
        TABLE.lines().map(|line| line.split(';').map(Fill::from).collect()).collect();
    let json = r#"[{"subject": {"full_name": "Phạm Văn Một"}}, {"subject": {"full_name": "Phạm Thị Hai", "sex": "Nữ"}}]"#;
    let yaml = "- subject: {full_name: Phạm Văn Một}\n- subject:\n    full_name: Phạm Thị Hai\n";
    let files: [(&str, Vec<u8>); 4] = [
        ("a.csv", TABLE.into()),
        ("a.xlsx", workbook("Hộ", &rows)),
        ("a.json", json.into()),
        ("a.yaml", yaml.into()),
    ];
    for (name, bytes) in files {
        let desk = desk(name, &bytes);
        std::fs::write(desk.path().join("chung.yaml"), COMMON).unwrap();
        let ran = texts(desk.path(), name, &["--common", "chung.yaml"]);
        assert_eq!(ran.code, 0, "{name}: {}", ran.err);
        for keep_going in [false, true] {
            let (outcome, archive, _) = streamed(name, &bytes, Some(COMMON), keep_going);
            assert!(outcome.report.failed.is_empty(), "{name}: {:?}", outcome.findings);
            let whole = std::fs::read(desk.path().join("out.zip")).unwrap();
            assert!(archive == Some(whole), "{name}: other bytes");
        }
    }
}

/// By default nothing begins when a record is wrong, however late it comes.
#[test]
fn nothing_begins_when_a_record_is_wrong() {
    let table = format!("{TABLE}123;\n");
    let (outcome, archive, _) = streamed("a.csv", table.as_bytes(), None, false);
    assert_eq!(archive, None);
    let codes: Vec<&str> = outcome.findings.iter().map(|one| one.code.as_ref()).collect();
    assert_eq!(codes, ["SC05"]);
    assert_eq!((outcome.report.failed.len(), outcome.report.records), (1, 4));
}

/// A batch that keeps going begins with the first document, tells of the records that are
/// wrong at its end, and is what the command line writes.
#[test]
fn a_batch_that_keeps_going_ends_with_a_report() {
    let desk = desk("a.csv", WRONG.as_bytes());
    assert_eq!(texts(desk.path(), "a.csv", &["--keep-going"]).code, 1);
    let (outcome, archive, made) = streamed("a.csv", WRONG.as_bytes(), None, true);
    assert!(archive == Some(std::fs::read(desk.path().join("out.zip")).unwrap()));
    assert_eq!((outcome.report.made, outcome.report.failed[0].record, made), (1, 2, 0));
    let (outcome, archive, _) =
        streamed("a.csv", "subject.full_name\n123\n456\n".as_bytes(), None, true);
    assert_eq!((archive, outcome.written), (None, false), "an archive of a report alone");
    assert_eq!(outcome.report.failed.len(), 2);
}

#[test]
fn data_that_cannot_be_used_is_told() {
    let codes = |name: &str, bytes: &[u8], common: Option<&str>| {
        let (outcome, archive, _) = streamed(name, bytes, common, true);
        assert_eq!(archive, None);
        outcome.findings.iter().map(|one| one.code.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(codes("a.csv", b"subject.full_name\n", None), ["BT18"]);
    assert_eq!(codes("a.json", b"[]", None), ["BT18"]);
    assert_eq!(codes("a.json", b"{}", None), ["BT17"]);
    assert_eq!(codes("a.xlsx", b"PK\x03\x04", None), ["BT01"]);
    assert_eq!(codes("a.csv", TABLE.as_bytes(), Some("- 1\n")), ["IN09"]);
    assert_eq!(kind("a.XLSX"), DataKind::Table(BookKind::Xlsx));
}

/// Whoever does not take what is sent stops the work.
#[test]
fn work_stops_when_nobody_takes_what_is_sent() {
    let mut sent = Sent { most: Some(100), ..Sent::default() };
    let table = format!("subject.full_name\n{}", "Phạm Văn Thí Dụ\n".repeat(100_000));
    let batch = texts_of("a.csv", table.as_bytes(), None, true);
    let result = stream_batch(&RENDERER, batch, &mut sent);
    assert!(matches!(result, Err(vanban::app::AppError::Write { .. })), "{result:?}");
}

use std::collections::BTreeSet;
use std::fs;

use super::*;

/// A workbook that no file of the suite can show: it is made here.
type Make = fn() -> Vec<u8>;

fn one(heading: &str, fill: Fill) -> Vec<u8> {
    let headings = vec!["subject.full_name".into(), heading.into()];
    workbook("Hộ", &[headings, vec!["Phạm Văn Thí Dụ".into(), fill]])
}

const GENERATED: [(&str, Make); 8] = [
    ("damaged.xlsx", || b"PK\x03\x04 no workbook".to_vec()),
    ("failed-formula.xlsx", || one("subject.sex", Fill::Formula("A1/0", "#DIV/0!"))),
    ("formula-never-computed.xlsx", never_computed),
    ("rounded-number.xlsx", || one("subject.social_account", Fill::Number(1.234_567_890_123e18))),
    ("lost-zeros.xlsx", || one("subject.identity.number", Fill::Number(1_090_000_001.0))),
    ("day-as-number.xlsx", || one("subject.birth_date", Fill::Number(33_005.0))),
    ("fraction-as-day.xlsx", || one("subject.education", Fill::Date(2026, 12, 9))),
    ("unknown-sheet.xlsx", || one("subject.sex", "Nam".into())),
];

/// A workbook whose formula has no stored result, as programs without a calculator
/// write it.
fn never_computed() -> Vec<u8> {
    let bytes = one("subject.sex", Fill::Formula("C1", "KHONG-CO"));
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut part, &mut bytes).unwrap();
        if part.name().unwrap() == "xl/worksheets/sheet1.xml" {
            let text = String::from_utf8(bytes).unwrap();
            let without = text.replace("<v>KHONG-CO</v>", "");
            assert_ne!(text, without);
            bytes = without.into_bytes();
        }
        let name = part.name().unwrap().into_owned();
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut out, &bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn suite() -> PathBuf {
    repository("tests/suite/batch")
}

/// The broken tables: stored ones, and those that are made.
fn tables() -> Vec<(String, Vec<u8>)> {
    let stored = fs::read_dir(suite()).unwrap().map(|one| one.unwrap().path());
    let stored = stored.filter(|path| path.extension().is_some_and(|ending| ending != "expected"));
    let read = |path: PathBuf| {
        (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap())
    };
    let mut tables: Vec<_> = stored.map(read).collect();
    tables.extend(GENERATED.iter().map(|(name, make)| ((*name).to_owned(), make())));
    tables.sort();
    tables
}

fn expected(name: &str) -> PathBuf {
    suite().join(format!("{}.expected", name.rsplit_once('.').unwrap().0))
}

/// The codes in the stored reports, and those that a table done right keeps.
pub fn shown_and_kept() -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for (name, _) in tables() {
        let text = fs::read_to_string(expected(&name)).unwrap_or_default();
        for line in text.lines() {
            let rest = ["lỗi[", "cảnh báo["].iter().find_map(|label| line.strip_prefix(label));
            codes.extend(rest.and_then(|rest| Some(rest.split_once(']')?.0.to_owned())));
        }
    }
    // `too_large_a_table_is_refused` and `too_many_documents_are_not_merged` show them.
    codes.extend(["BT02".to_owned(), "BT19".to_owned()]);
    codes
}

/// What is told of each broken table is as expected, in both streams.
#[test]
fn reports_of_broken_tables_are_as_expected() {
    let mut differences = Vec::new();
    for (name, bytes) in tables() {
        let desk = desk(&name, &bytes);
        let mut arguments =
            vec!["--template", TEMPLATE, "--data", &name, "-o", "out.zip", "--format", "txt"];
        if name.starts_with("unknown-sheet") {
            arguments.extend(["--sheet", "Hô thôn 2"]);
        }
        let ran = batch(desk.path(), &arguments);
        let wrong = ran.err.contains("lỗi[");
        assert_eq!(
            (ran.code, desk.path().join("out.zip").exists()),
            (i32::from(wrong), !wrong),
            "{name}"
        );
        if std::env::var_os("UPDATE_SUITE").is_some() {
            fs::write(expected(&name), &ran.err).unwrap();
        }
        let expected = fs::read_to_string(expected(&name)).unwrap_or_default();
        if expected != ran.err {
            differences.push(format!("{name}: expected\n{expected}\nfound\n{}", ran.err));
        }
    }
    assert!(differences.is_empty(), "UPDATE_SUITE=1 writes them anew\n{}", differences.join("\n"));
}

/// Every report belongs to a table.
#[test]
fn every_report_has_a_table() {
    let known: BTreeSet<PathBuf> = tables().iter().map(|(name, _)| expected(name)).collect();
    for path in fs::read_dir(suite()).unwrap().map(|one| one.unwrap().path()) {
        let is_report = path.extension().is_some_and(|ending| ending == "expected");
        assert!(!is_report || known.contains(&path), "{}", path.display());
    }
}

#[test]
fn a_table_done_right_has_no_findings() {
    let headings =
        vec!["subject.full_name".into(), "subject.sex".into(), "subject.birth_date".into()];
    let row = vec!["Phạm Văn Thí Dụ".into(), Fill::Formula("C1", "Nam"), Fill::Date(1990, 5, 12)];
    let desk = desk("a.xlsx", &workbook("Hộ", &[headings, row]));
    let ran = texts(desk.path(), "a.xlsx", &[]);
    assert_eq!((ran.code, ran.found()), (0, vec![]), "{ran:#?}");
}

#[test]
fn too_large_a_table_is_refused() {
    let desk = desk("a.csv", b"");
    let file = fs::File::create(desk.path().join("a.csv")).unwrap();
    file.set_len(vanban::input::table::MAX_TABLE_BYTES + 1).unwrap();
    assert_eq!(texts(desk.path(), "a.csv", &[]).found()[0].0, "BT02");
}

use calamine::{Data, Reader, Xlsx};

use super::*;
use crate::support::RENDERER;
use crate::support::office;

/// What the empty workbook of a template holds.
fn sample(id: &str) -> Vec<u8> {
    let desk = tempfile::tempdir().unwrap();
    let ran = batch(desk.path(), &["--sample", id]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{id}");
    assert_eq!(ran.out, format!("{id}.xlsx\n"));
    std::fs::read(desk.path().join(format!("{id}.xlsx"))).unwrap()
}

fn open(bytes: &[u8]) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(bytes.to_vec())).unwrap()
}

/// The rows of the first sheet.
fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut book = open(bytes);
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    range.rows().map(|row| row.iter().map(Data::to_string).collect()).collect()
}

/// Of every template the empty workbook has columns, titles above keys, and a sheet that
/// tells how to fill it in; the same every time.
#[test]
fn every_template_has_an_empty_workbook() {
    let mut seen = 0;
    for template in RENDERER.catalog().templates() {
        let bytes = vanban::app::batch::sample_workbook(template).unwrap();
        let id = &template.manifest.id;
        assert!(
            bytes == vanban::app::batch::sample_workbook(template).unwrap(),
            "{id}: other bytes"
        );
        let rows = rows(&bytes);
        let [_, titles, keys] = rows.as_slice() else { panic!("{id}: {} rows", rows.len()) };
        assert!(titles.iter().all(|title| !title.is_empty()), "{id}");
        let mut sorted = keys.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(sorted.len(), keys.len(), "{id}: a key stands twice");
        assert_eq!(open(&bytes).sheet_names()[..2], ["Danh sách", "Hướng dẫn"]);
        seen += 1;
    }
    assert!(seen > 100, "only {seen} templates");
}

/// What must be there comes first, and what is chosen has a list.
#[test]
fn required_columns_come_first() {
    let bytes = sample(TEMPLATE);
    let rows = rows(&bytes);
    assert_eq!(rows[0][0], "Người mà hồ sơ nói tới");
    assert_eq!(rows[1][0], "Họ và tên *");
    assert_eq!(rows[2][0], "subject.full_name");
    assert!(rows[2].contains(&"officers.2.full_name".to_owned()), "{:?}", rows[2]);
    let mut package = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut sheet = String::new();
    let mut part = package.by_name("xl/worksheets/sheet1.xml").unwrap();
    std::io::Read::read_to_string(&mut part, &mut sheet).unwrap();
    assert!(sheet.contains("'Danh mục'!$B$1:$B$2"), "no list for the second column");
    assert!(sheet.contains("hidden=\"1\""), "the keys are hidden");
}

/// A workbook that a user has filled is read again, also by its titles alone, and also
/// when LibreOffice has saved it in its own format and back.
#[test]
fn a_filled_workbook_is_read_back() {
    let empty = rows(&sample(TEMPLATE));
    let column = |key: &str| empty[2].iter().position(|other| other == key).unwrap();
    let mut filled = vec![Fill::from(""); empty[2].len()];
    for (key, fill) in [
        ("subject.full_name", Fill::from("Phạm Văn Thí Dụ")),
        ("subject.birth_date", Fill::Date(1990, 5, 12)),
        ("subject.identity.number", Fill::Number(1_090_000_001.0)),
        ("officers.2.full_name", "Hồ Thị Thí Điểm".into()),
    ] {
        filled[column(key)] = fill;
    }
    let as_fills = |row: &Vec<String>| row.iter().map(|text| Fill::from(text.as_str())).collect();
    let all: Vec<Vec<Fill>> = empty.iter().map(as_fills).chain([filled.clone()]).collect();
    let with_keys = workbook("Danh sách", &all);
    let saved = office::convert_to(&with_keys, "xlsx", "ods", "calc8");
    let titles_alone = workbook("Danh sách", &[all[0].clone(), all[1].clone(), filled]);
    for (name, bytes, row) in [
        ("keys.xlsx", with_keys, "004"),
        ("saved.ods", saved, "004"),
        ("titles.xlsx", merged_groups(&titles_alone, &empty), "003"),
    ] {
        let desk = desk(name, &bytes);
        let ran = texts(desk.path(), name, &[]);
        assert_eq!(ran.code, 0, "{name}: {ran:#?}");
        let found: Vec<String> = ran.found().into_iter().map(|(code, _)| code).collect();
        assert_eq!(found, ["BT13"], "{name}: the lost zeros");
        let text = document(&desk.path().join("out.zip"), &format!("nd163-v-20-{row}.txt"));
        for words in ["PHẠM VĂN THÍ DỤ", "001090000001"] {
            assert!(text.contains(words), "{name}: no {words} in {text}");
        }
    }
}

/// The same rows with the groups merged as the empty workbook has them, which is what the
/// titles need where two groups have one of the same name.
fn merged_groups(bytes: &[u8], empty: &[Vec<String>]) -> Vec<u8> {
    let mut rows = rows(bytes);
    // A heading over a group stands above each of its columns.
    let mut last = String::new();
    for (at, group) in empty[0].iter().enumerate() {
        if !group.is_empty() {
            last.clone_from(group);
        }
        rows[0][at].clone_from(&last);
    }
    let fill = |text: &String| Fill::from(text.as_str());
    let mut all: Vec<Vec<Fill>> = rows.iter().map(|row| row.iter().map(fill).collect()).collect();
    let day = empty[2].iter().position(|key| key == "subject.birth_date").unwrap();
    let number = empty[2].iter().position(|key| key == "subject.identity.number").unwrap();
    all[2][day] = Fill::Date(1990, 5, 12);
    all[2][number] = Fill::Number(1_090_000_001.0);
    workbook("Danh sách", &all)
}

/// LibreOffice opens the empty workbook and prints it.
#[test]
fn other_programs_open_the_empty_workbook() {
    let pdf = office::convert_to(&sample(TEMPLATE), "xlsx", "pdf", "calc_pdf_Export");
    let text = crate::support::pdf::Pdf::new(&pdf).text();
    for words in ["Người mà hồ sơ nói tới", "Họ và tên *", "Mỗi dòng của trang"]
    {
        assert!(text.contains(words), "LibreOffice shows no `{words}`");
    }
}

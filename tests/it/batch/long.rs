use super::*;

/// The headings: a title, keys, a title with that of its group.
const HEADINGS: [&str; 8] = [
    "STT",
    "Người mà hồ sơ nói tới – Họ và tên",
    "subject.sex",
    "subject.birth_date",
    "Người mà hồ sơ nói tới – Số giấy tờ",
    "subject.phone",
    "subject.residence.current",
    "subject.identity.issued_date",
];

/// A name of its own for each row: names have no digits.
fn name(number: usize) -> String {
    let letters = number.to_string();
    let letters = letters.bytes().map(|digit| char::from(digit - b'0' + b'A'));
    format!("Nguyễn Thí Dụ {}", letters.collect::<String>())
}

/// A row that is right.
fn right(number: usize) -> Vec<Fill> {
    let sexes = ["Nam", "nữ"];
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    let count = number as f64;
    vec![
        Fill::Number(count),
        Fill::Text(name(number)),
        sexes[number % 2].into(),
        if number.is_multiple_of(3) {
            Fill::Number(1985.0)
        } else {
            Fill::Date(1990, 2, 1 + u32::try_from(number % 28).unwrap())
        },
        Fill::Text(format!("001090{number:06}")),
        "0912 000 001 ".into(),
        "ấp Ví Dụ 1".into(),
        "15-09-2022".into(),
    ]
}

/// How a row is spoiled: column, what stands there, the code that tells of it.
fn spoiled(kind: usize) -> (usize, Fill, &'static str) {
    match kind % 10 {
        0 => (1, "".into(), "SC01"),
        1 => (2, "Khác".into(), "SC04"),
        2 => (3, "30/02/1990".into(), "DT05"),
        3 => (3, "hôm qua".into(), "SC05"),
        4 => (4, "12345".into(), "SC05"),
        5 => (4, Fill::Formula("VLOOKUP(1,A1:B2,2,0)", "#N/A"), "BT10"),
        6 => (5, "123".into(), "SC05"),
        7 => (6, "ấp\u{200b} Ví Dụ".into(), "IN05"),
        8 => (1, Fill::Bool(true), "SC03"),
        _ => (7, "15/9/22".into(), "SC05"),
    }
}

/// Ten thousand rows, of which 37 are wrong in ten ways: each is told at its cell, and the
/// documents of all others are made.
#[test]
fn each_wrong_row_of_ten_thousand_is_told_at_its_cell() {
    const ROWS: usize = 10_000;
    let mut rows = vec![HEADINGS.iter().map(|text| Fill::from(*text)).collect()];
    let mut expected = Vec::new();
    for number in 1..=ROWS {
        let mut row = right(number);
        let at = (number * 37) / ROWS;
        if at > ((number - 1) * 37) / ROWS {
            let (column, fill, code) = spoiled(at);
            row[column] = fill;
            let letter = char::from(b'A' + u8::try_from(column).unwrap());
            expected.push((code.to_owned(), format!("{letter}{}", number + 1)));
        }
        rows.push(row);
    }
    assert_eq!(expected.len(), 37);
    let desk = desk("danh-sach.xlsx", &workbook("Hộ", &rows));
    let ran = texts(desk.path(), "danh-sach.xlsx", &["--keep-going"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert_eq!(ran.found(), expected);
    let report = ran.json();
    assert_eq!(report["report"]["summary"]["errors"], 37);
    assert_eq!(report["report"]["findings"][0]["sheet"], "Hộ");
    assert_eq!(
        (&report["batch"]["made"], &report["batch"]["records"]),
        (&9_963.into(), &10_000.into())
    );
    let names = names(&desk.path().join("out.zip"));
    let documents = names.iter().filter(|name| name.starts_with("nd163-v-20-")).count();
    assert_eq!((documents, names.len()), (9_963, 9_965));
    assert_eq!(names[0], "nd163-v-20-00002.txt");
    let told: Value =
        serde_json::from_str(&document(&desk.path().join("out.zip"), "bao-cao.json")).unwrap();
    let failed: Vec<u64> = told["failed"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["record"].as_u64().unwrap())
        .collect();
    let rows: Vec<u64> = expected.iter().map(|(_, cell)| cell[1..].parse().unwrap()).collect();
    assert_eq!(failed, rows);
    let last = document(&desk.path().join("out.zip"), "nd163-v-20-10000.txt");
    assert!(last.contains("NGUYỄN THÍ DỤ JJJJ") && last.contains("001090009999"), "{last}");
    assert!(last.contains("15/9/2022") || last.contains("15 tháng 9 năm 2022"), "{last}");
}

/// By default nothing is written when a row is wrong, and all rows are told.
#[test]
fn nothing_is_written_when_a_row_is_wrong() {
    let mut rows: Vec<Vec<Fill>> = vec![HEADINGS.iter().map(|text| Fill::from(*text)).collect()];
    rows.extend((1..=40).map(right));
    for (row, kind) in [(3, 1), (20, 2), (40, 4)] {
        let (column, fill, _) = spoiled(kind);
        rows[row][column] = fill;
    }
    let desk = desk("a.xlsx", &workbook("Hộ", &rows));
    let ran = texts(desk.path(), "a.xlsx", &[]);
    let cells: Vec<String> = ran.found().into_iter().map(|(_, cell)| cell).collect();
    assert_eq!((ran.code, cells), (1, vec!["C4".to_owned(), "D21".to_owned(), "E41".to_owned()]));
    assert_eq!(ran.json()["output"], Value::Null);
    let left: Vec<_> =
        std::fs::read_dir(desk.path()).unwrap().map(|one| one.unwrap().file_name()).collect();
    assert_eq!(left, ["a.xlsx"], "nothing is left beside the data");
    // People read where it is.
    let human = batch(desk.path(), &["--template", TEMPLATE, "--data", "a.xlsx", "-o", "x"]);
    assert!(human.err.contains("a.xlsx, trang \"Hộ\", ô D21"), "{}", human.err);
    assert!(human.err.contains("ô này ghi: 30/02/1990"), "{}", human.err);
    assert!(human.err.ends_with("40 dòng: 37 đạt, 3 không đạt\n"), "{}", human.err);
}

/// The same table gives the same bytes, whoever makes them and in how many processes; a
/// folder holds the files of the archive.
#[test]
fn the_same_table_gives_the_same_bytes() {
    let mut rows: Vec<Vec<Fill>> = vec![HEADINGS.iter().map(|text| Fill::from(*text)).collect()];
    rows.extend((1..=40).map(right));
    let desk = desk("a.xlsx", &workbook("Hộ", &rows));
    let run = |output: &str, jobs: &str| {
        let more = ["--jobs", jobs, "--format", "pdf,docx", "--quiet"];
        let ran = batch(
            desk.path(),
            &[&["--template", TEMPLATE, "--data", "a.xlsx", "-o", output], more.as_slice()]
                .concat(),
        );
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
    };
    run("one.zip", "1");
    run("three.zip", "3");
    run("folder", "2");
    let read = |name: &str| std::fs::read(desk.path().join(name)).unwrap();
    assert!(read("one.zip") == read("three.zip"), "other bytes");
    let files = unpacked(&desk.path().join("one.zip"));
    assert_eq!(files.len(), 80);
    for (name, bytes) in files {
        assert!(read(&format!("folder/{name}")) == bytes, "{name}");
    }
    assert_eq!(std::fs::read_dir(desk.path().join("folder")).unwrap().count(), 80);
    let again = batch(
        desk.path(),
        &["--template", TEMPLATE, "--data", "a.xlsx", "-o", "folder", "--format", "txt"],
    );
    assert_eq!(again.code, 2, "a folder with files is left alone: {}", again.err);
}

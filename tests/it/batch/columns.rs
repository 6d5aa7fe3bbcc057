use super::*;

fn fills(rows: &[&[&str]]) -> Vec<Vec<Fill>> {
    rows.iter().map(|row| row.iter().map(|text| Fill::from(*text)).collect()).collect()
}

/// Makes texts of a table as a workbook.
fn of_rows(rows: &[&[&str]], more: &[&str]) -> (TempDir, Ran) {
    let desk = desk("a.xlsx", &workbook("Hộ", &fills(rows)));
    let ran = texts(desk.path(), "a.xlsx", more);
    (desk, ran)
}

/// A table has titles above it, groups merged over columns, and columns of its own.
#[test]
fn the_header_is_found_below_titles_and_groups() {
    let mut book = Workbook::new();
    let plain = Format::new();
    book.add_worksheet().set_name("Bìa").unwrap().write(0, 0, "Danh sách hộ").unwrap();
    let to = book.add_worksheet().set_name("Hộ thôn 1").unwrap();
    to.merge_range(0, 0, 0, 3, "DANH SÁCH NGƯỜI ĐĂNG KÝ", &plain).unwrap();
    to.merge_range(2, 0, 3, 0, "STT", &plain).unwrap();
    to.merge_range(2, 1, 2, 2, "NGUOI MA HO SO NOI TOI", &plain).unwrap();
    to.merge_range(2, 3, 3, 3, "Người làm đơn - Họ và tên:", &plain).unwrap();
    to.write(3, 1, "Họ và tên *").unwrap();
    to.write(3, 2, "Ngày,  tháng, năm sinh (ngày/tháng/năm)").unwrap();
    to.write(4, 1, "Phạm Văn Thí Dụ").unwrap();
    to.write(4, 2, 1990).unwrap();
    to.write(4, 3, "Phan Thị Thí Dụ").unwrap();
    to.write(6, 1, "Phạm Văn Minh Họa").unwrap();
    let desk = desk("a.xlsx", &book.save_to_buffer().unwrap());
    let ran = texts(desk.path(), "a.xlsx", &[]);
    assert_eq!((ran.code, ran.found()), (0, vec![]), "{ran:#?}");
    assert_eq!(ran.json()["batch"]["sheet"], "Hộ thôn 1");
    let out = desk.path().join("out.zip");
    assert_eq!(names(&out), ["nd163-v-20-005.txt", "nd163-v-20-007.txt"]);
    let text = document(&out, "nd163-v-20-005.txt");
    assert!(text.contains("PHẠM VĂN THÍ DỤ") && text.contains("PHAN THỊ THÍ DỤ"), "{text}");
    let other = texts(desk.path(), "a.xlsx", &["--sheet", "bia"]);
    assert_eq!(other.found()[0].0, "BT05", "{other:#?}");
    let wrong = texts(desk.path(), "a.xlsx", &["--header-row", "7"]);
    assert_eq!(wrong.found()[0].0, "BT05", "{wrong:#?}");
}

#[test]
fn headings_that_are_wrong_are_told_at_their_cells() {
    let (_desk, typo) = of_rows(
        &[
            &["subject.full_name", "subject.birth_dat", "Ghi chú", "TT"],
            &["Phạm Văn Thí Dụ", "1990", "x", "1"],
        ],
        &[],
    );
    let at = |code: &str, cell: &str| (code.to_owned(), cell.to_owned());
    assert_eq!((typo.code, typo.found()), (0, vec![at("BT06", "B1"), at("BT06", "C1")]));
    let hint = &typo.json()["report"]["findings"][0]["hint"];
    assert_eq!(hint, "có phải bạn muốn viết `subject.birth_date`?");
    let (_desk, twice) = of_rows(
        &[&["subject.full_name", "x", "Người mà hồ sơ nói tới – Họ và tên"], &["a", "", "b"]],
        &[],
    );
    assert_eq!((twice.code, twice.found()), (1, vec![at("BT06", "B1"), at("BT08", "C1")]));
    let (_desk, several) = of_rows(&[&["Họ và tên", "subject.sex"], &["a", "Nam"]], &[]);
    assert_eq!((several.code, several.found()), (1, vec![at("BT07", "A1")]));
    let message = several.json()["report"]["findings"][0]["message"].to_string();
    assert!(message.contains("Người làm đơn – Họ và tên"), "{message}");
    let (_desk, missing) = of_rows(&[&["subject.sex", "applicant.full_name"], &["Nam", "a"]], &[]);
    assert_eq!(
        (missing.code, missing.found()),
        (1, vec![at("BT09", "1")]),
        "once, not for each row"
    );
}

/// Items of lists are numbered, texts of a list are parted by `;`, groups without a value
/// are not there.
#[test]
fn lists_and_groups_come_from_columns() {
    let headings: &[&str] = &[
        "subject.full_name",
        "Cán bộ 2 – Họ và tên",
        "officers.1.full_name",
        "request.reasons",
        "guardian.full_name",
        "guardian.phone",
    ];
    let rows: &[&[&str]] = &[headings, &["Phạm Văn Thí Dụ", "Hai", "Một", "một; hai", "", ""]];
    let desk = desk("a.xlsx", &workbook("Hộ", &fills(rows)));
    let ran = texts(desk.path(), "a.xlsx", &[]);
    assert_eq!((ran.code, ran.found()), (0, vec![]), "{ran:#?}");
}

#[test]
fn delimited_text_is_read_as_offices_save_it() {
    let table = "subject.full_name;subject.birth_date;subject.residence.current\n\
                 Đỗ Thị Thí Dụ;15-9-1990;\"ấp 1; xã Ví Dụ\"\n";
    let wide: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(
            table
                .replace(';', "\t")
                .replace("ấp 1\t", "ấp 1;")
                .encode_utf16()
                .flat_map(u16::to_le_bytes),
        )
        .collect();
    let comma = table.replace(';', ",").replace("ấp 1,", "ấp 1;");
    let mut documents = Vec::new();
    for bytes in [
        table.as_bytes().to_vec(),
        [b"\xef\xbb\xbf", table.as_bytes()].concat(),
        comma.into_bytes(),
        wide,
        table.replace('\n', "\r\n").into_bytes(),
    ] {
        let desk = desk("a.csv", &bytes);
        let ran = texts(desk.path(), "a.csv", &[]);
        assert_eq!((ran.code, ran.found()), (0, vec![]), "{ran:#?}");
        documents.push(document(&desk.path().join("out.zip"), "nd163-v-20-002.txt"));
    }
    assert!(documents[0].contains("ĐỖ THỊ THÍ DỤ") && documents[0].contains("ấp 1; xã Ví Dụ"));
    assert!(documents.iter().all(|other| *other == documents[0]), "{documents:#?}");
    // Windows-1258.
    let desk = desk("a.csv", b"subject.full_name\nL\xea V\xe3n A\n");
    assert_eq!(texts(desk.path(), "a.csv", &[]).found()[0].0, "BT03");
}

//! Annexes: PL1-III.1.

use serde_json::{Value, json};

use super::elements::{Measured, SHEETS, check_areas, check_looks, check_page_numbers};
use super::expect::{Role, Sheet};
use super::header::gaps;
use super::{Area, MARGINS, Margins, filler, plan, sheet};

/// Checks label, title and reference line of every annex.
fn check_annexes(name: &str, sheet: &Sheet, margins: Margins) {
    let [labels, titles, references] =
        [Role::AnnexLabel, Role::AnnexTitle, Role::AnnexReference].map(|role| sheet.all(role));
    assert_eq!(labels.len(), titles.len(), "{name}");
    assert_eq!(labels.len(), references.len(), "{name}");
    for ((label, title), reference) in labels.iter().zip(titles).zip(references) {
        assert_eq!(label.lines.len(), 1, "{name}: the label is on a line of its own");
        let page = label.lines[0].page;
        let area = Area::of(&sheet.pages[page], margins);
        let top = label.lines[0].runs[0].top();
        assert!((top - area.top).abs() < 0.1, "{name}: the annex starts a page");
        let mut above = f64::MIN;
        for line in label.lines.iter().chain(&title.lines).chain(&reference.lines) {
            let off = line.centre() - area.centre();
            assert!(off.abs() < 0.5, "{name}: `{}` is {off} off the centre", line.text());
            assert!(line.page == page && line.baseline > above, "{name}: {line:#?}");
            above = line.baseline;
        }
    }
}

#[test]
fn the_annexes_of_the_examples_have_label_title_and_reference() {
    let mut annexes = 0;
    for Measured { name, sheet, .. } in SHEETS.iter() {
        check_annexes(name, sheet, MARGINS);
        annexes += sheet.all(Role::AnnexLabel).len();
    }
    assert_eq!(annexes, 4, "two annexes in two size sets");
}

fn annex(title: &str, orientation: &str, content: &Value) -> Value {
    json!({ "title": title, "orientation": orientation, "content": content })
}

fn texts(sheet: &Sheet, role: Role) -> Vec<String> {
    sheet.lines(role).iter().map(|line| line.text()).collect()
}

#[test]
fn one_annex_has_no_number_and_two_have_roman_ones() {
    let text = json!([filler(20)]);
    let mut data = plan();
    data["annexes"] = json!([annex("Danh mục cơ sở", "portrait", &text)]);
    let one = sheet(&data);
    check_annexes("one annex", &one, MARGINS);
    check_looks("one annex", &one, 13.0, 14.0, 14.0);
    assert_eq!(texts(&one, Role::AnnexLabel), ["Phụ lục"]);
    assert_eq!(texts(&one, Role::AnnexTitle), ["DANH MỤC CƠ SỞ"]);

    let two = annex("Biểu tổng hợp\nsố liệu", "landscape", &text);
    data["annexes"] = json!([annex("Danh mục cơ sở", "portrait", &text), two]);
    let two = sheet(&data);
    check_annexes("two annexes", &two, MARGINS);
    check_areas("two annexes", &two, MARGINS);
    check_page_numbers("two annexes", &two, MARGINS, 14.0);
    assert_eq!(texts(&two, Role::AnnexLabel), ["Phụ lục I", "Phụ lục II"]);
    assert_eq!(texts(&two, Role::AnnexTitle), ["DANH MỤC CƠ SỞ", "BIỂU TỔNG HỢP", "SỐ LIỆU"]);
}

#[test]
fn the_reference_line_is_filled_on_paper_and_blank_in_an_electronic_document() {
    let mut data = plan();
    data["annexes"] = json!([annex("Danh mục", "landscape", &json!([filler(20)]))]);
    let paper = sheet(&data);
    assert_eq!(
        texts(&paper, Role::AnnexReference),
        [
            "(Kèm theo Kế hoạch số 12/KH-UBND ngày 15 tháng 7 năm 2026 của Ủy ban nhân dân xã Định Mỹ)"
        ]
    );
    data["medium"] = "electronic".into();
    let electronic = sheet(&data);
    check_annexes("electronic", &electronic, MARGINS);
    check_looks("electronic", &electronic, 13.0, 14.0, 14.0);
    assert_eq!(
        gaps(electronic.line(Role::AnnexReference)),
        [
            "(Kèm theo Kế hoạch số",
            "/KH-UBND ngày",
            "tháng",
            "năm",
            "của Ủy ban nhân dân xã Định Mỹ)"
        ]
    );
    // The document itself is numbered and dated all the same.
    assert_eq!(electronic.line(Role::Number).text(), "Số: 12/KH-UBND");
}

/// A table that fills several pages, and the first words of its header.
fn long_table() -> Value {
    let rows: Vec<Value> = (1..=70)
        .map(|row| json!([format!("Cơ sở thứ {row}"), filler(8), row, "15/12/2026"]))
        .collect();
    json!([{ "table": {
        "numbered": true,
        "columns": [
            { "title": "Cơ sở", "width": 3 },
            { "title": "Nội dung", "width": 4 },
            { "title": "Số hộ", "width": 1, "align": "right" },
            { "title": "Hoàn thành", "width": 2, "align": "center" },
        ],
        "rows": rows,
    } }])
}

#[test]
fn a_table_over_several_pages_repeats_its_header_on_each() {
    for orientation in ["portrait", "landscape"] {
        let mut data = plan();
        data["annexes"] = json!([annex("Danh mục", orientation, &long_table())]);
        let sheet = sheet(&data);
        check_annexes(orientation, &sheet, MARGINS);
        check_areas(orientation, &sheet, MARGINS);
        check_page_numbers(orientation, &sheet, MARGINS, 14.0);
        let table = sheet.all(Role::Table)[0];
        let first = table.lines[0].page;
        let last = table.lines.last().unwrap().page;
        assert!(last >= first + 2, "{orientation}: the table has {} pages", last - first + 1);
        for page in first..=last {
            let lines: Vec<_> = table.lines.iter().filter(|line| line.page == page).collect();
            let header = lines[0];
            assert_eq!(header.text(), "TT Cơ sở Nội dung Số hộ Hoàn thành", "page {page}");
            assert!(header.runs.iter().all(super::measure::Run::bold), "page {page}: bold");
            assert!(lines[1].runs.iter().all(|run| !run.bold()), "page {page}: rows follow");
            // The borders stand at both margins.
            let area = Area::of(&sheet.pages[page], MARGINS);
            let rules = &sheet.pages[page].rules;
            let left = rules.iter().map(|rule| rule.left).fold(f64::MAX, f64::min);
            let right = rules.iter().map(|rule| rule.right).fold(f64::MIN, f64::max);
            assert!((left - area.left).abs() < 0.5, "page {page}: the table starts at {left}");
            assert!((right - area.right).abs() < 0.5, "page {page}: the table ends at {right}");
        }
    }
}

//! Annexes: PL1-III.1.

use serde_json::{Value, json};

use super::elements::{Measured, SHEETS, check_areas, check_looks, check_page_numbers};
use super::expect::{Role, Sheet};
use super::header::{check_header_of, gaps};
use super::{Area, Case, MARGINS, Margins, filler, plan, rule_below, sheet};

/// Checks the head of every annex (PL1-III.1): label, title and reference line
/// in the middle, each below the other, and a rule; of a regulation the header of
/// a document, kind and subject (Mẫu 1.3).
fn check_annexes(name: &str, sheet: &Sheet, margins: Margins) {
    let maker = sheet.maker;
    for (at, annex) in sheet.document().annexes.iter().enumerate() {
        let part = at + 1;
        let (label, title) = match annex.kind {
            None => (Role::AnnexLabel, Role::AnnexTitle),
            Some(_) => (Role::Kind, Role::Subject),
        };
        let label = sheet.lines_of(part, label);
        assert_eq!(label.len(), 1, "{name}: the label is on a line of its own");
        let title = sheet.lines_of(part, title);
        let reference = sheet.lines_of(part, Role::AnnexReference);
        assert_eq!(title.is_empty(), annex.title.is_empty(), "{name}: {title:#?}");
        assert!(!reference.is_empty(), "{name}: PL1-III.1.c asks for the reference");
        let page = label[0].page;
        let area = Area::of(&sheet.pages[page], margins);
        assert!(page == 0 || sheet.parts()[page - 1] < part, "{name}: the annex starts a page");
        let mut above = if annex.kind.is_some() {
            let names = sheet.document().settings.sizes.names();
            check_header_of(part, name, sheet, margins, names);
            let agencies = [Role::Issuer, Role::Motto].map(|role| sheet.lines_of(part, role));
            agencies.concat().iter().map(|line| line.baseline).fold(f64::MIN, f64::max)
        } else {
            let top = label[0].runs[0].top();
            assert!(maker.within(top - area.top, 0.1), "{name}: the annex starts at {top}");
            f64::MIN
        };
        for line in [label, title, reference.clone()].concat() {
            let off = line.centre() - area.centre();
            // A gap at the end of a line is not seen.
            let open = ["số", "tháng", "năm"].iter().any(|word| line.text().ends_with(word));
            assert!(
                open || maker.within(off, 0.5),
                "{name}: `{}` is {off} off the centre",
                line.text()
            );
            assert!(line.page == page && line.baseline > above, "{name}: {line:#?}");
            above = line.baseline;
        }
        let rule = rule_below(&sheet.pages[page], &reference);
        assert!(maker.within(rule.centre() - area.centre(), 0.5), "{name}: {rule:#?}");
        let text = sheet.elements.iter().filter(|one| one.part == part && one.role.flows());
        let first = text.flat_map(|one| &one.lines).find(|line| line.page == page);
        assert!(first.is_none_or(|line| line.runs[0].top() > rule.top), "{name}: {rule:#?}");
    }
}

#[test]
fn annexes_and_regulations_have_their_heads() {
    let (mut annexes, mut regulations, mut detached) = (0, 0, 0);
    for measured @ Measured { sheet, .. } in SHEETS.iter() {
        check_heads(measured);
        let document = sheet.document();
        let all = document.annexes.len();
        let attached = document.annexes.iter().filter(|annex| annex.kind.is_some()).count();
        annexes += all - attached;
        regulations += attached;
        detached += usize::from(document.detached);
    }
    assert!(annexes > 4 && regulations > 0 && detached > 0, "{annexes}, {regulations}, {detached}");
}

pub fn check_heads(Measured { name, text, sheet, .. }: &Measured) {
    check_annexes(name, sheet, text.margins);
}

fn annex(title: &str, orientation: &str, content: &Value) -> Value {
    json!({ "title": title, "orientation": orientation, "content": content })
}

fn texts(sheet: &Sheet, role: Role) -> Vec<String> {
    sheet.lines(role).iter().map(|line| line.text()).collect()
}

pub fn annexes() -> Vec<Case> {
    let text = json!([filler(20)]);
    let mut data = plan();
    data["annexes"] = json!([annex("Danh mục cơ sở", "portrait", &text)]);
    let one = Case::new("one annex", data.clone(), |name, sheet| {
        check_annexes(name, sheet, MARGINS);
        check_looks(name, sheet, 13.0, 14.0, 14.0);
        assert_eq!(texts(sheet, Role::AnnexLabel), ["Phụ lục"]);
        assert_eq!(texts(sheet, Role::AnnexTitle), ["DANH MỤC CƠ SỞ"]);
    });
    let two = annex("Biểu tổng hợp\nsố liệu", "landscape", &text);
    data["annexes"] = json!([annex("Danh mục cơ sở", "portrait", &text), two]);
    let two = Case::new("two annexes", data, |name, sheet| {
        check_annexes(name, sheet, MARGINS);
        check_areas(name, sheet, MARGINS);
        check_page_numbers(name, sheet, MARGINS, 14.0);
        assert_eq!(texts(sheet, Role::AnnexLabel), ["Phụ lục I", "Phụ lục II"]);
        let titles = ["DANH MỤC CƠ SỞ", "BIỂU TỔNG HỢP", "SỐ LIỆU"];
        assert_eq!(texts(sheet, Role::AnnexTitle), titles);
    });
    vec![one, two]
}

#[test]
fn one_annex_has_no_number_and_two_have_roman_ones() {
    annexes().iter().for_each(Case::check);
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

pub fn long_tables() -> Vec<Case> {
    let case = |orientation: &str| {
        let mut data = plan();
        data["annexes"] = json!([annex("Danh mục", orientation, &long_table())]);
        Case::new(format!("long table, {orientation}"), data, |name, sheet| {
            check_annexes(name, sheet, MARGINS);
            check_areas(name, sheet, MARGINS);
            check_page_numbers(name, sheet, MARGINS, 14.0);
            check_long_table(name, sheet);
        })
    };
    ["portrait", "landscape"].map(case).into()
}

#[test]
fn a_table_over_several_pages_repeats_its_header_on_each() {
    long_tables().iter().for_each(Case::check);
}

fn check_long_table(name: &str, sheet: &Sheet) {
    let table = sheet.all(Role::Table)[0];
    let first = table.lines[0].page;
    let last = table.lines.last().unwrap().page;
    assert!(last >= first + 2, "{name}: the table has {} pages", last - first + 1);
    for page in first..=last {
        let lines: Vec<_> = table.lines.iter().filter(|line| line.page == page).collect();
        let header = lines[0];
        assert_eq!(header.text(), "TT Cơ sở Nội dung Số hộ Hoàn thành", "{name}: page {page}");
        assert!(header.runs.iter().all(super::measure::Run::bold), "{name}: page {page}: bold");
        let plain = lines[1].runs.iter().all(|run| !run.bold());
        assert!(plain, "{name}: page {page}: rows follow");
        // The borders stand at both margins.
        let area = Area::of(&sheet.pages[page], MARGINS);
        let rules = &sheet.pages[page].rules;
        let left = rules.iter().map(|rule| rule.left).fold(f64::MAX, f64::min);
        let right = rules.iter().map(|rule| rule.right).fold(f64::MIN, f64::max);
        let within = |off: f64| sheet.maker.within(off, 0.5);
        let ends = within(left - area.left) && within(right - area.right);
        assert!(ends, "{name}: page {page}: the table stands from {left} to {right}");
    }
}

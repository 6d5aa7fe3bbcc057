//! The numbers that a document may choose, each at both ends of its range: they
//! reach the page.

use serde_json::{Value, json};

use super::elements::{check_areas, check_looks, check_page_numbers};
use super::expect::{Role, Sheet};
use super::measure::{Run, same};
use super::text::{DEFAULT, Text, check_text};
use super::{Area, Case, SINGLE, filler, longest, plan, rule_below};

/// A plan with every kind of paragraph, more than a page long.
fn long_plan(layout: &Value) -> Value {
    let mut data = plan();
    data["bases"] = json!([filler(30), filler(10)]);
    data["opening"] = filler(40).into();
    let point = json!({ "text": filler(35) });
    data["sections"] = json!([
        { "title": "Mục đích, yêu cầu", "content": [filler(60), filler(25)], "sections": [
            { "title": "Mục đích", "items": [filler(30), { "text": filler(5), "items": [filler(30)] }] },
            { "title": "Yêu cầu", "sections": [{ "title": "Chung" }, point.clone(), point] },
        ] },
        { "title": filler(30), "content": [filler(1500), filler(20), filler(20)] },
    ]);
    data["layout"] = layout.clone();
    data
}

pub fn ends_of_ranges() -> Vec<Case> {
    let cases = [
        (json!({}), DEFAULT),
        (
            json!({ "margins": { "top": 20, "bottom": 20, "left": 30, "right": 15 } }),
            Text { margins: [20.0, 20.0, 30.0, 15.0], ..DEFAULT },
        ),
        (
            json!({ "margins": { "top": 25, "bottom": 25, "left": 35, "right": 20 } }),
            Text { margins: [25.0, 25.0, 35.0, 20.0], ..DEFAULT },
        ),
        (
            json!({ "margins": { "top": 22.5, "left": 32.5 } }),
            Text { margins: [22.5, 20.0, 32.5, 20.0], ..DEFAULT },
        ),
        (json!({ "text_size": 13 }), Text { size: 13.0, ..DEFAULT }),
        (json!({ "text_size": 14 }), DEFAULT),
        (json!({ "indent": 1 }), DEFAULT),
        (json!({ "indent": 1.27 }), Text { indent: 12.7, ..DEFAULT }),
        (json!({ "paragraph_gap": 6 }), DEFAULT),
        (json!({ "paragraph_gap": 24 }), Text { gap: 24.0, ..DEFAULT }),
        (json!({ "line_spacing": 1 }), Text { spacing: 1.0, ..DEFAULT }),
        (json!({ "line_spacing": 1.15 }), DEFAULT),
        (json!({ "line_spacing": 1.5 }), Text { spacing: 1.5, ..DEFAULT }),
        (
            json!({ "text_size": 13, "line_spacing": 1.5, "paragraph_gap": 12, "indent": 1.27 }),
            Text { size: 13.0, spacing: 1.5, gap: 12.0, indent: 12.7, ..DEFAULT },
        ),
    ];
    let case = |(layout, text): (Value, Text)| {
        Case::new(layout.to_string(), long_plan(&layout), move |name, sheet| {
            check_looks(name, sheet, 13.0, 14.0, text.size);
            check_areas(name, sheet, text.margins);
            check_page_numbers(name, sheet, text.margins, text.size);
            assert!(check_text(name, sheet, text) > 0, "{name}: no two paragraphs to compare");
            check_filled(name, sheet, text);
        })
    };
    cases.map(case).into()
}

#[test]
fn every_setting_is_applied_at_both_ends_of_its_range() {
    ends_of_ranges().iter().for_each(Case::check);
}

/// A page in the middle of the long paragraph is filled from margin to margin.
fn check_filled(name: &str, sheet: &Sheet, text: Text) {
    let at = sheet.lines(Role::RomanHeading).last().unwrap().page + 1;
    let page = &sheet.pages[at];
    let area = Area::of(page, text.margins);
    let runs: Vec<&Run> = page.runs.iter().filter(|run| run.bottom() > area.top).collect();
    for run in [runs[0], runs[runs.len() - 1]] {
        let maker = sheet.maker;
        let filled = maker.same(run.left, area.left) && maker.within(run.right - area.right, 0.5);
        assert!(filled, "{name}: not from margin to margin: {run:#?}");
    }
    assert!(
        sheet.maker.same(runs[0].top(), area.top),
        "{name}: the first line is at {}",
        runs[0].top()
    );
    let unused = area.bottom - runs[runs.len() - 1].bottom();
    let line = SINGLE * text.spacing * text.size;
    assert!(unused < line, "{name}: {unused} pt are empty above the bottom margin");
}

pub fn shares_of_rules() -> Vec<Case> {
    let case = |share: f64| {
        let mut data = plan();
        data["subject"] = "Phòng, chống ma túy\nvà cai nghiện ma túy 6 tháng cuối năm 2026".into();
        data["layout"] = json!({ "agency_rule": share, "subject_rule": share });
        Case::new(format!("rules of {share}"), data, move |name, sheet| {
            for role in [Role::Issuer, Role::Subject] {
                let lines = sheet.lines(role);
                let found = rule_below(&sheet.pages[0], &lines).length() / longest(&lines);
                let off = (found - share).abs();
                assert!(off < 0.01, "{name}: {role:?}: {found} for {share}");
            }
        })
    };
    [0.333, 0.4, 0.5].map(case).into()
}

#[test]
fn rules_have_the_share_of_the_line_that_the_layout_says() {
    shares_of_rules().iter().for_each(Case::check);
}

pub fn sizes_of_tables() -> Vec<Case> {
    let case = |size: f64| {
        let mut data = plan();
        let table = json!({ "columns": ["Tên", "Số"], "rows": [["Ấp", 1]], "caption": "Bảng" });
        data["sections"][0]["content"] = json!([filler(20), { "table": table }]);
        data["layout"] = json!({ "table_size": size });
        Case::new(format!("tables of {size}"), data, move |name, sheet| {
            for role in [Role::Caption, Role::Table] {
                for line in sheet.lines(role) {
                    assert!(line.runs.iter().all(|run| same(run.size, size)), "{name}: {line:#?}");
                }
            }
        })
    };
    [11.0, 14.0].map(case).into()
}

#[test]
fn the_size_of_tables_is_applied() {
    sizes_of_tables().iter().for_each(Case::check);
}

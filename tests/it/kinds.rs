//! Of every kind of document: its code, symbol, and date line, for numbers and days
//! around the padding rule (PL1-II.3, PL1-II.4; codes: PL3-I).

use std::collections::BTreeMap;

use serde_json::{Value, json};
use vanban::pipeline::{Emit, Input};

use super::support::RENDERER;

/// The codes of the kinds, by the name that is printed; written off the decree.
const CODES: [(&str, &str); 29] = [
    ("Nghị quyết", "NQ"),
    ("Quyết định", "QĐ"),
    ("Chỉ thị", "CT"),
    ("Quy chế", "QC"),
    ("Quy định", "QyĐ"),
    ("Thông cáo", "TC"),
    ("Thông báo", "TB"),
    ("Hướng dẫn", "HD"),
    ("Chương trình", "CTr"),
    ("Kế hoạch", "KH"),
    ("Phương án", "PA"),
    ("Đề án", "ĐA"),
    ("Dự án", "DA"),
    ("Báo cáo", "BC"),
    ("Biên bản", "BB"),
    ("Tờ trình", "TTr"),
    ("Hợp đồng", "HĐ"),
    ("Công điện", "CĐ"),
    ("Bản ghi nhớ", "BGN"),
    ("Bản thỏa thuận", "BTT"),
    ("Giấy ủy quyền", "GUQ"),
    ("Giấy mời", "GM"),
    ("Giấy giới thiệu", "GGT"),
    ("Giấy nghỉ phép", "GNP"),
    ("Phiếu gửi", "PG"),
    ("Phiếu chuyển", "PC"),
    ("Phiếu báo", "PB"),
    ("Công văn", ""),
    ("Thư công", ""),
];

const NUMBERS: [(u32, &str); 4] = [(1, "01"), (9, "09"), (10, "10"), (100, "100")];

/// Days below 10 and the months 1 and 2 have a zero.
const DATES: [(&str, &str); 6] = [
    ("2026-01-05", "ngày 05 tháng 01 năm 2026"),
    ("2026-02-28", "ngày 28 tháng 02 năm 2026"),
    ("2026-03-01", "ngày 01 tháng 3 năm 2026"),
    ("2026-09-09", "ngày 09 tháng 9 năm 2026"),
    ("2026-10-10", "ngày 10 tháng 10 năm 2026"),
    ("2026-12-31", "ngày 31 tháng 12 năm 2026"),
];

/// Papers without a header, or with that of another document.
const WITHOUT_HEADER: [&str; 8] = [
    "product-ho-so-danh-muc",
    "phu-luc",
    "van-ban-kem-theo",
    "plan-assignments",
    "plan-extract",
    "plan-targets",
    "plan-schedule",
    "plan-distribution",
];

fn text(id: &str, data: &Value) -> String {
    let text = data.to_string();
    let input = Input { template: Some(id), ..Input::new("sample.json", text.as_bytes()) };
    let composed =
        RENDERER.compose(&input).unwrap_or_else(|findings| panic!("{id}: {findings:#?}"));
    RENDERER.emit(&composed, Emit::Text).unwrap()
}

#[test]
fn number_symbol_and_date_of_every_kind_are_right() {
    let codes = BTreeMap::from(CODES);
    let mut kinds = BTreeMap::new();
    let with_kind = |one: &&std::sync::Arc<vanban::catalog::Template>| !one.manifest.is_filled_in();
    for template in RENDERER.catalog().templates().filter(with_kind) {
        let id = template.manifest.id.as_str();
        if WITHOUT_HEADER.contains(&id) {
            continue;
        }
        let (_, node) =
            vanban::input::read("minimal.yaml", template.sample(false).as_bytes()).unwrap();
        let mut data = node.to_json();
        let symbol = match data["issuer"].get("unit") {
            Some(unit) => format!("SYT-{}", unit.as_str().unwrap()),
            None => "SYT".to_owned(),
        };
        data["issuer"]["symbol"] = json!("SYT");
        // Biên bản is the one kind without place and date (Mẫu 1.9).
        let dated = id != "bien-ban";
        if dated {
            data["place"] = json!("Minh Họa");
        }
        let kind = vanban::catalog::kind(&template.manifest.kind).unwrap().name.as_str();
        let code = codes.get(kind).unwrap_or_else(|| panic!("{id}: the kind {kind} is unknown"));
        kinds.insert(kind.to_owned(), id);
        let code = if code.is_empty() { String::new() } else { format!("{code}-") };
        for ((number, printed), (date, in_words)) in
            NUMBERS.into_iter().cycle().zip(DATES).chain(NUMBERS.into_iter().zip([DATES[0]; 4]))
        {
            data["number"] = json!(number);
            data["date"] = json!(date);
            let text = text(id, &data);
            let line = format!("\nSố: {printed}/{code}{symbol}\n");
            assert!(text.contains(&line), "{id}: no line {line:?} in\n{text}");
            let line = format!("\nMinh Họa, {in_words}\n");
            assert_eq!(text.contains(&line), dated, "{id}: {line:?} in\n{text}");
        }
    }
    let missing: Vec<_> = codes.keys().filter(|kind| !kinds.contains_key(**kind)).collect();
    assert!(missing.is_empty(), "no template makes {missing:?}");
}

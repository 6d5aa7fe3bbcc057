//! Boxes 7 and 9: the signature and the recipients.

use serde_json::{Value, json};
use vanban::block::Signature;

use super::elements::{Measured, SHEETS, check_areas, check_looks};
use super::expect::{Element, Line, Role, Sheet};
use super::measure::{MM, Maker, Rule, Run, same};
use super::{Area, Case, MARGINS, Margins, SINGLE, filler, plan, sheet};
use crate::support::papers::FORMS;

/// The lines of the signature block, from the authority to the name.
fn signature(sheet: &Sheet) -> Vec<&Line> {
    let roles = [Role::Authority, Role::OtherTitle, Role::SignerName];
    roles.into_iter().flat_map(|role| sheet.lines(role)).collect()
}

/// Checks the geometry of boxes 7 and 9b. Sizes in points.
fn check_closing(name: &str, sheet: &Sheet, margins: Margins, size: f64) {
    let maker = sheet.maker;
    let label = sheet.line(Role::RecipientsLabel);
    let area = Area::of(&sheet.pages[label.page], margins);
    let lines = signature(sheet);
    let first = lines[0];

    // PL1-II.9.d: level with the first line of the signature, flush left.
    assert_eq!(label.page, first.page, "{name}: the recipients start beside the signature");
    let level = label.runs[0].top() - first.runs[0].top();
    assert!(maker.within(level, 0.05), "{name}: `Nơi nhận:` is {level} off the signature block");
    assert!(maker.same(label.left, area.left), "{name}: `Nơi nhận:` starts at {}", label.left);
    let mut right = label.right;
    let mut above: Option<&Line> = None;
    for element in sheet.all(Role::Recipient) {
        for line in &element.lines {
            let flush = maker.same(line.left, area.left);
            assert!(flush, "{name}: `{}` at {}", line.text(), line.left);
            if let Some(above) = above.filter(|above| above.page == line.page) {
                let pitch = line.baseline - above.baseline;
                let single = maker.pitch(pitch, SINGLE * 11.0);
                assert!(single, "{name}: recipients have a pitch of {pitch}");
            }
            above = Some(line);
            right = right.max(line.right);
        }
    }

    // PL1-II.7: one column on the right, centred, in one piece.
    let middle = first.centre();
    assert!(middle > area.centre(), "{name}: the signature is in the right half");
    for line in &lines {
        let off = line.centre() - middle;
        assert!(maker.within(off, 0.5), "{name}: `{}` is {off} off the centre", line.text());
        assert!(line.left > right, "{name}: `{}` overlaps the recipients", line.text());
        assert_eq!(line.page, first.page, "{name}: the signature block is split");
    }
    for pair in sheet.lines(Role::Authority).windows(2) {
        let pitch = pair[1].baseline - pair[0].baseline;
        let single = maker.pitch(pitch, SINGLE * size);
        assert!(single, "{name}: authority lines have a pitch of {pitch}");
    }
    let title = sheet.lines(Role::Authority);
    let below = lines.get(title.len());
    if let Some(below) = below {
        let room = below.runs[0].top() - title[title.len() - 1].runs[0].bottom();
        assert!(room > 20.0 * MM, "{name}: {room} pt for the signature and the seal");
    }
    let body = body(sheet).flat_map(|element| &element.lines);
    let body = body.filter(|line| line.page == first.page);
    let lowest = body.map(|line| line.runs[0].bottom()).fold(f64::MIN, f64::max);
    assert!(first.runs[0].top() > lowest, "{name}: the signature is below the text");
}

/// The elements of the body, without the annexes.
fn body(sheet: &Sheet) -> impl Iterator<Item = &Element> {
    let text =
        |role: Role| role.flows() || [Role::Table, Role::Chart, Role::Centered].contains(&role);
    sheet.elements.iter().filter(move |element| element.part == 0 && text(element.role))
}

/// The lines of each signature block, from left to right.
fn signatures(sheet: &Sheet) -> Vec<Vec<&Line>> {
    let envelope = &sheet.document().envelope;
    let roles = [Role::Authority, Role::OtherTitle, Role::SignerName];
    let mut elements = sheet.elements.iter().filter(|element| roles.contains(&element.role));
    let all = envelope.signatures();
    let block = |signature: &Signature| {
        let (other, name) = (signature.other_title.is_some(), signature.name.is_some());
        let count = signature.title_lines().len() + usize::from(other) + usize::from(name);
        elements.by_ref().take(count).flat_map(|element| &element.lines).collect()
    };
    all.map(block).collect()
}

/// Checks several signatures side by side, and the recipients below them (Mẫu
/// 1.9).
fn check_row(name: &str, sheet: &Sheet, margins: Margins) {
    let maker = sheet.maker;
    let blocks = signatures(sheet);
    let first = blocks[0][0];
    let area = Area::of(&sheet.pages[first.page], margins);
    let mut right = area.left - 0.5;
    let mut lowest = f64::MIN;
    let envelope = &sheet.document().envelope;
    let all = envelope.signatures();
    for (block, signature) in blocks.iter().zip(all) {
        let level = maker.same(block[0].baseline, first.baseline);
        assert!(level, "{name}: first lines are level");
        let left = block.iter().map(|line| line.left).fold(f64::MAX, f64::min);
        assert!(left > right, "{name}: `{}` stands beside the others", block[0].text());
        for line in block {
            let off = line.centre() - block[0].centre();
            assert!(maker.within(off, 0.5), "{name}: `{}` is {off} off the centre", line.text());
            assert_eq!(line.page, first.page, "{name}: the signatures are on one page");
            right = right.max(line.right);
            lowest = lowest.max(line.runs[0].bottom());
        }
        if signature.name.is_some() || signature.other_title.is_some() {
            let rooms =
                block.windows(2).map(|pair| pair[1].runs[0].top() - pair[0].runs[0].bottom());
            let room = rooms.fold(0.0, f64::max);
            assert!(room > 20.0 * MM, "{name}: {room} pt for the signature");
        }
    }
    assert!(right < area.right + 0.5, "{name}: the signatures leave the margin");
    let label = sheet.line(Role::RecipientsLabel);
    assert!(label.page == first.page && label.runs[0].top() > lowest, "{name}: {label:#?}");
    for line in sheet.lines(Role::Recipient).into_iter().chain([label]) {
        let flush = maker.same(line.left, area.left);
        assert!(flush, "{name}: `{}` at {}", line.text(), line.left);
    }
    let above = body(sheet).flat_map(|element| &element.lines);
    let above = above.filter(|line| line.page == first.page);
    let above = above.map(|line| line.runs[0].bottom()).fold(f64::MIN, f64::max);
    assert!(first.runs[0].top() > above, "{name}: the signatures are below the text");
}

/// The end of the text crosses the bottom of a page, above two signatures and
/// above an address at the foot of the first page.
#[test]
fn signatures_of_every_form_stay_with_two_lines_of_text() {
    for form in ["test-two-signatures", "test-letter", "test-structure"] {
        let mut moved = 0;
        for count in 0..VALUES / 2 {
            let name = format!("{form} after {count} paragraphs");
            let lines: Vec<String> = (0..count).map(|at| format!("Dòng thứ {at}.")).collect();
            let data = json!({ "template": form, "paragraphs": lines });
            let sheet = Sheet::by(&FORMS, None, &data.to_string());
            check_areas(&name, &sheet, MARGINS);
            if sheet.document().envelope.co_signatures.is_empty() {
                check_closing(&name, &sheet, MARGINS, 14.0);
            } else {
                check_row(&name, &sheet, MARGINS);
            }
            let page = signature(&sheet)[0].page;
            let found = lines_with_signature(&sheet);
            assert!(found >= 2 || page == 0, "{name}: {found} lines of text above the signature");
            moved += usize::from(page > 0);
        }
        assert!(moved > 0, "{form}: the signature never went to the next page");
    }
}

#[test]
fn another_body_confirms_on_the_left_below_the_recipients() {
    let seen: usize = SHEETS.iter().map(check_confirmation).sum();
    assert!(seen > 0, "no document is confirmed");
}

/// Checks what another body confirms, and gives how many do.
pub fn check_confirmation(Measured { name, text, sheet, .. }: &Measured) -> usize {
    let words = sheet.lines(Role::Confirmation);
    let Some(first) = words.first() else { return 0 };
    let area = Area::of(&sheet.pages[first.page], text.margins);
    let all = [words.clone(), sheet.lines(Role::ConfirmationName)].concat();
    let middle = first.centre();
    assert!(middle < area.centre(), "{name}: Mẫu 1.10: on the left");
    for line in &all {
        let off = line.centre() - middle;
        assert!(sheet.maker.within(off, 0.5), "{name}: `{}` is {off} off", line.text());
        assert!(line.page == first.page && line.right < area.centre(), "{name}: {line:#?}");
    }
    for line in sheet.lines(Role::Recipient) {
        assert!(line.runs[0].bottom() < first.runs[0].top(), "{name}: {line:#?}");
    }
    1
}

#[test]
fn address_and_telephone_stand_at_the_foot_of_the_first_page() {
    let seen: usize = SHEETS.iter().map(check_contact).sum();
    assert!(seen > 0, "no document has an address");
}

/// Checks box 13, and gives how many there are.
pub fn check_contact(Measured { name, text, sheet, .. }: &Measured) -> usize {
    let maker = sheet.maker;
    let contact = sheet.lines(Role::Contact);
    let Some(last) = contact.last() else { return 0 };
    // PL1-III.4: on the first page, below a rule of the width of the text.
    let page = &sheet.pages[0];
    let area = Area::of(page, text.margins);
    assert!(contact.iter().all(|line| line.page == 0), "{name}: {contact:#?}");
    let unused = area.bottom - last.runs[0].bottom();
    assert!((-maker.hair()..3.0).contains(&unused), "{name}: {unused} pt below the last line");
    let top = contact[0].runs[0].top();
    let above = |rule: &&Rule| rule.horizontal() && (0.0..12.0).contains(&(top - rule.top));
    let rules: Vec<&Rule> = page.rules.iter().filter(above).collect();
    let [rule] = rules[..] else { panic!("{name}: one rule above: {rules:#?}") };
    let whole = maker.same(rule.left, area.left) && maker.same(rule.right, area.right);
    assert!(whole, "{name}: the rule has the width of the text: {rule:#?}");
    let mut others = page.runs.iter().filter(|run| run.top() < top);
    assert!(others.all(|run| run.bottom() < rule.top), "{name}: the text ends above the rule");
    1
}

/// How many lines of the body stand on the page with the signature.
fn lines_with_signature(sheet: &Sheet) -> usize {
    let page = signature(sheet)[0].page;
    let lines = body(sheet).flat_map(|element| &element.lines).filter(|line| line.page == page);
    let mut baselines: Vec<f64> = lines.map(|line| line.baseline).collect();
    baselines.sort_by(f64::total_cmp);
    baselines.dedup_by(|one, other| same(*one, *other));
    baselines.len()
}

#[test]
fn recipients_and_signatures_stand_side_by_side() {
    SHEETS.iter().for_each(check_end);
    let rows = SHEETS.iter().map(|measured| &measured.sheet.document().envelope.co_signatures);
    assert!(rows.filter(|row| !row.is_empty()).count() > 0, "no document has two signatures");
}

/// Checks boxes 7 and 9b of any document.
pub fn check_end(Measured { name, text, sheet, .. }: &Measured) {
    let document = sheet.document();
    if document.detached {
        assert!(signature(sheet).is_empty(), "{name}: an annex alone is not signed again");
        return;
    }
    if document.envelope.recipients.is_none() {
        // A checklist goes to nobody.
        return;
    }
    if document.envelope.co_signatures.is_empty() {
        check_closing(name, sheet, text.margins, text.size);
    } else {
        check_row(name, sheet, text.margins);
    }
    let lines = lines_with_signature(sheet);
    let alone = lines < 2 && signature(sheet)[0].page > 0;
    assert!(!alone, "{name}: {lines} lines of text above the signature");
}

pub fn authorities() -> Vec<Case> {
    let cases = [
        (json!({ "title": "Chủ tịch" }), vec!["CHỦ TỊCH"]),
        (
            json!({ "TM": "Ủy ban nhân dân", "title": "Chủ tịch" }),
            vec!["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"],
        ),
        (
            json!({ "KT": "Giám đốc", "title": "Phó Giám đốc" }),
            vec!["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"],
        ),
        (
            json!({ "TL": "Chủ tịch", "title": "Chánh Văn phòng" }),
            vec!["TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"],
        ),
        (
            json!({ "TUQ": "Giám đốc", "title": "Trưởng phòng Nghiệp vụ Y" }),
            vec!["TUQ. GIÁM ĐỐC", "TRƯỞNG PHÒNG NGHIỆP VỤ Y"],
        ),
        (json!({ "Q": true, "title": "Giám đốc" }), vec!["Q. GIÁM ĐỐC"]),
        (
            json!({ "TM": "Ủy ban nhân dân", "KT": "Chủ tịch", "title": "Phó Chủ tịch" }),
            vec!["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"],
        ),
        (
            json!({ "TL": "Chủ tịch", "KT": "Chánh Văn phòng", "title": "Phó Chánh Văn phòng" }),
            vec!["TL. CHỦ TỊCH", "KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"],
        ),
        (
            json!({ "TM": "Ban Chỉ đạo", "title": "Trưởng ban", "other_title": "Giám đốc Sở Y tế" }),
            vec!["TM. BAN CHỈ ĐẠO", "TRƯỞNG BAN"],
        ),
    ];
    let case = |(mut data, expected): (Value, Vec<&'static str>)| {
        data["name"] = "Nguyễn Văn Mẫu".into();
        let mut plan = plan();
        plan["signature"] = data;
        Case::new(expected.join(" / "), plan, move |name, sheet| {
            let printed: Vec<String> =
                sheet.lines(Role::Authority).iter().map(|line| line.text()).collect();
            assert_eq!(printed, expected);
            assert_eq!(sheet.line(Role::SignerName).text(), "Nguyễn Văn Mẫu");
            check_looks(name, sheet, 13.0, 14.0, 14.0);
            check_closing(name, sheet, MARGINS, 14.0);
            if let Some(other) = sheet.all(Role::OtherTitle).first() {
                let pitch = sheet.line(Role::SignerName).baseline - other.lines[0].baseline;
                let above = sheet.maker.pitch(pitch, SINGLE * 14.0);
                assert!(above, "{name}: the other post is above the name");
            }
        })
    };
    cases.map(case).into()
}

#[test]
fn every_form_of_authority_is_printed() {
    authorities().iter().for_each(Case::check);
}

pub fn unusual_signatures() -> Vec<Case> {
    let mut data = plan();
    data["signature"] = json!({ "KT": "Giám đốc", "title": "Phó Giám đốc" });
    let nameless = Case::new("no name", data, |name, sheet| {
        assert!(sheet.all(Role::SignerName).is_empty());
        check_closing(name, sheet, MARGINS, 14.0);
    });

    let mut data = plan();
    data["signature"] = json!({
        "TM": "Ban Chỉ đạo phòng, chống tội phạm, tệ nạn xã hội và xây dựng phong trào toàn dân",
        "KT": "Trưởng ban Ban Chỉ đạo phòng, chống tội phạm và tệ nạn xã hội",
        "title": "Phó Trưởng ban Thường trực Ban Chỉ đạo phòng, chống tội phạm",
        "other_title": "Phó Giám đốc Sở Lao động - Thương binh và Xã hội tỉnh Bà Rịa - Vũng Tàu",
        "name": "Công Tằng Tôn Nữ Thị Thương Thương",
    });
    let long = "Ủy ban Quốc gia phòng, chống AIDS và phòng, chống tệ nạn ma túy, mại dâm";
    data["recipients"]["paper"] = json!([
        { "name": long, "purpose": "để báo cáo và xin ý kiến chỉ đạo thực hiện", "copies": 12 },
        "Các phòng",
    ]);
    let long = Case::new("long titles", data, |name, sheet| {
        let lines = |role| sheet.lines(role).len();
        assert!(lines(Role::Authority) > 4 && lines(Role::Recipient) > 3, "{name}");
        check_areas(name, sheet, MARGINS);
        check_looks(name, sheet, 13.0, 14.0, 14.0);
        check_closing(name, sheet, MARGINS, 14.0);
    });
    vec![nameless, long]
}

#[test]
fn signatures_without_a_name_and_with_long_titles_keep_their_column() {
    unusual_signatures().iter().for_each(Case::check);
}

/// A body of so many one-line paragraphs and an ending, whose signature is to be in one
/// piece with at least two lines of text above it on its page.
fn ended(name: &str, count: usize, ending: &Value) -> Case {
    let mut data = plan();
    let lines: Vec<Value> = (0..count).map(|at| format!("Dòng thứ {at}.").into()).collect();
    data["sections"] = json!([{ "title": "Nội dung", "content": lines }]);
    // More recipients than the signature block has lines, so that a split shows.
    let names: Vec<String> = (1..=15).map(|at| format!("Cơ quan thứ {at}")).collect();
    data["recipients"]["paper"] = json!(names);
    for (key, value) in ending.as_object().unwrap() {
        match (&mut data[key], value) {
            (Value::Array(list), Value::Array(more)) => list.extend(more.clone()),
            (old, value) => *old = value.clone(),
        }
    }
    Case::new(format!("{name} after {count} lines"), data, |name, sheet| {
        check_closing(name, sheet, MARGINS, 14.0);
        let closing = [sheet.lines(Role::RecipientsLabel), sheet.lines(Role::Recipient)].concat();
        let page = signature(sheet)[0].page;
        assert!(closing.iter().all(|line| line.page == page), "{name}: the recipients are split");
        // LibreOffice does not keep two paragraphs with what follows them where the first
        // ends with its page.
        let least = if sheet.maker == Maker::Program { 2 } else { 1 };
        let found = lines_with_signature(sheet);
        assert!(found >= least, "{name}: {found} lines of text above the signature on page {page}");
    })
}

/// Lets the end of the body cross the bottom of a page.
fn sweep(ending: Ending) {
    let (name, ending) = ending();
    let mut moved = 0;
    for count in 0..VALUES {
        let case = ended(name, count, &ending);
        let sheet = sheet(&case.data);
        (case.check)(&case.name, &sheet);
        moved += usize::from(signature(&sheet)[0].page > 0);
    }
    assert!(0 < moved && moved < VALUES, "{name}: {moved} of {VALUES} went to the next page");
}

const VALUES: usize = 40;

/// A name and data.
type Ending = fn() -> (&'static str, Value);

fn long_paragraph() -> (&'static str, Value) {
    ("a long paragraph", json!({ "closing": filler(90) }))
}

fn short_paragraph() -> (&'static str, Value) {
    ("a short paragraph", json!({ "closing": "Trên đây là Kế hoạch của Ủy ban" }))
}

fn two_paragraphs() -> (&'static str, Value) {
    let closing = json!([filler(60), "Trên đây là Kế hoạch của Ủy ban"]);
    ("a long and a short paragraph", json!({ "closing": closing }))
}

fn items() -> (&'static str, Value) {
    let items = ["Hằng tháng", "Hằng quý", "Hằng năm"];
    ("items", json!({ "reporting": { "title": "Chế độ báo cáo", "items": items } }))
}

fn long_item() -> (&'static str, Value) {
    let items = json!(["Hằng tháng", filler(60), "Hằng năm"]);
    let reporting = json!({ "title": "Chế độ báo cáo", "items": items });
    ("a long and a short item", json!({ "reporting": reporting }))
}

fn heading_and_item() -> (&'static str, Value) {
    let agency = json!({ "agency": "Công an xã", "duties": ["Chủ trì"] });
    ("a heading and an item", json!({ "assignments": { "agencies": [agency] } }))
}

fn heading_and_text() -> (&'static str, Value) {
    let last = json!({ "title": "Hiệu lực", "text": "Kế hoạch này có hiệu lực từ ngày ký" });
    ("a heading and a text", json!({ "sections": [last] }))
}

fn table() -> (&'static str, Value) {
    let rows = json!([
        { "task": "Tuyên truyền", "time": "Quý I" },
        { "task": "Kiểm tra", "time": "Quý II" },
        { "task": "Tổng kết", "time": "Quý IV" },
    ]);
    ("a table", json!({ "schedule": { "rows": rows } }))
}

/// All endings, each with some bodies of which the end is near that of a page.
pub fn endings() -> Vec<Case> {
    let endings: [Ending; 8] = [
        long_paragraph,
        short_paragraph,
        two_paragraphs,
        items,
        long_item,
        heading_and_item,
        heading_and_text,
        table,
    ];
    let case = |ending: Ending, count| {
        let (name, ending) = ending();
        ended(name, count, &ending)
    };
    endings.iter().flat_map(|one| (6..22).step_by(2).map(|count| case(*one, count))).collect()
}

#[test]
fn the_signature_is_not_alone_after_a_long_paragraph() {
    sweep(long_paragraph);
}

#[test]
fn the_signature_is_not_alone_after_a_short_paragraph() {
    sweep(short_paragraph);
}

#[test]
fn the_signature_is_not_alone_after_a_long_and_a_short_paragraph() {
    sweep(two_paragraphs);
}

#[test]
fn the_signature_is_not_alone_after_items() {
    sweep(items);
    sweep(long_item);
}

#[test]
fn the_signature_is_not_alone_after_a_heading_and_a_line() {
    sweep(heading_and_item);
}

#[test]
fn the_signature_is_not_alone_after_a_heading_and_a_text() {
    sweep(heading_and_text);
}

#[test]
fn the_signature_is_not_alone_after_a_table() {
    sweep(table);
}

#[test]
fn the_signature_stands_below_a_section_of_one_text() {
    let mut data = plan();
    data["sections"] = json!([{ "title": "Mục đích", "text": filler(10) }]);
    check_closing("a title and a text", &sheet(&data), MARGINS, 14.0);
}

#[test]
fn a_long_last_paragraph_fills_the_page_before_the_signature() {
    for lines in [0, 4, 8] {
        let mut data = plan();
        let lines: Vec<Value> = (0..lines).map(|at| format!("Dòng thứ {at}.").into()).collect();
        data["sections"] = json!([{ "title": "Nội dung", "content": lines }]);
        data["closing"] = filler(300).into();
        let sheet = sheet(&data);
        assert!(signature(&sheet)[0].page > 0, "the text is too short for this test");
        check_closing("a long paragraph", &sheet, MARGINS, 14.0);
        let first = &sheet.pages[0];
        let lowest = first.runs.iter().map(Run::bottom).fold(f64::MIN, f64::max);
        let unused = Area::of(first, MARGINS).bottom - lowest;
        assert!(unused < 100.0, "{unused} pt of the first page are left empty");
    }
}

pub fn many_recipients() -> Vec<Case> {
    let mut data = plan();
    let names: Vec<String> = (1..=80).map(|at| format!("Cơ quan thứ {at} của tỉnh")).collect();
    data["recipients"]["paper"] = json!(names);
    data["sections"][0]["content"] = json!([filler(40), filler(40)]);
    let case = Case::new("80 recipients", data, |name, sheet| {
        check_areas(name, sheet, MARGINS);
        check_looks(name, sheet, 13.0, 14.0, 14.0);
        check_closing(name, sheet, MARGINS, 14.0);
        let printed: Vec<String> =
            sheet.all(Role::Recipient).iter().map(|element| element.lines[0].text()).collect();
        assert_eq!(printed.len(), 81);
        assert_eq!(printed[0], "- Cơ quan thứ 1 của tỉnh;");
        assert_eq!(printed[79], "- Cơ quan thứ 80 của tỉnh;");
        assert_eq!(printed[80], "- Lưu: VT, CAX.");
        let lines = lines_with_signature(sheet);
        assert!(lines >= 2, "{lines} lines of text above the signature");
        assert!(sheet.pages.len() <= 3, "{} pages", sheet.pages.len());
    });
    vec![case]
}

#[test]
fn eighty_recipients_run_over_pages_beside_one_signature() {
    many_recipients().iter().for_each(Case::check);
}

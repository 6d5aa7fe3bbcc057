//! Boxes 1 to 5 and the marks: agency names, Quốc hiệu, number, date, title.

use serde_json::{Value, json};
use vanban::block::Heading;

use super::elements::{Measured, SHEETS, check_areas, check_looks};
use super::expect::{Element, Line, Role, Sheet};
use super::measure::{MM, Page, Rule, same};
use super::{Area, Case, Margins, SINGLE, SIZE_SETS, filler, longest, plan, rule_below, sheet};

/// Checks the geometry of boxes 1 to 4 of the document (part 0) or of the
/// regulation that is its n-th annex. `names` is the size of agency names.
fn check_header(name: &str, sheet: &Sheet, margins: Margins, names: f64) {
    check_header_of(0, name, sheet, margins, names);
}

pub fn check_header_of(part: usize, name: &str, sheet: &Sheet, margins: Margins, names: f64) {
    let maker = sheet.maker;
    let one = |role| {
        let lines = sheet.lines_of(part, role);
        assert!(lines.len() < 2, "{name}: {role:?} is one line: {lines:#?}");
        lines.first().copied()
    };
    // One line each, whatever stands beside them.
    let nation = one(Role::Nation).unwrap();
    let motto = one(Role::Motto).unwrap();
    let number = one(Role::Number);
    let date = one(Role::PlaceDate);
    let page = &sheet.pages[nation.page];
    let area = Area::of(page, margins);
    let issuer = sheet.lines_of(part, Role::Issuer);
    let agencies = [sheet.lines_of(part, Role::Superior), issuer.clone()].concat();

    assert!(maker.same(nation.runs[0].top(), area.top), "{name}: the header starts the page");
    let level = maker.pitch(nation.baseline, agencies[0].baseline);
    assert!(level, "{name}: both columns start level");
    for pair in agencies.windows(2) {
        let pitch = pair[1].baseline - pair[0].baseline;
        assert!(maker.pitch(pitch, SINGLE * names), "{name}: agency lines have a pitch of {pitch}");
    }
    let pitch = motto.baseline - nation.baseline;
    let single = SINGLE * names - maker.hair()..SINGLE * (names + 1.0) + maker.hair();
    assert!(single.contains(&pitch), "{name}: Tiêu ngữ stands {pitch} below Quốc hiệu");
    if let (Some(number), Some(date)) = (number, date) {
        assert!(
            maker.pitch(number.baseline, date.baseline),
            "{name}: PL1-II.4: number at {} and date at {} are on one line",
            number.baseline,
            date.baseline
        );
    }

    let left = agencies.iter().copied().chain(number).collect::<Vec<_>>();
    let right = [nation, motto].into_iter().chain(date).collect::<Vec<_>>();
    for (lines, centre) in [(&left, left[0].centre()), (&right, nation.centre())] {
        // A gap at either end of a date is not seen.
        let whole = |line: &&&Line| !line.text().starts_with(',') && !line.text().ends_with("năm");
        for line in lines.iter().filter(whole) {
            let off = line.centre() - centre;
            assert!(maker.within(off, 0.5), "{name}: `{}` is {off} off the centre", line.text());
        }
    }
    let edge = left.iter().map(|line| line.right).fold(f64::MIN, f64::max);
    for line in &right {
        let gap = line.left - edge;
        assert!(gap > 2.0 * MM, "{name}: {gap} pt from the left column to `{}`", line.text());
    }
    for line in left.iter().chain(&right) {
        assert!(
            line.left > area.left - maker.hair() && line.right < area.right + 0.5,
            "{name}: `{}` leaves the margins",
            line.text()
        );
    }
    check_header_rules(name, sheet, &issuer, motto, number);
}

/// Checks the rules under Tiêu ngữ (PL1-II.1) and the issuer (PL1-II.2).
fn check_header_rules(
    name: &str,
    sheet: &Sheet,
    issuer: &[&Line],
    motto: &Line,
    number: Option<&Line>,
) {
    let (maker, page) = (sheet.maker, &sheet.pages[motto.page]);
    let rule = rule_below(page, &[motto]);
    assert!(
        maker.within(rule.length() - motto.width(), 0.5),
        "{name}: the rule under Tiêu ngữ has {} for {}",
        rule.length(),
        motto.width()
    );
    assert!(maker.within(rule.centre() - motto.centre(), 0.5), "{name}: it is centred");
    let rule = rule_below(page, issuer);
    let share = rule.length() / longest(issuer);
    assert!(
        (0.332..0.502).contains(&share),
        "{name}: the rule under the issuer has {share} of the longest line"
    );
    assert!(maker.within(rule.centre() - issuer[0].centre(), 0.5), "{name}: it is centred");
    if let Some(number) = number {
        assert!(number.runs[0].top() > rule.top, "{name}: the number is below the rule");
    }
}

/// Checks box 5a: kind, subject and rule (PL1-II.5). Giấy giới thiệu and giấy
/// nghỉ phép have no subject: the rule is below the kind (Mẫu 1.8, 1.10).
fn check_title(name: &str, sheet: &Sheet, margins: Margins) {
    let maker = sheet.maker;
    let page = &sheet.pages[0];
    let area = Area::of(page, margins);
    let kind = sheet.lines_of(0, Role::Kind)[0];
    let subject = sheet.lines_of(0, Role::Subject);
    for above in [Role::Issuer, Role::Number, Role::Urgency, Role::Motto] {
        for line in sheet.lines_of(0, above) {
            assert!(kind.runs[0].top() > line.runs[0].bottom(), "{name}: {line:#?}");
        }
    }
    let mut above = kind.baseline;
    for line in [vec![kind], subject.clone()].concat() {
        let off = line.centre() - area.centre();
        assert!(maker.within(off, 0.5), "{name}: `{}` is {off} off the centre", line.text());
    }
    for line in &subject {
        let pitch = (line.baseline - above) / line.runs[0].size;
        assert!((SINGLE - 0.01..1.5).contains(&pitch), "{name}: subject at {pitch} em");
        above = line.baseline;
    }
    let ruled = if subject.is_empty() { vec![kind] } else { subject };
    let rule = rule_below(page, &ruled);
    let share = rule.length() / longest(&ruled);
    assert!((0.332..0.502).contains(&share), "{name}: the rule has {share} of the subject");
    assert!(maker.within(rule.centre() - area.centre(), 0.5), "{name}: it is centred");
}

#[test]
fn headers_are_laid_out_as_the_decree_asks() {
    SHEETS.iter().for_each(check_head);
    let about = |one: &Measured| !one.sheet.lines(Role::AboutLine).is_empty();
    assert!(SHEETS.iter().any(about), "no document has its subject below the number");
}

/// Checks boxes 1 to 5 of any document.
pub fn check_head(Measured { name, names, text, sheet, .. }: &Measured) {
    let document = sheet.document();
    if document.detached {
        return;
    }
    check_header(name, sheet, text.margins, *names);
    match document.envelope.heading {
        Heading::Named => check_title(name, sheet, text.margins),
        Heading::About => check_about(name, sheet),
    }
}

/// Checks box 5b: the subject of a công văn is centred below the number, 6 pt
/// from it, without a rule (PL1-II.5.b).
fn check_about(name: &str, sheet: &Sheet) {
    let maker = sheet.maker;
    let lines = sheet.lines(Role::AboutLine);
    let number = sheet.line(Role::Number);
    let gap = lines[0].runs[0].top() - number.runs[0].bottom();
    assert!(maker.within(gap - 6.0, 0.1), "{name}: PL1-II.5.b: V/v is {gap} pt below the number");
    for line in &lines {
        let off = line.centre() - number.centre();
        assert!(maker.within(off, 0.5), "{name}: `{}` is {off} off the number", line.text());
        let right = sheet.line(Role::Nation).left;
        assert!(line.right < right, "{name}: `{}` leaves its column", line.text());
    }
    for pair in lines.windows(2) {
        let pitch = pair[1].baseline - pair[0].baseline;
        let single = SINGLE * lines[0].runs[0].size;
        assert!(maker.pitch(pitch, single), "{name}: a pitch of {pitch}");
    }
    let bottom = lines.last().unwrap().runs[0].bottom();
    let near = |rule: &&Rule| {
        rule.black() && rule.horizontal() && (0.0..12.0).contains(&(rule.top - bottom))
    };
    assert_eq!(sheet.pages[0].rules.iter().find(near).map(Rule::length), None, "{name}");
}

#[test]
fn addressees_stand_below_the_header() {
    let (mut single, mut several) = (0, 0);
    for measured in SHEETS.iter() {
        check_addressed(measured);
        match measured.sheet.all(Role::Addressee).len() {
            0 => {}
            1 => single += 1,
            _ => several += 1,
        }
    }
    assert!(single > 0 && several > 0, "{single} documents have one addressee, {several} more");
}

pub fn check_addressed(Measured { name, text, sheet, .. }: &Measured) {
    let names = sheet.all(Role::Addressee);
    if !names.is_empty() {
        check_addressees(name, sheet, text.margins, &names);
    }
}

/// Checks box 9a (PL1-II.9.c): one addressee on the line of the colon, several
/// on lines of their own, their dashes in one column under the colon.
fn check_addressees(name: &str, sheet: &Sheet, margins: Margins, names: &[&Element]) {
    let maker = sheet.maker;
    let lead = sheet.line(Role::AddressLead);
    let area = Area::of(&sheet.pages[0], margins);
    for line in names.iter().flat_map(|name| &name.lines) {
        let right = line.right < area.right + 0.5;
        assert!(line.page == lead.page && line.left > area.left && right, "{name}: {line:#?}");
    }
    let header = [Role::Number, Role::PlaceDate, Role::AboutLine, Role::Subject, Role::Urgency];
    for line in header.iter().flat_map(|role| sheet.lines(*role)) {
        assert!(lead.runs[0].top() > line.runs[0].bottom(), "{name}: below `{}`", line.text());
    }
    let start = names[0].lines[0].left;
    if let [one] = names {
        assert!(
            maker.pitch(one.lines[0].baseline, lead.baseline),
            "{name}: on the line of the colon"
        );
        let space = one.lines[0].left - lead.right;
        assert!((1.0..8.0).contains(&space), "{name}: {space} pt after the colon");
        for line in &one.lines {
            assert!(maker.same(line.left, start), "{name}: `{}` is not aligned", line.text());
        }
        return;
    }
    let mut above = lead.baseline;
    for addressee in names {
        let first = &addressee.lines[0];
        assert!(maker.same(first.left, start), "{name}: the dash of `{}` at {start}", first.text());
        assert!(first.baseline > above, "{name}: `{}` has a line of its own", first.text());
        above = addressee.lines.last().unwrap().baseline;
        for line in &addressee.lines[1..] {
            assert!(line.left > start + 3.0, "{name}: `{}` stands under the words", line.text());
        }
    }
    // Long lead words may be longer than the room beside them.
    if lead.text() == "Kính gửi:" {
        let off = start - lead.right;
        assert!(off.abs() < 6.0, "{name}: the dashes stand {off} pt beside the colon");
    }
}

/// A plan in a size set and with other margins on the left and right.
fn plan_of(sizes: &str, left: u32, right: u32) -> (Value, Margins) {
    let mut data = plan();
    data["layout"] = json!({ "sizes": sizes, "margins": { "left": left, "right": right } });
    (data, [20.0, 20.0, f64::from(left), f64::from(right)])
}

/// Data in both size sets and with narrow and wide margins, whose header and title are
/// to be checked.
fn in_all_widths(name: &str, change: impl Fn(&mut Value)) -> Vec<Case> {
    let mut cases = Vec::new();
    for (sizes, names, motto) in SIZE_SETS {
        for (left, right) in [(30, 15), (30, 20), (35, 15), (35, 20)] {
            let name = format!("{name}, {sizes}, margins {left} and {right}");
            let (mut data, margins) = plan_of(sizes, left, right);
            change(&mut data);
            cases.push(Case::new(name, data, move |name, sheet| {
                check_looks(name, sheet, names, motto, 14.0);
                check_areas(name, sheet, margins);
                check_header(name, sheet, margins, names);
                check_title(name, sheet, margins);
            }));
        }
    }
    cases
}

pub fn four_lines() -> Vec<Case> {
    in_all_widths("four lines", |data| {
        data["issuer"]["superior"] =
            "ỦY BAN NHÂN DÂN\nTỈNH BÀ RỊA - VŨNG TÀU\nSỞ LAO ĐỘNG -\nTHƯƠNG BINH VÀ XÃ HỘI".into();
        data["issuer"]["name"] =
            "TRUNG TÂM\nPHỤC VỤ HÀNH CHÍNH CÔNG\nVÀ HỖ TRỢ\nDOANH NGHIỆP".into();
    })
}

#[test]
fn agency_names_may_have_four_lines_each() {
    four_lines().iter().for_each(Case::check);
}

pub fn long_names() -> Vec<Case> {
    in_all_widths("long names", |data| {
        data["issuer"]["superior"] =
            "Bộ Lao động - Thương binh và Xã hội nước Cộng hòa xã hội chủ nghĩa Việt Nam".into();
        data["issuer"]["name"] =
            "Ban Chỉ đạo phòng, chống tội phạm, phòng, chống ma túy, mại dâm, \
            mua bán người và xây dựng phong trào toàn dân bảo vệ an ninh Tổ quốc"
                .into();
    })
}

#[test]
fn long_agency_names_wrap_within_their_column() {
    long_names().iter().for_each(Case::check);
}

pub fn long_dates() -> Vec<Case> {
    let date = |data: &mut Value| {
        data["place"] = "Thành phố Hồ Chí Minh".into();
        data["date"] = "29/12/2026".into();
    };
    let mut cases = in_all_widths("Thành phố Hồ Chí Minh", |data| {
        data["issuer"]["name"] = "ỦY BAN NHÂN DÂN\nTHÀNH PHỐ HỒ CHÍ MINH".into();
        date(data);
    });
    cases.extend(in_all_widths("Thành phố Hồ Chí Minh, long names", |data| {
        data["issuer"]["superior"] = "ỦY BAN NHÂN DÂN THÀNH PHỐ HỒ CHÍ MINH".into();
        data["issuer"]["name"] = "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG".into();
        date(data);
    }));
    cases
}

#[test]
fn the_longest_date_and_quoc_hieu_stay_on_one_line() {
    long_dates().iter().for_each(Case::check);
}

pub fn symbols() -> Vec<Case> {
    in_all_widths("symbol", |data| {
        data["number"] = 1234.into();
        data["issuer"]["symbol"] = "SLĐTBXH".into();
    })
}

#[test]
fn a_symbol_that_fits_its_column_is_centred_in_it() {
    symbols().iter().for_each(Case::check);
}

pub fn wide_numbers() -> Vec<Case> {
    let mut cases = Vec::new();
    for (sizes, ..) in SIZE_SETS {
        for (left, right) in [(30, 15), (35, 20)] {
            let name = format!("wide number, {sizes}, margins {left} and {right}");
            let (mut data, margins) = plan_of(sizes, left, right);
            data["number"] = 1234.into();
            data["issuer"]["symbol"] = "SLĐTBXH-PCTNXH".into();
            cases.push(Case::new(name, data, move |name, sheet| {
                check_areas(name, sheet, margins);
                let (number, date) = (sheet.line(Role::Number), sheet.line(Role::PlaceDate));
                let level = sheet.maker.pitch(number.baseline, date.baseline);
                assert!(level, "{name}: one line");
                let gap = date.left - number.right;
                assert!(gap > 2.0 * MM, "{name}: {gap} pt between number and date");
            }));
        }
    }
    cases
}

#[test]
fn a_number_wider_than_its_column_stays_beside_the_date() {
    wide_numbers().iter().for_each(Case::check);
}

#[test]
fn a_number_and_a_date_that_are_not_known_leave_gaps() {
    for (sizes, names, _) in SIZE_SETS {
        let (mut data, margins) = plan_of(sizes, 30, 20);
        data["number"] = Value::Null;
        data["date"] = 2026.into();
        data.as_object_mut().unwrap().remove("number");
        let some = sheet(&data);
        check_header(sizes, &some, margins, names);
        assert_eq!(gaps(some.line(Role::Number)), ["Số:", "/KH-UBND"]);
        assert_eq!(gaps(some.line(Role::PlaceDate)), ["Định Mỹ, ngày", "tháng", "năm 2026"]);

        data.as_object_mut().unwrap().remove("date");
        data.as_object_mut().unwrap().remove("place");
        let none = sheet(&data);
        check_header(sizes, &none, margins, names);
        assert_eq!(gaps(none.line(Role::PlaceDate)), [", ngày", "tháng", "năm"]);
        let centre = none.line(Role::Nation).centre();
        let date = none.line(Role::PlaceDate);
        assert!(date.left < centre && centre < date.right, "{sizes}: {date:#?}");
    }
}

/// The parts of a line between gaps that a hand can write into.
pub fn gaps(line: &Line) -> Vec<&str> {
    for pair in line.runs.windows(2) {
        let gap = (pair[1].left - pair[0].right) / MM;
        assert!(gap >= 8.0, "a gap of {gap} mm in `{}`", line.text());
    }
    line.runs.iter().map(|run| run.text.as_str()).collect()
}

pub fn urgency() -> Vec<Case> {
    let mut cases = Vec::new();
    for (mark, width) in [("HỎA TỐC", 30.0), ("THƯỢNG KHẨN", 40.0), ("KHẨN", 20.0)] {
        for (sizes, names, motto) in SIZE_SETS {
            let (mut data, margins) = plan_of(sizes, 30, 20);
            data["marks"]["urgency"] = mark.into();
            cases.push(Case::new(format!("{mark}, {sizes}"), data, move |name, sheet| {
                check_looks(name, sheet, names, motto, 14.0);
                check_areas(name, sheet, margins);
                check_header(name, sheet, margins, names);
                check_urgency(name, sheet, width);
            }));
        }
    }
    cases
}

/// Checks box 10b.
fn check_urgency(name: &str, sheet: &Sheet, width: f64) {
    let frames: Vec<&Rule> = sheet.pages[0].rules.iter().filter(|rule| !rule.black()).collect();
    let [frame] = frames[..] else { panic!("{name}: one red frame: {frames:#?}") };
    let size = (frame.length() / MM, (frame.bottom - frame.top) / MM);
    let exact = sheet.maker.hair() / MM;
    assert!(
        (size.0 - width).abs() < exact.max(0.05) && (size.1 - 8.0).abs() < exact.max(0.05),
        "{name}: PL1-III.2.b: the frame has {size:?} mm"
    );
    let line = sheet.line(Role::Urgency);
    for colour in [&frame.colour, &line.runs[0].colour] {
        assert!(
            matches!(colour[..], [r, g, b] if r > 0.85 && g < 0.1 && b < 0.1),
            "{name}: bright red: {colour:?}"
        );
    }
    let run = &line.runs[0];
    assert!(run.left > frame.left && run.right < frame.right, "{name}");
    assert!(run.top() > frame.top && run.bottom() < frame.bottom, "{name}");
    let off = run.centre() - frame.centre();
    assert!(sheet.maker.within(off, 0.5), "{name}: centred in the frame");
    // Box 10b: below number and symbol, above the title, in the left column.
    assert!(frame.top > sheet.line(Role::Number).runs[0].bottom(), "{name}");
    assert!(frame.bottom < sheet.line(Role::Kind).runs[0].top(), "{name}");
    assert!(frame.right < sheet.line(Role::Nation).left + 5.0 * MM, "{name}");
}

#[test]
fn marks_of_urgency_are_red_and_have_the_prescribed_frames() {
    urgency().iter().for_each(Case::check);
}

pub fn margin_marks() -> Vec<Case> {
    let mut cases = Vec::new();
    for (sizes, _, motto) in SIZE_SETS {
        for (top, circulation) in [(20, "XEM XONG TRẢ LẠI"), (25, "LƯU HÀNH NỘI BỘ")] {
            let name = format!("{circulation}, {sizes}, {top} mm");
            let (mut data, mut margins) = plan_of(sizes, 30, 20);
            margins[0] = f64::from(top);
            data["layout"]["margins"]["top"] = top.into();
            data["sections"][0]["content"] = json!([filler(1500)]);
            data.as_object_mut().unwrap().remove("number");
            data["marks"] = json!({ "draft": true, "circulation": circulation });
            cases.push(Case::new(name, data, move |name, sheet| {
                check_areas(name, sheet, margins);
                check_margin_marks(name, sheet, margins, motto, circulation);
            }));
        }
    }
    cases
}

/// Checks box 11 beside the mark of a draft.
fn check_margin_marks(name: &str, sheet: &Sheet, margins: Margins, motto: f64, words: &str) {
    let area = Area::of(&sheet.pages[0], margins);
    let above = |page: &Page| {
        let runs = page.runs.iter().filter(|run| run.bottom() <= area.top);
        runs.cloned().collect::<Vec<_>>()
    };
    let marks = above(&sheet.pages[0]);
    let texts: Vec<&str> = marks.iter().map(|run| run.text.as_str()).collect();
    assert_eq!(texts, ["DỰ THẢO", words], "{name}");
    assert_eq!(above(&sheet.pages[1]).len(), 1, "{name}: the number alone");
    let frames = sheet.pages[0].rules.iter().filter(|rule| rule.top < area.top);
    let mut frames: Vec<&Rule> = frames.collect();
    frames.sort_by(|one, other| one.left.total_cmp(&other.left));
    assert_eq!(frames.len(), 2, "{name}: {frames:#?}");
    for (run, frame) in marks.iter().zip(&frames) {
        assert!(run.bold() && !run.italic() && run.black(), "{name}: PL1-V.13: {run:#?}");
        assert!(same(run.size, motto), "{name}: {run:#?}");
        assert!(run.left > frame.left && run.right < frame.right, "{name}: {frame:#?}");
        assert!(frame.top > 0.0 && frame.bottom < area.top, "{name}: {frame:#?}");
        assert!(frame.black(), "{name}: {frame:#?}");
    }
    assert!(frames[0].right < frames[1].left, "{name}: the frames do not overlap");
    let off = frames[1].right - area.right;
    assert!(sheet.maker.within(off, 1.0), "{name}: on the right");
}

#[test]
fn circulation_and_draft_are_framed_in_the_top_margin_of_the_first_page() {
    margin_marks().iter().for_each(Case::check);
}

/// A place may be as long as the schema allows.
#[test]
fn a_long_place_leaves_room_for_the_agency() {
    for (sizes, ..) in SIZE_SETS {
        let (mut data, margins) = plan_of(sizes, 35, 20);
        data["place"] = "Thành phố Ví Dụ Có Tên Thật Dài Để Thử Phần Đầu Của Văn Bản".into();
        let sheet = super::sheet(&data);
        check_areas(sizes, &sheet, margins);
        let area = Area::of(&sheet.pages[0], margins);
        let nation = sheet.line(Role::Nation);
        for issuer in sheet.lines(Role::Issuer) {
            assert!(issuer.left > area.left - 0.5, "{sizes}: {}", issuer.text());
            assert!(issuer.right < nation.left, "{sizes}: the columns stand side by side");
        }
    }
}

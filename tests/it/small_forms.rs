//! The small forms, Mẫu 1.6 to 1.10: their prescribed words, and what is special
//! in their layout, measured in the PDF.

use serde_json::{Value, json};

use super::layout::measure::{MM, Page, Rule, Run, measure, same};
use super::support::{RENDERER, codes_of, pdf_of, text_of};

/// The templates and the codes of their kinds.
const FORMS: [(&str, &str); 5] = [
    ("cong-dien", "CĐ"),
    ("giay-moi", "GM"),
    ("giay-gioi-thieu", "GGT"),
    ("bien-ban", "BB"),
    ("giay-nghi-phep", "GNP"),
];

/// The left edge of the text, and its centre.
const LEFT: f64 = 30.0 * MM;
const CENTRE: f64 = (30.0 + 80.0) * MM;

/// The least data of a form with some values added.
fn form(id: &str, values: &Value) -> Value {
    let mut data = json!({
        "template": id,
        "issuer": { "name": "ỦY BAN NHÂN DÂN\nXÃ ĐỊNH MỸ", "symbol": "UBND", "name_in_text": "Ủy ban nhân dân xã Định Mỹ" },
    });
    if id != "bien-ban" {
        data["signature"] = json!({ "title": "Chủ tịch", "name": "Nguyễn Văn Ví Dụ" });
    }
    for (key, value) in values.as_object().unwrap() {
        data[key] = value.clone();
    }
    data
}

fn text(id: &str, values: &Value) -> String {
    text_of(&form(id, values).to_string())
}

fn pages(id: &str, values: &Value) -> Vec<Page> {
    measure(&pdf_of(&form(id, values).to_string()))
}

/// The first page of a sample.
fn sample(id: &str, full: bool) -> Page {
    let sample = RENDERER.catalog().template(id).unwrap().sample(full);
    measure(&pdf_of(sample)).remove(0)
}

/// The first run that starts with these words.
fn run<'a>(page: &'a Page, words: &str) -> &'a Run {
    let found = page.runs.iter().find(|run| run.text.starts_with(words));
    found.unwrap_or_else(|| panic!("no `{words}` in {:#?}", texts(page)))
}

fn texts(page: &Page) -> Vec<&str> {
    page.runs.iter().map(|run| run.text.as_str()).collect()
}

/// The short rules in the middle of the page, below a height.
fn middle_rules(page: &Page, below: f64) -> Vec<&Rule> {
    let rules = page.rules.iter().filter(|rule| rule.horizontal() && rule.top > below);
    rules.filter(|rule| (rule.centre() - CENTRE).abs() < 1.0 && rule.length() < 300.0).collect()
}

#[test]
fn a_form_without_values_has_the_prescribed_words_and_room_to_write() {
    const DOTS: &str = "……………";
    let cases: [(&str, &[&str]); 5] = [
        ("cong-dien", &["CÔNG ĐIỆN", "Ủy ban nhân dân xã Định Mỹ điện:", "- ……………………………………;"]),
        (
            "giay-moi",
            &[
                "GIẤY MỜI",
                "Ủy ban nhân dân xã Định Mỹ trân trọng kính mời: ……………",
                "Tới dự …………… ……………",
                "Chủ trì: ……………",
                "Thời gian: ……………",
                "Địa điểm: ……………",
                "…………… ……………./.",
            ],
        ),
        (
            "giay-gioi-thieu",
            &[
                "GIẤY GIỚI THIỆU",
                "Ủy ban nhân dân xã Định Mỹ trân trọng giới thiệu:",
                "Ông (bà) ……………",
                "Chức vụ: ……………",
                "Được cử đến: ……………",
                "Về việc: …………… ……………",
                "Đề nghị Quý cơ quan tạo điều kiện để ông (bà) có tên ở trên hoàn thành nhiệm vụ.",
                "Giấy này có giá trị đến hết ngày ……………./.",
                "- Như trên;",
                "- Lưu: VT.",
            ],
        ),
        (
            "bien-ban",
            &[
                "BIÊN BẢN",
                "Thời gian bắt đầu: ……………",
                "Địa điểm: ……………",
                "Thành phần tham dự: …………… ……………",
                "Chủ trì (chủ tọa): ……………",
                "Thư ký (người ghi biên bản): ……………",
                "Nội dung (theo diễn biến cuộc họp/hội nghị/hội thảo): …………… …………… …………… …………… …………… …………… …………… ……………",
                "Cuộc họp (hội nghị, hội thảo) kết thúc vào ....... giờ ......., ngày ....... tháng ....... năm ......../.",
                "- Lưu: VT, Hồ sơ.",
                "THƯ KÝ",
                "CHỦ TỌA",
            ],
        ),
        (
            "giay-nghi-phep",
            &[
                "GIẤY NGHỈ PHÉP",
                "Xét Đơn đề nghị nghỉ phép ngày ........................ của ông (bà) …………… Ủy ban nhân dân xã Định Mỹ cấp cho:",
                "Ông (bà): ……………",
                "Chức vụ: ……………",
                "Số ngày nghỉ phép nêu trên được tính vào thời gian ……………./.",
                "Xác nhận của cơ quan (tổ chức) hoặc chính quyền địa phương nơi nghỉ phép (nếu cần)",
            ],
        ),
    ];
    for (id, lines) in cases {
        let data = form(id, &json!({}));
        assert_eq!(codes_of(&data.to_string()), Vec::<&str>::new(), "{id}");
        let printed = text_of(&data.to_string());
        for line in lines {
            let found = printed.lines().any(|printed| printed.trim_end() == *line);
            assert!(found, "{id}: `{line}`\n{printed}");
        }
        assert!(printed.contains(DOTS), "{id}");
        // It is one sheet of paper, and the dots reach the right margin.
        let pages = measure(&pdf_of(&data.to_string()));
        assert_eq!(pages.len(), 1, "{id}");
        let dotted: Vec<&Run> =
            pages[0].runs.iter().filter(|run| run.text.contains("..........")).collect();
        assert!(dotted.len() >= 4, "{id}: {:#?}", texts(&pages[0]));
        let right = dotted.iter().map(|run| run.right).fold(f64::MIN, f64::max);
        assert!((right - 190.0 * MM).abs() < 4.0, "{id}: dots end at {right}");
    }
}

#[test]
fn number_code_and_date_follow_the_padding_rules() {
    let numbers = [(1, "01"), (9, "09"), (10, "10"), (100, "100")];
    let dates = [
        ("2026-01-01", "ngày 01 tháng 01 năm 2026"),
        ("2026-02-09", "ngày 09 tháng 02 năm 2026"),
        ("2026-03-10", "ngày 10 tháng 3 năm 2026"),
        ("2026-09-09", "ngày 09 tháng 9 năm 2026"),
        ("2026-12-31", "ngày 31 tháng 12 năm 2026"),
    ];
    for (id, code) in FORMS {
        for (number, printed) in numbers {
            let text = text(id, &json!({ "number": number, "date": "2026-03-05" }));
            assert!(text.contains(&format!("Số: {printed}/{code}-UBND\n")), "{text}");
        }
        for (date, printed) in dates {
            let values = if id == "bien-ban" {
                json!({ "date": date })
            } else {
                json!({ "date": date, "place": "Định Mỹ" })
            };
            let text = text(id, &values);
            assert!(text.contains(printed), "{id}: {printed}\n{text}");
            assert_eq!(text.contains("Định Mỹ, ngày"), id != "bien-ban", "{text}");
        }
    }
}

#[test]
fn minutes_have_a_number_but_no_line_of_place_and_date() {
    for full in [false, true] {
        let page = sample("bien-ban", full);
        let kind = run(&page, "BIÊN BẢN");
        let header = page.runs.iter().filter(|run| run.baseline < kind.baseline);
        let header: Vec<&str> = header.map(|run| run.text.as_str()).collect();
        assert!(header.iter().any(|text| text.starts_with("Số:")), "{header:#?}");
        assert!(!header.iter().any(|text| text.contains("ngày")), "{header:#?}");
    }
    let others = FORMS.iter().filter(|(id, _)| *id != "bien-ban");
    for (id, _) in others {
        let page = sample(id, true);
        let (number, date) = (run(&page, "Số:"), run(&page, "Định Mỹ, ngày"));
        assert!(same(number.baseline, date.baseline), "{id}");
    }
}

/// The lines of a signature, from the title to the name.
fn column(page: &Page, words: [&str; 2]) -> (f64, f64) {
    let (title, name) = (run(page, words[0]), run(page, words[1]));
    assert!(title.bold() && name.bold());
    assert!((title.centre() - name.centre()).abs() < 0.5, "{words:?}");
    assert!(name.top() - title.bottom() > 20.0 * MM, "{words:?}: room for the signature");
    (title.centre(), name.baseline)
}

#[test]
fn secretary_and_chair_sign_side_by_side_above_the_recipients() {
    let names = [
        ("Lê Thị Mẫu", "Nguyễn Văn Ví Dụ"),
        ("Công Tằng Tôn Nữ Thị Minh Họa", "Nguyễn Phúc Vĩnh Thí Dụ Mẫu Mực"),
    ];
    for (secretary, chair) in names {
        for official in [None, Some("Phó Chủ tịch Ủy ban nhân dân xã")] {
            let mut values =
                json!({ "secretary": { "name": secretary }, "chair": { "name": chair } });
            if let Some(official) = official {
                values["chair"]["official_title"] = official.into();
            }
            let page = pages("bien-ban", &values).remove(0);
            let heads = (run(&page, "THƯ KÝ"), run(&page, "CHỦ TỌA"));
            assert!(same(heads.0.baseline, heads.1.baseline), "the titles are level");
            let left = column(&page, ["THƯ KÝ", secretary]);
            let right = column(&page, ["CHỦ TỌA", chair]);
            assert!(left.0 < CENTRE && CENTRE < right.0, "secretary left, chair right");
            if let Some(official) = official {
                let other = run(&page, official);
                assert!(other.baseline < right.1 && other.baseline > heads.1.baseline);
            }
            assert!(same(left.1, right.1), "the names are level");
            let recipients = run(&page, "Nơi nhận:");
            assert!(same(recipients.left, LEFT), "{}", recipients.left);
            assert!(recipients.top() > left.1.max(right.1), "the recipients are below both");
        }
    }
}

#[test]
fn the_rule_stands_below_the_kind_where_there_is_no_subject() {
    for (id, kind, ruled) in [
        ("giay-gioi-thieu", "GIẤY GIỚI THIỆU", None),
        ("giay-nghi-phep", "GIẤY NGHỈ PHÉP", None),
        ("cong-dien", "CÔNG ĐIỆN", Some("tự ý rời")),
        ("giay-moi", "GIẤY MỜI", Some("Họp đánh giá")),
        ("bien-ban", "BIÊN BẢN", Some("Họp xét")),
    ] {
        let page = sample(id, true);
        let kind = run(&page, kind);
        assert!(kind.bold() && (kind.centre() - CENTRE).abs() < 0.5, "{id}: {kind:#?}");
        let above = ruled.map_or(kind, |words| run(&page, words));
        let rules = middle_rules(&page, kind.baseline);
        let rule = rules.first().unwrap_or_else(|| panic!("{id} has no rule"));
        let gap = rule.top - above.baseline;
        assert!((1.0..12.0).contains(&gap), "{id}: the rule is {gap} pt below");
        let share = rule.length() / (above.right - above.left);
        assert!((0.333..=0.5).contains(&share), "{id}: the rule has {share} of the line");
    }
}

#[test]
fn the_introducing_words_are_centred_and_the_rest_is_not() {
    for full in [false, true] {
        let page = sample("giay-gioi-thieu", full);
        let lead = run(&page, "Ủy ban nhân dân xã Định Mỹ trân trọng giới thiệu:");
        assert!((lead.centre() - CENTRE).abs() < 0.5, "{lead:#?}");
        let below = run(&page, "Được cử đến:");
        assert!(same(below.left, LEFT + 10.0 * MM), "{below:#?}");
    }
}

#[test]
fn the_confirmation_stands_on_the_left_below_the_recipients() {
    let person = json!({ "name": "Công Tằng Tôn Nữ Thị Minh Họa", "title": "Điều dưỡng" });
    for values in [json!({}), json!({ "person": person })] {
        let page = pages("giay-nghi-phep", &values).remove(0);
        let last = run(&page, "- Lưu:");
        let name = run(&page, "Nguyễn Văn Ví Dụ");
        let words: Vec<&Run> = page.runs.iter().filter(|run| run.top() > name.bottom()).collect();
        assert!(words.len() >= 2, "{:#?}", texts(&page));
        assert!(words[0].text.starts_with("Xác nhận của"), "{words:#?}");
        for run in words {
            assert!(run.italic() && run.left > LEFT - 0.1 && run.right < CENTRE, "{run:#?}");
            assert!(run.top() > last.bottom(), "{run:#?}");
        }
    }
    let without = text("giay-nghi-phep", &json!({ "confirmation": false }));
    assert!(!without.contains("Xác nhận"), "{without}");
}

#[test]
fn the_dashes_of_those_who_get_a_telegram_are_aligned() {
    let names = [
        "Công an xã",
        "Trạm Y tế xã",
        "Trưởng các ấp Mỹ Phú, Mỹ Thới, Phú Hòa và Tân Đông trên địa bàn xã",
    ];
    let long = "Chủ tịch Ủy ban nhân dân kiêm Trưởng Ban Chỉ đạo phòng, chống ma túy xã Định Mỹ";
    for sender in ["Chủ tịch xã", long] {
        for count in [2, 3] {
            let values = json!({ "sender": sender, "addressees": names[..count] });
            let page = pages("cong-dien", &values).remove(0);
            let lead = run(&page, "Chủ tịch");
            let colon = run_with(&page, "điện:");
            assert!(colon.text.ends_with(" điện:") && same(colon.left, lead.left), "{colon:#?}");
            let entries: Vec<&Run> = names[..count]
                .iter()
                .map(|name| {
                    let start = format!("- {}", &name[..name.char_indices().nth(8).unwrap().0]);
                    run(&page, &start)
                })
                .collect();
            for entry in &entries {
                assert!(same(entry.left, entries[0].left), "{entry:#?}");
                assert!(entry.left > lead.left && entry.top() > colon.baseline, "{entry:#?}");
                assert!(entry.right < 190.0 * MM + 0.5, "{entry:#?}");
            }
        }
    }
    // One alone follows short words; below long ones it has a line of its own.
    for (sender, beside) in [("Chủ tịch xã", true), (long, false)] {
        let values = json!({ "sender": sender, "addressees": ["Trạm Y tế xã Định Mỹ"] });
        let page = pages("cong-dien", &values).remove(0);
        let (lead, name) = (run_with(&page, "điện:"), run_with(&page, "Trạm Y tế xã Định Mỹ"));
        assert_eq!(same(lead.baseline, name.baseline), beside, "{sender}");
        assert!(name.right < 190.0 * MM + 0.5);
    }
}

fn run_with<'a>(page: &'a Page, words: &str) -> &'a Run {
    page.runs.iter().find(|run| run.text.contains(words)).unwrap()
}

/// Who is named in the cases.
fn people() -> (Value, Value) {
    let one = json!({ "salutation": "Bà", "name": "Lê Thị Mẫu", "title": "Điều dưỡng", "unit": "Trạm Y tế" });
    (one, json!({ "name": "Trần Văn Thí Dụ" }))
}

fn check_words(cases: impl IntoIterator<Item = (&'static str, Value, &'static str)>) {
    for (id, mut values, expected) in cases {
        values.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        let printed = text(id, &values);
        assert!(printed.contains(expected), "{id}: {values}\n`{expected}`\n{printed}");
    }
}

#[test]
fn invitations_and_introductions_have_their_words() {
    let (one, two) = people();
    check_words([
        (
            "giay-moi",
            json!({ "invitees": [one] }),
            "Ủy ban nhân dân xã Định Mỹ trân trọng kính mời: Bà Lê Thị Mẫu, Điều dưỡng, Trạm Y tế",
        ),
        (
            "giay-moi",
            json!({ "invitees": [one, "Công an xã"] }),
            "Ủy ban nhân dân xã Định Mỹ trân trọng kính mời:\n- Bà Lê Thị Mẫu, Điều dưỡng, Trạm Y tế\n- Công an xã",
        ),
        ("giay-moi", json!({ "time": "sáng thứ Sáu" }), "Thời gian: sáng thứ Sáu"),
        (
            "giay-moi",
            json!({ "time": { "date": "13/3/2026", "hour": "13:30" } }),
            "Thời gian: 13 giờ 30, ngày 13 tháng 3 năm 2026",
        ),
        (
            "giay-moi",
            json!({ "time": { "date": "2026-03" } }),
            "Thời gian: ....... giờ ......., ngày ....... tháng 3 năm 2026",
        ),
        (
            "giay-moi",
            json!({ "event": "họp", "venue": "Hội trường", "notes": "Mang theo báo cáo." }),
            "Mang theo báo cáo./.",
        ),
        (
            "giay-gioi-thieu",
            json!({ "people": [one] }),
            "Bà Lê Thị Mẫu\nChức vụ: Điều dưỡng, Trạm Y tế\nĐược cử đến",
        ),
        (
            "giay-gioi-thieu",
            json!({ "people": [one, two] }),
            "- Bà Lê Thị Mẫu; chức vụ: Điều dưỡng, Trạm Y tế\n- Ông (bà) Trần Văn Thí Dụ; chức vụ: …",
        ),
        (
            "giay-gioi-thieu",
            json!({ "people": [one, two], "form": "table" }),
            "1\tBà Lê Thị Mẫu\tĐiều dưỡng\tTrạm Y tế\n2\tTrần Văn Thí Dụ",
        ),
        (
            "giay-gioi-thieu",
            json!({ "valid_until": "2026-03-31" }),
            "Giấy này có giá trị đến hết ngày 31/3/2026./.",
        ),
    ]);
}

#[test]
fn minutes_and_leaves_have_their_words() {
    let (one, two) = people();
    let meeting = |meeting: &str, end: Value| json!({ "meeting": meeting, "date": "2026-03-05", "start": "8h", "end": end });
    check_words([
        (
            "bien-ban",
            meeting("cuộc họp", json!("11:30")),
            "Cuộc họp kết thúc vào 11 giờ 30, ngày 05 tháng 3 năm 2026./.",
        ),
        (
            "bien-ban",
            meeting("hội nghị", json!({ "hour": "17h", "date": "2026-03-06" })),
            "Hội nghị kết thúc vào 17 giờ 00, ngày 06 tháng 3 năm 2026./.",
        ),
        (
            "bien-ban",
            meeting("hội thảo", Value::Null),
            "Hội thảo kết thúc vào ....... giờ ......., ngày 05 tháng 3 năm 2026./.",
        ),
        ("bien-ban", meeting("hội thảo", json!("9h05")), "Nội dung (theo diễn biến hội thảo):"),
        (
            "bien-ban",
            meeting("cuộc họp", json!("11:30")),
            "Thời gian bắt đầu: 08 giờ 00, ngày 05 tháng 3 năm 2026\n",
        ),
        ("bien-ban", json!({ "recipients": { "archive": { "unit": "VP" } } }), "- Lưu: VT, VP."),
        (
            "bien-ban",
            json!({ "recipients": { "paper": ["Các ấp"] } }),
            "- Các ấp;\n- Lưu: VT, Hồ sơ.",
        ),
        (
            "giay-nghi-phep",
            json!({ "leave": { "days": 5, "from": "2026-02-09", "to": "2026-02-13", "place": "xã Mẫu" } }),
            "Được nghỉ phép trong thời gian 05 ngày kể từ ngày 09/02/2026 đến hết ngày 13/02/2026 tại xã Mẫu.",
        ),
        (
            "giay-nghi-phep",
            json!({ "leave": { "days": "nửa ngày" } }),
            "trong thời gian nửa ngày kể từ ngày ....................",
        ),
        (
            "giay-nghi-phep",
            json!({ "leave": { "days": 10, "reckoned_into": "nghỉ hằng năm" } }),
            "trong thời gian 10 ngày",
        ),
        (
            "giay-nghi-phep",
            json!({ "person": one, "application_date": "2026-03-09" }),
            "Xét Đơn đề nghị nghỉ phép ngày 09/3/2026 của bà Lê Thị Mẫu, Ủy ban nhân dân xã Định Mỹ cấp cho:\nBà: Lê Thị Mẫu\nChức vụ: Điều dưỡng, Trạm Y tế",
        ),
        ("giay-nghi-phep", json!({ "person": two }), "- Ông (bà) Trần Văn Thí Dụ;\n- Lưu: VT."),
    ]);
}

#[test]
fn votes_remarks_and_conclusions_follow_the_agenda() {
    let sample = RENDERER.catalog().template("bien-ban").unwrap().sample(true);
    let printed = text_of(sample);
    let order = [
        "Vắng mặt:",
        "- Ông Võ Văn Mẫu Mực, Trưởng ấp Tân Đông, xã Định Mỹ (đi công tác)",
        "I. BÁO CÁO KẾT QUẢ RÀ SOÁT HỒ SƠ",
        "Ý kiến:",
        "II. BIỂU QUYẾT DANH SÁCH",
        "1\tĐưa 10 người vào danh sách đợt 1\t14\t0\t1",
        "III. KẾT LUẬN",
        "Cuộc họp kết thúc vào 11 giờ 30, ngày 05 tháng 3 năm 2026./.",
    ];
    let mut from = 0;
    for words in order {
        let at = printed[from..].find(words).unwrap_or_else(|| panic!("`{words}`\n{printed}"));
        from += at + words.len();
    }
    assert_eq!(printed.matches("./.").count(), 1, "{printed}");
}

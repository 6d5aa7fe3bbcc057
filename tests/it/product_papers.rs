//! The product forms that a case or the registers of a commune fill: letters, minutes,
//! invitations, lists, reports.

use std::fs;

use serde_json::{Value, json};
use vanban::block::{Document, Orientation};
use vanban::pipeline::{Composed, Emit, Format, Input, Options};

use super::support::docx::Docx;
use super::support::pdf::Pdf;
use super::support::{RENDERER, repository};

/// The papers of one person, each with an example case that is made for it.
const PAPERS: [(&str, &str); 9] = [
    ("product-cong-van-de-nghi-tiep-nhan", "nguoi-thanh-nien-khong-noi-cu-tru"),
    ("product-xac-dinh-khong-noi-cu-tru", "nguoi-thanh-nien-khong-noi-cu-tru"),
    ("product-bien-ban-xac-minh-cu-tru", "nguoi-thanh-nien-co-noi-cu-tru"),
    ("product-bien-ban-doc-ho-so", "nguoi-thanh-nien-khong-noi-cu-tru"),
    ("product-bien-ban-tu-van", "quan-ly-sau-cai"),
    ("product-cam-ket-khong-su-dung", "quan-ly-sau-cai"),
    ("product-bien-ban-lam-viec", "quan-ly-sau-cai"),
    ("product-giay-moi-trieu-tap", "quan-ly-sau-cai"),
    ("product-giay-xac-nhan", "quan-ly-sau-cai"),
];

/// The papers of all people of a commune, made of one example.
const LISTS: [&str; 4] = [
    "nd163-iii-10",
    "nd163-v-21",
    "product-danh-sach-nguoi-nghien",
    "product-danh-sach-quan-ly-sau-cai",
];
const REPORT: &str = "product-bao-cao-thang";
const REGISTERS: &str = "so-danh-sach";

fn case(name: &str) -> String {
    fs::read_to_string(repository(&format!("examples/case/{name}.yaml"))).unwrap()
}

fn composed_with(id: &str, data: &str, options: &[(&str, &str)]) -> Composed {
    let options: Vec<(String, String)> =
        options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let options: &Options = &options;
    let input = Input { template: Some(id), ..Input::new("case.yaml", data.as_bytes()) };
    let checked = RENDERER.check_with(&input, options);
    let composed = checked.and_then(|checked| RENDERER.compose_checked(checked));
    composed.unwrap_or_else(|findings| panic!("{id}: {findings:#?}"))
}

fn composed(id: &str, data: &str) -> Composed {
    composed_with(id, data, &[])
}

fn text(composed: &Composed) -> String {
    RENDERER.emit(composed, Emit::Text).unwrap()
}

fn pdf(composed: &Composed) -> Pdf {
    Pdf::new(&RENDERER.write(composed, Format::Pdf).unwrap())
}

fn blank(id: &str) -> Composed {
    RENDERER.compose(&Input::blank(id)).unwrap_or_else(|findings| panic!("{id}: {findings:#?}"))
}

/// An official has one case and prints every paper of it, or takes it blank.
#[test]
fn one_case_prints_every_paper_and_each_is_there_blank() {
    for (id, name) in PAPERS {
        let data = case(name);
        let (_, node) = vanban::input::read("case.yaml", data.as_bytes()).unwrap();
        let person = node.to_json()["subject"]["full_name"].as_str().unwrap().to_owned();
        let filled = composed(id, &data);
        let codes: Vec<_> = filled.findings.iter().map(|one| one.code.to_string()).collect();
        assert_eq!(codes, ["FM03"], "{id}: {:#?}", filled.findings);
        let words = text(&filled);
        if !["product-bien-ban-lam-viec", "product-giay-moi-trieu-tap"].contains(&id) {
            assert!(words.contains(&person), "{id}: {words}");
        }
        // Who signs: the police, or the people's committee where it confirms.
        let committee = id == "product-giay-xac-nhan";
        let issuer = if committee {
            "ỦY BAN NHÂN DÂN XÃ ĐỊNH MỸ"
        } else {
            "CÔNG AN XÃ ĐỊNH MỸ"
        };
        if id != "product-cam-ket-khong-su-dung" {
            assert!(words.contains(issuer), "{id}: {words}");
        }
        let empty = text(&blank(id));
        assert!(!empty.contains(&person) && !empty.contains("Định Mỹ"), "{id}: {empty}");
        assert!(empty.matches("…").count() + empty.matches("...").count() > 5, "{id}: {empty}");
        // Room to write is as wide in every format.
        assert!(pdf(&blank(id)).text().contains("....."), "{id}");
    }
}

/// The papers that are made of the registers, blank and filled.
#[test]
fn registers_print_lists_and_report() {
    let data = case(REGISTERS);
    for id in LISTS.into_iter().chain([REPORT]) {
        let words = text(&composed(id, &data));
        assert!(!words.contains("none") && !words.contains("null"), "{id}: {words}");
        assert!(text(&blank(id)).len() < words.len(), "{id}");
    }
    let report = text(&composed(REPORT, &data));
    for words in ["Biểu 01-BCN", "TM. ỦY BAN NHÂN DÂN", "tháng 12 năm 2026", "Kinh phí"] {
        assert!(report.contains(words), "{words}: {report}");
    }
    // Staff and budget are told in December alone.
    let august = data.replace("month: 12\n", "month: 8\n");
    assert!(!text(&composed(REPORT, &august)).contains("Kinh phí"));
    let words = text(&composed_with(REPORT, &august, &[("issuer", "police")]));
    assert!(words.contains("TRƯỞNG CÔNG AN") && !words.contains("TM. ỦY BAN"), "{words}");
}

/// So many people, each of whom is in every list; the last ones have left them.
fn register(count: usize, gone: usize) -> String {
    let people: Vec<Value> = (1..=count)
        .map(|n| {
            let term = json!({
                "from": "2026-08-10", "to": "2028-08-10", "removed": n > count - gone
            });
            let voluntary = json!({ "from": "2026-08-10", "to": "2028-08-10" });
            json!({
                "full_name": "Nguyễn Văn Thí Dụ",
                "birth_date": 1900 + n,
                "residence": { "registered": "ấp Ví Dụ 1, xã Định Mỹ" },
                "use": term, "addiction": term, "voluntary": voluntary, "aftercare": term,
            })
        })
        .collect();
    json!({ "register": { "from": "2025-12-15", "to": "2026-12-14", "people": people } })
        .to_string()
}

/// People are typed once for four lists: a long one repeats its header on every page,
/// and the numbers run through.
#[test]
fn a_list_of_120_people_serves_all_registers() {
    let data = register(120, 0);
    for id in LISTS {
        let list = composed(id, &data);
        let pages = pdf(&list).ask("pdftotext", &["-layout"], &["-"]);
        let pages: Vec<&str> = pages.split('\u{c}').filter(|one| !one.trim().is_empty()).collect();
        assert!(pages.len() > 3, "{id}: {} pages", pages.len());
        for page in pages.iter().filter(|page| page.contains("Thí Dụ")) {
            assert!(page.contains("TT") && page.contains("tính"), "{id}: {page}");
        }
        let rows = super::support::papers::tables(&list.document)[0];
        let people: Vec<String> = rows
            .rows
            .iter()
            .filter(|row| row.len() > 5)
            .map(|row| vanban::block::plain_text(&row[0].content))
            .filter(|number| number.chars().any(|one| one.is_ascii_digit()))
            .collect();
        let expected: Vec<String> = (1..=120).map(|n: usize| n.to_string()).collect();
        assert_eq!(people, expected, "{id}");
    }
}

#[test]
fn who_has_left_a_list_stands_in_the_second_part_and_is_counted() {
    for id in ["product-danh-sach-nguoi-nghien", "product-danh-sach-quan-ly-sau-cai"] {
        let words = text(&composed(id, &register(5, 2)));
        let (managed, gone) = words.split_once("Người đưa ra khỏi danh sách trong kỳ").unwrap();
        assert_eq!(managed.matches("Nguyễn Văn Thí Dụ").count(), 3, "{id}: {words}");
        assert_eq!(gone.matches("Nguyễn Văn Thí Dụ").count(), 2, "{id}: {words}");
        assert!(words.contains("đang quản lý: 3 người"), "{id}: {words}");
        assert!(words.contains("trong kỳ: 2 người"), "{id}: {words}");
    }
    // A person is in the lists that the register says, and in no other.
    let data = "register: {people: [{full_name: Nguyễn Văn Thí Dụ, aftercare: {from: 2026}}]}";
    for id in LISTS {
        let there = text(&composed(id, data)).contains("Nguyễn Văn Thí Dụ");
        assert_eq!(there, id == "product-danh-sach-quan-ly-sau-cai", "{id}");
    }
}

fn landscape(document: &Document) -> bool {
    document.settings.orientation == Orientation::Landscape
}

/// Wide lists lie across in every format; III-10 as in the gazette, unless it is asked to.
#[test]
fn wide_lists_lie_across_in_every_format() {
    let data = case(REGISTERS);
    let across: &[(&str, &str)] = &[("paper", "landscape")];
    let own: &[(&str, &str)] = &[];
    for (id, options, expected) in [
        ("product-danh-sach-nguoi-nghien", own, true),
        ("product-danh-sach-quan-ly-sau-cai", own, true),
        (REPORT, own, false),
        ("nd163-iii-10", own, false),
        ("nd163-iii-10", across, true),
    ] {
        let list = composed_with(id, &data, options);
        assert_eq!(landscape(&list.document), expected, "{id}");
        let pages = pdf(&list).ask("pdfinfo", &["-f", "1", "-l", "99"], &[]);
        let sizes: Vec<&str> = pages
            .lines()
            .filter(|line| line.starts_with("Page "))
            .filter_map(|line| line.split_once(" size:"))
            .map(|(_, size)| size)
            .collect();
        assert!(!sizes.is_empty());
        for size in sizes {
            let numbers: Vec<f64> =
                size.split_whitespace().filter_map(|word| word.parse().ok()).collect();
            assert_eq!(numbers[0] > numbers[1], expected, "{id}: {size}");
        }
        let html = String::from_utf8(RENDERER.write(&list, Format::Html).unwrap()).unwrap();
        assert_eq!(html.contains("@page{size:A4 landscape;"), expected, "{id}");
        assert_eq!(html.contains("class=\"sheet landscape\""), expected, "{id}");
        let word = Docx::new(&RENDERER.write(&list, Format::Docx).unwrap());
        assert_eq!(word.text("word/document.xml").contains("w:orient"), expected, "{id}");
    }
}

/// The boxes that are ticked, each with the words behind it.
fn ticked(words: &str) -> Vec<&str> {
    words.lines().filter_map(|line| line.trim().strip_prefix("☑ ")).collect()
}

#[test]
fn ticks_follow_the_data() {
    let inquiry = |grounds: &str| {
        let data = format!(
            "date: 2026-08-20\nsubject: {{full_name: Lê Văn Lưu Động, birth_date: 1990}}\n\
             residence_inquiry: {{grounds: [{grounds}]}}\n"
        );
        text(&composed("product-xac-dinh-khong-noi-cu-tru", &data))
    };
    let grounds = [
        ("Không sinh sống tại nơi đăng ký", "a) ", "điểm a khoản 3"),
        ("Không xác định được người đó đang ở đâu", "b) ", "điểm b khoản 3"),
        ("Ở nơi ở hiện tại dưới 30 ngày", "c) ", "điểm c khoản 3"),
    ];
    for (ground, point, cited) in grounds {
        let words = inquiry(ground);
        let [only] = ticked(&words)[..] else { panic!("{ground}: {words}") };
        assert!(only.starts_with(point) && words.contains(cited), "{ground}: {words}");
    }
    let both = inquiry("Không sinh sống tại nơi đăng ký, Ở nơi ở hiện tại dưới 30 ngày");
    assert_eq!(ticked(&both).len(), 2, "{both}");
    assert!(both.contains("điểm a, điểm c khoản 3"), "{both}");
    assert!(ticked(&inquiry("")).is_empty());

    let minutes = text(&composed(
        "product-bien-ban-xac-minh-cu-tru",
        &case("nguoi-thanh-nien-co-noi-cu-tru"),
    ));
    let found = ticked(&minutes);
    assert_eq!(found.len(), 2, "{minutes}");
    assert!(found[0].starts_with("Có nơi cư trú ổn định"), "{found:?}");
    assert!(found[1].starts_with("a) Hiện đang sinh sống"), "{found:?}");

    let advice = text(&composed("product-bien-ban-tu-van", &case("quan-ly-sau-cai")));
    assert_eq!(ticked(&advice).len(), 2, "{advice}");
    assert!(advice.contains("vay vốn, học nghề"), "{advice}");
}

/// The letter to the provincial police knows its three cases.
#[test]
fn the_letter_cites_the_article_of_its_case() {
    let letter = |rest: &str| {
        let person = "date: 2026-09-05\nsubject: {full_name: Lê Văn Lưu Động, birth_date: 1990}\n";
        text(&composed("product-cong-van-de-nghi-tiep-nhan", &format!("{person}{rest}")))
    };
    let cases = [
        (
            "registration: {place_kind: Tại cơ sở cai nghiện ma túy công lập}",
            "điểm đ khoản 3 Điều 89",
        ),
        ("decisions: {rehab: {number: 22, date: 2026-09-01}}", "khoản 1 Điều 95"),
        ("decisions: {court: {number: 31, date: 2026-09-04}}", "khoản 1 Điều 106"),
        ("admission: {stage: Đã có quyết định của Tòa án}", "khoản 1 Điều 106"),
    ];
    for (data, cited) in cases {
        let words = letter(data);
        for (_, article) in cases {
            assert_eq!(words.contains(article), article == cited, "{data}: {article}: {words}");
        }
    }
    // With nothing known, the three stand there to be chosen from.
    let blank = text(&blank("product-cong-van-de-nghi-tiep-nhan"));
    assert!(cases.iter().all(|(_, article)| blank.contains(article)), "{blank}");
    // A reformatory is for the department to name.
    let school = letter(
        "registration: {place_kind: Tại Trường giáo dưỡng}\ndecisions: {rehab: {number: 22}}",
    );
    assert!(school.contains("Cục Cảnh sát quản lý trại giam"), "{school}");
}

#[test]
fn an_invitation_says_who_when_and_where() {
    let words = text(&composed("product-giay-moi-trieu-tap", &case("quan-ly-sau-cai")));
    for part in [
        "GIẤY MỜI",
        "08 giờ 00 phút, ngày 10 tháng 9 năm 2026",
        "phòng tiếp công dân, trụ sở Công an xã Định Mỹ",
        "Phan Thị Thí Dụ",
    ] {
        assert!(words.contains(part), "{part}: {words}");
    }
    let data = case("quan-ly-sau-cai");
    let summons = text(&composed(
        "product-giay-moi-trieu-tap",
        &data.replace("kind: Giấy mời", "kind: Giấy triệu tập"),
    ));
    assert!(summons.contains("GIẤY TRIỆU TẬP") && summons.contains("/GTT-CAX"), "{summons}");
    // Without a place it is the seat of the police.
    let seat = data.replace("  place: phòng tiếp công dân, trụ sở Công an xã Định Mỹ\n", "");
    assert!(seat.len() < data.len());
    let words = text(&composed("product-giay-moi-trieu-tap", &seat));
    assert!(words.contains("Địa điểm: ấp Ví Dụ 1, xã Định Mỹ, tỉnh Minh Họa"), "{words}");
}

/// A child of 36 months and more is not named as one of less.
#[test]
fn only_small_children_are_confirmed() {
    let data = |sex: &str| {
        format!(
            "date: 2026-09-07\nsubject: {{full_name: Phan Thị Thí Dụ, sex: {sex}}}\nfamily:\n  \
             children:\n    - {{full_name: Hồ Thị Bé Thử, birth_date: 2020-06-01}}\n    \
             - {{full_name: Hồ Văn Út Mẫu, birth_date: 2024-04-12}}\n\
             confirmation: {{kind: Đang nuôi con dưới 36 tháng tuổi}}\n"
        )
    };
    let woman = text(&composed("product-giay-xac-nhan", &data("Nữ")));
    assert!(woman.contains("Hồ Văn Út Mẫu") && !woman.contains("Hồ Thị Bé Thử"), "{woman}");
    assert!(woman.contains("điểm c khoản 2 Điều 35") && !woman.contains("người duy nhất"));
    assert!(text(&composed("product-giay-xac-nhan", &data("Nam"))).contains("người duy nhất"));
}

//! What the forms beside the plan add to the page.

use serde_json::{Value, json};

use super::measure::{MM, Page, Run, measure, same};
use super::{Area, MARGINS};
use crate::support::{RENDERER, pdf_of, text_of};

/// The data of a sample.
fn sample(id: &str, full: bool) -> Value {
    let sample = RENDERER.catalog().template(id).unwrap().sample(full);
    vanban::input::read("sample.yaml", sample.as_bytes()).unwrap().1.to_json()
}

fn pages(data: &Value) -> Vec<Page> {
    measure(&pdf_of(&data.to_string()))
}

/// The one run with these words.
fn run<'a>(page: &'a Page, words: &str) -> &'a Run {
    let found: Vec<&Run> = page.runs.iter().filter(|run| run.text == words).collect();
    assert_eq!(found.len(), 1, "`{words}`: {found:#?} in {:#?}", page.runs);
    found[0]
}

/// Words that stand on others cannot be read.
#[test]
fn no_words_stand_on_others() {
    let mut pairs = 0;
    for template in RENDERER.catalog().templates() {
        let id = &template.manifest.id;
        for full in [false, true] {
            for page in measure(&pdf_of(template.sample(full))) {
                for (at, one) in page.runs.iter().enumerate() {
                    for other in &page.runs[at + 1..] {
                        pairs += 1;
                        let across = one.right.min(other.right) - one.left.max(other.left);
                        let down = one.bottom().min(other.bottom()) - one.top().max(other.top());
                        let apart = across < 0.5 || down < 0.5;
                        assert!(apart, "{id} ({full}): `{}` and `{}`", one.text, other.text);
                    }
                }
            }
        }
    }
    assert!(pairs > 1000, "only {pairs} pairs of words were seen");
}

/// PL1-II.8.b, Mẫu 2.2: 10 pt, upright, at the top on the right; the annex is on
/// the same page.
#[test]
fn an_annex_in_a_file_of_its_own_tells_who_signed_it_and_when() {
    let mut data = sample("phu-luc", true);
    let sheet = pages(&data);
    assert_eq!(sheet.len(), 1);
    let area = Area::of(&sheet[0], MARGINS);
    let signing = run(&sheet[0], "Số: 125/KH-UBND; 05/3/2026; 08:30:15");
    assert!(same(signing.size, 10.0) && signing.black(), "{signing:#?}");
    assert!(!signing.bold() && !signing.italic(), "{signing:#?}");
    assert!(same(signing.right, area.right) && signing.bottom() < 20.0 * MM, "{signing:#?}");
    assert!(same(run(&sheet[0], "Phụ lục II").top(), area.top));

    let head = |data: &Value| {
        let text = text_of(&data.to_string());
        let line =
            |start: &str| text.lines().find(|line| line.starts_with(start)).map(str::to_owned);
        (line("Số: "), line("(Kèm theo "))
    };
    let (_, reference) = head(&data);
    let reference = reference.unwrap();
    assert!(!reference.contains("125") && !reference.contains("2026"), "{reference}");
    assert!(text_of(&data.to_string()).trim_end().ends_with("hằng tháng./."));

    data["number"] = 5.into();
    data["kind"] = "Công văn".into();
    data["issuer"]["symbol"] = "SYT-NVY".into();
    assert_eq!(head(&data).0.unwrap(), "Số: 05/SYT-NVY; 05/3/2026; 08:30:15");
    for key in ["number", "signed_at"] {
        data.as_object_mut().unwrap().remove(key);
    }
    assert_eq!(head(&data).0.unwrap(), "Số: ……/SYT-NVY; …/…/……; …:…:…");

    // A regulation in a file of its own does the same (Mẫu 1.3).
    let regulation = sample("van-ban-kem-theo", true);
    let page = &pages(&regulation)[0];
    assert!(same(run(page, "Số: 09/QĐ-SYT; 06/02/2026; 16:05:00").right, area.right));
    assert!(same(run(page, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM").top(), area.top));
    assert!(!page.runs.iter().any(|run| run.text.contains(", ngày")), "it has no date line");

    // On paper nothing is signed electronically, and the line is filled.
    let mut data = sample("phu-luc", true);
    data["medium"] = "paper".into();
    let paper = "(Kèm theo Kế hoạch số 125/KH-UBND ngày 05 tháng 3 năm 2026 của Ủy ban nhân dân xã Mẫu Đông)";
    assert_eq!(head(&data), (None, Some(paper.to_owned())));
}

/// Every party signs in a column of its own, in the order of the data.
#[test]
fn parties_sign_side_by_side_from_left_to_right() {
    for (id, parties) in [("hop-dong", 2), ("ban-ghi-nho", 2), ("ban-thoa-thuan", 3)] {
        let data = sample(id, true);
        let sheet = pages(&data);
        let signing = |run: &&Run| run.text.starts_with("ĐẠI DIỆN BÊN ");
        let heads: Vec<&Run> = sheet.iter().flat_map(|page| &page.runs).filter(signing).collect();
        let texts: Vec<&str> = heads.iter().map(|run| run.text.as_str()).collect();
        let expected = ["ĐẠI DIỆN BÊN A", "ĐẠI DIỆN BÊN B", "ĐẠI DIỆN BÊN C"];
        assert_eq!(texts, expected[..parties], "{id}");
        let label = sheet.iter().flat_map(|page| &page.runs).find(|run| run.text == "Nơi nhận:");
        let label = label.unwrap();
        let mut level = None;
        for (party, head) in heads.iter().enumerate() {
            assert!(same(head.baseline, heads[0].baseline) && head.bold(), "{id}: {head:#?}");
            assert!(party == 0 || head.left > heads[party - 1].right, "{id}: {head:#?}");
            let name = data["parties"][party]["representative"]["name"].as_str().unwrap();
            let name =
                sheet[head.page].runs.iter().filter(|run| run.bold()).find(|run| run.text == name);
            let name = name.unwrap_or_else(|| panic!("{id}: no name below {head:#?}"));
            assert!((name.centre() - head.centre()).abs() < 0.5, "{id}: {name:#?}");
            let first = *level.get_or_insert(name.baseline);
            assert!(same(name.baseline, first), "{id}: names are level, {name:#?}");
            assert!(label.page == head.page && label.top() > name.bottom(), "{id}: {label:#?}");
        }
    }
}

#[test]
fn recipients_that_fill_a_page_do_not_push_the_text_away_from_the_signatures() {
    let mut data = sample("hop-dong", true);
    data["recipients"]["paper"] = (1..=80).map(|at| format!("Đơn vị thứ {at}")).collect();
    let sheet = pages(&data);
    let page = |start: &str| {
        sheet.iter().position(|page| page.runs.iter().any(|run| run.text.starts_with(start)))
    };
    let heading = page("Điều 4. Hiệu lực");
    assert!(heading.is_some());
    assert_eq!(heading, page("Hợp đồng có hiệu lực kể từ ngày ký"));
    assert_eq!(heading, page("ĐẠI DIỆN BÊN A"));
    assert!(page("- Đơn vị thứ 80;") > heading, "the recipients run over the page");
}

#[test]
fn what_is_not_known_of_a_party_is_left_to_be_written_in() {
    let text = text_of(&sample("hop-dong", false).to_string());
    let dots = |line: &&str| line.ends_with('…');
    let open: Vec<&str> =
        text.lines().filter(dots).map(|line| line.split(':').next().unwrap()).collect();
    let all = ["Địa chỉ", "Điện thoại", "Người đại diện"];
    assert_eq!(open, [&all[..], &all[..], &["Chức vụ"]].concat());
}

/// A kind without a code has the agency's symbol alone (PL3-I).
#[test]
fn numbers_have_the_code_of_the_kind() {
    let number = |id: &str| {
        let mut data = sample(id, true);
        data["number"] = json!(9);
        let text = text_of(&data.to_string());
        text.lines().find_map(|line| line.strip_prefix("Số: ")).unwrap().to_owned()
    };
    for (id, expected) in [
        ("quyet-dinh", "09/QĐ-SYT"),
        ("quyet-dinh-ban-hanh", "09/QĐ-SYT"),
        ("nghi-quyet", "09/NQ-HĐQL"),
        ("hop-dong", "09/HĐ-SYT"),
        ("ban-ghi-nho", "09/BGN-SYT"),
        ("ban-thoa-thuan", "09/BTT-SYT"),
        ("thu-cong", "09/SYT"),
    ] {
        assert_eq!(number(id), expected, "{id}");
    }
}

/// Mẫu 1.1 to 1.3: who decides stands above the bases, the word of decision
/// between them and the text.
#[test]
fn decisions_have_the_lines_of_their_form_in_order() {
    for (id, authority, words, first) in [
        ("quyet-dinh", "GIÁM ĐỐC SỞ Y TẾ", "QUYẾT ĐỊNH:", "Điều 1. "),
        ("quyet-dinh-ban-hanh", "GIÁM ĐỐC SỞ Y TẾ", "QUYẾT ĐỊNH:", "Điều 1. "),
        ("nghi-quyet", "BỆNH VIỆN ĐA KHOA MẪU SƠN", "QUYẾT NGHỊ:", "Điều 1. "),
    ] {
        let text = text_of(&sample(id, true).to_string());
        let lines: Vec<&str> = text.lines().collect();
        let at = |start: &str| {
            let found = lines.iter().rposition(|line| line.starts_with(start));
            found.unwrap_or_else(|| panic!("{id}: no `{start}` in {text}"))
        };
        let words = at(words);
        assert!(lines[words + 1].starts_with(first), "{id}: {text}");
        assert!(lines[words - 1].starts_with("Theo đề nghị của "), "{id}: {text}");
        assert!(lines[words - 1].ends_with('.') && lines[words - 2].ends_with(';'), "{id}: {text}");
        assert!(at(authority) < words - 1, "{id}: {text}");
    }
}

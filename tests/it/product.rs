//! Forms that no law has a sample of: blank, filled from a case or from what is known of
//! a commune, and said to be what they are.

use std::fmt::Write as _;
use std::fs;

use serde_json::{Value, json};
use vanban::base::{Finding, Severity};
use vanban::catalog::{Catalog, Evidence, FontSet, Template};
use vanban::pipeline::{Composed, Emit, Format, Input, Renderer};

use super::support::pdf::Pdf;
use super::support::{RENDERER, codes_of, repository, text_of, vanban};

/// Forms about a person, which a case prints.
const OF_A_CASE: [&str; 7] = [
    "product-bien-ban-nhac-nho",
    "product-bien-ban-kiem-diem",
    "product-dua-khoi-danh-sach-nguoi-nghien",
    "product-dua-khoi-danh-sach-nguoi-su-dung",
    "product-bo-sung-danh-sach",
    "product-bien-ban-xet-duyet",
    "product-kiem-tra-cu-tru",
];

/// Forms about a hamlet or a commune, each with the example that prints it.
const OF_A_COMMUNITY: [(&str, &str); 7] = [
    ("product-cam-ket-khong-trong", "ap-vi-du-1"),
    ("product-cam-ket-khong-trong-nhieu-ho", "ap-vi-du-1"),
    ("product-cam-ket-truong-thon", "ap-vi-du-1"),
    ("product-bien-ban-xoa-bo-cay", "ap-vi-du-1"),
    ("product-dang-ky-khong-ma-tuy", "xa-dinh-my"),
    ("product-ban-chi-dao", "xa-dinh-my"),
    ("product-phan-cong-giup-do", "xa-dinh-my"),
];

/// Those of them that citizens sign, without an agency.
const OF_CITIZENS: [&str; 3] = [
    "product-cam-ket-khong-trong",
    "product-cam-ket-khong-trong-nhieu-ho",
    "product-cam-ket-truong-thon",
];

fn forms() -> impl Iterator<Item = &'static Template> {
    let templates = RENDERER.catalog().templates().map(AsRef::as_ref);
    // The checklist of a dossier is a report, and no form.
    templates.filter(|one: &&Template| {
        one.manifest.id.starts_with("product-") && one.manifest.id != "product-ho-so-danh-muc"
    })
}

/// A renderer that knows the agencies of the examples.
fn of_the_commune() -> Renderer {
    let profile = fs::read(repository("examples/profile/dinh-my.yaml")).unwrap();
    let renderer = Renderer::new(Catalog::builtin(), FontSet::shipped()).unwrap();
    renderer.with_profile("dinh-my.yaml", &profile)
}

fn codes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|one| &*one.code).collect()
}

fn composed(renderer: &Renderer, input: &Input<'_>) -> Composed {
    renderer.compose(input).unwrap_or_else(|found| panic!("{:?}: {found:#?}", input.template))
}

fn text(composed: &Composed) -> String {
    RENDERER.emit(composed, Emit::Text).unwrap()
}

fn blank(id: &str) -> String {
    text(&composed(&RENDERER, &Input::blank(id)))
}

/// The text of a form with these values.
fn filled(id: &str, mut data: Value) -> String {
    data["template"] = json!(id);
    text_of(&data.to_string())
}

/// Nobody takes such a form for an official one: every rendering says so, once.
#[test]
fn a_form_without_a_sample_says_so_once() {
    assert!(forms().count() >= OF_A_CASE.len() + OF_A_COMMUNITY.len());
    // The grid of the report is one of a law since replaced.
    for form in forms().filter(|form| form.manifest.evidence != Evidence::Predecessor) {
        let id = form.manifest.id.as_str();
        assert!(form.manifest.evidence == Evidence::Inferred && form.manifest.fill_in, "{id}");
        let findings = composed(&RENDERER, &Input::blank(id)).findings;
        assert_eq!(codes(&findings), ["FM03"], "{id}, blank");
        assert_eq!(findings[0].severity, Severity::Advice);
        assert!(findings[0].message.vi.contains(&form.manifest.title), "{id}");
        assert_eq!(codes_of(form.sample(true)), ["FM03"], "{id}, full");
    }
    // Statutory forms and documents that are no forms do not.
    for id in ["nd163-v-34", "quyet-dinh", "hop-dong"] {
        let sample = RENDERER.catalog().template(id).unwrap().sample(true);
        assert!(!codes_of(sample).contains(&"FM03".to_owned()), "{id}");
    }
    let folder = tempfile::tempdir().unwrap();
    let output = vanban()
        .current_dir(folder.path())
        .args(["render", "--blank", "--template", "product-cam-ket-khong-trong"])
        .output()
        .unwrap();
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("FM03"));
    assert!(folder.path().join("product-cam-ket-khong-trong.pdf").exists());
}

#[test]
fn one_case_prints_every_form_about_its_person() {
    let commune = of_the_commune();
    let mut printed = 0;
    for file in fs::read_dir(repository("examples/case")).unwrap() {
        let path = file.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        // A list of people is no case of one.
        if name == "so-danh-sach" {
            continue;
        }
        let data = fs::read(&path).unwrap();
        let (_, node) = vanban::input::read(&name, &data).unwrap();
        let person = node.to_json()["subject"]["full_name"].as_str().unwrap().to_owned();
        for id in OF_A_CASE {
            let input = Input { template: Some(id), ..Input::new(&name, &data) };
            let composed = composed(&commune, &input);
            let findings = codes(&composed.findings);
            assert!(findings.iter().all(|code| ["FM03", "HS05"].contains(code)), "{findings:?}");
            let text = text(&composed);
            assert!(text.contains(&person), "{name}, {id}");
            assert!(text.contains("CÔNG AN XÃ ĐỊNH MỸ") && text.contains("-CAX"), "{name}, {id}");
            printed += 1;
        }
    }
    assert!(printed >= 5 * OF_A_CASE.len(), "{printed}");
}

#[test]
fn a_file_of_a_commune_prints_every_form_about_it() {
    let commune = of_the_commune();
    for (id, example) in OF_A_COMMUNITY {
        let data = fs::read(repository(&format!("examples/community/{example}.yaml"))).unwrap();
        let input = Input { template: Some(id), ..Input::new(example, &data) };
        let composed = composed(&commune, &input);
        assert_eq!(codes(&composed.findings), ["FM03"], "{id}");
        let text = text(&composed);
        let citizens = OF_CITIZENS.contains(&id);
        // A paper of citizens has no agency, no number and no closing mark.
        assert_eq!(!text.contains("\nSố: "), citizens, "{id}: {text}");
        assert_eq!(!text.contains("./."), citizens, "{id}: {text}");
        assert!(text.contains("Định Mỹ"), "{id}");
    }
}

/// The closing mark ends the text, not the places to sign that may follow it.
#[test]
fn documents_of_agencies_end_with_their_mark_once() {
    for form in forms().filter(|form| !OF_CITIZENS.contains(&form.manifest.id.as_str())) {
        let text = text_of(form.sample(true));
        let marks = text.matches("./.").count();
        assert!(marks <= 1, "{}: {marks}", form.manifest.id);
        if OF_A_CASE.contains(&form.manifest.id.as_str()) {
            assert_eq!(marks, 1, "{}", form.manifest.id);
        }
    }
}

/// The sheet of sixty households: all are there, and every page says what its columns are.
#[test]
fn the_sheet_of_many_households_repeats_its_header() {
    let households: Vec<Value> = (1..=60)
        .map(|n| json!({"head": {"full_name": "Lò Văn Thí Dụ", "birth_date": 1930 + n}, "members": 4}))
        .collect();
    let data = json!({
        "template": "product-cam-ket-khong-trong-nhieu-ho",
        "hamlet": {"kind": "ấp", "name": "Ví Dụ 1"},
        "households": households,
    });
    let data = data.to_string();
    let composed = composed(&RENDERER, &Input::new("sheet.json", data.as_bytes()));
    let pdf = RENDERER.write(&composed, Format::Pdf).unwrap();
    let text = Pdf::new(&pdf).text();
    assert_eq!(text.matches("Lò Văn Thí Dụ").count(), 60);
    assert!(text.contains("1931") && text.contains("1990"), "the years of birth");
    let pages: Vec<&str> = text.split('\u{c}').filter(|page| page.contains("Lò Văn")).collect();
    assert!(pages.len() >= 3, "{} pages", pages.len());
    for page in pages {
        assert!(page.contains("Ký tên hoặc") && page.contains("nương rẫy"), "{page}");
    }
    assert!(text.contains("60 hộ ký tên"));
}

/// The values that may be picked at a place of the data.
fn choices(id: &str, pointer: &str) -> Vec<String> {
    let schema = RENDERER.catalog().template(id).unwrap().schema().unwrap();
    let at = schema.describe(pointer).unwrap();
    let list = schema.keyword(at, "enum").unwrap().as_array().unwrap();
    list.iter().map(|one| one.as_str().unwrap().to_owned()).collect()
}

/// Every ground that can be picked is printed with its point of the law; a blank form has a
/// box for each.
#[test]
fn grounds_for_leaving_a_list_name_their_point() {
    let lists = [
        ("product-dua-khoi-danh-sach-nguoi-nghien", "addict_ground", "48", "aabbcd"),
        ("product-dua-khoi-danh-sach-nguoi-su-dung", "user_ground", "27", "abc"),
    ];
    for (id, key, article, points) in lists {
        let grounds = choices(id, &format!("/removal/{key}"));
        assert_eq!(grounds.len(), points.len(), "{id}");
        let blank = blank(id);
        for (ground, point) in grounds.iter().zip(points.chars()) {
            assert!(blank.contains(&format!("☐ {ground} (điểm {point})")), "{ground}: {blank}");
            let data =
                json!({"subject": {"full_name": "Nguyễn Văn Ví Dụ"}, "removal": {key: ground}});
            let text = filled(id, data);
            let cited = format!("(điểm {point} khoản 3 Điều {article} Luật Phòng, chống ma túy)");
            assert!(text.contains(&cited), "{ground}: {text}");
            assert_eq!(text.matches("(điểm ").count(), 1, "{ground}: {text}");
            assert!(!text.contains('☐'), "{ground}: {text}");
            // Who is dead or missing does not carry out a decision.
            let obeys = text.contains("và người có tên tại Điều 1 chịu trách nhiệm");
            assert_eq!(obeys, !ground.starts_with("Chết"), "{ground}");
        }
    }
    let wrong = json!({
        "template": lists[0].0,
        "subject": {"full_name": "Nguyễn Văn Ví Dụ"},
        "removal": {"addict_ground": "Lý do khác"},
    });
    let found = RENDERER.compose(&Input::new("x.json", wrong.to_string().as_bytes())).unwrap_err();
    assert!(found.iter().any(|one| one.severity == Severity::Error), "{found:#?}");
}

/// What follows from a review depends on why it is held (Điều 47).
#[test]
fn a_review_threatens_what_its_ground_leads_to() {
    let id = "product-bien-ban-kiem-diem";
    let further = "Nếu tiếp tục vi phạm pháp luật";
    let third = "Nếu vi phạm lần thứ ba";
    let [act, second] = choices(id, "/discipline/ground").try_into().unwrap();
    for (ground, said, unsaid) in [(act, further, third), (second, third, further)] {
        let data = json!({
            "subject": {"full_name": "Nguyễn Văn Ví Dụ"},
            "discipline": {"ground": ground, "reminder": {"number": 12, "date": "2026-08-12"}},
        });
        let text = filled(id, data);
        assert!(text.contains(said) && !text.contains(unsaid), "{ground}: {text}");
        let cited = text.contains("Biên bản số 12/BB-");
        assert_eq!(cited, said == third, "{ground}: {text}");
    }
    let blank = blank(id);
    assert!(blank.contains(further) && blank.contains(third) && blank.contains('☐'));
}

/// A commitment in two languages: each sentence below its own; where a sentence is not
/// translated yet there is a line to write on.
#[test]
fn a_commitment_can_stand_in_a_second_language() {
    let id = "product-cam-ket-khong-trong";
    let alone = blank(id);
    let data = json!({"second_language": {"name": "tiếng Ví Dụ", "commitments": ["Câu một khác"]}});
    let text = filled(id, data);
    let line = |text: &str, start: &str| {
        text.lines().position(|line| line.starts_with(start)).unwrap_or_else(|| panic!("{text}"))
    };
    let lines: Vec<&str> = text.lines().collect();
    let first = line(&text, "1. Không trồng");
    assert!(lines[first].contains("Câu một khác") || lines[first + 1].contains("Câu một khác"));
    let dots = |text: &str| text.matches("....").count() + text.matches("……").count();
    assert!(dots(&text) > dots(&alone), "no lines for the sentences that are missing");
    assert!(text.contains("giải thích bằng tiếng Ví Dụ") && !alone.contains("giải thích bằng"));
}

/// Who signs, as Nghị định 30/2020/NĐ-CP writes it.
#[test]
fn deputies_and_others_sign_as_the_decree_asks() {
    let police = |signer: Value| {
        let profile = json!({"police": {"name": "Công an xã Định Mỹ", "signer": signer}});
        let data = json!({"subject": {"full_name": "Nguyễn Văn Ví Dụ"}, "profile": profile});
        filled("product-bo-sung-danh-sach", data)
    };
    let text = police(json!({"authority": "KT.", "rank": "Đại úy", "name": "Phạm Văn Mẫu"}));
    assert!(text.contains("KT. TRƯỞNG CÔNG AN\nPHÓ TRƯỞNG CÔNG AN\n"), "{text}");
    assert!(text.contains("\nĐại úy Phạm Văn Mẫu"), "{text}");
    let committee = |id: &str, signer: Value| {
        filled(
            id,
            json!({"profile": {"committee": {"name": "Ủy ban nhân dân xã Định Mỹ", "signer": signer}}}),
        )
    };
    let together = committee("product-dang-ky-khong-ma-tuy", json!({"name": "Trần Thị Minh Họa"}));
    assert!(together.contains("TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n"), "{together}");
    let alone =
        committee("product-ban-chi-dao", json!({"authority": "KT.", "title": "Phó Chủ tịch"}));
    assert!(alone.contains("KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n") && !alone.contains("TM."), "{alone}");
}

/// The law that the forms cite is in force since 1 July 2026.
#[test]
fn a_document_before_the_law_is_told() {
    let sample = |day: &str| {
        let data = json!({
            "template": "product-bo-sung-danh-sach",
            "subject": {"full_name": "Nguyễn Văn Ví Dụ"},
            "date": day,
        });
        codes_of(&data.to_string())
    };
    assert!(sample("2026-06-30").contains(&"FM01".to_owned()));
    assert_eq!(sample("2026-07-01"), ["FM03"]);
}

/// The table of these forms in the guide, as the catalogue has it.
fn table_of_forms() -> String {
    let mut table = String::from("| id | title | data |\n|---|---|---|\n");
    for form in forms() {
        let of_a_person = form.schema().unwrap().knows("", "subject");
        let data = if of_a_person { "a case" } else { "a commune, `_schema/community.json`" };
        writeln!(table, "| `{}` | {} | {data} |", form.manifest.id, form.manifest.title).unwrap();
    }
    table
}

/// `UPDATE_SUITE=1` writes it.
#[test]
fn the_guide_lists_every_form_without_a_sample() {
    let path = repository("templates/README.md");
    let guide = fs::read_to_string(&path).unwrap();
    let (start, end) = ("<!-- product forms -->\n", "<!-- end of product forms -->");
    let (before, rest) = guide.split_once(start).expect("the guide has a place for it");
    let (table, after) = rest.split_once(end).unwrap();
    if table != table_of_forms() {
        assert!(
            std::env::var_os("UPDATE_SUITE").is_some(),
            "UPDATE_SUITE=1 writes the table of forms without a sample anew"
        );
        fs::write(path, format!("{before}{start}{}{end}{after}", table_of_forms())).unwrap();
    }
}

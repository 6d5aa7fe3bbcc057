//! The case model: one file for all papers of a case, its schemas, and what is said
//! when a value does not fit.

use std::collections::BTreeSet;
use std::fs;
use std::sync::LazyLock;

use serde_json::Value;
use vanban::base::Finding;
use vanban::catalog::{Catalog, FontSet, Schema};
use vanban::pipeline::{Emit, Input, Renderer};

use super::support::{repository, vanban};

/// A renderer with the template `case-paper`, which asks for little of a case.
static CASES: LazyLock<Renderer> = LazyLock::new(|| {
    let catalog = Catalog::with_folder(&repository("tests/suite/cases")).unwrap();
    Renderer::new(catalog, FontSet::shipped()).unwrap()
});

const PAPER: &str = "case-paper";

fn schema() -> &'static Schema {
    CASES.catalog().template(PAPER).unwrap().schema().unwrap()
}

fn input(data: &str) -> Input<'_> {
    Input { template: Some(PAPER), ..Input::new("case.yaml", data.as_bytes()) }
}

fn findings(data: &str) -> Vec<Finding> {
    match CASES.check(&input(data)) {
        Ok(checked) => checked.findings,
        Err(findings) => findings,
    }
}

fn text(data: &str) -> String {
    let composed = CASES.compose(&input(data));
    CASES.emit(&composed.unwrap_or_else(|findings| panic!("{findings:#?}")), Emit::Text).unwrap()
}

fn examples() -> Vec<(String, String)> {
    let files = fs::read_dir(repository("examples/case")).unwrap().map(|file| file.unwrap().path());
    let mut files: Vec<_> = files
        .filter(|path| path.is_file())
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn every_example_fits_the_case_and_names_no_template() {
    let examples = examples();
    assert!(examples.len() >= 6);
    for (name, data) in examples {
        assert!(
            name.chars().all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '-')
        );
        assert!(!data.contains("\ntemplate:"), "{name}");
        let found = findings(&data);
        if data.contains("\nsubject:") {
            assert_eq!(found, [], "{name}");
        } else {
            let codes: Vec<_> = found.iter().map(|one| one.code.to_string()).collect();
            assert_eq!(codes, ["SC01"], "{name}: of nobody in particular");
        }
    }
}

/// Whoever looks for the place of a value finds it in an example.
#[test]
fn the_examples_show_every_property_of_the_case() {
    let mut used = BTreeSet::new();
    for (_, data) in examples() {
        let (_, node) = vanban::input::read("case.yaml", data.as_bytes()).unwrap();
        uses("", &node.to_json(), &mut used);
    }
    let mut all = BTreeSet::new();
    let groups: Vec<String> = schema().keys("").map(|key| format!("/{key}")).collect();
    for group in groups
        .iter()
        .filter(|group| !["/$schema", "/template", "/papers"].contains(&group.as_str()))
    {
        properties(group, &mut all);
    }
    let missing: Vec<_> = all.difference(&used).filter(|path| !may_be_missing(path)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

/// What an example does not say because it follows from the rest.
const FOLLOWS: [&str; 8] = [
    "/place",
    "/procedure",
    "/rehab/admission_date",
    "/rehab/decision_text",
    "/rehab/expected_end_date",
    "/request/decision",
    "/subject/age",
    "/violation/remote_area",
];

/// Whether a property may be missing: it follows from the rest, or is one of the many
/// that every person, office, decision and figure has.
fn may_be_missing(path: &str) -> bool {
    const OF_MANY: [&str; 25] = [
        "/applicant/",
        "/decisions/",
        "/dossier/chosen",
        "/dossier/outside",
        "/dossier/record",
        "/events",
        "/facility/signer/",
        "/family/",
        "/guardian/",
        "/move/notice/",
        "/officers/",
        "/profile/",
        "/provider/",
        "/register/",
        "/registration/",
        "/report/",
        "/request/officer/",
        "/session/partner/",
        "/subject/residence/",
        "/summons/meet/",
        "/summons/person/",
        "/test/tester/",
        "/transfer/",
        "/violator/",
        "/witnesses/",
    ];
    FOLLOWS.contains(&path)
        || path.starts_with("/request/decision/")
        || OF_MANY.iter().any(|group| path.starts_with(group))
}

fn uses(at: &str, value: &Value, used: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let path = format!("{at}/{key}");
                uses(&path, value, used);
                used.insert(path);
            }
        }
        Value::Array(list) => list.iter().for_each(|value| uses(&format!("{at}/0"), value, used)),
        _ => {}
    }
}

fn properties(at: &str, all: &mut BTreeSet<String>) {
    all.insert(at.to_owned());
    let schema = schema();
    let item = format!("{at}/0");
    let is_list = schema.describe(at).and_then(|one| schema.keyword(one, "items")).is_some();
    let at = if is_list { item.as_str() } else { at };
    let keys: Vec<String> = schema.keys(at).map(str::to_owned).collect();
    for key in keys {
        properties(&format!("{at}/{key}"), all);
    }
}

/// A page is made of the schemas: everything has a title, and nothing is let in that
/// is not described.
#[test]
fn every_property_has_a_title_and_every_object_is_closed() {
    fn walk(schema: &Schema, at: &Value, path: &str, seen: &mut usize) {
        let Value::Object(object) = at else { return };
        if let Some(Value::Object(named)) = object.get("properties") {
            if path.contains("$defs") {
                let open = object.get("additionalProperties").is_none_or(Value::is_object);
                assert!(!open, "{path} takes unknown keys");
            }
            for (key, property) in named.iter().filter(|_| path.contains("$defs")) {
                *seen += 1;
                let title = schema.keyword(property, "title").and_then(Value::as_str);
                assert!(title.is_some_and(|title| !title.is_empty()), "{path}/{key} has no title");
            }
        }
        // What is said under conditions adds to what is described already.
        for (key, below) in object.iter().filter(|(key, _)| *key != "allOf") {
            walk(schema, below, &format!("{path}/{key}"), seen);
        }
    }
    let mut seen = 0;
    walk(schema(), &schema().bundle, "#", &mut seen);
    assert!(seen > 400, "{seen}");
}

/// Where, what fits, what does not.
const FORMS: [(&str, &[&str], &[&str]); 9] = [
    (
        "/subject/identity/number",
        &["001099000001", "123456789", "B1234567", "C12345678"],
        &[
            "00109900001",
            "0010990000012",
            "12345678",
            "1234567890",
            "b1234567",
            "B123456",
            "B123456789",
            "AB1234567",
            "001 099 000 001",
            "không rõ",
        ],
    ),
    (
        "/subject/phone",
        &["0912345678", "0912 345 678", "+84 912 345 678", "0296.000.0001"],
        &["912345678", "0912", "113", "0912345678901", "không"],
    ),
    (
        "/subject/birth_date",
        &["1990", "3/1990", "15/3/1990", "1990-03-15", "1990-03"],
        &["90", "1990/3/15", "15.3.1990", "tháng 3 năm 1990"],
    ),
    (
        "/minutes/start_time",
        &["8:30", "08h30", "23h", "0:05"],
        &["24:00", "8:60", "8", "8 giờ 30", "8:5"],
    ),
    ("/subject/full_name", &["Nguyễn Văn Ví Dụ", "H'Hen Niê"], &["Nguyễn Văn 2"]),
    ("/subject/sex", &["Nam", "Nữ"], &["nam", "male"]),
    ("/provider/email", &["lien.he@vidu.example"], &["vidu.example", "a b@c.d"]),
    ("/number", &["12", "12a", "05"], &["12/QĐ-CAX", "QĐ 12"]),
    ("/profile/police/symbol", &["CAX", "CA-DM"], &["CAX/ĐM", "C A X"]),
];

/// A case with one value, at a JSON pointer.
fn with(pointer: &str, value: &Value) -> String {
    let mut data =
        serde_json::json!({ "subject": { "full_name": "Nguyễn Văn Ví Dụ" }, "date": "2026-08-12" });
    let mut at = &mut data;
    for part in pointer.split('/').skip(1) {
        at = at.as_object_mut().unwrap().entry(part).or_insert_with(|| serde_json::json!({}));
    }
    *at = value.clone();
    data.to_string()
}

#[test]
fn values_of_a_form_are_told_from_others() {
    for (pointer, right, wrong) in FORMS {
        for value in right {
            assert_eq!(findings(&with(pointer, &Value::from(*value))), [], "{pointer}: {value}");
        }
        for value in wrong {
            let found = findings(&with(pointer, &Value::from(*value)));
            let [finding] = found.as_slice() else { panic!("{pointer}: {value}: {found:#?}") };
            assert!(["SC04", "SC05"].contains(&&*finding.code), "{pointer}: {value}: {finding:#?}");
            assert_eq!(finding.place.as_ref().unwrap().pointer, pointer);
            assert!(finding.hint.is_some() || finding.code == "SC04", "{pointer}: {value}");
        }
    }
}

#[test]
fn a_number_of_eleven_digits_is_told_what_is_allowed() {
    // Typed without quotes too: it stays the digits that were typed.
    for number in ["'01099000001'", "01099000001"] {
        let data =
            format!("subject:\n  full_name: Nguyễn Văn Ví Dụ\n  identity: {{number: {number}}}\n");
        let found = findings(&data);
        let [finding] = found.as_slice() else { panic!("{found:#?}") };
        assert_eq!(finding.message.vi, "`number` (Số giấy tờ) không đúng dạng: “01099000001”");
        let hint = finding.hint.as_ref().unwrap();
        assert_eq!(
            hint.vi,
            "được phép: 12 chữ số (căn cước, CCCD), 9 chữ số (CMND), hoặc một chữ cái in hoa và 7–8 chữ số \
             (hộ chiếu), đúng với loại giấy tờ đã ghi; ở đây có 11 chữ số"
        );
        assert!(hint.en.ends_with("; here there are 11 digits"), "{}", hint.en);
    }
}

#[test]
fn a_number_fits_the_kind_of_paper_that_is_named() {
    let found = |kind: &str, number: &str| {
        let data =
            format!("subject: {{full_name: A, identity: {{kind: {kind}, number: '{number}'}}}}\n");
        findings(&data).iter().map(|one| one.code.to_string()).collect::<Vec<_>>()
    };
    let none: [&str; 0] = [];
    for (kind, right, wrong) in [
        ("Căn cước", "001099000001", "123456789"),
        ("Căn cước công dân", "001099000001", "B1234567"),
        ("Chứng minh nhân dân", "123456789", "B1234567"),
        ("Hộ chiếu", "B1234567", "001099000001"),
    ] {
        assert_eq!(found(kind, right), none, "{kind}");
        assert_eq!(found(kind, wrong), ["SC05"], "{kind}");
        assert_eq!(found(kind, "12"), ["SC05"], "{kind}: said once");
    }
    assert_eq!(found("Chứng minh nhân dân", "001099000001"), none);
}

#[test]
fn identity_numbers_keep_their_zeros() {
    let data = "subject: {full_name: A, identity: {number: 001099000001}, phone: 0912345678}\n";
    let checked = CASES.check(&input(data)).unwrap();
    assert_eq!(checked.data["subject"]["identity"]["number"], "001099000001");
    assert_eq!(checked.data["subject"]["phone"], "0912345678");
}

#[test]
fn groups_that_are_left_out_are_there_for_content_templates() {
    let checked = CASES.check(&input("subject: {full_name: A}\n")).unwrap();
    assert_eq!(checked.data.pointer("/family/father/identity/number"), Some(&Value::Null));
    assert_eq!(checked.data["witnesses"], serde_json::json!([]));
    assert!(
        text("subject: {full_name: Nguyễn Văn Ví Dụ}\n")
            .contains("cha: chưa khai; nơi lập: chưa rõ")
    );
}

#[test]
fn a_paper_has_values_of_its_own() {
    let data = "subject: {full_name: Nguyễn Văn Ví Dụ}\nminutes: {place: trụ sở}\npapers:\n  \
                case-paper: {minutes: {place: nhà văn hóa ấp}}\n  plan: {minutes: {copies: nhiều}}\n";
    assert!(text(data).contains("nơi lập: nhà văn hóa ấp"));
    let found = findings(&data.replace("plan:", "case-papr:"));
    let [finding] = found.as_slice() else { panic!("{found:#?}") };
    assert_eq!(
        (&*finding.code, finding.place.as_ref().unwrap().pointer.as_str()),
        ("IN11", "/papers/case-papr")
    );
    // A value that does not fit is shown where it stands.
    let wrong = data.replace("nhà văn hóa ấp}", "x, copies: nhiều}");
    let found = findings(&wrong);
    let [finding] = found.as_slice() else { panic!("{found:#?}") };
    let place = finding.place.as_ref().unwrap();
    assert_eq!(&wrong[place.span.clone()], "nhiều");
    assert_eq!(&*findings("subject: {full_name: A}\npapers: 3\n")[0].code, "SC03");
}

#[test]
fn keys_are_named_by_their_titles_where_a_template_requires_them() {
    let found = findings("date: 2026-08-12\nsubject: {ho_ten: A}\n");
    let [finding] = found.as_slice() else { panic!("{found:#?}") };
    assert_eq!(&*finding.code, "SC02");
    let found = findings("date: 2026-08-12\nsubject: {sex: Nam}\n");
    let [finding] = found.as_slice() else { panic!("{found:#?}") };
    assert_eq!(finding.message.vi, "thiếu `full_name` (Họ và tên) trong `subject`");
}

/// Papers of one case lie side by side, each under the name of its template; a file
/// that names no template needs to be told one.
#[test]
fn papers_of_a_case_do_not_take_each_others_place() {
    let folder = tempfile::tempdir().unwrap();
    let case = folder.path().join("ho-so.yaml");
    fs::copy(repository("examples/case/nguoi-chua-thanh-nien-15-tuoi.yaml"), &case).unwrap();
    let render = |arguments: &[&str]| {
        let mut command = vanban();
        command.args(["--templates", "tests/suite/cases", "render", "--format", "txt"]);
        command.arg(&case).args(arguments).output().unwrap()
    };
    assert!(render(&["--template", PAPER]).status.success());
    let paper = fs::read_to_string(folder.path().join("ho-so.case-paper.txt")).unwrap();
    assert!(paper.contains("Trần Văn Thử Nghiệm; cha: Trần Văn Mẫu Cha"), "{paper}");
    let output = render(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("[IN10]"));
}

/// A profile, as `--profile` reads it.
const PROFILE: &str = "police: {name: Công an xã Định Mỹ, superior: Công an tỉnh Minh Họa, signer: {name: Lê Văn Thí Dụ}}\n";

fn with_profile(profile: &str) -> Renderer {
    let catalog = Catalog::with_folder(&repository("tests/suite/cases")).unwrap();
    let renderer = Renderer::new(catalog, FontSet::shipped()).unwrap();
    renderer.with_profile("co-quan.yaml", profile.as_bytes())
}

#[test]
fn a_profile_lies_under_the_data() {
    let renderer = with_profile(PROFILE);
    let profile =
        |data: &str| renderer.check(&input(data)).unwrap().data["profile"]["police"].clone();
    let police = profile("subject: {full_name: A}\n");
    assert_eq!(police["name"], "Công an xã Định Mỹ");
    let own =
        "subject: {full_name: A}\nprofile: {police: {name: Công an xã Minh Họa, symbol: CAX}}\n";
    let police = profile(own);
    assert_eq!(police["name"], "Công an xã Minh Họa", "the data wins");
    assert_eq!(police["superior"], "Công an tỉnh Minh Họa");
    assert_eq!(police["symbol"], "CAX");
    assert_eq!(profile("subject: {full_name: A}\nprofile:\n")["name"], "Công an xã Định Mỹ");
    // A plan has no use for it, whatever it says.
    let plan = renderer.catalog().template("plan").unwrap().sample(false);
    assert!(with_profile("police: 3\n").check(&Input::new("plan.yaml", plan.as_bytes())).is_ok());
}

#[test]
fn what_is_wrong_with_a_profile_is_shown_in_its_own_file() {
    let renderer = with_profile("police: {name: Công an xã Định Mỹ, symbol: CAX/ĐM, ten: x}\n");
    let found = renderer.check(&input("date: 2026-02-30\nsubject: {full_name: A}\n")).unwrap_err();
    let places: Vec<_> = found
        .iter()
        .map(|finding| {
            let place = finding.place.as_ref().unwrap();
            (&*finding.code, place.source.name(), place.pointer.as_str())
        })
        .collect();
    let expected = [
        ("SC05", "co-quan.yaml", "/police/symbol"),
        ("SC02", "co-quan.yaml", "/police/ten"),
        ("DT05", "case.yaml", "/date"),
    ];
    assert_eq!(places, expected);
    assert_eq!(
        &*with_profile("police: [").check(&input("subject: {full_name: A}\n")).unwrap_err()[0].code,
        "IN06"
    );
}

#[test]
fn the_example_of_a_profile_serves_the_command_line() {
    let profile = fs::read_to_string(repository("examples/profile/dinh-my.yaml")).unwrap();
    let renderer = with_profile(&profile);
    assert!(renderer.check(&input("subject: {full_name: A}\n")).unwrap().findings.is_empty());
    let folder = tempfile::tempdir().unwrap();
    let case = folder.path().join("ho-so.yaml");
    fs::write(&case, "subject: {full_name: Nguyễn Văn Ví Dụ}\n").unwrap();
    let run = |verb: &str, profile: &str| {
        let mut command = vanban();
        command.args(["--templates", "tests/suite/cases", verb, "--template", PAPER]);
        command.arg(&case).args(["--profile", profile]).output().unwrap()
    };
    assert_eq!(run("check", "examples/profile/dinh-my.yaml").status.code(), Some(0));
    assert_eq!(run("render", "examples/profile/dinh-my.yaml").status.code(), Some(0));
    assert!(folder.path().join("ho-so.case-paper.pdf").is_file());
    let missing = run("check", "khong-co.yaml");
    assert_eq!(missing.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("khong-co.yaml"));
}

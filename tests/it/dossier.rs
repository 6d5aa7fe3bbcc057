//! The file of a case: which papers are there, which are missing, which are not needed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use rstest::rstest;
use serde_json::Value;
use tempfile::TempDir;
use vanban::pipeline::{Completeness, Input, PaperState, Status};
use vanban::viet::Calendar;

use super::support::{RENDERER, repository, vanban};

const ADULT: &str = "nguoi-thanh-nien-co-noi-cu-tru";
const HOMELESS: &str = "nguoi-thanh-nien-khong-noi-cu-tru";
const MINOR: &str = "nguoi-chua-thanh-nien-15-tuoi";
const VOLUNTARY: &str = "cai-nghien-tu-nguyen";
const AFTER: &str = "quan-ly-sau-cai";

/// A case without what it says of its own file.
fn example(name: &str) -> String {
    let text = fs::read_to_string(repository(&format!("examples/case/{name}.yaml"))).unwrap();
    let (_, node) = vanban::input::read(name, text.as_bytes()).unwrap();
    let mut case = node.to_json();
    let object = case.as_object_mut().unwrap();
    object.remove("procedure");
    object.remove("events");
    if let Some(Value::Object(dossier)) = object.get_mut("dossier") {
        dossier.remove("outside");
        dossier.remove("chosen");
    }
    case.to_string()
}

/// A case with YAML laid over it, key by key.
fn with(name: &str, more: &str) -> String {
    fn lay(under: &mut Value, over: Value) {
        match (under, over) {
            (Value::Object(under), Value::Object(over)) => {
                for (key, value) in over {
                    lay(under.entry(key).or_insert(Value::Null), value);
                }
            }
            (under, over) => *under = over,
        }
    }
    let mut case: Value = serde_json::from_str(&example(name)).unwrap();
    let (_, node) = vanban::input::read("more.yaml", more.as_bytes()).unwrap();
    lay(&mut case, node.to_json());
    case.to_string()
}

/// What came along with a case: a few bytes for each path.
fn files(paths: &[&str]) -> BTreeMap<String, Arc<[u8]>> {
    paths.iter().map(|path| ((*path).to_owned(), Arc::from(&b"%PDF-1.7"[..]))).collect()
}

fn look_with(case: &str, procedure: &str, paths: &[&str]) -> Completeness {
    let files = files(paths);
    let input = Input::new("case.json", case.as_bytes()).with_files(&files);
    let found = RENDERER.completeness(&input, Some(procedure), None, Calendar::of_vietnam());
    found.unwrap_or_else(|findings| panic!("{procedure}: {findings:#?}"))
}

fn look(case: &str, procedure: &str) -> Completeness {
    look_with(case, procedure, &[])
}

fn paper<'a>(found: &'a Completeness, key: &str) -> &'a PaperState {
    found.papers.iter().find(|one| one.paper.key == key).unwrap_or_else(|| panic!("no {key}"))
}

/// The keys of the required papers that are not there.
fn wanting(found: &Completeness) -> String {
    let wanting = found.papers.iter().filter(|one| one.is_wanting());
    wanting.map(|one| one.paper.key.as_str()).collect::<Vec<_>>().join(" ")
}

fn there(found: &Completeness) -> String {
    found.present().map(|one| one.paper.key.as_str()).collect::<Vec<_>>().join(" ")
}

/// Without papers from outside, a case wants just those; the rest is made of it.
#[rstest]
#[case(ADULT, "D-C18", "addiction-result", "summary violation-minutes court-request notice")]
#[case(
    HOMELESS,
    "D-C18",
    "addiction-result",
    "summary violation-minutes court-request no-residence notice"
)]
#[case(
    MINOR,
    "D-C12",
    "addiction-result",
    "summary violation-minutes statement opinion court-request notice"
)]
#[case(
    VOLUNTARY,
    "D-V",
    "addiction-result identity-copy",
    "summary application registration-minutes commitment decision decision-receipt"
)]
#[case(AFTER, "D-P", "completion-certificate", "decision summary removal-decision")]
#[case(AFTER, "D-PROPOSAL", "completion-notice", "proposal")]
#[case(ADULT, "D-CUSTODY", "", "decision summary hand-over-minutes")]
#[case(ADULT, "D-ADMISSION", "court-decision facility-decision", "summary hand-over-minutes")]
#[case(ADULT, "D-FACILITY", "court-decision", "facility-request")]
fn examples_want_what_comes_from_outside(
    #[case] name: &str,
    #[case] procedure: &str,
    #[case] missing: &str,
    #[case] made: &str,
) {
    let found = look(&example(name), procedure);
    assert_eq!(wanting(&found), missing);
    assert_eq!(there(&found), made);
    assert_eq!(found.is_complete(), missing.is_empty());
}

#[test]
fn a_file_from_outside_makes_the_dossier_complete() {
    let case = with(
        ADULT,
        "dossier: {outside: [{paper: addiction-result, file: giay-to/phieu.pdf, number: 15/PKQ, date: 2026-08-11, issuer: Trung tâm Y tế}]}",
    );
    let found = look_with(&case, "D-C18", &["giay-to/phieu.pdf"]);
    assert!(found.is_complete());
    let result = paper(&found, "addiction-result");
    assert_eq!(result.status, Status::Outside);
    let file = &result.outside[0];
    assert_eq!(file.found.as_deref(), Ok("giay-to/phieu.pdf"));
    assert_eq!(
        (file.number.as_deref(), file.date.as_deref()),
        (Some("15/PKQ"), Some("2026-08-11"))
    );
    // Take the file away, and it is missing: a warning at its place in the case.
    let found = look(&case, "D-C18");
    assert_eq!(wanting(&found), "addiction-result");
    let clause = &paper(&found, "addiction-result").paper.clause;
    assert_eq!(clause, "Nghị định 163/2026/NĐ-CP, Điều 101 khoản 1 điểm c");
    let warning = &found.findings[0];
    assert_eq!(&*warning.code, "PR04");
    assert_eq!(warning.place.as_ref().unwrap().pointer, "/dossier/outside/0/file");
}

/// A paper that the program could make may be the scan of what was signed.
#[test]
fn a_signed_paper_goes_before_the_one_that_can_be_made() {
    let case = with(ADULT, "dossier: {outside: [{paper: violation-minutes, file: bb.pdf}]}");
    let found = look_with(&case, "D-C18", &["bb.pdf"]);
    assert_eq!(paper(&found, "violation-minutes").status, Status::Outside);
}

#[test]
fn a_condition_follows_the_data() {
    let status = |more: &str| {
        let found = look(&with(ADULT, more), "D-C18");
        let state = paper(&found, "no-residence").clone();
        (state.status, state.reason.map(|reason| reason.vi).unwrap_or_default())
    };
    let needed = status("subject: {residence: {stable: false}}");
    assert_eq!(needed.0, Status::Generated);
    let not = status("subject: {residence: {stable: true}}");
    assert_eq!(not, (Status::NotNeeded, "người này có nơi cư trú ổn định".to_owned()));
    let (status, reason) = status("subject: {residence: {stable: }}");
    assert_eq!(status, Status::NotNeeded);
    assert_eq!(reason, "hồ sơ không ghi “Có nơi cư trú ổn định”, coi như không cần");
}

#[test]
fn where_the_person_goes_decides_the_papers_of_a_registration() {
    let keys = |place: &str| {
        let found =
            look(&with(VOLUNTARY, &format!("registration: {{place_kind: '{place}'}}")), "D-V");
        let needed = |key: &str| paper(&found, key).status != Status::NotNeeded;
        ["facility-request", "registration-minutes", "commitment"].map(needed)
    };
    assert_eq!(keys("Tại gia đình, cộng đồng"), [false, true, true]);
    assert_eq!(keys("Tại cơ sở cai nghiện ma túy công lập"), [true, false, false]);
    assert_eq!(keys("Tại Trường giáo dưỡng"), [true, false, false]);
    assert_eq!(keys("Tại cơ sở cai nghiện ma túy tư nhân"), [false, false, false]);
}

/// The law takes one paper for another: chosen by the case, it stands in its place.
#[rstest]
#[case(ADULT, "D-C18", "substitution-confirmation", "addiction-result")]
#[case(MINOR, "D-C12", "testimony", "statement")]
#[case(MINOR, "D-C12", "statement-refusal", "statement")]
#[case(MINOR, "D-C12", "opinion-refusal", "opinion")]
fn one_paper_stands_for_another(
    #[case] name: &str,
    #[case] procedure: &str,
    #[case] chosen: &str,
    #[case] replaced: &str,
) {
    let found = look(&with(name, &format!("dossier: {{chosen: [{chosen}]}}")), procedure);
    assert_eq!(paper(&found, chosen).status, Status::Generated);
    assert_eq!(paper(&found, replaced).status, Status::Replaced(chosen.to_owned()));
    // Whoever has the paper itself needs no other.
    let both = with(
        name,
        &format!("dossier: {{chosen: [], outside: [{{paper: {replaced}, file: a.pdf}}]}}"),
    );
    let found = look_with(&both, procedure, &["a.pdf"]);
    assert_eq!(paper(&found, replaced).status, Status::Outside);
    assert_eq!(paper(&found, chosen).status, Status::NotNeeded);
}

/// One set of minutes says that neither statement nor opinion was given.
#[test]
fn one_document_for_two_papers_is_in_the_file_once() {
    let chosen = with(MINOR, "dossier: {chosen: [statement-refusal, opinion-refusal]}");
    let found = look(&chosen, "D-C12");
    assert_eq!(paper(&found, "statement-refusal").status, Status::Generated);
    let other = Status::Replaced("statement-refusal".to_owned());
    assert_eq!(paper(&found, "opinion-refusal").status, other);
    assert!(wanting(&found) == "addiction-result");
}

/// After rehabilitation at home the commune itself certifies it.
#[test]
fn a_paper_of_its_own_stands_for_that_of_a_facility() {
    let home = with(AFTER, "rehab: {form: 'Tự nguyện tại gia đình, cộng đồng'}");
    let found = look(&home, "D-P");
    assert_eq!(paper(&found, "own-completion-certificate").status, Status::Generated);
    assert!(found.is_complete());
    let found = look(&example(AFTER), "D-P");
    assert_eq!(paper(&found, "own-completion-certificate").status, Status::NotNeeded);
}

#[test]
fn papers_that_the_law_leaves_to_the_case_go_in_when_chosen() {
    let found = look(&with(ADULT, "dossier: {chosen: [custody-decision]}"), "D-C18");
    assert_eq!(paper(&found, "custody-decision").status, Status::Generated);
    let found = look(&example(ADULT), "D-C18");
    assert_eq!(paper(&found, "custody-decision").status, Status::Absent);
    // Chosen and not there is missing: somebody counts on it.
    let found = look(&with(ADULT, "dossier: {chosen: [other-papers]}"), "D-C18");
    assert_eq!(wanting(&found), "addiction-result other-papers");
}

/// What a form cannot do without is named as the form calls it.
#[test]
fn a_form_that_lacks_data_is_missing_with_the_names_of_the_data() {
    let mut case: Value = serde_json::from_str(&example(ADULT)).unwrap();
    case["subject"].as_object_mut().unwrap().remove("full_name");
    let found = look(&case.to_string(), "D-C18");
    let summary = paper(&found, "summary");
    assert_eq!(summary.status, Status::Missing);
    assert!(summary.is_wanting());
    let said: Vec<&str> = summary.missing.iter().map(|one| one.message.vi.as_str()).collect();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("Họ") && said[0].contains("tên"), "{said:?}");
}

#[rstest]
#[case(MINOR, "D-C18", "D-C12")]
#[case(ADULT, "D-C12", "D-C18")]
fn a_procedure_for_others_is_refused(
    #[case] name: &str,
    #[case] procedure: &str,
    #[case] right: &str,
) {
    let case = example(name);
    let input = Input::new("case.json", case.as_bytes());
    let found = RENDERER.completeness(&input, Some(procedure), None, Calendar::of_vietnam());
    let findings = found.unwrap_err();
    let last = findings.last().unwrap();
    assert_eq!(&*last.code, "PR10");
    assert!(last.message.vi.contains(right), "{}", last.message.vi);
    assert_eq!(last.place.as_ref().unwrap().pointer, "/subject/birth_date");
    let found = RENDERER.completeness(&input, Some(right), None, Calendar::of_vietnam());
    assert!(found.is_ok());
}

#[test]
fn a_case_without_a_procedure_is_asked_for_one() {
    let case = example(ADULT);
    let input = Input::new("case.json", case.as_bytes());
    let findings = RENDERER.completeness(&input, None, None, Calendar::of_vietnam()).unwrap_err();
    assert_eq!(&*findings[0].code, "PR09");
    let case = with(ADULT, "procedure: D-C18");
    let input = Input::new("case.json", case.as_bytes());
    assert!(RENDERER.completeness(&input, None, None, Calendar::of_vietnam()).is_ok());
}

/// A folder with a case for `D-C18`, complete but for what a test takes away.
fn desk() -> TempDir {
    let desk = tempfile::tempdir().unwrap();
    let text = with(
        ADULT,
        "procedure: D-C18\nevents: {dossier_notice_received: 2026-08-14T09:00}\ndossier: {outside: [{paper: addiction-result, file: phieu.pdf}]}\n",
    );
    fs::write(desk.path().join("ho-so.json"), text).unwrap();
    fs::write(desk.path().join("phieu.pdf"), "%PDF-1.7\n").unwrap();
    desk
}

fn run(desk: &Path, arguments: &[&str]) -> (i32, String) {
    let mut command = vanban();
    let output =
        command.current_dir(desk).args(["dossier", "check"]).args(arguments).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn the_exit_code_tells_of_papers_and_of_limits() {
    let desk = desk();
    let check = |arguments: &[&str]| run(desk.path(), arguments);
    let (code, text) = check(&["ho-so.json", "--as-of", "2026-08-20"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("Kết luận: hồ sơ đủ giấy tờ\n"), "{text}");
    let (code, text) = check(&["ho-so.json", "--as-of", "2026-08-21T08:00"]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("QUÁ HẠN 8 giờ"), "{text}");
    assert!(text.contains("Điều 102 khoản 4"), "{text}");
    fs::remove_file(desk.path().join("phieu.pdf")).unwrap();
    let (code, text) = check(&["ho-so.json", "--as-of", "2026-08-20", "--lang", "en"]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("papers missing: 1"), "{text}");
    let (code, text) = check(&["ho-so.json", "--procedure", "D-C1"]);
    assert_eq!(code, 1);
    assert!(text.starts_with("lỗi[PR02]"), "{text}");
}

#[test]
fn a_calendar_of_the_house_moves_a_limit() {
    let desk = desk();
    fs::write(desk.path().join("lich.csv"), "date,name,day_off\n2026-08-20,Nghỉ,1\n").unwrap();
    let arguments = ["ho-so.json", "--as-of", "2026-08-21", "--calendar", "lich.csv"];
    let (code, text) = run(desk.path(), &arguments);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("hạn cuối hết ngày 21/8/2026"), "{text}");
    fs::write(desk.path().join("lich.csv"), "date,name,day_off\n20/8/2026,Nghỉ,1\n").unwrap();
    let (code, text) = run(desk.path(), &arguments);
    assert_eq!(code, 1);
    assert!(text.starts_with("lỗi[PR08]"), "{text}");
    assert!(text.contains("lich.csv:2:1"), "{text}");
}

#[test]
fn other_programs_read_the_state_of_a_dossier() {
    let desk = desk();
    let (code, text) = run(desk.path(), &["ho-so.json", "--as-of", "2026-08-20", "--json"]);
    assert_eq!(code, 0);
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["version"], 1);
    assert_eq!(report["procedure"], "D-C18");
    assert_eq!(report["as_of"], "2026-08-20");
    assert_eq!((&report["complete"], &report["overdue"]), (&true.into(), &false.into()));
    let papers = report["papers"].as_array().unwrap();
    let result = papers.iter().find(|one| one["key"] == "addiction-result").unwrap();
    assert_eq!(result["status"], "outside");
    assert_eq!(result["files"][0]["file"], "phieu.pdf");
    let send = report["deadlines"].as_array().unwrap().iter().find(|one| one["id"] == "send");
    let send = send.unwrap();
    assert_eq!((&send["start"], &send["due"]), (&"2026-08-19".into(), &"2026-08-20".into()));
    assert_eq!(send["status"], "running");
    assert_eq!(report["sets"].as_array().unwrap().len(), 3);
}

/// The printed checklist names the person, every paper and every limit that the text
/// does; nothing of the person goes into the name of the file.
#[test]
fn the_checklist_is_printed() {
    let desk = desk();
    let arguments = ["ho-so.json", "--as-of", "2026-08-21", "-o", "danh-muc.txt"];
    run(desk.path(), &arguments);
    let text = fs::read_to_string(desk.path().join("danh-muc.txt")).unwrap();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in ["DANH MỤC KIỂM TRA HỒ SƠ", "Nguyễn Văn Ví Dụ", "01 thời hạn đã quá"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
    let procedure = RENDERER.catalog().procedure("D-C18").unwrap();
    let titles = procedure.papers.iter().map(|paper| &paper.title);
    for title in titles.chain(procedure.limits.iter().map(|limit| &limit.title)) {
        assert!(text.contains(title.as_str()), "{title}");
    }
    run(desk.path(), &["ho-so.json", "--as-of", "2026-08-21", "-o", "danh-muc.pdf"]);
    assert!(fs::read(desk.path().join("danh-muc.pdf")).unwrap().starts_with(b"%PDF-1.7"));
}

#[test]
fn procedures_are_listed() {
    let list = |arguments: &[&str]| {
        let output = vanban().args(["dossier", "procedures"]).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stdout).unwrap()
    };
    let lines = list(&["--lang", "en"]);
    assert_eq!(lines.lines().count(), 11);
    assert!(lines.contains("D-C18\tFile for compulsory rehabilitation (18 and more)\t"));
    let json: Value = serde_json::from_str(&list(&["--json"])).unwrap();
    assert_eq!(json["version"], 1);
    assert_eq!(json["procedures"][1]["id"], "D-C12");
    assert_eq!(json["procedures"][1]["paper"][0]["template"], "nd163-v-33");
}

//! Dossiers: a case and the scans of its papers in, an archive or a print set out.

use std::fs;

use serde_json::Value;

use super::form::{Form, answer_to_a_part, is_too_large};
use super::{CASE, Service, case};
use crate::support::{repository, vanban};

const CASES: [(&str, &str); 5] = [
    ("nguoi-thanh-nien-co-noi-cu-tru", "D-C18"),
    ("nguoi-thanh-nien-khong-noi-cu-tru", "D-C18"),
    ("nguoi-chua-thanh-nien-15-tuoi", "D-C12"),
    ("cai-nghien-tu-nguyen", "D-V"),
    ("quan-ly-sau-cai", "D-P"),
];
const PATH: &str = "/api/v1/dossiers/D-C18";
const SCAN: &str = "giay-to/phieu-ket-qua.jpg";

fn paper(path: &str) -> Vec<u8> {
    fs::read(repository("examples/case").join(path)).unwrap()
}

/// A form with a case and the scans that it names.
fn form_of(name: &str) -> Form {
    let case = case(name);
    let papers = [SCAN, "giay-to/can-cuoc.png", "giay-to/giay-xac-nhan.pdf"];
    papers
        .into_iter()
        .filter(|path| case.contains(&format!("file: {path}")))
        .fold(Form::new().part("case", &case), |form, path| form.part(path, paper(path)))
}

/// What the command line makes.
fn built(name: &str, more: &[&str]) -> Vec<u8> {
    let file = format!("examples/case/{name}.yaml");
    let mut command = vanban();
    command.args(["dossier", "build", &file]).args(more);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn archives_are_those_of_the_command_line() {
    let service = Service::start();
    for (name, procedure) in CASES {
        let path = format!("/api/v1/dossiers/{procedure}");
        let answer = form_of(name).post(&service, &path);
        assert_eq!(answer.status, 200, "{name}: {}", answer.text());
        assert_eq!(answer.header("content-type"), "application/zip");
        assert_eq!(answer.header("transfer-encoding"), "chunked");
        assert_eq!(answer.header("x-vanban-procedure"), procedure);
        let hash = vanban::base::Digest::of(case(name).as_bytes()).to_string();
        assert_eq!(answer.header("x-vanban-data-hash"), hash);
        let file = answer.header("content-disposition");
        assert!(file.contains(&format!("filename=\"{procedure}.zip\"")), "{file}");
        assert!(answer.body == built(name, &["-o", "-"]), "{name}: other bytes");
    }
    service.logged("D-P");
    let log = service.log();
    for word in ["Ví Dụ", "phieu-ket-qua", "giay-to"] {
        assert!(!log.contains(word), "{word} in the log: {log}");
    }
}

/// A real scan comes as a file whose name is the path, with numbers as they are asked for.
#[test]
fn a_set_is_printed_as_pdf() {
    let service = Service::start();
    let form = Form::new().part("case", case(CASE)).file("file", SCAN, paper(SCAN));
    let query = "?format=pdf&set=police&start=5&per_page=true&stamp=BL.%7Bn%7D&stamp_at=top-left";
    let answer = form.post(&service, &format!("{PATH}{query}"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/pdf");
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("a.pdf");
    let numbering = [
        "--set",
        "police",
        "--start",
        "5",
        "--per-page",
        "--stamp",
        "BL.{n}",
        "--stamp-at",
        "top-left",
    ];
    built(CASE, &[&["-o", out.to_str().unwrap()], &numbering[..]].concat());
    assert!(answer.body == fs::read(out).unwrap(), "other bytes");
    let form_type = Form::media_type();
    let headers = [("content-type", form_type.as_str()), ("accept", "application/pdf")];
    let accepted = service.send("POST", PATH, &headers, &form.body());
    assert_eq!((accepted.status, accepted.header("content-type")), (200, "application/pdf"));
    let headers = [("content-type", form_type.as_str()), ("accept", "text/html")];
    service.send("POST", PATH, &headers, &form.body()).problem(406, "not-acceptable");
    for query in
        ["format=docx", "set=police", "start=0", "start=x", "stamp_at=middle", "per-page=true"]
    {
        form.post(&service, &format!("{PATH}?{query}")).problem(400, "bad-parameter");
    }
}

/// The report is that of the command line.
#[test]
fn a_dossier_is_looked_at() {
    let service = Service::start();
    let path = format!("{PATH}/check?as_of=2026-08-20T09:30");
    let answer = form_of(CASE).post(&service, &path);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let file = format!("examples/case/{CASE}.yaml");
    let mut command = vanban();
    command.args(["dossier", "check", &file, "--json", "--as-of", "2026-08-20T09:30"]);
    let output = command.output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap().replace(&file, "case");
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(answer.json(), told);
    assert_eq!(told["complete"], true);
    // Without its scan it is not complete, and at this hour its time limits run.
    let alone = service.post_yaml(&format!("{PATH}/check"), &case(CASE));
    let alone = alone.json();
    assert_eq!(alone["complete"], false);
    assert!(alone["as_of"].as_str().unwrap() > "2026-08-20T09:30", "{}", alone["as_of"]);
    // The calendar of a house; what is wrong in it is told.
    let calendar = "date,day_off,name\n2026-08-14,1,Nghỉ\n";
    let own = form_of(CASE).part("calendar", calendar).post(&service, &path).json();
    assert_ne!(own["deadlines"], told["deadlines"]);
    let wrong = form_of(CASE).part("calendar", "date\nx\n").post(&service, &path);
    assert_eq!(wrong.problem(422, "findings")["findings"][0]["code"], "PR08");
    let form = form_of(CASE);
    form.post(&service, &format!("{PATH}/check?as_of=x")).problem(400, "bad-parameter");
    let not_for = "/api/v1/dossiers/D-C12/check?as_of=2026-08-20";
    let not_for = form_of(CASE).post(&service, not_for).problem(422, "findings");
    assert_eq!(not_for["findings"][0]["code"], "PR10");
}

#[test]
fn what_is_wrong_with_a_dossier_is_told_before_it_begins() {
    let service = Service::start();
    let codes = |form: &Form, path: &str| {
        let problem = form.post(&service, path).problem(422, "findings");
        let findings = problem["findings"].as_array().unwrap().clone();
        let errors = findings.iter().filter(|one| one["severity"] == "error");
        errors.map(|one| one["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let alone = Form::new().part("case", case(CASE));
    assert_eq!(codes(&alone, PATH), ["DB01"]);
    let damaged = Form::new().part("case", case(CASE)).part(SCAN, &paper(SCAN)[..200]);
    assert_eq!(codes(&damaged, PATH), ["DB02"]);
    assert_eq!(codes(&form_of(CASE), &format!("{PATH}?format=pdf&set=none")), ["DB03"]);
    // A folder forgotten, or a scan of somebody else.
    let more = form_of(CASE).part("phieu-ket-qua.jpg", paper(SCAN));
    assert_eq!(codes(&more, PATH), ["DB04"]);
    assert_eq!(codes(&more, &format!("{PATH}/check")), ["DB04"]);
    let unknown = form_of(CASE).post(&service, "/api/v1/dossiers/D-C19");
    let unknown = unknown.problem(404, "unknown-procedure");
    assert!(unknown["detail"].as_str().unwrap().contains("`D-C1"), "{unknown}");
    service.post_json(PATH, "{").problem(400, "malformed-request");
    Form::new().part("case", "[1]").post(&service, PATH).problem(400, "malformed-request");
    service
        .send("POST", PATH, &[("content-type", "text/csv")], b"a")
        .problem(415, "unsupported-media-type");
}

/// Names of parts are names and never paths of the machine.
#[test]
fn forms_that_try_tricks_are_refused() {
    let service = Service::with("[limits]\nupload_mib = 1\n");
    let refused = |form: &Form, word: &str| {
        let problem = form.post(&service, PATH).problem(400, "malformed-request");
        let detail = problem["detail"].as_str().unwrap_or_default();
        assert!(detail.contains(word), "{problem}");
    };
    let form = || Form::new().part("case", "subject: {full_name: A}");
    for name in ["../../etc/passwd", "/etc/passwd", "C:\\\\x.jpg", "a/../../x.jpg", ".", "a\tb"] {
        refused(&form().part(name, "x"), "không phải là tên tệp");
        refused(&form().file("file", name, "x"), "không phải là tên tệp");
    }
    refused(&form().part("", "x"), "không có tên");
    refused(&form().with("x=\"y\"", "", "x"), "không có tên");
    refused(&form().file("file", "", "x"), "không có tên");
    refused(&form().part(&"a/".repeat(500), "x"), "dài hơn");
    refused(&form().part("a.jpg", "x").part("./a.jpg", "x"), "cùng tên `a.jpg`");
    refused(&form().part("case", "x"), "cùng tên `case`");
    refused(&Form::new().part("a.jpg", "x"), "thiếu phần `case`");
    refused(&Form::new().part("case", ""), "`case`");
    let many = (0..200).fold(form(), |form, at| form.part(&format!("{at}.jpg"), "x"));
    refused(&many, "hơn 200 phần");
    is_too_large(&service, PATH, &Form::media_type(), 1024 * 1024 + 1);
    is_too_large(&service, PATH, "application/yaml", 10 * 1024 * 1024 + 1);
    // Broken forms.
    let whole = form().part("a.jpg", "x").body();
    let media_type = Form::media_type();
    let send = |kind: &str, body: &[u8]| {
        let answer = service.send("POST", PATH, &[("content-type", kind)], body);
        answer.problem(400, "malformed-request");
    };
    send(&media_type, &whole[..whole.len() - 20]);
    send(&media_type, b"");
    send("multipart/form-data", &whole);
    send("multipart/form-data; boundary=other", &whole);
    assert_eq!(service.get("/readyz").status, 200);
}

#[test]
fn a_form_that_comes_too_slowly_is_given_up() {
    let service = Service::with("[limits]\nbody_seconds = 1\n");
    let body = form_of(CASE).body();
    let half = &body[..body.len() / 2];
    let answer = answer_to_a_part(&service, PATH, &Form::media_type(), body.len(), half);
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("/problems/request-timeout"), "{answer}");
}

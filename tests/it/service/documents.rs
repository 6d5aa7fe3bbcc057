//! Documents and checks.

use super::{CASE, Service, case};
use crate::support::{RENDERER, pdf::Pdf};
use vanban::pipeline::{Format, Input};

const PATH: &str = "/api/v1/documents/nd163-v-36";

#[test]
fn a_document_comes_as_the_library_makes_it_with_what_it_is() {
    let service = Service::start();
    let answer = service.post_yaml(PATH, &case(CASE));
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/pdf");
    let data = case(CASE);
    let input = Input { template: Some("nd163-v-36"), ..Input::new("x", data.as_bytes()) };
    assert_eq!(answer.body, RENDERER.render(&input, Format::Pdf).unwrap().bytes);
    let hash = vanban::base::Digest::of(data.as_bytes()).to_string();
    assert_eq!(answer.header("x-vanban-data-hash"), hash);
    assert_eq!(answer.header("x-vanban-pages"), "1");
    assert_eq!(answer.header("x-vanban-warnings"), "0");
    assert!(answer.header("x-vanban-template").starts_with("nd163-v-36; version=1; digest="));
    let etag = format!("\"{}\"", vanban::base::Digest::of(&answer.body));
    assert_eq!(answer.header("etag"), etag);
    let name = answer.header("content-disposition");
    assert!(name.contains("filename=\"nd163-v-36.pdf\""), "{name}");
    assert!(
        name.contains("filename*=UTF-8''nd163-v-36%20%C4%90%E1%BB%81%20ngh%E1%BB%8B"),
        "{name}"
    );
    for (header, value) in [
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(answer.header(header), value);
    }
    assert!(!answer.headers.contains_key("access-control-allow-origin"));
    // The same in JSON, and the words of the case nowhere in the log.
    let json = r#"{"template": "nd163-v-36", "subject": {"full_name": "Nguyễn Văn Mẫu"}}"#;
    let yaml = "template: nd163-v-36\nsubject:\n  full_name: Nguyễn Văn Mẫu\n";
    let (json, yaml) = (service.post_json(PATH, json), service.post_yaml(PATH, yaml));
    assert_eq!((json.status, json.body), (200, yaml.body));
    service.logged("\"outcome\":\"fine\"");
    let log = service.log();
    assert!(log.contains(&hash) && log.contains("/api/v1/documents/{template}"));
    assert!(!log.contains("Nguyễn Văn Mẫu"));
}

#[test]
fn formats_are_chosen_by_name_or_by_what_is_accepted() {
    let service = Service::start();
    let data = case(CASE);
    let get = |path: &str, accept: &str| {
        let headers = [("content-type", "application/yaml"), ("accept", accept)];
        service.send("POST", path, &headers, data.as_bytes())
    };
    for (format, media, start) in [
        ("pdf", "application/pdf", "%PDF-"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "PK"),
        ("html", "text/html; charset=utf-8", "<!DOCTYPE html>"),
        ("txt", "text/plain; charset=utf-8", ""),
        ("svg", "image/svg+xml", "<svg"),
        ("png", "image/png", "\u{fffd}PNG"),
    ] {
        let named = get(&format!("{PATH}?format={format}"), "*/*");
        assert_eq!((named.status, named.header("content-type")), (200, media), "{}", named.text());
        assert!(named.text().starts_with(start), "{format}");
        let accepted = get(PATH, media.split(';').next().unwrap());
        assert_eq!(accepted.header("content-type"), media);
        assert_eq!(accepted.body, named.body, "{format}");
    }
    let zip = get(&format!("{PATH}?format=pdf,docx&format=pdf"), "*/*");
    assert_eq!(zip.header("content-type"), "application/zip");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(zip.body)).unwrap();
    let names: Vec<String> = (0..archive.len())
        .map(|at| archive.by_index(at).unwrap().name().unwrap().into_owned())
        .collect();
    assert_eq!(names, ["nd163-v-36.pdf", "nd163-v-36.docx"]);
    get(PATH, "audio/ogg").problem(406, "not-acceptable");
    get(&format!("{PATH}?format=odt"), "*/*").problem(400, "bad-parameter");
}

#[test]
fn one_page_or_all_pages_come_as_pictures() {
    let service = Service::start();
    let path = "/api/v1/documents/nd163-v-34?format=png";
    let all = service.post_yaml(path, &case(CASE));
    assert_eq!(all.header("content-type"), "application/zip");
    assert_eq!(all.header("x-vanban-pages"), "2");
    let second = service.post_yaml(&format!("{path}&page=2"), &case(CASE));
    assert_eq!(second.header("content-type"), "image/png");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(all.body)).unwrap();
    let mut page = Vec::new();
    std::io::Read::read_to_end(&mut archive.by_name("nd163-v-34-2.png").unwrap(), &mut page)
        .unwrap();
    assert_eq!(second.body, page);
    let problem =
        service.post_yaml(&format!("{path}&page=3"), &case(CASE)).problem(422, "findings");
    assert_eq!(problem["findings"][0]["code"], "OP05");
    service
        .post_yaml("/api/v1/documents/nd163-v-34?page=1", &case(CASE))
        .problem(400, "bad-parameter");
}

#[test]
fn a_blank_form_needs_no_data() {
    let service = Service::start();
    let answer = service.send("POST", &format!("{PATH}?blank=true"), &[], b"");
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(Pdf::new(&answer.body).text().contains("...."));
    service.post_json(&format!("{PATH}?blank=true"), "{}").problem(400, "bad-parameter");
    let problem = service.send("POST", "/api/v1/documents/quyet-dinh?blank=true", &[], b"");
    assert_eq!(problem.problem(422, "findings")["findings"][0]["code"], "OP04");
}

#[test]
fn what_is_wrong_is_told_with_its_place_in_both_languages() {
    let service = Service::start();
    let body = "{\"subject\": {\"full_nam\": \"Nguyễn Văn Mẫu\"}}";
    let ask = |language: &str| {
        let headers = [("content-type", "application/json"), ("accept-language", language)];
        service.send("POST", PATH, &headers, body.as_bytes())
    };
    let (vi, en) = (ask("vi"), ask("en-GB, vi;q=0.5"));
    let (vi, en) = (vi.problem(422, "findings"), en.problem(422, "findings"));
    assert_eq!(
        (&vi["title"], &en["title"]),
        (&"dữ liệu có lỗi".into(), &"the data has errors".into())
    );
    let found = |problem: &serde_json::Value| {
        let findings = problem["findings"].as_array().unwrap();
        findings.iter().find(|one| one["pointer"] == "/subject/full_nam").cloned().unwrap()
    };
    let (vi, en) = (found(&vi), found(&en));
    assert_eq!(
        (&vi["code"], &vi["severity"], &vi["line"]),
        (&"SC02".into(), &"error".into(), &1.into())
    );
    assert!(vi["message"].as_str().unwrap().contains("không có khóa"), "{vi}");
    assert!(en["message"].as_str().unwrap().contains("there is no key"), "{en}");
    assert!(en["hint"].as_str().unwrap().contains("`full_name`"), "{en}");
    // No data at all is another problem.
    for (body, code) in
        [("{", "IN06"), ("[1]", "IN09"), ("{\"a\":1,\"a\":2}", "IN07"), ("", "IN09")]
    {
        let problem = service.post_json(PATH, body).problem(400, "malformed-request");
        assert_eq!(problem["findings"][0]["code"], code, "{problem}");
    }
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(5 * 1024 * 1024));
    service.post_json(PATH, &long).problem(413, "body-too-large");
}

#[test]
fn a_document_comes_with_its_report_on_request() {
    let service = Service::start();
    // A warning: no law has a sample of this form.
    let path = "/api/v1/documents/product-cam-ket-khong-trong";
    let sample = RENDERER.catalog().template("product-cam-ket-khong-trong").unwrap().sample(false);
    let plain = service.post_yaml(path, sample);
    assert_eq!(plain.status, 200, "{}", plain.text());
    let explained = service.post_yaml(&format!("{path}?explain=true"), sample);
    assert_eq!(explained.header("content-type"), "application/json");
    let report = explained.json();
    let warnings: usize = plain.header("x-vanban-warnings").parse().unwrap();
    assert_eq!(report["summary"]["warnings"], warnings);
    assert_eq!(report["data_hash"], plain.header("x-vanban-data-hash"));
    let file = base64::Engine::decode(
        &base64::prelude::BASE64_STANDARD,
        report["file"]["content"].as_str().unwrap(),
    );
    assert_eq!(file.unwrap(), plain.body);
    let headers = [("content-type", "application/yaml"), ("accept", "multipart/mixed")];
    let mixed = service.send("POST", path, &headers, sample.as_bytes());
    let boundary =
        mixed.header("content-type").split("boundary=").nth(1).unwrap().trim_matches('"');
    let text = mixed.text();
    assert!(text.starts_with(&format!("--{boundary}\r\nContent-Type: application/json")), "{text}");
    assert!(text.trim_end().ends_with(&format!("--{boundary}--")));
    let at = mixed.body.windows(5).position(|bytes| bytes == b"%PDF-").unwrap();
    assert_eq!(&mixed.body[at..at + plain.body.len()], &*plain.body);
}

#[test]
fn data_is_checked_without_making_anything() {
    let service = Service::start();
    let good = service.post_yaml("/api/v1/check/nd163-v-36", &case(CASE)).json();
    assert_eq!((&good["valid"], &good["version"]), (&true.into(), &1.into()));
    let bad = service.post_json("/api/v1/check/nd163-v-36", "{\"a\":1}");
    assert_eq!(bad.status, 200);
    let bad = bad.json();
    assert_eq!((&bad["valid"], &bad["summary"]["errors"]), (&false.into(), &2.into()));
    assert_eq!(bad["findings"][1]["pointer"], "/a");
    service.post_json("/api/v1/check/nd163-v-36", "{").problem(400, "malformed-request");
}

#[test]
fn what_is_not_there_is_told() {
    let service = Service::start();
    let problem =
        service.post_json("/api/v1/documents/nd163-v36", "{}").problem(404, "unknown-template");
    assert!(problem["detail"].as_str().unwrap().contains("`nd163-v-36`"), "{problem}");
    service.get("/api/v1/nothing").problem(404, "not-found");
    service.get("/").problem(404, "not-found");
    let answer = service.get(PATH);
    answer.problem(405, "method-not-allowed");
    assert_eq!(answer.header("allow"), "POST");
    for kind in ["text/plain", "application/x-www-form-urlencoded", "nonsense"] {
        let answer = service.send("POST", PATH, &[("content-type", kind)], b"{}");
        answer.problem(415, "unsupported-media-type");
    }
    for query in
        ["frmat=pdf", "as_of=1.1.2026", "blank=maybe", "page=0x", "option=paper", "page=1&page=2"]
    {
        service.post_json(&format!("{PATH}?{query}"), "{}").problem(400, "bad-parameter");
    }
}

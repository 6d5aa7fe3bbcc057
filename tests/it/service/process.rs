//! The process: readiness, figures, stopping, workers that die.

use super::{CASE, Service, case};

#[test]
fn it_tells_how_it_is() {
    let service = Service::start();
    assert_eq!(service.get("/healthz").json()["status"], "ok");
    assert_eq!(service.get("/readyz").json()["status"], "ok");
    service.post_yaml("/api/v1/documents/nd163-v-36", &case(CASE));
    let figures = service.get("/metrics").text();
    for line in [
        "vanban_requests_total{method=\"POST\",route=\"/api/v1/documents/{template}\",status=\"200\",outcome=\"fine\"} 1",
        "vanban_pages_total{template=\"nd163-v-36\"} 1",
        "vanban_compile_seconds_count{template=\"nd163-v-36\"} 1",
        "vanban_export_seconds_count{template=\"nd163-v-36\"} 1",
        "vanban_workers 2",
        "vanban_queue_waiting 0",
    ] {
        assert!(figures.contains(line), "{line}\n{figures}");
    }
}

#[test]
fn it_stops_when_it_is_told_to() {
    for signal in ["TERM", "INT"] {
        let service = Service::start();
        service.signal(signal);
        assert_eq!(service.wait(), Some(0));
    }
}

#[test]
fn a_document_that_takes_too_long_dies_alone() {
    let service = Service::with("[limits]\ndocument_seconds = 1\n");
    let plan = long_plan();
    let problem = service.post_yaml("/api/v1/documents/plan", &plan).problem(422, "too-heavy");
    assert!(problem["detail"].as_str().unwrap().contains("1 giây"), "{problem}");
    assert_eq!(service.post_yaml("/api/v1/documents/nd163-v-36", &case(CASE)).status, 200);
    assert!(!service.log().contains("\"level\":\"ERROR\""), "{}", service.log());
}

#[test]
fn a_document_that_takes_too_much_memory_dies_alone() {
    let service = Service::with("[workers]\ncount = 1\nmemory_mib = 700\n");
    let plan = long_plan();
    let problem = service.post_yaml("/api/v1/documents/plan", &plan).problem(422, "too-heavy");
    assert!(problem["detail"].as_str().unwrap().contains("bộ nhớ"), "{problem}");
    assert_eq!(service.post_yaml("/api/v1/documents/nd163-v-36", &case(CASE)).status, 200);
}

#[test]
fn a_document_has_so_many_pages_at_most() {
    let service = Service::with("[limits]\npages = 1\n");
    let problem = service.post_yaml("/api/v1/documents/nd163-v-34", &case(CASE));
    assert_eq!(problem.problem(422, "findings")["findings"][0]["code"], "OP06");
}

/// A plan of some thousand paragraphs.
fn long_plan() -> String {
    let plan = crate::support::example("dinh-my-2026");
    let more: String = (0..40_000)
        .map(|number| format!("      - Nội dung thứ {number} của phần này, để văn bản dài thêm.\n"))
        .collect();
    let at = plan.find("sections:").unwrap();
    let (before, after) = plan.split_at(at + "sections:\n".len());
    format!("{before}  - title: Phần dài\n    content:\n{more}{after}")
}

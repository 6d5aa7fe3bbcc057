//! The process: readiness, figures, stopping, workers that die.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::{CASE, Service, case};

#[test]
fn it_tells_how_it_is() {
    let service = Service::start();
    assert_eq!(service.get("/healthz").json()["status"], "ok");
    assert_eq!(service.get("/readyz").json()["status"], "ok");
    service.post_yaml("/api/v1/documents/nd163-v-36", &case(CASE));
    service.post_yaml("/api/v1/check/nd163-v-36", &case(CASE));
    let list = "- subject: {full_name: Phạm Văn Một}\n";
    assert_eq!(service.post_yaml("/api/v1/batches/nd163-v-20", list).status, 200);
    let figures = service.get("/metrics").text();
    for line in [
        "vanban_requests_total{method=\"POST\",route=\"/api/v1/documents/{template}\",status=\"200\",outcome=\"fine\"} 1",
        "vanban_pages_total{template=\"nd163-v-36\"} 1",
        "vanban_compile_seconds_count{template=\"nd163-v-36\"} 1",
        "vanban_export_seconds_count{template=\"nd163-v-36\"} 1",
        "vanban_compose_seconds_count{template=\"nd163-v-20\"} 1",
        "vanban_export_seconds_count{template=\"nd163-v-20\"} 1",
        "vanban_queue_wait_seconds_count 4",
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
    let service = Service::with("[limits]\ndocument_seconds = 4\n");
    let plan = long_plan();
    let problem = service.post_yaml("/api/v1/documents/plan", &plan).problem(422, "too-heavy");
    assert!(problem["detail"].as_str().unwrap().contains("4 giây"), "{problem}");
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
pub fn long_plan() -> String {
    plan_of(40_000)
}

/// A plan of so many paragraphs.
pub fn plan_of(paragraphs: usize) -> String {
    let plan = crate::support::example("dinh-my-2026");
    let more: Vec<String> = (0..paragraphs)
        .map(|number| format!("      - Nội dung thứ {number} của phần này, để văn bản dài thêm.\n"))
        .collect();
    let more = more.concat();
    let at = plan.find("sections:").unwrap();
    let (before, after) = plan.split_at(at + "sections:\n".len());
    format!("{before}  - title: Phần dài\n    content:\n{more}{after}")
}

/// What Linux says of the memory of a process, in KiB: `VmRSS`, `VmHWM`.
pub fn memory_of(process: u32, what: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(&format!("{what}:"))).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse().unwrap()
}

/// The processes that a process has started.
fn workers_of(process: u32) -> Vec<u32> {
    let path = format!("/proc/{process}/task/{process}/children");
    let mut workers = Vec::new();
    for task in std::fs::read_dir(format!("/proc/{process}/task")).unwrap() {
        let list = std::fs::read_to_string(task.unwrap().path().join("children")).unwrap();
        workers.extend(list.split_whitespace().map(|id| id.parse::<u32>().unwrap()));
    }
    assert!(!workers.is_empty(), "{path}");
    workers
}

fn is_running(process: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{process}/stat"));
    status.is_ok_and(|status| !status.contains(") Z "))
}

/// What became of a request on a connection of its own.
#[derive(Debug, PartialEq)]
enum Became {
    Made,
    Refused,
    /// The door was closed.
    NoConnection,
    /// A connection that was taken, and no whole answer.
    Lost(String),
}

fn ask(service: &Service, request: &[u8]) -> Became {
    let Ok(mut stream) = TcpStream::connect(service.address) else { return Became::NoConnection };
    stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    let sent = stream.write_all(request);
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    let text = String::from_utf8_lossy(&answer);
    let told = text.split("content-length: ").nth(1).and_then(|rest| rest.split('\r').next());
    let told = told.and_then(|length| length.parse::<usize>().ok());
    let body = answer.windows(4).position(|end| end == b"\r\n\r\n").map(|at| answer.len() - at - 4);
    let is_whole = told.is_some() && told == body;
    match (text.split(' ').nth(1), is_whole) {
        (Some("200"), true) => Became::Made,
        (Some("429" | "503"), true) => Became::Refused,
        _ => Became::Lost(format!("{sent:?} {read:?} {text:.200}")),
    }
}

/// `kill -TERM` while many ask: whoever got through the door has a whole answer.
#[test]
fn stopping_loses_no_request() {
    let service = Service::start();
    let data = case(CASE);
    let request = format!(
        "POST /api/v1/documents/nd163-v-36 HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-type: application/yaml\r\ncontent-length: {}\r\n\r\n{data}",
        data.len()
    );
    let (made, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let lost: Vec<Became> = std::thread::scope(|scope| {
        let callers: Vec<_> = (0..12)
            .map(|_| {
                scope.spawn(|| {
                    let mut lost = Vec::new();
                    while !stop.load(Ordering::Relaxed) {
                        match ask(&service, request.as_bytes()) {
                            Became::Made => drop(made.fetch_add(1, Ordering::Relaxed)),
                            Became::Refused => std::thread::sleep(Duration::from_millis(1)),
                            Became::NoConnection => break,
                            other @ Became::Lost(_) => lost.push(other),
                        }
                    }
                    lost
                })
            })
            .collect();
        while made.load(Ordering::Relaxed) < 100 {
            std::thread::sleep(Duration::from_millis(5));
        }
        service.signal("TERM");
        let begun = Instant::now();
        while is_running(service.process()) && begun.elapsed() < Duration::from_mins(1) {
            std::thread::sleep(Duration::from_millis(5));
        }
        stop.store(true, Ordering::Relaxed);
        callers.into_iter().flat_map(|caller| caller.join().unwrap()).collect()
    });
    assert_eq!(lost, [], "of {made:?} made");
    assert!(service.log().contains("\"outcome\":\"stopping\""), "nobody was told");
    assert_eq!(service.wait(), Some(0));
}

/// A document that is being made when the service is told to stop is made to its end.
#[test]
fn what_has_begun_is_finished() {
    let service = Service::with("[limits]\ndocument_seconds = 100\n");
    let plan = long_plan();
    std::thread::scope(|scope| {
        let slow = scope.spawn(|| service.post_yaml("/api/v1/documents/plan?format=txt", &plan));
        let begun = Instant::now();
        while !service.get("/metrics").text().contains("vanban_workers_working 1") {
            assert!(begun.elapsed() < Duration::from_secs(20));
        }
        service.signal("TERM");
        service.logged("stopping");
        let late = service.post_yaml("/api/v1/documents/nd163-v-36", &case(CASE));
        late.problem(503, "stopping");
        assert_eq!(late.header("retry-after"), "5");
        let answer = slow.join().unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert!(answer.text().contains("Nội dung thứ 39999"));
    });
    assert_eq!(service.wait(), Some(0));
}

/// Whatever kills the service, its workers do not go on alone.
#[test]
fn workers_end_with_the_service() {
    let service = Service::start();
    let workers = workers_of(service.process());
    assert_eq!(workers.len(), 2);
    service.signal("KILL");
    let begun = Instant::now();
    while workers.iter().any(|worker| is_running(*worker)) {
        assert!(begun.elapsed() < Duration::from_secs(20), "{workers:?} still run");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A worker that dies takes no other request with it, and another takes its place.
#[test]
fn a_worker_that_dies_is_replaced() {
    let service = Service::start();
    for _ in 0..3 {
        for worker in workers_of(service.process()) {
            let mut kill = std::process::Command::new("kill");
            assert!(kill.args(["-KILL", &worker.to_string()]).status().unwrap().success());
        }
        // Two that find a dead worker, and then those that find a new one.
        let answers: Vec<u16> = (0..6)
            .map(|_| service.post_yaml("/api/v1/documents/nd163-v-36", &case(CASE)).status)
            .collect();
        assert_eq!(answers[2..], [200; 4], "{answers:?}");
    }
}

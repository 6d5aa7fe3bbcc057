//! Requests that are sent again with their `Idempotency-Key`.

use std::path::Path;

use chrono::TimeDelta;
use tempfile::TempDir;
use vanban::store::{REMEMBERED, Store};

use super::keys::{key, logged, raw, working};
use super::{Answer, CASE, Service, case};
use crate::store::wait;

const PATH: &str = "/api/v1/documents/nd163-v-36";

/// Sends a body with a key of idempotency, and more headers.
fn send(service: &Service, path: &str, once: &str, body: &str, more: &[(&str, &str)]) -> Answer {
    let mut headers = vec![("idempotency-key", once), ("content-type", "application/yaml")];
    headers.extend(more);
    service.send("POST", path, &headers, body.as_bytes())
}

fn same(one: &Answer, other: &Answer) {
    assert_eq!(one.status, other.status, "{}", other.text());
    assert!(one.body == other.body, "not byte for byte the same");
    for name in ["etag", "content-type", "content-disposition", "x-vanban-data-hash"] {
        assert_eq!(one.header(name), other.header(name), "{name}");
    }
}

#[test]
fn the_same_request_gets_the_same_answer() {
    let service = Service::start();
    let data = case(CASE);
    let first = send(&service, PATH, "don-17", &data, &[]);
    assert_eq!((first.status, first.header("idempotency-replayed")), (200, ""));
    for _ in 0..2 {
        let again = send(&service, PATH, "don-17", &data, &[]);
        same(&first, &again);
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_ne!(again.header("x-request-id"), first.header("x-request-id"));
    }
    // An answer that tells of errors is an answer too.
    for replayed in ["", "true"] {
        let answer = send(&service, PATH, "don-18", "a: 1", &[]);
        answer.problem(422, "findings");
        assert_eq!(answer.header("idempotency-replayed"), replayed);
    }
    // Without a key nothing is remembered.
    let plain = service.post_yaml(PATH, &data);
    same(&first, &plain);
    assert_eq!(plain.header("idempotency-replayed"), "");
}

#[test]
fn another_request_with_the_same_key_is_refused() {
    let service = Service::start();
    let data = case(CASE);
    assert_eq!(send(&service, PATH, "k", &data, &[]).status, 200);
    let english = [("accept-language", "en")];
    let problem = send(&service, PATH, "k", &format!("{data}\n"), &english);
    let problem = problem.problem(422, "idempotency-mismatch");
    assert_eq!(problem["title"], "this Idempotency-Key was used for another request");
    for (path, headers) in [
        (format!("{PATH}?format=docx"), [("x-a", "b")]),
        ("/api/v1/check/nd163-v-36".to_owned(), [("x-a", "b")]),
        (PATH.to_owned(), [("accept", "text/html")]),
        (PATH.to_owned(), [("accept-language", "en")]),
    ] {
        send(&service, &path, "k", &data, &headers).problem(422, "idempotency-mismatch");
    }
    // What does not change the answer does not matter.
    let again = send(&service, PATH, "k", &data, &[("user-agent", "other"), ("x-a", "b")]);
    assert_eq!((again.status, again.header("idempotency-replayed")), (200, "true"));
    // Callers do not get in each other's way.
    let bearer = format!("Bearer {}", key(&service.data, &["Cổng", "--scopes", "render"]));
    let other = send(&service, PATH, "k", "a: 1", &[("authorization", &bearer)]);
    other.problem(422, "findings");
}

#[test]
fn a_request_that_is_being_answered_is_not_answered_twice() {
    let service = Service::start();
    let long = super::process::plan_of(8_000);
    let path = "/api/v1/documents/plan";
    std::thread::scope(|scope| {
        let first = scope.spawn(|| send(&service, path, "k", &long, &[]));
        working(&service);
        let second = send(&service, path, "k", &long, &[]);
        let problem = second.problem(409, "idempotency-in-flight");
        assert_eq!(second.header("retry-after"), "1");
        assert!(problem["title"].as_str().unwrap().contains("đang được xử lý"));
        send(&service, path, "k", "a: 1", &[]).problem(422, "idempotency-mismatch");
        let first = first.join().unwrap();
        assert_eq!(first.status, 200);
        let third = send(&service, path, "k", &long, &[]);
        same(&first, &third);
        assert_eq!(third.header("idempotency-replayed"), "true");
    });
}

#[test]
fn what_may_pass_is_not_remembered() {
    // A document that is too heavy today is not when the machine is idle.
    let service = Service::with("[limits]\ndocument_seconds = 1\n");
    let long = super::process::long_plan();
    for _ in 0..2 {
        let answer = send(&service, "/api/v1/documents/plan", "k", &long, &[]);
        answer.problem(422, "too-heavy");
        assert_eq!(answer.header("idempotency-replayed"), "");
    }
    // Nor does a refusal use a key up.
    let service = Service::start();
    let key = key(&service.data, &["Cổng", "--scopes", "render", "--rate", "1"]);
    let bearer = format!("Bearer {key}");
    let headers = [("authorization", bearer.as_str())];
    assert_eq!(send(&service, PATH, "a", &case(CASE), &headers).status, 200);
    send(&service, PATH, "b", "a: 1", &headers).problem(429, "rate-limited");
}

#[test]
fn a_caller_that_goes_away_may_ask_again() {
    use std::io::Write;
    let service = Service::start();
    let long = super::process::plan_of(8_000);
    let mut gone = std::net::TcpStream::connect(service.address).unwrap();
    let head = format!(
        "POST /api/v1/documents/plan HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/yaml\r\n\
         Idempotency-Key: k\r\nContent-Length: {}\r\n\r\n",
        long.len()
    );
    gone.write_all(head.as_bytes()).unwrap();
    gone.write_all(long.as_bytes()).unwrap();
    working(&service);
    drop(gone);
    service.logged("\"outcome\":\"gone\"");
    let entries = logged(&service.data, 1);
    let entry = entries.iter().find(|entry| entry["method"] == "POST").unwrap();
    assert_eq!((&entry["outcome"], &entry["status"]), (&"gone".into(), &499.into()));
    // It is forgotten by a task of its own.
    std::thread::sleep(std::time::Duration::from_millis(300));
    let answer = send(&service, "/api/v1/documents/plan", "k", &long, &[]);
    assert_eq!((answer.status, answer.header("idempotency-replayed")), (200, ""));
}

#[test]
fn an_answer_is_the_same_after_a_restart_and_forgotten_after_a_day() {
    let folder = TempDir::new().unwrap();
    let start = |ends: &str| {
        let service = Service::at(folder.path().join("data"), "", "127.0.0.1:0");
        let answer = send(&service, PATH, "k", &case(CASE), &[]);
        service.signal(ends);
        service.wait();
        answer
    };
    let first = start("TERM");
    assert_eq!(first.status, 200);
    for ends in ["KILL", "TERM"] {
        let again = start(ends);
        same(&first, &again);
        assert_eq!(again.header("idempotency-replayed"), "true");
    }
    forget(&folder.path().join("data"), REMEMBERED - TimeDelta::minutes(5));
    assert_eq!(start("TERM").header("idempotency-replayed"), "true");
    forget(&folder.path().join("data"), REMEMBERED);
    let fresh = start("TERM");
    same(&first, &fresh);
    assert_eq!(fresh.header("idempotency-replayed"), "");
}

/// What the service does from time to time, so much later.
fn forget(data: &Path, later: TimeDelta) {
    wait(async {
        let store = Store::open(data).await.unwrap();
        store.forget(super::super::keys::now() + later).await.unwrap();
        store.close().await;
    });
}

/// A service that was killed while it answered leaves nothing that keeps the caller from
/// asking again.
#[test]
fn a_request_that_died_with_the_service_is_answered_after_its_restart() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let long = super::process::plan_of(8_000);
    let service = Service::at(data.clone(), "", "127.0.0.1:0");
    std::thread::scope(|scope| {
        let url = service.url("/api/v1/documents/plan");
        let sent = scope.spawn({
            let long = long.as_str();
            move || {
                let request = ureq::post(url).header("idempotency-key", "k");
                request.content_type("application/yaml").send(long).is_err()
            }
        });
        working(&service);
        service.signal("KILL");
        assert!(sent.join().unwrap(), "it was answered before the service was killed");
    });
    service.wait();
    let service = Service::at(data, "", "127.0.0.1:0");
    let answer = send(&service, "/api/v1/documents/plan", "k", &long, &[]);
    assert_eq!((answer.status, answer.header("idempotency-replayed")), (200, ""));
}

#[test]
fn keys_of_idempotency_are_short_and_plain() {
    let service = Service::start();
    let data = case(CASE);
    assert_eq!(send(&service, PATH, &"k".repeat(255), &data, &[]).status, 200);
    for once in ["", &"k".repeat(256), "khóa"] {
        let problem = send(&service, PATH, once, &data, &[]).problem(400, "bad-parameter");
        assert!(problem["detail"].as_str().unwrap().contains("Idempotency-Key"), "{problem}");
    }
    let twice = send(&service, PATH, "a", &data, &[("idempotency-key", "b")]);
    twice.problem(400, "bad-parameter");
    // A body is as large as without a key, and that is told before it is sent.
    let head = format!(
        "POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Idempotency-Key: large\r\nConnection: close\r\nContent-Length: 11000000\r\n\r\n"
    );
    let answer = raw(&service, &head);
    assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("body-too-large"), "{answer}");
}

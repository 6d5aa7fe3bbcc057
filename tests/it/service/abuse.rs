//! Callers that do what nobody should.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::process::{long_plan, memory_of};
use super::{CASE, Service, case};

const PATH: &str = "/api/v1/documents/nd163-v-36";

/// A connection on which nothing has been said.
fn connect(service: &Service) -> TcpStream {
    let stream = TcpStream::connect(service.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    stream
}

/// The head of a post of JSON.
fn head(length: &str) -> String {
    format!(
        "POST {PATH} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n{length}\r\n\r\n"
    )
}

/// What comes back until the connection ends.
fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The service is as it was.
fn is_well(service: &Service) {
    let answer = service.post_yaml(PATH, &case(CASE));
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[test]
fn slow_bodies_and_heads_are_given_up() {
    let service = Service::with("[limits]\nbody_seconds = 1\nhead_seconds = 1\n");
    let begun = Instant::now();
    let mut slow: Vec<TcpStream> = (0..50).map(|_| connect(&service)).collect();
    for stream in &mut slow {
        stream.write_all(head("content-length: 1000").as_bytes()).unwrap();
        stream.write_all(b"{\"a").unwrap();
    }
    for stream in &mut slow {
        let answer = rest(stream);
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        assert!(answer.contains("\"/problems/request-timeout\""), "{answer}");
    }
    let mut slow: Vec<TcpStream> = (0..50).map(|_| connect(&service)).collect();
    for stream in &mut slow {
        stream.write_all(b"POST /api/v1/documents/nd163-v-36 HTTP/1.1\r\nhost: 1").unwrap();
    }
    for stream in &mut slow {
        rest(stream);
    }
    assert!(begun.elapsed() < Duration::from_secs(30));
    is_well(&service);
}

#[test]
fn who_does_not_read_is_let_go() {
    let service = Service::with("[limits]\nanswer_seconds = 1\n[workers]\ncount = 1\n");
    let data = case(CASE);
    // More answers than the system holds for somebody who reads none of them.
    let mut deaf = connect(&service);
    deaf.set_write_timeout(Some(Duration::from_secs(20))).unwrap();
    let path = format!("{PATH}?format=png");
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/yaml\r\ncontent-length: {}\r\n\r\n{data}",
        data.len()
    );
    let begun = Instant::now();
    let ended = (0..2000).any(|_| deaf.write_all(head.as_bytes()).is_err());
    assert!(ended && begun.elapsed() < Duration::from_mins(1));
    is_well(&service);
}

#[test]
fn bodies_of_a_hundred_megabytes_are_refused_without_being_held() {
    let service = Service::start();
    is_well(&service);
    let before = memory_of(service.process(), "VmHWM");
    // One that says how long it is, is not read at all.
    let mut told = connect(&service);
    told.write_all(head("content-length: 104857600").as_bytes()).unwrap();
    let answer = rest(&mut told);
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("10 MiB"), "{answer}");
    // One that does not, until it is too long.
    let mut untold = connect(&service);
    untold.write_all(head("transfer-encoding: chunked").as_bytes()).unwrap();
    let chunk = format!("100000\r\n{}\r\n", " ".repeat(1024 * 1024));
    let sent = (0..100).take_while(|_| untold.write_all(chunk.as_bytes()).is_ok()).count();
    assert!(sent < 100, "all of it was taken");
    let _ = untold.shutdown(Shutdown::Write);
    let answer = rest(&mut untold);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let grown = memory_of(service.process(), "VmHWM").saturating_sub(before);
    assert!(grown < 40 * 1024, "{grown} KiB");
    is_well(&service);
}

#[test]
fn bodies_together_have_a_limit_too() {
    let service = Service::with("[limits]\nheld_mib = 4\n");
    let mut held: Vec<TcpStream> = (0..3).map(|_| connect(&service)).collect();
    for stream in &mut held {
        stream.write_all(head("content-length: 4194304").as_bytes()).unwrap();
        let _ = stream.write_all(&vec![b' '; 2 * 1024 * 1024]);
    }
    // Of three that hold two MiB each, one finds no room.
    let refused = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for stream in &mut held {
            scope.spawn(|| {
                stream.set_read_timeout(Some(Duration::from_secs(3))).unwrap();
                let answer = rest(stream);
                if answer.starts_with("HTTP/1.1 503 ") && answer.contains("/problems/busy") {
                    refused.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    assert!((1..3).contains(&refused.load(Ordering::Relaxed)), "{refused:?}");
    drop(held);
    is_well(&service);
}

#[test]
fn a_thousand_connections_at_once_are_all_answered() {
    let service = Service::start();
    let mut open: Vec<TcpStream> = (0..1000).map(|_| connect(&service)).collect();
    let data = case(CASE);
    let request = format!(
        "POST {PATH} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-type: application/yaml\r\ncontent-length: {}\r\n\r\n{data}",
        data.len()
    );
    for stream in &mut open {
        stream.write_all(request.as_bytes()).unwrap();
    }
    let (mut made, mut refused) = (0, 0);
    for stream in &mut open {
        let answer = rest(stream);
        if answer.starts_with("HTTP/1.1 200 ") {
            made += 1;
        } else {
            assert!(answer.starts_with("HTTP/1.1 429 "), "{answer}");
            assert!(answer.contains("/problems/queue-full") && answer.contains("retry-after: 1"));
            refused += 1;
        }
    }
    assert_eq!(made + refused, 1000);
    assert!(made >= 10 && refused > 0, "{made} made");
    is_well(&service);
}

#[test]
fn ids_are_names_and_never_paths() {
    let service = Service::start();
    for id in [
        "..%2f..%2f..%2f..%2fetc%2fpasswd",
        "%2e%2e%2fplan",
        "plan%00",
        "plan%2f..%2fplan",
        "_layout",
        "nd163%2fv-36",
        "%c0%ae%c0%ae",
        "%ff",
        "'%20or%201=1",
        "%F0%9F%92%A9",
        &"x".repeat(5000),
    ] {
        let answer = service.post_json(&format!("/api/v1/documents/{id}"), "{}");
        assert!(matches!(answer.status, 400 | 404), "{id}: {}", answer.status);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert!(!answer.text().contains("root:"));
    }
    service.get("/../../etc/passwd").problem(404, "not-found");
    is_well(&service);
}

#[test]
fn what_is_no_http_breaks_nothing() {
    let service = Service::start();
    for nonsense in [
        "\r\n\r\n".to_owned(),
        "GET\r\n\r\n".to_owned(),
        "GET / HTTP/9.9\r\n\r\n".to_owned(),
        "\u{16}\u{3}\u{1}\0\u{1}\0".to_owned(),
        format!("GET / HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n", "y".repeat(1024 * 1024)),
        format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "y".repeat(1024 * 1024)),
        head("content-length: -1"),
        head("content-length: 1\r\ncontent-length: 2"),
        head("transfer-encoding: chunked") + "zzz\r\n",
    ] {
        let mut stream = connect(&service);
        let _ = stream.write_all(nonsense.as_bytes());
        let _ = stream.shutdown(Shutdown::Write);
        let answer = rest(&mut stream);
        let is_refusal = answer.is_empty() || answer.starts_with("HTTP/1.1 4");
        assert!(is_refusal, "{nonsense:.40}: {answer}");
    }
    is_well(&service);
    assert!(!service.log().contains("\"level\":\"ERROR\""), "{}", service.log());
}

#[test]
fn what_nobody_waits_for_any_more_is_not_made() {
    let service = Service::with("[workers]\ncount = 1\nqueue = 2\n");
    let plan = long_plan();
    let ask = |body: &str| {
        let mut stream = connect(&service);
        let request = format!(
            "POST /api/v1/documents/plan HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/yaml\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        stream
    };
    // One at work and two that wait fill the service.
    let asked: Vec<TcpStream> = (0..3).map(|_| ask(&plan)).collect();
    let full = Instant::now();
    while !service.get("/metrics").text().contains("vanban_queue_waiting 2") {
        assert!(full.elapsed() < Duration::from_secs(20), "{}", service.get("/metrics").text());
        std::thread::sleep(Duration::from_millis(20));
    }
    service.post_yaml(PATH, &case(CASE)).problem(429, "queue-full");
    // Their callers go away: the next one is not behind them.
    drop(asked);
    let begun = Instant::now();
    while service.post_yaml(PATH, &case(CASE)).status == 429 {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    service.logged("\"outcome\":\"gone\"");
}

//! Who may ask, what, how often; and what the access log says of it.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use tempfile::TempDir;
use vanban::base::Digest;
use vanban::store::{KeyLimits, KeyName, NewKey, Scope, Secret, Store};

use super::{Answer, CASE, Service, case};
use crate::store::wait;

const PATH: &str = "/api/v1/documents/nd163-v-36";
/// A route that needs a key, and does nothing that takes time.
const CHECK: &str = "/api/v1/check/nd163-v-36";

/// Makes a key with the program; gives it as its holder sends it.
pub fn key(data: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_vanban"))
        .args(["key", "create"])
        .args(arguments)
        .arg("--data-dir")
        .arg(data)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

/// Asks with a key.
fn with_key(
    service: &Service,
    method: &str,
    path: &str,
    key: &str,
    more: &[(&str, &str)],
) -> Answer {
    let bearer = format!("Bearer {key}");
    let mut headers =
        vec![("authorization", bearer.as_str()), ("content-type", "application/json")];
    headers.extend(more);
    let body: &[u8] = if method == "POST" { b"{}" } else { b"" };
    service.send(method, path, &headers, body)
}

/// The entries of the access log, once there are so many.
pub fn logged(data: &Path, count: usize) -> Vec<Value> {
    let begun = Instant::now();
    loop {
        let output = Command::new(env!("CARGO_BIN_EXE_vanban"))
            .args(["access-log", "--json", "--data-dir"])
            .arg(data)
            .output()
            .unwrap();
        let log: Value = serde_json::from_slice(&output.stdout).unwrap();
        let entries = log["entries"].as_array().unwrap();
        if entries.len() >= count {
            return entries.clone();
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{log:#}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A key that was made at some time, and is good until another.
fn timed_key(data: &Path, name: &str, made: DateTime<Utc>, expires: DateTime<Utc>) -> String {
    let secret = Secret::new([9; 8], [8; 32]);
    let new = NewKey {
        name: KeyName::new(name).unwrap(),
        scopes: [Scope::Render].into_iter().collect(),
        expires: Some(expires),
        limits: KeyLimits::default(),
    };
    wait(async {
        let store = Store::open(data).await.unwrap();
        store.create_key(&new, &secret, made).await.unwrap();
        store.close().await;
    });
    secret.text()
}

#[test]
fn every_state_of_a_key_is_a_problem_of_its_own_in_both_languages() {
    let service = Service::start();
    let data = service.data.clone();
    let good = key(&data, &["Cổng", "--scopes", "render"]);
    let revoked = key(&data, &["Cũ", "--scopes", "render"]);
    revoke(&data, "Cũ");
    let now = super::super::keys::now();
    let expired =
        timed_key(&data, "Hết hạn", now - TimeDelta::days(2), now - TimeDelta::seconds(1));
    let unknown = good.replace(&good[3..19], "0123456789abcdef");
    let wrong = format!("{}{}", &good[..20], &expired[20..]);
    let other = key(&data, &["Hồ sơ", "--scopes", "dossier"]);
    for (key, status, id, vi, en) in [
        (&unknown, 401, "bad-key", "khóa truy cập không đúng", "the key is not known"),
        (&wrong, 401, "bad-key", "khóa truy cập không đúng", "the key is not known"),
        (
            &"nonsense".to_owned(),
            401,
            "bad-key",
            "khóa truy cập không đúng",
            "the key is not known",
        ),
        (&expired, 401, "expired-key", "khóa truy cập đã hết hạn", "the key has expired"),
        (&revoked, 401, "revoked-key", "khóa truy cập đã bị thu hồi", "the key was revoked"),
        (
            &other,
            403,
            "out-of-scope",
            "khóa truy cập không có quyền này",
            "the key may not do this",
        ),
    ] {
        for (language, title) in [("vi", vi), ("en", en)] {
            let answer = with_key(&service, "POST", CHECK, key, &[("accept-language", language)]);
            let problem = answer.problem(status, id);
            assert_eq!(problem["title"], title);
            assert!(answer.header("www-authenticate").starts_with("Bearer"), "{id}");
        }
    }
    assert_eq!(with_key(&service, "POST", CHECK, &good, &[]).status, 200);
    // Another scheme is no key, and two are none either.
    for value in ["Basic dmI6dmI=", "Bearer", &good] {
        let answer = service.send("GET", "/metrics", &[("authorization", value)], b"");
        answer.problem(401, "bad-key");
    }
    let bearer = format!("Bearer {good}");
    let twice = [("authorization", bearer.as_str()), ("authorization", bearer.as_str())];
    service.send("GET", "/metrics", &twice, b"").problem(401, "bad-key");
    // Nothing of a key is in the log.
    let log = service.log();
    for key in [good, revoked, expired] {
        assert!(!log.contains(&key[20..]), "{log}");
    }
}

fn revoke(data: &Path, name: &str) {
    let done = Command::new(env!("CARGO_BIN_EXE_vanban"))
        .args(["key", "revoke", name, "--data-dir"])
        .arg(data)
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn a_key_opens_its_scopes_and_nothing_else() {
    let service = Service::start();
    let admin = key(&service.data, &["Trực", "--scopes", "admin"]);
    let render = key(&service.data, &["Cổng", "--scopes", "render"]);
    let get = |path: &str, key: &str| with_key(&service, "GET", path, key, &[]);
    assert_eq!(get("/metrics", &admin).status, 200);
    assert!(last_use(&service.data, "Trực").is_string());
    let problem = get("/metrics", &render).problem(403, "out-of-scope");
    assert!(problem["detail"].as_str().unwrap().contains("`admin`"), "{problem}");
    let refused = with_key(&service, "POST", PATH, &admin, &[]);
    refused.problem(403, "out-of-scope");
    assert!(refused.header("www-authenticate").contains("scope=\"render\""));
    // Whether it lives is for everybody, and a key is not looked at.
    for key in [&admin, &render, "nonsense"] {
        assert_eq!(get("/healthz", key).status, 200);
    }
    get("/nothing", "nonsense").problem(404, "not-found");
}

/// When a key was used last.
fn last_use(data: &Path, name: &str) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_vanban"))
        .args(["key", "list", "--json", "--data-dir"])
        .arg(data)
        .output()
        .unwrap();
    let list: Value = serde_json::from_slice(&output.stdout).unwrap();
    let key = list["keys"].as_array().unwrap().iter().find(|key| key["name"] == name);
    key.unwrap()["last_used"].clone()
}

#[test]
fn without_a_key_only_this_machine_may_ask() {
    let service = Service::start();
    let port = service.address.port();
    let get = |headers: &[(&str, &str)]| service.send("GET", "/metrics", headers, b"");
    for host in ["localhost", "127.0.0.1:1", "[::1]", &format!("LOCALHOST:{port}")] {
        assert_eq!(get(&[("host", host)]).status, 200, "{host}");
    }
    assert_eq!(get(&[("origin", &format!("http://127.0.0.1:{port}"))]).status, 200);
    for host in ["evil.example", "127.0.0.1.evil.example:80", "localhost.evil.example"] {
        let problem = get(&[("host", host)]).problem(403, "host-not-allowed");
        assert!(problem["detail"].as_str().unwrap().contains("localhost"), "{problem}");
    }
    for origin in ["https://evil.example", "null"] {
        get(&[("origin", origin)]).problem(403, "host-not-allowed");
    }
    for header in ["x-forwarded-for", "forwarded", "via"] {
        let answer = get(&[(header, "10.1.2.3")]);
        answer.problem(401, "no-key");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    // A key makes all of that right.
    let admin = key(&service.data, &["Trực", "--scopes", "admin"]);
    let proxied = [("host", "vanban.example"), ("x-forwarded-for", "10.1.2.3")];
    assert_eq!(with_key(&service, "GET", "/metrics", &admin, &proxied).status, 200);
    // Without a host there is no telling.
    let answer = raw(&service, "GET /metrics HTTP/1.0\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.0 403"), "{answer}");
    let absolute =
        "GET http://evil.example/metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let answer = raw(&service, absolute);
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
}

/// What a service answers to these bytes.
pub fn raw(service: &Service, request: &str) -> String {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(service.address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn a_service_for_others_asks_everybody_for_a_key() {
    let folder = TempDir::new().unwrap();
    let open = Service::at(folder.path().join("a"), "", "0.0.0.0:0");
    let required = Service::at(folder.path().join("b"), "[keys]\nrequired = true\n", "127.0.0.1:0");
    for service in [open, required] {
        for path in [CHECK, PATH] {
            let problem = service.post_json(path, "{}").problem(401, "no-key");
            assert_eq!(problem["title"], "thiếu khóa truy cập");
        }
        service.get("/metrics").problem(401, "no-key");
        assert_eq!(service.get("/healthz").status, 200);
        let key = key(&service.data, &["Cổng", "--scopes", "render"]);
        assert_eq!(with_key(&service, "POST", CHECK, &key, &[]).status, 200);
    }
}

#[test]
fn a_revoked_key_is_refused_at_once() {
    let service = Service::start();
    let key = key(&service.data, &["Cổng", "--scopes", "render"]);
    assert_eq!(with_key(&service, "POST", CHECK, &key, &[]).status, 200);
    revoke(&service.data, "Cổng");
    // At once, not only within a second.
    with_key(&service, "POST", CHECK, &key, &[]).problem(401, "revoked-key");
}

#[test]
fn a_key_asks_so_often_a_minute() {
    let service = Service::with("[keys]\nrate_per_minute = 3\n");
    let slow = key(&service.data, &["Một cửa", "--scopes", "render"]);
    let quick = key(&service.data, &["Cổng", "--scopes", "render", "--rate", "5"]);
    for (key, most) in [(&slow, 3), (&quick, 5)] {
        for _ in 0..most {
            assert_eq!(with_key(&service, "POST", CHECK, key, &[]).status, 200);
        }
        for (language, words) in [("vi", "trong một phút"), ("en", "times a minute")] {
            let answer = with_key(&service, "POST", CHECK, key, &[("accept-language", language)]);
            let problem = answer.problem(429, "rate-limited");
            let detail = problem["detail"].as_str().unwrap();
            assert!(detail.contains(words) && detail.contains(&most.to_string()), "{detail}");
            let wait: u64 = answer.header("retry-after").parse().unwrap();
            assert!((1..=60 / most + 1).contains(&wait), "{wait}");
        }
    }
    // Who needs no key has no limit.
    for _ in 0..10 {
        assert_eq!(service.post_json(CHECK, "{}").status, 200);
    }
}

#[test]
fn a_key_asks_so_much_at_once() {
    let service = Service::start();
    let key = key(&service.data, &["Cổng", "--scopes", "render", "--concurrent", "1"]);
    let long = super::process::plan_of(8_000);
    let bearer = format!("Bearer {key}");
    std::thread::scope(|scope| {
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/yaml")];
        let first = scope.spawn({
            let (service, long) = (&service, &long);
            move || service.send("POST", "/api/v1/documents/plan", &headers, long.as_bytes())
        });
        working(&service);
        let second = with_key(&service, "POST", CHECK, &key, &[("accept-language", "en")]);
        let problem = second.problem(429, "too-many-at-once");
        assert!(problem["detail"].as_str().unwrap().contains("1 things at once"), "{problem}");
        assert_eq!(second.header("retry-after"), "1");
        assert_eq!(first.join().unwrap().status, 200);
    });
    assert_eq!(with_key(&service, "POST", CHECK, &key, &[]).status, 200);
}

/// Waits until a worker is at work.
pub fn working(service: &Service) {
    let begun = Instant::now();
    while !service.get("/metrics").text().contains("vanban_workers_working 1") {
        assert!(begun.elapsed() < Duration::from_secs(30), "no worker began");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn the_access_log_tells_who_did_what_and_nothing_of_the_data() {
    let service = Service::start();
    let data = case(CASE);
    let key = key(&service.data, &["Cổng", "--scopes", "render"]);
    let bearer = format!("Bearer {key}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/yaml")];
    let made = service.send("POST", PATH, &headers, data.as_bytes());
    assert_eq!(made.status, 200);
    service
        .post_json(PATH, "{\"subject\": {\"nam\": \"Nguyễn Văn Mẫu\"}}")
        .problem(422, "findings");
    service.get("/healthz");
    service.get("/metrics");
    service.get("/nguyen-van-mau").problem(404, "not-found");
    with_key(&service, "POST", PATH, &format!("{key}x"), &[]).problem(401, "bad-key");
    revoke(&service.data, "Cổng");
    with_key(&service, "POST", PATH, &key, &[]).problem(401, "revoked-key");
    let entries = logged(&service.data, 3);
    // What everybody may ask, figures, and who is not known, are not logged.
    assert_eq!(entries.len(), 3, "{entries:#?}");
    let told = |at: usize, name: &str| entries[at][name].clone();
    assert_eq!(told(0, "caller"), "Cổng");
    assert_eq!(told(0, "key"), key[3..19]);
    assert_eq!(told(0, "subject"), "nd163-v-36");
    assert_eq!(told(0, "route"), "/api/v1/documents/{template}");
    assert_eq!(told(0, "data"), Digest::of(data.as_bytes()).to_string());
    assert_eq!((told(0, "status"), told(0, "outcome")), (200.into(), "fine".into()));
    assert_eq!(told(0, "bytes"), made.body.len());
    assert_eq!(told(0, "request"), made.header("x-request-id"));
    let at: DateTime<Utc> = told(0, "at").as_str().unwrap().parse().unwrap();
    assert!((super::super::keys::now() - at).abs() < TimeDelta::minutes(1), "{at}");
    assert_eq!((told(1, "caller"), told(1, "key")), ("local".into(), Value::Null));
    assert_eq!((told(1, "status"), told(1, "outcome")), (422.into(), "findings".into()));
    assert_eq!((told(2, "caller"), told(2, "outcome")), ("Cổng".into(), "revoked-key".into()));
    // Nothing of the data, in whatever file.
    let log = service.log();
    let all = super::super::keys::bytes_of(&service.data);
    let has = |text: &str| all.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(has("nd163-v-36") && has("Cổng"));
    for word in ["Nguyễn", "Mẫu", "nguyen-van-mau", &key[20..]] {
        assert!(!has(word) && !log.contains(word), "{word}");
    }
}

#[test]
fn the_end_of_the_access_log_is_written_when_the_service_stops() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let service = Service::at(data.clone(), "", "127.0.0.1:0");
    for _ in 0..20 {
        assert_eq!(service.post_json(CHECK, "{}").status, 200);
    }
    service.signal("TERM");
    assert_eq!(service.wait(), Some(0));
    assert_eq!(logged(&data, 20).len(), 20);
    assert!(!data.join("vanban.db-wal").exists(), "the database was not closed");
    // The same after a hard end, but for what was being written.
    let service = Service::at(data.clone(), "", "127.0.0.1:0");
    assert_eq!(service.post_json(CHECK, "{}").status, 200);
    logged(&data, 21);
    service.signal("KILL");
    service.wait();
    let service = Service::at(data.clone(), "", "127.0.0.1:0");
    assert_eq!(service.post_json(CHECK, "{}").status, 200);
    assert_eq!(logged(&data, 22).len(), 22);
}

#[test]
fn a_service_without_a_usable_store_does_not_start() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("vanban.db"), "không phải cơ sở dữ liệu".repeat(100))
        .unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_vanban"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("không phải cơ sở dữ liệu của vanban"), "{error}");
}

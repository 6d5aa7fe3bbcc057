//! The HTTP service, driven through real sockets.

mod abuse;
mod batches;
mod deploy;
mod documents;
mod dossiers;
mod form;
mod idempotency;
mod judges;
mod keys;
mod lookups;
mod openapi;
mod process;

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use super::support::repository;

/// A service that runs until it is dropped.
pub struct Service {
    child: Child,
    pub address: SocketAddr,
    /// The folder of its data.
    pub data: PathBuf,
    log: Arc<Mutex<String>>,
    folder: Option<TempDir>,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub body: Vec<u8>,
}

impl Service {
    /// A service on loopback with the default settings, but for two workers.
    pub fn start() -> Self {
        Self::with("")
    }

    /// The same with settings of its own (TOML).
    pub fn with(config: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let data = folder.path().join("data");
        let mut service = Self::at(data, config, "127.0.0.1:0");
        service.folder = Some(folder);
        service
    }

    /// The same with a folder of data that is there to stay, listening somewhere.
    pub fn at(data: PathBuf, config: &str, listen: &str) -> Self {
        let workers = if config.contains("[workers]") { "" } else { "[workers]\ncount = 2\n" };
        let log = if config.contains("[log]") { "" } else { "[log]\nformat = \"json\"\n" };
        let settings = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
        std::fs::write(settings.path(), format!("{config}\n{workers}{log}")).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_vanban"))
            .args(["serve", "--listen", listen, "--data-dir"])
            .arg(&data)
            .arg("--config")
            .arg(settings.path())
            .current_dir(repository(""))
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (found, address) = std::sync::mpsc::channel();
        let kept = log.clone();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                kept.lock().unwrap().push_str(&format!("{line}\n"));
                if let Ok(entry) = serde_json::from_str::<Value>(&line)
                    && entry["message"] == "listening"
                {
                    let _ = found.send(entry["address"].as_str().unwrap().parse().unwrap());
                }
            }
        });
        let address = address.recv_timeout(Duration::from_mins(2));
        let address = address.unwrap_or_else(|_| panic!("{}", log.lock().unwrap()));
        Self { child, address, data, log, folder: None }
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Waits until it has logged this.
    pub fn logged(&self, what: &str) {
        let begun = Instant::now();
        while !self.log().contains(what) {
            assert!(begun.elapsed() < Duration::from_secs(30), "no {what} in {}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The id of its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal, such as `TERM`.
    pub fn signal(&self, name: &str) {
        let mut kill = Command::new("kill");
        kill.arg(format!("-{name}")).arg(self.process().to_string());
        assert!(kill.status().unwrap().success());
    }

    /// Waits until it ends; its exit code, none if a signal ended it.
    pub fn wait(mut self) -> Option<i32> {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(begun.elapsed() < Duration::from_mins(1), "it does not end: {}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    /// Sends JSON.
    pub fn post_json(&self, path: &str, body: &str) -> Answer {
        self.send("POST", path, &[("content-type", "application/json")], body.as_bytes())
    }

    /// Sends YAML.
    pub fn post_yaml(&self, path: &str, body: &str) -> Answer {
        self.send("POST", path, &[("content-type", "application/yaml")], body.as_bytes())
    }

    /// Sends a request on a connection of its own.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_mins(2)))
            .build();
        let mut request = ureq::http::Request::builder().method(method).uri(self.url(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let agent = ureq::Agent::new_with_config(config);
        let answer = if body.is_empty() && method != "POST" {
            agent.run(request.body(()).unwrap())
        } else {
            agent.run(request.body(body).unwrap())
        };
        let (parts, mut body) =
            answer.unwrap_or_else(|error| panic!("{path}: {error}")).into_parts();
        let mut bytes = Vec::new();
        body.as_reader().read_to_end(&mut bytes).unwrap();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body: bytes }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}", self.text()))
    }

    /// Asserts that it is this problem, whole and in the form of RFC 9457; gives its body.
    pub fn problem(&self, status: u16, id: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        let body = self.json();
        assert_eq!(body["type"], format!("/problems/{id}"), "{body}");
        assert_eq!(body["status"], status);
        assert!(body["title"].as_str().is_some_and(|title| !title.is_empty()));
        assert_eq!(body["request_id"], self.header("x-request-id"));
        body
    }
}

/// The case of an example.
pub fn case(name: &str) -> String {
    std::fs::read_to_string(repository(&format!("examples/case/{name}.yaml"))).unwrap()
}

/// A case of which all forms can be made.
pub const CASE: &str = "nguoi-thanh-nien-co-noi-cu-tru";

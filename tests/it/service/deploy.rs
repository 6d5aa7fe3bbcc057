//! The files of examples/deploy: what they start, starts; their limits agree with ours.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use vanban::web::Config;

use crate::support::repository;

const PROGRAM: &str = env!("CARGO_BIN_EXE_vanban");
/// How long the answers to what has begun may be on their way when the service stops.
const LAST: u64 = 30;

fn deploy(file: &str) -> String {
    fs::read_to_string(repository("examples/deploy").join(file)).unwrap()
}

/// What a unit says of a key, once.
fn setting(unit: &str, key: &str) -> String {
    let values: Vec<&str> =
        unit.lines().filter_map(|line| line.strip_prefix(&format!("{key}="))).collect();
    let [value] = values.as_slice() else { panic!("{key}: {values:?}") };
    (*value).to_owned()
}

/// A service that was started by a command line of a file; killed when it is dropped.
struct Started {
    child: Child,
    port: String,
}

impl Started {
    /// Starts it with paths of this machine, on any free port.
    fn new(command: &[&str], data: &Path) -> Self {
        let config = repository("examples/deploy/config.toml");
        let mut words = command.iter().map(|word| match *word {
            "/etc/vanban/config.toml" => config.display().to_string(),
            "/var/lib/vanban" | "%S/vanban" => data.display().to_string(),
            "0.0.0.0:8080" => "0.0.0.0:0".to_owned(),
            other => other.to_owned(),
        });
        let program = words.next().unwrap();
        assert!(["vanban", "/usr/local/bin/vanban"].contains(&program.as_str()), "{program}");
        let mut service = Command::new(PROGRAM);
        service.args(words);
        if !command.contains(&"--listen") {
            service.args(["--listen", "127.0.0.1:0"]);
        }
        let mut child = service.stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = log.by_ref().map_while(Result::ok).find_map(|line| {
            let entry: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line}"));
            (entry["message"] == "listening").then(|| entry["address"].as_str().unwrap().to_owned())
        });
        let address = address.expect("it does not start");
        std::thread::spawn(move || log.map_while(Result::ok).for_each(drop));
        Self { child, port: address.rsplit(':').next().unwrap().to_owned() }
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_unit_starts_the_service_and_systemd_understands_it() {
    let unit = deploy("vanban.service");
    let folder = tempfile::tempdir().unwrap();
    let start = setting(&unit, "ExecStart");
    let service = Started::new(&start.split(' ').collect::<Vec<_>>(), folder.path());
    let answer = ureq::get(format!("http://127.0.0.1:{}/readyz", service.port)).call().unwrap();
    assert_eq!(answer.status(), 200);
    // The judge wants the program to be there.
    let path = folder.path().join("vanban.service");
    fs::write(&path, unit.replace("/usr/local/bin/vanban", PROGRAM)).unwrap();
    let verdict = Command::new("systemd-analyze").arg("verify").arg(&path).output();
    let verdict = verdict.expect("this test needs systemd-analyze (Debian package systemd)");
    let words = String::from_utf8_lossy(&verdict.stderr);
    // It speaks of other units of the machine too.
    assert!(verdict.status.success() && !words.contains("vanban"), "{words}");
}

#[test]
fn a_stop_by_systemd_waits_for_the_longest_work() {
    let unit = deploy("vanban.service");
    let limits = Config::default().limits;
    let stop: u64 = setting(&unit, "TimeoutStopSec").parse().unwrap();
    assert!(stop >= limits.batch_seconds + LAST, "{stop}");
    let files: usize = setting(&unit, "LimitNOFILE").parse().unwrap();
    assert!(files >= 2 * limits.connections, "{files}");
    // Only the service itself is told; it tells its workers.
    assert_eq!(setting(&unit, "KillMode"), "mixed");
    assert_eq!(setting(&unit, "OOMPolicy"), "continue");
}

/// The words of an instruction that is a list, such as `CMD`.
fn words(file: &str, instruction: &str) -> Vec<String> {
    let list = file.split(&format!("{instruction} [")).nth(1).unwrap().lines().next().unwrap();
    serde_json::from_str(&format!("[{list}")).unwrap()
}

#[test]
fn the_container_starts_the_service_and_sees_how_it_is() {
    let file = deploy("Containerfile");
    let (start, health) = file.split_once("ENTRYPOINT").unwrap_or_else(|| panic!("{file}"));
    let (health, start) = (words(start, "CMD"), format!("ENTRYPOINT{health}"));
    let command = [words(&start, "ENTRYPOINT"), words(&start, "\nCMD")].concat();
    let folder = tempfile::tempdir().unwrap();
    let service =
        Started::new(&command.iter().map(String::as_str).collect::<Vec<_>>(), folder.path());
    let is_well = |port: &str| {
        let words: Vec<String> = health.iter().map(|word| word.replace("8080", port)).collect();
        let check = Command::new(&words[0]).args(&words[1..]).stderr(Stdio::null()).status();
        check.unwrap().success()
    };
    assert!(is_well(&service.port));
    let port = service.port.clone();
    drop(service);
    assert!(!is_well(&port));
}

/// What the image is built of exists, and there is nothing else that the program holds.
#[test]
fn the_container_is_built_of_what_there_is() {
    let file = deploy("Containerfile");
    let copied: Vec<&str> = file
        .lines()
        .filter_map(|line| line.strip_prefix("COPY "))
        .filter(|line| !line.starts_with("--from"))
        .flat_map(|line| line.rsplit_once(' ').unwrap().0.split(' '))
        .collect();
    assert!(copied.len() >= 6, "{copied:?}");
    for path in &copied {
        assert!(repository(path).exists(), "there is no `{path}`");
    }
    let manifest = fs::read_to_string(repository("Cargo.toml")).unwrap();
    let rust = manifest.split("rust-version = \"").nth(1).unwrap().split('"').next().unwrap();
    assert!(file.contains(&format!("/rust:{rust}-slim-")), "the image has another Rust");
    // Folders outside of `src` that are compiled in.
    let build = fs::read_to_string(repository("src/build.rs")).unwrap();
    for folder in build.split("rerun-if-changed=").skip(1) {
        let folder = folder.split('"').next().unwrap();
        assert!(copied.contains(&folder), "the image is built without `{folder}`");
    }
}

#[test]
fn the_proxy_lets_through_what_the_service_takes() {
    let proxy = deploy("nginx.conf");
    let limits = Config::default().limits;
    let number = |directive: &str, unit: &str| -> u64 {
        let value = proxy.split(&format!("\n    {directive} ")).nth(1);
        let value = value.or_else(|| proxy.split(&format!("\n        {directive} ")).nth(1));
        let value = value.unwrap_or_else(|| panic!("no {directive}")).split(';').next().unwrap();
        value.strip_suffix(unit).unwrap().parse().unwrap()
    };
    assert_eq!(number("client_max_body_size", "m"), limits.upload_mib as u64);
    assert_eq!(number("client_header_timeout", "s"), limits.head_seconds);
    assert_eq!(number("client_body_timeout", "s"), limits.body_seconds);
    assert!(number("proxy_read_timeout", "s") > limits.batch_seconds);
    assert_eq!(number("proxy_send_timeout", "s"), limits.body_seconds);
    // A caller that could choose the name would be one without a key on loopback.
    let hosts: Vec<&str> =
        proxy.lines().filter(|line| line.trim().starts_with("proxy_set_header Host")).collect();
    assert_eq!(hosts, ["        proxy_set_header Host $server_name;"]);
    for never in ["$request ", "$request_uri", "$args", "$http_host", "$host;"] {
        assert!(!proxy.contains(never), "{never}");
    }
    for directive in ["proxy_request_buffering off;", "proxy_buffering off;"] {
        assert!(proxy.contains(directive), "{directive}");
    }
}

#[test]
fn the_guide_names_files_and_commands_that_exist() {
    let guide = deploy("README.md");
    for file in guide.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
        assert!(repository("examples/deploy").join(file).is_file(), "there is no `{file}`");
    }
    let files: Vec<&str> = guide
        .split_whitespace()
        .filter(|word| word.starts_with("examples/deploy/"))
        .map(|word| word.trim_end_matches(['`', '.', ',']))
        .collect();
    assert!(files.len() >= 3, "{files:?}");
    for file in files {
        assert!(repository(file).is_file(), "there is no `{file}`");
    }
    assert!(Config::read(&deploy("config.toml")).is_ok());
}

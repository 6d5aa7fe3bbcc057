//! Judges from outside: who asks everything that the OpenAPI document allows, and who
//! makes a client of it.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

use super::Service;
use crate::support::{pdf, repository};

/// A judge that `tests/run` has put in place.
fn judge(name: &str) -> Command {
    let folder = repository("target/judges/bin");
    let path = folder.join(name);
    assert!(path.exists(), "there is no `{}`; `tests/run judges` installs it", path.display());
    let mut command = Command::new(path);
    // The generator asks `ruff` beside it to put its code in order.
    let mut places = vec![folder];
    places.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap()));
    command.env("PATH", std::env::join_paths(places).unwrap());
    command.env("NO_COLOR", "1").env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "{command:?}:\n{}{}",
        text(&output.stdout),
        text(&output.stderr)
    );
    output
}

/// What it checks of each answer. That data which fits the schema is taken is not among
/// it: an id in an address may be any text, but few are known.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_headers_conformance,response_schema_conformance,negative_data_rejection,\
    unsupported_method,allow_header_conformance";

/// A bounded run, the same each time: no server error and no answer that the document does
/// not tell of.
#[test]
fn schemathesis_finds_no_undeclared_answer() {
    let service = Service::start();
    let folder = tempfile::tempdir().unwrap();
    let mut command = judge("schemathesis");
    command.current_dir(folder.path()).args(["run", &service.url("/openapi.json")]);
    command.args(["--checks", CHECKS, "--phases", "examples,coverage,fuzzing"]);
    // One worker: several threads of Python 3.11 break over each other in `ast`.
    command.args(["--max-examples", "12", "--seed", "1", "--workers", "1", "--no-shrink"]);
    command.args(["--request-timeout", "30", "--continue-on-failure", "--warnings", "off"]);
    command.args(["--generation-database", "none", "--suppress-health-check", "all"]);
    let output = run(&mut command);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("No issues found"), "{text}");
    let log = service.log();
    assert!(!log.contains("\"outcome\":\"internal\""), "{log}");
    // It has asked every route.
    let document = service.get("/openapi.json").json();
    for path in document["paths"].as_object().unwrap().keys() {
        assert!(log.contains(&format!("\"route\":\"{path}\"")), "{path} was not asked");
    }
}

#[test]
fn a_generated_client_renders_a_form() {
    let service = Service::start();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| -> PathBuf { folder.path().join(name) };
    let template = "nd163-v-36";
    for (name, path) in [
        ("openapi.json", format!("/openapi.json?template={template}")),
        ("sample.json", format!("/api/v1/templates/{template}/sample?name=full&format=json")),
    ] {
        let answer = service.get(&path);
        assert_eq!(answer.status, 200, "{}", answer.text());
        std::fs::write(file(name), answer.body).unwrap();
    }
    run(judge("openapi-python-client")
        .current_dir(folder.path())
        .args(["generate", "--meta", "none", "--fail-on-warning", "--path"])
        .arg(file("openapi.json"))
        .arg("--output-path")
        .arg(file("vanban_client")));
    let output = run(judge("python")
        .arg(repository("tests/judges/render_form.py"))
        .arg(folder.path())
        .arg(service.url(""))
        .arg(template)
        .arg(file("sample.json"))
        .arg(file("form.pdf")));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["status"], 422);
    let found = told["found"].as_array().unwrap();
    assert!(found.contains(&serde_json::json!(["DT05", "/date"])), "{told}");
    // The file is the one that the service makes of the same data, and it is a PDF.
    let form = std::fs::read(file("form.pdf")).unwrap();
    let sample = std::fs::read_to_string(file("sample.json")).unwrap();
    let made = service.post_json(&format!("/api/v1/documents/{template}"), &sample);
    assert_eq!(form, made.body);
    let information = pdf::Pdf::new(&form).ask("pdfinfo", &[], &[]);
    assert!(information.contains("Pages:           1\n"), "{information}");
}

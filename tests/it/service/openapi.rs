//! The OpenAPI document: complete, and true of the routes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;
use vanban::web::Kind;

use super::Service;
use crate::support::repository;

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "patch", "trace"];

/// Path, method and what the document says, of every operation.
fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().iter();
            methods.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
        })
        .collect()
}

/// Calls a function with every object of a value.
fn walk(value: &Value, see: &mut dyn FnMut(&serde_json::Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            see(object);
            object.values().for_each(|value| walk(value, see));
        }
        Value::Array(list) => list.iter().for_each(|value| walk(value, see)),
        _ => {}
    }
}

/// Every reference leads to something.
fn assert_is_closed(document: &Value) {
    walk(document, &mut |object| {
        if let Some(Value::String(reference)) = object.get("$ref") {
            let pointer = reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference}"));
            assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
        }
    });
}

#[test]
fn the_document_is_this() {
    let document = Service::start().get("/openapi.json").json();
    let text = serde_json::to_string_pretty(&document).unwrap();
    insta::with_settings!({prepend_module_to_snapshot => false, snapshot_path => "../snapshots"}, {
        insta::assert_snapshot!("openapi.json", text);
    });
}

#[test]
fn the_document_is_whole() {
    let document = Service::start().get("/openapi.json").json();
    assert_eq!(document["openapi"], "3.1.0");
    assert_is_closed(&document);
    let tags: BTreeSet<&str> = document["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| tag["name"].as_str().unwrap())
        .collect();
    let mut ids = BTreeSet::new();
    let mut told = BTreeSet::new();
    for (path, method, operation) in operations(&document) {
        let name = format!("{method} {path}");
        assert!(
            ids.insert(operation["operationId"].as_str().unwrap()),
            "{name}: its id is not its own"
        );
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{name}");
        let of = operation["tags"].as_array().unwrap();
        assert!(of.iter().all(|tag| tags.contains(tag.as_str().unwrap())), "{name}: {of:?}");
        let own: BTreeSet<&str> = path.split(['{', '}']).skip(1).step_by(2).collect();
        let mut named = BTreeSet::new();
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            assert!(parameter["description"].is_string(), "{name}: {parameter}");
            assert!(parameter["schema"].is_object(), "{name}: {parameter}");
            if parameter["in"] == "path" {
                named.insert(parameter["name"].as_str().unwrap());
            }
        }
        assert_eq!(own, named, "{name}");
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.contains_key("200"), "{name}");
        assert!(responses.contains_key("500"), "{name}");
        for (status, response) in responses {
            assert!(response["description"].as_str().is_some_and(|text| !text.is_empty()));
            let Ok(status) = status.parse::<u16>() else { panic!("{name}: {status}") };
            let examples = response["content"]["application/problem+json"]["examples"].as_object();
            assert_eq!(status >= 400, examples.is_some(), "{name}: {status}");
            for id in examples.into_iter().flat_map(|all| all.keys()) {
                let kind = Kind::of(id).unwrap_or_else(|| panic!("{name}: {id}"));
                assert_eq!(kind.status, status, "{name}: {id}");
                told.insert(kind.id);
            }
        }
    }
    // What is answered for another method is no answer of an operation.
    let untold: Vec<&str> = Kind::ALL
        .iter()
        .map(|kind| kind.id)
        .filter(|id| !told.contains(id) && *id != Kind::METHOD.id)
        .collect();
    assert_eq!(untold, Vec::<&str>::new(), "no operation tells of these problems");
}

/// Examples fit their schemas.
#[test]
fn examples_are_true() {
    let document = Service::start().get("/openapi.json").json();
    let mut schema = document["components"]["schemas"]["ProblemBody"].clone();
    schema["components"] = document["components"].clone();
    let problem = jsonschema::validator_for(&schema).unwrap();
    let examples = document["components"]["examples"].as_object().unwrap();
    assert_eq!(examples.len(), Kind::ALL.len());
    for example in examples.values() {
        assert!(problem.is_valid(&example["value"]), "{example}");
    }
}

/// Routes and document come from the same place, and no route is made elsewhere.
#[test]
fn the_document_has_every_route() {
    let service = Service::start();
    let document = service.get("/openapi.json").json();
    let operations = operations(&document);
    let mut declared: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (path, method, _) in &operations {
        declared.entry(path).or_default().insert(method);
    }
    for (path, methods) in &declared {
        let address = path.replace(['{', '}'], "");
        let mut allowed: BTreeSet<String> = methods.iter().map(|one| one.to_uppercase()).collect();
        if methods.contains("get") {
            allowed.insert("HEAD".to_owned());
            let head = service.send("HEAD", &address, &[], b"");
            assert_ne!(head.status, 405, "{path}");
        }
        for method in METHODS.iter().filter(|method| !methods.contains(*method)) {
            let answer = service.send(&method.to_uppercase(), &address, &[], b"");
            answer.problem(405, "method-not-allowed");
            let told: BTreeSet<String> =
                answer.header("allow").split(',').map(|one| one.trim().to_owned()).collect();
            assert_eq!(told, allowed, "{method} {path}");
        }
    }
    let (mut handlers, mut files) = (0, vec![repository("src/web")]);
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        handlers += source.matches("#[utoipa::path(").count();
        for other in [
            ".route(\"",
            ".route(&",
            ".route_service(",
            ".nest_service(",
            "axum::routing",
            "MethodRouter",
        ] {
            assert!(!source.contains(other), "{}: `{other}`", path.display());
        }
    }
    assert_eq!(handlers, operations.len(), "a handler is no route");
}

/// The document of one template: its data has its schema.
#[test]
fn the_document_of_a_template_has_its_schema() {
    let service = Service::start();
    for id in ["nd163-v-36", "plan", "cong-van"] {
        let document = service.get(&format!("/openapi.json?template={id}")).json();
        assert_is_closed(&document);
        let paths: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
        assert_eq!(paths, [&format!("/api/v1/documents/{id}"), &format!("/api/v1/check/{id}")]);
        let mut schema = document["components"]["schemas"]["Data"].clone();
        schema["components"] = document["components"].clone();
        let data = jsonschema::validator_for(&schema).unwrap();
        let sample = service.get(&format!("/api/v1/templates/{id}/sample?name=full&format=json"));
        assert!(data.is_valid(&sample.json()), "{id}");
        assert!(!data.is_valid(&serde_json::json!({"no such key": 1})), "{id}");
    }
    service.get("/openapi.json?template=nothing").problem(404, "unknown-template");
}

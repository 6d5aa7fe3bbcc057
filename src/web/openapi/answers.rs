use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::web::problem::{Kind, MEDIA_TYPE};

/// Routes that need no key: they tell nothing of anybody.
const OPEN: [&str; 8] = [
    "/healthz",
    "/readyz",
    "/version",
    "/openapi.json",
    "/docs",
    "/docs/{file}",
    "/problems",
    "/problems/{id}",
];

/// Completes what an operation says of itself: who may ask, and every problem that an
/// answer can be, in the place of `4XX` and `5XX`.
pub(super) fn complete(path: &str, method: &str, operation: &mut Map<String, Value>) {
    let open = OPEN.contains(&path);
    let security = if open { json!([]) } else { json!([{"key": []}, {}]) };
    operation.insert("security".to_owned(), security);
    let mut by_status: BTreeMap<u16, Vec<Kind>> = BTreeMap::new();
    for kind in kinds(path, method, operation, open) {
        by_status.entry(kind.status).or_default().push(kind);
    }
    if is_cached(path, method) {
        not_modified(operation);
    }
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else {
        return;
    };
    responses.shift_remove("4XX");
    responses.shift_remove("5XX");
    for (status, kinds) in by_status {
        responses.insert(status.to_string(), response(status, &kinds));
    }
    responses.sort_keys();
}

/// What an operation can be refused for.
fn kinds(path: &str, method: &str, operation: &Map<String, Value>, open: bool) -> Vec<Kind> {
    let post = method == "post";
    // These are answered to the very end, and ask nobody else.
    let always = ["/healthz", "/metrics"].contains(&path);
    let mut kinds = vec![Kind::INTERNAL];
    let mut add = |wanted: bool, more: &[Kind]| {
        if wanted {
            kinds.extend_from_slice(more);
        }
    };
    add(!always, &[Kind::STOPPING]);
    add(!always && path != "/readyz", &[Kind::MALFORMED, Kind::PARAMETER]);
    add(!open, &[Kind::NO_KEY, Kind::BAD_KEY, Kind::EXPIRED_KEY, Kind::REVOKED_KEY]);
    add(!open, &[Kind::HOST, Kind::OUT_OF_SCOPE, Kind::RATE, Kind::AT_ONCE]);
    add(path.contains("{template}") || path == "/openapi.json", &[Kind::TEMPLATE]);
    add(path.contains("{procedure}"), &[Kind::PROCEDURE]);
    add(["{code}", "{id}"].iter().any(|name| path.contains(name)), &[Kind::ENTRY]);
    add(path.contains("{file}"), &[Kind::NOT_FOUND]);
    let chooses = chooses(operation) && !path.contains("{file}");
    add(post || chooses, &[Kind::ACCEPT]);
    let makes = post || path == "/readyz" || path.ends_with("/preview.png");
    add(makes, &[Kind::TOO_HEAVY, Kind::QUEUE_FULL]);
    add(post, &[Kind::TIMEOUT, Kind::IN_FLIGHT, Kind::TOO_LARGE, Kind::MEDIA]);
    add(post, &[Kind::FINDINGS, Kind::MISMATCH, Kind::BUSY]);
    kinds
}

/// Whether an answer comes in one of several formats.
fn chooses(operation: &Map<String, Value>) -> bool {
    let content = operation.get("responses").and_then(|all| all.pointer("/200/content"));
    content.and_then(Value::as_object).is_some_and(|content| content.len() > 1)
}

/// Whether callers may keep the answer.
fn is_cached(path: &str, method: &str) -> bool {
    method == "get" && !["/healthz", "/readyz", "/metrics"].contains(&path)
}

/// Adds what caches are told: a tag, and that nothing is sent again to who has it.
fn not_modified(operation: &mut Map<String, Value>) {
    let text =
        |description: &str| json!({"description": description, "schema": {"type": "string"}});
    let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
    if let Some(list) = parameters.as_array_mut() {
        list.push(json!({
            "name": "If-None-Match",
            "in": "header",
            "description": "The `ETag` of an answer that the caller has",
            "required": false,
            "schema": {"type": "string"}
        }));
    }
    let Some(responses) = operation.get_mut("responses") else { return };
    let headers = json!({
        "ETag": text("A hash of the answer"),
        "Cache-Control": text("How long the answer may be kept"),
    });
    responses["200"]["headers"] = headers.clone();
    responses["304"] = json!({"description": "The caller has it", "headers": headers});
}

/// A response that is one of some kinds of problems.
fn response(status: u16, kinds: &[Kind]) -> Value {
    let listed: Vec<String> =
        kinds.iter().map(|kind| format!("[{}]({}): {}", kind.id, kind.path(), kind.en)).collect();
    let lead = |kind: &Kind| {
        let reference = format!("#/components/examples/{}", kind.id);
        (kind.id.to_owned(), json!({"$ref": reference}))
    };
    let examples: Map<String, Value> = kinds.iter().map(lead).collect();
    let mut response = json!({
        "description": listed.join("; "),
        "content": {MEDIA_TYPE: {
            "schema": {"$ref": "#/components/schemas/ProblemBody"},
            "examples": examples
        }}
    });
    let text =
        |description: &str| json!({"description": description, "schema": {"type": "string"}});
    let seconds = || json!({"description": "After how many seconds to ask again", "schema": {"type": "integer", "minimum": 0}});
    match status {
        401 => response["headers"] = json!({"WWW-Authenticate": text("`Bearer`")}),
        429 | 503 => response["headers"] = json!({"Retry-After": seconds()}),
        _ => {}
    }
    response
}

/// An example of each kind of problem.
pub(super) fn examples() -> Map<String, Value> {
    let example = |kind: &Kind| {
        let mut value = json!({
            "type": kind.path(),
            "title": kind.vi,
            "status": kind.status,
            "request_id": "019aa3c5-64f2-7f0e-9d0c-3f2b7a5c1e11"
        });
        if *kind == Kind::FINDINGS {
            value["findings"] = json!([finding()]);
        }
        (kind.id.to_owned(), json!({"summary": kind.en, "value": value}))
    };
    Kind::ALL.iter().map(example).collect()
}

/// A finding as the program tells it.
fn finding() -> Value {
    json!({
        "code": "SC01",
        "severity": "error",
        "message": "thiếu `full_name`",
        "pointer": "/subject",
        "line": 1,
        "column": 13
    })
}

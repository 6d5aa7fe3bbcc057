use serde_json::{Map, Value, json};

/// Which operations read the data of a template.
pub(super) const OF_DATA: [&str; 2] = ["/api/v1/documents/{template}", "/api/v1/check/{template}"];

/// What stands for a part of an address in examples.
const EXAMPLES: [(&str, &str); 2] = [("template", "nd163-v-36"), ("procedure", "D-C18")];

/// Completes what an operation says of its requests: what its data is, and examples.
pub(super) fn complete(path: &str, method: &str, operation: &mut Map<String, Value>) {
    if method == "post" {
        repeatable(operation);
    }
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap_or_default();
        let example = EXAMPLES.iter().find(|(known, _)| *known == name);
        if let Some((_, example)) = example.filter(|_| parameter["in"] == "path")
            && parameter.get("example").is_none()
        {
            parameter["example"] = json!(example);
        }
    }
    let body = operation.get_mut("requestBody");
    let content = body.and_then(|body| {
        // A blank form comes without data.
        if path == OF_DATA[0] {
            body["required"] = json!(false);
        }
        body.get_mut("content")
    });
    if let Some(content) = content.filter(|_| OF_DATA.contains(&path)) {
        for (_, media) in content.as_object_mut().into_iter().flatten() {
            *media = data();
        }
    }
}

/// Adds the header with which a request may be sent again.
fn repeatable(operation: &mut Map<String, Value>) {
    let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
    if let Some(list) = parameters.as_array_mut() {
        list.push(json!({
            "name": "Idempotency-Key",
            "in": "header",
            "description": "Makes the request safe to send again for 24 hours: the same request \
                gets the same answer",
            "required": false,
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"}
        }));
    }
    let ok = operation.get_mut("responses").and_then(|all| all.get_mut("200"));
    if let Some(ok) = ok {
        ok["headers"]["Idempotency-Replayed"] = json!({
            "description": "`true` where the same request was answered before",
            "schema": {"type": "string"}
        });
    }
}

/// Data of a template: which keys it has depends on the template.
fn data() -> Value {
    json!({
        "schema": {
            "type": "object",
            "description": "The data of the template. Its schema is at \
                `/api/v1/templates/{template}/schema`; `/openapi.json?template=…` describes \
                the interface with it."
        },
        "example": {"subject": {"full_name": "Nguyễn Văn Ví Dụ"}}
    })
}

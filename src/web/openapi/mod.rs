//! The OpenAPI document: what the routes say of themselves, completed with what is true of
//! many of them.

mod answers;
mod asks;
mod template;

use std::sync::LazyLock;

use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use serde_json::{Map, Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::cached::{self, Kept};
use super::problem::{Kind, Problem, ProblemBody};
use super::query::Parameters;
use super::state::App;
use crate::app::service::Media;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(openapi))
}

/// The whole document.
static DOCUMENT: LazyLock<Value> = LazyLock::new(document);

/// The document of all templates, written.
static WRITTEN: LazyLock<Vec<u8>> =
    LazyLock::new(|| serde_json::to_vec(&*DOCUMENT).unwrap_or_default());

/// Gives this description of the interface (OpenAPI 3.1).
///
/// With `template`, the description of one template alone: the data of `/documents` and
/// `/check` then have its schema, for clients that are generated.
#[utoipa::path(get, path = "/openapi.json", tag = "service", operation_id = "get_openapi",
    params(("template" = Option<String>, Query, description = "The id of a template", example = "nd163-v-36")),
    responses(
        (status = 200, description = "The description", body = serde_json::Value),
        (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn openapi(
    State(app): State<App>,
    headers: HeaderMap,
    mut parameters: Parameters,
) -> Result<Response, Problem> {
    let id = parameters.one("template")?;
    parameters.end()?;
    let bytes = match id {
        None => WRITTEN.clone(),
        Some(id) => {
            let template = app.template(&id)?;
            let schema = template.schema().map_err(|error| Problem::internal(error.to_string()))?;
            let own = template::document(&DOCUMENT, &id, &schema.bundle);
            serde_json::to_vec(&own).map_err(|error| Problem::internal(error.to_string()))?
        }
    };
    Ok(cached::answer(&headers, Media::Json.media_type(), bytes, Kept::Asked))
}

/// The document: what stands at the handlers, and what is true of all of them.
fn document() -> Value {
    let (_, api) = super::routes().split_for_parts();
    let mut document = serde_json::to_value(&api).unwrap_or_default();
    document["info"] = json!({
        "title": "vanban",
        "version": env!("CARGO_PKG_VERSION"),
        "description": "Legally formatted Vietnamese official documents from structured data. \
            Problems (RFC 9457) and findings are in Vietnamese, in English with \
            `Accept-Language: en`. Unknown parameters and keys are refused. Answers other than \
            documents have a `version`, which grows when they change in a way that breaks callers.",
        "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"}
    });
    document["servers"] = json!([{"url": "/"}]);
    document["tags"] =
        TAGS.iter().map(|(name, text)| json!({"name": name, "description": text})).collect();
    document["components"]["securitySchemes"] = json!({"key": {
        "type": "http",
        "scheme": "bearer",
        "description": "A key made with `vanban key create`. Where the service listens on \
            loopback alone, requests without a key are answered too."
    }});
    document["components"]["examples"] = Value::Object(answers::examples());
    document["components"]["schemas"]["ProblemBody"]["properties"]["type"]["enum"] =
        Kind::ALL.iter().map(|kind| kind.path()).collect();
    for (path, method, operation) in operations(&mut document) {
        asks::complete(&path, &method, operation);
        answers::complete(&path, &method, operation);
    }
    plain(&mut document);
    document
}

/// What the operations are about.
const TAGS: [(&str, &str); 7] = [
    ("documents", "Documents of a template, made or checked"),
    ("dossiers", "The papers of a procedure, made or checked together"),
    ("batches", "A document for each record of a table"),
    ("templates", "What documents there are, and what their data must look like"),
    ("procedures", "What papers a procedure needs, and its time limits"),
    ("reference", "Codes of findings, administrative units, legal documents"),
    ("service", "The service itself"),
];

/// The operations of a document, with path and method.
fn operations(document: &mut Value) -> Vec<(String, String, &mut Map<String, Value>)> {
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    paths
        .flat_map(|(path, item)| {
            let methods = item.as_object_mut().into_iter().flatten();
            methods.filter_map(move |(method, operation)| {
                Some((path.clone(), method.clone(), operation.as_object_mut()?))
            })
        })
        .collect()
}

/// Descriptions are comments of the sources: what links to other items there is plain here.
fn plain(value: &mut Value) {
    match value {
        Value::Object(object) => {
            for (key, value) in object.iter_mut() {
                match value {
                    Value::String(text) if key == "description" || key == "summary" => {
                        *text = text.replace("[`", "`").replace("`]", "`");
                    }
                    other => plain(other),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(plain),
        _ => {}
    }
}

use axum::extract::{Path, State};
use axum::response::Response;
use http::HeaderMap;

use super::reference::words;
use crate::app::reference::{TemplateList, TemplateQuery, TemplateReport};
use crate::app::service::Media;
use crate::web::cached::{self, Kept};
use crate::web::context::Context;
use crate::web::negotiate::negotiate;
use crate::web::problem::{Problem, ProblemBody};
use crate::web::query::{Parameters, wrong};
use crate::web::state::App;

/// Lists templates: those that fit everything that is asked for.
#[utoipa::path(get, path = "/templates", tag = "templates", operation_id = "list_templates",
    params(TemplateQuery),
    responses(
        (status = 200, description = "The templates", body = TemplateList<'static>),
        (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn templates(
    State(app): State<App>,
    headers: HeaderMap,
    mut parameters: Parameters,
) -> Result<Response, Problem> {
    let query = TemplateQuery {
        kind: words(&mut parameters, "kind")?,
        source: words(&mut parameters, "source")?,
        issuer: parameters.read(
            "issuer",
            "phải là `commune_police`, `commune_committee`, `facility`, `citizen`, `minutes` hoặc `other`",
            "must be `commune_police`, `commune_committee`, `facility`, `citizen`, `minutes` or `other`",
        )?,
        procedure: words(&mut parameters, "procedure")?,
        in_force_at: parameters.day("in_force_at")?,
        q: words(&mut parameters, "q")?,
    };
    parameters.end()?;
    cached::json(&headers, &app.reference.templates(&query)?)
}

/// Tells everything about a template: options, checks, the faults of the gazette.
#[utoipa::path(get, path = "/templates/{template}", tag = "templates", operation_id = "get_template",
    params(("template" = String, Path, description = "The id of a template", example = "nd163-v-36")),
    responses(
        (status = 200, description = "The template", body = TemplateReport<'static>),
        (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn template(
    State(app): State<App>,
    Path(template): Path<String>,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.end()?;
    cached::json(&headers, &app.reference.template(&template)?)
}

/// Gives the JSON Schema (2020-12) of the data of a template, in one piece.
#[utoipa::path(get, path = "/templates/{template}/schema", tag = "templates", operation_id = "get_template_schema",
    params(("template" = String, Path, description = "The id of a template", example = "nd163-v-36")),
    responses(
        (status = 200, description = "The schema", body = serde_json::Value, content_type = "application/schema+json"),
        (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn schema(
    State(app): State<App>,
    Path(template): Path<String>,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.end()?;
    let schema = app.template(&template)?.schema();
    let schema = schema.map_err(|error| Problem::internal(error.to_string()))?;
    let bytes = serde_json::to_vec(&schema.bundle);
    let bytes = bytes.map_err(|error| Problem::internal(error.to_string()))?;
    Ok(cached::answer(&headers, "application/schema+json", bytes, Kept::AWhile))
}

/// How sample data is written.
const SAMPLES: [&str; 2] = ["application/yaml", Media::Json.media_type()];

/// Gives sample data of a template: the least that makes a document, or everything, with
/// comments for the drafter in YAML.
#[utoipa::path(get, path = "/templates/{template}/sample", tag = "templates", operation_id = "get_template_sample",
    params(
        ("template" = String, Path, description = "The id of a template", example = "nd163-v-36"),
        ("name" = Option<String>, Query, description = "`minimal` (the default) or `full`", pattern = "^(minimal|full)$"),
        ("format" = Option<String>, Query, description = "`yaml` or `json`; without it, what `Accept` says, else YAML", pattern = "^(yaml|json)$"),
    ),
    responses(
        (status = 200, description = "The data", content(
            (serde_json::Value = "application/yaml"), (serde_json::Value = "application/json"),
        )),
        (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn sample(
    State(app): State<App>,
    Path(template): Path<String>,
    headers: HeaderMap,
    mut parameters: Parameters,
) -> Result<Response, Problem> {
    let full = is_full(&mut parameters)?;
    let format = parameters.one("format")?;
    parameters.end()?;
    let media = match format.as_deref() {
        Some("yaml") => SAMPLES[0],
        Some("json") => SAMPLES[1],
        Some(_) => {
            return Err(wrong("format", "phải là `yaml` hoặc `json`", "must be `yaml` or `json`"));
        }
        None => negotiate(&headers, &SAMPLES)?,
    };
    let template = app.template(&template)?;
    let bytes = if media == SAMPLES[1] {
        let value = app.reference.sample(&template.manifest.id, full)?;
        serde_json::to_vec(&value).map_err(|error| Problem::internal(error.to_string()))?
    } else {
        template.sample(full).as_bytes().to_vec()
    };
    let media = if media == SAMPLES[1] { media } else { "application/yaml; charset=utf-8" };
    Ok(cached::answer(&headers, media, bytes, Kept::AWhile))
}

/// Whether the full sample is asked for.
fn is_full(parameters: &mut Parameters) -> Result<bool, Problem> {
    match parameters.one("name")?.as_deref() {
        None | Some("minimal") => Ok(false),
        Some("full") => Ok(true),
        Some(_) => {
            Err(wrong("name", "phải là `minimal` hoặc `full`", "must be `minimal` or `full`"))
        }
    }
}

/// Shows the first page that is made of the full sample of a template.
///
/// It is made when it is first asked for, and kept.
#[utoipa::path(get, path = "/templates/{template}/preview.png", tag = "templates", operation_id = "get_template_preview",
    params(("template" = String, Path, description = "The id of a template", example = "nd163-v-36")),
    responses(
        (status = 200, description = "The page", body = Vec<u8>, content_type = "image/png"),
        (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn preview(
    State(app): State<App>,
    context: Context,
    Path(template): Path<String>,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.end()?;
    let template = app.template(&template)?;
    context.note().template = Some(template.manifest.id.clone());
    let page = app.previews.page(&app, &context, template).await?;
    Ok(cached::answer(&headers, Media::Png.media_type(), page, Kept::AWhile))
}

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;
use serde::Serialize;
use tokio::time::Instant;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::context::Context;
use super::metrics;
use super::problem::{Problem, ProblemBody};
use super::state::App;
use crate::app::service::{DocumentJob, Job, Part};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(healthz)).routes(routes!(readyz)).routes(routes!(measured))
}

/// That something is well.
#[derive(Debug, Serialize, ToSchema)]
struct Well {
    /// `ok`.
    #[schema(example = "ok")]
    status: &'static str,
}

/// Whether the process answers.
#[utoipa::path(get, path = "/healthz", tag = "service",
    responses((status = 200, description = "It does", body = Well)))]
async fn healthz() -> Json<Well> {
    Json(Well { status: "ok" })
}

/// For how long a page that was made shows that pages are made.
const FRESH: Duration = Duration::from_secs(1);
/// The template whose sample shows that documents can be made.
const PAGE: &str = "cong-van";

/// Whether documents are made: a page is made to see it.
#[utoipa::path(get, path = "/readyz", tag = "service",
    responses(
        (status = 200, description = "They are", body = Well),
        (status = 429, description = "The queue is full", body = ProblemBody, content_type = "application/problem+json"),
        (status = 500, description = "They are not", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "The service is stopping", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn readyz(State(app): State<App>, context: Context) -> Result<Json<Well>, Problem> {
    // Anybody may ask: many who ask at once are one page, and no work for the next moment.
    let mut seen = app.seen_ready.lock().await;
    if seen.is_some_and(|seen| seen.elapsed() < FRESH) {
        return Ok(Json(Well { status: "ok" }));
    }
    let template = app.template(PAGE)?;
    let sample = Part::new("sample", template.sample(false).to_owned());
    let job = DocumentJob {
        template: PAGE.to_owned(),
        formats: vec!["pdf".to_owned()],
        ..DocumentJob::default()
    };
    let mut answer = app.ask(&context, Job::Document(job), vec![sample]).await?;
    let page = answer.rest().await?;
    if page.starts_with(b"%PDF-") {
        *seen = Some(Instant::now());
        Ok(Json(Well { status: "ok" }))
    } else {
        Err(Problem::internal("the page of readiness was not made"))
    }
}

/// What is measured, for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "service",
    responses((status = 200, description = "Figures", body = String, content_type = "text/plain")))]
async fn measured(State(app): State<App>) -> Response {
    const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";
    app.teller.catch_up().await;
    ([(header::CONTENT_TYPE, TEXT)], metrics::text(&app)).into_response()
}

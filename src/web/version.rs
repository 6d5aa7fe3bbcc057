use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::cached;
use super::problem::{Problem, ProblemBody};
use super::query::Parameters;
use super::state::App;
use crate::app::reference::VersionView;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(version))
}

/// Tells the versions of the program, of the set of templates and of the sets of data.
#[utoipa::path(get, path = "/version", tag = "service", operation_id = "get_version",
    responses(
        (status = 200, description = "The versions", body = VersionView),
        (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn version(
    State(app): State<App>,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.end()?;
    cached::json(&headers, app.reference.version())
}

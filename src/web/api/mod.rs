//! The routes of version 1 of the interface.

mod documents;
mod explained;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(documents::document)).routes(routes!(documents::check))
}

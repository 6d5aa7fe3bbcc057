//! The routes of version 1 of the interface.

mod batches;
mod documents;
mod dossiers;
mod explained;
mod report;
mod streamed;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(documents::document))
        .routes(routes!(documents::check))
        .routes(routes!(dossiers::dossier))
        .routes(routes!(dossiers::check))
        .routes(routes!(batches::batch))
        .routes(routes!(batches::workbook))
}

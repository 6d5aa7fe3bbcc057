//! The routes of version 1 of the interface.

mod batches;
mod documents;
mod dossiers;
mod explained;
mod made;
mod reference;
mod report;
mod streamed;
mod templates;

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
        .routes(routes!(templates::templates))
        .routes(routes!(templates::template))
        .routes(routes!(templates::schema))
        .routes(routes!(templates::sample))
        .routes(routes!(templates::preview))
        .routes(routes!(reference::procedures))
        .routes(routes!(reference::procedure))
        .routes(routes!(reference::rules))
        .routes(routes!(reference::rule))
        .routes(routes!(reference::units))
        .routes(routes!(reference::laws))
        .routes(routes!(reference::law))
}

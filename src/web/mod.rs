//! The HTTP service.

mod api;
mod body;
mod config;
mod context;
mod finding;
mod form;
mod health;
mod log;
mod metrics;
mod negotiate;
mod outermost;
mod patient;
mod problem;
mod query;
mod record;
mod server;
mod state;

pub use config::Config;
pub use problem::{Kind, Problem, ProblemBody};
pub use server::serve;

use axum::Router;
use axum::middleware::from_fn_with_state;
use utoipa_axum::router::OpenApiRouter;

use state::App;

/// All routes with what the OpenAPI document says of them. There is no other place where a
/// route is made.
fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().merge(health::routes()).nest("/api/v1", api::routes())
}

fn router(app: &App) -> Router {
    let (router, _) = routes().split_for_parts();
    router
        .fallback(outermost::nothing)
        .layer(from_fn_with_state(app.clone(), outermost::outermost))
        .with_state(app.clone())
}

//! The HTTP service.

mod access;
mod api;
mod body;
mod cached;
mod caller;
mod clock;
mod config;
mod context;
mod docs;
mod door;
mod form;
mod health;
mod idempotency;
mod leftover;
mod log;
mod metrics;
mod negotiate;
mod openapi;
mod outermost;
mod patient;
mod previews;
mod problem;
mod problems;
mod query;
mod quota;
mod record;
mod server;
mod state;
mod teller;
mod version;

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
    OpenApiRouter::new()
        .nest("/api/v1", api::routes())
        .merge(health::routes())
        .merge(version::routes())
        .merge(openapi::routes())
        .merge(docs::routes())
        .merge(problems::routes())
}

fn router(app: &App) -> Router {
    let (router, _) = routes().split_for_parts();
    router
        .fallback(outermost::nothing)
        .layer(from_fn_with_state(app.clone(), idempotency::once_only))
        .layer(from_fn_with_state(app.clone(), caller::gate))
        .layer(from_fn_with_state(app.clone(), outermost::outermost))
        .with_state(app.clone())
}

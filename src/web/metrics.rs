use std::time::Duration;

use http::Method;
use metrics::{SharedString, Unit};
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use tokio::time::sleep;

use super::state::App;
use crate::app::service::Spent;

/// How long things take, in seconds: a page is a few milliseconds, a batch some minutes.
const SECONDS: [f64; 15] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0, 600.0];

const REQUESTS: &str = "vanban_requests_total";
const REQUEST: &str = "vanban_request_seconds";
const WAIT: &str = "vanban_queue_wait_seconds";
const COMPOSE: &str = "vanban_compose_seconds";
const COMPILE: &str = "vanban_compile_seconds";
const EXPORT: &str = "vanban_export_seconds";
const BYTES: &str = "vanban_bytes_total";
const PAGES: &str = "vanban_pages_total";
const WORKERS: &str = "vanban_workers";
const WORKING: &str = "vanban_workers_working";
const WAITING: &str = "vanban_queue_waiting";

/// Starts to measure.
///
/// # Errors
///
/// If this process measures already.
pub(super) fn start() -> Result<PrometheusHandle, BuildError> {
    let handle = PrometheusBuilder::new().set_buckets(&SECONDS)?.install_recorder()?;
    describe_counter!(REQUESTS, "Requests, by route, method, status and outcome");
    describe_histogram!(
        REQUEST,
        Unit::Seconds,
        "From the head of a request to the end of its answer"
    );
    describe_histogram!(WAIT, Unit::Seconds, "How long a request waited for a worker");
    describe_histogram!(COMPOSE, Unit::Seconds, "Reading and checking data and making words");
    describe_histogram!(COMPILE, Unit::Seconds, "Laying pages out");
    describe_histogram!(EXPORT, Unit::Seconds, "Writing files");
    describe_counter!(BYTES, Unit::Bytes, "Bytes of answers, by template and outcome");
    describe_counter!(PAGES, "Pages made, by template");
    describe_gauge!(WORKERS, "Workers");
    describe_gauge!(WORKING, "Workers at work");
    describe_gauge!(WAITING, "Requests that wait for a worker");
    Ok(handle)
}

/// What is measured of a request. Every label has a bounded number of values: routes are
/// patterns, templates are those that there are, methods those that are known.
#[derive(Debug)]
pub(super) struct Request<'a> {
    pub method: &'a Method,
    pub route: &'a str,
    pub status: &'a str,
    pub outcome: &'static str,
    pub template: Option<&'a str>,
    pub bytes: u64,
    pub pages: Option<usize>,
    pub took: Duration,
    /// In microseconds, if it asked a worker.
    pub waited: Option<u64>,
    pub spent: Option<Spent>,
}

/// Counts a request.
pub(super) fn request(request: &Request<'_>) {
    let method = match *request.method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::PATCH => "PATCH",
        _ => "other",
    };
    let route = SharedString::from(request.route.to_owned());
    let status = SharedString::from(request.status.to_owned());
    counter!(REQUESTS, "method" => method, "route" => route.clone(), "status" => status, "outcome" => request.outcome)
        .increment(1);
    histogram!(REQUEST, "route" => route).record(request.took);
    let template = SharedString::from(request.template.unwrap_or("none").to_owned());
    counter!(BYTES, "template" => template.clone(), "outcome" => request.outcome)
        .increment(request.bytes);
    if let Some(pages) = request.pages {
        counter!(PAGES, "template" => template.clone()).increment(pages as u64);
    }
    if let Some(waited) = request.waited {
        histogram!(WAIT).record(Duration::from_micros(waited));
    }
    let Some(spent) = request.spent else { return };
    for (name, micros) in
        [(COMPOSE, spent.compose), (COMPILE, spent.compile), (EXPORT, spent.export)]
    {
        if micros > 0 {
            histogram!(name, "template" => template.clone()).record(Duration::from_micros(micros));
        }
    }
}

/// How often what was measured is put together.
const UPKEEP: Duration = Duration::from_secs(5);

/// Puts together what was measured, again and again: until then every value is kept by
/// itself, and nobody may ever ask for the figures.
pub(super) async fn keep_up(handle: PrometheusHandle) {
    loop {
        sleep(UPKEEP).await;
        handle.run_upkeep();
    }
}

/// What is measured, in the words of Prometheus.
pub(super) fn text(app: &App) -> String {
    let figures = app.crew.figures();
    let count = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    gauge!(WORKERS).set(count(figures.workers));
    gauge!(WORKING).set(count(figures.working));
    gauge!(WAITING).set(count(figures.waiting));
    app.metrics.run_upkeep();
    app.metrics.render()
}

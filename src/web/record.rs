use http::{Method, StatusCode};
use tokio::time::Instant;

use super::context::{Context, Note};
use super::problem::Problem;
use super::state::App;

/// What became of a request, told once: to the log, the metrics and the access log. A
/// request whose caller went away before there was an answer is told too.
#[derive(Debug)]
pub(super) struct Record {
    app: App,
    context: Context,
    method: Method,
    route: String,
    begun: Instant,
    /// The status of the answer.
    pub status: StatusCode,
    /// Why there is none.
    pub problem: Option<Problem>,
    written: bool,
}

/// What a status stands for where the caller went away before there was one.
const GONE: &str = "gone";

impl Record {
    /// A request that has just come.
    pub fn new(app: &App, context: &Context, method: &Method, route: String) -> Self {
        app.begin();
        Self {
            app: app.clone(),
            context: context.clone(),
            method: method.clone(),
            route,
            begun: Instant::now(),
            status: StatusCode::OK,
            problem: None,
            written: false,
        }
    }

    /// The pattern of the route.
    pub fn route(&self) -> &str {
        &self.route
    }

    /// The answer is over, or its reader is gone before it was whole.
    pub fn write(mut self, bytes: u64, is_whole: bool) {
        if !is_whole && self.problem.is_none() {
            self.problem = self.context.note().broken.take();
        }
        let outcome = match &self.problem {
            Some(problem) => problem.kind.id,
            None if is_whole => "fine",
            None => "broken-off",
        };
        let status = self.status;
        self.tell(status.as_str(), outcome, bytes);
    }

    fn tell(&mut self, status: &str, outcome: &'static str, bytes: u64) {
        self.written = true;
        let Note { caller, template, data_hash, pages, waited, .. } = self.context.note().clone();
        let took = self.begun.elapsed();
        let method = self.method.as_str();
        let (route, id) = (self.route.as_str(), &*self.context.id);
        let trace = self.context.trace.as_deref();
        let cause = self.problem.as_ref().and_then(|problem| problem.cause.as_deref());
        let milliseconds = took.as_secs_f64() * 1000.0;
        let (template, data) = (template.as_deref(), data_hash.as_deref());
        let caller = caller.as_deref();
        if let Some(cause) = cause {
            tracing::error!(
                request = id,
                trace,
                method,
                route,
                status,
                outcome,
                caller,
                template,
                data,
                cause,
                "a request failed"
            );
        } else {
            tracing::info!(
                request = id,
                trace,
                method,
                route,
                status,
                outcome,
                caller,
                template,
                data,
                bytes,
                pages,
                waited,
                milliseconds,
                "request"
            );
        }
        super::metrics::request(&super::metrics::Request {
            method: &self.method,
            route,
            status,
            outcome,
            template,
            bytes,
            pages,
            took,
        });
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        if !self.written {
            self.tell(GONE, "gone", 0);
        }
        self.app.end();
    }
}

use std::time::Duration;

use http::{Method, StatusCode};
use tokio::time::Instant;

use super::caller::Caller;
use super::context::{Context, Note};
use super::problem::Problem;
use super::state::App;
use crate::store::Access;

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

/// What stands for a status where the caller went away before there was one, in words and
/// in the access log.
const GONE: (&str, u16) = ("gone", 499);

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

    /// How long ago the request came.
    pub fn age(&self) -> Duration {
        self.begun.elapsed()
    }

    /// The answer is over, or its reader is gone before it was whole.
    pub fn write(mut self, bytes: u64, is_whole: bool, took: Duration) {
        if !is_whole && self.problem.is_none() {
            self.problem = self.context.note().broken.take();
        }
        let outcome = match &self.problem {
            Some(problem) => problem.kind.id,
            None if is_whole => "fine",
            None => "broken-off",
        };
        let status = self.status;
        self.tell(status.as_str(), status.as_u16(), outcome, bytes, took);
    }

    fn tell(&mut self, status: &str, code: u16, outcome: &'static str, bytes: u64, took: Duration) {
        self.written = true;
        let note = std::mem::take(&mut *self.context.note());
        let Note { caller, entry, template, data_hash, pages, waited, spent, .. } = note;
        let method = self.method.as_str();
        let (route, id) = (self.route.as_str(), &*self.context.id);
        let trace = self.context.trace.as_deref();
        let cause = self.problem.as_ref().and_then(|problem| problem.cause.as_deref());
        let milliseconds = took.as_secs_f64() * 1000.0;
        let (template, data) = (template.as_deref(), data_hash.as_deref());
        let key = caller.as_ref().and_then(|caller| caller.key.as_ref()).map(|key| key.id.as_str());
        let caller = caller.as_ref().map(Caller::name);
        if let Some(cause) = cause {
            tracing::error!(
                request = id,
                trace,
                method,
                route,
                status,
                outcome,
                caller,
                key,
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
                key,
                template,
                data,
                bytes,
                pages,
                waited,
                milliseconds,
                "request"
            );
        }
        if let (Some(entry), Some(caller)) = (entry, caller) {
            entry.send(Access {
                at: self.context.at,
                request: id.to_owned(),
                key: key.map(str::to_owned),
                caller: caller.to_owned(),
                method: method.to_owned(),
                route: route.to_owned(),
                subject: template.map(str::to_owned),
                data: data.map(str::to_owned),
                status: code,
                outcome: outcome.to_owned(),
                bytes,
                milliseconds: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            });
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
            waited,
            spent,
        });
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        if !self.written {
            let (status, code) = GONE;
            self.tell(status, code, status, 0, self.age());
        }
        self.app.end();
    }
}

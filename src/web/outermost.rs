use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::task::{self, Poll};

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::FutureExt;
use http::{HeaderName, HeaderValue, StatusCode, header};
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::context::Context;
use super::leftover::Leftover;
use super::problem::{Carried, Kind, Problem};
use super::record::Record;
use super::state::App;

/// What every answer says beside its own headers.
const HEADERS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::CACHE_CONTROL, "no-store"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; sandbox"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// What is answered until the very end.
const IS_TOLD_TO_THE_END: [&str; 2] = ["/healthz", "/metrics"];

/// The outermost layer: what is known of a request from its head, problems with their
/// bodies, headers of every answer, and one record of what became of it.
pub(super) async fn outermost(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Response {
    let context = Context::of(request.headers());
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or_else(|| "other".to_owned(), |path| path.as_str().to_owned());
    let mut record = Record::new(&app, &context, request.method(), route);
    request.extensions_mut().insert(context.clone());
    let (head, sent) = request.into_parts();
    let left = Leftover::new(sent);
    let request = Request::from_parts(head, Body::new(left.clone()));
    let answer = if app.is_stopping() && !IS_TOLD_TO_THE_END.contains(&record.route()) {
        let close = (header::CONNECTION, HeaderValue::from_static("close"));
        Ok(Problem::new(Kind::STOPPING).retry_after(5).header(close.0, close.1).into_response())
    } else {
        AssertUnwindSafe(next.run(request)).catch_unwind().await
    };
    // What a panic says may hold words of the data: the hook of the process told the place.
    let mut response = answer.unwrap_or_else(|_| Problem::internal("a panic").into_response());
    if response.status().is_client_error() || response.status().is_server_error() {
        left.discard().await;
    }
    let problem = match response.extensions_mut().remove::<Carried>() {
        Some(Carried(problem)) => Some(*problem),
        None if is_bare(&response) => Some(Problem::of_bare(&response)),
        None => None,
    };
    if let Some(problem) = problem {
        let allow = response.headers().get(header::ALLOW).cloned();
        response = problem.answer(context.language, &context.id);
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
        record.problem = Some(problem);
    }
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::VARY).or_insert(HeaderValue::from_static("Accept, Accept-Language"));
    if let Ok(id) = HeaderValue::from_str(&context.id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    record.status = response.status();
    response.map(|inner| Body::new(Recorded { app, inner, bytes: 0, record: Some(record) }))
}

/// Whether an answer is an error that says nothing for people: one of the router's own.
fn is_bare(response: &Response) -> bool {
    let is_error = response.status().is_client_error() || response.status().is_server_error();
    let is_for_people = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| {
        kind.as_bytes().starts_with(b"application/") || kind.as_bytes().starts_with(b"text/html")
    });
    is_error && !is_for_people
}

/// The body of an answer; when it is over, or nobody reads it any more, the record is
/// written.
struct Recorded {
    app: App,
    inner: Body,
    bytes: u64,
    record: Option<Record>,
}

impl Recorded {
    fn end(&mut self, is_whole: bool) {
        if let Some(record) = self.record.take() {
            self.app.teller.over(record, self.bytes, is_whole);
        }
    }
}

impl HttpBody for Recorded {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut task::Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.inner).poll_frame(context);
        match &polled {
            Poll::Ready(Some(Ok(frame))) => {
                self.bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
                if self.inner.is_end_stream() {
                    self.end(true);
                }
            }
            Poll::Ready(Some(Err(_))) => self.end(false),
            Poll::Ready(None) => self.end(true),
            Poll::Pending => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl Drop for Recorded {
    fn drop(&mut self) {
        // A body without bytes is never asked for any.
        let is_whole = self.inner.is_end_stream();
        self.end(is_whole);
    }
}

/// The answer where there is nothing at an address.
pub(super) async fn nothing() -> StatusCode {
    StatusCode::NOT_FOUND
}

//! Requests that their caller may send again (`Idempotency-Key`).
//!
//! Nothing of an answer is kept, for it would be data of cases. What is kept is the moment
//! of the first answer: the same request at the same moment is answered alike.

use aho_corasick::AhoCorasick;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chrono::TimeDelta;
use futures_util::StreamExt;
use futures_util::future::ready;
use futures_util::stream::once;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use http_body::Body as _;
use mediatype::{MediaType, ReadParams, names};

use super::body;
use super::caller::Caller;
use super::clock::now;
use super::context::Context;
use super::problem::{Carried, Kind, Problem};
use super::query::wrong;
use super::state::App;
use crate::base::{Digest, Language};
use crate::store::{Attempt, Begun, FirstAnswer, Store, Ticket};

/// The key that a caller chooses for a request.
const KEY: &str = "idempotency-key";
/// Says that the answer is the same as before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// The longest key.
const LONGEST: usize = 255;
/// What a request may take beside the time to answer it: it waits, and its answer is read.
const BESIDE: TimeDelta = TimeDelta::minutes(10);

/// Answers a request with a key once, and again as it was answered first.
pub(super) async fn once_only(State(app): State<App>, request: Request, next: Next) -> Response {
    let caller = request.extensions().get::<Caller>().cloned();
    match caller {
        Some(caller) if request.method() == Method::POST && request.headers().contains_key(KEY) => {
            match answered(&app, &caller, request, next).await {
                Ok(response) => response,
                Err(problem) => problem.into_response(),
            }
        }
        _ => next.run(request).await,
    }
}

async fn answered(
    app: &App,
    caller: &Caller,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let key = key(request.headers())?;
    let (mut parts, body) = request.into_parts();
    let context = parts.extensions.get::<Context>().cloned();
    let mut context = context.ok_or_else(|| Problem::internal("a request without context"))?;
    // A full queue is told before the body is sent.
    if !app.crew.has_room() {
        return Err(Problem::queue_full());
    }
    let content = content(&parts.headers);
    let most = most(app, content.as_ref());
    let bytes = body::read(app, &parts.headers, body, most).await?.bytes;
    let fingerprint = fingerprint(&parts, content.as_ref(), context.language, &bytes);
    let attempt = Attempt { caller: caller.id(), key, fingerprint };
    let longest = app.config.limits.batch_seconds.max(app.config.limits.dossier_seconds);
    let patience = TimeDelta::seconds(i64::try_from(longest).unwrap_or(i64::from(u32::MAX)));
    let (open, before) = match app.store.begin(&attempt, now(), patience + BESIDE).await? {
        Begun::Running => return Err(Problem::new(Kind::IN_FLIGHT).retry_after(1)),
        Begun::Other => return Err(Problem::new(Kind::MISMATCH)),
        Begun::First(ticket) => {
            context.moment = ticket.moment;
            (Some(Open { store: app.store.clone(), ticket: Some(ticket) }), None)
        }
        Begun::Again(before) => {
            context.moment = before.moment;
            (None, Some(before))
        }
    };
    parts.extensions.insert(context);
    let response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
    Ok(match (open, before) {
        (Some(open), _) => first(open, response).await,
        (None, Some(before)) => again(&before, response),
        (None, None) => response,
    })
}

/// The hash of the key that the caller has chosen.
fn key(headers: &HeaderMap) -> Result<Digest, Problem> {
    let mut all = headers.get_all(KEY).iter();
    let key = all.next().map(HeaderValue::as_bytes).unwrap_or_default();
    let is_plain = key.iter().all(|byte| (b' '..=b'~').contains(byte));
    if all.next().is_some() || key.is_empty() || key.len() > LONGEST || !is_plain {
        return Err(wrong(
            "Idempotency-Key",
            "phải có một lần, gồm 1 đến 255 ký tự ASCII",
            "must be there once, with 1 to 255 characters of ASCII",
        ));
    }
    Ok(Digest::of(key))
}

fn content(headers: &HeaderMap) -> Option<MediaType<'_>> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    MediaType::parse(value).ok()
}

/// The largest body that any route takes in this notation; its own limit may be lower.
fn most(app: &App, content: Option<&MediaType<'_>>) -> usize {
    let limits = &app.config.limits;
    let is_json_or_yaml = content.is_some_and(|content| {
        let is = |name: &str| {
            content.subty.as_str().eq_ignore_ascii_case(name)
                || content.suffix.is_some_and(|suffix| suffix.as_str().eq_ignore_ascii_case(name))
        };
        is("json") || is("yaml") || is("x-yaml")
    });
    if is_json_or_yaml { limits.body() } else { limits.upload() }
}

/// The hash of all that the answer depends on. The boundary between the parts of a body is
/// left out: programs make a new one each time that they send the same.
fn fingerprint(
    parts: &Parts,
    content: Option<&MediaType<'_>>,
    language: Language,
    bytes: &Bytes,
) -> Digest {
    let boundary = content.filter(|content| content.ty == names::MULTIPART);
    let boundary = boundary.and_then(|content| content.get_param(names::BOUNDARY));
    let boundary = boundary.map(|value| format!("--{}", value.unquoted_str()));
    let pattern = boundary.as_ref().and_then(|boundary| AhoCorasick::new([boundary]).ok());
    let mut all: Vec<u8> = Vec::new();
    let mut add = |value: &[u8]| all.extend_from_slice(Digest::of(value).bytes());
    add(parts.method.as_str().as_bytes());
    add(parts.uri.path().as_bytes());
    add(parts.uri.query().unwrap_or_default().as_bytes());
    let accept = parts.headers.get_all(header::ACCEPT).iter().map(HeaderValue::as_bytes);
    add(&accept.collect::<Vec<_>>().join(&b','));
    add(match language {
        Language::Vi => b"vi",
        Language::En => b"en",
    });
    match pattern {
        Some(pattern) => {
            add(names::MULTIPART.as_str().as_bytes());
            let mut from = 0;
            for found in pattern.find_iter(bytes) {
                add(&bytes[from..found.start()]);
                from = found.end();
            }
            add(&bytes[from..]);
        }
        None => {
            let kind = parts.headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
            add(kind.unwrap_or_default());
            add(bytes);
        }
    }
    Digest::of(&all)
}

/// A request that is being answered. Unless it is finished it is forgotten when it is
/// dropped, so that it can be sent again.
struct Open {
    store: Store,
    ticket: Option<Ticket>,
}

impl Open {
    async fn finish(mut self, status: u16, etag: Option<&str>) {
        let Some(ticket) = self.ticket.take() else { return };
        if let Err(error) = self.store.finish(&ticket, status, etag).await {
            tracing::error!(%error, "an answer was not remembered");
        }
    }

    async fn release(mut self) {
        let Some(ticket) = self.ticket.take() else { return };
        released(&self.store, &ticket).await;
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let Some(ticket) = self.ticket.take() else { return };
        let store = self.store.clone();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { released(&store, &ticket).await });
        }
    }
}

async fn released(store: &Store, ticket: &Ticket) {
    if let Err(error) = store.release(ticket).await {
        tracing::error!(%error, "a request without an answer was not forgotten");
    }
}

/// Remembers how a request was answered, unless it may be answered otherwise next time:
/// there was no room, something went wrong, or its caller did not take the whole answer.
async fn first(open: Open, response: Response) -> Response {
    let status = response.status();
    let kind = response.extensions().get::<Carried>().map(|Carried(problem)| problem.kind);
    let passes = status.is_server_error()
        || status.as_u16() == 429
        || [Kind::TOO_HEAVY, Kind::TIMEOUT].iter().any(|passing| kind == Some(*passing));
    if passes {
        open.release().await;
        return response;
    }
    let etag = etag(&response);
    if response.body().size_hint().exact().is_some() || response.body().is_end_stream() {
        open.finish(status.as_u16(), etag.as_deref()).await;
        return response;
    }
    // The end of the answer is told when it is remembered, so that nobody who has all of
    // it hears that it is being made.
    response.map(|body| {
        let end = once(async move { open.finish(status.as_u16(), etag.as_deref()).await });
        let end = end.filter_map(|()| ready(None));
        Body::from_stream(body.into_data_stream().chain(end))
    })
}

/// Says that it is the same answer, if it is: a program of a newer version may answer
/// otherwise.
fn again(before: &FirstAnswer, mut response: Response) -> Response {
    if response.status().as_u16() != before.status || etag(&response) != before.etag {
        return response;
    }
    let yes = HeaderValue::from_static("true");
    match response.extensions_mut().get_mut::<Carried>() {
        Some(Carried(problem)) => problem.headers.insert(REPLAYED, yes),
        None => response.headers_mut().insert(REPLAYED, yes),
    };
    response
}

fn etag(response: &Response) -> Option<String> {
    let etag = response.headers().get(header::ETAG)?;
    etag.to_str().ok().map(str::to_owned)
}

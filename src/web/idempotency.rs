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

/// The hash of all that the answer depends on.
fn fingerprint(
    parts: &Parts,
    content: Option<&MediaType<'_>>,
    language: Language,
    bytes: &Bytes,
) -> Digest {
    let joined = |name| {
        let values = parts.headers.get_all(name).iter().map(HeaderValue::as_bytes);
        Digest::of(&values.collect::<Vec<_>>().join(&b','))
    };
    let mut all = vec![
        Digest::of(parts.method.as_str().as_bytes()),
        Digest::of(parts.uri.path().as_bytes()),
        Digest::of(parts.uri.query().unwrap_or_default().as_bytes()),
        joined(header::ACCEPT),
        Digest::of(format!("{language:?}").as_bytes()),
    ];
    let boundary = content.filter(|content| content.ty == names::MULTIPART);
    let boundary = boundary.and_then(|content| content.get_param(names::BOUNDARY));
    let boundary = boundary.map(|value| format!("--{}", value.unquoted_str()));
    let boundary = boundary.and_then(|boundary| AhoCorasick::new([boundary]).ok());
    if let Some(boundary) = boundary {
        all.extend(between(&boundary, bytes));
    } else {
        all.push(joined(header::CONTENT_TYPE));
        all.push(Digest::of(bytes));
    }
    let all: Vec<u8> = all.iter().flat_map(|digest| *digest.bytes()).collect();
    Digest::of(&all)
}

/// The hashes of what stands between the boundaries of a body. The boundary itself is left
/// out: programs make a new one each time that they send the same.
fn between(boundary: &AhoCorasick, bytes: &[u8]) -> Vec<Digest> {
    let mut from = 0;
    let mut all = Vec::new();
    for found in boundary.find_iter(bytes) {
        all.push(Digest::of(&bytes[from..found.start()]));
        from = found.end();
    }
    all.push(Digest::of(&bytes[from..]));
    all
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

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::response::Response;
    use futures_util::StreamExt;
    use http_body_util::BodyExt;

    use super::{Attempt, Begun, Open, Store, content, fingerprint, first};
    use super::{Bytes, Digest, Language, TimeDelta, now};

    /// Begins the same request; the answer to it.
    async fn begin(store: &Store) -> Begun {
        let key = Digest::of(b"k");
        let attempt = Attempt { caller: "local", key, fingerprint: key };
        store.begin(&attempt, now(), TimeDelta::hours(1)).await.unwrap()
    }

    /// An answer that is made while it is sent, and the store that remembers it.
    async fn streamed(folder: &std::path::Path) -> (Store, Response) {
        let store = Store::open(folder).await.unwrap();
        let Begun::First(ticket) = begin(&store).await else { panic!("it is not new") };
        let parts = [Ok::<_, axum::Error>("one"), Ok("other")];
        let body = Body::from_stream(futures_util::stream::iter(parts));
        let open = Open { store: store.clone(), ticket: Some(ticket) };
        let response = first(open, Response::new(body)).await;
        assert_eq!(begin(&store).await, Begun::Running);
        (store, response)
    }

    #[tokio::test]
    async fn an_answer_in_parts_is_remembered_before_its_end_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let (store, response) = streamed(folder.path()).await;
        let mut parts = response.into_body().into_data_stream();
        assert_eq!(parts.next().await.unwrap().unwrap(), "one");
        assert_eq!(begin(&store).await, Begun::Running);
        assert_eq!(parts.next().await.unwrap().unwrap(), "other");
        assert!(parts.next().await.is_none());
        assert!(matches!(begin(&store).await, Begun::Again(answer) if answer.status == 200));
    }

    #[tokio::test]
    async fn an_answer_that_is_not_taken_to_its_end_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let (store, response) = streamed(folder.path()).await;
        let mut body = response.into_body();
        body.frame().await.unwrap().unwrap();
        drop(body);
        while begin(&store).await == Begun::Running {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        // What has begun now is another attempt.
        assert_eq!(begin(&store).await, Begun::Running);
    }

    fn of(kind: &str, query: &str, language: Language, body: &str) -> Digest {
        let request = http::Request::post(format!("/api/v1/dossiers/x{query}"));
        let (parts, ()) = request.header("content-type", kind).body(()).unwrap().into_parts();
        let bytes = Bytes::from(body.to_owned());
        fingerprint(&parts, content(&parts.headers).as_ref(), language, &bytes)
    }

    #[test]
    fn whatever_changes_an_answer_changes_the_fingerprint() {
        let first = of("application/json", "?a=1", Language::Vi, "{}");
        assert_eq!(first, of("application/json", "?a=1", Language::Vi, "{}"));
        for other in [
            of("application/yaml", "?a=1", Language::Vi, "{}"),
            of("application/json", "?a=2", Language::Vi, "{}"),
            of("application/json", "", Language::Vi, "{}"),
            of("application/json", "?a=1", Language::En, "{}"),
            of("application/json", "?a=1", Language::Vi, "{} "),
        ] {
            assert_ne!(first, other);
        }
    }

    #[test]
    fn a_form_is_the_same_whatever_its_boundary() {
        let form = |boundary: &str, case: &str, name: &str| {
            let body = format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{case}\r\n--{boundary}--\r\n"
            );
            of(&format!("multipart/form-data; boundary=\"{boundary}\""), "", Language::Vi, &body)
        };
        let first = form("aaa", "{}", "case");
        assert_eq!(first, form("0123456789", "{}", "case"));
        assert_ne!(first, form("aaa", "{ }", "case"));
        assert_ne!(first, form("aaa", "{}", "scan"));
        // Parts that are cut elsewhere are others.
        assert_ne!(form("aaa", "--aaa", "case"), form("aaa", "--aaab", "case"));
    }
}

//! Who asks, and whether they may: keys, scopes, and what holds on the machine itself.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::uri::Authority;
use http::{HeaderMap, HeaderValue, Uri, header};

use super::context::Context;
use super::problem::{Kind, Problem};
use super::quota::Pass;
use super::state::App;
use crate::store::{ApiKey, KeyName, Presented, Scope, Secret};

/// What a route asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    /// Nothing: everybody may know.
    Nothing,
    /// A key, whatever it opens.
    Caller,
    /// A key with this scope.
    Scope(Scope),
}

/// What routes need, by their beginnings. A route that stands nowhere needs the scope of
/// those who run the service.
const NEEDS: [(&str, Need); 16] = [
    ("/healthz", Need::Nothing),
    ("/readyz", Need::Nothing),
    ("/version", Need::Nothing),
    ("/openapi.json", Need::Nothing),
    ("/docs", Need::Nothing),
    ("/problems", Need::Nothing),
    ("/metrics", Need::Scope(Scope::Admin)),
    ("/api/v1/documents", Need::Scope(Scope::Render)),
    ("/api/v1/check", Need::Scope(Scope::Render)),
    ("/api/v1/batches", Need::Scope(Scope::Render)),
    ("/api/v1/dossiers", Need::Scope(Scope::Dossier)),
    ("/api/v1/templates", Need::Caller),
    ("/api/v1/procedures", Need::Caller),
    ("/api/v1/rules", Need::Caller),
    ("/api/v1/units", Need::Caller),
    ("/api/v1/laws", Need::Caller),
];

/// What is asked every few seconds and changes nothing: the access log, which is kept for
/// ever, has no entry for it.
const NOT_LOGGED: &str = "/metrics";

/// What tells that a request came through a proxy: who sent it is then somewhere else.
const FORWARDED: [&str; 5] =
    ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

/// Somebody who asks.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    /// Their key; none for who is on this machine and needs none.
    pub key: Option<Arc<ApiKey>>,
}

impl Caller {
    /// What they are called in the log.
    pub fn name(&self) -> &str {
        self.key.as_ref().map_or(KeyName::LOCAL, |key| &key.name)
    }

    /// What tells them from others: the id of the key.
    pub fn id(&self) -> &str {
        self.key.as_ref().map_or(KeyName::LOCAL, |key| &key.id)
    }

    fn may(&self, scope: Scope) -> bool {
        self.key.as_ref().is_none_or(|key| key.scopes.has(scope))
    }
}

/// Lets in who may come in, and holds them to their limits.
pub(super) async fn gate(State(app): State<App>, mut request: Request, next: Next) -> Response {
    match admit(&app, &mut request).await {
        Ok(Some(pass)) => pass.until_the_end(next.run(request).await),
        Ok(None) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

async fn admit(app: &App, request: &mut Request) -> Result<Option<Pass>, Problem> {
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let need = route.map_or(Need::Nothing, need);
    let is_logged = route != Some(NOT_LOGGED);
    if need == Need::Nothing {
        return Ok(None);
    }
    let context = request.extensions().get::<Context>().cloned();
    let context = context.ok_or_else(|| Problem::internal("a request without context"))?;
    let caller = if let Some(secret) = presented(request.headers())? {
        by_key(app, &context, &secret, is_logged).await?
    } else {
        on_this_machine(app, request)?;
        known(app, &context, Caller { key: None }, is_logged)?
    };
    if let Need::Scope(scope) = need
        && !caller.may(scope)
    {
        return Err(out_of_scope(scope));
    }
    let pass = match &caller.key {
        Some(key) => Some(app.quotas.enter(key)?),
        None => None,
    };
    request.extensions_mut().insert(caller);
    Ok(pass)
}

fn need(route: &str) -> Need {
    let listed = NEEDS.iter().find(|(start, _)| {
        route.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    listed.map_or(Need::Scope(Scope::Admin), |(_, need)| *need)
}

/// The key that is sent, if one is.
fn presented(headers: &HeaderMap) -> Result<Option<Secret>, Problem> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = all.next() else { return Ok(None) };
    let token = value.to_str().ok().and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("Bearer").then(|| token.trim())
    });
    let secret = token.filter(|_| all.next().is_none()).and_then(Secret::parse);
    let secret = secret.ok_or_else(|| {
        refused(Kind::BAD_KEY).detail(
            "khóa gửi trong đầu mục `Authorization: Bearer vb_…`",
            "a key is sent in the header `Authorization: Bearer vb_…`",
        )
    })?;
    Ok(Some(secret))
}

async fn by_key(
    app: &App,
    context: &Context,
    secret: &Secret,
    is_logged: bool,
) -> Result<Caller, Problem> {
    let caller = |key| known(app, context, Caller { key: Some(Arc::new(key)) }, is_logged);
    match app.store.present(secret, context.at).await? {
        Presented::Living(key) => {
            if !is_logged {
                app.store.touch(&key, context.at).await?;
            }
            caller(key)
        }
        Presented::Unknown | Presented::Wrong => Err(refused(Kind::BAD_KEY)),
        Presented::Expired(key) => {
            caller(key)?;
            Err(refused(Kind::EXPIRED_KEY))
        }
        Presented::Revoked(key) => {
            caller(key)?;
            Err(refused(Kind::REVOKED_KEY))
        }
    }
}

/// Whatever a known caller does is logged: without room in the log they are not let in.
/// Who is not known is left out of it, so that nobody without a key can fill the disk.
fn known(app: &App, context: &Context, caller: Caller, is_logged: bool) -> Result<Caller, Problem> {
    let entry = if is_logged { Some(app.access.reserve()?) } else { None };
    let mut note = context.note();
    note.caller = Some(caller.clone());
    note.entry = entry;
    Ok(caller)
}

fn refused(kind: Kind) -> Problem {
    let says = HeaderValue::from_static("Bearer error=\"invalid_token\"");
    Problem::new(kind).header(header::WWW_AUTHENTICATE, says)
}

fn out_of_scope(scope: Scope) -> Problem {
    let scope = scope.name();
    let problem = Problem::new(Kind::OUT_OF_SCOPE).detail(
        format!("cần khóa có phạm vi `{scope}`"),
        format!("a key with the scope `{scope}` is needed"),
    );
    let says = format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\"");
    match HeaderValue::from_str(&says) {
        Ok(says) => problem.header(header::WWW_AUTHENTICATE, says),
        Err(_) => problem,
    }
}

/// Whether a request without a key comes from this machine. A page of another site that
/// a browser on this machine shows is somewhere else, whatever address it uses.
fn on_this_machine(app: &App, request: &Request) -> Result<(), Problem> {
    let headers = request.headers();
    if !app.config.listen.ip().to_canonical().is_loopback() || app.config.keys.required {
        return Err(Problem::new(Kind::NO_KEY));
    }
    if FORWARDED.iter().any(|name| headers.contains_key(*name)) {
        return Err(Problem::new(Kind::NO_KEY).detail(
            "yêu cầu đi qua máy chủ trung gian phải kèm khóa",
            "a request that comes through a proxy needs a key",
        ));
    }
    let host = headers.get(header::HOST).map(|host| host.to_str().ok().is_some_and(is_here));
    let named = request.uri().authority().map(|authority| is_here(authority.as_str()));
    let origin = headers.get(header::ORIGIN).map(|origin| {
        let origin = origin.to_str().ok().and_then(|origin| origin.parse::<Uri>().ok());
        origin.as_ref().and_then(Uri::authority).is_some_and(|from| is_here(from.as_str()))
    });
    let all = [host, named, origin];
    if host.or(named).is_none() || all.contains(&Some(false)) {
        return Err(Problem::new(Kind::HOST).detail(
            "không có khóa thì chỉ gọi được từ chính máy này, qua `localhost` hoặc địa chỉ nội bộ",
            "without a key only this machine may ask, by the name `localhost` or a loopback address",
        ));
    }
    Ok(())
}

/// Whether a name, with or without a port, is that of this machine.
fn is_here(authority: &str) -> bool {
    let Ok(authority) = authority.parse::<Authority>() else { return false };
    let host = authority.host();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let is_here = host.eq_ignore_ascii_case("localhost")
        || address.is_ok_and(|address| address.to_canonical().is_loopback());
    is_here && !authority.as_str().contains('@')
}

#[cfg(test)]
mod tests {
    use super::{NEEDS, Need, Scope, is_here, need};

    #[test]
    fn every_route_says_what_it_needs() {
        let (_, document) = crate::web::routes().split_for_parts();
        let paths: Vec<&String> = document.paths.paths.keys().collect();
        assert!(paths.len() >= 5, "{paths:?}");
        for path in paths {
            let listed = NEEDS.iter().any(|(start, _)| path.starts_with(start));
            assert!(listed, "what does `{path}` need?");
        }
    }

    #[test]
    fn what_stands_nowhere_is_for_who_runs_the_service() {
        for (route, wanted) in [
            ("/api/v1/documents/{template}", Need::Scope(Scope::Render)),
            ("/api/v1/dossiers/{procedure}/check", Need::Scope(Scope::Dossier)),
            ("/api/v1/templates/{id}/schema", Need::Caller),
            ("/healthz", Need::Nothing),
            ("/metrics", Need::Scope(Scope::Admin)),
            ("/api/v1/documentsandmore", Need::Scope(Scope::Admin)),
            ("/api/v2/documents", Need::Scope(Scope::Admin)),
        ] {
            assert_eq!(need(route), wanted, "{route}");
        }
    }

    #[test]
    fn this_machine_has_few_names() {
        for here in
            ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.8.8.8:1", "[::1]", "[::1]:8080"]
        {
            assert!(is_here(here), "{here}");
        }
        for elsewhere in [
            "",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "evil.example",
            "10.0.0.1",
            "0.0.0.0",
            "localhost@evil.example",
            "evil.example@localhost",
            "[::]",
            "local host",
            "evil.example:8080",
        ] {
            assert!(!is_here(elsewhere), "{elsewhere}");
        }
    }
}

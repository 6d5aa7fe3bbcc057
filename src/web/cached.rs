use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;

use super::problem::Problem;
use crate::app::service::Media;
use crate::base::Digest;

/// How long callers may keep an answer without asking again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// A while: it changes only with the program or its templates.
    AWhile,
    /// Not at all, but who has it need not be sent it again.
    Asked,
}

impl Kept {
    fn policy(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            // An answer may be for one key alone.
            Self::AWhile => "private, max-age=300, must-revalidate",
            Self::Asked => "private, no-cache",
        })
    }
}

/// An answer that its caller may keep, known by a hash of it; nothing but that it is the
/// same, where the caller has it.
pub(super) fn answer(
    headers: &HeaderMap,
    media: &'static str,
    bytes: impl Into<Bytes>,
    kept: Kept,
) -> Response {
    let bytes = bytes.into();
    let tag = format!("\"{}\"", Digest::of(&bytes));
    let same = is_known(headers, &tag);
    let mut response = Response::new(if same { Body::empty() } else { bytes.into() });
    let to = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        to.insert(header::ETAG, tag);
    }
    to.insert(header::CACHE_CONTROL, kept.policy());
    if same {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else {
        to.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    }
    response
}

/// The same of something in JSON.
pub(super) fn json(headers: &HeaderMap, body: &impl Serialize) -> Result<Response, Problem> {
    let bytes = serde_json::to_vec(body).map_err(|error| Problem::internal(error.to_string()))?;
    Ok(answer(headers, Media::Json.media_type(), bytes, Kept::AWhile))
}

/// Whether the caller has the answer of this tag (RFC 9110, 13.1.2).
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let values = headers.get_all(header::IF_NONE_MATCH).iter();
    let mut tags = values.filter_map(|value| value.to_str().ok()).flat_map(|one| one.split(','));
    tags.any(|one| one.trim() == "*" || one.trim().trim_start_matches("W/") == tag)
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, StatusCode, header};

    use super::{Kept, answer};

    #[test]
    fn who_has_it_is_not_sent_it_again() {
        let first = answer(&HeaderMap::new(), "text/plain", "abc", Kept::AWhile);
        let tag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
        assert_eq!(first.status(), StatusCode::OK);
        for (known, status) in [
            (tag.clone(), StatusCode::NOT_MODIFIED),
            (format!("W/{tag}"), StatusCode::NOT_MODIFIED),
            (format!("\"x\", {tag}"), StatusCode::NOT_MODIFIED),
            ("*".to_owned(), StatusCode::NOT_MODIFIED),
            ("\"x\"".to_owned(), StatusCode::OK),
            (String::new(), StatusCode::OK),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, HeaderValue::from_str(&known).unwrap());
            let again = answer(&headers, "text/plain", "abc", Kept::AWhile);
            assert_eq!(again.status(), status, "{known}");
            assert_eq!(again.headers()[header::ETAG], first.headers()[header::ETAG]);
            let other = answer(&headers, "text/plain", "abd", Kept::AWhile);
            assert_eq!(other.status() == StatusCode::NOT_MODIFIED, known == "*");
        }
    }
}

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::FromRequestParts;
use chrono::{DateTime, Utc};
use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;
use http::request::Parts;
use uuid::Uuid;

use super::access::Entry;
use super::caller::Caller;
use super::clock::now;
use super::problem::Problem;
use crate::app::service::Spent;
use crate::base::Language;

/// What is known of a request from its beginning.
#[derive(Debug, Clone)]
pub(super) struct Context {
    /// The id by which the log knows it.
    pub id: Arc<str>,
    /// The id of the trace that it belongs to (W3C trace context), if its caller names one.
    pub trace: Option<Arc<str>>,
    /// When it came.
    pub at: DateTime<Utc>,
    /// The moment that the answer is as of: when the request came first.
    pub moment: DateTime<Utc>,
    /// The language of findings and problems.
    pub language: Language,
    note: Arc<Mutex<Note>>,
}

/// What becomes known of a request on its way, for the log, the access log and the
/// metrics. Nothing of the data stands here but its hash.
#[derive(Debug, Default)]
pub(super) struct Note {
    /// Who asks, if it is known.
    pub caller: Option<Caller>,
    /// Where the entry in the access log goes.
    pub entry: Option<Entry>,
    /// The template or procedure, if it is one that there is.
    pub template: Option<String>,
    /// The hash of the data.
    pub data_hash: Option<String>,
    /// How many pages were made.
    pub pages: Option<usize>,
    /// What broke an answer off that had begun.
    pub broken: Option<Problem>,
    /// How long the request waited for a worker, in microseconds.
    pub waited: Option<u64>,
    /// How long the steps of making something took.
    pub spent: Option<Spent>,
}

impl Context {
    /// What the head of a request says of it.
    pub fn of(headers: &HeaderMap) -> Self {
        let at = now();
        Self {
            at,
            moment: at,
            id: Uuid::now_v7().to_string().into(),
            trace: headers.get("traceparent").and_then(|value| trace_id(value.to_str().ok()?)),
            language: language(headers),
            note: Arc::default(),
        }
    }

    /// What has become known of the request.
    pub fn note(&self) -> MutexGuard<'_, Note> {
        self.note.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Sync> FromRequestParts<S> for Context {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let context = parts.extensions.get::<Self>();
        context.cloned().ok_or_else(|| Problem::internal("a request without context"))
    }
}

/// English if it is asked for with more weight than Vietnamese; else Vietnamese.
fn language(headers: &HeaderMap) -> Language {
    let values = headers.get_all(ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
    let (mut vi, mut en) = (0.0_f32, 0.0_f32);
    for one in values.flat_map(|value| value.split(',')) {
        let (tag, weight) = one.split_once(';').unwrap_or((one, ""));
        let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse().ok());
        let weight = weight.unwrap_or(1.0);
        let tag = tag.trim().to_ascii_lowercase();
        match tag.split('-').next() {
            Some("vi") => vi = vi.max(weight),
            Some("en") => en = en.max(weight),
            _ => {}
        }
    }
    if en > vi { Language::En } else { Language::Vi }
}

/// The trace id of a `traceparent`.
fn trace_id(value: &str) -> Option<Arc<str>> {
    let mut parts = value.split('-');
    let (_, id) = (parts.next().filter(|version| version.len() == 2)?, parts.next()?);
    let is_id = id.len() == 32
        && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        && id.bytes().any(|byte| byte != b'0');
    is_id.then(|| id.into())
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, header::ACCEPT_LANGUAGE};

    use super::{Language, language, trace_id};

    #[test]
    fn languages_are_weighed() {
        for (asked, told) in [
            ("en", Language::En),
            ("vi", Language::Vi),
            ("en-GB,en;q=0.8", Language::En),
            ("vi-VN,vi;q=0.9,en;q=0.8", Language::Vi),
            ("vi;q=0.2, en;q=0.7", Language::En),
            ("de, fr;q=0.1", Language::Vi),
            ("*", Language::Vi),
            ("en;q=0", Language::Vi),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(asked));
            assert_eq!(language(&headers), told, "{asked}");
        }
        assert_eq!(language(&HeaderMap::new()), Language::Vi);
    }

    #[test]
    fn only_trace_ids_are_taken() {
        let id = "4bf92f3577b34da6a3ce929d0e0e4736";
        let told = trace_id(&format!("00-{id}-00f067aa0ba902b7-01"));
        assert_eq!(told.as_deref(), Some(id));
        for wrong in ["", "00", "00-xyz-1-1", "00-00000000000000000000000000000000-1-1", "0-\n"] {
            assert_eq!(trace_id(wrong), None, "{wrong}");
        }
    }
}

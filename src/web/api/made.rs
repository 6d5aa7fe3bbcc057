use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::service::{Answer, Job, Made, Part};
use crate::base::Digest;
use crate::catalog::Template;
use crate::web::context::Context;
use crate::web::problem::Problem;
use crate::web::state::App;

/// Which template, exactly.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct TemplateStamp {
    /// The id.
    id: String,
    /// The version.
    version: String,
    /// A hash of everything that makes the words and looks.
    digest: String,
}

impl TemplateStamp {
    pub fn of(app: &App, template: &Template) -> Result<Self, Problem> {
        let manifest = &template.manifest;
        Ok(Self {
            id: manifest.id.clone(),
            version: manifest.version.clone(),
            digest: app.digest(template)?.to_string(),
        })
    }
}

impl fmt::Display for TemplateStamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; version={}; digest={}", self.id, self.version, self.digest)
    }
}

/// What an answer holds; where that is nothing, its findings say why.
pub(super) fn made(answer: &mut Answer) -> Result<Made, Problem> {
    let head = &mut answer.head;
    head.made.take().ok_or_else(|| Problem::findings(std::mem::take(&mut head.findings)))
}

/// Has something made or checked, and meanwhile takes the hash of the data, which is the
/// first part; the log is told of it too.
pub(super) async fn ask(
    app: &App,
    context: &Context,
    job: Job,
    parts: Vec<Part>,
) -> Result<(Answer, Digest), Problem> {
    let data = parts.first().map(|part| part.bytes.clone()).unwrap_or_default();
    let hash = async {
        let hash = Digest::of(&data);
        context.note().data_hash = Some(hash.to_string());
        hash
    };
    let (answer, hash) = tokio::join!(biased; app.ask(context, job, parts), hash);
    Ok((answer?, hash))
}

/// Tells in headers of what and from which data something was made, and with how many
/// warnings.
pub(super) fn tell(
    headers: &mut HeaderMap,
    (name, of): (&'static str, &str),
    data: Digest,
    warnings: usize,
) {
    put(headers, name, of);
    put(headers, "x-vanban-data-hash", &data.to_string());
    put(headers, "x-vanban-warnings", &warnings.to_string());
}

/// `Content-Disposition` (RFC 6266) with the name in UTF-8, and one in ASCII for who cannot
/// read that.
pub(super) fn disposition(made: &Made) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |value: u8| char::from(DIGITS[usize::from(value)]);
    let mut encoded = String::with_capacity(3 * made.name.len());
    for byte in made.name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    format!("attachment; filename=\"{}\"; filename*=UTF-8''{encoded}", made.plain_name)
}

pub(super) fn put(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

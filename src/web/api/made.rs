use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::service::{Answer, Made};
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

/// The hash of the data, which the log is told too.
pub(super) fn noted_hash(context: &Context, bytes: &Bytes) -> Digest {
    let hash = Digest::of(bytes);
    context.note().data_hash = Some(hash.to_string());
    hash
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
    let mut encoded = String::new();
    for byte in made.name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{}\"; filename*=UTF-8''{encoded}", made.plain_name)
}

pub(super) fn put(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

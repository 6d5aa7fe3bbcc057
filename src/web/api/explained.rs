use axum::response::Response;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::{HeaderValue, header};
use serde::Serialize;
use utoipa::ToSchema;

use super::made::{TemplateStamp, disposition};
use crate::app::service::{Made, Media};
use crate::app::{FindingView, Summary};
use crate::base::Digest;

/// What was made, of what, and what was found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Explained {
    /// The version of this report, 1.
    version: u8,
    /// The version of the program.
    program: &'static str,
    /// The template.
    template: TemplateStamp,
    /// SHA-256 of the data.
    data_hash: String,
    /// The date of a document that has none, if one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<String>,
    /// How much was found.
    summary: Summary,
    /// What was found.
    findings: Vec<FindingView>,
    /// What was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<FileBody>,
}

/// A file within a report.
#[derive(Debug, Serialize, ToSchema)]
struct FileBody {
    /// What it may be called.
    name: String,
    /// Its media type.
    media_type: String,
    /// How many bytes it has.
    bytes: usize,
    /// SHA-256 of it.
    sha256: String,
    /// How many pages it has, where they were laid out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pages: Option<usize>,
    /// The file, in base64.
    #[schema(format = "byte")]
    content: String,
}

impl Explained {
    pub fn new(
        template: TemplateStamp,
        data: Digest,
        as_of: Option<String>,
        summary: Summary,
        findings: &[FindingView],
    ) -> Self {
        Self {
            version: 1,
            program: env!("CARGO_PKG_VERSION"),
            template,
            data_hash: data.to_string(),
            as_of,
            summary,
            findings: findings.to_vec(),
            file: None,
        }
    }

    /// Puts the file into the report.
    pub fn with(mut self, made: &Made, bytes: &Bytes) -> Self {
        self.file = Some(FileBody {
            name: made.name.clone(),
            media_type: made.media.media_type().to_owned(),
            bytes: bytes.len(),
            sha256: Digest::of(bytes).to_string(),
            pages: made.pages,
            content: BASE64_STANDARD.encode(bytes),
        });
        self
    }
}

/// A report as JSON.
pub(super) fn json(report: &Explained) -> Response {
    let bytes = serde_json::to_vec(report).unwrap_or_default();
    let mut response = Response::new(bytes.into());
    let json = HeaderValue::from_static(Media::Json.media_type());
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

/// A report, and the file behind it (`multipart/mixed`, RFC 2046).
pub(super) fn mixed(report: &Explained, made: &Made, bytes: &Bytes, id: &str) -> Response {
    // The id of the request is random: nothing in the file can be taken for the boundary.
    let boundary = format!("vanban-{id}");
    let mut body = Vec::with_capacity(bytes.len() + 4096);
    body.extend_from_slice(
        format!("--{boundary}\r\nContent-Type: application/json\r\n\r\n").as_bytes(),
    );
    body.extend(serde_json::to_vec(report).unwrap_or_default());
    body.extend_from_slice(
        format!(
            "\r\n--{boundary}\r\nContent-Type: {}\r\nContent-Disposition: {}\r\n\r\n",
            made.media.media_type(),
            disposition(made)
        )
        .as_bytes(),
    );
    body.extend_from_slice(bytes);
    body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    let mut response = Response::new(body.into());
    let kind = HeaderValue::from_str(&format!("multipart/mixed; boundary=\"{boundary}\""));
    if let Ok(kind) = kind {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    response
}

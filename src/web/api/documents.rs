use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use bytes::Bytes;
use chrono::NaiveDate;
use http::{HeaderMap, HeaderValue, header};
use serde::Serialize;
use utoipa::ToSchema;

use super::explained::{self, Explained};
use super::made::{TemplateStamp, ask, disposition, made, put, tell};
use crate::app::service::{DocumentJob, Job, Made, Media, Outcome};
use crate::app::{FindingView, Summary};
use crate::base::Digest;
use crate::catalog::Template;
use crate::pipeline::Format;
use crate::web::body::{self, Held};
use crate::web::context::Context;
use crate::web::negotiate::{Notation, negotiate, notation};
use crate::web::problem::{Kind, Problem, ProblemBody};
use crate::web::query::{Parameters, wrong};
use crate::web::state::App;

/// How an answer is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// The document itself.
    Plain,
    /// A report with the document in it.
    Explained,
    /// A report, and the document behind it.
    Mixed,
}

/// What is asked of a document beside its data.
struct Wish {
    job: DocumentJob,
    shape: Shape,
}

const JSON: &str = Media::Json.media_type();
const MIXED: &str = "multipart/mixed";

impl Wish {
    fn read(
        template: &Template,
        headers: &HeaderMap,
        mut parameters: Parameters,
    ) -> Result<Self, Problem> {
        let formats = formats(&mut parameters)?;
        let explain = parameters.flag("explain")?;
        let blank = parameters.flag("blank")?;
        let as_of = parameters.day("as_of")?;
        let page: Option<usize> = parameters.read(
            "page",
            "phải là số trang, từ 1",
            "must be the number of a page, from 1",
        )?;
        let options = options(&mut parameters)?;
        parameters.end()?;
        // The first is what who accepts anything gets.
        let media = |format| Media::from(format).plain_type();
        let mut available = Format::ALL.map(media).to_vec();
        available.extend([JSON, MIXED, Media::Zip.media_type()]);
        // Who names formats gets them, and `Accept` says only how they are put.
        let accepted = match negotiate(headers, &available) {
            Err(_) if !formats.is_empty() => Media::Pdf.media_type(),
            other => other?,
        };
        let shape = match accepted {
            _ if explain => Shape::Explained,
            JSON => Shape::Explained,
            MIXED => Shape::Mixed,
            _ => Shape::Plain,
        };
        let formats = if formats.is_empty() {
            let meant = Format::ALL.into_iter().find(|format| media(*format) == accepted);
            vec![meant.unwrap_or(Format::Pdf).extension().to_owned()]
        } else {
            formats
        };
        if page.is_some() && !matches!(&*formats, [one] if one == "svg" || one == "png") {
            return Err(wrong("page", "chỉ dùng với svg hoặc png", "is for svg or png alone"));
        }
        let template = template.manifest.id.clone();
        let as_of = as_of.map(|day: NaiveDate| day.to_string());
        let job = DocumentJob { template, formats, options, blank, as_of, page };
        Ok(Self { job, shape })
    }
}

/// The endings of the formats that are named, each once.
pub(super) fn formats(parameters: &mut Parameters) -> Result<Vec<String>, Problem> {
    let mut endings: Vec<String> = Vec::new();
    for name in parameters.all("format").iter().flat_map(|value| value.split(',')) {
        let format = Format::of_extension(name).ok_or_else(|| {
            let known: Vec<&str> = Format::ALL.iter().map(|one| one.extension()).collect();
            let known = known.join(", ");
            wrong("format", &format!("phải là {known}"), &format!("must be {known}"))
        })?;
        let ending = format.extension().to_owned();
        if !endings.contains(&ending) {
            endings.push(ending);
        }
    }
    Ok(endings)
}

/// The options of a template: `option=NAME=VALUE`.
fn options(parameters: &mut Parameters) -> Result<Vec<(String, String)>, Problem> {
    let pair = |value: String| {
        let pair = value.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
        pair.ok_or_else(|| wrong("option", "phải có dạng TÊN=GIÁ TRỊ", "must be NAME=VALUE"))
    };
    parameters.all("option").into_iter().map(pair).collect()
}

/// Makes a document.
///
/// The body is the data of the template, whose schema is at
/// `/api/v1/templates/{template}/schema`; a form to be filled in by hand (`blank=true`)
/// needs none. Several formats, several pages as pictures, and templates that make several
/// documents of one plan come as a ZIP.
#[utoipa::path(post, path = "/documents/{template}", tag = "documents",
    params(
        ("template" = String, Path, description = "The id of a template"),
        ("format" = Option<Vec<String>>, Query, style = Form, explode = false, description = "pdf, docx, html, txt, svg or png; several with commas make a ZIP. Without it, what `Accept` says, else pdf"),
        ("blank" = Option<bool>, Query, description = "The form without data, to be filled in by hand"),
        ("as_of" = Option<String>, Query, format = "date", description = "The date in the metadata of a document that has none (yyyy-mm-dd)"),
        ("page" = Option<u32>, Query, minimum = 1, description = "One page of svg or png"),
        ("option" = Option<Vec<String>>, Query, description = "An option of the template, NAME=VALUE"),
        ("explain" = Option<bool>, Query, description = "A JSON report with findings, and the files in it"),
    ),
    request_body(
        content((serde_json::Value = "application/json"), (serde_json::Value = "application/yaml")),
        description = "The data; nothing where `blank` is true",
    ),
    responses(
        (status = 200, description = "The document",
            headers(
                ("ETag" = String, description = "A hash of what was made"),
                ("Content-Disposition" = String, description = "A name for the file, without a word of the data"),
                ("X-Vanban-Template" = String, description = "Id, version and hash of the template"),
                ("X-Vanban-Data-Hash" = String, description = "SHA-256 of the body"),
                ("X-Vanban-Warnings" = u32, description = "How many warnings there are"),
                ("X-Vanban-Pages" = u32, description = "How many pages there are, where they were laid out"),
            ),
            content(
                (Vec<u8> = "application/pdf"),
                (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
                (String = "text/html"), (String = "text/plain"), (String = "image/svg+xml"),
                (Vec<u8> = "image/png"), (Vec<u8> = "application/zip"), (Vec<u8> = "multipart/mixed"),
                (Explained = "application/json"),
            )),
        (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn document(
    State(app): State<App>,
    context: Context,
    Path(template): Path<String>,
    parameters: Parameters,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let template = app.template(&template)?;
    context.note().template = Some(template.manifest.id.clone());
    let Wish { job, shape } = Wish::read(template, &headers, parameters)?;
    let held = data(&app, &headers, body, job.blank).await?;
    let as_of = job.as_of.clone();
    let (mut answer, hash) = ask(&app, &context, Job::Document(job), vec![held.part()]).await?;
    let made = made(&mut answer)?;
    let bytes = answer.rest().await?;
    let mut note = context.note();
    note.pages = made.pages;
    note.spent = answer.end.as_ref().map(|end| end.spent);
    drop(note);
    let stamp = TemplateStamp::of(&app, template)?;
    let summary = answer.head.summary;
    let etag = format!("\"{}\"", Digest::of(&bytes));
    let report =
        || Explained::new(stamp.clone(), hash, as_of.clone(), summary, &answer.head.findings);
    let mut response = match shape {
        Shape::Plain => plain(&made, bytes),
        Shape::Explained => explained::json(&report().with(&made, &bytes)),
        Shape::Mixed => explained::mixed(&report(), &made, &bytes, &context.id),
    };
    let to = response.headers_mut();
    put(to, "etag", &etag);
    tell(to, ("x-vanban-template", &stamp.to_string()), hash, summary.warnings);
    if let Some(pages) = made.pages {
        put(to, "x-vanban-pages", &pages.to_string());
    }
    Ok(response)
}

/// What checking found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Checked {
    /// The version of this report, 1.
    version: u8,
    /// The id of the template.
    template: String,
    /// SHA-256 of the data.
    data_hash: String,
    /// Whether a document can be made of the data.
    valid: bool,
    /// How much was found.
    summary: Summary,
    /// What was found.
    findings: Vec<FindingView>,
}

/// Checks data, and makes nothing.
#[utoipa::path(post, path = "/check/{template}", tag = "documents",
    params(
        ("template" = String, Path, description = "The id of a template"),
        ("option" = Option<Vec<String>>, Query, description = "An option of the template, NAME=VALUE"),
        ("as_of" = Option<String>, Query, format = "date", description = "The date of a document that has none (yyyy-mm-dd)"),
    ),
    request_body(
        content((serde_json::Value = "application/json"), (serde_json::Value = "application/yaml")),
        description = "The data",
    ),
    responses(
        (status = 200, description = "What was found", body = Checked),
        (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn check(
    State(app): State<App>,
    context: Context,
    Path(template): Path<String>,
    mut parameters: Parameters,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Checked>, Problem> {
    let template = app.template(&template)?;
    let id = template.manifest.id.clone();
    context.note().template = Some(id.clone());
    let options = options(&mut parameters)?;
    let as_of = parameters.day("as_of")?.map(|day| day.to_string());
    parameters.end()?;
    let held = data(&app, &headers, body, false).await?;
    let job = DocumentJob { template: id.clone(), options, as_of, ..DocumentJob::default() };
    let (mut answer, hash) = ask(&app, &context, Job::Document(job), vec![held.part()]).await?;
    answer.rest().await?;
    let head = answer.head;
    if head.outcome == Outcome::Refused {
        let problem = Problem::findings(head.findings.clone());
        if problem.kind != Kind::FINDINGS {
            return Err(problem);
        }
    }
    Ok(Json(Checked {
        version: 1,
        template: id,
        data_hash: hash.to_string(),
        valid: head.outcome == Outcome::Fine,
        summary: head.summary,
        findings: head.findings,
    }))
}

/// The data in a body, if any is wanted.
async fn data(app: &App, headers: &HeaderMap, body: Body, blank: bool) -> Result<Held, Problem> {
    if !blank {
        notation(headers, &[Notation::Json, Notation::Yaml])?;
    }
    let held = body::read(app, headers, body, app.config.limits.body()).await?;
    if blank && !held.bytes.is_empty() {
        return Err(wrong("blank", "không đi kèm dữ liệu", "comes without data"));
    }
    Ok(held)
}

/// The document itself.
fn plain(made: &Made, bytes: Bytes) -> Response {
    let mut response = Response::new(bytes.into());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(made.media.media_type()));
    put(headers, "content-disposition", &disposition(made));
    if made.media == Media::Html {
        // A page of its own: nothing in it runs, and nothing is fetched.
        let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    }
    response
}

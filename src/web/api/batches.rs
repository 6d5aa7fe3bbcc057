use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use http::HeaderMap;
use utoipa::ToSchema;

use super::documents::formats;
use super::made::{TemplateStamp, ask, disposition, made, put, tell};
use super::streamed;
use crate::app::batch::sample_workbook;
use crate::app::service::{BatchForm, BatchJob, Job, Made, Media, Part};
use crate::web::body::{self, Room, too_large};
use crate::web::cached::{self, Kept};
use crate::web::context::Context;
use crate::web::form::{Form, FormPart, malformed};
use crate::web::negotiate::{Notation, negotiate, notation, notation_of};
use crate::web::problem::{Problem, ProblemBody};
use crate::web::query::{Parameters, wrong};
use crate::web::state::App;

/// The parts of a form with a batch.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is described and never made")]
pub(super) struct BatchFormBody {
    /// The table or list: a workbook, delimited text, a list in JSON or YAML, as its media
    /// type or else the ending of its file name says.
    #[schema(value_type = String, format = Binary)]
    data: Vec<u8>,
    /// Values that hold for every record, in YAML or JSON.
    common: Option<String>,
}

/// The data of a batch, and what came with it.
struct Sent {
    form: BatchForm,
    data: Part,
    common: Option<Part>,
    room: Room,
}

/// The ways in which data of batches is written.
const TAKEN: [Notation; 4] = [Notation::Json, Notation::Yaml, Notation::Csv, Notation::Xlsx];

/// Makes a document of each record of a table or list.
///
/// All records are checked before the first document is made: if one has errors, nothing is
/// made and all of them are told. With `keep_going=true` the archive begins at once and ends
/// with a report (`bao-cao.json`, `bao-cao.txt`) that names each record of which there is
/// no document. If the archive cannot be finished, the connection ends without the end of
/// the body.
#[utoipa::path(post, path = "/batches/{template}", tag = "batches", operation_id = "make_batch",
    params(
        ("template" = String, Path, description = "The id of a template"),
        ("format" = Option<Vec<String>>, Query, style = Form, explode = false, description = "pdf, docx, html, txt, svg or png, several with commas; else pdf"),
        ("sheet" = Option<String>, Query, description = "The sheet of a workbook; else the one that fits best"),
        ("header_row" = Option<u32>, Query, minimum = 1, description = "The row of the headings; else the one that fits best"),
        ("keep_going" = Option<bool>, Query, description = "Make documents although some records are wrong"),
        ("as_of" = Option<String>, Query, format = "date", description = "The date in the metadata of documents that have none (yyyy-mm-dd)"),
    ),
    request_body(
        content(
            (Vec<serde_json::Value> = "application/json"), (Vec<serde_json::Value> = "application/yaml"),
            (String = "text/csv"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (BatchFormBody = "multipart/form-data"),
        ),
        description = "A list of the data of documents, or a table with a row for each; or a form with that and values for all of them",
    ),
    responses(
        (status = 200, description = "The documents, in the order of the records",
            headers(
                ("Content-Disposition" = String, description = "A name for the file, without a word of the data"),
                ("X-Vanban-Template" = String, description = "Id, version and hash of the template"),
                ("X-Vanban-Data-Hash" = String, description = "SHA-256 of the table or list"),
                ("X-Vanban-Warnings" = u32, description = "How many warnings there were when the archive began"),
            ),
            body = Vec<u8>, content_type = "application/zip"),
        (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn batch(
    State(app): State<App>,
    context: Context,
    Path(template): Path<String>,
    mut parameters: Parameters,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let template = app.template(&template)?;
    let manifest = &template.manifest;
    context.note().template = Some(manifest.id.clone());
    let mut formats = formats(&mut parameters)?;
    let sheet = parameters.one("sheet")?;
    let header_row: Option<u32> = parameters.read(
        "header_row",
        "phải là số hàng, từ 1",
        "must be the number of a row, from 1",
    )?;
    if header_row == Some(0) {
        return Err(wrong("header_row", "đếm từ 1", "is counted from 1"));
    }
    let keep_going = parameters.flag("keep_going")?;
    let as_of = parameters.day("as_of")?.map(|day| day.to_string());
    parameters.end()?;
    if formats.is_empty() {
        formats.push(Media::Pdf.extension().to_owned());
    }
    negotiate(&headers, &[Media::Zip.media_type()])?;
    let Sent { form, data, common, room } = read(&app, &headers, body).await?;
    let job = BatchJob {
        template: manifest.id.clone(),
        data: form,
        common: common.is_some(),
        formats,
        sheet,
        header_row,
        keep_going,
        as_of,
    };
    let parts: Vec<Part> = [data].into_iter().chain(common).collect();
    let (mut answer, hash) = ask(&app, &context, Job::Batch(job), parts).await?;
    let made = made(&mut answer)?;
    let warnings = answer.head.summary.warnings;
    let stamp = TemplateStamp::of(&app, template)?.to_string();
    let mut response = streamed::response(&app, answer, &made, &context, room);
    tell(response.headers_mut(), ("x-vanban-template", &stamp), hash, warnings);
    Ok(response)
}

/// Gives an empty workbook to be filled with the data of many documents.
#[utoipa::path(get, path = "/batches/{template}/workbook", tag = "batches", operation_id = "get_workbook",
    params(("template" = String, Path, description = "The id of a template")),
    responses(
        (status = 200, description = "The workbook", body = Vec<u8>,
            content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn workbook(
    State(app): State<App>,
    context: Context,
    Path(template): Path<String>,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let template = app.template(&template)?.clone();
    let id = template.manifest.id.clone();
    context.note().template = Some(id.clone());
    parameters.end()?;
    // It takes some milliseconds, which other requests need not wait for.
    let made = tokio::task::spawn_blocking(move || sample_workbook(&template)).await;
    let bytes = made.map_err(|_| Problem::internal("a panic"))?;
    let bytes = bytes.map_err(|error| Problem::internal(error.to_string()))?;
    let length = Some(bytes.len() as u64);
    let (media, name) = (Media::Xlsx, format!("{id}.xlsx"));
    let made = Made { media, plain_name: name.clone(), name, length, pages: None };
    let mut response = cached::answer(&headers, media.media_type(), bytes, Kept::Asked);
    put(response.headers_mut(), "content-disposition", &disposition(&made));
    Ok(response)
}

/// Reads the data, and the values for every record if there are some.
async fn read(app: &App, headers: &HeaderMap, body: Body) -> Result<Sent, Problem> {
    let limits = &app.config.limits;
    let [json, yaml, csv, xlsx] = TAKEN;
    match notation(headers, &[json, yaml, csv, xlsx, Notation::Multipart])? {
        Notation::Multipart => {}
        other => {
            let form = form_of(other);
            let most = if form == BatchForm::List { limits.body() } else { limits.upload() };
            let held = body::read(app, headers, body, most).await?;
            return Ok(Sent { form, data: held.part(), common: None, room: held.room });
        }
    }
    let mut parts = Form::read(app, headers, body, &["data", "common"], false).await?;
    let data = parts.take("data")?;
    let form = form_of_part(&data)?;
    if form == BatchForm::List && data.bytes.len() > limits.body() {
        return Err(too_large(limits.body()));
    }
    let common = parts.take_if_there("common").map(|part| Part::new("common", part.bytes));
    Ok(Sent { form, data: Part::new("data", data.bytes), common, room: parts.room })
}

fn form_of(notation: Notation) -> BatchForm {
    match notation {
        Notation::Csv => BatchForm::Csv,
        Notation::Xlsx => BatchForm::Xlsx,
        Notation::Json | Notation::Yaml | Notation::Multipart => BatchForm::List,
    }
}

/// What the data of a form is: as its media type says, or the ending of its name where that
/// says nothing.
fn form_of_part(part: &FormPart) -> Result<BatchForm, Problem> {
    let named = part.media_type.as_deref().and_then(notation_of).filter(|one| TAKEN.contains(one));
    if let Some(notation) = named {
        return Ok(form_of(notation));
    }
    let ending = part.file_name.as_deref().and_then(|name| Some(name.rsplit_once('.')?.1));
    match ending.map(str::to_ascii_lowercase).as_deref() {
        Some("csv" | "tsv" | "txt") => Ok(BatchForm::Csv),
        Some("xlsx" | "xlsm") => Ok(BatchForm::Xlsx),
        Some("json" | "yaml" | "yml") => Ok(BatchForm::List),
        _ => Err(malformed(
            "phần `data` cần `Content-Type` hoặc tên tệp .xlsx, .csv, .json, .yaml",
            "the part `data` needs a `Content-Type` or a file name in .xlsx, .csv, .json, .yaml",
        )),
    }
}

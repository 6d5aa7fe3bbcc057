use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use bytes::Bytes;
use http::HeaderMap;
use utoipa::ToSchema;

use super::made::{ask, made, tell};
use super::report::DossierReportBody;
use super::streamed;
use crate::app::service::{DossierCheckJob, DossierJob, Job, Media, NumberingJob, Part, PrintJob};
use crate::output::pdf::Corner;
use crate::viet::Moment;
use crate::web::body::{self, Room};
use crate::web::context::Context;
use crate::web::form::{Form, malformed};
use crate::web::negotiate::{Notation, negotiate, notation};
use crate::web::problem::{Problem, ProblemBody};
use crate::web::query::{Parameters, wrong};
use crate::web::state::App;

/// The parts of a form with a dossier.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is described and never made")]
pub(super) struct DossierForm {
    /// The case, in YAML or JSON.
    case: String,
    /// For `check` alone: the calendar of the house, as CSV.
    calendar: Option<String>,
    /// Papers from outside, whose file names are the paths that the case gives. A part
    /// whose own name is the path is one too.
    #[schema(value_type = Vec<String>, format = Binary)]
    file: Vec<Vec<u8>>,
}

/// A case and what came with it.
struct Sent {
    case: Part,
    calendar: Option<Part>,
    files: Vec<(String, Bytes)>,
    room: Room,
}

impl Sent {
    /// The parts of the ask, the case first, and the room that they take.
    fn parts(self) -> (Vec<Part>, Room) {
        let files = self.files.into_iter().map(|(path, bytes)| Part::new(path, bytes));
        ([self.case].into_iter().chain(self.calendar).chain(files).collect(), self.room)
    }
}

/// The corners of a page, by name.
const CORNERS: [(&str, Corner); 4] = [
    ("top-right", Corner::TopRight),
    ("top-left", Corner::TopLeft),
    ("bottom-right", Corner::BottomRight),
    ("bottom-left", Corner::BottomLeft),
];
/// The greatest number of a sheet.
const MOST_START: u32 = 1_000_000;
/// The longest text of a stamp, in characters.
const LONGEST_STAMP: usize = 40;
const PDF: &str = Media::Pdf.media_type();

/// Makes a dossier: all papers of a procedure, numbered, with cover and index.
///
/// The body is the case, or a form with the case and the papers from outside. The archive
/// goes out while it is made; if it cannot be finished, the connection ends without the end
/// of the body. As PDF, one set comes to be printed.
#[utoipa::path(post, path = "/dossiers/{procedure}", tag = "dossiers", operation_id = "make_dossier",
    params(
        ("procedure" = String, Path, description = "The id of a procedure"),
        ("format" = Option<String>, Query, pattern = "^(zip|pdf)$", description = "zip or pdf. Without it, what `Accept` says, else zip"),
        ("set" = Option<String>, Query, description = "The set that is printed as PDF; else the first"),
        ("start" = Option<u32>, Query, minimum = 1, maximum = 1_000_000, description = "The first number, else 1"),
        ("per_page" = Option<bool>, Query, description = "Number every page, not every sheet"),
        ("simplex" = Option<bool>, Query, description = "Paper is printed on one side"),
        ("stamp" = Option<String>, Query, description = "What is stamped; {n} is the number, and stands alone by default"),
        ("stamp_at" = Option<String>, Query, pattern = "^(top|bottom)-(right|left)$", description = "The corner, else top-right"),
        ("as_of" = Option<String>, Query, format = "date", description = "The date in the metadata of documents that have none (yyyy-mm-dd)"),
    ),
    request_body(
        content(
            (serde_json::Value = "application/json"), (serde_json::Value = "application/yaml"),
            (DossierForm = "multipart/form-data"),
        ),
        description = "The case; or a form with the case and its papers from outside",
    ),
    responses(
        (status = 200, description = "The dossier",
            headers(
                ("Content-Disposition" = String, description = "A name for the file, without a word of the data"),
                ("X-Vanban-Procedure" = String, description = "The id of the procedure"),
                ("X-Vanban-Data-Hash" = String, description = "SHA-256 of the case"),
                ("X-Vanban-Warnings" = u32, description = "How many warnings there are"),
            ),
            content((Vec<u8> = "application/zip"), (Vec<u8> = "application/pdf"))),
        (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn dossier(
    State(app): State<App>,
    context: Context,
    Path(procedure): Path<String>,
    mut parameters: Parameters,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let procedure = app.procedure(&procedure)?;
    context.note().template = Some(procedure.id.clone());
    let print = print(&mut parameters, &headers)?;
    let numbering = numbering(&mut parameters)?;
    let as_of = parameters.day("as_of")?.map(|day| day.to_string());
    parameters.end()?;
    let sent = read(&app, &headers, body, &["case"]).await?;
    let job = DossierJob { procedure: procedure.id.clone(), print, numbering, as_of };
    let (parts, room) = sent.parts();
    let (mut answer, hash) = ask(&app, &context, Job::Dossier(job), parts).await?;
    let made = made(&mut answer)?;
    let warnings = answer.head.summary.warnings;
    let mut response = streamed::response(&app, answer, &made, &context, room);
    tell(response.headers_mut(), ("x-vanban-procedure", &procedure.id), hash, warnings);
    Ok(response)
}

/// Looks at a dossier: which papers are there, which are missing or not needed and why, and
/// how its time limits stand.
#[utoipa::path(post, path = "/dossiers/{procedure}/check", tag = "dossiers", operation_id = "check_dossier",
    params(
        ("procedure" = String, Path, description = "The id of a procedure"),
        ("as_of" = Option<String>, Query, description = "The moment at which time limits are looked at, by the clock of Viet Nam: 2026-08-09 or 2026-08-09T14:30; else now"),
    ),
    request_body(
        content(
            (serde_json::Value = "application/json"), (serde_json::Value = "application/yaml"),
            (DossierForm = "multipart/form-data"),
        ),
        description = "The case; or a form with the case and its papers from outside",
    ),
    responses(
        (status = 200, description = "The state of the dossier", body = DossierReportBody),
        (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn check(
    State(app): State<App>,
    context: Context,
    Path(procedure): Path<String>,
    mut parameters: Parameters,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<DossierReportBody>, Problem> {
    let procedure = app.procedure(&procedure)?;
    context.note().template = Some(procedure.id.clone());
    let as_of: Option<Moment> = parameters.read(
        "as_of",
        "phải là ngày hoặc giờ, ví dụ 2026-08-09T14:30",
        "must be a day or an hour, such as 2026-08-09T14:30",
    )?;
    parameters.end()?;
    let sent = read(&app, &headers, body, &["case", "calendar"]).await?;
    let job = DossierCheckJob {
        procedure: procedure.id.clone(),
        as_of: as_of.unwrap_or_else(|| Moment::of(context.moment)).to_string(),
        calendar: sent.calendar.is_some(),
    };
    let (parts, _room) = sent.parts();
    let (mut answer, _) = ask(&app, &context, Job::DossierCheck(job), parts).await?;
    made(&mut answer)?;
    let report = answer.rest().await?;
    let report = serde_json::from_slice(&report);
    report.map(Json).map_err(|_| Problem::internal("a report that is none"))
}

/// Whether a set is printed, and which.
fn print(parameters: &mut Parameters, headers: &HeaderMap) -> Result<Option<PrintJob>, Problem> {
    let format = parameters.one("format")?;
    let set = parameters.one("set")?;
    let prints = match format.as_deref() {
        Some("zip") => false,
        Some("pdf") => true,
        Some(_) => return Err(wrong("format", "phải là zip hoặc pdf", "must be zip or pdf")),
        None => negotiate(headers, &[Media::Zip.media_type(), PDF])? == PDF,
    };
    if set.is_some() && !prints {
        return Err(wrong("set", "chỉ dùng với pdf", "is for pdf alone"));
    }
    Ok(prints.then_some(PrintJob { set }))
}

fn numbering(parameters: &mut Parameters) -> Result<NumberingJob, Problem> {
    let usual = NumberingJob::default();
    let vi = format!("phải là số từ 1 đến {MOST_START}");
    let en = format!("must be a number from 1 to {MOST_START}");
    let start: Option<u32> = parameters.read("start", &vi, &en)?;
    if start.is_some_and(|start| start == 0 || start > MOST_START) {
        return Err(wrong("start", &vi, &en));
    }
    let per_page = parameters.flag("per_page")?;
    let simplex = parameters.flag("simplex")?;
    let stamp = parameters.one("stamp")?;
    let is_fine =
        |text: &String| text.chars().count() <= LONGEST_STAMP && !text.contains(char::is_control);
    if stamp.as_ref().is_some_and(|text| !is_fine(text)) {
        return Err(wrong(
            "stamp",
            &format!("có nhiều nhất {LONGEST_STAMP} ký tự"),
            &format!("has at most {LONGEST_STAMP} characters"),
        ));
    }
    let corner = parameters.one("stamp_at")?;
    let stamp_at = match &corner {
        None => usual.stamp_at,
        Some(name) => {
            let known = CORNERS.iter().find(|(other, _)| other == name);
            let list = CORNERS.map(|(name, _)| name).join(", ");
            let wrong =
                || wrong("stamp_at", &format!("phải là {list}"), &format!("must be {list}"));
            known.ok_or_else(wrong)?.1
        }
    };
    Ok(NumberingJob {
        start: start.unwrap_or(usual.start),
        per_page,
        simplex,
        stamp: stamp.unwrap_or(usual.stamp),
        stamp_at,
    })
}

/// Reads the case, and what comes with it.
async fn read(
    app: &App,
    headers: &HeaderMap,
    body: Body,
    names: &[&'static str],
) -> Result<Sent, Problem> {
    let taken = [Notation::Json, Notation::Yaml, Notation::Multipart];
    if notation(headers, &taken)? != Notation::Multipart {
        let held = body::read(app, headers, body, app.config.limits.body()).await?;
        return Ok(Sent { case: held.part(), calendar: None, files: Vec::new(), room: held.room });
    }
    let mut form = Form::read(app, headers, body, names, true).await?;
    let case = Part::new("case", form.take("case")?.bytes);
    let calendar = form.take_if_there("calendar").map(|part| Part::new("calendar", part.bytes));
    if case.bytes.is_empty() {
        return Err(malformed("phần `case` không có gì", "the part `case` is empty"));
    }
    Ok(Sent { case, calendar, files: form.files, room: form.room })
}

use axum::extract::{Path, State};
use axum::response::Response;
use http::HeaderMap;

use crate::app::reference::{
    Count, LONGEST, LawList, LawQuery, LawReport, ProcedureQuery, ProcedureReport, Procedures,
    ReferenceError, RuleList, RuleReport, Thing, UnitList, UnitQuery,
};
use crate::web::cached;
use crate::web::context::Context;
use crate::web::problem::{Kind, Problem, ProblemBody};
use crate::web::query::{Parameters, wrong};
use crate::web::state::App;

/// Words that are searched for.
pub(super) fn words(
    parameters: &mut Parameters,
    name: &'static str,
) -> Result<Option<String>, Problem> {
    let words = parameters.one(name)?;
    if words.as_ref().is_some_and(|words| words.chars().count() > LONGEST) {
        return Err(wrong(
            name,
            &format!("được nhiều nhất {LONGEST} ký tự"),
            &format!("may have at most {LONGEST} characters"),
        ));
    }
    Ok(words)
}

fn limit(parameters: &mut Parameters) -> Result<Count, Problem> {
    let (vi, en) = ("phải là số từ 1 đến", "must be a number from 1 to");
    let (vi, en) = (format!("{vi} {}", Count::MOST), format!("{en} {}", Count::MOST));
    Ok(parameters.read("limit", &vi, &en)?.unwrap_or_default())
}

impl From<ReferenceError> for Problem {
    fn from(error: ReferenceError) -> Self {
        let message = error.message();
        match error {
            ReferenceError::Unknown { thing, .. } => Self::new(match thing {
                Thing::Template => Kind::TEMPLATE,
                Thing::Procedure => Kind::PROCEDURE,
                Thing::Rule | Thing::Law => Kind::ENTRY,
            })
            .words(message),
            ReferenceError::Parameter { name, .. } => Self::new(Kind::PARAMETER).detail(
                format!("tham số `{name}`: {}", message.vi),
                format!("the parameter `{name}`: {}", message.en),
            ),
            ReferenceError::Failed(_) => Self::internal(message.en),
        }
    }
}

/// Lists procedures: those that fit everything that is asked for.
#[utoipa::path(get, path = "/procedures", tag = "procedures", operation_id = "list_procedures",
    params(ProcedureQuery),
    responses(
        (status = 200, description = "The procedures", body = Procedures<'static>),
        (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn procedures(
    State(app): State<App>,
    headers: HeaderMap,
    mut parameters: Parameters,
) -> Result<Response, Problem> {
    let query = ProcedureQuery {
        template: words(&mut parameters, "template")?,
        in_force_at: parameters.day("in_force_at")?,
        q: words(&mut parameters, "q")?,
    };
    parameters.end()?;
    cached::json(&headers, &app.reference.procedures(&query)?)
}

/// Tells everything about a procedure: papers, sets, time limits, with their clauses.
#[utoipa::path(get, path = "/procedures/{procedure}", tag = "procedures", operation_id = "get_procedure",
    params(("procedure" = String, Path, description = "The id of a procedure", example = "D-C18")),
    responses(
        (status = 200, description = "The procedure", body = ProcedureReport<'static>),
        (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn procedure(
    State(app): State<App>,
    Path(procedure): Path<String>,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.end()?;
    cached::json(&headers, &app.reference.procedure(&procedure)?)
}

/// Lists every code that a finding can have, in the language that is asked for.
#[utoipa::path(get, path = "/rules", tag = "reference", operation_id = "list_rules",
    responses(
        (status = 200, description = "The rules", body = RuleList<'static>),
        (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn rules(
    State(app): State<App>,
    context: Context,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.end()?;
    cached::json(&headers, &app.reference.rules(context.language))
}

/// Explains the code of a finding, with an example of it.
#[utoipa::path(get, path = "/rules/{code}", tag = "reference", operation_id = "get_rule",
    params(("code" = String, Path, description = "The code of a finding; case does not matter", example = "NN03")),
    responses(
        (status = 200, description = "The rule", body = RuleReport<'static>),
        (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn rule(
    State(app): State<App>,
    context: Context,
    Path(code): Path<String>,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.end()?;
    cached::json(&headers, &app.reference.rule(&code, context.language)?)
}

/// Finds provinces, cities and communes.
#[utoipa::path(get, path = "/units", tag = "reference", operation_id = "find_units",
    params(UnitQuery),
    responses(
        (status = 200, description = "The units, the likeliest first", body = UnitList),
        (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn units(
    State(app): State<App>,
    headers: HeaderMap,
    mut parameters: Parameters,
) -> Result<Response, Problem> {
    let query = UnitQuery {
        q: words(&mut parameters, "q")?,
        province: words(&mut parameters, "province")?,
        in_force_at: parameters.day("in_force_at")?,
        limit: limit(&mut parameters)?,
    };
    parameters.end()?;
    cached::json(&headers, &app.reference.units(&query)?)
}

/// Finds legal documents that are cited, and whether they are in force.
#[utoipa::path(get, path = "/laws", tag = "reference", operation_id = "find_laws",
    params(LawQuery),
    responses(
        (status = 200, description = "The documents", body = LawList<'static>),
        (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn laws(
    State(app): State<App>,
    headers: HeaderMap,
    mut parameters: Parameters,
) -> Result<Response, Problem> {
    let query = LawQuery {
        q: words(&mut parameters, "q")?,
        in_force_at: parameters.day("in_force_at")?,
        limit: limit(&mut parameters)?,
    };
    parameters.end()?;
    cached::json(&headers, &app.reference.laws(&query))
}

/// Tells what is known of a legal document.
///
/// A help for drafters and no official register: `confidence` says how well it is known.
#[utoipa::path(get, path = "/laws/{id}", tag = "reference", operation_id = "get_law",
    params(("id" = String, Path, description = "The number, its slashes as `%2F` (`73%2F2021%2FQH14`) or as hyphens (`73-2021-QH14`)", example = "73-2021-qh14")),
    responses(
        (status = 200, description = "The document", body = LawReport<'static>),
        (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    ))]
pub(super) async fn law(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.end()?;
    cached::json(&headers, &app.reference.law(&id)?)
}

use serde_json::{Value, json};

use super::view::{DeadlineView, DossierReport, PaperView};
use super::words::{end, length, result};
use crate::base::Language;
use crate::catalog::Basis;
use crate::pipeline::{
    Completeness, Deadline, Format, Input, PaperState, RenderError, Renderer, Status,
};
use crate::viet::Moment;

/// The id of the template that prints a checklist.
const CHECKLIST: &str = "product-ho-so-danh-muc";
/// The size of its tables, in points.
const CHECKLIST_SIZE: u32 = 11;

/// Prints the checklist of a dossier.
///
/// # Errors
///
/// If it cannot be laid out: the fault of a user's own template.
pub fn print_checklist(
    renderer: &Renderer,
    completeness: &Completeness,
    format: Format,
) -> Result<Vec<u8>, RenderError> {
    let data = checklist(completeness).to_string();
    let input = Input::new("danh-muc.json", data.as_bytes());
    renderer.render(&input, format).map(|rendered| rendered.bytes)
}

/// The data of a checklist.
fn checklist(of: &Completeness) -> Value {
    let report = DossierReport::new(of, Language::Vi);
    let data = &of.case.data;
    let police = &data["profile"]["police"];
    let text = |value: &Value, other: &str| value.as_str().unwrap_or(other).to_owned();
    // The law stands above the table.
    let law = format!("Nghị định {}, ", of.case.procedure.law);
    let short = |clause: &str, basis: Basis| {
        let clause = clause.strip_prefix(&law).unwrap_or(clause);
        match basis {
            Basis::Law => clause.to_owned(),
            Basis::Practice => format!("{clause} (theo thông lệ)"),
            Basis::Inferred => format!("{clause} (suy ra)"),
        }
    };
    let paper = |paper: &PaperView, state: &PaperState| {
        json!({
            "item": paper.item,
            "title": paper.title,
            "copy": paper.copy,
            "signer": paper.signer,
            "there": state.is_there(),
            "state": if state.status == Status::Absent { "" } else { &paper.state },
            "clause": short(&paper.clause, paper.basis),
        })
    };
    let deadline = |one: &DeadlineView, deadline: &Deadline| {
        let start = deadline.start.as_ref().map(|(_, start)| start.words());
        json!({
            "title": one.title,
            "length": length(deadline).vi,
            "start": start.unwrap_or_else(|| "chưa biết".to_owned()),
            "due": deadline.due.map(|due| end(due).vi).unwrap_or_default(),
            "state": one.state,
            "clause": short(&one.clause, one.basis),
        })
    };
    let sets = report.sets.iter();
    let sets = sets.map(|set| format!("{}: {} ({})", set.title, set.for_whom, set.mark));
    let mut out = json!({
        "template": CHECKLIST,
        "issuer": {
            "name": text(&police["name"], "Công an cấp xã"),
            "symbol": text(&police["symbol"], "CAX"),
        },
        "procedure": report.title,
        "clause": report.clause,
        "result": result(of).vi,
        "papers": report.papers.iter().zip(&of.papers).map(|(one, state)| paper(one, state)).collect::<Vec<_>>(),
        "deadlines": report.deadlines.iter().zip(&of.deadlines).map(|(one, of)| deadline(one, of)).collect::<Vec<_>>(),
        "sets": sets.collect::<Vec<_>>(),
        "layout": {"table_size": CHECKLIST_SIZE},
    });
    let mut set = |key: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            out[key] = value.into();
        }
    };
    set("person", data["subject"]["full_name"].as_str().map(str::to_owned));
    set("place", police["place"].as_str().map(str::to_owned));
    set("as_of", of.as_of.map(Moment::words));
    set("date", of.as_of.map(|now| now.day().to_string()));
    set("checker", data["officers"][0]["full_name"].as_str().map(str::to_owned));
    if let Some(superior) = police["superior"].as_str().filter(|text| !text.is_empty()) {
        out["issuer"]["superior"] = superior.into();
    }
    out
}

use serde::Serialize;

use super::Outcome;
use super::arguments::{Arguments, ListArguments};
use super::terminal::Terminal;
use crate::app::{AppError, Session, TemplateView};
use crate::base::Language;

/// `vanban templates --json`. Version 1.
#[derive(Serialize)]
struct List<'a> {
    version: u8,
    templates: Vec<TemplateView<'a>>,
}

pub(super) fn run(
    verb: &ListArguments,
    arguments: &Arguments,
    terminal: &Terminal,
) -> Result<Outcome, AppError> {
    let session = Session::open(&arguments.session())?;
    let templates = session.templates()?;
    if verb.json {
        terminal.json(&List { version: 1, templates })?;
        return Ok(Outcome::Fine);
    }
    for TemplateView { manifest, .. } in &templates {
        let title = match terminal.language() {
            Language::Vi => &manifest.title,
            Language::En => &manifest.title_en,
        };
        let from = manifest.in_force.from.map(|day| day.to_string()).unwrap_or_default();
        let to = manifest.in_force.to.map(|day| day.to_string()).unwrap_or_default();
        terminal.line(format!(
            "{}\t{title}\t{}, {}\t{from} – {to}",
            manifest.id, manifest.source.law, manifest.source.form
        ))?;
    }
    Ok(Outcome::Fine)
}

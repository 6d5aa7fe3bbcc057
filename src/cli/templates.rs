use chrono::NaiveDate;
use serde::Serialize;

use super::Outcome;
use super::arguments::{Arguments, ListArguments};
use super::terminal::Terminal;
use crate::app::{AppError, Session, TemplateView};
use crate::base::{Bilingual, Language};
use crate::catalog::{InForce, Manifest};

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
        terminal.line(line(manifest, terminal.language()))?;
    }
    Ok(Outcome::Fine)
}

/// Id, title, source, days in force and, where the law has no form, what the
/// template rests on; separated by tabs.
fn line(manifest: &Manifest, language: Language) -> String {
    let title = match language {
        Language::Vi => &manifest.title,
        Language::En => &manifest.title_en,
    };
    let source = format!("{}, {}", manifest.source.law, manifest.source.form);
    let mut cells = vec![manifest.id.clone(), title.clone(), source];
    cells.push(in_force(&manifest.in_force).get(language).to_owned());
    let note = manifest.evidence.note();
    cells.extend(note.map(|note| note.get(language).to_owned()));
    cells.join("\t")
}

fn in_force(days: &InForce) -> Bilingual {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let from = day(days.from);
    match days.to {
        None => Bilingual::new(format!("từ {from}"), format!("since {from}")),
        to => format!("{from} – {}", day(to)).into(),
    }
}

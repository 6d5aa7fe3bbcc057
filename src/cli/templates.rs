use chrono::NaiveDate;
use serde::Serialize;

use super::Outcome;
use super::arguments::{Arguments, TemplatesArguments};
use super::terminal::Terminal;
use crate::app::{AppError, Session, TemplateView};
use crate::base::{Bilingual, Language};
use crate::catalog::{Form, InForce, Manifest};

/// `vanban templates --json`. Version 1.
#[derive(Serialize)]
struct List<'a> {
    version: u8,
    templates: Vec<TemplateView<'a>>,
}

pub(super) fn run(
    verb: &TemplatesArguments,
    arguments: &Arguments,
    terminal: &Terminal,
) -> Result<Outcome, AppError> {
    let session = Session::open(&arguments.session())?;
    let mut templates = session.templates()?;
    if let Some(words) = &verb.find {
        templates.retain(|one| one.manifest.is_meant_by(words));
    }
    if verb.json {
        terminal.json(&List { version: 1, templates })?;
        return Ok(Outcome::Fine);
    }
    for TemplateView { manifest, .. } in &templates {
        let mut line = line(manifest, terminal.language());
        if verb.find.is_some() {
            line.push_str(&replaced(manifest, terminal.language()));
        }
        terminal.line(line)?;
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

/// The forms that it replaces, each behind a tab.
fn replaced(manifest: &Manifest, language: Language) -> String {
    let words = Bilingual::new("thay", "replaces");
    let one = |form: &Form| format!("\t{} {}, {}", words.get(language), form.law, form.form);
    manifest.replaces.iter().map(one).collect()
}

fn in_force(days: &InForce) -> Bilingual {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let from = day(days.from);
    match days.to {
        None => Bilingual::new(format!("từ {from}"), format!("since {from}")),
        to => format!("{from} – {}", day(to)).into(),
    }
}

//! What is there of a dossier: looked at, told, printed.

mod checklist;
mod view;
mod words;

use std::path::Path;

pub use checklist::print_checklist;
pub use view::{DeadlineView, DossierReport, FileView, PaperView, ProcedureList, SetView};
pub use words::{deadline_state, end, length, paper_state, result};

use super::{AppError, Folder, read_input};
use crate::base::{Finding, Place, SourceText};
use crate::pipeline::{Completeness, Input, Renderer};
use crate::viet::{Calendar, Moment};

/// The calendar of Viet Nam, with that of a house laid over.
///
/// # Errors
///
/// The file cannot be read; what is wrong in it is a finding of the inner result.
pub fn read_calendar(path: Option<&Path>) -> Result<Result<Calendar, Vec<Finding>>, AppError> {
    let Some(path) = path else { return Ok(Ok(Calendar::of_vietnam().clone())) };
    let (name, bytes) = read_input(path)?;
    Ok(calendar_of(name, &bytes))
}

/// The calendar of Viet Nam, with that of a house laid over, whose file is at hand.
///
/// # Errors
///
/// What is wrong in it.
pub fn calendar_of(name: String, bytes: &[u8]) -> Result<Calendar, Vec<Finding>> {
    let source = SourceText::new(name, String::from_utf8_lossy(bytes).into_owned());
    Calendar::of_vietnam().with(source.text()).map_err(|error| {
        let line = usize::try_from(error.line).unwrap_or(usize::MAX).saturating_sub(1);
        let lines = source.text().split_inclusive('\n');
        let start: usize = lines.take(line).map(str::len).sum();
        let length = source.text()[start..].lines().next().map_or(0, str::len);
        let place = Place { span: start..start + length, source, pointer: String::new() };
        vec![Finding::new("PR08").with("detail", error.detail).at(place)]
    })
}

/// Looks at the dossier of a case file.
///
/// # Errors
///
/// The file cannot be read; what is wrong in it is a finding of the inner result.
pub fn check_dossier(
    renderer: &Renderer,
    path: &Path,
    procedure: Option<&str>,
    as_of: Moment,
    calendar: &Calendar,
) -> Result<Result<Completeness, Vec<Finding>>, AppError> {
    let (name, bytes) = read_input(path)?;
    let files = Folder::of(path);
    let input = Input::new(&name, &bytes).with_files(&files);
    Ok(renderer.completeness(&input, procedure, Some(as_of), calendar))
}

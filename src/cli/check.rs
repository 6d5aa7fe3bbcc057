use super::Outcome;
use super::arguments::{Arguments, CheckArguments};
use super::terminal::Terminal;
use crate::app::{AppError, Folder, Report, Session, read_input};
use crate::base::has_errors;
use crate::pipeline::Input;

pub(super) fn run(
    verb: &CheckArguments,
    arguments: &Arguments,
    terminal: &Terminal,
) -> Result<Outcome, AppError> {
    let renderer = Session::open(&arguments.session())?.renderer()?;
    let (name, bytes) = read_input(&verb.file)?;
    let files = Folder::of(&verb.file);
    let template = verb.template.as_deref();
    let input = Input { name: &name, bytes: &bytes, template, files: &files };
    let findings = match renderer.compose(&input) {
        Ok(composed) => composed.findings,
        Err(findings) => findings,
    };
    if verb.json {
        terminal.json(&Report::new(&name, &findings, terminal.language()))?;
    } else {
        terminal.data(terminal.pictures(&findings).as_bytes())?;
        terminal.line(terminal.summary(&findings))?;
    }
    Ok(if has_errors(&findings) { Outcome::Findings } else { Outcome::Fine })
}

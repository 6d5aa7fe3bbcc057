use super::Outcome;
use super::arguments::{Arguments, CheckArguments};
use super::terminal::Terminal;
use crate::app::{AppError, Report, Session, read_input};
use crate::base::has_errors;
use crate::pipeline::Input;

pub(super) fn run(
    verb: &CheckArguments,
    arguments: &Arguments,
    terminal: &Terminal,
) -> Result<Outcome, AppError> {
    let renderer = Session::open(&arguments.session())?.renderer()?;
    let (name, bytes) = read_input(&verb.file)?;
    let input = Input { name: &name, bytes: &bytes, template: verb.template.as_deref() };
    let findings = renderer.findings(&input, &verb.options);
    if verb.json {
        terminal.json(&Report::new(&name, &findings, terminal.language()))?;
    } else {
        terminal.data(terminal.pictures(&findings).as_bytes())?;
        terminal.line(terminal.summary(&findings))?;
    }
    Ok(if has_errors(&findings) { Outcome::Findings } else { Outcome::Fine })
}

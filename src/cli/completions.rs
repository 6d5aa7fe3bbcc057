use clap::CommandFactory;

use super::Outcome;
use super::arguments::{Arguments, CompletionsArguments};
use super::terminal::Terminal;
use crate::app::AppError;

pub(super) fn run(verb: &CompletionsArguments, terminal: &Terminal) -> Result<Outcome, AppError> {
    let mut script = Vec::new();
    clap_complete::generate(verb.shell, &mut Arguments::command(), "vanban", &mut script);
    terminal.data(&script)?;
    Ok(Outcome::Fine)
}

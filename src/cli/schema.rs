use super::Outcome;
use super::arguments::{Arguments, SchemaArguments};
use super::terminal::Terminal;
use crate::app::{AppError, Session};

pub(super) fn run(
    verb: &SchemaArguments,
    arguments: &Arguments,
    terminal: &Terminal,
) -> Result<Outcome, AppError> {
    let session = Session::open(&arguments.session())?;
    let schema = session.template(&verb.id)?.schema()?;
    terminal.json(&schema.bundle)?;
    Ok(Outcome::Fine)
}

use super::Outcome;
use super::arguments::{Arguments, SampleArguments};
use super::terminal::Terminal;
use crate::app::{AppError, Session};

pub(super) fn run(
    verb: &SampleArguments,
    arguments: &Arguments,
    terminal: &Terminal,
) -> Result<Outcome, AppError> {
    let session = Session::open(&arguments.session())?;
    let sample = session.template(&verb.id)?.sample(verb.full);
    terminal.data(sample.as_bytes())?;
    Ok(Outcome::Fine)
}

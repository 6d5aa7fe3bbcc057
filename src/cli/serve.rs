use std::path::PathBuf;

use super::Outcome;
use super::arguments::{Arguments, ServeArguments};
use super::terminal::Terminal;
use crate::app::{AppError, read_input, service};
use crate::web::{self, Config};

/// Runs the service until it is told to stop.
pub(super) fn run(
    verb: &ServeArguments,
    arguments: &Arguments,
    terminal: &Terminal,
) -> Result<Outcome, AppError> {
    if verb.print_config {
        terminal.data(Config::COMMENTED.as_bytes())?;
        return Ok(Outcome::Fine);
    }
    let mut config = match &verb.config {
        Some(path) => {
            let (name, bytes) = read_input(path)?;
            let text = String::from_utf8_lossy(&bytes);
            Config::read(&text)
                .map_err(|reason| AppError::Config { path: name, reason: reason.to_string() })?
        }
        None => Config::default(),
    };
    overrule(&mut config.listen, verb.listen);
    let set = |to: &mut Option<PathBuf>, from: &Option<PathBuf>| {
        if from.is_some() {
            to.clone_from(from);
        }
    };
    set(&mut config.data_dir, &verb.data_dir);
    set(&mut config.templates, &arguments.templates);
    set(&mut config.font_dir, &arguments.font_dir);
    set(&mut config.profile, &verb.profile);
    let program = std::env::current_exe()
        .map_err(|error| AppError::Read { path: "vanban".to_owned(), error })?;
    web::serve(config, program)?;
    Ok(Outcome::Fine)
}

fn overrule<T>(value: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *value = given;
    }
}

/// A worker: answers the service that started it until that is gone.
pub(super) fn work() -> Result<Outcome, AppError> {
    service::serve(&mut std::io::stdin().lock(), std::io::stdout().lock())?;
    Ok(Outcome::Fine)
}

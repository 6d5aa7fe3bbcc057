use serde::Serialize;

use super::Outcome;
use super::arguments::{Arguments, ListArguments};
use super::terminal::Terminal;
use crate::app::{AppError, FontView, Session};

/// `vanban fonts --json`. Version 1.
#[derive(Serialize)]
struct List {
    version: u8,
    fonts: Vec<FontView>,
}

pub(super) fn run(
    verb: &ListArguments,
    arguments: &Arguments,
    terminal: &Terminal,
) -> Result<Outcome, AppError> {
    let fonts = Session::open(&arguments.session())?.fonts()?;
    if verb.json {
        terminal.json(&List { version: 1, fonts })?;
        return Ok(Outcome::Fine);
    }
    for font in fonts {
        terminal
            .line(format!("{}\t{}\t{}\t{}", font.family, font.file, font.source, font.sha256))?;
    }
    Ok(Outcome::Fine)
}

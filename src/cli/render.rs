use std::path::Path;

use serde::Serialize;

use super::arguments::{Arguments, RenderArguments};
use super::terminal::Terminal;
use super::{Outcome, watch};
use crate::app::{AppError, Folder, Report, Session, Summary, Target, read_input, write_whole};
use crate::pipeline::{Input, Renderer};

/// `vanban render --json`. Version 1.
#[derive(Serialize)]
struct Done {
    version: u8,
    output: Option<String>,
    report: Report,
}

pub(super) fn run(
    verb: &RenderArguments,
    arguments: &Arguments,
    terminal: &Terminal,
) -> Result<Outcome, AppError> {
    if verb.watch {
        return watch::run(verb, arguments, terminal);
    }
    let renderer = Session::open(&arguments.session())?.renderer()?;
    once(verb, &renderer, terminal)
}

/// Renders the file once.
pub(super) fn once(
    verb: &RenderArguments,
    renderer: &Renderer,
    terminal: &Terminal,
) -> Result<Outcome, AppError> {
    let (name, bytes) = read_input(&verb.file)?;
    let files = Folder::of(&verb.file);
    let template = verb.template.as_deref();
    let input = Input { name: &name, bytes: &bytes, template, files: &files };
    let composed = match renderer.compose(&input) {
        Ok(composed) => composed,
        Err(findings) => {
            if verb.json {
                let report = Report::new(&name, &findings, terminal.language());
                terminal.json(&Done { version: 1, output: None, report })?;
            } else {
                terminal.findings(&findings);
                terminal.say(terminal.summary(Summary::of(&findings)));
            }
            return Ok(Outcome::Findings);
        }
    };
    if let Some(stage) = verb.emit {
        terminal.findings(&composed.findings);
        let text = renderer.emit(&composed, stage)?;
        match verb.output.as_deref().filter(|path| *path != Path::new("-")) {
            Some(path) => write_whole(path, text.as_bytes())?,
            None => terminal.data(text.as_bytes())?,
        }
        return Ok(Outcome::Fine);
    }
    let format = verb.format.format();
    let file = renderer.write(&composed, format)?;
    let target = Target::new(&verb.file, verb.output.as_deref(), format.extension());
    let output = match &target {
        Target::Stdout => {
            terminal.data(&file)?;
            None
        }
        Target::File(path) => {
            write_whole(path, &file)?;
            Some(path.display().to_string())
        }
    };
    if verb.json && target != Target::Stdout {
        let report = Report::new(&name, &composed.findings, terminal.language());
        terminal.json(&Done { version: 1, output, report })?;
    } else {
        terminal.findings(&composed.findings);
        if let Some(path) = output {
            terminal.line(path)?;
        }
    }
    Ok(Outcome::Fine)
}

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::arguments::{Arguments, RenderArguments};
use super::terminal::Terminal;
use super::{Outcome, watch};
use crate::app::{
    AppError, Folder, Report, Session, Summary, Target, read_input, write_together, write_whole,
};
use crate::base::Finding;
use crate::pipeline::{Checked, Composed, Edition, Format, Input, Renderer, add_new};

/// `vanban render --json`. Version 1.
#[derive(Serialize)]
struct Done {
    version: u8,
    output: Option<String>,
    /// The files, where one data file makes several: documents, formats, pages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    outputs: Vec<String>,
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
    once(verb, &renderer, terminal, &mut Vec::new())
}

/// Renders the file once; the files written are added to `written`.
pub(super) fn once(
    verb: &RenderArguments,
    renderer: &Renderer,
    terminal: &Terminal,
    written: &mut Vec<PathBuf>,
) -> Result<Outcome, AppError> {
    let file = verb.data_file();
    let (name, bytes) =
        if verb.blank { (file.display().to_string(), b"{}".to_vec()) } else { read_input(&file)? };
    let files = Folder::of(&file);
    let template = verb.template.as_deref();
    let input = Input { name: &name, bytes: &bytes, template, files: &files, blank: verb.blank };
    let formats = verb.formats();
    let mut job = Job { verb, renderer, terminal, name: &name, formats, written };
    let checked = match renderer.check_with(&input, &verb.options) {
        Ok(checked) => checked,
        Err(findings) => return job.refused(&findings),
    };
    let target = job.target(&checked);
    if target == Target::Stdout && job.formats.len() > 1 && verb.emit.is_none() {
        return Err(AppError::OneFile(job.formats.len()));
    }
    let mut editions = checked.editions();
    match editions.pop() {
        Some(only) if editions.is_empty() => {
            let target = match &only.slug {
                Some(slug) if verb.output.is_none() => target.part(slug),
                _ => target,
            };
            match renderer.compose_checked(only.checked) {
                Ok(composed) => job.one(&composed, &target),
                Err(findings) => job.refused(&findings),
            }
        }
        last => {
            editions.extend(last);
            job.several(editions, &target)
        }
    }
}

/// One run of the program over one data file.
struct Job<'a> {
    verb: &'a RenderArguments,
    renderer: &'a Renderer,
    terminal: &'a Terminal,
    name: &'a str,
    formats: Vec<Format>,
    written: &'a mut Vec<PathBuf>,
}

impl Job<'_> {
    /// Where the document goes. Papers that are made of the same data must not take
    /// each other's place.
    fn target(&self, checked: &Checked) -> Target {
        let target =
            Target::new(&self.verb.data_file(), self.verb.output.as_deref(), &self.formats);
        let beside_others = checked.template.shares_its_data() && !self.verb.blank;
        if self.verb.output.is_none() && beside_others {
            target.part(&checked.template.manifest.id)
        } else {
            target
        }
    }

    /// No document: the data has errors.
    fn refused(&self, findings: &[Finding]) -> Result<Outcome, AppError> {
        if self.verb.json {
            self.done(None, Vec::new(), findings)?;
        } else {
            self.terminal.findings(findings);
            self.terminal.say(self.terminal.summary(Summary::of(findings)));
        }
        Ok(Outcome::Findings)
    }

    fn done(
        &self,
        output: Option<String>,
        outputs: Vec<String>,
        findings: &[Finding],
    ) -> Result<(), AppError> {
        let report = Report::new(self.name, findings, self.terminal.language());
        self.terminal.json(&Done { version: 1, output, outputs, report })
    }

    fn one(&mut self, composed: &Composed, target: &Target) -> Result<Outcome, AppError> {
        if let Some(stage) = self.verb.emit {
            self.terminal.findings(&composed.findings);
            let text = self.renderer.emit(composed, stage)?;
            match self.verb.output.as_deref().filter(|path| *path != Path::new("-")) {
                Some(path) => write_whole(path, text.as_bytes())?,
                None => self.terminal.data(text.as_bytes())?,
            }
            return Ok(Outcome::Fine);
        }
        let mut outputs = match target {
            Target::Stdout => {
                self.print(composed)?;
                Vec::new()
            }
            Target::Files(paths) => self.write(composed, paths)?,
        };
        if self.verb.json && *target != Target::Stdout {
            let only = if outputs.len() == 1 { outputs.pop() } else { None };
            self.done(only, outputs, &composed.findings)?;
        } else {
            self.terminal.findings(&composed.findings);
            outputs.iter().try_for_each(|path| self.terminal.line(path))?;
        }
        Ok(Outcome::Fine)
    }

    /// Writes a document to standard output, where there is room for one file.
    fn print(&self, composed: &Composed) -> Result<(), AppError> {
        let outputs = self.renderer.write_all(composed, &self.formats)?;
        let files: Vec<&Vec<u8>> = outputs.iter().flat_map(|output| &output.files).collect();
        match files.as_slice() {
            [only] => self.terminal.data(only),
            several => Err(AppError::OneFile(several.len())),
        }
    }

    /// A document for each edition. One that fails does not keep the others from
    /// being made; all that failed are named at the end.
    fn several(&mut self, editions: Vec<Edition>, target: &Target) -> Result<Outcome, AppError> {
        let count = editions.len();
        if *target == Target::Stdout || self.verb.emit.is_some() {
            let option = editions.first().and_then(|one| one.option.clone()).unwrap_or_default();
            return Err(AppError::OnePlace { count, option });
        }
        let (mut findings, mut outputs, mut failed) = (Vec::new(), Vec::new(), Vec::new());
        let mut refused = false;
        for edition in editions {
            let part = target.clone().part(edition.slug.as_deref().unwrap_or_default());
            let Target::Files(paths) = part else { continue };
            let shown = paths.first().map(|path| path.display().to_string()).unwrap_or_default();
            match self.renderer.compose_checked(edition.checked) {
                Ok(composed) => {
                    match self.write(&composed, &paths) {
                        Ok(written) => outputs.extend(written),
                        Err(error) => failed.push(self.reason(&shown, &error)),
                    }
                    add_new(&mut findings, composed.findings);
                }
                Err(found) => {
                    refused = true;
                    failed.push(format!("`{shown}`"));
                    add_new(&mut findings, found);
                }
            }
        }
        if self.verb.json {
            self.done(None, outputs, &findings)?;
        } else {
            self.terminal.findings(&findings);
            outputs.iter().try_for_each(|path| self.terminal.line(path))?;
        }
        if failed.is_empty() {
            return Ok(Outcome::Fine);
        }
        let error = AppError::Some { count, failed };
        if refused {
            self.terminal.failure(&error);
            return Ok(Outcome::Findings);
        }
        Err(error)
    }

    /// Why a file was not made, with its name.
    fn reason(&self, file: &str, error: &AppError) -> String {
        let message = error.message();
        let message = message.get(self.terminal.language());
        if message.contains(file) { message.to_owned() } else { format!("`{file}`: {message}") }
    }

    /// Writes a document in every format, given a path for each, and gives the names
    /// of the files.
    fn write(&mut self, composed: &Composed, paths: &[PathBuf]) -> Result<Vec<String>, AppError> {
        let outputs = self.renderer.write_all(composed, &self.formats)?;
        let mut files: Vec<(PathBuf, &[u8])> = Vec::new();
        for (output, path) in outputs.iter().zip(paths) {
            let pages = Target::pages(path, output.files.len()).into_iter();
            files.extend(pages.zip(output.files.iter().map(Vec::as_slice)));
        }
        if let Some((path, _)) =
            files.iter().find(|(path, _)| same_file(path, &self.verb.data_file()))
        {
            return Err(AppError::OverData(path.display().to_string()));
        }
        write_together(files.iter().map(|(path, bytes)| (path.as_path(), *bytes)))?;
        let shown = files.iter().map(|(path, _)| path.display().to_string()).collect();
        self.written.extend(files.into_iter().map(|(path, _)| path));
        Ok(shown)
    }
}

/// Whether two paths lead to one file that is there.
pub(super) fn same_file(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

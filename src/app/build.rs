use std::fmt;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::store::Store;
use super::{AppError, Folder, read_input, write_pieces};
use crate::base::Finding;
use crate::input::Files;
use crate::output::Archive;
use crate::pipeline::{BuildError, Dossier, Input, Numbering, Renderer};
use crate::viet::Calendar;

/// Where a dossier goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bindery {
    /// Everything, in a ZIP archive.
    Zip(PathBuf),
    /// Everything, in a folder that is not there yet or is empty.
    Folder(PathBuf),
    /// One set, to print.
    Pdf(PathBuf),
    /// Everything, as a ZIP archive on standard output.
    Stdout,
}

/// How a dossier is built.
#[derive(Debug, Clone)]
pub struct BuildOptions<'a> {
    /// The procedure, where it is not the one that the case names.
    pub procedure: Option<&'a str>,
    /// The set that goes into a PDF; the first one, if none is named.
    pub set: Option<&'a str>,
    /// How sheets are printed and numbered.
    pub numbering: Numbering,
}

/// A dossier that was built.
#[derive(Debug)]
pub struct Built {
    /// Where it lies; nothing for standard output.
    pub path: Option<PathBuf>,
    /// The papers, with their numbers.
    pub dossier: Dossier,
}

impl Bindery {
    /// What a path asks for by its ending: a ZIP archive, a PDF, else a folder; `-` is
    /// standard output. Without a path, a ZIP archive beside the case.
    pub fn new(case: &Path, asked: Option<&Path>) -> Self {
        let Some(path) = asked else { return Self::Zip(case.with_extension("zip")) };
        if path == Path::new("-") {
            return Self::Stdout;
        }
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        match ending.to_ascii_lowercase().as_str() {
            "zip" => Self::Zip(path.to_owned()),
            "pdf" => Self::Pdf(path.to_owned()),
            _ => Self::Folder(path.to_owned()),
        }
    }
}

impl fmt::Display for Bindery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Zip(path) | Self::Folder(path) | Self::Pdf(path) => path.display().fmt(f),
            Self::Stdout => f.write_str("-"),
        }
    }
}

/// Builds the dossier of a case file. What goes to a file or folder lies there whole or
/// not at all.
///
/// # Errors
///
/// If a file cannot be read or written, or a layout fails; what the user can mend is
/// the inner result.
pub fn build_dossier(
    renderer: &Renderer,
    case: &Path,
    to: &Bindery,
    options: &BuildOptions<'_>,
) -> Result<Result<Built, Vec<Finding>>, AppError> {
    let (name, bytes) = read_input(case)?;
    let files = Folder::of(case);
    let input = Input::new(&name, &bytes).with_files(&files);
    let calendar = Calendar::of_vietnam();
    let completeness = match renderer.completeness(&input, options.procedure, None, calendar) {
        Ok(completeness) => completeness,
        Err(findings) => return Ok(Err(findings)),
    };
    let bound = renderer.bind(&input, completeness, options.numbering.clone());
    let written = bound.map_err(Failure::from).and_then(|mut dossier| {
        let path = write(renderer, &mut dossier, &files, to, options.set)?;
        Ok(Built { path, dossier })
    });
    match written {
        Ok(built) => Ok(Ok(built)),
        Err(Failure::Build(BuildError::Findings(findings))) => Ok(Err(findings)),
        Err(Failure::Build(BuildError::Output(error))) => Err(error.into()),
        Err(Failure::Build(BuildError::Write(error))) => {
            Err(AppError::Write { path: to.to_string(), error })
        }
        Err(Failure::App(error)) => Err(error),
    }
}

/// What keeps a dossier from being built.
enum Failure {
    Build(BuildError),
    App(AppError),
}

impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Self {
        Self::Build(error)
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

fn write(
    renderer: &Renderer,
    dossier: &mut Dossier,
    files: &dyn Files,
    to: &Bindery,
    set_id: Option<&str>,
) -> Result<Option<PathBuf>, Failure> {
    match to {
        Bindery::Stdout => {
            let mut archive = Archive::new(BufWriter::new(io::stdout().lock()));
            renderer.write_dossier(dossier, files, &mut archive)?;
            let flushed = archive.finish().map_err(io::Error::from).and_then(|mut out| out.flush());
            flushed.map_err(BuildError::Write)?;
            Ok(None)
        }
        Bindery::Zip(path) | Bindery::Folder(path) => {
            let mut store = Store::start(path)?;
            renderer.write_dossier(dossier, files, &mut store)?;
            store.finish()?;
            Ok(Some(path.clone()))
        }
        Bindery::Pdf(path) => {
            renderer.number(dossier, files)?;
            let set = match set_id {
                Some(id) => Some(set(dossier, id)?),
                None => dossier.completeness.sets.first(),
            };
            let mut failure = None;
            let written = write_pieces(path, &mut |to| {
                renderer.print_set(dossier, set, files, to).map_err(|error| {
                    failure = Some(error);
                    io::ErrorKind::Other.into()
                })
            });
            if let Some(failure) = failure {
                return Err(failure.into());
            }
            written?;
            Ok(Some(path.clone()))
        }
    }
}

/// The set with this id.
fn set<'d>(dossier: &'d Dossier, id: &str) -> Result<&'d crate::catalog::CopySet, BuildError> {
    let sets = &dossier.completeness.sets;
    sets.iter().find(|set| set.id == id).ok_or_else(|| {
        let known: Vec<String> = sets.iter().map(|set| format!("`{}`", set.id)).collect();
        let finding = Finding::new("DB03").with("id", id).with("known", known.join(", "));
        BuildError::Findings(vec![finding])
    })
}

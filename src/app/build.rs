use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{AppError, Folder, read_input};
use crate::base::Finding;
use crate::input::Files;
use crate::pipeline::{BuildError, Dossier, Input, Numbering, Renderer, Sink, ZipSink};
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
    let job = Job { renderer, files: &files, options };
    let built = renderer
        .bind(&input, completeness, options.numbering.clone())
        .and_then(|mut dossier| job.write(&mut dossier, to).map(|path| Built { path, dossier }));
    match built {
        Ok(built) => Ok(Ok(built)),
        Err(BuildError::Findings(findings)) => Ok(Err(findings)),
        Err(BuildError::Output(error)) => Err(error.into()),
        Err(BuildError::Write(error)) => {
            let path = match to {
                Bindery::Zip(path) | Bindery::Folder(path) | Bindery::Pdf(path) => {
                    path.display().to_string()
                }
                Bindery::Stdout => "-".to_owned(),
            };
            Err(AppError::Write { path, error })
        }
    }
}

struct Job<'a> {
    renderer: &'a Renderer,
    files: &'a dyn Files,
    options: &'a BuildOptions<'a>,
}

impl Job<'_> {
    fn write(&self, dossier: &mut Dossier, to: &Bindery) -> Result<Option<PathBuf>, BuildError> {
        let path = match to {
            Bindery::Stdout => {
                let out = BufWriter::new(io::stdout().lock());
                self.pack(dossier, out)?.flush()?;
                return Ok(None);
            }
            Bindery::Zip(path) => {
                let file = NamedTempFile::new_in(parent(path))?;
                let out = self.pack(dossier, BufWriter::new(file))?;
                let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.as_file().sync_all()?;
                persist(file, path)?;
                path
            }
            Bindery::Pdf(path) => {
                self.renderer.number(dossier, self.files)?;
                let set = match self.options.set {
                    Some(id) => Some(set(dossier, id)?),
                    None => dossier.completeness.sets.first(),
                };
                let bytes = self.renderer.print_set(dossier, set)?;
                let mut file = NamedTempFile::new_in(parent(path))?;
                file.write_all(&bytes)?;
                file.as_file().sync_all()?;
                persist(file, path)?;
                path
            }
            Bindery::Folder(path) => {
                self.fill(dossier, path)?;
                path
            }
        };
        Ok(Some(path.clone()))
    }

    fn pack<W: Write>(&self, dossier: &mut Dossier, out: W) -> Result<W, BuildError> {
        let mut sink = ZipSink::new(out);
        self.renderer.write_dossier(dossier, self.files, &mut sink)?;
        Ok(sink.finish()?)
    }

    /// Fills a folder beside the one whose name it then takes.
    fn fill(&self, dossier: &mut Dossier, path: &Path) -> Result<(), BuildError> {
        // An empty folder may be replaced; anything else is somebody's work.
        if path.exists() && (path.is_file() || fs::read_dir(path)?.next().is_some()) {
            return Err(io::Error::from(io::ErrorKind::AlreadyExists).into());
        }
        let folder = tempfile::Builder::new().prefix(".vanban-").tempdir_in(parent(path))?;
        let mut sink = FolderSink(folder.path());
        self.renderer.write_dossier(dossier, self.files, &mut sink)?;
        #[cfg(unix)]
        fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        if path.exists() {
            fs::remove_dir(path)?;
        }
        fs::rename(folder.path(), path)?;
        // It has another name now: there is nothing to clean up.
        let _ = folder.keep();
        Ok(())
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

/// A folder, filled file by file.
struct FolderSink<'a>(&'a Path);

impl Sink for FolderSink<'_> {
    fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.0.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = fs::File::create(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    }
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn persist(file: NamedTempFile, path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    file.as_file().set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

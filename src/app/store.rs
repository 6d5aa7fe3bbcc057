use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::AppError;
use super::stage::{StagedFolder, clear_beside, staged_file, staged_folder};
use crate::output::Archive;
use crate::pipeline::{Pieces, Sink};

/// Where the documents of a batch or the files of a dossier go: an archive or a folder that takes its name when it
/// is whole.
#[derive(Debug)]
pub(super) struct Store {
    target: PathBuf,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Zip(Box<Archive<BufWriter<NamedTempFile>>>),
    Folder(StagedFolder),
    /// Nothing is kept: the data has errors.
    Nothing,
}

impl Store {
    /// Starts beside the target: an archive if it is called `….zip`, else a folder, which
    /// must not be there or be empty.
    pub fn start(target: &Path) -> Result<Self, AppError> {
        let is_zip = target.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"));
        let kind = if is_zip {
            let file = staged_file(target).map_err(|error| failed(target, error))?;
            clear_beside(file.path());
            Kind::Zip(Box::new(Archive::new(BufWriter::new(file))))
        } else {
            if target.is_file() || fs::read_dir(target).is_ok_and(|mut all| all.next().is_some()) {
                return Err(AppError::NotEmpty(target.display().to_string()));
            }
            let folder = staged_folder(target).map_err(|error| failed(target, error))?;
            clear_beside(folder.path());
            Kind::Folder(folder)
        };
        Ok(Self { target: target.to_owned(), kind })
    }

    /// A store that keeps nothing.
    pub fn nothing(target: &Path) -> Self {
        Self { target: target.to_owned(), kind: Kind::Nothing }
    }

    /// Adds a file.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), AppError> {
        self.put(name, bytes).map_err(|error| failed(&self.target, error))
    }

    /// Throws away what has been added, and takes no more.
    pub fn forget(&mut self) {
        self.kind = Kind::Nothing;
    }

    /// Gives the archive or folder its name.
    pub fn finish(self) -> Result<(), AppError> {
        let target = &self.target;
        let result = match self.kind {
            Kind::Zip(archive) => finish_zip(*archive, target),
            Kind::Folder(folder) => folder.persist(target),
            Kind::Nothing => Ok(()),
        };
        result.map_err(|error| failed(target, error))
    }
}

impl Sink for Store {
    fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        match &mut self.kind {
            Kind::Zip(archive) => archive.put(path, bytes),
            Kind::Folder(folder) => fs::write(place(folder, path)?, bytes),
            Kind::Nothing => Ok(()),
        }
    }

    fn put_pieces(&mut self, path: &str, most: u64, write: &mut Pieces<'_>) -> io::Result<()> {
        match &mut self.kind {
            Kind::Zip(archive) => archive.put_pieces(path, most, write),
            Kind::Folder(folder) => {
                let mut file = BufWriter::new(fs::File::create(place(folder, path)?)?);
                write(&mut file)?;
                file.flush()
            }
            Kind::Nothing => Ok(()),
        }
    }
}

/// Where a file of a folder lies; the folders above it are there.
fn place(folder: &StagedFolder, path: &str) -> io::Result<PathBuf> {
    let path = folder.path().join(path);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(path)
}

fn finish_zip(archive: Archive<BufWriter<NamedTempFile>>, target: &Path) -> io::Result<()> {
    let mut writer = archive.finish().map_err(io::Error::from)?;
    writer.flush()?;
    let file = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    file.persist(target).map_err(|error| error.error)?;
    Ok(())
}

fn failed(target: &Path, error: io::Error) -> AppError {
    AppError::Write { path: target.display().to_string(), error }
}

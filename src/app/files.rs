use std::fs;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::AppError;
use super::stage::{clear_beside, staged_file};
use crate::input::{FileError, Files, MAX_BYTES};
use crate::pipeline::Pieces;

/// Reads a data file; `-` is standard input. No more is read than a data file
/// may hold, and one byte to tell.
///
/// # Errors
///
/// If the file cannot be read.
pub fn read_input(path: &Path) -> Result<(String, Vec<u8>), AppError> {
    let name =
        if path == Path::new("-") { "<stdin>".to_owned() } else { path.display().to_string() };
    let read = || -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let most = MAX_BYTES as u64 + 1;
        if path == Path::new("-") {
            io::stdin().lock().take(most).read_to_end(&mut bytes)?;
        } else {
            fs::File::open(path)?.take(most).read_to_end(&mut bytes)?;
        }
        Ok(bytes)
    };
    match read() {
        Ok(bytes) => Ok((name, bytes)),
        Err(error) => Err(AppError::Read { path: name, error }),
    }
}

/// The folder of a data file, with the files that the data names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder in which a data file lies; for standard input the current one.
    pub fn of(input: &Path) -> Self {
        let parent = input.parent().filter(|parent| !parent.as_os_str().is_empty());
        Self(parent.unwrap_or(Path::new(".")).to_owned())
    }

    /// A folder by its path.
    pub fn at(folder: &Path) -> Self {
        Self(folder.to_owned())
    }
}

impl Files for Folder {
    fn read(&self, path: &str, most: usize) -> Result<Vec<u8>, FileError> {
        let path = self.0.join(path);
        let read = || -> io::Result<Vec<u8>> {
            // Reading a pipe or a device might never end.
            if !fs::metadata(&path)?.is_file() {
                return Err(io::ErrorKind::NotFound.into());
            }
            let mut bytes = Vec::new();
            fs::File::open(&path)?.take(most as u64 + 1).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        read().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => FileError::Missing,
            _ => FileError::Unreadable(error.to_string()),
        })
    }
}

/// Writes a file whole or not at all: to a temporary file beside it, which then
/// takes its name.
///
/// # Errors
///
/// If the folder cannot be written to; an older file is then left as it was.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), AppError> {
    write_together([(path, bytes)])
}

/// Writes files that belong together, each whole or not at all. None takes its name
/// before all are written, so that a full disk or a folder that is not there leaves
/// the older files as they were.
///
/// # Errors
///
/// If a file cannot be written.
pub fn write_together<'a>(
    files: impl IntoIterator<Item = (&'a Path, &'a [u8])>,
) -> Result<(), AppError> {
    let failed = |path: &Path, error| AppError::Write { path: path.display().to_string(), error };
    let stage = |(path, bytes)| match staged(path, bytes) {
        Ok(file) => Ok((path, file)),
        Err(error) => Err(failed(path, error)),
    };
    let files: Vec<(&Path, NamedTempFile)> =
        files.into_iter().map(stage).collect::<Result<_, _>>()?;
    for (path, file) in files {
        file.persist(path).map_err(|error| failed(path, error.error))?;
    }
    Ok(())
}

/// Writes a file piece by piece, whole or not at all.
///
/// # Errors
///
/// If it cannot be written; what `write` fails with. An older file is then left as it was.
pub fn write_pieces(path: &Path, write: &mut Pieces<'_>) -> Result<(), AppError> {
    let mut written = || -> io::Result<()> {
        let file = staged_file(path)?;
        clear_beside(file.path());
        let mut to = BufWriter::new(file);
        write(&mut to)?;
        let file = to.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    written().map_err(|error| AppError::Write { path: path.display().to_string(), error })
}

/// A temporary file beside the one whose name it will take.
fn staged(path: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let mut file = staged_file(path)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.pdf");
        write_whole(&path, b"one").expect("written");
        write_whole(&path, b"two").expect("written again");
        assert_eq!(fs::read(&path).expect("read"), b"two");
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 1);
        assert!(write_whole(&folder.path().join("no/such/x.pdf"), b"x").is_err());
    }

    #[test]
    fn files_that_belong_together_are_written_together() {
        let folder = tempfile::tempdir().expect("a folder");
        let [pdf, docx] = ["x.pdf", "x.docx"].map(|name| folder.path().join(name));
        fs::create_dir(&docx).expect("something is in the way");
        write_whole(&pdf, b"old").expect("written");
        let files: [(&Path, &[u8]); 2] = [(&pdf, b"new"), (&docx, b"new")];
        assert!(write_together(files).is_err());
        assert_eq!(fs::read(&pdf).expect("read"), b"old");
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 2);
    }
}

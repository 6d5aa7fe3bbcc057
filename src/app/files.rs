use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::AppError;
use crate::input::{FileError, Files, MAX_BYTES};

/// Where a document goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To a file.
    File(PathBuf),
    /// To standard output.
    Stdout,
}

impl Target {
    /// The target of a data file: as asked for (`-` is standard output), or
    /// beside the data file with the extension of the format. What comes from
    /// standard input goes to standard output.
    pub fn new(input: &Path, asked: Option<&Path>, extension: &str) -> Self {
        match asked {
            Some(path) if path == Path::new("-") => Self::Stdout,
            Some(path) => Self::File(path.to_owned()),
            None if input == Path::new("-") => Self::Stdout,
            None => Self::File(input.with_extension(extension)),
        }
    }

    /// The place of one of several documents: `plan.pdf` becomes
    /// `plan.PART.pdf`.
    #[must_use]
    pub fn part(self, part: &str) -> Self {
        let Self::File(path) = self else { return self };
        let extension = path.extension().map(|it| it.to_string_lossy().into_owned());
        let mut name = path.file_stem().unwrap_or_default().to_os_string();
        name.push(format!(".{part}"));
        if let Some(extension) = extension {
            name.push(format!(".{extension}"));
        }
        Self::File(path.with_file_name(name))
    }
}

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
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let write = || -> io::Result<()> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".vanban-");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
        let mut file = builder.tempfile_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    write().map_err(|error| AppError::Write { path: path.display().to_string(), error })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_lies_beside_the_data() {
        let input = Path::new("a/plan.yaml");
        assert_eq!(Target::new(input, None, "pdf"), Target::File("a/plan.pdf".into()));
        assert_eq!(Target::new(input, Some(Path::new("-")), "pdf"), Target::Stdout);
        assert_eq!(Target::new(Path::new("-"), None, "pdf"), Target::Stdout);
        let part = Target::new(Path::new("a.b/plan.v1.yaml"), None, "pdf").part("plan-extract");
        assert_eq!(part, Target::File("a.b/plan.v1.plan-extract.pdf".into()));
    }

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
}

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The files that a data file names: the program reads them from the folder of the
/// data file, a service from what was sent along.
pub trait Files: fmt::Debug + Sync {
    /// Reads the file at a path relative to the data file: parts separated by `/`, none
    /// of them `.` or `..`. It need not give more than `most` bytes and one to tell.
    ///
    /// # Errors
    ///
    /// If there is no such file, or it cannot be read.
    fn read(&self, path: &str, most: usize) -> Result<Vec<u8>, FileError>;

    /// Whether anything is known of files: if not, none of them is missed.
    fn is_known(&self) -> bool {
        true
    }
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// There is no such file.
    #[error("there is no such file")]
    Missing,
    /// It is there and cannot be read; what the system said.
    #[error("{0}")]
    Unreadable(String),
}

/// No files come with the data.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _: &str, _: usize) -> Result<Vec<u8>, FileError> {
        Err(FileError::Missing)
    }

    fn is_known(&self) -> bool {
        false
    }
}

/// Files that came with the data, by their paths.
impl Files for BTreeMap<String, Arc<[u8]>> {
    fn read(&self, path: &str, _: usize) -> Result<Vec<u8>, FileError> {
        self.get(path).map(|bytes| bytes.to_vec()).ok_or(FileError::Missing)
    }
}

/// A path in its shortest form, if it stays in the folder that it starts from.
pub fn inside(path: &str) -> Option<String> {
    if path.starts_with('/') || path.contains(['\\', ':']) || path.contains(char::is_control) {
        return None;
    }
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_leave_the_folder_are_told() {
        for (path, short) in [
            ("a.png", "a.png"),
            ("anh/chữ ký.png", "anh/chữ ký.png"),
            ("./a.png", "a.png"),
            ("anh//../b/./a.png", "b/a.png"),
        ] {
            assert_eq!(inside(path).as_deref(), Some(short), "{path}");
        }
        for path in ["/a.png", "../a.png", "anh/../../a.png", "C:a.png", "..\\a.png", "a\n.png"] {
            assert_eq!(inside(path), None, "{path}");
        }
    }
}

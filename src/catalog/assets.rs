use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;

/// The built-in template folder, compiled in.
#[derive(RustEmbed)]
#[folder = "templates/"]
struct Builtin;

/// The files of the template folder, by path with `/` between the parts.
#[derive(Debug)]
pub struct Assets {
    files: BTreeMap<String, Cow<'static, [u8]>>,
    folder: Option<PathBuf>,
}

/// Why a template file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum AssetError {
    /// The file system said no.
    #[error("cannot read `{}`: {error}", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the file system said.
        error: io::Error,
    },
    /// A file that must be there is not.
    #[error("the template folder has no file `{0}`")]
    Missing(String),
    /// A folder that must hold fonts holds none.
    #[error("folder `{}` holds no font (`.ttf`, `.otf`, `.ttc`)", .0.display())]
    NoFonts(PathBuf),
    /// A file that must be text is not UTF-8.
    #[error("`{0}` is not UTF-8 text")]
    NotText(String),
}

impl Assets {
    /// The compiled-in files alone.
    pub(super) fn builtin() -> Self {
        let files = Builtin::iter()
            .filter_map(|path| Some((path.to_string(), Builtin::get(&path)?.data)))
            .collect();
        Self { files, folder: None }
    }

    /// The compiled-in files, with those of a folder over them.
    pub(super) fn with_folder(folder: &Path) -> Result<Self, AssetError> {
        let mut assets = Self::builtin();
        assets.add(folder, "")?;
        assets.folder = Some(folder.to_owned());
        Ok(assets)
    }

    fn add(&mut self, folder: &Path, prefix: &str) -> Result<(), AssetError> {
        let unreadable = |error| AssetError::Unreadable { path: folder.to_owned(), error };
        for entry in fs::read_dir(folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with('.') {
                continue;
            }
            let path = entry.path();
            if path.is_dir() {
                self.add(&path, &format!("{prefix}{name}/"))?;
            } else {
                let bytes = fs::read(&path)
                    .map_err(|error| AssetError::Unreadable { path: path.clone(), error })?;
                self.files.insert(format!("{prefix}{name}"), Cow::Owned(bytes));
            }
        }
        Ok(())
    }

    /// The user's folder, if one is laid over.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// All paths, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The text of a file.
    ///
    /// # Errors
    ///
    /// If there is no such file or it is not UTF-8.
    pub fn text(&self, path: &str) -> Result<&str, AssetError> {
        let bytes = self.files.get(path).ok_or_else(|| AssetError::Missing(path.to_owned()))?;
        std::str::from_utf8(bytes).map_err(|_| AssetError::NotText(path.to_owned()))
    }

    /// The files below a folder, with their bytes.
    pub fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a [u8])> {
        self.files
            .iter()
            .filter(move |(path, _)| path.starts_with(folder))
            .map(|(path, bytes)| (path.as_str(), &**bytes))
    }
}

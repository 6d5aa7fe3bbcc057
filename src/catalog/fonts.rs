use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::AssetError;
use crate::base::Digest;

/// The fonts that a document may use, in the order in which they are tried.
#[derive(Debug, Clone)]
pub struct FontSet {
    files: Vec<Arc<FontFile>>,
}

/// A font file.
#[derive(Debug)]
pub struct FontFile {
    /// The file name.
    pub name: String,
    /// Where it comes from.
    pub source: FontSource,
    /// Its bytes.
    pub bytes: std::borrow::Cow<'static, [u8]>,
}

/// Where a font comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FontSource {
    /// Shipped with the program.
    Shipped,
    /// Given by the user with `--font-dir`.
    User,
}

macro_rules! shipped {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_bytes!(concat!("../../fonts/", $name)).as_slice())),+]
    };
}

/// The shipped files: four styles of text and one font for boxes and ticks.
static SHIPPED: [(&str, &[u8]); 5] = shipped![
    "LiberationSerif-Regular.ttf",
    "LiberationSerif-Bold.ttf",
    "LiberationSerif-Italic.ttf",
    "LiberationSerif-BoldItalic.ttf",
    "DejaVuSans.ttf",
];

impl FontSet {
    /// The shipped fonts. System fonts are never used: a document must not
    /// depend on the machine.
    pub fn shipped() -> Self {
        let file = |(name, bytes): &(&str, &'static [u8])| {
            Arc::new(FontFile {
                name: (*name).to_owned(),
                source: FontSource::Shipped,
                bytes: (*bytes).into(),
            })
        };
        Self { files: SHIPPED.iter().map(file).collect() }
    }

    /// The shipped fonts, with those of a folder tried before them.
    ///
    /// # Errors
    ///
    /// If the folder or a font in it cannot be read, or it holds no font.
    pub fn with_folder(folder: &Path) -> Result<Self, AssetError> {
        let unreadable = |path: &Path, error| AssetError::Unreadable { path: path.into(), error };
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder).map_err(|error| unreadable(folder, error))? {
            let path = entry.map_err(|error| unreadable(folder, error))?.path();
            let extension = path.extension().and_then(|extension| extension.to_str());
            if extension.is_some_and(|extension| {
                ["ttf", "otf", "ttc"].contains(&extension.to_ascii_lowercase().as_str())
            }) {
                paths.push(path);
            }
        }
        if paths.is_empty() {
            return Err(AssetError::NoFonts(folder.to_owned()));
        }
        paths.sort();
        let mut files = Vec::new();
        for path in paths {
            files.push(Arc::new(FontFile {
                name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
                source: FontSource::User,
                bytes: fs::read(&path).map_err(|error| unreadable(&path, error))?.into(),
            }));
        }
        files.extend(Self::shipped().files);
        Ok(Self { files })
    }

    /// The files, in the order in which they are tried.
    pub fn files(&self) -> &[Arc<FontFile>] {
        &self.files
    }
}

impl FontFile {
    /// The SHA-256 of the file.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.bytes)
    }
}

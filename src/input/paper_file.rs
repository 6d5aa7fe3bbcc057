use super::files::inside;
use super::{FileError, Files};
use crate::base::Bilingual;

/// The endings that files of papers from outside may have.
pub const PAPER_ENDINGS: [&str; 6] = ["pdf", "jpg", "jpeg", "png", "tif", "tiff"];

/// Why the file of a paper from outside cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaperFileError {
    /// Its path leaves the folder of the data file.
    #[error("the path leaves the folder of the data file")]
    Outside,
    /// Its name does not end as it must.
    #[error("the name must end in .pdf, .jpg, .jpeg, .png, .tif or .tiff")]
    Ending,
    /// It cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
}

impl PaperFileError {
    /// The message in both languages.
    pub fn message(&self) -> Bilingual {
        let vi = match self {
            Self::Outside => "đường dẫn ra ngoài thư mục của tệp hồ sơ".to_owned(),
            Self::Ending => {
                "tên tệp phải có đuôi .pdf, .jpg, .jpeg, .png, .tif hoặc .tiff".to_owned()
            }
            Self::File(FileError::Missing) => "không có tệp này".to_owned(),
            Self::File(FileError::Unreadable(detail)) => format!("không đọc được: {detail}"),
        };
        Bilingual::new(vi, self.to_string())
    }
}

/// Whether a paper from outside is there: the path in its shortest form. What is in the
/// file is not looked at.
///
/// # Errors
///
/// Why it cannot be used.
pub fn paper_file(path: &str, files: &dyn Files) -> Result<String, PaperFileError> {
    let path = inside(path).ok_or(PaperFileError::Outside)?;
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    if !ending.is_some_and(|ending| PAPER_ENDINGS.contains(&ending.as_str())) {
        return Err(PaperFileError::Ending);
    }
    // A few bytes tell that it can be read.
    files.read(&path, 16)?;
    Ok(path)
}

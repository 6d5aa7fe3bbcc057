use std::io;

use super::KeyError;
use crate::base::Bilingual;
use crate::catalog::{AssetError, CatalogError};
use crate::output::OutputError;
use crate::store::StoreError;

/// An operation that failed; nothing that the user can mend in the data.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// A file could not be read.
    #[error("cannot read `{path}`: {error}")]
    Read {
        /// The file.
        path: String,
        /// What the system said.
        error: io::Error,
    },
    /// A file could not be written; nothing was left half-written.
    #[error("cannot write `{path}`: {error}")]
    Write {
        /// The file.
        path: String,
        /// What the system said.
        error: io::Error,
    },
    /// Several documents cannot go to one place.
    #[error(
        "{count} documents cannot go to standard output; choose one with `--option {option}=…`"
    )]
    OnePlace {
        /// How many there are.
        count: usize,
        /// The option that makes several.
        option: String,
    },
    /// Several files of one document cannot go to one place.
    #[error(
        "{0} files cannot go to standard output; choose one format that is a single file (pdf, docx, html, txt) or name a file with `-o OUT`"
    )]
    OneFile(usize),
    /// The document would take the place of its own data.
    #[error("`{0}` is the data file; name another place with `-o OUT`")]
    OverData(String),
    /// Some of several documents were not made; the others were.
    #[error("{} of {count} documents were not made: {}", failed.len(), failed.join("; "))]
    Some {
        /// How many were asked for.
        count: usize,
        /// The files that were not written, with the reason where it is known.
        failed: Vec<String>,
    },
    /// The folder for several documents holds other files.
    #[error("`{0}` holds other files; name a new folder, or an archive `….zip`, with `-o OUT`")]
    NotEmpty(String),
    /// The workers of a batch could not start.
    #[error("the batch could not start: {}", .0.en)]
    NotReady(Bilingual),
    /// A record of a batch could not be made, for no fault of the data.
    #[error("record {number} could not be made: {}", message.en)]
    Record {
        /// Its row, or its place in the list, from 1.
        number: u32,
        /// Why.
        message: Bilingual,
    },
    /// The settings of the service could not be used.
    #[error("cannot use the settings in `{path}`: {reason}")]
    Config {
        /// The file.
        path: String,
        /// Why, with its place.
        reason: String,
    },
    /// The service could not listen.
    #[error("cannot listen on {address}: {error}")]
    Listen {
        /// Where.
        address: std::net::SocketAddr,
        /// What the system said.
        error: io::Error,
    },
    /// No rule has the code.
    #[error("there is no code `{code}`; `vanban explain` lists them{}", near.as_ref().map(|near| format!(" (did you mean `{near}`?)")).unwrap_or_default())]
    UnknownCode {
        /// The code asked for.
        code: String,
        /// The nearest code, if one is near.
        near: Option<String>,
    },
    /// No folder was named for what lasts, and the system has none.
    #[error("this user has no folder for data; name one with `--data-dir DIR`")]
    NoDataFolder,
    /// A key could not be made or revoked.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The store could not do what was asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The template folder could not be used.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// The font folder could not be used.
    #[error(transparent)]
    Fonts(#[from] AssetError),
    /// A format could not be written.
    #[error(transparent)]
    Output(#[from] OutputError),
}

impl AppError {
    /// The message in both languages. What the system or a library said stays as
    /// it was said.
    pub fn message(&self) -> Bilingual {
        let vi = match self {
            Self::Read { path, error } => format!("không đọc được `{path}`: {error}"),
            Self::Write { path, error } => format!("không ghi được `{path}`: {error}"),
            Self::OnePlace { count, option } => format!(
                "không in được {count} văn bản ra đầu ra chuẩn; chọn một bằng `--option {option}=…`"
            ),
            Self::OneFile(count) => format!(
                "không in được {count} tệp ra đầu ra chuẩn; chọn một định dạng chỉ có một tệp (pdf, docx, html, txt) hoặc ghi ra tệp bằng `-o OUT`"
            ),
            Self::OverData(path) => {
                format!("`{path}` là tệp dữ liệu; ghi ra chỗ khác bằng `-o OUT`")
            }
            Self::Some { count, failed } => format!(
                "không tạo được {} trong {count} văn bản: {}",
                failed.len(),
                failed.join("; ")
            ),
            Self::NotEmpty(path) => format!(
                "`{path}` đã có tệp khác; chọn thư mục mới hoặc tệp nén `….zip` bằng `-o OUT`"
            ),
            Self::NotReady(message) => format!("không bắt đầu được: {}", message.vi),
            Self::Record { number, message } => {
                format!("không tạo được văn bản của dòng {number}: {}", message.vi)
            }
            Self::Config { path, reason } => {
                format!("không dùng được cấu hình trong `{path}`: {reason}")
            }
            Self::Listen { address, error } => format!("không lắng nghe được ở {address}: {error}"),
            Self::UnknownCode { code, near } => {
                let near = near.as_ref().map(|near| format!(" (có phải `{near}`?)"));
                format!("không có mã `{code}`{}; xem `vanban explain`", near.unwrap_or_default())
            }
            Self::NoDataFolder => {
                "người dùng này không có thư mục dữ liệu; chọn bằng `--data-dir DIR`".to_owned()
            }
            Self::Key(error) => return error.message(),
            Self::Store(error) => return error.message(),
            Self::Catalog(CatalogError::Unknown { id, near }) => {
                let near = near.as_ref().map(|near| format!(" (có phải `{near}`?)"));
                format!("không có mẫu `{id}`{}; xem `vanban templates`", near.unwrap_or_default())
            }
            Self::Catalog(error) => format!("không dùng được thư mục mẫu: {error}"),
            Self::Fonts(error) => format!("không dùng được thư mục phông chữ: {error}"),
            Self::Output(error) => format!("không tạo được văn bản: {error}"),
        };
        Bilingual::new(vi, self.to_string())
    }
}

use std::io;

use crate::base::Bilingual;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder or the file cannot be made or used.
    #[error("cannot use the data folder `{path}`: {error}")]
    Folder {
        /// The folder or the file in it.
        path: String,
        /// What the system said.
        error: io::Error,
    },
    /// Everybody could put a database of their own there.
    #[error(
        "everybody may write in the data folder `{0}`; take the permission away or name another folder with `--data-dir`"
    )]
    Exposed(String),
    /// There is no database.
    #[error(
        "there is no data in `{0}`; `vanban key create` and `vanban serve` make it, and `--data-dir` names another folder"
    )]
    Absent(String),
    /// The file is something else.
    #[error("`{0}` is not a database of vanban")]
    Foreign(String),
    /// A newer program has made it.
    #[error(
        "`{path}` was made by a newer vanban (its data has version {found}, this program knows {known}); use that program"
    )]
    Newer {
        /// The file.
        path: String,
        /// Its version.
        found: i64,
        /// The newest version that is known.
        known: i64,
    },
    /// A living key has the name.
    #[error("there is a key `{0}` already; revoke it or choose another name")]
    NameTaken(String),
    /// Another process has kept the database locked.
    #[error("the database is locked by another process")]
    Busy,
    /// The database holds what this program has not written.
    #[error("the database holds values that this program cannot read")]
    Damaged,
    /// What the database said.
    #[error("the database failed: {0}")]
    Database(sqlx::Error),
}

impl StoreError {
    /// The message in both languages. What the system or the database said stays as it
    /// was said.
    pub fn message(&self) -> Bilingual {
        let vi = match self {
            Self::Folder { path, error } => {
                format!("không dùng được thư mục dữ liệu `{path}`: {error}")
            }
            Self::Exposed(path) => format!(
                "ai cũng ghi được vào thư mục dữ liệu `{path}`; bỏ quyền đó hoặc chọn thư mục khác bằng `--data-dir`"
            ),
            Self::Absent(path) => format!(
                "không có dữ liệu trong `{path}`; `vanban key create` và `vanban serve` tạo ra nó, `--data-dir` chọn thư mục khác"
            ),
            Self::Foreign(path) => format!("`{path}` không phải cơ sở dữ liệu của vanban"),
            Self::Newer { path, found, known } => format!(
                "`{path}` do bản vanban mới hơn tạo (dữ liệu phiên bản {found}, chương trình này biết đến {known}); hãy dùng bản đó"
            ),
            Self::NameTaken(name) => {
                format!("đã có khóa tên `{name}`; thu hồi khóa đó hoặc chọn tên khác")
            }
            Self::Busy => "cơ sở dữ liệu đang bị tiến trình khác khóa".to_owned(),
            Self::Damaged => {
                "cơ sở dữ liệu có giá trị mà chương trình này không đọc được".to_owned()
            }
            Self::Database(error) => format!("cơ sở dữ liệu báo lỗi: {error}"),
        };
        Bilingual::new(vi, self.to_string())
    }

    /// Whether the file is no database at all.
    pub(super) fn is_no_database(&self) -> bool {
        matches!(self, Self::Database(error) if primary_code(error) == Some(26))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        // SQLITE_BUSY, SQLITE_LOCKED
        let locked = matches!(primary_code(&error), Some(5 | 6));
        if locked || matches!(error, sqlx::Error::PoolTimedOut) {
            return Self::Busy;
        }
        if let sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) = error {
            return Self::Damaged;
        }
        Self::Database(error)
    }
}

/// SQLite's code without its details.
fn primary_code(error: &sqlx::Error) -> Option<u32> {
    let code = error.as_database_error()?.code()?;
    code.parse::<u32>().ok().map(|code| code & 0xFF)
}

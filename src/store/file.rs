//! The folder, its file, and the versions of what is in it.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io;
use std::path::Path;

use sqlx::{SqliteConnection, SqlitePool};

use super::StoreError;

/// The name of the database in the data folder.
pub const FILE: &str = "vanban.db";

/// `vanb`: tells our databases from those of other programs.
const APPLICATION: i64 = 0x7661_6E62;

/// What brings a database from a version to the next, from an empty one on. Each sets
/// `user_version` itself.
const VERSIONS: [&str; 1] = [include_str!("schema/1.sql")];

/// The version that this program writes.
const KNOWN: i64 = 1;

const _: () = assert!(VERSIONS.len() == 1 && KNOWN == 1, "each version has its step");

/// Makes what is missing. A folder that is there keeps its permissions; the database is
/// for its owner alone, and SQLite gives the files beside it the permissions it has.
pub(super) fn prepare(folder: &Path) -> Result<(), StoreError> {
    let failed =
        |path: &Path, error| StoreError::Folder { path: path.display().to_string(), error };
    make_folder(folder).map_err(|error| failed(folder, error))?;
    if everybody_writes(folder).map_err(|error| failed(folder, error))? {
        return Err(StoreError::Exposed(folder.display().to_string()));
    }
    let path = folder.join(FILE);
    make_file(&path).map_err(|error| failed(&path, error))
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(unix)]
fn everybody_writes(folder: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(fs::metadata(folder)?.permissions().mode() & 0o002 != 0)
}

#[cfg(not(unix))]
fn everybody_writes(_: &Path) -> io::Result<bool> {
    Ok(false)
}

fn make_file(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if metadata.permissions().mode() & 0o077 != 0 {
            file.set_permissions(fs::Permissions::from_mode(0o600))?;
        }
    }
    Ok(())
}

/// Makes the tables, or brings those of an older version up to date, in one step that
/// happens whole or not at all.
pub(super) async fn bring_up_to_date(pool: &SqlitePool, path: &Path) -> Result<(), StoreError> {
    match migrate(pool, path).await {
        Err(error) if error.is_no_database() => {
            Err(StoreError::Foreign(path.display().to_string()))
        }
        result => result,
    }
}

async fn migrate(pool: &SqlitePool, path: &Path) -> Result<(), StoreError> {
    // In a transaction: what is read belongs together.
    let mut look = pool.begin().await?;
    let found = version(&mut look, path).await?;
    look.rollback().await?;
    // Readers and the writer do not wait for each other; a process that is killed loses
    // nothing that was told to be done.
    sqlx::query("PRAGMA journal_mode = WAL").execute(pool).await?;
    if found == KNOWN {
        return Ok(());
    }
    let mut change = pool.begin_with("BEGIN IMMEDIATE").await?;
    // Another process may have been quicker.
    let found = version(&mut change, path).await?;
    for step in VERSIONS.iter().skip(usize::try_from(found).unwrap_or_default()) {
        sqlx::raw_sql(*step).execute(&mut *change).await?;
    }
    change.commit().await?;
    Ok(())
}

/// The version of the tables, 0 where there are none.
async fn version(connection: &mut SqliteConnection, path: &Path) -> Result<i64, StoreError> {
    let number = async |query: &'static str, connection: &mut SqliteConnection| {
        sqlx::query_scalar::<_, i64>(query).fetch_one(connection).await
    };
    let application = number("PRAGMA application_id", connection).await?;
    let found = number("PRAGMA user_version", connection).await?;
    let tables = number("SELECT count(*) FROM sqlite_schema", connection).await?;
    let path = || path.display().to_string();
    if application != APPLICATION && (application, found, tables) != (0, 0, 0) {
        return Err(StoreError::Foreign(path()));
    }
    if !(0..=KNOWN).contains(&found) {
        return Err(StoreError::Newer { path: path(), found, known: KNOWN });
    }
    Ok(found)
}

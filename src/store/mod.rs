//! What lasts between runs, in one SQLite file: keys of callers, the access log,
//! requests that may come again.
//!
//! Nothing here looks at the clock or makes random numbers: both come in as values.
//! No case data is stored, only hashes of it.

mod access;
mod error;
mod file;
mod idempotency;
mod keys;
mod secret;

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, SqlitePool};

pub use access::{Access, AccessFilter, Logged};
pub use error::StoreError;
pub use file::FILE;
pub use idempotency::{Attempt, Begun, FirstAnswer, REMEMBERED, Ticket};
pub use keys::{ApiKey, KeyLimits, KeyName, KeyState, NameFault, NewKey, Presented, Scope, Scopes};
pub use secret::Secret;

/// How long a process waits for another one that writes.
const PATIENCE: Duration = Duration::from_secs(5);

/// Readers at the same time; they do not wait for the writer.
const READERS: u32 = 4;

/// How often opening is tried while another process opens the same file.
const TRIES: u32 = 100;

/// The open database. Cloning it is cheap, and the clones are one store.
#[derive(Debug, Clone)]
pub struct Store {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl Store {
    /// Opens the database of a folder, and makes both where they are missing: the
    /// folder for its owner alone (0700), as the file (0600). A database of an older
    /// version is brought up to date.
    ///
    /// # Errors
    ///
    /// If the folder cannot be used or may be written by everybody, if its database is
    /// that of another program or of a newer version, or if another process keeps it
    /// locked.
    pub async fn open(folder: &Path) -> Result<Self, StoreError> {
        file::prepare(folder)?;
        let mut tries = 0;
        loop {
            match Self::try_open(folder).await {
                Err(StoreError::Busy) if tries < TRIES => {
                    tries += 1;
                    tokio::time::sleep(PATIENCE / TRIES).await;
                }
                result => return result,
            }
        }
    }

    /// Opens a database that must be there.
    ///
    /// # Errors
    ///
    /// As [`Store::open`]; and [`StoreError::Absent`] if the folder holds none.
    pub async fn open_existing(folder: &Path) -> Result<Self, StoreError> {
        if folder.join(FILE).is_file() {
            Self::open(folder).await
        } else {
            Err(StoreError::Absent(folder.display().to_string()))
        }
    }

    async fn try_open(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(FILE);
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(PATIENCE)
            .disable_statement_logging();
        let pool = |connections| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(2 * PATIENCE)
                .idle_timeout(None)
                .max_lifetime(None)
                .test_before_acquire(false)
        };
        let writer = pool(1).connect_lazy_with(options.clone());
        if let Err(error) = file::bring_up_to_date(&writer, &path).await {
            writer.close().await;
            return Err(error);
        }
        let readers = pool(READERS).connect_lazy_with(options.pragma("query_only", "on"));
        Ok(Self { writer, readers })
    }

    /// Closes the database, with everything in its file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// A time as the database holds it.
fn millis(time: DateTime<Utc>) -> i64 {
    time.timestamp_millis()
}

/// A time that the database holds.
fn time(millis: i64) -> Result<DateTime<Utc>, StoreError> {
    DateTime::from_timestamp_millis(millis).ok_or(StoreError::Damaged)
}

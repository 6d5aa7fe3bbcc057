use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row as _, SqliteConnection};

use super::{ApiKey, Store, StoreError, millis, time};

/// How coarsely the last use of a key is kept.
const HOUR: i64 = 60 * 60 * 1000;
/// How many entries a statement adds; the statement of each number is kept ready.
const ROWS: usize = 16;

/// A request and its answer, as the access log keeps them: who, when, what, how it
/// ended. Nothing of the data but its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// When it came.
    pub at: DateTime<Utc>,
    /// The id of the request.
    pub request: String,
    /// The id of the key, if it had one that was made here.
    pub key: Option<String>,
    /// The name of the key; for requests without one what they are called.
    pub caller: String,
    /// `GET`, `POST`.
    pub method: String,
    /// The pattern of the route, such as `/api/v1/documents/{template}`; never the path.
    pub route: String,
    /// The template or the procedure.
    pub subject: Option<String>,
    /// The hash of the data.
    pub data: Option<String>,
    /// The status of the answer.
    pub status: u16,
    /// How it ended, in a word.
    pub outcome: String,
    /// The length of the answer's body.
    pub bytes: u64,
    /// How long it took.
    pub milliseconds: u64,
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// Its number: entries are numbered from 1 as they are written, without a gap.
    pub number: i64,
    /// What it says.
    pub access: Access,
}

/// Which entries to read.
#[derive(Debug, Clone, Default)]
pub struct AccessFilter {
    /// Not before this time.
    pub since: Option<DateTime<Utc>>,
    /// Before this time.
    pub until: Option<DateTime<Utc>>,
    /// Only of the caller with this name, or of the key with this id.
    pub caller: Option<String>,
}

impl Store {
    /// Adds entries to the log, all or none, and notes the hour of the last use of their
    /// living keys. Nothing changes or removes them again: triggers of the database refuse it.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn append(&self, entries: &[Access]) -> Result<(), StoreError> {
        if entries.is_empty() {
            return Ok(());
        }
        let mut uses = BTreeMap::new();
        for entry in entries {
            if let Some(key) = &entry.key {
                let hour = hour(entry.at);
                let last = uses.entry(key).or_insert(hour);
                *last = hour.max(*last);
            }
        }
        let mut change = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        // Each statement goes to another thread and back: there are few of them.
        for rows in entries.chunks(ROWS) {
            insert(rows, &mut change).await?;
        }
        for (key, hour) in uses {
            use_key(key, hour, &mut change).await?;
        }
        change.commit().await?;
        Ok(())
    }

    /// Notes the hour of the last use of a living key, for what is not logged.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn touch(&self, key: &ApiKey, at: DateTime<Utc>) -> Result<(), StoreError> {
        if key.used.is_some_and(|used| millis(used) >= hour(at)) {
            return Ok(());
        }
        use_key(&key.id, hour(at), &mut *self.writer.acquire().await?).await
    }

    /// Reads entries in the order of their numbers: those after a number, and no more
    /// than so many. Whoever wants all asks again after the last one.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn accesses(
        &self,
        filter: &AccessFilter,
        after: i64,
        most: u32,
    ) -> Result<Vec<Logged>, StoreError> {
        let rows = sqlx::query(
            "SELECT * FROM access WHERE number > ?1
             AND (?2 IS NULL OR at >= ?2) AND (?3 IS NULL OR at < ?3)
             AND (?4 IS NULL OR caller = ?4 OR key = ?4)
             ORDER BY number LIMIT ?5",
        )
        .bind(after)
        .bind(filter.since.map(millis))
        .bind(filter.until.map(millis))
        .bind(&filter.caller)
        .bind(i64::from(most))
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(read).collect()
    }
}

async fn insert(rows: &[Access], connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let mut statement = QueryBuilder::new(
        "INSERT INTO access (at, request, key, caller, method, route, subject, data,
            status, outcome, bytes, milliseconds) ",
    );
    statement.push_values(rows, |mut row, entry| {
        row.push_bind(millis(entry.at))
            .push_bind(&entry.request)
            .push_bind(&entry.key)
            .push_bind(&entry.caller)
            .push_bind(&entry.method)
            .push_bind(&entry.route)
            .push_bind(&entry.subject)
            .push_bind(&entry.data)
            .push_bind(i64::from(entry.status))
            .push_bind(&entry.outcome)
            .push_bind(i64::try_from(entry.bytes).unwrap_or(i64::MAX))
            .push_bind(i64::try_from(entry.milliseconds).unwrap_or(i64::MAX));
    });
    statement.build().execute(connection).await?;
    Ok(())
}

/// The beginning of the hour.
fn hour(at: DateTime<Utc>) -> i64 {
    millis(at).div_euclid(HOUR) * HOUR
}

async fn use_key(id: &str, hour: i64, connection: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE keys SET used = ?2 WHERE id = ?1 AND (used IS NULL OR used < ?2)
         AND revoked IS NULL AND (expires IS NULL OR expires > ?2)",
    )
    .bind(id)
    .bind(hour)
    .execute(connection)
    .await?;
    Ok(())
}

fn read(row: &SqliteRow) -> Result<Logged, StoreError> {
    let number = |column: &str| -> Result<u64, StoreError> {
        u64::try_from(row.try_get::<i64, _>(column)?).map_err(|_| StoreError::Damaged)
    };
    let access = Access {
        at: time(row.try_get("at")?)?,
        request: row.try_get("request")?,
        key: row.try_get("key")?,
        caller: row.try_get("caller")?,
        method: row.try_get("method")?,
        route: row.try_get("route")?,
        subject: row.try_get("subject")?,
        data: row.try_get("data")?,
        status: u16::try_from(number("status")?).map_err(|_| StoreError::Damaged)?,
        outcome: row.try_get("outcome")?,
        bytes: number("bytes")?,
        milliseconds: number("milliseconds")?,
    };
    Ok(Logged { number: row.try_get("number")?, access })
}

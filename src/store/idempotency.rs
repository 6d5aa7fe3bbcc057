use chrono::{DateTime, TimeDelta, Utc};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::{Store, StoreError, millis, time};
use crate::base::Digest;

/// How long a request is remembered.
pub const REMEMBERED: TimeDelta = TimeDelta::hours(24);

/// A request that its caller may send again. Nothing of the request or of its answer is
/// stored: documents are made alike from the same data at the same moment, so the
/// moment is enough.
#[derive(Debug, Clone, Copy)]
pub struct Attempt<'a> {
    /// The id of the caller's key, or what callers without one are called.
    pub caller: &'a str,
    /// The hash of the `Idempotency-Key`.
    pub key: Digest,
    /// The hash of everything that the answer depends on.
    pub fingerprint: Digest,
}

/// What to do with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// Answer it, as of the moment of the ticket.
    First(Ticket),
    /// It was answered before: answer it again, as of that moment.
    Again(FirstAnswer),
    /// The same request is being answered.
    Running,
    /// The caller used the same key for another request.
    Other,
}

/// The right to answer a request: to be given back by [`Store::finish`] or
/// [`Store::release`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// The moment that the answer is as of.
    pub moment: DateTime<Utc>,
    caller: String,
    key: String,
    attempt: i64,
}

/// How a request was answered first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstAnswer {
    /// The moment that the answer is as of.
    pub moment: DateTime<Utc>,
    /// Its status.
    pub status: u16,
    /// Its `ETag`.
    pub etag: Option<String>,
}

impl Store {
    /// Notes that a request came, unless it came before. One that was begun `patience`
    /// ago or longer and never finished counts as lost: its process died.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn begin(
        &self,
        attempt: &Attempt<'_>,
        now: DateTime<Utc>,
        patience: TimeDelta,
    ) -> Result<Begun, StoreError> {
        let key = attempt.key.to_string();
        let mut change = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let row = sqlx::query("SELECT * FROM requests WHERE caller = ?1 AND key = ?2")
            .bind(attempt.caller)
            .bind(&key)
            .fetch_optional(&mut *change)
            .await?;
        let known = row.as_ref().map(Known::read).transpose()?;
        let known = known.filter(|known| now - known.moment < REMEMBERED);
        let (moment, number) = match known {
            Some(known) if known.fingerprint != attempt.fingerprint.to_string() => {
                return Ok(Begun::Other);
            }
            Some(known) => match known.answer {
                Some(answer) => return Ok(Begun::Again(answer)),
                None if now - known.begun < patience => return Ok(Begun::Running),
                None => (known.moment, known.attempt + 1),
            },
            None => (now, 1),
        };
        sqlx::query(
            "INSERT OR REPLACE INTO requests (caller, key, fingerprint, moment, begun, attempt)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )
        .bind(attempt.caller)
        .bind(&key)
        .bind(attempt.fingerprint.to_string())
        .bind(millis(moment))
        .bind(millis(now))
        .bind(number)
        .execute(&mut *change)
        .await?;
        change.commit().await?;
        let moment = time(millis(moment))?;
        Ok(Begun::First(Ticket { moment, caller: attempt.caller.to_owned(), key, attempt: number }))
    }

    /// Notes how a request was answered. A ticket that was lost in the meantime notes
    /// nothing.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn finish(
        &self,
        ticket: &Ticket,
        status: u16,
        etag: Option<&str>,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE requests SET status = ?4, etag = ?5
             WHERE caller = ?1 AND key = ?2 AND attempt = ?3",
        )
        .bind(&ticket.caller)
        .bind(&ticket.key)
        .bind(ticket.attempt)
        .bind(i64::from(status))
        .bind(etag)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Forgets a request that got no answer worth remembering.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn release(&self, ticket: &Ticket) -> Result<(), StoreError> {
        sqlx::query(
            "DELETE FROM requests
             WHERE caller = ?1 AND key = ?2 AND attempt = ?3 AND status IS NULL",
        )
        .bind(&ticket.caller)
        .bind(&ticket.key)
        .bind(ticket.attempt)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Counts requests that are not finished as lost. For a service that has just
    /// started: whoever had begun them is gone.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn lose_unfinished(&self) -> Result<(), StoreError> {
        sqlx::query("UPDATE requests SET begun = 0 WHERE status IS NULL")
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Forgets the requests that are no longer remembered, and says how many they were.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn forget(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let done = sqlx::query("DELETE FROM requests WHERE moment <= ?1")
            .bind(millis(now - REMEMBERED))
            .execute(&self.writer)
            .await?;
        Ok(done.rows_affected())
    }
}

/// A request that came before.
struct Known {
    fingerprint: String,
    moment: DateTime<Utc>,
    begun: DateTime<Utc>,
    attempt: i64,
    answer: Option<FirstAnswer>,
}

impl Known {
    fn read(row: &SqliteRow) -> Result<Self, StoreError> {
        let moment = time(row.try_get("moment")?)?;
        let answer = match row.try_get::<Option<i64>, _>("status")? {
            Some(status) => Some(FirstAnswer {
                moment,
                status: u16::try_from(status).map_err(|_| StoreError::Damaged)?,
                etag: row.try_get("etag")?,
            }),
            None => None,
        };
        Ok(Self {
            fingerprint: row.try_get("fingerprint")?,
            moment,
            begun: time(row.try_get("begun")?)?,
            attempt: row.try_get("attempt")?,
            answer,
        })
    }
}

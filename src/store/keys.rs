use std::fmt;
use std::num::NonZeroU32;

use chrono::{DateTime, Utc};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;
use subtle::ConstantTimeEq as _;
use unicode_normalization::UnicodeNormalization as _;

use super::secret::is_id;
use super::{Secret, Store, StoreError, millis, time};

/// A part of the service that a key opens. None includes another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Documents and batches, and checks of their data.
    Render,
    /// Dossiers and checks of them.
    Dossier,
    /// Figures of the running service.
    Admin,
}

impl Scope {
    /// All scopes, in the order in which they are listed.
    pub const ALL: [Self; 3] = [Self::Render, Self::Dossier, Self::Admin];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Render => "render",
            Self::Dossier => "dossier",
            Self::Admin => "admin",
        }
    }

    /// The scope of a name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }
}

/// What a key opens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scopes(u8);

impl Scopes {
    /// Every scope.
    pub fn all() -> Self {
        Scope::ALL.into_iter().collect()
    }

    /// Whether the scope is one of them.
    pub fn has(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u8) != 0
    }

    /// The scopes, each once, in the order of [`Scope::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.has(*scope))
    }

    fn read(text: &str) -> Result<Self, StoreError> {
        text.split(',').map(|name| Scope::of_name(name).ok_or(StoreError::Damaged)).collect()
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |all, scope| all | 1 << scope as u8))
    }
}

impl fmt::Display for Scopes {
    /// The names with commas.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.iter().map(Scope::name).collect();
        f.write_str(&names.join(","))
    }
}

/// What a caller is called: a short line of letters, digits and few signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyName(String);

/// Why a text is no name of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameFault {
    /// There is nothing in it.
    Empty,
    /// It is longer than [`KeyName::LONGEST`].
    Long,
    /// It does not begin with a letter or a digit.
    Start,
    /// A character that names do not have.
    Character(char),
    /// It is an id, or what requests without a key are called.
    Reserved,
}

impl KeyName {
    /// The most characters.
    pub const LONGEST: usize = 64;

    /// The signs that a name may have beside letters and digits.
    pub const SIGNS: &'static str = " -_./(),&'";

    /// What a request without a key is called in the log.
    pub const LOCAL: &'static str = "local";

    /// Reads a name. Blanks around it are dropped, and letters are composed, so that
    /// names that look alike are alike.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong with it.
    pub fn new(text: &str) -> Result<Self, NameFault> {
        let name: String = text.trim().nfc().collect();
        let first = name.chars().next().ok_or(NameFault::Empty)?;
        let wanted = |c: &char| c.is_alphanumeric() || Self::SIGNS.contains(*c);
        if let Some(wrong) = name.chars().find(|c| !wanted(c)) {
            return Err(NameFault::Character(wrong));
        }
        if !first.is_alphanumeric() {
            return Err(NameFault::Start);
        }
        if name.chars().count() > Self::LONGEST {
            return Err(NameFault::Long);
        }
        if is_id(&name) || name.eq_ignore_ascii_case(Self::LOCAL) {
            return Err(NameFault::Reserved);
        }
        Ok(Self(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How much a caller may ask; none: as much as the service allows everybody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KeyLimits {
    /// Requests in a minute.
    pub rate: Option<NonZeroU32>,
    /// Requests at the same time.
    pub concurrent: Option<NonZeroU32>,
}

/// A key to be made.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// Whose it is.
    pub name: KeyName,
    /// What it opens.
    pub scopes: Scopes,
    /// From when on it is no longer good.
    pub expires: Option<DateTime<Utc>>,
    /// How much it may ask.
    pub limits: KeyLimits,
}

/// A key, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its public part.
    pub id: String,
    /// Whose it is.
    pub name: String,
    /// What it opens.
    pub scopes: Scopes,
    /// How much it may ask.
    pub limits: KeyLimits,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// From when on it is no longer good.
    pub expires: Option<DateTime<Utc>>,
    /// When it was taken back.
    pub revoked: Option<DateTime<Utc>>,
    /// The hour of its last use.
    pub used: Option<DateTime<Utc>>,
}

/// Whether a key opens anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// It does.
    Living,
    /// Its time is over.
    Expired,
    /// It was taken back.
    Revoked,
}

impl ApiKey {
    /// How the key stands at a time.
    pub fn state(&self, now: DateTime<Utc>) -> KeyState {
        if self.revoked.is_some() {
            KeyState::Revoked
        } else if self.expires.is_some_and(|end| end <= now) {
            KeyState::Expired
        } else {
            KeyState::Living
        }
    }
}

/// What a presented key is. How an expired or revoked key stands is told only to who
/// has its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presented {
    /// A living key.
    Living(ApiKey),
    /// No key has the id.
    Unknown,
    /// A key has the id, and another secret.
    Wrong,
    /// The time of the key is over.
    Expired(ApiKey),
    /// The key was taken back.
    Revoked(ApiKey),
}

impl Store {
    /// Makes a key.
    ///
    /// # Errors
    ///
    /// [`StoreError::NameTaken`] if a living key has the name; or if the database fails.
    pub async fn create_key(
        &self,
        new: &NewKey,
        secret: &Secret,
        now: DateTime<Utc>,
    ) -> Result<ApiKey, StoreError> {
        let mut change = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let living: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM keys WHERE name = ?1 AND revoked IS NULL
             AND (expires IS NULL OR expires > ?2)",
        )
        .bind(new.name.as_str())
        .bind(millis(now))
        .fetch_one(&mut *change)
        .await?;
        if living > 0 {
            return Err(StoreError::NameTaken(new.name.as_str().to_owned()));
        }
        sqlx::query(
            "INSERT INTO keys (id, name, secret, scopes, rate, concurrent, created, expires)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )
        .bind(secret.id())
        .bind(new.name.as_str())
        .bind(secret.digest().bytes().as_slice())
        .bind(new.scopes.to_string())
        .bind(new.limits.rate.map(|rate| i64::from(rate.get())))
        .bind(new.limits.concurrent.map(|most| i64::from(most.get())))
        .bind(millis(now))
        .bind(new.expires.map(millis))
        .execute(&mut *change)
        .await?;
        let key = sqlx::query("SELECT * FROM keys WHERE id = ?1")
            .bind(secret.id())
            .fetch_one(&mut *change)
            .await?;
        let key = read(&key)?;
        change.commit().await?;
        Ok(key)
    }

    /// All keys, also expired and revoked ones, the oldest first.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        let rows = sqlx::query("SELECT * FROM keys ORDER BY created, rowid")
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(read).collect()
    }

    /// What a key that somebody sends is at a time. Comparing takes as long for a wrong
    /// secret as for the right one, and for an unknown id.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn present(
        &self,
        secret: &Secret,
        now: DateTime<Utc>,
    ) -> Result<Presented, StoreError> {
        let row = sqlx::query("SELECT * FROM keys WHERE id = ?1")
            .bind(secret.id())
            .fetch_optional(&self.readers)
            .await?;
        let stored: Vec<u8> = match &row {
            Some(row) => row.try_get("secret")?,
            None => vec![0; 32],
        };
        let same = bool::from(stored.as_slice().ct_eq(secret.digest().bytes()));
        let Some(row) = row else { return Ok(Presented::Unknown) };
        if !same {
            return Ok(Presented::Wrong);
        }
        let key = read(&row)?;
        Ok(match key.state(now) {
            KeyState::Living => Presented::Living(key),
            KeyState::Expired => Presented::Expired(key),
            KeyState::Revoked => Presented::Revoked(key),
        })
    }

    /// Takes a key back, for good: the one with the id; else the one with the name that
    /// is not revoked, a living one before expired ones. One that was revoked before
    /// keeps its time. None if there is no such key.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn revoke_key(
        &self,
        id_or_name: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<ApiKey>, StoreError> {
        let name: String = id_or_name.trim().nfc().collect();
        let row = sqlx::query(
            "UPDATE keys SET revoked = coalesce(revoked, ?2) WHERE id = (
                SELECT id FROM keys WHERE id = ?1 OR (name = ?1 AND revoked IS NULL)
                ORDER BY id = ?1 DESC, expires IS NULL OR expires > ?2 DESC, created DESC LIMIT 1
             ) RETURNING *",
        )
        .bind(name)
        .bind(millis(now))
        .fetch_optional(&self.writer)
        .await?;
        row.as_ref().map(read).transpose()
    }
}

fn read(row: &SqliteRow) -> Result<ApiKey, StoreError> {
    let at = |column: &str| -> Result<Option<DateTime<Utc>>, StoreError> {
        row.try_get::<Option<i64>, _>(column)?.map(time).transpose()
    };
    let limit = |column: &str| -> Result<Option<NonZeroU32>, StoreError> {
        let Some(number) = row.try_get::<Option<i64>, _>(column)? else { return Ok(None) };
        let number = u32::try_from(number).ok().and_then(NonZeroU32::new);
        number.map(Some).ok_or(StoreError::Damaged)
    };
    Ok(ApiKey {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        scopes: Scopes::read(row.try_get("scopes")?)?,
        limits: KeyLimits { rate: limit("rate")?, concurrent: limit("concurrent")? },
        created: at("created")?.ok_or(StoreError::Damaged)?,
        expires: at("expires")?,
        revoked: at("revoked")?,
        used: at("used")?,
    })
}

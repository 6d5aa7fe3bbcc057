use std::num::NonZeroU32;

use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat, TimeDelta, Utc};
use serde::Serialize;

use super::{AppError, DataFolder};
use crate::base::Bilingual;
use crate::store::{
    ApiKey, KeyLimits, KeyName, KeyState, NameFault, NewKey, Scope, Scopes, Secret,
};

/// Viet Nam is seven hours ahead of UTC, all year.
const AHEAD: TimeDelta = TimeDelta::hours(7);

/// A key that somebody asks for.
#[derive(Debug, Clone)]
pub struct KeyRequest {
    /// Whose it will be.
    pub name: String,
    /// What it will open.
    pub scopes: Vec<Scope>,
    /// How long it will be good; none: until it is revoked.
    pub validity: Option<Validity>,
    /// How many requests it may send in a minute.
    pub rate: Option<NonZeroU32>,
    /// How many requests it may send at the same time.
    pub concurrent: Option<NonZeroU32>,
}

/// How long a key is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// To the end of this day in Viet Nam.
    Through(NaiveDate),
    /// For so many days of 24 hours.
    Days(u16),
}

/// Why a key cannot be made or revoked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The name cannot be one.
    #[error("`{}` cannot be the name of a key: {}", name.escape_debug(), fault_words(*fault).en)]
    Name {
        /// The name.
        name: String,
        /// Why not.
        fault: NameFault,
    },
    /// The key would open nothing.
    #[error("a key needs a scope: `--scopes render`, `dossier`, `admin`, or several with commas")]
    NoScope,
    /// The key would have expired before it is made.
    #[error("the key would expire on {0}, which is over; name a later day")]
    Over(NaiveDate),
    /// No key has the id or name.
    #[error("there is no key `{}` that could be revoked; `vanban key list` lists them", .0.escape_debug())]
    Unknown(String),
    /// The system gave no random numbers.
    #[error("the system gave no random numbers: {0}")]
    Random(String),
}

impl KeyError {
    /// The message in both languages.
    pub fn message(&self) -> Bilingual {
        let vi = match self {
            Self::Name { name, fault } => {
                let name = name.escape_debug();
                format!("`{name}` không làm tên khóa được: {}", fault_words(*fault).vi)
            }
            Self::NoScope => {
                "khóa cần có phạm vi: `--scopes render`, `dossier`, `admin`, hoặc nhiều phạm vi cách nhau bằng dấu phẩy".to_owned()
            }
            Self::Over(day) => format!("khóa hết hạn ngày {day}, ngày đó đã qua; chọn ngày sau"),
            Self::Unknown(key) => {
                let key = key.escape_debug();
                format!("không có khóa `{key}` để thu hồi; xem `vanban key list`")
            }
            Self::Random(reason) => format!("hệ thống không cho số ngẫu nhiên: {reason}"),
        };
        Bilingual::new(vi, self.to_string())
    }
}

fn fault_words(fault: NameFault) -> Bilingual {
    match fault {
        NameFault::Empty => Bilingual::new("tên để trống", "it is empty"),
        NameFault::Long => Bilingual::new(
            format!("dài quá {} ký tự", KeyName::LONGEST),
            format!("it has more than {} characters", KeyName::LONGEST),
        ),
        NameFault::Start => Bilingual::new(
            "phải bắt đầu bằng chữ cái hoặc chữ số",
            "it must begin with a letter or a digit",
        ),
        NameFault::Character(c) => Bilingual::new(
            format!(
                "không dùng ký tự U+{:04X}; chỉ dùng chữ cái, chữ số, dấu cách và {}",
                u32::from(c),
                KeyName::SIGNS.trim()
            ),
            format!(
                "it has the character U+{:04X}; letters, digits, blanks and {} are allowed",
                u32::from(c),
                KeyName::SIGNS.trim()
            ),
        ),
        NameFault::Reserved => Bilingual::new(
            format!("`{}` và mã khóa không dùng làm tên", KeyName::LOCAL),
            format!("`{}` and ids of keys are no names", KeyName::LOCAL),
        ),
    }
}

/// A key as programs read it. Times are UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyView {
    /// Its public part.
    pub id: String,
    /// Whose it is.
    pub name: String,
    /// `living`, `expired` or `revoked`.
    pub state: &'static str,
    /// What it opens.
    pub scopes: Vec<&'static str>,
    /// How many requests it may send in a minute; null: what the service allows.
    pub rate_per_minute: Option<u32>,
    /// How many requests it may send at the same time; null: what the service allows.
    pub concurrent: Option<u32>,
    /// When it was made.
    pub created: String,
    /// From when on it is no longer good.
    pub expires: Option<String>,
    /// When it was revoked.
    pub revoked: Option<String>,
    /// The hour of its last use.
    pub last_used: Option<String>,
}

impl KeyView {
    /// How a key stands at a time.
    pub fn new(key: &ApiKey, now: DateTime<Utc>) -> Self {
        let time = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Secs, true);
        let ApiKey { id, name, scopes, limits, created, expires, revoked, used } = key.clone();
        Self {
            id,
            name,
            state: match key.state(now) {
                KeyState::Living => "living",
                KeyState::Expired => "expired",
                KeyState::Revoked => "revoked",
            },
            scopes: scopes.iter().map(Scope::name).collect(),
            rate_per_minute: limits.rate.map(NonZeroU32::get),
            concurrent: limits.concurrent.map(NonZeroU32::get),
            created: time(created),
            expires: expires.map(time),
            revoked: revoked.map(time),
            last_used: used.map(time),
        }
    }
}

/// Makes a key, and the data folder where it is missing. The secret is given this once.
///
/// # Errors
///
/// If the name cannot be one or a living key has it, if the key would open nothing or
/// would have expired, or if the data folder cannot be used.
pub fn create_key(
    folder: &DataFolder,
    request: &KeyRequest,
    now: DateTime<Utc>,
) -> Result<(Secret, ApiKey), AppError> {
    let name = KeyName::new(&request.name)
        .map_err(|fault| KeyError::Name { name: request.name.clone(), fault })?;
    let scopes: Scopes = request.scopes.iter().copied().collect();
    if scopes == Scopes::default() {
        return Err(KeyError::NoScope.into());
    }
    let expires = request.validity.map(|validity| end(validity, now)).transpose()?;
    let limits = KeyLimits { rate: request.rate, concurrent: request.concurrent };
    let (mut id, mut secret) = ([0; 8], [0; 32]);
    for bytes in [&mut id[..], &mut secret[..]] {
        getrandom::fill(bytes).map_err(|error| KeyError::Random(error.to_string()))?;
    }
    let secret = Secret::new(id, secret);
    let new = NewKey { name, scopes, expires, limits };
    let key = folder.with_new(async |store| Ok(store.create_key(&new, &secret, now).await?))?;
    Ok((secret, key))
}

/// All keys, the oldest first.
///
/// # Errors
///
/// If there is no data or it cannot be read.
pub fn list_keys(folder: &DataFolder) -> Result<Vec<ApiKey>, AppError> {
    folder.with(async |store| Ok(store.keys().await?))
}

/// Takes back the key with an id, or the one with a name that is not revoked.
///
/// # Errors
///
/// If there is none, or if the data cannot be read or written.
pub fn revoke_key(
    folder: &DataFolder,
    id_or_name: &str,
    now: DateTime<Utc>,
) -> Result<ApiKey, AppError> {
    folder.with(async |store| {
        let revoked = store.revoke_key(id_or_name, now).await?;
        Ok(revoked.ok_or_else(|| KeyError::Unknown(id_or_name.to_owned()))?)
    })
}

/// From when on a key is no longer good.
fn end(validity: Validity, now: DateTime<Utc>) -> Result<DateTime<Utc>, KeyError> {
    match validity {
        Validity::Days(days) => Ok(now + TimeDelta::days(days.into())),
        Validity::Through(day) => {
            let next = day.succ_opt().unwrap_or(day).and_time(NaiveTime::MIN);
            let end = (next - AHEAD).and_utc();
            if end > now { Ok(end) } else { Err(KeyError::Over(day)) }
        }
    }
}

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::Outcome;
use super::arguments::{DataFolderArguments, KeyCreateArguments, KeyRevokeArguments, KeyVerb};
use super::clock::{now, there};
use super::terminal::Terminal;
use crate::app::{
    AppError, DataFolder, KeyRequest, KeyView, Validity, create_key, list_keys, revoke_key,
};
use crate::store::{ApiKey, KeyState, Scope};

/// `vanban key create --json`. Version 1.
#[derive(Serialize)]
struct Created {
    version: u8,
    /// The key to send; it is not stored and never told again.
    secret: String,
    key: KeyView,
}

/// `vanban key revoke --json`. Version 1.
#[derive(Serialize)]
struct Revoked {
    version: u8,
    key: KeyView,
}

/// `vanban key list --json`. Version 1.
#[derive(Serialize)]
struct List {
    version: u8,
    data_dir: String,
    keys: Vec<KeyView>,
}

pub(super) fn run(verb: &KeyVerb, terminal: &Terminal) -> Result<Outcome, AppError> {
    match verb {
        KeyVerb::Create(verb) => create(verb, terminal),
        KeyVerb::List(verb) => list(verb, terminal),
        KeyVerb::Revoke(verb) => revoke(verb, terminal),
    }
}

fn create(verb: &KeyCreateArguments, terminal: &Terminal) -> Result<Outcome, AppError> {
    let folder = DataFolder::new(verb.data.data_dir.as_deref())?;
    let now = now();
    let request = KeyRequest {
        name: verb.name.clone(),
        scopes: verb.scopes.iter().map(|name| name.scope()).collect(),
        validity: verb.expires.map(Validity::Through).or(verb.days.map(Validity::Days)),
        rate: verb.rate,
        concurrent: verb.concurrent,
    };
    let (secret, key) = create_key(&folder, &request, now)?;
    if verb.data.json {
        let key = KeyView::new(&key, now);
        terminal.json(&Created { version: 1, secret: secret.text(), key })?;
        return Ok(Outcome::Fine);
    }
    terminal.say(format!(
        "{} `{}` ({}), {}",
        terminal.words("đã tạo khóa", "made the key"),
        key.name,
        key.id,
        end(&key, terminal)
    ));
    terminal.say(terminal.words(
        "Khóa chỉ hiện một lần này, không được lưu ở đâu; hãy cất giữ:",
        "the key is shown this once and stored nowhere; keep it:",
    ));
    terminal.line(secret.text())?;
    Ok(Outcome::Fine)
}

fn list(verb: &DataFolderArguments, terminal: &Terminal) -> Result<Outcome, AppError> {
    let folder = DataFolder::new(verb.data_dir.as_deref())?;
    let keys = list_keys(&folder)?;
    let now = now();
    if verb.json {
        let keys = keys.iter().map(|key| KeyView::new(key, now)).collect();
        let data_dir = folder.path().display().to_string();
        terminal.json(&List { version: 1, data_dir, keys })?;
        return Ok(Outcome::Fine);
    }
    terminal.say(format!(
        "{} {}",
        terminal.words("thư mục dữ liệu:", "data folder:"),
        folder.path().display()
    ));
    for key in &keys {
        terminal.line(line(key, now, terminal))?;
    }
    Ok(Outcome::Fine)
}

fn revoke(verb: &KeyRevokeArguments, terminal: &Terminal) -> Result<Outcome, AppError> {
    let folder = DataFolder::new(verb.data.data_dir.as_deref())?;
    let now = now();
    let key = revoke_key(&folder, &verb.key, now)?;
    if verb.data.json {
        terminal.json(&Revoked { version: 1, key: KeyView::new(&key, now) })?;
        return Ok(Outcome::Fine);
    }
    terminal.line(line(&key, now, terminal))?;
    Ok(Outcome::Fine)
}

/// Id, name, scopes, how it stands, when it was made, when it was last used.
fn line(key: &ApiKey, now: DateTime<Utc>, terminal: &Terminal) -> String {
    let state = match key.state(now) {
        KeyState::Living => end(key, terminal),
        KeyState::Expired => at(terminal.words("hết hạn", "expired"), key.expires),
        KeyState::Revoked => at(terminal.words("đã thu hồi", "revoked"), key.revoked),
    };
    let created = at(terminal.words("tạo", "made"), Some(key.created));
    let used = match key.used {
        Some(_) => at(terminal.words("dùng lần cuối", "last used"), key.used),
        None => terminal.words("chưa dùng", "never used").to_owned(),
    };
    let scopes: Vec<&str> = key.scopes.iter().map(Scope::name).collect();
    format!("{}\t{}\t{}\t{state}\t{created}\t{used}", key.id, key.name, scopes.join(","))
}

/// How long a living key is good.
fn end(key: &ApiKey, terminal: &Terminal) -> String {
    match key.expires {
        Some(_) => at(terminal.words("dùng được đến", "good until"), key.expires),
        None => terminal.words("không thời hạn", "no expiry").to_owned(),
    }
}

fn at(words: &str, time: Option<DateTime<Utc>>) -> String {
    match time {
        Some(time) => format!("{words} {}", there(time)),
        None => words.to_owned(),
    }
}

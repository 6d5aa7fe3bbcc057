//! Keys of callers and the access log, through the program itself and in the file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tempfile::TempDir;
use vanban::store::{
    Access, ApiKey, KeyLimits, KeyName, KeyState, NameFault, NewKey, Presented, Scope, Secret,
    Store,
};

use super::cli::{Outcome, run_in};
use super::store::{access, at, wait};

/// A data folder that is not there yet.
struct Office(TempDir);

impl Office {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn folder(&self) -> PathBuf {
        self.0.path().join("data")
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        run_in(self.0.path(), &[arguments, &["--data-dir", "data"]].concat(), b"")
    }

    /// Starts the program without waiting for it.
    fn start(&self, arguments: &[&str]) -> std::process::Child {
        Command::new(env!("CARGO_BIN_EXE_vanban"))
            .current_dir(self.0.path())
            .args(arguments)
            .args(["--data-dir", "data"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// Makes a key.
    fn create(&self, arguments: &[&str]) -> Secret {
        let outcome = self.run(&[&["key", "create"], arguments].concat()).expect(0);
        let text = outcome.text();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 1, "{text}");
        Secret::parse(lines[0]).unwrap_or_else(|| panic!("{text} is no key"))
    }

    fn list(&self) -> Vec<Value> {
        let list = self.run(&["key", "list", "--json"]).expect(0).json();
        assert_eq!((&list["version"], &list["data_dir"]), (&json!(1), &json!("data")));
        list["keys"].as_array().unwrap().clone()
    }

    fn present(&self, secret: &Secret, days: i64) -> Presented {
        wait(async {
            let store = Store::open(&self.folder()).await.unwrap();
            let found = store.present(secret, now() + TimeDelta::days(days)).await.unwrap();
            store.close().await;
            found
        })
    }
}

/// All bytes of the files in a folder.
pub fn bytes_of(folder: &Path) -> Vec<u8> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.flat_map(|path| fs::read(path).unwrap()).collect()
}

fn new_key(name: &str) -> NewKey {
    NewKey {
        name: KeyName::new(name).unwrap(),
        scopes: [Scope::Render].into_iter().collect(),
        expires: None,
        limits: KeyLimits::default(),
    }
}

/// What time it is. (`chrono` is built without a clock.)
#[expect(clippy::disallowed_methods, reason = "tests may look at the clock")]
pub fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}

fn living(found: Presented) -> ApiKey {
    match found {
        Presented::Living(key) => key,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_key_is_printed_once_and_opens_what_was_said() {
    let office = Office::new();
    let create = ["key", "create", " Cổng dịch vụ công ", "--scopes", "dossier,render"];
    let outcome = office.run(&[&create[..], &["--rate", "90", "--concurrent", "3"]].concat());
    let outcome = outcome.expect(0);
    let secret = Secret::parse(outcome.text().trim_end()).unwrap();
    assert!(!outcome.err.contains(secret.text().as_str()), "{}", outcome.err);
    assert!(outcome.err.contains("Cổng dịch vụ công") && outcome.err.contains(secret.id()));
    let key = living(office.present(&secret, 0));
    assert_eq!((key.id.as_str(), key.name.as_str()), (secret.id(), "Cổng dịch vụ công"));
    assert_eq!(key.scopes.to_string(), "render,dossier");
    assert!(!key.scopes.has(Scope::Admin));
    let limits = [key.limits.rate, key.limits.concurrent].map(|limit| limit.unwrap().get());
    assert_eq!((limits, key.expires, key.used), ([90, 3], None, None));
    let listed = office.run(&["key", "list"]).expect(0);
    assert!(listed.text().contains("Cổng dịch vụ công\trender,dossier\tkhông thời hạn\t"));
    assert!(!listed.text().contains(&secret.text()) && listed.err.contains("data"));
    let json = &office.list()[0];
    assert_eq!(
        (&json["state"], &json["scopes"], &json["rate_per_minute"], &json["last_used"]),
        (&json!("living"), &json!(["render", "dossier"]), &json!(90), &Value::Null)
    );
}

#[test]
fn the_json_of_a_new_key_holds_it() {
    let office = Office::new();
    let create = ["key", "create", "Một cửa", "--scopes", "admin", "--days", "30", "--json"];
    let created = office.run(&create).expect(0).json();
    let secret = Secret::parse(created["secret"].as_str().unwrap()).unwrap();
    assert_eq!(created["key"], office.list()[0]);
    assert_eq!(created["key"]["id"], secret.id());
    let key = living(office.present(&secret, 29));
    assert_eq!(key.expires.unwrap() - key.created, TimeDelta::days(30));
    assert!(matches!(office.present(&secret, 30), Presented::Expired(_)));
}

#[test]
fn the_secret_is_nowhere_in_the_files() {
    let office = Office::new();
    let bytes = *b"0123456789abcdef-0123456789abcde";
    let secret = Secret::new([7; 8], bytes);
    wait(async {
        let store = Store::open(&office.folder()).await.unwrap();
        store.create_key(&new_key("Cổng"), &secret, at("2026-08-10T01:00:00Z")).await.unwrap();
        assert!(matches!(store.present(&secret, now()).await.unwrap(), Presented::Living(_)));
        let look = |what: &str| {
            let all = bytes_of(&office.folder());
            let has = |part: &[u8]| all.windows(part.len()).any(|other| other == part);
            assert!(has(secret.id().as_bytes()) && has("Cổng".as_bytes()), "{what}");
            let text = secret.text();
            let encoded = text.rsplit_once('_').unwrap().1;
            for part in [&bytes[..], &bytes[4..20], text.as_bytes(), &encoded.as_bytes()[..20]] {
                assert!(!has(part), "{what}");
            }
        };
        assert!(office.folder().join("vanban.db-wal").is_file());
        look("while it is open");
        store.close().await;
        look("when it is closed");
    });
}

#[test]
fn unknown_wrong_expired_and_revoked_keys_are_told_apart() {
    let office = Office::new();
    let secret = office.create(&["Cổng", "--scopes", "render", "--days", "1"]);
    let text = secret.text();
    let changed = |at: usize| {
        let mut bytes = text.clone().into_bytes();
        bytes[at] = if bytes[at] == b'a' { b'b' } else { b'a' };
        Secret::parse(std::str::from_utf8(&bytes).unwrap()).unwrap()
    };
    assert!(matches!(office.present(&secret, 0), Presented::Living(_)));
    assert_eq!(office.present(&changed(3), 0), Presented::Unknown);
    let (first, last) = ("vb_0123456789abcdef_".len(), text.len() - 2);
    for wrong in [changed(first), changed(last)] {
        assert_eq!(office.present(&wrong, 0), Presented::Wrong);
        // Nor is anything told of an expired key to who has not got it.
        assert_eq!(office.present(&wrong, 2), Presented::Wrong);
    }
    assert!(matches!(office.present(&secret, 1), Presented::Expired(_)));
    let revoked = office.run(&["key", "revoke", "Cổng", "--json"]).expect(0).json();
    assert_eq!(revoked["key"]["state"], "revoked");
    for days in [0, 2] {
        let Presented::Revoked(key) = office.present(&secret, days) else { panic!("{days}") };
        assert_eq!(key.state(now()), KeyState::Revoked);
    }
    assert_eq!(office.present(&changed(first), 0), Presented::Wrong);
}

#[test]
fn a_name_belongs_to_one_living_key() {
    let office = Office::new();
    let first = office.create(&["Cổng", "--scopes", "render"]);
    // Composed or not, it is the same name.
    for name in ["Cổng", "Co\u{302}\u{309}ng"] {
        let again = office.run(&["key", "create", name, "--scopes", "render"]).expect(2);
        assert!(again.out.is_empty());
        assert!(again.err.contains("đã có khóa tên `Cổng`"), "{}", again.err);
    }
    office.run(&["key", "revoke", first.id()]).expect(0);
    let second = office.create(&["Cổng", "--scopes", "render"]);
    let states = |office: &Office| -> Vec<Value> {
        office.list().iter().map(|key| key["state"].clone()).collect()
    };
    assert_eq!(states(&office), ["revoked", "living"]);
    let time = office.list()[0]["revoked"].clone();
    office.run(&["key", "revoke", "Cổng"]).expect(0);
    assert!(matches!(office.present(&second, 0), Presented::Revoked(_)));
    // By its id a key can be revoked again, and keeps its time.
    office.run(&["key", "revoke", first.id()]).expect(0);
    assert_eq!(office.list()[0]["revoked"], time);
    let none = office.run(&["key", "revoke", "Cổng", "--lang", "en"]).expect(2);
    assert!(none.err.contains("there is no key `Cổng` that could be revoked"), "{}", none.err);
}

/// The name of an expired key is free, and means the living one afterwards.
#[test]
fn an_expired_key_gives_its_name_back() {
    let office = Office::new();
    wait(async {
        let store = Store::open(&office.folder()).await.unwrap();
        let (early, late) = (at("2026-08-01T00:00:00Z"), at("2026-08-10T00:00:00Z"));
        let old = NewKey { expires: Some(late), ..new_key("Cổng") };
        let [one, other] = [1, 2].map(|id| Secret::new([id; 8], [id; 32]));
        store.create_key(&old, &one, early).await.unwrap();
        store.create_key(&new_key("Cổng"), &other, early).await.unwrap_err();
        store.create_key(&new_key("Cổng"), &other, late).await.unwrap();
        let revoke = async || store.revoke_key("Cổng", late).await.unwrap().map(|key| key.id);
        assert_eq!(revoke().await.as_deref(), Some(other.id()));
        assert_eq!(revoke().await.as_deref(), Some(one.id()));
        assert_eq!(revoke().await, None);
        store.close().await;
    });
}

#[test]
fn names_are_short_lines_of_plain_characters() {
    for name in ["Cổng DVC (tỉnh)", "7", "a/b_c-d.e, f & g'h", &"ấ".repeat(64)] {
        assert_eq!(KeyName::new(name).unwrap().as_str(), name);
    }
    for (name, fault) in [
        ("", NameFault::Empty),
        (" \t ", NameFault::Empty),
        ("a\nb", NameFault::Character('\n')),
        ("a\u{202E}b", NameFault::Character('\u{202E}')),
        ("a\0", NameFault::Character('\0')),
        ("=1+1", NameFault::Character('=')),
        ("-x", NameFault::Start),
        (&"ấ".repeat(65), NameFault::Long),
        ("Local", NameFault::Reserved),
        ("0123456789abcdef", NameFault::Reserved),
    ] {
        assert_eq!(KeyName::new(name), Err(fault), "{name:?}");
    }
}

#[test]
fn what_cannot_be_a_key_is_said_in_both_languages_and_makes_nothing() {
    let office = Office::new();
    let cases: [(&[&str], &str, &str); 4] = [
        (&["a\u{1b}[31m", "--scopes", "render"], "không dùng ký tự U+001B", "character U+001B"),
        (
            &["a", "--scopes", "render", "--expires", "2020-01-31"],
            "hết hạn ngày 2020-01-31, ngày đó đã qua",
            "would expire on 2020-01-31",
        ),
        (&["local", "--scopes", "render"], "không dùng làm tên", "are no names"),
        (&["", "--scopes", "render"], "tên để trống", "it is empty"),
    ];
    for (arguments, vi, en) in cases {
        for (language, words) in [("vi", vi), ("en", en)] {
            let create = [&["key", "create", "--lang", language], arguments].concat();
            let outcome = office.run(&create).expect(2);
            assert!(outcome.err.contains(words), "{}", outcome.err);
            assert!(!outcome.err.contains('\u{1b}') && outcome.out.is_empty());
        }
    }
    for arguments in [
        &["a"][..],
        &["a", "--scopes", "all"],
        &["a", "--scopes", "render", "--days", "0"],
        &["a", "--scopes", "render", "--rate", "0"],
        &["a", "--scopes", "render", "--expires", "2026-02-30"],
        &["a", "--scopes", "render", "--expires", "2126-02-03", "--days", "3"],
    ] {
        office.run(&[&["key", "create"], arguments].concat()).expect(2);
    }
    assert!(!office.folder().exists());
    for verb in [&["key", "list"][..], &["key", "revoke", "a"], &["access-log"]] {
        let outcome = office.run(verb).expect(2);
        assert!(outcome.err.contains("không có dữ liệu trong `data`"), "{}", outcome.err);
    }
    assert!(!office.folder().exists());
}

/// A day is one of Viet Nam, and counts to its end.
#[test]
fn a_key_is_good_through_its_last_day() {
    let office = Office::new();
    office.create(&["Cổng", "--scopes", "render", "--expires", "2126-12-31"]);
    assert_eq!(office.list()[0]["expires"], "2126-12-31T17:00:00Z");
    let listed = office.run(&["key", "list", "--lang", "en"]).expect(0);
    assert!(listed.text().contains("good until 2127-01-01T00:00"), "{}", listed.text());
}

#[test]
fn processes_that_make_keys_at_once_do_not_disturb_each_other() {
    let office = Office::new();
    let names: Vec<String> =
        (0..8).flat_map(|i| [format!("Cổng {i}"), "Cùng tên".into()]).collect();
    let running: Vec<_> = names
        .iter()
        .map(|name| office.start(&["key", "create", name, "--scopes", "render"]))
        .collect();
    let done: Vec<Output> =
        running.into_iter().map(|child| child.wait_with_output().unwrap()).collect();
    let mut same = 0;
    for (name, output) in names.iter().zip(&done) {
        let error = String::from_utf8_lossy(&output.stderr);
        if name == "Cùng tên" {
            same += usize::from(output.status.success());
            assert!(output.status.success() || error.contains("đã có khóa tên"), "{error}");
        } else {
            assert!(output.status.success(), "{name}: {error}");
        }
    }
    assert_eq!((same, office.list().len()), (1, 9));
}

/// Fills the log, and gives the secret of the key in it.
fn filled(office: &Office) -> Secret {
    let secret = office.create(&["Cổng, tỉnh", "--scopes", "render"]);
    wait(async {
        let store = Store::open(&office.folder()).await.unwrap();
        let by_key = |time: &str| Access {
            key: Some(secret.id().to_owned()),
            ..access(time, "Cổng, tỉnh")
        };
        let entries = [
            // 00:00 and 23:59 of 10 August in Viet Nam, then the next day.
            access("2026-08-09T17:00:00Z", "local"),
            by_key("2026-08-10T16:59:59.999Z"),
            Access { subject: None, data: None, status: 401, ..access("2026-08-10T17:00:00Z", "") },
        ];
        store.append(&entries).await.unwrap();
        // An hour is told of the last use, and an earlier one does not take it back.
        store.append(&[by_key("2026-08-10T14:10:00Z")]).await.unwrap();
        store.close().await;
    });
    secret
}

#[test]
fn the_last_use_of_a_key_is_told_to_the_hour() {
    let office = Office::new();
    filled(&office);
    assert_eq!(office.list()[0]["last_used"], "2026-08-10T16:00:00Z");
}

#[test]
fn the_access_log_is_printed_for_people_and_programs() {
    let office = Office::new();
    let secret = filled(&office);
    let text = office.run(&["access-log"]).expect(0);
    let first = text.text().lines().next().unwrap().to_owned();
    assert!(
        first.starts_with(
            "2026-08-10T00:00\tlocal\tPOST /api/v1/documents/{template}\tnd163-v-33\t200 done\t4 ms\t"
        ),
        "{first}"
    );
    let json = office.run(&["access-log", "--json"]).expect(0).json();
    let entries = json["entries"].as_array().unwrap();
    assert_eq!((&json["version"], entries.len()), (&json!(1), 4));
    assert_eq!(
        (&entries[1]["number"], &entries[1]["at"], &entries[1]["key"], &entries[1]["bytes"]),
        (&json!(2), &json!("2026-08-10T16:59:59.999Z"), &json!(secret.id()), &json!(29_000))
    );
    assert_eq!((&entries[2]["subject"], &entries[2]["caller"]), (&Value::Null, &json!("")));
    // The same in rows.
    let csv = office.run(&["access-log", "--csv"]).expect(0);
    let mut rows = csv::Reader::from_reader(csv.text().as_bytes());
    let names: Vec<String> = rows.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(names, entries[0].as_object().unwrap().keys().cloned().collect::<Vec<_>>());
    for (row, entry) in rows.records().map(Result::unwrap).zip(entries) {
        for (name, cell) in names.iter().zip(&row) {
            let value = match &entry[name] {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            assert_eq!(cell, value, "{name}");
        }
    }
    assert_eq!(csv.text().lines().count(), 5);
}

#[test]
fn the_access_log_is_asked_by_day_and_caller() {
    let office = Office::new();
    let secret = filled(&office);
    let numbers = |arguments: &[&str]| -> Vec<i64> {
        let json = office.run(&[&["access-log", "--json"], arguments].concat()).expect(0).json();
        let entries = json["entries"].as_array().unwrap();
        entries.iter().map(|entry| entry["number"].as_i64().unwrap()).collect()
    };
    let day = "2026-08-10";
    assert_eq!(numbers(&["--since", day, "--until", day]), [1, 2, 4]);
    assert_eq!(numbers(&["--since", "2026-08-11"]), [3]);
    assert_eq!(numbers(&["--until", "2026-08-09"]), [] as [i64; 0]);
    assert_eq!(numbers(&["--since", "2026-08-10T00:01", "--until", "2026-08-10T23:59"]), [4]);
    assert_eq!(numbers(&["--caller", "Cổng, tỉnh"]), [2, 4]);
    assert_eq!(numbers(&["--caller", secret.id()]), [2, 4]);
    assert_eq!(numbers(&["--caller", "local"]), [1]);
}

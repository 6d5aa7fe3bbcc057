//! What lasts: the file of the store, the access log, requests that come again.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};
use tempfile::TempDir;
use vanban::base::Digest;
use vanban::store::{
    Access, AccessFilter, Attempt, Begun, FILE, FirstAnswer, REMEMBERED, Store, StoreError, Ticket,
};

/// Runs a future of the store.
pub fn wait<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    runtime.unwrap().block_on(work)
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A connection that knows nothing of the store.
async fn raw(folder: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(folder.join(FILE)).connect().await.unwrap()
}

async fn run(connection: &mut SqliteConnection, sql: &'static str) -> Result<u64, sqlx::Error> {
    sqlx::raw_sql(sql).execute(connection).await.map(|done| done.rows_affected())
}

/// An entry of the log, at a time.
pub fn access(time: &str, caller: &str) -> Access {
    Access {
        at: at(time),
        request: "0199-a".to_owned(),
        key: None,
        caller: caller.to_owned(),
        method: "POST".to_owned(),
        route: "/api/v1/documents/{template}".to_owned(),
        subject: Some("nd163-v-33".to_owned()),
        data: Some(Digest::of(b"data").to_string()),
        status: 200,
        outcome: "done".to_owned(),
        bytes: 29_000,
        milliseconds: 4,
    }
}

#[cfg(unix)]
#[test]
fn folder_and_files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let desk = tempfile::tempdir().unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = desk.path().join("a/b");
    wait(async {
        let store = Store::open(&folder).await.unwrap();
        store.append(&[access("2026-08-10T01:00:00Z", "local")]).await.unwrap();
        for file in ["", "vanban.db-wal", "vanban.db-shm", FILE] {
            let wanted = if file.is_empty() { 0o700 } else { 0o600 };
            assert_eq!(mode(&folder.join(file)), wanted, "`{file}`");
        }
        store.close().await;
    });
    // What was opened for others in the meantime is closed again.
    fs::set_permissions(folder.join(FILE), fs::Permissions::from_mode(0o644)).unwrap();
    wait(async { Store::open(&folder).await.unwrap().close().await });
    assert_eq!(mode(&folder.join(FILE)), 0o600);
    // Where everybody may write, the file could be anybody's.
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
    let error = wait(Store::open(&folder)).unwrap_err();
    assert!(matches!(error, StoreError::Exposed(_)), "{error}");
}

#[test]
fn another_file_is_left_alone() {
    let desk = tempfile::tempdir().unwrap();
    let path = desk.path().join(FILE);
    fs::write(&path, "ghi chép\n".repeat(100)).unwrap();
    let before = fs::read(&path).unwrap();
    let error = wait(Store::open(desk.path())).unwrap_err();
    assert!(matches!(error, StoreError::Foreign(_)), "{error}");
    assert_eq!(fs::read(&path).unwrap(), before);

    fs::remove_file(&path).unwrap();
    wait(async {
        let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
        let mut other = options.connect().await.unwrap();
        run(&mut other, "CREATE TABLE notes (text)").await.unwrap();
    });
    let before = fs::read(&path).unwrap();
    let error = wait(Store::open(desk.path())).unwrap_err();
    assert!(matches!(error, StoreError::Foreign(_)), "{error}");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_newer_database_is_refused_and_kept() {
    let desk = tempfile::tempdir().unwrap();
    wait(async {
        Store::open(desk.path()).await.unwrap().close().await;
        let mut raw = raw(desk.path()).await;
        run(&mut raw, "PRAGMA user_version = 7; CREATE TABLE later (x)").await.unwrap();
        let error = Store::open(desk.path()).await.unwrap_err();
        assert!(matches!(error, StoreError::Newer { found: 7, known: 1, .. }), "{error}");
        let message = error.message();
        assert!(message.vi.contains("phiên bản 7") && message.en.contains("version 7"));
        let tables: i64 =
            sqlx::query_scalar("SELECT count(*) FROM later").fetch_one(&mut raw).await.unwrap();
        assert_eq!(tables, 0);
    });
}

#[test]
fn a_store_that_must_be_there_is_not_made() {
    let desk = tempfile::tempdir().unwrap();
    let folder = desk.path().join("nowhere");
    let error = wait(Store::open_existing(&folder)).unwrap_err();
    assert!(matches!(error, StoreError::Absent(_)), "{error}");
    assert!(!folder.exists());
}

#[test]
fn the_log_is_read_as_it_was_written() {
    let desk = tempfile::tempdir().unwrap();
    wait(async {
        let store = Store::open(desk.path()).await.unwrap();
        let entries = [
            access("2026-08-10T01:00:00.123Z", "local"),
            Access {
                key: Some("00ff00ff00ff00ff".to_owned()),
                ..access("2026-08-10T02:00:00Z", "Cổng")
            },
            Access { subject: None, data: None, ..access("2026-08-11T00:00:00Z", "local") },
        ];
        store.append(&entries[..2]).await.unwrap();
        store.append(&[]).await.unwrap();
        store.append(&entries[2..]).await.unwrap();
        let all = store.accesses(&AccessFilter::default(), 0, 100).await.unwrap();
        assert_eq!(all.iter().map(|one| one.number).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(all.into_iter().map(|one| one.access).collect::<Vec<_>>(), entries);
        let numbers = async |filter: AccessFilter, after, most| -> Vec<i64> {
            let found = store.accesses(&filter, after, most).await.unwrap();
            found.iter().map(|one| one.number).collect()
        };
        let caller = |caller: &str| AccessFilter {
            caller: Some(caller.to_owned()),
            ..AccessFilter::default()
        };
        assert_eq!(numbers(caller("local"), 0, 100).await, [1, 3]);
        assert_eq!(numbers(caller("00ff00ff00ff00ff"), 0, 100).await, [2]);
        assert_eq!(numbers(AccessFilter::default(), 1, 1).await, [2]);
        let between = AccessFilter {
            since: Some(at("2026-08-10T02:00:00Z")),
            until: Some(at("2026-08-11T00:00:00Z")),
            caller: None,
        };
        assert_eq!(numbers(between, 0, 100).await, [2]);
        store.close().await;
    });
}

#[test]
fn a_large_group_is_written_whole_and_in_its_order() {
    let desk = tempfile::tempdir().unwrap();
    wait(async {
        let store = Store::open(desk.path()).await.unwrap();
        let entry = |number: u64| Access {
            key: number.is_multiple_of(2).then(|| "00ff00ff00ff00ff".to_owned()),
            bytes: number,
            ..access("2026-08-10T01:00:00Z", "local")
        };
        let group: Vec<Access> = (0..75).map(entry).collect();
        store.append(&group).await.unwrap();
        let all = store.accesses(&AccessFilter::default(), 0, 100).await.unwrap();
        assert_eq!(all.into_iter().map(|one| one.access).collect::<Vec<_>>(), group);
        store.close().await;
    });
}

#[test]
fn the_log_cannot_be_changed_even_by_another_program() {
    let desk = tempfile::tempdir().unwrap();
    wait(async {
        let store = Store::open(desk.path()).await.unwrap();
        let entry = access("2026-08-10T01:00:00Z", "local");
        store.append(std::slice::from_ref(&entry)).await.unwrap();
        let mut raw = raw(desk.path()).await;
        for sql in [
            "UPDATE access SET caller = 'nobody'",
            "UPDATE access SET status = status",
            "DELETE FROM access",
            "DELETE FROM access WHERE number = 1",
            "INSERT OR REPLACE INTO access (number, at, request, caller, method, route, status,
                outcome, bytes, milliseconds) VALUES (1, 0, '', '', '', '', 0, '', 0, 0)",
            "REPLACE INTO access SELECT * FROM access",
        ] {
            let error = run(&mut raw, sql).await.unwrap_err().to_string();
            assert!(error.contains("the access log is append-only"), "{sql}: {error}");
        }
        // The connection could write: what is not forbidden works.
        let sql = "INSERT INTO access (at, request, caller, method, route, status, outcome, bytes,
            milliseconds) VALUES (0, '', '', '', '', 0, '', 0, 0)";
        assert_eq!(run(&mut raw, sql).await.unwrap(), 1);
        let all = store.accesses(&AccessFilter::default(), 0, 100).await.unwrap();
        assert_eq!((all.len(), &all[0].access), (2, &entry));
    });
}

/// The folder that [`endless_writer`] writes to.
const FOLDER: &str = "VANBAN_TEST_FOLDER";

/// Writes entries to the log and tells the number of each, until it is killed.
#[test]
#[expect(clippy::print_stdout, reason = "it tells its parent")]
#[ignore = "runs for ever; `a_killed_process_loses_nothing_that_was_done` starts it"]
fn endless_writer() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    wait(async {
        let store = Store::open(Path::new(&folder)).await.unwrap();
        for number in 1.. {
            let entries =
                [access("2026-08-10T01:00:00Z", "one"), access("2026-08-10T01:00:00Z", "other")];
            store.append(&entries).await.unwrap();
            println!("\nwritten {}", 2 * number);
        }
    });
}

#[test]
fn a_killed_process_loses_nothing_that_was_done() {
    let desk = tempfile::tempdir().unwrap();
    let mut numbers = Vec::new();
    for kill_after in [40, 7] {
        let mut writer = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "store::endless_writer", "--ignored", "--nocapture"])
            .env(FOLDER, desk.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(writer.stdout.take().unwrap()).lines().map(Result::unwrap);
        let told = lines
            .filter_map(|line| line.strip_prefix("written ")?.parse::<usize>().ok())
            .nth(kill_after)
            .unwrap();
        // SIGKILL
        writer.kill().unwrap();
        writer.wait().unwrap();
        let left = fs::metadata(desk.path().join("vanban.db-wal")).unwrap().len();
        assert!(left > 0, "the process was killed while everything was in the file");
        wait(async {
            let store = Store::open(desk.path()).await.unwrap();
            let all = store.accesses(&AccessFilter::default(), 0, 1_000_000).await.unwrap();
            let before: usize = numbers.iter().sum();
            assert!(all.len() - before >= told, "{} of {told}", all.len() - before);
            assert_eq!(all.len() % 2, 0, "half a group was kept");
            numbers.push(all.len() - before);
            let mut raw = raw(desk.path()).await;
            let state: String =
                sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut raw).await.unwrap();
            assert_eq!(state, "ok");
            store.append(&[access("2026-08-10T01:00:00Z", "one")]).await.unwrap();
            store.append(&[access("2026-08-10T01:00:00Z", "one")]).await.unwrap();
            numbers.push(2);
            store.close().await;
        });
    }
}

/// Requests of one caller.
struct Requests {
    store: Store,
    folder: TempDir,
}

impl Requests {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { store: Store::open(folder.path()).await.unwrap(), folder }
    }

    async fn begin(&self, caller: &str, key: &str, body: &str, time: &str) -> Begun {
        let attempt = Attempt {
            caller,
            key: Digest::of(key.as_bytes()),
            fingerprint: Digest::of(body.as_bytes()),
        };
        self.store.begin(&attempt, at(time), TimeDelta::minutes(5)).await.unwrap()
    }

    async fn first(&self, key: &str, time: &str) -> Ticket {
        match self.begin("a", key, "body", time).await {
            Begun::First(ticket) => ticket,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_request_that_comes_again_is_known() {
    wait(async {
        let requests = Requests::new().await;
        let start = "2026-08-10T01:00:00.250Z";
        let ticket = requests.first("k", start).await;
        assert_eq!(ticket.moment, at(start));
        let soon = "2026-08-10T01:00:01Z";
        assert_eq!(requests.begin("a", "k", "body", soon).await, Begun::Running);
        assert_eq!(requests.begin("a", "k", "other", soon).await, Begun::Other);
        assert!(matches!(requests.begin("b", "k", "other", soon).await, Begun::First(_)));
        assert!(matches!(requests.begin("a", "l", "other", soon).await, Begun::First(_)));
        requests.store.finish(&ticket, 200, Some("\"e\"")).await.unwrap();
        // What is finished is not released.
        requests.store.release(&ticket).await.unwrap();
        let answer = FirstAnswer { moment: at(start), status: 200, etag: Some("\"e\"".into()) };
        let late = "2026-08-11T01:00:00.249Z";
        for time in [soon, late] {
            let again = requests.begin("a", "k", "body", time).await;
            assert_eq!(again, Begun::Again(answer.clone()));
            assert_eq!(requests.begin("a", "k", "other", time).await, Begun::Other);
        }
        // After 24 hours the key is as good as new.
        let ticket = requests.first("k", "2026-08-11T01:00:00.250Z").await;
        assert_eq!(ticket.moment, at(start) + REMEMBERED);
        assert_eq!(requests.store.forget(at("2026-08-11T01:00:00.300Z")).await.unwrap(), 0);
        assert_eq!(requests.store.forget(at("2026-08-11T01:00:01Z")).await.unwrap(), 2);
        assert_eq!(requests.store.forget(at("2026-08-12T01:00:00.250Z")).await.unwrap(), 1);
    });
}

#[test]
fn a_released_request_is_new_and_a_lost_one_keeps_its_moment() {
    wait(async {
        let requests = Requests::new().await;
        let ticket = requests.first("k", "2026-08-10T01:00:00Z").await;
        requests.store.release(&ticket).await.unwrap();
        let lost = requests.first("k", "2026-08-10T01:01:00Z").await;
        assert_eq!(lost.moment, at("2026-08-10T01:01:00Z"));
        // Its process died: after five minutes somebody else may answer it.
        assert_eq!(requests.begin("a", "k", "body", "2026-08-10T01:05:59Z").await, Begun::Running);
        let next = requests.first("k", "2026-08-10T01:06:00Z").await;
        assert_eq!(next.moment, lost.moment);
        // It was not dead after all: what it says no longer counts.
        requests.store.finish(&lost, 200, None).await.unwrap();
        requests.store.release(&lost).await.unwrap();
        let soon = "2026-08-10T01:06:01Z";
        assert_eq!(requests.begin("a", "k", "body", soon).await, Begun::Running);
        requests.store.finish(&next, 422, None).await.unwrap();
        let answer = FirstAnswer { moment: lost.moment, status: 422, etag: None };
        assert_eq!(requests.begin("a", "k", "body", soon).await, Begun::Again(answer));
    });
}

/// A key may be anything, also what nobody should read.
#[test]
fn nothing_of_a_request_is_stored_but_hashes() {
    wait(async {
        let requests = Requests::new().await;
        requests.first("079095000001-nguyen-van-mau", "2026-08-10T01:00:00Z").await;
        let bytes = super::keys::bytes_of(requests.folder.path());
        let has = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
        assert!(has(&Digest::of(b"079095000001-nguyen-van-mau").to_string()));
        assert!(!has("079095000001") && !has("body"));
    });
}

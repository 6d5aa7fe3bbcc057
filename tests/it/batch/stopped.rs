use std::process::{Command, Stdio};
use std::time::Duration;

use super::*;

/// The files of a folder but the data, with names that people see.
fn visible(folder: &Path) -> Vec<String> {
    let all = std::fs::read_dir(folder).unwrap().map(|one| one.unwrap().file_name());
    let names = all.map(|name| name.into_string().unwrap());
    names.filter(|name| !name.starts_with('.') && name != "a.csv").collect()
}

/// The names that people do not see: what is in the making, or was.
fn hidden(folder: &Path) -> Vec<String> {
    let all = std::fs::read_dir(folder).unwrap().map(|one| one.unwrap().file_name());
    let names = all.map(|name| name.into_string().unwrap());
    names.filter(|name| name.starts_with('.')).collect()
}

/// Killed at any moment, a batch leaves nothing under its name that is not whole; what it
/// was at work on is removed by the next one.
#[test]
fn a_batch_that_is_killed_leaves_no_part_under_its_name() {
    let mut table = String::from("subject.full_name\n");
    for letter in (b'A'..=b'Z').cycle().take(150) {
        table.push_str(&format!("Nguyễn Thí Dụ {}\n", char::from(letter)));
    }
    let desk = desk("a.csv", table.as_bytes());
    let start = |output: &str| {
        Command::new(env!("CARGO_BIN_EXE_vanban"))
            .current_dir(desk.path())
            .args(["batch", "--template", TEMPLATE, "--data", "a.csv", "--jobs", "2", "--quiet"])
            .args(["-o", output])
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };
    let whole = std::time::Instant::now();
    assert!(start("whole.zip").wait().unwrap().success());
    let whole = whole.elapsed();
    let expected = std::fs::read(desk.path().join("whole.zip")).unwrap();
    let (mut unfinished, mut left_over) = (0, 0);
    for round in 0..20u32 {
        // From the first moment to the last, archive and folder in turn; one file that
        // stands under the name stays whole.
        let wait = whole * round / 20 + Duration::from_millis(u64::from(round) * 3 % 7);
        let name = if round % 2 == 0 { "out.zip" } else { "out" };
        let mut child = start(name);
        std::thread::sleep(wait);
        let _ = child.kill();
        let ended = child.wait().unwrap();
        let there = desk.path().join(name);
        if ended.success() {
            assert!(there.exists());
        } else {
            unfinished += 1;
        }
        if there.is_dir() {
            assert_eq!(std::fs::read_dir(&there).unwrap().count(), 150, "{wait:?}");
            std::fs::remove_dir_all(&there).unwrap();
        } else if there.exists() {
            assert!(std::fs::read(&there).unwrap() == expected, "not whole after {wait:?}");
            std::fs::remove_file(&there).unwrap();
        }
        left_over += hidden(desk.path()).len();
        assert!(hidden(desk.path()).len() <= 1, "those of the runs before are gone");
        let mut left = visible(desk.path());
        left.retain(|name| name != "whole.zip");
        assert_eq!(left, Vec::<String>::new(), "{wait:?}");
    }
    assert!(unfinished >= 10, "only {unfinished} runs were stopped");
    assert!(left_over > 0, "runs that are stopped leave what they were at work on");
    // Two at once leave each other alone.
    let names = ["one.zip", "two.zip"];
    let mut both = names.map(start);
    for (name, run) in names.iter().zip(&mut both) {
        assert!(run.wait().unwrap().success());
        assert!(std::fs::read(desk.path().join(name)).unwrap() == expected, "{name}");
    }
    assert_eq!(hidden(desk.path()), Vec::<String>::new());
}

/// A worker ends when the program that started it is gone.
#[test]
fn a_worker_ends_with_the_one_who_asks() {
    let mut worker = Command::new(env!("CARGO_BIN_EXE_vanban"))
        .arg("batch-worker")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    drop(worker.stdin.take());
    assert!(worker.wait().unwrap().success());
}

//! Each side runs in a process of its own, and the parent asks them in turn: neither
//! shares Typst's memory with the other. Ours is this program started again; the other is
//! the benchmark `plain`, which has the allocator that Rust gives a program, not ours.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use vanban::pipeline::Format;

use crate::plans::Plan;

/// The first argument of a process that is a worker.
pub const FLAG: &str = "--worker";

/// Who renders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Ours,
    Plain,
}

impl Side {
    pub const BOTH: [Self; 2] = [Self::Ours, Self::Plain];

    pub fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Plain => "plain",
        }
    }

    /// The program of the side. `cargo bench` builds both before it runs one, and puts
    /// them beside each other; of several builds, the newest.
    fn program(self) -> PathBuf {
        let ours = std::env::current_exe().unwrap();
        if self == Self::Ours {
            return ours;
        }
        let beside = std::fs::read_dir(ours.parent().unwrap()).unwrap().map(|entry| entry.unwrap());
        let is_other = |path: &PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            name.starts_with("plain-") && path.extension().is_none_or(|end| end == "exe")
        };
        let others = beside.map(|entry| entry.path()).filter(is_other);
        others
            .max_by_key(|path| path.metadata().unwrap().modified().unwrap())
            .expect("`cargo bench` builds the other side")
    }
}

/// A worker, seen from the parent.
pub struct Worker {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    /// How many variants it has been asked for: none comes twice.
    next: usize,
}

impl Worker {
    pub fn start(side: Side) -> Self {
        let mut child = Command::new(side.program())
            .arg(FLAG)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let to = child.stdin.take().unwrap();
        let from = BufReader::new(child.stdout.take().unwrap());
        Self { child, to, from, next: 0 }
    }

    fn ask(&mut self, verb: &str, plan: Plan, count: usize, threads: usize) -> Vec<Duration> {
        let (plan, first) = (plan.name(), self.next);
        self.next += count;
        writeln!(self.to, "{verb} {plan} {first} {count} {threads}").unwrap();
        self.to.flush().unwrap();
        let mut line = String::new();
        self.from.read_line(&mut line).unwrap();
        let times: Vec<Duration> = line
            .split_whitespace()
            .map(|number| Duration::from_nanos(number.parse().unwrap()))
            .collect();
        assert!(!times.is_empty(), "the worker died: its message stands above");
        times
    }

    /// The time of each of `count` documents, one after the other.
    pub fn documents(&mut self, plan: Plan, count: usize) -> Vec<Duration> {
        self.ask("documents", plan, count, 1)
    }

    /// The time of each of `count` documents in another format than PDF.
    pub fn in_format(&mut self, plan: Plan, format: Format, count: usize) -> Vec<Duration> {
        self.ask(format.extension(), plan, count, 1)
    }

    /// The time of each stage of each of `count` documents.
    pub fn stages(&mut self, plan: Plan, count: usize) -> Vec<Duration> {
        self.ask("stages", plan, count, 1)
    }

    /// The time in which some threads make `count` documents together.
    pub fn together(&mut self, plan: Plan, count: usize, threads: usize) -> Duration {
        self.ask("together", plan, count, threads)[0]
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

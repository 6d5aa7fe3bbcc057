//! Each side runs in a process of its own, this program started again: neither
//! shares Typst's memory with the other, and the parent asks them in turn.
//!
//! A line of a request is `VERB PLAN FIRST COUNT [THREADS]`, a line of the answer
//! is times in nanoseconds.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use typst::comemo;
use vanban::catalog::{Catalog, FontSet};
use vanban::output::pdf;
use vanban::pipeline::{Format, Input, Renderer};

use crate::plain::{self, Plain};
use crate::plans::{Plan, Variants};

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
}

/// Input, content, compilation, PDF and eviction of one document. The plain side
/// has no input and content: it is given the finished JSON.
pub const STAGES: [&str; 5] = ["input", "content", "compile", "pdf", "evict"];

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
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([FLAG, side.name()])
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

/// Answers requests until the parent goes away.
pub fn serve(side: &str) {
    let desk = match side {
        "ours" => Desk::ours(),
        _ => Desk::plain(),
    };
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let words: Vec<&str> = line.split(' ').collect();
        let number = |at: usize| words[at].parse::<usize>().unwrap();
        let plan = Plan::from_name(words[1]).unwrap();
        let variants = Variants::of(plan);
        let numbers = number(2)..number(2) + number(3);
        let jobs: Vec<String> = numbers.map(|number| desk.job(&variants.get(number))).collect();
        let times = match words[0] {
            "documents" => jobs.iter().map(|job| timed(|| desk.render(job)).0).collect(),
            "stages" => jobs.iter().flat_map(|job| desk.stages(job)).collect(),
            "together" => vec![desk.together(&jobs, number(4))],
            extension => {
                let format = Format::of_extension(extension).unwrap();
                jobs.iter().map(|job| timed(|| desk.write(job, format)).0).collect()
            }
        };
        let times: Vec<String> = times.iter().map(|time| time.as_nanos().to_string()).collect();
        let mut out = std::io::stdout().lock();
        writeln!(out, "{}", times.join(" ")).unwrap();
        out.flush().unwrap();
    }
}

/// A side at work. Jobs are data files for ours, finished JSON for the other.
struct Desk {
    renderer: Renderer,
    plain: Option<Plain>,
    press: std::sync::Arc<pdf::Press>,
}

impl Desk {
    fn ours() -> Self {
        let fonts = pdf::Fonts::new(&FontSet::shipped()).unwrap();
        Self {
            renderer: Renderer::new(Catalog::builtin(), FontSet::shipped()).unwrap(),
            plain: None,
            press: pdf::Press::new(Catalog::builtin().assets(), fonts).unwrap(),
        }
    }

    fn plain() -> Self {
        Self { plain: Some(Plain::new()), ..Self::ours() }
    }

    /// What this side is given of a data file, outside of the measured time.
    fn job(&self, yaml: &str) -> String {
        if self.plain.is_none() {
            return yaml.to_owned();
        }
        let composed = self.renderer.compose(&input(yaml)).unwrap();
        self.renderer.view(&composed).json()
    }

    fn render(&self, job: &str) -> Vec<u8> {
        match &self.plain {
            None => self.renderer.render(&input(job), Format::Pdf).unwrap().bytes,
            Some(plain) => plain.render(job),
        }
    }

    /// Data file to file: only ours does this.
    fn write(&self, job: &str, format: Format) -> Vec<u8> {
        let file = self.renderer.render(&input(job), format).unwrap().bytes;
        assert!(!file.is_empty(), "an empty file is quickly made");
        file
    }

    fn stages(&self, job: &str) -> [Duration; STAGES.len()] {
        let Some(plain) = &self.plain else {
            let (checked, data) = timed(|| self.renderer.check(&input(job)).unwrap());
            let (composed, document) = timed(|| self.renderer.compose_checked(data).unwrap());
            let (compiled, pages) =
                timed(|| self.press.lay_out("nd30", &self.renderer.view(&document)).unwrap());
            let (written, _) = timed(|| pdf::write(&pages).unwrap());
            let (evicted, ()) = timed(|| comemo::evict(10));
            return [checked, composed, compiled, written, evicted];
        };
        let (compiled, pages) = timed(|| plain.compile(job));
        let (written, _) = timed(|| plain::write(&pages));
        let (evicted, ()) = timed(|| comemo::evict(10));
        [Duration::ZERO, Duration::ZERO, compiled, written, evicted]
    }

    fn together(&self, jobs: &[String], threads: usize) -> Duration {
        let next = AtomicUsize::new(0);
        let work = || {
            while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                std::hint::black_box(self.render(job));
            }
        };
        let start = Instant::now();
        std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
        start.elapsed()
    }
}

fn input(yaml: &str) -> Input<'_> {
    Input::new("plan.yaml", yaml.as_bytes())
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let result = std::hint::black_box(work());
    (start.elapsed(), result)
}

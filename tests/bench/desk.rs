//! What a process of one side does: it makes the documents that its parent asks for,
//! and tells how long each took.
//!
//! A line of a request is `VERB PLAN FIRST COUNT [THREADS]`, a line of the answer
//! is times in nanoseconds.

use std::io::{BufRead, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use typst::comemo;
use vanban::catalog::{Catalog, FontSet};
use vanban::output::pdf;
use vanban::pipeline::{Format, Input, Renderer};

use crate::plain::{self, Plain};
use crate::plans::{Plan, Variants};

/// Input, content, compilation, PDF and eviction of one document. The plain side
/// has no input and content: it is given the finished JSON.
pub const STAGES: [&str; 5] = ["input", "content", "compile", "pdf", "evict"];

/// Answers requests until the parent goes away.
pub fn serve(desk: &Desk) {
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
pub struct Desk {
    renderer: Renderer,
    plain: Option<Plain>,
    press: std::sync::Arc<pdf::Press>,
}

impl Desk {
    /// Ours; the other is that with its own Typst.
    pub fn ours() -> Self {
        let fonts = pdf::Fonts::new(&FontSet::shipped()).unwrap();
        Self {
            renderer: Renderer::new(Catalog::builtin(), FontSet::shipped()).unwrap(),
            plain: None,
            press: pdf::Press::new(Catalog::builtin().assets(), fonts).unwrap(),
        }
    }

    /// Typst as it comes.
    #[allow(dead_code, reason = "only one of the two programs is that side")]
    pub fn plain() -> Self {
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

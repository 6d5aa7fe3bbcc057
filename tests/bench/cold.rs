//! One document in a fresh process: `vanban render` as a user runs it, against
//! Typst's own time for library, fonts, compilation and PDF.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use vanban::catalog::{Catalog, FontSet};
use vanban::pipeline::{Input, Renderer};

use crate::plain::Plain;
use crate::plans::Plan;

/// The first argument of a process that compiles one document and tells its time.
pub const FLAG: &str = "--cold";

const RUNS: usize = 15;

/// The times of the runs.
pub struct Cold {
    pub render: Vec<Duration>,
    pub check: Vec<Duration>,
    pub plain: Vec<Duration>,
}

/// The released program, which must have been built before.
pub fn binary() -> PathBuf {
    // This program lies in `release/deps`, the other in `release`.
    let here = std::env::current_exe().unwrap();
    let binary = here.ancestors().nth(2).unwrap().join("vanban");
    assert!(binary.is_file(), "no `{}`: run `cargo build --release` first", binary.display());
    binary
}

pub fn measure(binary: &Path) -> Cold {
    let folder = tempfile::tempdir().unwrap();
    let plan = Plan::EightPages.path();
    let json = folder.path().join("document.json");
    std::fs::write(&json, document_json(&plan)).unwrap();
    let pdf = folder.path().join("plan.pdf");
    let mut cold = Cold { render: Vec::new(), check: Vec::new(), plain: Vec::new() };
    // The first round reads the files into the system's cache.
    for round in 0..=RUNS {
        let render = process(Command::new(binary).arg("render").arg(&plan).arg("-o").arg(&pdf));
        let check = process(Command::new(binary).arg("check").arg(&plan));
        let plain = library_time(&json);
        if round > 0 {
            cold.render.push(render);
            cold.check.push(check);
            cold.plain.push(plain);
        }
    }
    cold
}

fn document_json(plan: &Path) -> String {
    let bytes = std::fs::read(plan).unwrap();
    let renderer = Renderer::new(Catalog::builtin(), FontSet::shipped()).unwrap();
    let input = Input::new("plan.yaml", &bytes);
    let composed = renderer.compose(&input).unwrap();
    renderer.view(&composed).json()
}

/// The time of a whole process.
fn process(command: &mut Command) -> Duration {
    let start = Instant::now();
    let status = command.stdout(Stdio::null()).status().unwrap();
    let time = start.elapsed();
    assert!(status.success(), "{command:?} failed");
    time
}

fn library_time(json: &Path) -> Duration {
    let output =
        Command::new(std::env::current_exe().unwrap()).arg(FLAG).arg(json).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let nanoseconds = String::from_utf8(output.stdout).unwrap();
    Duration::from_nanos(nanoseconds.trim().parse().unwrap())
}

/// Compiles one document and prints the nanoseconds that it took.
pub fn serve(json: &str) {
    let json = std::fs::read_to_string(json).unwrap();
    let start = Instant::now();
    std::hint::black_box(Plain::new().render(&json));
    println!("{}", start.elapsed().as_nanos());
}

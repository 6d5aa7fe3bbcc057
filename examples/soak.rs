//! Renders 10,000 documents, no two alike, and watches the memory of the process:
//! `cargo run --release --example soak [COUNT]`.
//!
//! Typst remembers what it has laid out; unless it is made to forget, every
//! document leaves megabytes behind. From the 500th document to the last, the
//! resident memory must stay within 10 %.

#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

use std::process::ExitCode;
use std::time::Instant;

use vanban::catalog::{Catalog, FontSet};
use vanban::pipeline::{Format, Input, Renderer};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The first document that counts: until then caches fill.
const WARM: usize = 500;
/// How far the memory may go from what it was then, in hundredths.
const ALLOWED: f64 = 10.0;
/// Every so many documents, one has eight pages.
const LONG: usize = 10;

const SHORT_PLAN: &str = include_str!("../templates/plan/plan/samples/minimal.yaml");
const LONG_PLAN: &str = include_str!("plan/kien-giang-2019.yaml");

fn main() -> ExitCode {
    let count = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(10_000);
    let renderer = Renderer::new(Catalog::builtin(), FontSet::shipped()).expect("good fonts");
    let start = Instant::now();
    let mut warm = None;
    let (mut low, mut high) = (f64::MAX, 0.0_f64);
    println!("document  resident MiB  seconds");
    for number in 1..=count {
        let data = variant(if number % LONG == 0 { LONG_PLAN } else { SHORT_PLAN }, number);
        let input = Input::new("soak.yaml", data.as_bytes());
        renderer.render(&input, Format::Pdf).expect("a plan without errors");
        if number < WARM || number % 50 != 0 {
            continue;
        }
        let memory = resident();
        warm.get_or_insert(memory);
        (low, high) = (low.min(memory), high.max(memory));
        if number == WARM || number % 1000 == 0 {
            println!("{number:8}  {memory:12.1}  {:7.1}", start.elapsed().as_secs_f64());
        }
    }
    let Some(warm) = warm else {
        println!("at least {WARM} documents are needed");
        return ExitCode::from(2);
    };
    let change = |memory: f64| (memory / warm - 1.0) * 100.0;
    println!("from document {WARM} on: {:+.1} % to {:+.1} %", change(low), change(high));
    if change(high) <= ALLOWED && change(low) >= -ALLOWED {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The plan with an own number and own words in every other line of running text.
fn variant(plan: &str, number: usize) -> String {
    let mut out = String::new();
    for (at, line) in plan.lines().enumerate() {
        if line.starts_with("number:") {
            continue;
        }
        if line.starts_with("place:") {
            out.push_str(&format!("number: {number}\n"));
        }
        out.push_str(line);
        // Folded texts go on in lines without a key.
        let running = line.starts_with("  ") && !line.contains(": ") && !line.contains("- ");
        if running && line.ends_with(char::is_alphabetic) && at % 2 == 0 {
            out.push_str(&format!(" (đợt {number})"));
        }
        out.push('\n');
    }
    out
}

/// The resident memory of this process, in MiB.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux tells");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kibibytes.expect("VmRSS is a number of kB") / 1024.0
}

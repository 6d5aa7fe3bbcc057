//! The whole path from data text to PDF bytes against Typst as it comes, on the
//! same layout and data, in the same run: `cargo bench`.
//!
//! The two sides run in processes of their own and are asked in turn, a few
//! documents each, so that a busy machine slows both alike. Criterion keeps the
//! history of each side; the tables at the end compare them. The run fails if
//! ours takes longer than the other, a Word file or a form takes too long or a cold start is
//! too slow.

#![expect(clippy::print_stdout, reason = "the figures are what it is for")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run has to say so loudly")]

mod batch;
mod cold;
mod desk;
mod dossier;
mod forms;
mod plain;
mod plans;
mod service;
mod worker;

use std::process::ExitCode;
use std::time::Duration;

use criterion::Criterion;

use vanban::pipeline::Format;

use desk::STAGES;
use plans::Plan;
use worker::{Side, Worker};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How much of the other's time ours may take, warm.
const MOST: f64 = 1.0;
/// What we aim at.
const GOAL: f64 = 0.8;
/// How long a Word file may take, warm, from data text to bytes, in milliseconds.
fn most_docx(plan: Plan) -> f64 {
    match plan {
        Plan::OnePage => 2.0,
        Plan::EightPages => 8.0,
    }
}

/// How many times Typst's own time a cold `vanban render` may take.
const MOST_COLD: f64 = 3.0;

/// The argument that has the plans measured alone.
const PLANS: &str = "plans";
/// Documents before the first that is measured: twice the age of eviction.
const WARM_UP: usize = 20;
/// Documents in a row on one side that are measured.
const TURN: usize = 5;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.get(1).map(String::as_str) {
        Some(worker::FLAG) => desk::serve(&desk::Desk::ours()),
        Some(cold::FLAG) => cold::serve(&arguments[2]),
        // `cargo test --benches` only wants to know that it starts.
        _ if !arguments.iter().any(|argument| argument == "--bench") => {}
        // `cargo bench -- service` measures that alone.
        _ if arguments.iter().any(|argument| argument == service::NAME) => {
            return exit_code(service::measure(&cold::binary()));
        }
        // `cargo bench -- plans`: plans as PDF, without criterion's history.
        _ if arguments.iter().any(|argument| argument == PLANS) => {
            return exit_code(compare_plans(&mut Side::BOTH.map(Worker::start)));
        }
        _ => return measure(),
    }
    ExitCode::SUCCESS
}

fn measure() -> ExitCode {
    let binary = cold::binary();
    let mut workers = Side::BOTH.map(Worker::start);
    for plan in Plan::ALL {
        warm_up(plan, &mut workers);
        criterion(plan, &mut workers);
    }
    let mut fine = compare_plans(&mut workers);
    drop(workers);
    fine &= forms::measure();
    fine &= dossier::measure(&binary);
    fine &= batch::measure(&binary);
    fine &= service::measure(&binary);
    fine &= cold(&binary);
    exit_code(fine)
}

/// Every plan in all formats, on both sides; whether ours keeps to its limits.
fn compare_plans(workers: &mut [Worker; 2]) -> bool {
    let mut fine = true;
    for plan in Plan::ALL {
        warm_up(plan, workers);
        fine &= compare(plan, workers);
        split(plan, workers);
        fine &= others(plan, &mut workers[0]);
        throughput(plan, workers);
    }
    fine
}

fn exit_code(fine: bool) -> ExitCode {
    if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn warm_up(plan: Plan, workers: &mut [Worker; 2]) {
    for worker in workers {
        worker.documents(plan, WARM_UP);
    }
}

/// Each side by itself, for criterion's history.
fn criterion(plan: Plan, workers: &mut [Worker; 2]) {
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(4))
        .configure_from_args();
    let mut group = criterion.benchmark_group(plan.name());
    for (side, worker) in Side::BOTH.into_iter().zip(workers) {
        group.bench_function(side.name(), |bencher| {
            bencher.iter_custom(|count| {
                let count = usize::try_from(count).expect("a few hundred");
                worker.documents(plan, count).iter().sum()
            });
        });
    }
    group.finish();
}

/// Both in turn; whether ours keeps to its limit.
fn compare(plan: Plan, workers: &mut [Worker; 2]) -> bool {
    let turns = match plan {
        Plan::OnePage => 200,
        Plan::EightPages => 60,
    };
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..turns {
        for (times, worker) in times.iter_mut().zip(workers.iter_mut()) {
            // The first finds the processor as the other side has left it.
            times.extend(worker.documents(plan, 1 + TURN).split_off(1));
        }
    }
    let [ours, other] = times.map(median);
    let ratio = ours / other;
    println!("\n{} plan, warm, {} documents a side", plan.name(), turns * TURN);
    println!(
        "  ours {ours:.2} ms, plain {other:.2} ms, ratio {ratio:.3} (goal {GOAL}, at most {MOST})"
    );
    ratio <= MOST
}

/// The time of each stage. Eviction goes beside the writing in our path; here it
/// stands alone.
fn split(plan: Plan, workers: &mut [Worker; 2]) {
    println!("  {:<8}{}", "ms", STAGES.map(|stage| format!("{stage:>9}")).concat());
    for (side, worker) in Side::BOTH.into_iter().zip(workers) {
        let times = worker.stages(plan, 100);
        let stage = |at| median(times.iter().skip(at).step_by(STAGES.len()).copied().collect());
        let cells = (0..STAGES.len()).map(|at| format!("{:>9.2}", stage(at)));
        println!("  {:<8}{}", side.name(), cells.collect::<String>());
    }
}

/// The formats without pages, the whole way as in `compare`; whether Word files keep
/// to their limit.
fn others(plan: Plan, ours: &mut Worker) -> bool {
    let mut time = |format| {
        ours.in_format(plan, format, WARM_UP);
        median(ours.in_format(plan, format, 300))
    };
    let [docx, html, text] = [Format::Docx, Format::Html, Format::Text].map(&mut time);
    let most = most_docx(plan);
    println!("  DOCX {docx:.2} ms (at most {most:.0}), HTML {html:.2} ms, text {text:.2} ms");
    docx <= most
}

/// Documents a second on several threads.
fn throughput(plan: Plan, workers: &mut [Worker; 2]) {
    let count = match plan {
        Plan::OnePage => 600,
        Plan::EightPages => 120,
    };
    println!("  {:<8}{:>9}{:>9}{:>9}", "docs/s", "1 thread", "2", "4");
    for (side, worker) in Side::BOTH.into_iter().zip(workers) {
        let cells = [1, 2, 4].map(|threads| {
            let time = worker.together(plan, count, threads);
            #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
            let rate = count as f64 / time.as_secs_f64();
            format!("{rate:>9.0}")
        });
        println!("  {:<8}{}", side.name(), cells.concat());
    }
}

/// A cold start of the program; whether it keeps to its limit.
fn cold(binary: &std::path::Path) -> bool {
    let cold = cold::measure(binary);
    let [render, check, other] = [cold.render, cold.check, cold.plain].map(median);
    let ratio = render / other;
    println!("\neight-page plan, cold");
    println!("  `vanban render` {render:.1} ms (whole process), `vanban check` {check:.1} ms");
    println!("  plain Typst {other:.1} ms (library alone), ratio {ratio:.2} (at most {MOST_COLD})");
    ratio <= MOST_COLD
}

/// The median, in milliseconds.
fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64() * 1e3
}

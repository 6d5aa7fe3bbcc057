//! A commitment for each row of a table: one worker and as many as there are cores, in
//! turn, and the memory of all processes with short and long tables.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The template: one page.
const TEMPLATE: &str = "product-cam-ket-khong-trong";
/// Rows of the table that is timed.
const ROWS: usize = 1_000;
/// What a core more must bring, of what one brings.
const LEAST: f64 = 0.7;
/// What we aim at.
const GOAL: f64 = 0.85;
/// How many times the memory of 1,000 rows 10,000 may take.
const MOST_MEMORY: f64 = 1.2;

/// Prints the figures; whether they keep to their limits.
pub fn measure(binary: &Path) -> bool {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let folder = tempfile::tempdir().unwrap();
    let table = |rows: usize| {
        let name = format!("{rows}.xlsx");
        std::fs::write(folder.path().join(&name), workbook(rows)).unwrap();
        name
    };
    let name = table(ROWS);
    let mut rates = [Vec::new(), Vec::new()];
    for _ in 0..3 {
        for (rates, jobs) in rates.iter_mut().zip([1, cores]) {
            rates.push(rate(binary, folder.path(), &name, jobs));
        }
    }
    let [one, all] = rates.map(|mut rates| {
        rates.sort_by(f64::total_cmp);
        rates[rates.len() / 2]
    });
    #[expect(clippy::cast_precision_loss, reason = "a few cores")]
    let share = all / (one * cores as f64);
    println!("\n{ROWS} one-page commitments of one table, PDF, one archive");
    println!("  one core {one:.0} documents a second, {cores} cores {all:.0}");
    println!("  a core brings {share:.2} of one (goal {GOAL}, at least {LEAST})");
    let [short, long] =
        [1_000, 10_000].map(|rows| peak(binary, folder.path(), &table(rows), cores));
    let (Some(short), Some(long)) = (short, long) else { return share >= LEAST };
    let growth = long / short;
    println!(
        "  memory {short:.0} MiB for 1,000 rows, {long:.0} MiB for 10,000: {growth:.2} times (at most {MOST_MEMORY})"
    );
    share >= LEAST && growth <= MOST_MEMORY
}

/// A workbook of made-up households, no two of which are the same.
fn workbook(rows: usize) -> Vec<u8> {
    const COLUMNS: [&str; 8] = [
        "household.head.full_name",
        "household.head.sex",
        "household.head.birth_date",
        "household.head.identity.number",
        "household.head.residence.address",
        "household.ethnicity",
        "household.members",
        "household.land",
    ];
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, COLUMNS).unwrap();
    for number in 0..rows {
        let letters: String =
            number.to_string().bytes().map(|digit| char::from(digit - b'0' + b'A')).collect();
        let (day, year) = (1 + number % 28, 1950 + number % 50);
        let row = [
            format!("Nguyễn Thí Dụ {letters}"),
            "Nam".to_owned(),
            format!("{day}/5/{year}"),
            format!("089075{number:06}"),
            format!("số {number}, ấp Ví Dụ 1, xã Định Mỹ"),
            "Kinh".to_owned(),
            (1 + number % 9).to_string(),
            format!("vườn {number} m²"),
        ];
        sheet.write_row(u32::try_from(number + 1).unwrap(), 0, row).unwrap();
    }
    book.save_to_buffer().unwrap()
}

fn command(binary: &Path, folder: &Path, table: &str, jobs: usize) -> Command {
    // One worker has one core, with the threads beside it: what a core does is measured,
    // and not what one worker does with several.
    let mut command = if jobs == 1 {
        let mut command = Command::new("taskset");
        command.args(["--cpu-list", "0"]).arg(binary);
        command
    } else {
        Command::new(binary)
    };
    let profile = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/profile/dinh-my.yaml");
    command
        .current_dir(folder)
        .args(["batch", "--template", TEMPLATE, "--data", table, "--quiet", "-o", "out.zip"])
        .arg("--jobs")
        .arg(jobs.to_string())
        .arg("--profile")
        .arg(profile)
        .stderr(Stdio::null());
    command
}

/// Documents a second, the start of the processes counted.
fn rate(binary: &Path, folder: &Path, table: &str, jobs: usize) -> f64 {
    let start = Instant::now();
    let status = command(binary, folder, table, jobs).status().unwrap();
    assert!(status.success(), "the batch failed");
    #[expect(clippy::cast_precision_loss, reason = "a thousand")]
    let rate = ROWS as f64 / start.elapsed().as_secs_f64();
    rate
}

/// The most memory that the program and its workers held at a time, in MiB, pages that
/// they share counted once; none where the system does not tell.
fn peak(binary: &Path, folder: &Path, table: &str, jobs: usize) -> Option<f64> {
    let mut child = command(binary, folder, table, jobs).spawn().unwrap();
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        most = most.max(memory(child.id()).unwrap_or(0));
        std::thread::sleep(Duration::from_millis(50));
    }
    #[expect(clippy::cast_precision_loss, reason = "some hundred thousand")]
    (most > 0).then(|| most as f64 / 1024.0)
}

/// The memory of a process and of those that it started, in KiB.
fn memory(process: u32) -> Option<u64> {
    let rollup = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup")).ok()?;
    let own = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    let mut sum: u64 = own.trim().trim_end_matches(" kB").trim().parse().ok()?;
    for thread in std::fs::read_dir(format!("/proc/{process}/task")).ok()?.flatten() {
        let children = std::fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        sum +=
            children.split(' ').filter_map(|child| memory(child.trim().parse().ok()?)).sum::<u64>();
    }
    Some(sum)
}

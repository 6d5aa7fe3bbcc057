//! A dossier of twelve papers and three scans: the print set against its papers one by
//! one, and how soon the archive begins.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use vanban::catalog::{Catalog, FontSet};
use vanban::output::sheet::Outside;
use vanban::pipeline::{Format, Input, Numbering, PaperContent, Pieces, Renderer, Sink};
use vanban::viet::Calendar;

/// How many times the sum of its papers a print set may take, scans apart.
const MOST: f64 = 1.3;
/// How long a warm renderer may take until the archive begins, in milliseconds.
const MOST_FIRST: f64 = 100.0;
/// Papers that the law leaves to the case.
const CHOSEN: &str = "test-result, voluntary-decision, commitment, reminder-minutes, review-minutes, \
                      custody-decision, notice-receipt, reading-minutes";
const SCANS: [(&str, &str); 3] =
    [("addiction-result", "a.jpg"), ("other-papers", "b.jpg"), ("other-papers", "c.jpg")];

/// Prints the figures; whether they keep to their limits.
pub fn measure(binary: &Path) -> bool {
    let case = "examples/case/nguoi-thanh-nien-co-noi-cu-tru.yaml";
    let case = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(case)).unwrap();
    let case = with_papers(&case);
    let scan = scan();
    let files: BTreeMap<String, Arc<[u8]>> =
        SCANS.iter().map(|(_, file)| ((*file).to_owned(), Arc::from(scan.as_slice()))).collect();
    let renderer = Renderer::new(Catalog::builtin(), FontSet::shipped()).unwrap();
    let (mut ratios, mut sets, mut papers, mut reading) = (vec![], vec![], vec![], vec![]);
    let mut begins = Vec::new();
    let mut count = (0, 0);
    for round in 0..12 {
        // No two dossiers are the same.
        let case = case.replacen("\nnumber: ", &format!("\nnumber: {round}"), 1);
        let input = Input::new("case.yaml", case.as_bytes()).with_files(&files);
        let start = Instant::now();
        let found = renderer.completeness(&input, None, None, Calendar::of_vietnam()).unwrap();
        let mut dossier = renderer.bind(&input, found, Numbering::default()).unwrap();
        renderer.number(&mut dossier, &files).unwrap();
        let set = dossier.completeness.sets.first().cloned();
        let mut bytes = Vec::new();
        renderer.print_set(&dossier, set.as_ref(), &files, &mut bytes).unwrap();
        let whole = milliseconds(start);
        assert!(bytes.len() > 100_000);
        let start = Instant::now();
        let ids: Vec<String> = dossier
            .papers
            .iter()
            .filter_map(|paper| match &paper.content {
                PaperContent::Made(composed) => Some(composed.checked.template.manifest.id.clone()),
                PaperContent::Outside { .. } => None,
            })
            .collect();
        for id in &ids {
            let input = Input { template: Some(id), ..input };
            renderer.render(&input, Format::Pdf).unwrap();
        }
        let alone = milliseconds(start);
        let start = Instant::now();
        for _ in SCANS {
            Outside::read(scan.clone()).unwrap();
        }
        let scans = milliseconds(start);
        count = (ids.len(), dossier.papers.len() - ids.len());
        let start = Instant::now();
        let found = renderer.completeness(&input, None, None, Calendar::of_vietnam()).unwrap();
        let mut dossier = renderer.bind(&input, found, Numbering::default()).unwrap();
        let mut sink = First { start, first: None };
        renderer.write_dossier(&mut dossier, &files, &mut sink).unwrap();
        // The first rounds warm up.
        if round >= 2 {
            begins.push(sink.first.unwrap());
            ratios.push((whole - scans).max(0.0) / alone);
            sets.push(whole);
            papers.push(alone);
            reading.push(scans);
        }
    }
    let [ratio, whole, alone, scans] = [ratios, sets, papers, reading].map(median);
    println!(
        "\na dossier of {} papers and {} scans, print set, one thread for the papers",
        count.0, count.1
    );
    println!(
        "  set {whole:.0} ms, papers one by one {alone:.0} ms, three scans one by one {scans:.0} ms"
    );
    println!("  without the scans {ratio:.2} times its papers (at most {MOST})");
    let first = median(begins);
    let cold = first_bytes(binary, &case, &scan);
    println!(
        "  the archive begins after {first:.0} ms (at most {MOST_FIRST:.0}), in a new process {cold:.0} ms"
    );
    ratio <= MOST && first <= MOST_FIRST
}

/// When the first file came.
struct First {
    start: Instant,
    first: Option<f64>,
}

impl Sink for First {
    fn put(&mut self, _: &str, _: &[u8]) -> std::io::Result<()> {
        self.first.get_or_insert_with(|| milliseconds(self.start));
        Ok(())
    }

    fn put_pieces(&mut self, _: &str, _: u64, write: &mut Pieces<'_>) -> std::io::Result<()> {
        self.first.get_or_insert_with(|| milliseconds(self.start));
        write(&mut std::io::sink())
    }
}

fn with_papers(case: &str) -> String {
    let mut entries = String::new();
    for (paper, file) in SCANS {
        entries.push_str(&format!("    - {{paper: {paper}, file: {file}}}\n"));
    }
    let from = case.find("\n  outside:\n").expect("the example has papers from outside");
    let rest = &case[from + "\n  outside:\n".len()..];
    let more: String = rest.lines().skip_while(|line| line.starts_with("    ")).fold(
        String::new(),
        |mut more, line| {
            more.push_str(line);
            more.push('\n');
            more
        },
    );
    format!("{}\n  chosen: [{CHOSEN}]\n  outside:\n{entries}{more}", &case[..from])
}

/// A colour scan of A4 with 200 pixels to the inch.
fn scan() -> Vec<u8> {
    let image = image::RgbImage::from_fn(1654, 2339, |x, y| {
        let shade = u8::try_from((x / 7 + y / 5) % 200).unwrap_or(0);
        image::Rgb([shade, 220, 255 - shade])
    });
    let mut bytes = Vec::new();
    image.write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Jpeg).unwrap();
    bytes
}

/// From the start of the program to the first byte of the archive, in milliseconds: the
/// median of some runs.
fn first_bytes(binary: &Path, case: &str, scan: &[u8]) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("case.yaml"), case).unwrap();
    for (_, file) in SCANS {
        std::fs::write(folder.path().join(file), scan).unwrap();
    }
    let times = (0..9).map(|_| {
        let start = Instant::now();
        let mut child = Command::new(binary)
            .current_dir(folder.path())
            .args(["dossier", "build", "case.yaml", "-o", "-"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut out = child.stdout.take().unwrap();
        out.read_exact(&mut [0; 4]).unwrap();
        let first = milliseconds(start);
        out.read_to_end(&mut Vec::new()).unwrap();
        assert!(child.wait().unwrap().success());
        first
    });
    median(times.collect())
}

fn milliseconds(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1000.0
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

//! A dossier of many scans: none is kept, each is read again when its turn comes, and must
//! then be the same.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::Duration;

use image::RgbImage;
use vanban::base::Finding;
use vanban::input::{FileError, Files};
use vanban::pipeline::{BuildError, Dossier, Input, Numbering, Pieces, Sink};
use vanban::viet::Calendar;

use super::binding::{CASES, desk, with_papers};
use super::sheets::{jpeg, scan};
use super::support::RENDERER;

/// A scan of some megabytes that no other is: what a scanner makes of grainy paper.
fn grainy(seed: u32) -> Vec<u8> {
    let mut state = 0x9E37_79B9 ^ (seed + 1);
    let image = RgbImage::from_fn(1700, 2400, |_, _| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let [a, b, c, _] = state.to_le_bytes();
        image::Rgb([a, b, c].map(|grain| 120 + grain / 2))
    });
    jpeg(&image, 205)
}

/// A line of what the kernel tells of a process.
fn told(process: &str, name: &str) -> Option<String> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    Some(line.trim().to_owned())
}

/// The most memory that building the archive took, in bytes, on one core: on several, as
/// many scans are read at once.
fn peak(desk: &Path, scans: &[(&str, &[u8])]) -> u64 {
    with_papers(desk, scans);
    let cores = told("self", "Cpus_allowed_list").unwrap();
    let core: String = cores.chars().take_while(char::is_ascii_digit).collect();
    let mut child = Command::new("taskset")
        .args(["-c", &core, env!("CARGO_BIN_EXE_vanban")])
        .args(["dossier", "build", "nhieu.yaml", "-o", "ho-so.zip"])
        .current_dir(desk)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("taskset is a part of the system");
    let process = child.id().to_string();
    let mut peak = 0;
    loop {
        // The kernel keeps the highest there has been.
        let line = told(&process, "VmHWM");
        if let Some(kilobytes) = line.as_deref().and_then(|line| line.strip_suffix(" kB")) {
            peak = kilobytes.parse::<u64>().unwrap() * 1024;
        }
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success());
            return peak;
        }
        sleep(Duration::from_millis(2));
    }
}

/// A set is one PDF with all scans, and there are three sets; the archive has the scans and
/// numbered copies of them besides: still the memory for 40 scans is that for 4.
#[test]
#[cfg(target_os = "linux")]
fn memory_does_not_grow_with_the_scans() {
    let scans: Vec<Vec<u8>> = (0..4).map(grainy).collect();
    let names: Vec<String> = (0..40).map(|at| format!("quet-{at}.jpg")).collect();
    let files = names.iter().zip(scans.iter().cycle());
    let files: Vec<(&str, &[u8])> =
        files.map(|(name, scan)| (name.as_str(), scan.as_slice())).collect();
    let desk = desk();
    let (few, many) = (peak(desk.path(), &files[..4]), peak(desk.path(), &files));
    let more: u64 = files[4..].iter().map(|(_, scan)| scan.len() as u64).sum();
    assert!(more > 100_000_000, "the scans have some megabytes each: {more}");
    // Not a third of what came more is in memory, once.
    assert!(many < few + more / 3, "4 scans: {few}, 40 scans: {many}, more bytes: {more}");
}

/// Files of which one is another one when it is read for the second time.
struct Changing {
    files: BTreeMap<String, Arc<[u8]>>,
    file: &'static str,
    later: Option<Vec<u8>>,
    reads: Mutex<usize>,
}

impl fmt::Debug for Changing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.file)
    }
}

impl Files for Changing {
    fn read(&self, path: &str, most: usize) -> Result<Vec<u8>, FileError> {
        // The first look is for the first bytes alone.
        if path == self.file && most > 1000 {
            let mut reads = self.reads.lock().unwrap();
            *reads += 1;
            if *reads > 1 {
                return self.later.clone().ok_or(FileError::Missing);
            }
        }
        self.files.read(path, most)
    }
}

/// Keeps the names of what came whole.
#[derive(Default)]
struct Names(Vec<String>);

impl Sink for Names {
    fn put(&mut self, path: &str, _: &[u8]) -> std::io::Result<()> {
        self.0.push(path.to_owned());
        Ok(())
    }

    fn put_pieces(&mut self, path: &str, _: u64, write: &mut Pieces<'_>) -> std::io::Result<()> {
        write(&mut std::io::sink())?;
        self.put(path, &[])
    }
}

fn bound(files: &dyn Files) -> Dossier {
    let path = super::support::repository(&format!("examples/case/{}.yaml", CASES[0].0));
    let case = fs::read(path).unwrap();
    let input = Input::new("case.yaml", &case).with_files(files);
    let found = RENDERER.completeness(&input, None, None, Calendar::of_vietnam()).unwrap();
    RENDERER.bind(&input, found, Numbering::default()).unwrap()
}

fn code(failed: BuildError) -> (String, String) {
    let BuildError::Findings(findings) = failed else { panic!("{failed}") };
    let [finding]: [Finding; 1] = findings.try_into().unwrap();
    (finding.code.to_string(), finding.text(vanban::base::Language::En).to_owned())
}

#[test]
fn a_file_that_changes_while_the_dossier_is_built_is_an_error() {
    const FILE: &str = "giay-to/phieu-ket-qua.jpg";
    let picture: Arc<[u8]> = jpeg(&scan(600, 800), 72).into();
    for later in [Some(jpeg(&scan(500, 800), 72)), None] {
        let gone = later.is_none();
        let files = Changing {
            files: BTreeMap::from([(FILE.to_owned(), Arc::clone(&picture))]),
            file: FILE,
            later,
            reads: Mutex::new(0),
        };
        let says = if gone { "there is no such file" } else { "changed while the dossier" };
        // As an archive.
        let mut names = Names::default();
        let failed = RENDERER.write_dossier(&mut bound(&files), &files, &mut names).unwrap_err();
        let (found, text) = code(failed);
        assert!(found == "DB02" && text.contains(FILE) && text.contains(says), "{text}");
        assert!(!names.0.iter().any(|name| name == "manifest.json"), "{:?}", names.0);
        // As a set to print: nothing is taken for whole.
        *files.reads.lock().unwrap() = 0;
        let mut dossier = bound(&files);
        RENDERER.number(&mut dossier, &files).unwrap();
        let mut written = Vec::new();
        let failed = RENDERER.print_set(&dossier, None, &files, &mut written as &mut dyn Write);
        let (found, text) = code(failed.unwrap_err());
        assert!(found == "DB02" && text.contains(says), "{text}");
        assert!(!written.ends_with(b"%%EOF"));
    }
}

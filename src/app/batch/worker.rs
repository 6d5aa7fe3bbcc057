use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use super::wire::{Answer, Job, Setup, VERSION};
use crate::app::{AppError, Folder, Session, SessionOptions, frame};
use crate::base::{Bilingual, SourceText};
use crate::input::table::Common;
use crate::pipeline::{Desk, Entry, Made, Order};

/// The hidden command of the program that is a worker.
pub const COMMAND: &str = "batch-worker";

/// Who makes documents: another process, whose memory of laid-out parts is its own, or
/// this one.
#[derive(Debug)]
pub(super) enum Worker {
    Process(Box<Process>),
    Here(Arc<Desk>),
}

#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    to: BufWriter<ChildStdin>,
    from: BufReader<ChildStdout>,
    common: Option<SourceText>,
    /// The last words of the process.
    complaint: Arc<Mutex<Vec<u8>>>,
    listener: Option<JoinHandle<()>>,
}

/// Why a record was not made.
#[derive(Debug)]
pub(super) enum Failure {
    /// The worker said so.
    Told(Bilingual),
    /// The worker is gone; its last words.
    Gone(String),
}

impl Worker {
    /// What becomes of a record.
    pub fn make(&mut self, entry: Entry, write: bool) -> Result<Made, Failure> {
        match self {
            Self::Here(desk) => desk
                .make(entry, write)
                .map_err(|error| Failure::Told(AppError::from(error).message())),
            Self::Process(process) => process.make(entry, write),
        }
    }
}

/// How much of the last words of a process is kept, in bytes.
const LAST_WORDS: usize = 2_000;

impl Process {
    /// Starts a worker; nothing of the data is on its command line.
    pub fn start(
        program: &Path,
        setup: &Setup,
        common: Option<SourceText>,
    ) -> std::io::Result<Self> {
        let mut child = Command::new(program)
            .arg(COMMAND)
            // The workers share the cores; none of them needs more than one.
            .env("RAYON_NUM_THREADS", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let (to, from) = (child.stdin.take(), child.stdout.take());
        let (Some(to), Some(from)) = (to, from) else {
            return Err(std::io::ErrorKind::BrokenPipe.into());
        };
        let complaint = Arc::new(Mutex::new(Vec::new()));
        let listener = child.stderr.take().map(|mut from| {
            let complaint = complaint.clone();
            std::thread::spawn(move || listen(&mut from, &complaint))
        });
        let (to, from) = (BufWriter::new(to), BufReader::new(from));
        let mut process = Self { child, to, from, common, complaint, listener };
        frame::send(setup, &mut process.to)?;
        process.to.flush()?;
        Ok(process)
    }

    /// Waits until the worker has everything ready.
    pub fn ready(&mut self) -> Result<(), Failure> {
        match frame::receive::<Answer>(&mut self.from) {
            Ok(Some(Answer { failed: None, .. })) => Ok(()),
            Ok(Some(Answer { failed: Some(message), .. })) => Err(Failure::Told(message)),
            Ok(None) | Err(_) => Err(self.gone()),
        }
    }

    fn make(&mut self, entry: Entry, write: bool) -> Result<Made, Failure> {
        let asked = frame::send(&Job { entry, write }, &mut self.to).and_then(|()| self.to.flush());
        if asked.is_err() {
            return Err(self.gone());
        }
        match frame::receive::<Answer>(&mut self.from) {
            Ok(Some(Answer { failed: Some(message), .. })) => Err(Failure::Told(message)),
            Ok(Some(answer)) => {
                answer.receive(self.common.as_ref(), &mut self.from).map_err(|_| self.gone())
            }
            Ok(None) | Err(_) => Err(self.gone()),
        }
    }

    /// How the process ended, with its last words.
    fn gone(&mut self) -> Failure {
        let _ = self.child.kill();
        let status = self.child.wait().map(|status| status.to_string()).unwrap_or_default();
        if let Some(listener) = self.listener.take() {
            let _ = listener.join();
        }
        let words = self.complaint.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let words = String::from_utf8_lossy(&words).trim().to_owned();
        let parts: Vec<&str> =
            [status.as_str(), words.as_str()].into_iter().filter(|part| !part.is_empty()).collect();
        Failure::Gone(parts.join("; "))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn listen(from: &mut impl Read, complaint: &Mutex<Vec<u8>>) {
    let mut part = [0; 1024];
    while let Ok(length @ 1..) = from.read(&mut part) {
        let mut words = complaint.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        words.extend_from_slice(&part[..length]);
        let over = words.len().saturating_sub(LAST_WORDS);
        words.drain(..over);
    }
}

/// Makes the desk that a setup describes.
pub(super) fn desk(setup: &Setup) -> Result<Desk, Bilingual> {
    let options = SessionOptions {
        templates: setup.templates.clone(),
        fonts: setup.fonts.clone(),
        as_of: setup.as_of(),
        profile: None,
    };
    let words = |error: AppError| error.message();
    let session = Session::open(&options).map_err(words)?.with_profile(setup.profile.clone());
    let template = session.template(&setup.template).map_err(words)?.clone();
    let order = Order {
        template,
        formats: setup.formats(),
        layout: setup.layout.clone(),
        file: setup.file.clone(),
        common: common(setup),
        files: Box::new(Folder::at(&setup.folder)),
    };
    let renderer = session.renderer().map_err(words)?;
    Desk::new(renderer, order).map_err(|finding| finding.message)
}

/// The common values; they have been read before and are well-formed.
pub(super) fn common(setup: &Setup) -> Option<Common> {
    let (name, bytes) = setup.common.as_ref()?;
    let (source, node) = crate::input::read(name, bytes).ok()?;
    Some(Common { source, node })
}

/// A worker at work: answers jobs until nobody asks any more.
///
/// # Errors
///
/// If what it reads is none of ours, or nobody reads its answers.
pub fn serve(from: &mut impl Read, to: &mut impl Write) -> Result<(), AppError> {
    let failed = |error| AppError::Write { path: COMMAND.to_owned(), error };
    let Some(setup) = frame::receive::<Setup>(from).map_err(failed)? else { return Ok(()) };
    if setup.version != VERSION {
        return Err(failed(std::io::ErrorKind::InvalidData.into()));
    }
    let (desk, problem) = match desk(&setup) {
        Ok(desk) => (Some(desk), None),
        Err(problem) => (None, Some(problem)),
    };
    let answer = |answer: &Answer, to: &mut dyn Write| {
        let mut to = to;
        frame::send(answer, &mut to).and_then(|()| to.flush()).map_err(failed)
    };
    answer(&Answer::of(problem), to)?;
    let Some(desk) = desk else { return Ok(()) };
    let common = common(&setup).map(|common| common.source);
    while let Some(job) = frame::receive::<Job>(from).map_err(failed)? {
        match desk.make(job.entry, job.write) {
            Ok(made) => Answer::send(&made, common.as_ref(), to).map_err(failed)?,
            Err(error) => answer(&Answer::of(Some(AppError::from(error).message())), to)?,
        }
    }
    Ok(())
}

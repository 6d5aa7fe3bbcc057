use std::io;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::answer::End;
use super::wire::{self, Frame, Inbox, Setup};
use super::worker::COMMAND;
use crate::base::Bilingual;

/// A worker, seen from the service.
#[derive(Debug)]
pub(super) struct Worker {
    child: Child,
    pub to: ChildStdin,
    pub from: Inbox<ChildStdout>,
    /// How many asks it has answered.
    pub asks: u64,
    last_words: Arc<Mutex<Vec<u8>>>,
    listener: Option<JoinHandle<()>>,
}

/// Why a worker is not there.
#[derive(Debug, Clone, thiserror::Error)]
pub(super) enum StartError {
    /// It said so.
    #[error("{}", .0.en)]
    Told(Bilingual),
    /// It could not be started, or ended.
    #[error("{0}")]
    Gone(String),
}

/// How a worker ended that was at work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Death {
    /// It needed more memory than it may have.
    OfMemory,
    /// Another; how, without a word of the data.
    Of(String),
}

/// How long a worker may take to start.
const START: Duration = Duration::from_mins(1);
/// How much of the last words of a worker is kept, in bytes.
const LAST_WORDS: usize = 2_000;
/// How long a worker that is gone may take to be buried.
const BURIAL: Duration = Duration::from_secs(5);

impl Worker {
    /// Starts a worker and waits until it is warm. Nothing of any data is on its command
    /// line.
    pub async fn start(program: &Path, setup: &Setup) -> Result<Self, StartError> {
        let gone = |error: io::Error| StartError::Gone(error.to_string());
        let mut command = Command::new(program);
        command
            .arg(COMMAND)
            // The workers share the cores. A second thread packs what a page says while the
            // first goes on; more would only be woken in vain.
            .env("RAYON_NUM_THREADS", "2")
            // Memory is taken as it is needed, so that the limit is one of what is used.
            .env("MIMALLOC_ARENA_RESERVE", "64MiB")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        // Who stops the service at a terminal does not stop what is being made.
        #[cfg(unix)]
        command.process_group(0);
        let mut child = command.spawn().map_err(gone)?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(to), Some(from), Some(words)) = pipes else {
            return Err(gone(io::ErrorKind::BrokenPipe.into()));
        };
        let last_words = Arc::new(Mutex::new(Vec::new()));
        let listener = Some(tokio::spawn(listen(words, last_words.clone())));
        let from = Inbox::new(from);
        let mut worker = Self { child, to, from, asks: 0, last_words, listener };
        match timeout(START, worker.ready(setup)).await {
            Ok(Ok(End { failed: None, .. })) => Ok(worker),
            Ok(Ok(End { failed: Some(message), .. })) => Err(StartError::Told(message)),
            Ok(Err(_)) | Err(_) => Err(StartError::Gone(match worker.bury().await {
                Death::OfMemory => "out of memory".to_owned(),
                Death::Of(how) => how,
            })),
        }
    }

    async fn ready(&mut self, setup: &Setup) -> io::Result<End> {
        wire::send_setup(setup, &mut self.to).await?;
        loop {
            if let Frame::End(end) = self.from.receive().await? {
                return Ok(end);
            }
        }
    }

    /// Ends a worker and says how it ended, if it had ended before.
    pub async fn bury(mut self) -> Death {
        // A worker that has just died may not be known as dead yet.
        let ended = timeout(Duration::from_millis(100), self.child.wait()).await;
        let status = if let Ok(Ok(status)) = ended {
            Some(status)
        } else {
            let _ = self.child.start_kill();
            let _ = timeout(BURIAL, self.child.wait()).await;
            None
        };
        if let Some(listener) = self.listener.take() {
            let _ = timeout(BURIAL, listener).await;
        }
        let words = self.last_words.lock().unwrap_or_else(PoisonError::into_inner);
        let words = String::from_utf8_lossy(&words).trim().to_owned();
        let killed = status.is_some_and(was_killed);
        if killed || words.contains("memory allocation of") {
            return Death::OfMemory;
        }
        let status = status.map(|status| status.to_string()).unwrap_or_default();
        let parts = [status.as_str(), words.as_str()];
        Death::Of(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; "))
    }
}

/// Whether the system killed a process, as it does when memory runs out.
#[cfg(unix)]
fn was_killed(status: std::process::ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    status.signal() == Some(9)
}

#[cfg(not(unix))]
fn was_killed(_: std::process::ExitStatus) -> bool {
    false
}

async fn listen(mut from: ChildStderr, last_words: Arc<Mutex<Vec<u8>>>) {
    let mut part = [0; 1024];
    while let Ok(length @ 1..) = from.read(&mut part).await {
        let mut words = last_words.lock().unwrap_or_else(PoisonError::into_inner);
        words.extend_from_slice(&part[..length]);
        let over = words.len().saturating_sub(LAST_WORDS);
        words.drain(..over);
    }
}

use std::io::{self, Write};
use std::time::{Duration, Instant};

use super::answer::Head;
use super::wire::{CHUNK, Outbox};

/// What is made goes out in long pieces, but none of it waits long: whoever asked sees the
/// first before the last is made.
#[derive(Debug)]
pub(super) struct Flow<'a, W: Write> {
    out: &'a mut Outbox<W>,
    waiting: Vec<u8>,
    /// When something last went out.
    sent: Option<Instant>,
}

/// How long what is made may wait for more.
const WAIT: Duration = Duration::from_millis(50);

impl<'a, W: Write> Flow<'a, W> {
    pub fn new(out: &'a mut Outbox<W>) -> Self {
        Self { out, waiting: Vec::with_capacity(CHUNK), sent: None }
    }

    /// Begins the answer.
    pub fn begin(&mut self, head: &Head) -> io::Result<()> {
        self.out.head(head)
    }

    fn is_due(&self) -> bool {
        self.waiting.len() >= CHUNK || self.sent.is_none_or(|sent| sent.elapsed() >= WAIT)
    }
}

impl<W: Write> Write for Flow<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = CHUNK - self.waiting.len();
        let length = bytes.len().min(room);
        self.waiting.extend_from_slice(&bytes[..length]);
        if self.is_due() {
            self.flush()?;
        }
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(&self.waiting)?;
        self.waiting.clear();
        self.sent = Some(Instant::now());
        self.out.flush()
    }
}

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use zip::result::ZipResult;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

/// A ZIP that is written file by file and without going back, so that memory does not
/// grow with it and it can be sent while it is made.
///
/// The same files give the same bytes: no entry has a time. Names are UTF-8. What is not
/// finished has no list of files and looks like no whole archive.
pub struct Archive<W: Write> {
    /// Dropped first: a writer of archives that is dropped would finish its archive.
    closing: Closing,
    zip: ZipWriter<StreamWriter<Gate<W>>>,
}

/// Lets through what is written until it is closed.
struct Gate<W> {
    to: W,
    closed: Arc<AtomicBool>,
}

impl<W: Write> Write for Gate<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.closed.load(Ordering::Relaxed) {
            return Ok(bytes.len());
        }
        let written = self.to.write(bytes);
        // After a failure nobody wants the rest; the failure itself is told once.
        let failed = |error: &io::Error| error.kind() != io::ErrorKind::Interrupted;
        if written.as_ref().is_err_and(failed) {
            self.closed.store(true, Ordering::Relaxed);
        }
        written
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.closed.load(Ordering::Relaxed) { Ok(()) } else { self.to.flush() }
    }
}

/// Closes a gate when it is dropped.
struct Closing(Arc<AtomicBool>);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Endings of files that are packed already.
const PACKED: [&str; 6] = [".pdf", ".png", ".jpg", ".tif", ".docx", ".zip"];

impl<W: Write> Archive<W> {
    /// Starts an archive.
    pub fn new(to: W) -> Self {
        let closed = Arc::new(AtomicBool::new(false));
        let gate = Gate { to, closed: closed.clone() };
        Self { closing: Closing(closed), zip: ZipWriter::new_stream(gate) }
    }

    /// Adds a file.
    ///
    /// # Errors
    ///
    /// If it cannot be written, or the name is taken.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> ZipResult<()> {
        self.start(name, bytes.len() as u64)?;
        self.zip.write_all(bytes)?;
        Ok(())
    }

    /// Adds a file piece by piece; it has at most so many bytes.
    ///
    /// # Errors
    ///
    /// If it cannot be written, or the name is taken; what the pieces fail with.
    pub fn add_pieces(
        &mut self,
        name: &str,
        most: u64,
        write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        self.start(name, most)?;
        write(&mut self.zip)
    }

    fn start(&mut self, name: &str, most: u64) -> ZipResult<()> {
        let method = if PACKED.iter().any(|ending| name.ends_with(ending)) {
            CompressionMethod::Stored
        } else {
            CompressionMethod::Deflated
        };
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644)
            .large_file(u32::try_from(most).is_err());
        self.zip.start_file(name, options)
    }

    /// Writes the list of files and gives back what was written to.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn finish(self) -> ZipResult<W> {
        let Self { closing, zip } = self;
        let finished = zip.finish();
        drop(closing);
        Ok(finished?.into_inner().to)
    }
}

impl<W: Write> std::fmt::Debug for Archive<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Archive").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_finished_is_no_whole_archive() {
        let end = |bytes: &[u8]| bytes.windows(4).any(|four| four == b"PK\x05\x06");
        let mut left = Vec::new();
        let mut archive = Archive::new(&mut left);
        archive.add("a.txt", b"a").expect("taken");
        drop(archive);
        assert!(!left.is_empty() && !end(&left));
        let mut archive = Archive::new(Vec::new());
        archive.add("a.txt", b"a").expect("taken");
        assert!(end(&archive.finish().expect("finished")));
    }
}

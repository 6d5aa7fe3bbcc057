use std::io::{self, Write};

use zip::result::ZipResult;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

/// A ZIP that is written file by file and without going back, so that memory does not
/// grow with it and it can be sent while it is made.
///
/// The same files give the same bytes: no entry has a time. Names are UTF-8.
pub struct Archive<W: Write> {
    zip: ZipWriter<StreamWriter<W>>,
}

/// Endings of files that are packed already.
const PACKED: [&str; 6] = [".pdf", ".png", ".jpg", ".tif", ".docx", ".zip"];

impl<W: Write> Archive<W> {
    /// Starts an archive.
    pub fn new(to: W) -> Self {
        Self { zip: ZipWriter::new_stream(to) }
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
        Ok(self.zip.finish()?.into_inner())
    }
}

impl<W: Write> std::fmt::Debug for Archive<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Archive").finish_non_exhaustive()
    }
}

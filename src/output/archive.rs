use std::io::{Seek, Write};

use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// A ZIP that is written file by file, so that memory does not grow with it.
///
/// The same files give the same bytes: no entry has a time. Names are UTF-8.
#[derive(Debug)]
pub struct Archive<W: Write + Seek> {
    zip: ZipWriter<W>,
}

/// Endings of files that are packed already.
const PACKED: [&str; 4] = [".pdf", ".png", ".docx", ".zip"];

impl<W: Write + Seek> Archive<W> {
    /// Starts an archive.
    pub fn new(to: W) -> Self {
        Self { zip: ZipWriter::new(to) }
    }

    /// Adds a file.
    ///
    /// # Errors
    ///
    /// If it cannot be written, or the name is taken.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> ZipResult<()> {
        let method = if PACKED.iter().any(|ending| name.ends_with(ending)) {
            CompressionMethod::Stored
        } else {
            CompressionMethod::Deflated
        };
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        self.zip.start_file(name, options)?;
        self.zip.write_all(bytes)?;
        Ok(())
    }

    /// Writes the list of files and gives back what was written to.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn finish(self) -> ZipResult<W> {
        self.zip.finish()
    }
}

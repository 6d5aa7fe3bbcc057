//! What a packed workbook holds, measured by unpacking it once: what it says of itself may
//! be a lie, and a few kilobytes can unpack to more than a machine has memory.

use std::io::{self, Read};

use zip::ZipArchive;

use super::book::Bytes;

/// How much the parts of a workbook may hold in all, unpacked, in bytes.
const MOST: u64 = 1024 * 1024 * 1024;
/// How much of that may be kept in memory: all but the sheets, which are read cell by cell.
const MOST_KEPT: u64 = 256 * 1024 * 1024;
/// How many parts a workbook may have: those of any list of people have a few dozen.
const MOST_PARTS: usize = 10_000;
/// The longest text, or element with its attributes, in bytes: a cell holds no more than
/// 32,767 characters.
const LONGEST: usize = 1024 * 1024;

/// Begins the entry of a part in the list of an archive.
const ENTRY: &[u8] = b"PK\x01\x02";
/// How many texts there are, as the list of shared texts says.
const COUNT: &[u8] = b"uniqueCount";

/// Whether a workbook unpacks to no more than can be read. What is no archive, or cannot be
/// unpacked, is told by the reader of its kind.
pub(super) fn fits(bytes: &mut Box<dyn Bytes>, streams: bool) -> io::Result<bool> {
    bytes.rewind()?;
    let fits = few_parts(bytes)? && {
        bytes.rewind()?;
        match ZipArchive::new(&mut *bytes) {
            Ok(mut archive) => parts_fit(&mut archive, streams),
            Err(_) => true,
        }
    };
    bytes.rewind()?;
    Ok(fits)
}

/// The list of parts is itself kept in memory: it is counted before it is read.
fn few_parts(bytes: &mut Box<dyn Bytes>) -> io::Result<bool> {
    let mut count = 0;
    each_chunk(bytes, |chunk| {
        count += chunk.windows(ENTRY.len()).filter(|four| *four == ENTRY).count();
        count <= MOST_PARTS
    })
}

fn parts_fit(archive: &mut ZipArchive<&mut Box<dyn Bytes>>, streams: bool) -> bool {
    let (mut all, mut kept) = (0, 0);
    for at in 0..archive.len() {
        let Ok(part) = archive.by_index(at) else { continue };
        let name = part.name().map(|name| name.to_ascii_lowercase()).unwrap_or_default();
        let is_sheet = streams
            && name.contains("worksheets/")
            && !["sharedstrings.xml", "styles.xml"].iter().any(|other| name.ends_with(other));
        let mut texts = Texts::default();
        let is_markup = name.rsplit('.').next() == Some("xml") && !name.starts_with("customxml/");
        let mut size = 0;
        // What cannot be unpacked to its end fits as far as it goes.
        let within = each_chunk(part, |chunk| {
            size += chunk.len() as u64;
            let fits = all + size <= MOST && (is_sheet || kept + size <= MOST_KEPT);
            fits && (!is_markup || texts.fit(chunk))
        });
        if within.is_ok_and(|within| !within) || texts.promised > size {
            return false;
        }
        all += size;
        kept += if is_sheet { 0 } else { size };
    }
    true
}

/// Calls `see` with parts of what is read until it says no; whether it never did.
fn each_chunk(mut from: impl Read, mut see: impl FnMut(&[u8]) -> bool) -> io::Result<bool> {
    let mut chunk = vec![0; 64 * 1024];
    loop {
        match from.read(&mut chunk) {
            Ok(0) => return Ok(true),
            Ok(length) if !see(&chunk[..length]) => return Ok(false),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// The texts of a part in markup, as far as they were seen.
#[derive(Debug, Default)]
struct Texts {
    /// Bytes since the last `<`.
    run: usize,
    /// How many texts the part says that it has: memory is reserved for as many.
    promised: u64,
    /// How much of [`COUNT`] was seen, and what is read of the number behind it.
    seen: usize,
    number: Option<u64>,
}

impl Texts {
    /// Sees more of the part; whether no text is too long.
    fn fit(&mut self, chunk: &[u8]) -> bool {
        for byte in chunk {
            self.run = if *byte == b'<' { 0 } else { self.run + 1 };
            if self.run > LONGEST {
                return false;
            }
            self.count(*byte);
        }
        true
    }

    fn count(&mut self, byte: u8) {
        if self.seen < COUNT.len() {
            self.seen = match byte {
                _ if byte == COUNT[self.seen] => self.seen + 1,
                _ => usize::from(byte == COUNT[0]),
            };
            return;
        }
        match (byte, self.number) {
            (b'0'..=b'9', number) => {
                let number = number.unwrap_or(0).saturating_mul(10);
                let number = number.saturating_add(u64::from(byte - b'0'));
                self.promised = self.promised.max(number);
                self.number = Some(number);
            }
            (b' ' | b'\t' | b'\r' | b'\n' | b'=' | b'"' | b'\'' | b'+', None) => {}
            _ => (self.seen, self.number) = (0, None),
        }
    }
}

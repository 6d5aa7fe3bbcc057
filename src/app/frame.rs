//! Frames of JSON, each with its length before it: what goes between the program and its
//! workers.

use std::io::{self, Read, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The longest frame, in bytes.
const LONGEST: u32 = 256 * 1024 * 1024;

/// A value as a frame.
///
/// # Errors
///
/// If it is too long.
pub fn framed(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; 4];
    serde_json::to_writer(&mut bytes, value)?;
    let length = u32::try_from(bytes.len() - 4).ok().filter(|length| *length <= LONGEST);
    bytes[..4].copy_from_slice(&length.ok_or(io::ErrorKind::InvalidData)?.to_le_bytes());
    Ok(bytes)
}

/// Writes a frame.
///
/// # Errors
///
/// If nobody reads it, or it is too long.
pub fn send(value: &impl Serialize, to: &mut impl Write) -> io::Result<()> {
    to.write_all(&framed(value)?)
}

/// Reads a frame; none at the end.
///
/// # Errors
///
/// If it ends early or is none of ours.
pub fn receive<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<Option<T>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let mut json = vec![0; length_of(u32::from_le_bytes(length))?];
    from.read_exact(&mut json)?;
    Ok(Some(serde_json::from_slice(&json)?))
}

/// The length of a frame, as it was read.
///
/// # Errors
///
/// If no frame of ours is so long.
pub fn length_of(length: u32) -> io::Result<usize> {
    let fits = usize::try_from(length).ok().filter(|_| length <= LONGEST);
    fits.ok_or_else(|| io::ErrorKind::InvalidData.into())
}

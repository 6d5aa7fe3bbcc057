//! What goes between the service and its workers, over pipes. Both ends are the same
//! program. To the worker: a frame of JSON, and behind it the bytes of the parts. From the
//! worker: frames of JSON and of bytes, each with its kind and its length before it.

use std::io::{self, Read, Write};
use std::path::PathBuf;

use bytes::{Buf, Bytes, BytesMut};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::answer::{End, Head};
use super::ask::{Ask, Part};
use crate::app::frame;

/// The longest frame of bytes that is written.
pub(super) const CHUNK: usize = 64 * 1024;

/// The first frame to a worker: all that it must know. Version 1.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Setup {
    /// The version of asks and answers.
    pub version: u8,
    /// The folder laid over the built-in templates.
    pub templates: Option<PathBuf>,
    /// The folder of fonts.
    pub fonts: Option<PathBuf>,
    /// Name and bytes of the profile.
    pub profile: Option<(String, Vec<u8>)>,
    /// The most memory, in bytes.
    pub memory: u64,
    /// The most pages of a document.
    pub pages: usize,
}

/// An ask on its way: names and lengths of the parts, whose bytes follow.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    ask: Ask,
    parts: Vec<(String, u64)>,
}

/// What a worker says.
#[derive(Debug)]
pub(super) enum Frame {
    /// What became of the ask.
    Head(Box<Head>),
    /// A part of what was made.
    Data(Bytes),
    /// There is no more.
    End(End),
}

const HEAD: u8 = b'H';
const DATA: u8 = b'D';
const END: u8 = b'E';

/// Writes a setup.
pub(super) async fn send_setup(
    setup: &Setup,
    to: &mut (impl AsyncWrite + Unpin),
) -> io::Result<()> {
    to.write_all(&frame::framed(setup)?).await?;
    to.flush().await
}

/// Writes an ask with its parts.
pub(super) async fn send_ask(
    ask: &Ask,
    parts: &[Part],
    to: &mut (impl AsyncWrite + Unpin),
) -> io::Result<()> {
    let names = parts.iter().map(|part| (part.name.clone(), part.bytes.len() as u64)).collect();
    let mut bytes = frame::framed(&Envelope { ask: ask.clone(), parts: names })?;
    // Small asks, which are nearly all, go in one piece.
    for part in parts {
        if bytes.len() + part.bytes.len() <= CHUNK {
            bytes.extend_from_slice(&part.bytes);
        } else {
            to.write_all(&bytes).await?;
            bytes.clear();
            to.write_all(&part.bytes).await?;
        }
    }
    to.write_all(&bytes).await?;
    to.flush().await
}

/// What a worker says, frame by frame. Who waits no longer for the next one loses nothing
/// of it.
#[derive(Debug)]
pub(super) struct Inbox<R> {
    from: R,
    read: BytesMut,
}

/// How many bytes stand before those of a frame: its kind and its length.
const BEFORE: usize = 5;

impl<R: AsyncRead + Unpin> Inbox<R> {
    pub fn new(from: R) -> Self {
        Self { from, read: BytesMut::new() }
    }

    /// The next frame.
    pub async fn receive(&mut self) -> io::Result<Frame> {
        loop {
            if let Some(frame) = self.take()? {
                return Ok(frame);
            }
            self.read.reserve(CHUNK);
            if self.from.read_buf(&mut self.read).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    /// The next frame, if it has been read.
    fn take(&mut self) -> io::Result<Option<Frame>> {
        let Some(&[kind, a, b, c, d]) = self.read.first_chunk::<BEFORE>() else { return Ok(None) };
        let length = frame::length_of(u32::from_le_bytes([a, b, c, d]))?;
        if self.read.len() < BEFORE + length {
            return Ok(None);
        }
        self.read.advance(BEFORE);
        let bytes = self.read.split_to(length).freeze();
        Ok(Some(match kind {
            HEAD => Frame::Head(Box::new(serde_json::from_slice(&bytes)?)),
            DATA => Frame::Data(bytes),
            END => Frame::End(serde_json::from_slice(&bytes)?),
            _ => return Err(io::ErrorKind::InvalidData.into()),
        }))
    }
}

/// Reads an ask with its parts at the worker's end; none when the service is gone.
pub(super) fn read_ask(from: &mut impl Read) -> io::Result<Option<(Ask, Vec<Part>)>> {
    let Some(envelope) = frame::receive::<Envelope>(from)? else { return Ok(None) };
    let mut parts = Vec::with_capacity(envelope.parts.len());
    for (name, length) in envelope.parts {
        let length = usize::try_from(length).map_err(|_| io::ErrorKind::InvalidData)?;
        let mut bytes = vec![0; length];
        from.read_exact(&mut bytes)?;
        parts.push(Part::new(name, bytes));
    }
    Ok(Some((envelope.ask, parts)))
}

/// The worker's end of an answer: what is written to it goes out as data.
#[derive(Debug)]
pub(super) struct Outbox<W: Write> {
    to: W,
}

impl<W: Write> Outbox<W> {
    pub fn new(to: W) -> Self {
        Self { to }
    }

    /// Begins the answer.
    pub fn head(&mut self, head: &Head) -> io::Result<()> {
        self.frame(HEAD, &serde_json::to_vec(head)?)
    }

    /// Ends the answer.
    pub fn end(&mut self, end: &End) -> io::Result<()> {
        self.frame(END, &serde_json::to_vec(end)?)?;
        self.to.flush()
    }

    fn frame(&mut self, kind: u8, bytes: &[u8]) -> io::Result<()> {
        let length = u32::try_from(bytes.len()).map_err(|_| io::ErrorKind::InvalidData)?;
        self.to.write_all(&[kind])?;
        self.to.write_all(&length.to_le_bytes())?;
        self.to.write_all(bytes)
    }
}

impl<W: Write> Write for Outbox<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = bytes.len().min(CHUNK);
        if length > 0 {
            self.frame(DATA, &bytes[..length])?;
        }
        Ok(length)
    }

    /// What has been made so far reaches the service.
    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn who_stops_waiting_for_a_frame_loses_nothing_of_it() {
        let page = vec![7; 3 * CHUNK];
        let mut said = Vec::new();
        let mut out = Outbox::new(&mut said);
        out.write_all(&page).unwrap();
        out.end(&End { resident: 42, ..End::default() }).unwrap();
        let (mut worker, service) = tokio::io::duplex(said.len());
        let mut inbox = Inbox::new(service);
        let (mut read, mut ends) = (Vec::new(), Vec::new());
        // It comes in pieces that are no frames, and after each somebody waits in vain.
        for piece in said.chunks(CHUNK / 3) {
            worker.write_all(piece).await.unwrap();
            while let Ok(frame) = timeout(Duration::from_millis(5), inbox.receive()).await {
                match frame.unwrap() {
                    Frame::Data(bytes) => read.extend_from_slice(&bytes),
                    Frame::End(end) => ends.push((end.resident, read.len())),
                    Frame::Head(head) => panic!("{head:?}"),
                }
            }
        }
        assert!(read == page, "of {} bytes {}", page.len(), read.len());
        assert_eq!(ends, [(42, page.len())]);
        drop(worker);
        let gone = inbox.receive().await.unwrap_err();
        assert_eq!(gone.kind(), io::ErrorKind::UnexpectedEof);
    }
}

use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, header};
use http_body_util::BodyExt;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout_at};

use super::problem::{Kind, Problem};
use super::state::App;
use crate::app::service::Part;

/// A body that has been read. The room that it takes is free again when it is dropped.
#[derive(Debug)]
pub(super) struct Held {
    /// What it holds.
    pub bytes: Bytes,
    /// The room that it takes.
    pub room: Room,
}

impl Held {
    /// The same as a part of an ask.
    pub fn part(&self) -> Part {
        Part::new("body", self.bytes.clone())
    }
}

/// Room that bodies take.
#[derive(Debug, Default)]
pub(super) struct Room(Option<OwnedSemaphorePermit>);

impl Room {
    /// Takes room for some more bytes.
    pub fn take(&mut self, app: &App, bytes: usize) -> Result<(), Problem> {
        let kibibytes = u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX);
        let more = app.room.clone().try_acquire_many_owned(kibibytes);
        let more = more.map_err(|_| Problem::new(Kind::BUSY).retry_after(2))?;
        match &mut self.0 {
            Some(room) => room.merge(more),
            none => *none = Some(more),
        }
        Ok(())
    }
}

/// That a body is larger than it may be.
pub(super) fn too_large(most: usize) -> Problem {
    let most = most / (1024 * 1024);
    Problem::new(Kind::TOO_LARGE).detail(
        format!("nội dung gửi đến được nhiều nhất {most} MiB"),
        format!("a body may have at most {most} MiB"),
    )
}

/// A body that is being read, within the limits of size and time.
#[derive(Debug)]
pub(super) struct Incoming {
    app: App,
    body: Body,
    most: usize,
    deadline: Instant,
    length: usize,
    room: Room,
}

impl Incoming {
    /// Begins to read a body of at most so many bytes, if the crew has room for what is
    /// asked.
    pub fn new(app: &App, headers: &HeaderMap, body: Body, most: usize) -> Result<Self, Problem> {
        // A full queue is told before the body is sent.
        if !app.crew.has_room() {
            return Err(Problem::queue_full());
        }
        let told = headers.get(header::CONTENT_LENGTH);
        let told = told.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        if told.is_some_and(|told| told > most) {
            return Err(too_large(most));
        }
        let deadline = Instant::now() + Duration::from_secs(app.config.limits.body_seconds);
        Ok(Self { app: app.clone(), body, most, deadline, length: 0, room: Room::default() })
    }

    /// The next bytes; none at the end.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        loop {
            let frame = match timeout_at(self.deadline, self.body.frame()).await {
                Err(_) => return Err(Problem::new(Kind::TIMEOUT)),
                Ok(None) => return Ok(None),
                Ok(Some(Err(_))) => return Err(broken()),
                Ok(Some(Ok(frame))) => frame,
            };
            let Ok(data) = frame.into_data() else { continue };
            self.length += data.len();
            if self.length > self.most {
                return Err(too_large(self.most));
            }
            self.room.take(&self.app, data.len())?;
            return Ok(Some(data));
        }
    }

    /// The room that was taken until now.
    pub fn into_room(self) -> Room {
        self.room
    }
}

/// Reads a body to its end, within the limits of size and time.
pub(super) async fn read(
    app: &App,
    headers: &HeaderMap,
    body: Body,
    most: usize,
) -> Result<Held, Problem> {
    let mut incoming = Incoming::new(app, headers, body, most)?;
    let mut first: Option<Bytes> = None;
    let mut all = BytesMut::new();
    while let Some(data) = incoming.next().await? {
        // A small body comes in one piece, which need not be copied.
        match first.take() {
            None if all.is_empty() => first = Some(data),
            before => {
                if let Some(before) = before {
                    all.extend_from_slice(&before);
                }
                all.extend_from_slice(&data);
            }
        }
    }
    let bytes = first.unwrap_or_else(|| all.freeze());
    Ok(Held { bytes, room: incoming.into_room() })
}

/// That a body ended before it was whole.
pub(super) fn broken() -> Problem {
    Problem::new(Kind::MALFORMED).detail(
        "nội dung gửi đến bị ngắt giữa chừng hoặc không đúng quy cách",
        "the body broke off or is not well formed",
    )
}

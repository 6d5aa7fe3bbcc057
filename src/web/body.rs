use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, header};
use http_body_util::BodyExt;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout_at};

use super::problem::{Kind, Problem};
use super::state::App;

/// A body that has been read. The room that it takes is free again when it is dropped.
#[derive(Debug)]
pub(super) struct Held {
    /// What it holds.
    pub bytes: Bytes,
    _room: Room,
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

/// Reads a body to its end, within the limits of size and time.
pub(super) async fn read(
    app: &App,
    headers: &HeaderMap,
    mut body: Body,
    most: usize,
) -> Result<Held, Problem> {
    let told = headers.get(header::CONTENT_LENGTH);
    let told = told.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if told.is_some_and(|told| told > most) {
        return Err(too_large(most));
    }
    let deadline = Instant::now() + Duration::from_secs(app.config.limits.body_seconds);
    let mut room = Room::default();
    let mut first: Option<Bytes> = None;
    let mut all = BytesMut::new();
    loop {
        let frame = match timeout_at(deadline, body.frame()).await {
            Err(_) => return Err(Problem::new(Kind::TIMEOUT)),
            Ok(None) => break,
            Ok(Some(Err(_))) => return Err(broken()),
            Ok(Some(Ok(frame))) => frame,
        };
        let Ok(data) = frame.into_data() else { continue };
        let length = first.as_ref().map_or(0, Bytes::len) + all.len() + data.len();
        if length > most {
            return Err(too_large(most));
        }
        room.take(app, data.len())?;
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
    Ok(Held { bytes, _room: room })
}

/// That a body ended before it was whole.
pub(super) fn broken() -> Problem {
    Problem::new(Kind::MALFORMED).detail(
        "nội dung gửi đến bị ngắt giữa chừng hoặc không đúng quy cách",
        "the body broke off or is not well formed",
    )
}

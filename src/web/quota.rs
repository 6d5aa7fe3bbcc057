//! How often, and how much at once, the holder of a key may ask.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{self, Poll};

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::config::Keys;
use super::problem::{Kind, Problem};
use crate::store::ApiKey;

/// The limits of all keys that have been used since the service started.
#[derive(Debug)]
pub(super) struct Quotas {
    rate: Option<NonZeroU32>,
    concurrent: Option<NonZeroU32>,
    clock: DefaultClock,
    keys: Mutex<HashMap<String, Arc<Limits>>>,
}

/// What is left to one key; none where there is no limit.
#[derive(Debug)]
struct Limits {
    rate: Option<DefaultDirectRateLimiter>,
    room: Option<Arc<Semaphore>>,
}

/// The right to be answered, given back when the answer is over.
#[derive(Debug)]
pub(super) struct Pass(Option<OwnedSemaphorePermit>);

impl Quotas {
    /// Limits for keys that have none of their own.
    pub fn new(keys: &Keys) -> Self {
        Self {
            rate: NonZeroU32::new(keys.rate_per_minute),
            concurrent: NonZeroU32::new(keys.concurrent),
            clock: DefaultClock::default(),
            keys: Mutex::default(),
        }
    }

    /// Counts a request of a key.
    pub fn enter(&self, key: &ApiKey) -> Result<Pass, Problem> {
        let limits = self.limits(key);
        let place = match &limits.room {
            Some(room) => Some(room.clone().try_acquire_owned().map_err(|_| {
                let most = key.limits.concurrent.or(self.concurrent).map_or(0, NonZeroU32::get);
                Problem::new(Kind::AT_ONCE).retry_after(1).detail(
                    format!("khóa này được gửi {most} yêu cầu cùng lúc"),
                    format!("this key may ask {most} things at once"),
                )
            })?),
            None => None,
        };
        let Some(rate) = &limits.rate else { return Ok(Pass(place)) };
        match rate.check() {
            Ok(()) => Ok(Pass(place)),
            Err(early) => {
                let wait = early.wait_time_from(self.clock.now());
                let most = key.limits.rate.or(self.rate).map_or(0, NonZeroU32::get);
                // A part of a second is a second.
                let problem = Problem::new(Kind::RATE).retry_after(wait.as_secs() + 1);
                Err(problem.detail(
                    format!("khóa này được gửi {most} yêu cầu trong một phút"),
                    format!("this key may ask {most} times a minute"),
                ))
            }
        }
    }

    fn limits(&self, key: &ApiKey) -> Arc<Limits> {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(limits) = keys.get(&key.id) {
            return limits.clone();
        }
        let rate = key.limits.rate.or(self.rate);
        let room = key.limits.concurrent.or(self.concurrent);
        let room = room.map(|most| usize::try_from(most.get()).unwrap_or(usize::MAX));
        let limits = Arc::new(Limits {
            rate: rate.map(|most| RateLimiter::direct(Quota::per_minute(most))),
            room: room.map(|most| Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS)))),
        });
        keys.insert(key.id.clone(), limits.clone());
        limits
    }
}

impl Pass {
    /// Keeps the place until an answer is over or nobody reads it any more.
    pub fn until_the_end(self, response: Response) -> Response {
        match self.0 {
            None => response,
            Some(place) => response.map(|inner| Body::new(Kept { inner, place: Some(place) })),
        }
    }
}

/// A body with the place of its caller.
struct Kept {
    inner: Body,
    place: Option<OwnedSemaphorePermit>,
}

impl HttpBody for Kept {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut task::Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.inner).poll_frame(context);
        let is_over = matches!(polled, Poll::Ready(None | Some(Err(_))));
        if is_over || self.inner.is_end_stream() {
            self.place = None;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

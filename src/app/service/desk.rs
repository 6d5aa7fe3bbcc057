use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout_at};

use super::answer::End;
use super::ask::{Ask, Part};
use super::crew::{CrewError, Inner};
use super::process::{Death, Worker};
use super::wire::{self, Frame};

/// Where a worker is at work on one ask. When that is done, or the desk is dropped, a worker
/// waits at it for the next one.
#[derive(Debug)]
pub(super) struct Desk(Option<Work>);

#[derive(Debug)]
struct Work {
    crew: Arc<Inner>,
    worker: Worker,
    /// Free again when a worker waits for the next ask.
    seat: OwnedSemaphorePermit,
    limit: Duration,
    until: Instant,
    /// Whether the worker has the whole ask.
    is_asked: bool,
}

impl Desk {
    /// Calls a worker, who has so long for the next ask.
    pub async fn take(
        crew: Arc<Inner>,
        seat: OwnedSemaphorePermit,
        limit: Duration,
    ) -> Result<Self, CrewError> {
        let worker = crew.worker().await.map_err(|error| CrewError::Died(error.to_string()))?;
        let until = Instant::now() + limit;
        Ok(Self(Some(Work { crew, worker, seat, limit, until, is_asked: false })))
    }

    /// Gives the worker an ask.
    pub async fn put(&mut self, ask: &Ask, parts: &[Part]) -> Result<(), CrewError> {
        let Some(work) = &mut self.0 else { return Err(over()) };
        work.worker.asks += 1;
        match timeout_at(work.until, wire::send_ask(ask, parts, &mut work.worker.to)).await {
            Ok(Ok(())) => {
                work.is_asked = true;
                Ok(())
            }
            Ok(Err(_)) => Err(self.died().await),
            Err(_) => Err(self.late()),
        }
    }

    /// What the worker says next. The desk is free after the end and after errors.
    pub async fn hear(&mut self) -> Result<Frame, CrewError> {
        let Some(work) = &mut self.0 else { return Err(over()) };
        match timeout_at(work.until, work.worker.from.receive()).await {
            Ok(Ok(Frame::End(end))) => {
                if let Some(work) = self.0.take() {
                    work.end(&end);
                }
                Ok(Frame::End(end))
            }
            Ok(Ok(frame)) => Ok(frame),
            Ok(Err(_)) => Err(self.died().await),
            Err(_) => Err(self.late()),
        }
    }

    /// How much longer the worker may be at it; none where it is done.
    pub fn time_left(&self) -> Option<Duration> {
        let work = self.0.as_ref()?;
        Some(work.until.saturating_duration_since(Instant::now()))
    }

    /// Ends the work for the time it took.
    pub fn late(&mut self) -> CrewError {
        let Some(work) = self.0.take() else { return over() };
        let limit = work.limit;
        work.dismiss();
        CrewError::TooLong(limit)
    }

    async fn died(&mut self) -> CrewError {
        let Some(Work { crew, worker, seat, .. }) = self.0.take() else { return over() };
        let death = worker.bury().await;
        tokio::spawn(renew(crew, seat));
        match death {
            Death::OfMemory => CrewError::TooLarge,
            Death::Of(how) => CrewError::Died(how),
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Some(work) = self.0.take() {
            tokio::spawn(work.abandon());
        }
    }
}

impl Work {
    /// The worker is done: it waits for the next ask, unless it is worn out.
    fn end(self, end: &End) {
        if self.crew.is_worn_out(&self.worker, end) {
            self.dismiss();
        } else {
            self.crew.idle().push(self.worker);
        }
    }

    /// Lets the worker go and calls a fresh one.
    fn dismiss(self) {
        drop(self.worker);
        tokio::spawn(renew(self.crew, self.seat));
    }

    /// Nobody waits for the answer any more: a worker that is soon done is kept.
    async fn abandon(mut self) {
        let grace = self.crew.settings.grace;
        let until = self.until.min(Instant::now() + grace);
        if self.is_asked
            && let Ok(Some(end)) = timeout_at(until, self.rest()).await
        {
            self.end(&end);
        } else {
            self.dismiss();
        }
    }

    /// The end of what nobody reads.
    async fn rest(&mut self) -> Option<End> {
        loop {
            if let Frame::End(end) = self.worker.from.receive().await.ok()? {
                return Some(end);
            }
        }
    }
}

/// Has a fresh worker wait in a seat.
async fn renew(crew: Arc<Inner>, seat: OwnedSemaphorePermit) {
    crew.replace().await;
    drop(seat);
}

/// That somebody waits for more of an answer that is over.
fn over() -> CrewError {
    CrewError::Died("no more of an answer".to_owned())
}

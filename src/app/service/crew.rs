use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep};

use super::answer::{End, Head};
use super::ask::{Ask, Part, VERSION};
use super::desk::Desk;
use super::limits::WorkerLimits;
use super::process::{StartError, Worker};
use super::wire::{Frame, Setup};
use crate::app::{AppError, Session, SessionOptions};
use crate::base::Bilingual;

/// What a crew is made of.
#[derive(Debug, Clone)]
pub struct CrewSettings {
    /// The program whose hidden command is a worker.
    pub program: PathBuf,
    /// Templates, fonts and profile.
    pub session: SessionOptions,
    /// How many workers there are.
    pub workers: usize,
    /// How many asks may wait for a worker.
    pub queue: usize,
    /// What a worker may take.
    pub limits: WorkerLimits,
    /// How long a worker may go on with what nobody waits for any more.
    pub grace: Duration,
}

/// The workers, and the queue before them.
#[derive(Debug, Clone)]
pub struct Crew {
    inner: Arc<Inner>,
}

/// What the desks of a crew share.
#[derive(Debug)]
pub(super) struct Inner {
    pub settings: CrewSettings,
    setup: Setup,
    seats: Arc<Semaphore>,
    waiting: AtomicUsize,
    stopping: AtomicBool,
    idle: Mutex<Vec<Worker>>,
}

/// Why there is no answer, or not all of it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CrewError {
    /// As many asks wait as may.
    #[error("the queue is full")]
    Full,
    /// No more asks are taken.
    #[error("the service is stopping")]
    Stopping,
    /// It took longer than it may.
    #[error("it took more than {} s", .0.as_secs())]
    TooLong(Duration),
    /// It needed more memory than it may.
    #[error("it needed too much memory")]
    TooLarge,
    /// The worker ended; how, without a word of the data.
    #[error("a worker ended: {0}")]
    Died(String),
    /// An operation failed.
    #[error("{}", .0.en)]
    Failed(Bilingual),
}

/// What the crew is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// The workers.
    pub workers: usize,
    /// The workers at work.
    pub working: usize,
    /// The asks that wait.
    pub waiting: usize,
}

/// An answer: its head is there, its bytes follow. Who drops it before the end stops the
/// work; the time limit of the ask is looked at when somebody waits for the next bytes.
#[derive(Debug)]
pub struct Answer {
    /// What became of the ask.
    pub head: Head,
    /// How long the ask waited for a worker.
    pub waited: Duration,
    /// What it ended with, when it has.
    pub end: Option<End>,
    desk: Desk,
}

/// How long to wait before a worker is started again that did not start.
const PAUSE: Duration = Duration::from_secs(1);

impl Crew {
    /// Starts the workers and waits until they are warm.
    ///
    /// # Errors
    ///
    /// If templates, fonts or profile cannot be used, or a worker does not start.
    pub async fn start(settings: CrewSettings) -> Result<Self, AppError> {
        let session = Session::open(&settings.session)?;
        let setup = Setup {
            version: VERSION,
            templates: settings.session.templates.clone(),
            fonts: settings.session.fonts.clone(),
            profile: session.profile().cloned(),
            memory: settings.limits.memory,
            pages: settings.limits.pages,
        };
        let start = || async {
            Worker::start(&settings.program, &setup).await.map_err(|error| {
                AppError::NotReady(match error {
                    StartError::Told(message) => message,
                    StartError::Gone(words) => Bilingual::new(words.clone(), words),
                })
            })
        };
        let started = (0..settings.workers).map(|_| start());
        let idle = futures_util::future::join_all(started).await;
        let idle = idle.into_iter().collect::<Result<Vec<_>, _>>()?;
        let inner = Inner {
            setup,
            seats: Arc::new(Semaphore::new(settings.workers)),
            waiting: AtomicUsize::new(0),
            stopping: AtomicBool::new(false),
            idle: Mutex::new(idle),
            settings,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Whether an ask would be taken now.
    pub fn has_room(&self) -> bool {
        let inner = &self.inner;
        inner.seats.available_permits() > 0
            || inner.waiting.load(Ordering::Relaxed) < inner.settings.queue
    }

    /// What the crew is doing.
    pub fn figures(&self) -> Figures {
        let inner = &self.inner;
        let workers = inner.settings.workers;
        Figures {
            workers,
            working: workers.saturating_sub(inner.seats.available_permits()),
            waiting: inner.waiting.load(Ordering::Relaxed),
        }
    }

    /// Asks; the answer has to be whole within `limit` of the moment when a worker
    /// begins.
    ///
    /// # Errors
    ///
    /// If there is no room, or the answer has no beginning.
    pub async fn ask(
        &self,
        ask: Ask,
        parts: Vec<Part>,
        limit: Duration,
    ) -> Result<Answer, CrewError> {
        let arrived = Instant::now();
        let seat = self.seat().await?;
        let waited = arrived.elapsed();
        let mut desk = Desk::take(self.inner.clone(), seat, limit).await?;
        desk.put(&ask, &parts).await?;
        drop(parts);
        match desk.hear().await? {
            Frame::Head(head) => Ok(Answer { head: *head, waited, end: None, desk }),
            Frame::End(End { failed: Some(message), .. }) => Err(CrewError::Failed(message)),
            Frame::Data(_) | Frame::End(_) => {
                Err(CrewError::Died("no beginning of an answer".to_owned()))
            }
        }
    }

    async fn seat(&self) -> Result<OwnedSemaphorePermit, CrewError> {
        let inner = &self.inner;
        if inner.stopping.load(Ordering::Relaxed) {
            return Err(CrewError::Stopping);
        }
        if let Ok(seat) = inner.seats.clone().try_acquire_owned() {
            return Ok(seat);
        }
        let place = Waiting::new(&inner.waiting);
        if place.number > inner.settings.queue {
            return Err(CrewError::Full);
        }
        let seat = inner.seats.clone().acquire_owned().await;
        seat.map_err(|_| CrewError::Stopping)
    }

    /// Takes no more asks, waits until what was asked is done, and lets the workers go.
    pub async fn stop(&self) {
        let inner = &self.inner;
        inner.stopping.store(true, Ordering::Relaxed);
        let all = u32::try_from(inner.settings.workers).unwrap_or(u32::MAX);
        let _ = inner.seats.acquire_many(all).await;
        inner.seats.close();
        inner.idle().clear();
    }
}

impl Inner {
    /// The workers that wait.
    pub fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Worker>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A worker that waits; a new one if there is none.
    pub async fn worker(&self) -> Result<Worker, StartError> {
        let idle = self.idle().pop();
        match idle {
            Some(worker) => Ok(worker),
            None => Worker::start(&self.settings.program, &self.setup).await,
        }
    }

    /// Puts a fresh worker in the place of one that is gone.
    pub async fn replace(&self) {
        while !self.stopping.load(Ordering::Relaxed) {
            match Worker::start(&self.settings.program, &self.setup).await {
                Ok(worker) => {
                    self.idle().push(worker);
                    return;
                }
                Err(error) => {
                    tracing::error!(%error, "a worker did not start");
                    sleep(PAUSE).await;
                }
            }
        }
    }

    /// Whether a worker makes room for a fresh one.
    pub fn is_worn_out(&self, worker: &Worker, end: &End) -> bool {
        let limits = &self.settings.limits;
        worker.asks >= limits.asks || end.resident > limits.resident
    }
}

impl Answer {
    /// The next bytes of the answer; none at its end.
    ///
    /// # Errors
    ///
    /// If the rest is not there: what has been read is then not whole.
    pub async fn next(&mut self) -> Option<Result<Bytes, CrewError>> {
        if self.end.is_some() {
            return None;
        }
        match self.desk.hear().await {
            Ok(Frame::Data(bytes)) => Some(Ok(bytes)),
            Ok(Frame::End(mut end)) => {
                let failed = end.failed.take();
                self.end = Some(end);
                failed.map(|message| Err(CrewError::Failed(message)))
            }
            Ok(Frame::Head(_)) => {
                self.end = Some(End::default());
                Some(Err(CrewError::Died("two beginnings of an answer".to_owned())))
            }
            Err(error) => {
                self.end = Some(End::default());
                Some(Err(error))
            }
        }
    }

    /// How much longer a worker may be at it; none where it is done.
    pub fn time_left(&self) -> Option<Duration> {
        self.desk.time_left()
    }

    /// The worker has had the time it may take; what that means for the answer.
    pub fn out_of_time(&mut self) -> CrewError {
        self.desk.late()
    }

    /// All bytes that are left.
    ///
    /// # Errors
    ///
    /// If they are not whole.
    pub async fn rest(&mut self) -> Result<Bytes, CrewError> {
        let Some(first) = self.next().await.transpose()? else { return Ok(Bytes::new()) };
        // A page comes in one piece, which need not be copied.
        let Some(second) = self.next().await.transpose()? else { return Ok(first) };
        let length = self.head.made.as_ref().and_then(|made| made.length).unwrap_or_default();
        let mut all = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
        all.extend_from_slice(&first);
        all.extend_from_slice(&second);
        while let Some(bytes) = self.next().await {
            all.extend_from_slice(&bytes?);
        }
        Ok(all.into())
    }
}

/// A place in the queue, given up when it is dropped.
struct Waiting<'a> {
    count: &'a AtomicUsize,
    number: usize,
}

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        let number = count.fetch_add(1, Ordering::Relaxed) + 1;
        Self { count, number }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.count.fetch_sub(1, Ordering::Relaxed);
    }
}

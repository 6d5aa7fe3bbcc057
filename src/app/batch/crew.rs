use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::source::Records;
use super::wire::Setup;
use super::worker::{self, Failure, Process, Worker};
use super::{BatchOptions, Order};
use crate::app::AppError;
use crate::base::{Bilingual, Finding};
use crate::pipeline::{Entry, Made};

/// Records on their way for each worker: those that wait and those that wait to be
/// written. Memory does not grow with the table.
const AHEAD: usize = 4;
/// Records for each worker, at least: to start one takes as long as to make some.
const LEAST: usize = 8;

/// The workers of a batch.
#[derive(Debug)]
pub(super) struct Crew {
    workers: Vec<Worker>,
}

/// A record that is done.
#[derive(Debug)]
pub(super) struct Done {
    /// Its row, or its place in the list, from 1.
    pub number: u32,
    /// What became of it.
    pub made: Made,
}

/// A record to be made.
struct Job {
    at: usize,
    number: u32,
    entry: Entry,
}

/// What a worker has to say of a record.
struct Answer {
    at: usize,
    number: u32,
    result: Result<Made, Failure>,
}

impl Crew {
    /// Starts the workers: processes, or threads where no process can be started.
    pub fn gather(options: &BatchOptions, setup: &Setup, records: usize) -> Result<Self, AppError> {
        let count = options.jobs.clamp(1, records.div_ceil(LEAST).max(1));
        if let Some(program) = &options.program
            && let Some(crew) = Self::processes(program, setup, count)?
        {
            return Ok(crew);
        }
        let desk = Arc::new(worker::desk(setup).map_err(AppError::NotReady)?);
        Ok(Self { workers: (0..count).map(|_| Worker::Here(desk.clone())).collect() })
    }

    /// Workers that are processes; none if they cannot be started at all.
    fn processes(
        program: &std::path::Path,
        setup: &Setup,
        count: usize,
    ) -> Result<Option<Self>, AppError> {
        let common = worker::common(setup).map(|common| common.source);
        let start = |_| Process::start(program, setup, common.clone());
        let Ok(mut started) = (0..count).map(start).collect::<std::io::Result<Vec<_>>>() else {
            return Ok(None);
        };
        for process in &mut started {
            process.ready().map_err(|failure| AppError::NotReady(failure.message()))?;
        }
        let workers = started.into_iter().map(|one| Worker::Process(Box::new(one))).collect();
        Ok(Some(Self { workers }))
    }

    /// Makes all records. `take` gets them in their order and says whether files of the
    /// following are wanted. Gives what is wrong with the data file, if it cannot be read
    /// to its end.
    pub fn work(
        self,
        records: &mut Records,
        take: &mut dyn FnMut(Done) -> Result<bool, AppError>,
    ) -> Result<Option<Finding>, AppError> {
        let count = self.workers.len();
        let write = AtomicBool::new(true);
        let (jobs, waiting) = sync_channel::<Job>(count);
        let waiting = Mutex::new(waiting);
        let (answers, answered) = sync_channel::<Answer>(count);
        let (places, free) = sync_channel::<()>(count * AHEAD);
        for _ in 0..count * AHEAD {
            let _ = places.try_send(());
        }
        thread::scope(|scope| {
            let feeder = scope.spawn(move || feed(records, &jobs, &free));
            for worker in self.workers {
                let (answers, waiting, write) = (answers.clone(), &waiting, &write);
                scope.spawn(move || serve(worker, waiting, &answers, write));
            }
            drop(answers);
            let result = collect(&answered, places, &write, take);
            let read = feeder.join().unwrap_or(Ok(()));
            result.map(|()| read.err())
        })
    }
}

/// Reads the records and hands them out while there is room for what becomes of them.
fn feed(records: &mut Records, jobs: &SyncSender<Job>, free: &Receiver<()>) -> Result<(), Finding> {
    let mut at = 0;
    records.each(&mut |number, entry| {
        let job = Job { at, number, entry };
        at += 1;
        if free.recv().is_err() || jobs.send(job).is_err() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })
}

/// Lets a worker make what waits.
fn serve(
    mut worker: Worker,
    waiting: &Mutex<Receiver<Job>>,
    answers: &SyncSender<Answer>,
    write: &AtomicBool,
) {
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Job { at, number, entry }) = next else { return };
        let result = worker.make(entry, write.load(Ordering::Relaxed));
        let gone = matches!(result, Err(Failure::Gone(_)));
        if answers.send(Answer { at, number, result }).is_err() || gone {
            break;
        }
    }
    // Whoever hands out records must not wait for a worker that is gone.
    while waiting.lock().unwrap_or_else(PoisonError::into_inner).recv().is_ok() {}
}

/// Takes what was made, in the order of the records. After a failure the rest is let go.
fn collect(
    answered: &Receiver<Answer>,
    places: SyncSender<()>,
    write: &AtomicBool,
    take: &mut dyn FnMut(Done) -> Result<bool, AppError>,
) -> Result<(), AppError> {
    let mut places = Some(places);
    let mut order = Order::default();
    let mut failed: Option<AppError> = None;
    for Answer { at, number, result } in answered {
        if failed.is_some() {
            continue;
        }
        let taken = result.map_err(|failure| failure.of_record(number)).and_then(|made| {
            order.put(at, Done { number, made });
            while let Some(done) = order.next() {
                write.store(take(done)?, Ordering::Relaxed);
                if let Some(places) = &places {
                    let _ = places.try_send(());
                }
            }
            Ok(())
        });
        if let Err(error) = taken {
            // Nobody gets a place any more, so no more records are read.
            places = None;
            write.store(false, Ordering::Relaxed);
            failed = Some(error);
        }
    }
    failed.map_or(Ok(()), Err)
}

impl Failure {
    fn of_record(self, number: u32) -> AppError {
        AppError::Record { number, message: self.message() }
    }

    fn message(self) -> Bilingual {
        match self {
            Self::Told(message) => message,
            Self::Gone(words) => Bilingual::new(
                format!("tiến trình tạo văn bản đã dừng đột ngột ({words})"),
                format!("the process that made it ended ({words})"),
            ),
        }
    }
}

//! The access log: one task writes what all requests tell it, in groups.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::problem::{Kind, Problem};
use crate::store::{Access, Store};

/// How many requests may be under way or wait to be written.
const ROOM: usize = 8192;
/// The most entries that are written at once.
const GROUP: usize = 512;
/// How long to wait before writing is tried again.
const PAUSE: Duration = Duration::from_secs(1);
/// How long writing may go on when the service stops.
const LAST: Duration = Duration::from_secs(10);

/// Where an entry will go.
pub(super) type Entry = mpsc::OwnedPermit<Access>;

/// The way to the log.
#[derive(Debug)]
pub(super) struct AccessLog {
    to: mpsc::Sender<Access>,
}

/// The task that writes.
pub(super) struct Writer {
    task: JoinHandle<()>,
    stop: oneshot::Sender<()>,
}

impl AccessLog {
    /// Starts to write.
    pub fn start(store: Store) -> (Self, Writer) {
        let (to, from) = mpsc::channel(ROOM);
        let (stop, stopping) = oneshot::channel();
        let task = tokio::spawn(write(store, from, stopping));
        (Self { to }, Writer { task, stop })
    }

    /// Room for the entry of a request, before it is answered: what cannot be logged is
    /// not done.
    pub fn reserve(&self) -> Result<Entry, Problem> {
        let room = self.to.clone().try_reserve_owned();
        room.map_err(|_| Problem::new(Kind::BUSY).retry_after(2))
    }
}

impl Writer {
    /// Writes what is still to be written, and ends.
    pub async fn end(self) {
        let _ = self.stop.send(());
        if timeout(LAST, self.task).await.is_err() {
            tracing::error!("the end of the access log was not written");
        }
    }
}

async fn write(store: Store, mut from: mpsc::Receiver<Access>, stopping: oneshot::Receiver<()>) {
    let mut group = Vec::with_capacity(GROUP);
    let mut stopping = Some(stopping);
    loop {
        let stop = async {
            match &mut stopping {
                Some(stopping) => stopping.await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            count = from.recv_many(&mut group, GROUP) => if count == 0 { return },
            _ = stop => {
                stopping = None;
                from.close();
            }
        }
        while let Err(error) = store.append(&group).await {
            tracing::error!(%error, entries = group.len(), "the access log cannot be written");
            sleep(PAUSE).await;
        }
        group.clear();
    }
}

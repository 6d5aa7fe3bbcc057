use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::consume_budget;
use tokio::time::timeout;

use super::record::Record;

/// Tells what became of requests, a moment after their answers: who asks again at once does
/// not wait for that, and the access log is written in groups.
#[derive(Debug)]
pub(super) struct Teller {
    to: mpsc::UnboundedSender<Told>,
    /// Somebody waits.
    hurry: Arc<Notify>,
}

#[derive(Debug)]
enum Told {
    /// An answer is over.
    Over(Box<Ended>),
    /// Somebody wants to know when all that came before has been told.
    CatchUp(oneshot::Sender<()>),
}

/// A request that is over.
#[derive(Debug)]
struct Ended {
    record: Record,
    /// How many bytes went out.
    bytes: u64,
    /// Whether they are the whole answer.
    is_whole: bool,
    /// How long it took.
    took: Duration,
}

/// How much later it is told, unless somebody waits for it.
const LATER: Duration = Duration::from_millis(50);

impl Teller {
    /// Begins to tell.
    pub fn start() -> Self {
        Self::after(LATER)
    }

    fn after(later: Duration) -> Self {
        let (to, from) = mpsc::unbounded_channel();
        let hurry = Arc::new(Notify::new());
        tokio::spawn(tell(from, hurry.clone(), later));
        Self { to, hurry }
    }

    /// An answer is over, or its reader is gone before it was whole.
    pub fn over(&self, record: Record, bytes: u64, is_whole: bool) {
        let took = record.age();
        let told = Told::Over(Box::new(Ended { record, bytes, is_whole, took }));
        if let Err(mpsc::error::SendError(Told::Over(ended))) = self.to.send(told) {
            ended.tell();
        }
    }

    /// Waits until all that is over has been told.
    pub async fn catch_up(&self) {
        let (told, done) = oneshot::channel();
        if self.to.send(Told::CatchUp(told)).is_ok() {
            self.hurry.notify_one();
            let _ = done.await;
        }
    }
}

impl Ended {
    fn tell(self) {
        self.record.write(self.bytes, self.is_whole, self.took);
    }
}

async fn tell(mut from: mpsc::UnboundedReceiver<Told>, hurry: Arc<Notify>, later: Duration) {
    while let Some(first) = from.recv().await {
        let _ = timeout(later, hurry.notified()).await;
        let mut next = Some(first);
        while let Some(told) = next {
            match told {
                Told::Over(ended) => ended.tell(),
                Told::CatchUp(told) => drop(told.send(())),
            }
            // Answers go before what is told of them.
            consume_budget().await;
            next = from.try_recv().ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_is_told_later_unless_somebody_waits_for_it() {
        let teller = Teller::after(Duration::from_hours(1));
        let (told, mut done) = oneshot::channel();
        teller.to.send(Told::CatchUp(told)).unwrap();
        timeout(Duration::from_millis(20), &mut done).await.unwrap_err();
        timeout(Duration::from_mins(1), teller.catch_up()).await.unwrap();
        done.await.unwrap();
    }
}

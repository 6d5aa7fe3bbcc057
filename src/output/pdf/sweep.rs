use std::any::Any;
use std::sync::LazyLock;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use typst::comemo;
use typst_layout::PagedDocument;

/// How many documents may wait for the sweeper; then their makers wait.
const WAITING: usize = 8;
/// Typst's memory loses what no document has used for so many sweeps. More than
/// one, for several threads may make documents between two uses of a part that
/// all of them share.
const AGE: usize = 4;

/// Keeps Typst's memory flat: what a document leaves behind is dropped by a
/// thread of its own, which then sweeps the memory, while the next document is
/// read. A sweep on the thread that makes documents took 5 % of their time.
static SWEEPER: LazyLock<Option<SyncSender<Left>>> = LazyLock::new(|| {
    let (sender, receiver) = sync_channel(WAITING);
    let sweeper = thread::Builder::new().name("sweeper".to_owned());
    sweeper.spawn(move || sweep(&receiver)).ok().map(|_| sender)
});

/// What is left when a document is done.
enum Left {
    /// Its pages, if it has any.
    Pages(Option<PagedDocument>),
    /// What it was made of.
    Rest(Box<dyn Any + Send>),
}

/// Call it after every document, whether its compilation succeeded or not.
pub(super) fn leave(document: Option<PagedDocument>) {
    let left = Left::Pages(document);
    let sent = SWEEPER.as_ref().is_some_and(|sweeper| sweeper.send(left).is_ok());
    if !sent {
        comemo::evict(AGE);
    }
}

/// Lets the sweeper drop what a document was made of: a tree of thousands of small
/// parts, which costs 1 to 2 % of the time of a document.
pub fn drop_aside(rest: impl Any + Send) {
    if let Some(sweeper) = SWEEPER.as_ref() {
        // If it cannot be sent, it is dropped here.
        let _ = sweeper.send(Left::Rest(Box::new(rest)));
    }
}

/// Takes what waits, sweeps once, and waits again. The more threads may make
/// documents at a time, the more documents lie between two sweeps, for each of them
/// uses a shared part but once.
fn sweep(waiting: &Receiver<Left>) {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let between = threads.div_ceil(4);
    let mut since = 0;
    while let Ok(left) = waiting.recv() {
        since += waste(left);
        since += waiting.try_iter().take(WAITING).map(waste).sum::<usize>();
        if since >= between {
            comemo::evict(AGE);
            since = 0;
        }
    }
}

/// Drops what is left; how many documents are done with it.
fn waste(left: Left) -> usize {
    match left {
        Left::Pages(pages) => {
            drop(pages);
            1
        }
        Left::Rest(rest) => {
            drop(rest);
            0
        }
    }
}

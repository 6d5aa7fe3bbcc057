use std::sync::LazyLock;
use std::sync::mpsc::{self, SyncSender, TrySendError};
use std::thread;

use typst::comemo;
use typst_layout::PagedDocument;

/// After how many further documents an unused result of Typst's memory is thrown
/// away. Measured: see the benchmark.
const EVICTION_AGE: usize = 10;

/// Pages to be thrown away, and Typst's memory to be kept flat, when the value is
/// dropped: after every compilation, failed ones too.
///
/// The work is done beside the next document, by a thread of its own. When that
/// is behind, or cannot be had, it is done on the spot: memory never waits.
pub(super) struct Sweep(pub Option<PagedDocument>);

impl Drop for Sweep {
    fn drop(&mut self) {
        let document = self.0.take();
        let rest = match &*SWEEPER {
            Some(sweeper) => match sweeper.try_send(document) {
                Ok(()) => return,
                Err(TrySendError::Full(rest) | TrySendError::Disconnected(rest)) => rest,
            },
            None => document,
        };
        sweep(rest);
    }
}

static SWEEPER: LazyLock<Option<SyncSender<Option<PagedDocument>>>> = LazyLock::new(|| {
    let (sender, documents) = mpsc::sync_channel(1);
    let work = move || documents.into_iter().for_each(sweep);
    let thread = thread::Builder::new().name("vanban-sweep".to_owned()).spawn(work);
    thread.is_ok().then_some(sender)
});

fn sweep(document: Option<PagedDocument>) {
    drop(document);
    comemo::evict(EVICTION_AGE);
}

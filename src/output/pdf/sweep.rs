use std::cell::RefCell;
use std::marker::PhantomData;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use typst::comemo;
use typst_layout::PagedDocument;

/// How many documents may wait for the sweeper; then their makers wait.
const WAITING: usize = 8;
/// Typst's memory loses what no document has used for so many sweeps, however many
/// threads make documents.
const OLDEST: usize = 4;

/// Keeps Typst's memory flat: what a document leaves behind is dropped by a
/// thread of its own, which then sweeps the memory, while the next document is
/// read. A sweep on the thread that makes documents took 5 % of their time.
static SWEEPER: LazyLock<Option<SyncSender<Left>>> = LazyLock::new(|| {
    let (sender, receiver) = sync_channel(WAITING);
    let sweeper = thread::Builder::new().name("sweeper".to_owned());
    sweeper.spawn(move || sweep(&receiver)).ok().map(|_| sender)
});

/// How often the memory has been swept.
static SWEEPS: AtomicUsize = AtomicUsize::new(0);

/// The making of one document.
#[must_use]
pub(super) struct Turn {
    /// The sweeps before it began.
    sweeps: usize,
}

impl Turn {
    /// Call it before Typst compiles anything of the document.
    pub(super) fn begin() -> Self {
        Self { sweeps: SWEEPS.load(Ordering::Relaxed) }
    }

    /// Call it after every document, whether its compilation succeeded or not.
    pub(super) fn end(self, pages: Option<PagedDocument>) {
        let left = Left { pages, turn: self };
        if let Some(left) = BROOM.with_borrow_mut(|broom| broom.hold(left)) {
            left.sweep_aside();
        }
    }
}

/// What a thread sweeps by itself, when it is done with what somebody waits for: a sweeper
/// that is woken before the pages go out is in the way of who takes them, often on the same
/// core. Of several documents it is the last; the sweeper gets the others.
#[derive(Debug)]
pub struct Broom {
    /// It stays with its thread.
    thread: PhantomData<*const ()>,
}

/// The broom of a thread.
enum Held {
    /// The sweeper has it.
    Aside,
    /// There is nothing to sweep, or what the last document left.
    Here(Option<Left>),
}

thread_local! {
    static BROOM: RefCell<Held> = const { RefCell::new(Held::Aside) };
}

impl Broom {
    /// From now on this thread sweeps.
    pub fn take() -> Self {
        BROOM.set(Held::Here(None));
        Self { thread: PhantomData }
    }

    /// Drops what the last document of this thread left, and sweeps.
    pub fn sweep(&self) {
        if let Some(left) = BROOM.with_borrow_mut(Held::take) {
            let age = left.age();
            drop(left.pages);
            evict(age);
        }
    }
}

impl Drop for Broom {
    fn drop(&mut self) {
        self.sweep();
        BROOM.set(Held::Aside);
    }
}

impl Held {
    /// Holds what a document left; what the sweeper gets instead.
    fn hold(&mut self, left: Left) -> Option<Left> {
        match self {
            Self::Aside => Some(left),
            Self::Here(held) => held.replace(left),
        }
    }

    fn take(&mut self) -> Option<Left> {
        match self {
            Self::Aside => None,
            Self::Here(held) => held.take(),
        }
    }
}

/// What is left when a document is done: its pages, if it has any.
struct Left {
    pages: Option<PagedDocument>,
    turn: Turn,
}

impl Left {
    fn sweep_aside(self) {
        let sent = SWEEPER.as_ref().is_some_and(|sweeper| sweeper.send(self).is_ok());
        if !sent {
            comemo::evict(OLDEST);
        }
    }

    /// How many sweeps a part must live through that was last used when the document
    /// began, for the next one to find it: those meanwhile, of others or late, and
    /// the one to come.
    ///
    /// Where one thread makes documents that is one, and the memory is the smallest,
    /// through which a processor finds its way soonest: 2 % of the time of a document.
    fn age(&self) -> usize {
        (SWEEPS.load(Ordering::Relaxed) - self.turn.sweeps + 1).min(OLDEST)
    }
}

fn evict(age: usize) {
    comemo::evict(age);
    SWEEPS.fetch_add(1, Ordering::Relaxed);
}

/// Takes what waits, sweeps once, and waits again. The more threads may make
/// documents at a time, the more documents lie between two sweeps, for each of them
/// uses a shared part but once.
fn sweep(waiting: &Receiver<Left>) {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let between = threads.div_ceil(4);
    let (mut since, mut age) = (0, 0);
    while let Ok(left) = waiting.recv() {
        let more = waiting.try_iter().take(WAITING);
        for left in std::iter::once(left).chain(more) {
            since += 1;
            age = age.max(left.age());
            drop(left.pages);
        }
        if since >= between {
            evict(age);
            (since, age) = (0, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_document_of_a_thread_with_a_broom_waits_for_it() {
        let waits = || BROOM.with_borrow(|broom| matches!(broom, Held::Here(Some(_))));
        Turn::begin().end(None);
        assert!(!waits(), "the sweeper has it");
        let broom = Broom::take();
        for _ in 0..2 {
            Turn::begin().end(None);
            assert!(waits());
        }
        let before = SWEEPS.load(Ordering::Relaxed);
        broom.sweep();
        assert!(!waits() && SWEEPS.load(Ordering::Relaxed) > before);
        drop(broom);
        Turn::begin().end(None);
        assert!(!waits(), "the sweeper has it again");
    }
}

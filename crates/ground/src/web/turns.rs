//! Heavy work for pages takes turns: two pieces at a time, away from the threads that serve pages. Whoever would wait too
//! long is told.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Semaphore;

use crate::refusal::{Fault, Outcome, Refusal};

/// Pieces that are done at the same time.
pub const AT_ONCE: usize = 2;
/// Pieces that may wait for their turn; at some milliseconds each nobody waits long.
pub const WAITING: usize = 64;

/// The places at which the work is done, and the queue before them.
#[derive(Debug)]
pub struct Turns {
    places: Semaphore,
    waiting: AtomicUsize,
}

impl Default for Turns {
    fn default() -> Self {
        Self { places: Semaphore::new(AT_ONCE), waiting: AtomicUsize::new(0) }
    }
}

impl Turns {
    /// Does `work` when its turn comes.
    ///
    /// # Errors
    /// A refusal when too many wait already; a fault when the work did not end.
    pub async fn take<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Outcome<T> {
        let waiting = self.waiting.fetch_add(1, Ordering::Relaxed);
        let place = if waiting < WAITING { self.places.acquire().await.ok() } else { None };
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        let place = place.ok_or_else(Refusal::busy)?;
        let done = tokio::task::spawn_blocking(work).await;
        drop(place);
        done.map_err(|error| Fault::because("heavy work for a page did not end", error).into())
    }
}

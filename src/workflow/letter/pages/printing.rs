//! The press for pages: two letters at a time, away from the threads that serve pages; who would wait too long is told.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Semaphore;

use crate::refusal::{Fault, Outcome, Refusal};
use crate::workflow::letter::pdf::{Press, Printed, Unprintable};
use crate::workflow::letter::text::LetterText;

/// Letters that are set at the same time.
const AT_ONCE: usize = 2;
/// Letters that may wait for a place; at some milliseconds each nobody waits long.
const WAITING: usize = 64;

/// The press and the queue before it.
#[derive(Debug)]
pub struct Printing {
    press: Arc<Press>,
    places: Semaphore,
    waiting: AtomicUsize,
}

impl Printing {
    /// Loads the press, with the fonts in `folder`.
    ///
    /// # Errors
    /// A fault when it cannot be loaded.
    pub fn new(folder: Option<&Path>) -> Result<Self, Fault> {
        Ok(Self { press: Arc::new(Press::new(folder)?), places: Semaphore::new(AT_ONCE), waiting: AtomicUsize::new(0) })
    }

    /// Sets a letter.
    ///
    /// # Errors
    /// Why it cannot be set; outside, a refusal when too many letters wait already.
    pub async fn print(&self, text: LetterText) -> Outcome<Result<Printed, Unprintable>> {
        let place = self.place().await?;
        let press = Arc::clone(&self.press);
        let printed = tokio::task::spawn_blocking(move || press.print(&text)).await;
        drop(place);
        printed.map_err(|error| Fault::because("setting a letter did not end", error).into())
    }

    async fn place(&self) -> Outcome<tokio::sync::SemaphorePermit<'_>> {
        let waiting = self.waiting.fetch_add(1, Ordering::Relaxed);
        let place = if waiting < WAITING { self.places.acquire().await.ok() } else { None };
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        place.ok_or_else(|| Refusal::busy().into())
    }
}

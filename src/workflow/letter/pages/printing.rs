//! The press for pages: two letters at a time, away from the threads that serve pages; who would wait too long is told.
//! What leaves the press is signed here too, when there is a key.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Semaphore;

use crate::clock::Instant;
use crate::refusal::{Fault, Outcome, Refusal};
use crate::workflow::letter::pdf::{Press, Printed, Unprintable};
use crate::workflow::letter::seal::{NotSealed, Sealed, Sealer};
use crate::workflow::letter::text::LetterText;

/// Letters that are set at the same time.
const AT_ONCE: usize = 2;
/// Letters that may wait for a place; at some milliseconds each nobody waits long.
const WAITING: usize = 64;

/// The press and the queue before it.
#[derive(Debug)]
pub struct Printing {
    press: Press,
    sealer: Option<Arc<Sealer>>,
    places: Semaphore,
    waiting: AtomicUsize,
}

impl Printing {
    /// A press with a queue; letters are signed by `sealer`, if there is one.
    pub fn new(press: Press, sealer: Option<Sealer>) -> Self {
        Self { press, sealer: sealer.map(Arc::new), places: Semaphore::new(AT_ONCE), waiting: AtomicUsize::new(0) }
    }

    /// Who signs letters, if there is a key.
    pub fn sealer(&self) -> Option<&Sealer> {
        self.sealer.as_deref()
    }

    /// Signs a letter's file; nothing without a key. `stamped`: a time-stamp service is asked, if one is set up.
    ///
    /// # Errors
    /// Why it was not signed; outside, a fault when signing did not end.
    pub async fn seal(&self, flat: Vec<u8>, now: Instant, stamped: bool) -> Outcome<Result<Option<Sealed>, NotSealed>> {
        let Some(sealer) = self.sealer.clone() else { return Ok(Ok(None)) };
        let sealed = tokio::task::spawn_blocking(move || sealer.seal(&flat, now, stamped)).await;
        let sealed = sealed.map_err(|error| Fault::because("signing a letter did not end", error))?;
        Ok(sealed.map(Some))
    }

    /// Sets a letter.
    ///
    /// # Errors
    /// Why it cannot be set; outside, a refusal when too many letters wait already.
    pub async fn print(&self, text: LetterText) -> Outcome<Result<Printed, Unprintable>> {
        let place = self.place().await?;
        let press = self.press.clone();
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

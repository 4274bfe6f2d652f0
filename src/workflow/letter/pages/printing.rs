//! The press for pages: letters take turns with all heavy work. What leaves the press is signed here too, when there is a
//! key.

use std::sync::Arc;

use crate::clock::Instant;
use crate::refusal::{Fault, Outcome};
use crate::web::turns::Turns;
use crate::workflow::letter::pdf::{Press, Printed, Unprintable};
use crate::workflow::letter::seal::{NotSealed, Sealed, Sealer};
use crate::workflow::letter::text::LetterText;

/// The press and the queue before it.
#[derive(Debug)]
pub struct Printing {
    press: Press,
    sealer: Option<Arc<Sealer>>,
    turns: Arc<Turns>,
}

impl Printing {
    /// A press whose letters take `turns`; they are signed by `sealer`, if there is one.
    pub fn new(press: Press, sealer: Option<Sealer>, turns: Arc<Turns>) -> Self {
        Self { press, sealer: sealer.map(Arc::new), turns }
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
        let press = self.press.clone();
        self.turns.take(move || press.print(&text)).await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Condvar, Mutex};
    use std::time::Duration;

    use super::*;
    use crate::web::turns::{AT_ONCE, WAITING};
    use crate::workflow::letter::pdf::{Job, Typesetter};
    use crate::workflow::letter::text::sample;

    /// Sets nothing until it is let go, and counts how many it holds.
    #[derive(Debug, Default)]
    struct Held {
        now: AtomicUsize,
        most: AtomicUsize,
        let_go: (Mutex<bool>, Condvar),
    }

    impl Typesetter for Held {
        fn set(&self, _: &Job) -> Result<Printed, Unprintable> {
            let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(now, Ordering::SeqCst);
            let held = self.let_go.0.lock().unwrap();
            drop(self.let_go.1.wait_while(held, |let_go| !*let_go).unwrap());
            self.now.fetch_sub(1, Ordering::SeqCst);
            Ok(Printed { bytes: vec![], pages: 1 })
        }
    }

    #[actix_web::test]
    async fn of_two_hundred_letters_at_once_two_are_set_some_wait_and_the_rest_are_told() {
        let held = Arc::new(Held::default());
        let printing = Arc::new(Printing::new(Press::new(held.clone()), None, Arc::default()));
        let print = |_| {
            let printing = printing.clone();
            actix_web::rt::spawn(async move { printing.print(sample::letter()).await })
        };
        let all: Vec<_> = (0..200).map(print).collect();
        // This thread serves pages: it goes on while every letter is held.
        let told = || all.iter().filter(|one| one.is_finished()).count();
        while told() < 200 - AT_ONCE - WAITING || held.now.load(Ordering::SeqCst) < AT_ONCE {
            actix_web::rt::time::sleep(Duration::from_millis(1)).await;
        }
        *held.let_go.0.lock().unwrap() = true;
        held.let_go.1.notify_all();
        let mut set = 0;
        for one in all {
            match one.await.unwrap() {
                Ok(printed) => set += printed.unwrap().pages,
                Err(failure) => assert!(format!("{failure:?}").contains("busy"), "{failure:?}"),
            }
        }
        assert_eq!((set, held.most.load(Ordering::SeqCst)), (AT_ONCE + WAITING, AT_ONCE));
    }
}

//! SQLite's one writer: a thread that takes jobs in turn and commits many of them at once.
//! Each job has its own savepoint, so that one that fails takes back only itself. A job is answered after the commit
//! that holds it, so that nothing acknowledged can be lost.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;

use tokio::sync::oneshot;

use super::any::{self, AnyConnection};
use super::tx::Tx;
use crate::refusal::{Failure, Fault, Outcome};

/// How many jobs share one commit at most.
const BATCH: usize = 64;

/// Runs a job in the open transaction, or learns why there is none, and says how to answer once the commit is known.
type Job = Box<dyn FnOnce(Result<&mut AnyConnection, String>) -> Answer + Send>;
type Answer = Box<dyn FnOnce(Result<(), String>) + Send>;

/// The way to the writer thread.
#[derive(Clone)]
pub(super) struct Writer {
    jobs: mpsc::Sender<Job>,
}

impl Writer {
    /// Starts the thread that owns `connection`. It ends when the last `Writer` is dropped.
    pub(super) fn start(mut connection: AnyConnection) -> std::io::Result<Self> {
        let (jobs, queue) = mpsc::channel::<Job>();
        std::thread::Builder::new().name("sqlite-writer".to_owned()).spawn(move || {
            while let Ok(first) = queue.recv() {
                run_batch(&mut connection, first, &queue);
            }
        })?;
        Ok(Self { jobs })
    }

    /// Hands a job over; the answer comes through the channel.
    pub(super) fn submit<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Outcome<T> + Send + 'static,
    ) -> oneshot::Receiver<Outcome<T>> {
        let (send, receive) = oneshot::channel();
        let job: Job = Box::new(move |transaction| {
            let done = match transaction {
                Ok(connection) => run_contained(connection, work),
                Err(why) => Err(Fault::new(format!("no transaction could be opened: {why}")).into()),
            };
            Box::new(move |committed| {
                let answer = match (done, committed) {
                    (Ok(_), Err(why)) => Err(Fault::new(format!("the change was not committed: {why}")).into()),
                    (done, _) => done,
                };
                // Whoever asked may have gone; the work stands all the same.
                let _ = send.send(answer);
            })
        });
        // A send fails only when the thread is gone; then the dropped channel tells the asker.
        let _ = self.jobs.send(job);
        receive
    }
}

/// Runs `work` in a savepoint and turns a panic into a fault, so that the thread lives on.
fn run_contained<T>(connection: &mut AnyConnection, work: impl FnOnce(&mut Tx<'_>) -> Outcome<T>) -> Outcome<T> {
    let mut work = Some(work);
    let attempt = catch_unwind(AssertUnwindSafe(|| {
        Tx::new(connection).savepoint(|tx| match work.take() {
            Some(work) => catch_unwind(AssertUnwindSafe(|| work(tx))).unwrap_or_else(|_| Err(panicked())),
            None => Err(panicked()),
        })
    }));
    attempt.unwrap_or_else(|_| Err(panicked()))
}

fn panicked() -> Failure {
    Fault::new("a change panicked").into()
}

fn run_batch(connection: &mut AnyConnection, first: Job, queue: &mpsc::Receiver<Job>) {
    if let Err(error) = any::begin_write(connection) {
        let why = error.to_string();
        first(Err(why.clone()))(Err(why));
        return;
    }
    let mut answers = vec![first(Ok(connection))];
    while answers.len() < BATCH {
        match queue.try_recv() {
            Ok(job) => answers.push(job(Ok(connection))),
            Err(_) => break,
        }
    }
    let committed = any::commit(connection).map_err(|error| {
        let _ = any::rollback(connection);
        error.to_string()
    });
    for answer in answers {
        answer(committed.clone());
    }
}

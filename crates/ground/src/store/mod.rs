//! The only place that knows of two databases. `Store::read` and `Store::write` are the two ways in.

mod any;
mod counter;
mod error;
mod migrate;
mod once;

mod text;
mod tx;
mod writer;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use diesel::r2d2::Pool;
use tokio::sync::Semaphore;

pub use any::{AnyConnection, DatabaseUrl, Secret};
pub use counter::{next_number, take_back_number};
pub use error::{impossible, is_duplicate};
pub use migrate::{is_current, migrate, revert_all};
pub use once::{done_already, is_done, once};
pub use tables as schema;
pub use text::as_text;
pub use tx::{Tx, View};

use crate::refusal::{Failure, Fault, Outcome, Refusal};
use any::{Access, Manager};
use writer::Writer;

/// Connections that read at the same time (PostgreSQL: that read or write).
const CONNECTIONS: u32 = 8;
/// Readers that may wait for a connection before the next one is told to come back later.
const WAITING: usize = 256;

/// The database.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    pool: Pool<Manager>,
    places: Semaphore,
    waiting: AtomicUsize,
    queries: Arc<AtomicU64>,
    writer: Writing,
}

enum Writing {
    /// SQLite: one thread writes.
    Thread(Writer),
    /// PostgreSQL: every connection may write.
    Pool,
}

impl Store {
    /// Opens the database at `url`, which must be migrated.
    ///
    /// # Errors
    /// A fault when it cannot be opened.
    pub fn open(url: &DatabaseUrl) -> Result<Self, Fault> {
        let (access, writer) = match url {
            DatabaseUrl::Sqlite(_) => {
                let connection =
                    any::connect(url, Access::Write).map_err(|error| Fault::because(url.unopened(), error))?;
                let writer = Writer::start(connection)
                    .map_err(|error| Fault::because("the writer thread cannot be started", error))?;
                (Access::Read, Writing::Thread(writer))
            }
            DatabaseUrl::Postgres(_) => (Access::Write, Writing::Pool),
        };
        let queries = Arc::new(AtomicU64::new(0));
        let pool = Pool::builder()
            .max_size(CONNECTIONS)
            .min_idle(Some(1))
            .connection_timeout(std::time::Duration::from_secs(5))
            .build(Manager { url: url.clone(), access, queries: Arc::clone(&queries) })
            .map_err(|error| Fault::because(url.unopened(), error))?;
        let places = Semaphore::new(CONNECTIONS as usize);
        Ok(Self { inner: Arc::new(Inner { pool, places, waiting: AtomicUsize::new(0), queries, writer }) })
    }

    /// Reads, away from the threads that serve pages. All that `work` asks is answered from one state of the database,
    /// whatever is written meanwhile.
    ///
    /// # Errors
    /// What `work` fails with; a refusal when too many are waiting; a fault of the database.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut View<'_>) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let _place = self.place().await?;
        let store = self.clone();
        blocking(move || store.read_now(work)).await
    }

    /// Changes the database in one transaction, committed when `work` succeeds and taken back when it fails.
    ///
    /// # Errors
    /// What `work` fails with; a refusal when too many are waiting; a fault of the database.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        match &self.inner.writer {
            Writing::Thread(writer) => writer.submit(work).await.unwrap_or_else(|_| Err(writer_gone())),
            Writing::Pool => {
                let _place = self.place().await?;
                let store = self.clone();
                blocking(move || store.write_to_pool(work)).await
            }
        }
    }

    /// As `read`, on the calling thread: for the command line and the worker.
    ///
    /// # Errors
    /// What `work` fails with, or a fault of the database.
    pub fn read_now<T>(&self, work: impl FnOnce(&mut View<'_>) -> Outcome<T>) -> Outcome<T> {
        let mut connection = self.inner.pool.get().map_err(no_connection)?;
        any::begin_read(&mut connection)?;
        let outcome = work(&mut View::new(&mut connection));
        any::rollback(&mut connection)?;
        // Beginning and ending asked the database nothing.
        self.inner.queries.fetch_sub(2, Ordering::Relaxed);
        outcome
    }

    /// As `write`, waiting on the calling thread, which must not be one that runs async work.
    ///
    /// # Errors
    /// What `work` fails with, or a fault of the database.
    pub fn write_now<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        match &self.inner.writer {
            Writing::Thread(writer) => writer.submit(work).blocking_recv().unwrap_or_else(|_| Err(writer_gone())),
            Writing::Pool => self.write_to_pool(work),
        }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// A fault when it does not.
    pub async fn ping(&self) -> Outcome<()> {
        use diesel::connection::SimpleConnection;
        self.read(|view| Ok(view.connection().batch_execute("SELECT 1")?)).await
    }

    /// How many queries the pool's connections have been asked so far: a page whose number grows with what it shows is
    /// slow by design.
    pub fn queries(&self) -> u64 {
        self.inner.queries.load(Ordering::Relaxed)
    }

    fn write_to_pool<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Outcome<T>) -> Outcome<T> {
        let mut connection = self.inner.pool.get().map_err(no_connection)?;
        any::begin_write(&mut connection)?;
        match work(&mut Tx::new(&mut connection)) {
            Ok(done) => {
                any::commit(&mut connection)?;
                Ok(done)
            }
            Err(failure) => {
                any::rollback(&mut connection)?;
                Err(failure)
            }
        }
    }

    async fn place(&self) -> Outcome<tokio::sync::SemaphorePermit<'_>> {
        let waiting = self.inner.waiting.fetch_add(1, Ordering::Relaxed);
        let place = if waiting >= WAITING {
            Err(Refusal::busy().into())
        } else {
            self.inner.places.acquire().await.map_err(|error| Fault::because("the store is closed", error).into())
        };
        self.inner.waiting.fetch_sub(1, Ordering::Relaxed);
        place
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Outcome<T> + Send + 'static) -> Outcome<T> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(Fault::because("work on the database did not end", error).into()))
}

fn no_connection(error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    Fault::because("no connection to the database", error).into()
}

fn writer_gone() -> Failure {
    Fault::new("the writer thread has ended").into()
}

#[cfg(test)]
mod tests;

//! A world of its own for each test: database, data folder, clock and server; and browsers to look at it with.

mod beginning;
mod browser;
mod mailbox;

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::Path;
use std::sync::mpsc;
use std::sync::{Arc, LazyLock};

use chrono::TimeDelta;
use letters::app::App;
use letters::clock::{Clock, FixedClock, Instant};
use letters::config::Config;
use letters::store::Store;
use letters::workflow::delivery::message::Outgoing;
use letters::workflow::delivery::transport::{Memory, Transport};
use letters::workflow::letter::pdf::Typesetter;
use typesetter::Typst;

#[allow(unused_imports)]
pub use browser::{Browser, Page, kept_value};
pub use mailbox::Mail;

use beginning::Database;

/// When every world begins: a Monday morning.
pub const BEGINNING: &str = "2026-03-02T09:00:00Z";

/// The typesetter of all worlds; its fonts are loaded once.
pub fn typst() -> Arc<dyn Typesetter> {
    static TYPST: LazyLock<Arc<Typst>> = LazyLock::new(|| Arc::new(Typst::new(None).unwrap()));
    TYPST.clone()
}

/// The settings that every world has.
fn settings_of(folder: &Path, address: &str) -> BTreeMap<String, String> {
    BTreeMap::from([
        ("DATA_FOLDER".to_owned(), folder.display().to_string()),
        ("PUBLIC_URL".to_owned(), address.to_owned()),
        ("SIGNATORY_NAME".to_owned(), "Robin Ashe".to_owned()),
    ])
}

/// A running service with everything it needs, gone when dropped.
pub struct World {
    pub app: App,
    pub clock: Arc<FixedClock>,
    /// The mail server of this world.
    pub post: Arc<Memory>,
    address: String,
    stop: Option<actix_web::dev::ServerHandle>,
    thread: Option<std::thread::JoinHandle<()>>,
    folder: tempfile::TempDir,
    database: Option<Database>,
}

impl World {
    pub fn new() -> Self {
        Self::with(&[])
    }

    /// A world whose service has these settings.
    pub fn with(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let database = Database::if_asked_for();
        let mut values = settings_of(folder.path(), &address);
        match &database {
            Some(database) => drop(values.insert("DATABASE_URL".to_owned(), database.url())),
            None => beginning::copy_into(folder.path()),
        }
        values.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let config = Config::from_values(&values, &BTreeMap::new()).unwrap();
        let clock = Arc::new(FixedClock::at(BEGINNING.parse().unwrap()));
        let app = App::open_at(config, typst(), clock.clone()).unwrap();
        let (handle, started) = mpsc::channel();
        let served = app.clone();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = served.serve(listener, 1).unwrap();
                handle.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        let stop = started.recv().unwrap();
        Self { app, clock, post: Arc::default(), address, stop: Some(stop), thread: Some(thread), folder, database }
    }

    /// A browser that has never been here.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.address)
    }

    pub fn store(&self) -> &Store {
        &self.app.service.store
    }

    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Sends what is queued; every mail that arrived since the last look, oldest first. Both its forms say the same.
    pub fn mails(&self) -> Vec<Outgoing> {
        self.deliver();
        let mails: Vec<Outgoing> = self.post.drain().into_iter().map(|arrived| arrived.outgoing).collect();
        for mail in &mails {
            crate::mail_forms::agree(mail, &self.app.service.site.public_url);
        }
        mails
    }

    /// Sends what is queued, until nothing is due.
    pub fn deliver(&self) -> usize {
        let worker = self.app.worker_with(Transport::Memory(self.post.clone())).unwrap();
        self.run(worker.send_all()).unwrap()
    }

    /// Does what has fallen due by the clock.
    pub fn see_to_duties(&self) {
        let worker = self.app.worker_with(Transport::Memory(self.post.clone())).unwrap();
        self.run(worker.see_to_duties());
    }

    /// Holds journals, motions and letters against each other.
    pub fn check_records(&self) {
        for finding in letters::check::records(self.store(), &self.app.depot) {
            assert_eq!(finding.wrong, None, "{}", finding.what);
        }
    }

    /// Runs async work to its end.
    pub fn run<T>(&self, work: impl std::future::Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
    }

    /// Lets time pass.
    pub fn wait(&self, time: TimeDelta) {
        self.clock.advance(time);
    }

    /// Everything in the database file, as whoever copies it would find it; none on a server.
    pub fn dump(&self) -> Option<String> {
        if self.database.is_some() {
            return None;
        }
        let parts = ["letters.sqlite", "letters.sqlite-wal"].map(|name| std::fs::read(self.folder.path().join(name)));
        Some(parts.into_iter().flatten().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect())
    }

    /// Whether the database is on a server.
    pub const fn is_on_server(&self) -> bool {
        self.database.is_some()
    }

    /// The address of the service, as people type it.
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // Not graceful: browsers of the test may still hold connections open.
            actix_web::rt::System::new().block_on(stop.stop(false));
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        drop(self.database.take());
    }
}

//! The database as every world finds it: migrated, with what the program brings along. It is made once and copied, since
//! making it takes longer than most tests.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use diesel::connection::{Connection, SimpleConnection};
use letters::app::App;
use letters::clock::FixedClock;
use letters::config::Config;

use super::{BEGINNING, settings_of, typst};

/// Opens the service on a new database, which leaves there what each world begins with.
fn open(folder: &Path, url: Option<&str>) {
    let mut values = settings_of(folder, "http://localhost:1");
    values.extend(url.map(|url| ("DATABASE_URL".to_owned(), url.to_owned())));
    let config = Config::from_values(&values, &BTreeMap::new()).unwrap();
    App::open_at(config, typst(), Arc::new(FixedClock::at(BEGINNING.parse().unwrap()))).unwrap();
}

/// Puts the database file into the data folder of a world.
pub fn copy_into(folder: &Path) {
    static FILE: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let folder = tempfile::tempdir().unwrap();
        open(folder.path(), None);
        let (from, to) = (folder.path().join("letters.sqlite"), folder.path().join("copy.sqlite"));
        let mut connection = diesel::sqlite::SqliteConnection::establish(&from.to_string_lossy()).unwrap();
        // The service closes its own connections in its own time.
        connection.batch_execute("PRAGMA busy_timeout = 30000").unwrap();
        connection.batch_execute(&format!("VACUUM INTO '{}'", to.display())).unwrap();
        std::fs::read(to).unwrap()
    });
    std::fs::write(folder.join("letters.sqlite"), &*FILE).unwrap();
}

/// PostgreSQL: a database of its own on the server that `TEST_POSTGRES_URL` names (without a database's name).
pub struct Database {
    server: String,
    name: String,
}

impl Database {
    pub fn if_asked_for() -> Option<Self> {
        static FIRST: LazyLock<Option<Database>> = LazyLock::new(|| {
            let first = Database::named(server()?, "beginning");
            run(&first.server, &format!("CREATE DATABASE {}", first.name));
            open(tempfile::tempdir().unwrap().path(), Some(&first.url()));
            // Nobody may be connected to what is copied, and connections close in their own time.
            let all =
                format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'", first.name);
            run(&first.server, &all);
            Some(first)
        });
        let first = FIRST.as_ref()?;
        let this = Self::named(first.server.clone(), "test");
        run(&this.server, &format!("CREATE DATABASE {} TEMPLATE {}", this.name, first.name));
        Some(this)
    }

    fn named(server: String, kind: &str) -> Self {
        let name = format!("{kind}_{}", letters::ids::RequestId::fresh().as_str().replace('-', ""));
        Self { server, name }
    }

    pub fn url(&self) -> String {
        format!("{}/{}", self.server, self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        run(&self.server, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

#[allow(clippy::disallowed_methods)]
fn server() -> Option<String> {
    std::env::var("TEST_POSTGRES_URL").ok()
}

#[cfg(feature = "postgres")]
fn run(server: &str, sql: &str) {
    let mut connection = diesel::PgConnection::establish(&format!("{server}/postgres")).unwrap();
    connection.batch_execute(sql).unwrap();
}

#[cfg(not(feature = "postgres"))]
fn run(_: &str, _: &str) {
    panic!("TEST_POSTGRES_URL is set, but the tests were built without the feature `postgres`");
}

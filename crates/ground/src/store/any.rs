//! The two kinds of connection, and how each is opened. A URL decides which one; an unknown scheme is refused.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use diesel::connection::{InstrumentationEvent, SimpleConnection};
use diesel::prelude::*;
use diesel::r2d2::ManageConnection;

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    /// Embedded SQLite.
    Sqlite(SqliteConnection),
    /// A PostgreSQL server.
    #[cfg(feature = "postgres")]
    Postgres(PgConnection),
}

/// Where the database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A SQLite file, made when it is not there.
    Sqlite(PathBuf),
    /// A PostgreSQL server. The text may hold a password.
    Postgres(Secret),
}

impl DatabaseUrl {
    /// What to say when it cannot be opened; never with the password of a server.
    pub(super) fn unopened(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("the database {} cannot be opened, and was left as it is", path.display()),
            Self::Postgres(_) => "the database server of DATABASE_URL cannot be reached".to_owned(),
        }
    }
}

/// A text that logs must not show.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(hidden)")
    }
}

impl std::str::FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:")) {
            return if path.is_empty() {
                Err("a SQLite address names a file: sqlite://data/letters.sqlite".to_owned())
            } else {
                Ok(Self::Sqlite(PathBuf::from(path)))
            };
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return if cfg!(feature = "postgres") {
                Ok(Self::Postgres(Secret::new(text)))
            } else {
                Err("this program was built without PostgreSQL; build it with --features postgres".to_owned())
            };
        }
        Err("a database address starts with sqlite:// or postgres://".to_owned())
    }
}

/// What a connection may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

// Order matters: the timeout must hold before the first statement that can meet a lock.
const SQLITE_PRAGMAS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000; \
     PRAGMA mmap_size = 268435456; PRAGMA journal_size_limit = 67108864;";

/// Opens one connection and sets it up.
pub(super) fn connect(url: &DatabaseUrl, access: Access) -> Result<AnyConnection, diesel::ConnectionError> {
    match url {
        DatabaseUrl::Sqlite(path) => {
            let mut connection = SqliteConnection::establish(&path.to_string_lossy())?;
            let set_up = |c: &mut SqliteConnection, sql| {
                c.batch_execute(sql).map_err(diesel::ConnectionError::CouldntSetupConfiguration)
            };
            set_up(&mut connection, SQLITE_PRAGMAS)?;
            if access == Access::Read {
                set_up(&mut connection, "PRAGMA query_only = ON;")?;
            }
            Ok(AnyConnection::Sqlite(connection))
        }
        #[cfg(feature = "postgres")]
        DatabaseUrl::Postgres(url) => {
            let mut connection = PgConnection::establish(url.reveal())?;
            connection
                .batch_execute("SET TIME ZONE 'UTC'; SET client_min_messages = warning;")
                .map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
            Ok(AnyConnection::Postgres(connection))
        }
        #[cfg(not(feature = "postgres"))]
        DatabaseUrl::Postgres(_) => Err(diesel::ConnectionError::BadConnection("built without PostgreSQL".to_owned())),
    }
}

/// Opens a transaction that only reads, and sees the database as it is at its first query until it ends.
pub(super) fn begin_read(connection: &mut AnyConnection) -> QueryResult<()> {
    use diesel::connection::AnsiTransactionManager;
    match connection {
        AnyConnection::Sqlite(sqlite) => AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN"),
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(postgres) => {
            AnsiTransactionManager::begin_transaction_sql(postgres, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        }
    }
}

/// Opens a transaction that may write from its first statement: IMMEDIATE on SQLite, so that it never meets a lock
/// half-way; plain on PostgreSQL, where the touch of the first row takes the lock.
pub(super) fn begin_write(connection: &mut AnyConnection) -> QueryResult<()> {
    use diesel::connection::AnsiTransactionManager;
    match connection {
        AnyConnection::Sqlite(sqlite) => AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE"),
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(postgres) => AnsiTransactionManager::begin_transaction_sql(postgres, "BEGIN"),
    }
}

/// Ends a transaction for good.
pub(super) fn commit(connection: &mut AnyConnection) -> QueryResult<()> {
    use diesel::connection::TransactionManager;
    <AnyConnection as Connection>::TransactionManager::commit_transaction(connection)
}

/// Takes everything in the transaction back.
pub(super) fn rollback(connection: &mut AnyConnection) -> QueryResult<()> {
    use diesel::connection::TransactionManager;
    <AnyConnection as Connection>::TransactionManager::rollback_transaction(connection)
}

/// Makes and checks the connections of a pool.
pub(super) struct Manager {
    pub(super) url: DatabaseUrl,
    pub(super) access: Access,
    /// How many queries the connections were asked.
    pub(super) queries: Arc<AtomicU64>,
}

impl ManageConnection for Manager {
    type Connection = AnyConnection;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<AnyConnection, Self::Error> {
        let mut connection = connect(&self.url, self.access).map_err(diesel::r2d2::Error::ConnectionError)?;
        let queries = Arc::clone(&self.queries);
        connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if matches!(event, InstrumentationEvent::StartQuery { .. }) {
                queries.fetch_add(1, Ordering::Relaxed);
            }
        });
        Ok(connection)
    }

    fn is_valid(&self, connection: &mut AnyConnection) -> Result<(), Self::Error> {
        connection.batch_execute("SELECT 1").map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, _: &mut AnyConnection) -> bool {
        std::thread::panicking()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_scheme_is_refused() {
        assert!("mysql://host/db".parse::<DatabaseUrl>().is_err());
        assert!("letters.sqlite".parse::<DatabaseUrl>().is_err());
    }

    #[test]
    fn a_password_is_not_shown() {
        let shown = format!("{:?}", DatabaseUrl::Postgres(Secret::new("postgres://u:hush@host/db")));
        assert!(!shown.contains("hush"));
    }
}

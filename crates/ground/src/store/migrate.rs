//! The embedded migrations, run under a lock so that several instances may start together.

use std::fs::File;

use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::any::{self, Access, AnyConnection, DatabaseUrl};
use crate::refusal::Fault;

/// Every migration, in order.
pub(super) const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");

// Any fixed number; it only has to differ from other programs' advisory locks in the same database.
const POSTGRES_LOCK: i64 = 4_943_214_201;

/// Brings the database at `url` up to date; the names of the migrations that were run.
///
/// # Errors
/// A fault when the database cannot be opened or a migration fails.
pub fn migrate(url: &DatabaseUrl) -> Result<Vec<String>, Fault> {
    let _lock = lock_file(url)?;
    let mut connection = open(url)?;
    locked(&mut connection, |connection| {
        connection
            .run_pending_migrations(MIGRATIONS)
            .map(|done| done.iter().map(ToString::to_string).collect())
            .map_err(|error| Fault::because("a migration failed", error))
    })
}

/// Takes every migration back, last first. For tests of the migrations.
///
/// # Errors
/// A fault when the database cannot be opened or a migration cannot be taken back.
pub fn revert_all(url: &DatabaseUrl) -> Result<(), Fault> {
    let mut connection = open(url)?;
    connection
        .revert_all_migrations(MIGRATIONS)
        .map(drop)
        .map_err(|error| Fault::because("a migration cannot be taken back", error))
}

/// Whether the database at `url` has every migration of this program.
///
/// # Errors
/// A fault when the database cannot be asked.
pub fn is_current(url: &DatabaseUrl) -> Result<bool, Fault> {
    let mut connection = open(url)?;
    connection
        .has_pending_migration(MIGRATIONS)
        .map(|pending| !pending)
        .map_err(|error| Fault::because("the migrations cannot be read", error))
}

fn open(url: &DatabaseUrl) -> Result<AnyConnection, Fault> {
    any::connect(url, Access::Write).map_err(|error| Fault::because(url.unopened(), error))
}

/// A lock on a file beside a SQLite database, held until it is dropped.
fn lock_file(url: &DatabaseUrl) -> Result<Option<File>, Fault> {
    let DatabaseUrl::Sqlite(path) = url else { return Ok(None) };
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let lock = File::create(&name)
        .and_then(|file| file.lock().map(|()| file))
        .map_err(|error| Fault::because(format!("the folder of {} cannot be written to", path.display()), error))?;
    Ok(Some(lock))
}

fn locked<T>(
    connection: &mut AnyConnection,
    work: impl FnOnce(&mut AnyConnection) -> Result<T, Fault>,
) -> Result<T, Fault> {
    if matches!(connection, AnyConnection::Sqlite(_)) {
        return work(connection);
    }
    connection.batch_execute(&format!("SELECT pg_advisory_lock({POSTGRES_LOCK})"))?;
    let done = work(connection);
    connection.batch_execute(&format!("SELECT pg_advisory_unlock({POSTGRES_LOCK})"))?;
    done
}

//! Writes the journal and reads it back.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::entry::{BEGINNING, Entry, chain_hash};
use crate::clock::Instant;
use crate::ids::{EntryId, PersonId};
use crate::refusal::Outcome;
use crate::store::schema::audit_entries;
use crate::store::{Tx, View};

/// An entry as it was written down.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_entries)]
pub struct Written {
    id: EntryId,
    subject: String,
    /// Place in the chain of its subject, from 1.
    pub seq: i64,
    at: NaiveDateTime,
    /// The person behind it, if any.
    pub actor_id: Option<PersonId>,
    /// The charge in which it was done.
    pub actor: String,
    /// What was done, in kebab-case.
    pub what: String,
    /// Particulars as JSON.
    pub detail: String,
    previous_hash: String,
    hash: String,
}

impl Written {
    /// When, in UTC.
    pub fn at(&self) -> Instant {
        self.at.and_utc()
    }
}

/// Appends to the journal.
///
/// # Errors
/// A fault of the database.
pub fn record(tx: &mut Tx<'_>, entry: &Entry) -> Outcome<()> {
    let last: Option<(i64, String)> = audit_entries::table
        .filter(audit_entries::subject.eq(&entry.subject))
        .order(audit_entries::seq.desc())
        .select((audit_entries::seq, audit_entries::hash))
        .first(tx.connection())
        .optional()?;
    let (seq, previous_hash) = last.map_or((1, BEGINNING.to_owned()), |(seq, hash)| (seq + 1, hash));
    let actor = entry.actor.label();
    let detail = entry.detail.to_string();
    let hash = chain_hash(&previous_hash, seq, entry.at, [&entry.subject, &actor, entry.what, &detail]);
    let written = Written {
        id: EntryId::fresh(),
        subject: entry.subject.clone(),
        seq,
        at: entry.at.naive_utc(),
        actor_id: entry.actor.person(),
        actor,
        what: entry.what.to_owned(),
        detail,
        previous_hash,
        hash,
    };
    diesel::insert_into(audit_entries::table).values(&written).execute(tx.connection())?;
    Ok(())
}

/// The journal of one subject, oldest first.
///
/// # Errors
/// A fault of the database.
pub fn history(view: &mut View<'_>, subject: &str) -> Outcome<Vec<Written>> {
    Ok(audit_entries::table
        .filter(audit_entries::subject.eq(subject))
        .order(audit_entries::seq)
        .select(Written::as_select())
        .load(view.connection())?)
}

/// When the last entry about a subject was made.
///
/// # Errors
/// A fault of the database.
pub fn last_at(view: &mut View<'_>, subject: &str) -> Outcome<Option<Instant>> {
    let last: Option<NaiveDateTime> = audit_entries::table
        .filter(audit_entries::subject.eq(subject))
        .order(audit_entries::seq.desc())
        .select(audit_entries::at)
        .first(view.connection())
        .optional()?;
    Ok(last.map(|at| at.and_utc()))
}

/// Walks the chain of one subject: the number of entries, or which entry is the first that does not fit.
///
/// # Errors
/// A fault of the database.
pub fn check_chain(view: &mut View<'_>, subject: &str) -> Outcome<Result<usize, String>> {
    let entries = history(view, subject)?;
    let mut previous = BEGINNING.to_owned();
    for (place, entry) in (1_i64..).zip(&entries) {
        let parts = [entry.subject.as_str(), &entry.actor, &entry.what, &entry.detail];
        let expected = chain_hash(&previous, place, entry.at(), parts);
        if entry.seq != place || entry.previous_hash != previous || entry.hash != expected {
            return Ok(Err(format!("the journal of {subject} is broken at entry {place}")));
        }
        previous.clone_from(&entry.hash);
    }
    Ok(Ok(entries.len()))
}

/// Every subject that has a journal.
///
/// # Errors
/// A fault of the database.
pub fn subjects(view: &mut View<'_>) -> Outcome<Vec<String>> {
    Ok(audit_entries::table.select(audit_entries::subject).distinct().load(view.connection())?)
}

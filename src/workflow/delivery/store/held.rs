//! Mails that wait for staff to look at them, and the kinds of which all do.

use std::collections::HashSet;

use diesel::prelude::*;

use crate::clock::Instant;
use crate::ids::{MailId, PersonId, RequestId};
use crate::refusal::Outcome;
use crate::store::schema::{held_kinds, outbox};
use crate::store::{Tx, View};
use crate::workflow::delivery::held::Words;
use crate::workflow::delivery::message::MailState;

/// The names of the kinds that are held.
///
/// # Errors
/// A fault of the database.
pub fn kinds(view: &mut View<'_>) -> Outcome<HashSet<String>> {
    let kinds: Vec<String> = held_kinds::table.select(held_kinds::kind).load(view.connection())?;
    Ok(kinds.into_iter().collect())
}

/// Holds the kinds of these names from now on, and no others.
pub(in crate::workflow::delivery) fn hold(
    tx: &mut Tx<'_>,
    kinds: &[&str],
    (by, at): (PersonId, Instant),
) -> Outcome<()> {
    diesel::delete(held_kinds::table.filter(held_kinds::kind.ne_all(kinds))).execute(tx.connection())?;
    for kind in kinds {
        let row = (held_kinds::kind.eq(kind), held_kinds::held_by.eq(by), held_kinds::held_at.eq(at.naive_utc()));
        tx.insert_unless_there(|c| diesel::insert_into(held_kinds::table).values(row).execute(c))?;
    }
    Ok(())
}

/// How many mails wait for staff, but for those about the requests that are `closed` to the reader.
///
/// # Errors
/// A fault of the database.
pub fn count(view: &mut View<'_>, closed: &[RequestId]) -> Outcome<i64> {
    Ok(outbox::table
        .filter(outbox::state.eq(MailState::Held.as_str()))
        .filter(outbox::request_id.is_null().or(outbox::request_id.ne_all(closed)))
        .count()
        .get_result(view.connection())?)
}

/// The mails about a request that wait for staff, with their subjects, the oldest first.
///
/// # Errors
/// A fault of the database.
pub fn about(view: &mut View<'_>, request: RequestId) -> Outcome<Vec<(MailId, String)>> {
    Ok(outbox::table
        .filter(outbox::state.eq(MailState::Held.as_str()).and(outbox::request_id.eq(request)))
        .order(outbox::id)
        .select((outbox::id, outbox::subject))
        .load(view.connection())?)
}

/// Gives a held mail other words; `false` when it is not held any more, or was changed since `seen`.
pub(in crate::workflow::delivery) fn change(
    tx: &mut Tx<'_>,
    (id, seen): (MailId, i32),
    words: &Words,
    html: &str,
) -> Outcome<bool> {
    let held = outbox::table.find(id).filter(outbox::state.eq(MailState::Held.as_str()));
    let changed = (
        outbox::subject.eq(&words.subject),
        outbox::text_body.eq(&words.text),
        outbox::html_body.eq(html),
        outbox::revision.eq(seen + 1),
    );
    Ok(diesel::update(held.filter(outbox::revision.eq(seen))).set(changed).execute(tx.connection())? == 1)
}

/// Puts a held mail into the queue as if it were written now: its date is that of its going out. `false` when it is not held
/// any more.
pub(in crate::workflow::delivery) fn release(tx: &mut Tx<'_>, id: MailId, now: Instant) -> Outcome<bool> {
    let held = outbox::table.find(id).filter(outbox::state.eq(MailState::Held.as_str()));
    let queued = (
        outbox::state.eq(MailState::Queued.as_str()),
        outbox::created_at.eq(now.naive_utc()),
        outbox::not_before.eq(now.naive_utc()),
    );
    Ok(diesel::update(held).set(queued).execute(tx.connection())? == 1)
}

/// Drops a held mail, and says why; `false` when it is not held any more.
pub(in crate::workflow::delivery) fn discard(tx: &mut Tx<'_>, id: MailId, why: &str) -> Outcome<bool> {
    let held = outbox::table.find(id).filter(outbox::state.eq(MailState::Held.as_str()));
    let dropped = (outbox::state.eq(MailState::Dropped.as_str()), outbox::last_reply.eq(why));
    Ok(diesel::update(held).set(dropped).execute(tx.connection())? == 1)
}

/// Drops the held mails whose time has passed at `now`, and says why.
pub(in crate::workflow::delivery) fn drop_expired(tx: &mut Tx<'_>, now: Instant, why: &str) -> Outcome<usize> {
    let held = outbox::table.filter(outbox::state.eq(MailState::Held.as_str()));
    let expired = held.filter(outbox::expires_at.le(now.naive_utc()));
    let dropped = (outbox::state.eq(MailState::Dropped.as_str()), outbox::last_reply.eq(why));
    Ok(diesel::update(expired).set(dropped).execute(tx.connection())?)
}

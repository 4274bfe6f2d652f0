//! Things that happen once: a form that is sent twice, a due thing that is done again after a restart.

use diesel::prelude::*;

use super::schema::{done_once, submit_tokens};
use super::tx::{Tx, View};
use crate::clock::Instant;
use crate::refusal::Outcome;

/// Does `act` for the form with this `token`, or answers with what the first sending of the same form was answered.
/// `act` returns the path to go to next.
///
/// # Errors
/// What `act` fails with (the token then stays unused), or a fault of the database.
pub fn once(
    tx: &mut Tx<'_>,
    token: &str,
    now: Instant,
    act: impl FnOnce(&mut Tx<'_>) -> Outcome<String>,
) -> Outcome<String> {
    // Claimed before acting: a second sending at the same time waits here and then finds the answer.
    let claim =
        (submit_tokens::token.eq(token), submit_tokens::target.eq(""), submit_tokens::used_at.eq(now.naive_utc()));
    let first = tx.insert_unless_there(|c| diesel::insert_into(submit_tokens::table).values(claim).execute(c))?;
    if !first {
        return Ok(submit_tokens::table.find(token).select(submit_tokens::target).first(tx.connection())?);
    }
    let target = act(tx)?;
    diesel::update(submit_tokens::table.find(token)).set(submit_tokens::target.eq(&target)).execute(tx.connection())?;
    Ok(target)
}

/// Whether the due thing `what` was done before.
///
/// # Errors
/// A fault of the database.
pub fn is_done(view: &mut View<'_>, what: &str) -> Outcome<bool> {
    let done = done_once::table.find(what).select(done_once::what).first::<String>(view.connection()).optional()?;
    Ok(done.is_some())
}

/// Notes that the due thing `what` is being done; `true` when it was done before.
///
/// # Errors
/// A fault of the database.
pub fn done_already(tx: &mut Tx<'_>, what: &str, now: Instant) -> Outcome<bool> {
    let row = (done_once::what.eq(what), done_once::done_at.eq(now.naive_utc()));
    Ok(!tx.insert_unless_there(|c| diesel::insert_into(done_once::table).values(row).execute(c))?)
}

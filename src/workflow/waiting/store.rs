//! Calendar feeds and choices of a daily mail as rows; one of each a person.

use diesel::prelude::*;

use crate::clock::Instant;
use crate::ids::{FeedId, PersonId};
use crate::people::token::{Nonce, hex, unhex};
use crate::refusal::Outcome;
use crate::store::schema::{calendar_feeds, daily_mails, persons};
use crate::store::{Tx, View, impossible};

/// A place where a person's calendar reads what waits for them.
#[derive(Debug, Clone, Copy)]
pub struct Feed {
    /// Which.
    pub id: FeedId,
    /// Whose.
    pub person: PersonId,
    /// What its address is derived from.
    pub nonce: Nonce,
}

fn feed_of((id, person, nonce): (FeedId, PersonId, String)) -> Outcome<Feed> {
    let nonce = unhex(&nonce).ok_or_else(|| impossible("calendar_feeds", id, "its nonce is not 32 bytes"))?;
    Ok(Feed { id, person, nonce })
}

/// A feed, unless the person's account is closed.
///
/// # Errors
/// A fault of the database.
pub fn feed(view: &mut View<'_>, id: FeedId) -> Outcome<Option<Feed>> {
    let row = calendar_feeds::table
        .inner_join(persons::table.on(persons::id.eq(calendar_feeds::person_id)))
        .filter(calendar_feeds::id.eq(id).and(persons::disabled_at.is_null()))
        .select((calendar_feeds::id, calendar_feeds::person_id, calendar_feeds::nonce))
        .first(view.connection())
        .optional()?;
    row.map(feed_of).transpose()
}

/// The feed of a person, if they made one.
///
/// # Errors
/// A fault of the database.
pub fn feed_of_person(view: &mut View<'_>, person: PersonId) -> Outcome<Option<Feed>> {
    let row = calendar_feeds::table
        .filter(calendar_feeds::person_id.eq(person))
        .select((calendar_feeds::id, calendar_feeds::person_id, calendar_feeds::nonce))
        .first(view.connection())
        .optional()?;
    row.map(feed_of).transpose()
}

/// Whether a person chose the daily mail.
///
/// # Errors
/// A fault of the database.
pub fn has_daily_mail(view: &mut View<'_>, person: PersonId) -> Outcome<bool> {
    let found: Option<PersonId> =
        daily_mails::table.find(person).select(daily_mails::person_id).first(view.connection()).optional()?;
    Ok(found.is_some())
}

/// Everybody who chose the daily mail.
///
/// # Errors
/// A fault of the database.
pub fn daily_readers(view: &mut View<'_>) -> Outcome<Vec<PersonId>> {
    Ok(daily_mails::table.order(daily_mails::person_id).select(daily_mails::person_id).load(view.connection())?)
}

pub(super) fn replace_feed(tx: &mut Tx<'_>, feed: Option<&Feed>, person: PersonId, now: Instant) -> Outcome<bool> {
    let ended = diesel::delete(calendar_feeds::table.filter(calendar_feeds::person_id.eq(person)));
    let had_one = ended.execute(tx.connection())? > 0;
    if let Some(feed) = feed {
        diesel::insert_into(calendar_feeds::table)
            .values((
                calendar_feeds::id.eq(feed.id),
                calendar_feeds::person_id.eq(person),
                calendar_feeds::nonce.eq(hex(&feed.nonce)),
                calendar_feeds::made_at.eq(now.naive_utc()),
            ))
            .execute(tx.connection())?;
    }
    Ok(had_one)
}

/// Notes the choice; `false` when it was so before.
pub(super) fn choose_daily_mail(tx: &mut Tx<'_>, person: PersonId, wanted: bool, now: Instant) -> Outcome<bool> {
    if wanted {
        let row = (daily_mails::person_id.eq(person), daily_mails::chosen_at.eq(now.naive_utc()));
        return tx.insert_unless_there(|c| diesel::insert_into(daily_mails::table).values(row).execute(c));
    }
    Ok(diesel::delete(daily_mails::table.find(person)).execute(tx.connection())? > 0)
}

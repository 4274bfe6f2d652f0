//! Web sessions. Only the SHA-256 of a cookie's secret is kept, so a copy of the database opens nothing.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::clock::Instant;
use crate::ids::{PersonId, SessionId};
use crate::people::access::Level;
use crate::people::limits;
use crate::people::session::{OLD_SECRET_GRACE, Times};
use crate::refusal::Outcome;
use crate::store::schema::{persons, web_sessions as sessions};
use crate::store::{Tx, View};

/// A web session as its owner sees it on the account page, and as the rules judge it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub struct WebSession {
    /// The web session.
    pub id: SessionId,
    /// Whose it is.
    pub person_id: PersonId,
    /// How the person signed in.
    pub level: Level,
    created_at: NaiveDateTime,
    last_seen_at: NaiveDateTime,
    rotated_at: NaiveDateTime,
    /// What the browser calls itself.
    pub browser_family: String,
}

impl WebSession {
    /// The instants that decide over it.
    pub fn times(&self) -> Times {
        Times {
            created_at: self.created_at.and_utc(),
            last_seen_at: self.last_seen_at.and_utc(),
            renewed_at: self.rotated_at.and_utc(),
        }
    }
}

/// The web session that a cookie's secret opens, unless it was ended or its person's account closed. Whether it has
/// expired is for the rules to say. A secret that was just replaced still opens it for a moment.
///
/// # Errors
/// A fault of the database.
pub fn opened_by(view: &mut View<'_>, secret_hash: &str, now: Instant) -> Outcome<Option<WebSession>> {
    let grace = (now - OLD_SECRET_GRACE).naive_utc();
    let replaced = sessions::previous_hash.eq(secret_hash).and(sessions::rotated_at.gt(grace)).assume_not_null();
    let query = sessions::table
        .inner_join(persons::table.on(persons::id.eq(sessions::person_id)))
        .filter(sessions::token_hash.eq(secret_hash).or(replaced))
        .filter(sessions::revoked_at.is_null().and(persons::disabled_at.is_null()))
        .select(WebSession::as_select());
    Ok(query.first(view.connection()).optional()?)
}

/// The web sessions of a person that were not ended, the last used first.
///
/// # Errors
/// A fault of the database.
pub fn of(view: &mut View<'_>, person: PersonId, now: Instant) -> Outcome<Vec<WebSession>> {
    let open = sessions::revoked_at.is_null().and(sessions::expires_at.gt(now.naive_utc()));
    let query = sessions::table
        .filter(sessions::person_id.eq(person).and(open))
        .order((sessions::last_seen_at.desc(), sessions::id.desc()))
        .select(WebSession::as_select());
    Ok(query.load(view.connection())?)
}

/// Whether a person has ever signed in before.
///
/// # Errors
/// A fault of the database.
pub fn any_ever(view: &mut View<'_>, person: PersonId) -> Outcome<bool> {
    let known: i64 = sessions::table.filter(sessions::person_id.eq(person)).count().get_result(view.connection())?;
    Ok(known > 0)
}

/// What a new web session begins with.
pub(in crate::people) struct NewSession<'s> {
    pub(in crate::people) person: PersonId,
    pub(in crate::people) secret_hash: &'s str,
    pub(in crate::people) level: Level,
    pub(in crate::people) expires_at: Instant,
    pub(in crate::people) network: &'s str,
    pub(in crate::people) browser_family: &'s str,
}

/// Opens a web session; when the person then has too many, the one used longest ago is ended.
pub(in crate::people) fn open(tx: &mut Tx<'_>, new: &NewSession<'_>, now: Instant) -> Outcome<SessionId> {
    let (id, at) = (SessionId::fresh(), now.naive_utc());
    let row = (
        sessions::id.eq(id),
        sessions::token_hash.eq(new.secret_hash),
        sessions::person_id.eq(new.person),
        sessions::level.eq(new.level),
        sessions::created_at.eq(at),
        sessions::last_seen_at.eq(at),
        sessions::rotated_at.eq(at),
        sessions::expires_at.eq(new.expires_at.naive_utc()),
        sessions::prefix_hash.eq(new.network),
        sessions::browser_family.eq(new.browser_family),
    );
    diesel::insert_into(sessions::table).values(row).execute(tx.connection())?;
    for old in of(tx, new.person, now)?.iter().skip(limits::WEB_SESSIONS) {
        end(tx, new.person, old.id, now)?;
    }
    Ok(id)
}

/// Notes a use.
pub(in crate::people) fn note_use(tx: &mut Tx<'_>, id: SessionId, now: Instant) -> Outcome<()> {
    diesel::update(sessions::table.find(id))
        .set(sessions::last_seen_at.eq(now.naive_utc()))
        .execute(tx.connection())?;
    Ok(())
}

/// Replaces the secret; `false` when another page just did, whose answer brings the browser the new one.
pub(in crate::people) fn renew(
    tx: &mut Tx<'_>,
    id: SessionId,
    old_hash: &str,
    new_hash: &str,
    now: Instant,
) -> Outcome<bool> {
    let renewed = diesel::update(sessions::table.filter(sessions::id.eq(id).and(sessions::token_hash.eq(old_hash))))
        .set((
            sessions::token_hash.eq(new_hash),
            sessions::previous_hash.eq(old_hash),
            sessions::rotated_at.eq(now.naive_utc()),
            sessions::last_seen_at.eq(now.naive_utc()),
        ))
        .execute(tx.connection())?;
    Ok(renewed == 1)
}

/// Ends one web session of a person; `false` when there is none such.
pub(in crate::people) fn end(tx: &mut Tx<'_>, person: PersonId, id: SessionId, now: Instant) -> Outcome<bool> {
    let open = sessions::id.eq(id).and(sessions::person_id.eq(person)).and(sessions::revoked_at.is_null());
    let ended = diesel::update(sessions::table.filter(open)).set(sessions::revoked_at.eq(now.naive_utc()));
    Ok(ended.execute(tx.connection())? == 1)
}

/// Ends all web sessions of a person, but for one that is kept; how many.
pub(in crate::people) fn end_all(
    tx: &mut Tx<'_>,
    person: PersonId,
    kept: Option<SessionId>,
    now: Instant,
) -> Outcome<usize> {
    let open: Vec<SessionId> = of(tx, person, now)?.iter().map(|session| session.id).collect();
    let mut ended = 0;
    for id in open.into_iter().filter(|id| Some(*id) != kept) {
        ended += usize::from(end(tx, person, id, now)?);
    }
    Ok(ended)
}

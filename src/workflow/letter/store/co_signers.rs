//! Co-signers as rows.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use crate::clock::Instant;
use crate::ids::{CoSignerId, LetterId, PersonId, RequestId};
use crate::people::token::{Nonce, hex, unhex};
use crate::refusal::Outcome;
use crate::store::schema::{co_signers, co_signings, letters};
use crate::store::{Tx, View, as_text, impossible};
use crate::workflow::letter::co_signers::form::Typed;
use crate::workflow::letter::co_signers::{Answer, Asking, CoSigner, Signature, Way};
use crate::workflow::letter::rules::LetterState;

as_text!(Way);

#[derive(Queryable, Selectable)]
#[diesel(table_name = co_signers)]
struct Row {
    id: CoSignerId,
    place: i32,
    name: String,
    address: String,
    organisation: String,
    needed: bool,
    asked_at: Option<NaiveDateTime>,
    reminded_at: Option<NaiveDateTime>,
    answered_at: Option<NaiveDateTime>,
    signed_name: Option<String>,
    signed_capacity: Option<String>,
    reason: Option<String>,
}

impl Row {
    fn read(self) -> CoSigner {
        let answer = match (self.answered_at, self.asked_at) {
            (Some(at), _) => match (self.signed_name, self.signed_capacity) {
                (Some(name), Some(capacity)) => Answer::Signed(Signature { name, capacity }, at.and_utc()),
                _ => Answer::Declined(self.reason.unwrap_or_default(), at.and_utc()),
            },
            (None, Some(at)) => Answer::Asked(at.and_utc()),
            (None, None) => Answer::NotAsked,
        };
        CoSigner {
            id: self.id,
            place: self.place,
            name: self.name,
            address: self.address,
            organisation: self.organisation,
            needed: self.needed,
            answer,
            reminded_at: self.reminded_at.map(|at| at.and_utc()),
        }
    }
}

/// The co-signers of a letter, in the order of the list.
///
/// # Errors
/// A fault of the database.
pub fn of(view: &mut View<'_>, letter: LetterId) -> Outcome<Vec<CoSigner>> {
    let rows: Vec<Row> = co_signers::table
        .filter(co_signers::letter_id.eq(letter))
        .order(co_signers::place)
        .select(Row::as_select())
        .load(view.connection())?;
    Ok(rows.into_iter().map(Row::read).collect())
}

/// How the co-signers of a letter are asked, if they are.
///
/// # Errors
/// A fault of the database.
pub fn asking(view: &mut View<'_>, letter: LetterId) -> Outcome<Option<Asking>> {
    let row: Option<(Way, NaiveDate, i64, PersonId)> = co_signings::table
        .find(letter)
        .select((co_signings::way, co_signings::last_day, co_signings::revision, co_signings::asked_by))
        .first(view.connection())
        .optional()?;
    Ok(row.map(|(way, last_day, revision, asked_by)| Asking { way, last_day, revision, asked_by }))
}

/// The letter that a co-signer's page is about.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// The request.
    pub request: RequestId,
    /// The letter.
    pub letter: LetterId,
    /// What has become of it.
    pub state: LetterState,
    /// What the page's address is derived from.
    pub nonce: Nonce,
}

/// What a co-signer's page is about, if there is such a co-signer.
///
/// # Errors
/// A fault of the database.
pub fn page(view: &mut View<'_>, id: CoSignerId) -> Outcome<Option<Page>> {
    let row: Option<(RequestId, LetterId, LetterState, String)> = co_signers::table
        .inner_join(letters::table.on(letters::id.eq(co_signers::letter_id)))
        .filter(co_signers::id.eq(id))
        .select((letters::request_id, letters::id, letters::state, co_signers::nonce))
        .first(view.connection())
        .optional()?;
    row.map(|(request, letter, state, nonce)| {
        let nonce = unhex(&nonce).ok_or_else(|| impossible("co_signers", id, "its nonce is not 32 bytes"))?;
        Ok(Page { request, letter, state, nonce })
    })
    .transpose()
}

/// The drafts with co-signers who were asked, have not answered and were not reminded, and whose last day lies between
/// `from` and `to`.
///
/// # Errors
/// A fault of the database.
pub fn ending(view: &mut View<'_>, from: NaiveDate, to: NaiveDate) -> Outcome<Vec<(RequestId, LetterId)>> {
    Ok(co_signings::table
        .inner_join(letters::table.on(letters::id.eq(co_signings::letter_id)))
        .inner_join(co_signers::table.on(co_signers::letter_id.eq(letters::id)))
        .filter(letters::state.eq(LetterState::Draft).and(co_signings::last_day.between(from, to)))
        .filter(co_signers::asked_at.is_not_null())
        .filter(co_signers::answered_at.is_null().and(co_signers::reminded_at.is_null()))
        .order(letters::id)
        .select((letters::request_id, letters::id))
        .distinct()
        .load(view.connection())?)
}

/// Adds somebody at the end of the list.
///
/// # Errors
/// A fault of the database.
pub(in super::super) fn add(tx: &mut Tx<'_>, letter: LetterId, signer: &Typed, nonce: &Nonce) -> Outcome<CoSignerId> {
    let id = CoSignerId::fresh();
    let last: Option<i32> = co_signers::table
        .filter(co_signers::letter_id.eq(letter))
        .select(diesel::dsl::max(co_signers::place))
        .first(tx.connection())?;
    diesel::insert_into(co_signers::table)
        .values((
            co_signers::id.eq(id),
            co_signers::letter_id.eq(letter),
            co_signers::place.eq(last.unwrap_or(0) + 1),
            co_signers::name.eq(&signer.name),
            co_signers::address.eq(&signer.address),
            co_signers::organisation.eq(&signer.organisation),
            co_signers::needed.eq(signer.needed),
            co_signers::nonce.eq(hex(nonce)),
        ))
        .execute(tx.connection())?;
    Ok(id)
}

/// Takes somebody off the list of a letter; whether they were on it.
///
/// # Errors
/// A fault of the database.
pub(in super::super) fn remove(tx: &mut Tx<'_>, letter: LetterId, id: CoSignerId) -> Outcome<bool> {
    let one = co_signers::table.filter(co_signers::id.eq(id).and(co_signers::letter_id.eq(letter)));
    Ok(diesel::delete(one).execute(tx.connection())? > 0)
}

/// Keeps how the co-signers are asked, in the place of how it was before.
///
/// # Errors
/// A fault of the database.
pub(in super::super) fn keep(tx: &mut Tx<'_>, letter: LetterId, asking: &Asking, at: Instant) -> Outcome<()> {
    diesel::delete(co_signings::table.find(letter)).execute(tx.connection())?;
    diesel::insert_into(co_signings::table)
        .values((
            co_signings::letter_id.eq(letter),
            co_signings::way.eq(asking.way),
            co_signings::last_day.eq(asking.last_day),
            co_signings::revision.eq(asking.revision),
            co_signings::asked_by.eq(asking.asked_by),
            co_signings::asked_at.eq(at.naive_utc()),
        ))
        .execute(tx.connection())?;
    Ok(())
}

/// Notes that somebody was asked.
///
/// # Errors
/// A fault of the database.
pub(in super::super) fn asked(tx: &mut Tx<'_>, id: CoSignerId, at: Instant) -> Outcome<()> {
    diesel::update(co_signers::table.find(id))
        .set((co_signers::asked_at.eq(at.naive_utc()), co_signers::reminded_at.eq(None::<NaiveDateTime>)))
        .execute(tx.connection())?;
    Ok(())
}

/// Notes that somebody was reminded; nobody (none) has been any more.
///
/// # Errors
/// A fault of the database.
pub(in super::super) fn reminded(tx: &mut Tx<'_>, id: CoSignerId, at: Instant) -> Outcome<()> {
    diesel::update(co_signers::table.find(id))
        .set(co_signers::reminded_at.eq(at.naive_utc()))
        .execute(tx.connection())?;
    Ok(())
}

/// Keeps an answer: a signature, or why there is none.
///
/// # Errors
/// A fault of the database.
pub(in super::super) fn answer(
    tx: &mut Tx<'_>,
    id: CoSignerId,
    answer: Result<&Signature, &str>,
    at: Instant,
) -> Outcome<()> {
    diesel::update(co_signers::table.find(id))
        .set((
            co_signers::answered_at.eq(at.naive_utc()),
            co_signers::signed_name.eq(answer.ok().map(|signature| signature.name.as_str())),
            co_signers::signed_capacity.eq(answer.ok().map(|signature| signature.capacity.as_str())),
            co_signers::reason.eq(answer.err()),
        ))
        .execute(tx.connection())?;
    Ok(())
}

/// Voids every answer and every question of a letter: its text has changed.
///
/// # Errors
/// A fault of the database.
pub(in super::super) fn void(tx: &mut Tx<'_>, letter: LetterId) -> Outcome<()> {
    diesel::update(co_signers::table.filter(co_signers::letter_id.eq(letter)))
        .set((
            co_signers::asked_at.eq(None::<NaiveDateTime>),
            co_signers::reminded_at.eq(None::<NaiveDateTime>),
            co_signers::answered_at.eq(None::<NaiveDateTime>),
            co_signers::signed_name.eq(None::<String>),
            co_signers::signed_capacity.eq(None::<String>),
            co_signers::reason.eq(None::<String>),
        ))
        .execute(tx.connection())?;
    Ok(())
}

/// Forgets the co-signers of a letter that is thrown away.
///
/// # Errors
/// A fault of the database.
pub(super) fn forget(tx: &mut Tx<'_>, letter: LetterId) -> Outcome<()> {
    diesel::delete(co_signers::table.filter(co_signers::letter_id.eq(letter))).execute(tx.connection())?;
    diesel::delete(co_signings::table.find(letter)).execute(tx.connection())?;
    Ok(())
}

//! With whom an applicant shares a request.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::Request;
use crate::clock::Instant;
use crate::ids::{PersonId, RequestId};
use crate::people::access::Share;
use crate::refusal::Outcome;
use crate::store::schema::{co_applicants, persons};
use crate::store::{Tx, View};
use crate::workflow::request::sharing::Colleague;

/// Whoever the request is shared with, in the order in which they were invited.
///
/// # Errors
/// A fault of the database.
pub fn of(view: &mut View<'_>, request: RequestId) -> Outcome<Vec<Colleague>> {
    let rows: Vec<(PersonId, String, String, bool, NaiveDateTime)> = co_applicants::table
        .inner_join(persons::table.on(persons::id.eq(co_applicants::person_id)))
        .filter(co_applicants::request_id.eq(request).and(co_applicants::removed_at.is_null()))
        .filter(persons::disabled_at.is_null())
        .order((co_applicants::invited_at, persons::address))
        .select((persons::id, persons::address, persons::name, co_applicants::may_edit, co_applicants::invited_at))
        .load(view.connection())?;
    let colleague = |(person, address, name, may_edit, invited_at): (_, _, _, _, NaiveDateTime)| Colleague {
        person,
        address,
        name,
        may_edit,
        invited_at: invited_at.and_utc(),
    };
    Ok(rows.into_iter().map(colleague).collect())
}

/// What a person may do with a request for its applicant; nothing for whoever has no share in it.
///
/// # Errors
/// A fault of the database.
pub fn share(view: &mut View<'_>, request: &Request, person: PersonId) -> Outcome<Option<Share>> {
    if request.applicant == person {
        return Ok(Some(Share::Own));
    }
    let shared = co_applicants::table.find((request.id, person)).filter(co_applicants::removed_at.is_null());
    let may_edit: Option<bool> = shared.select(co_applicants::may_edit).first(view.connection()).optional()?;
    Ok(may_edit.map(|may_edit| if may_edit { Share::Edit } else { Share::View }))
}

/// When the person was last invited to the request, also when they were removed since.
///
/// # Errors
/// A fault of the database.
pub fn last_invited(view: &mut View<'_>, request: RequestId, person: PersonId) -> Outcome<Option<Instant>> {
    let row = co_applicants::table.find((request, person)).select(co_applicants::invited_at);
    let at: Option<NaiveDateTime> = row.first(view.connection()).optional()?;
    Ok(at.map(|at| at.and_utc()))
}

/// How many people `person` has invited to any request since `since`.
///
/// # Errors
/// A fault of the database.
pub fn invited_since(view: &mut View<'_>, person: PersonId, since: Instant) -> Outcome<i64> {
    Ok(co_applicants::table
        .filter(co_applicants::invited_by.eq(person).and(co_applicants::invited_at.gt(since.naive_utc())))
        .count()
        .get_result(view.connection())?)
}

/// Shares a held request with a person, or lets them do with it from now on what `may_edit` says.
pub(in super::super) fn invite(
    tx: &mut Tx<'_>,
    request: RequestId,
    (person, may_edit): (PersonId, bool),
    (by, at): (PersonId, Instant),
) -> Outcome<()> {
    let change = (
        co_applicants::may_edit.eq(may_edit),
        co_applicants::invited_by.eq(by),
        co_applicants::invited_at.eq(at.naive_utc()),
        co_applicants::removed_at.eq(None::<NaiveDateTime>),
    );
    let known = diesel::update(co_applicants::table.find((request, person))).set(change).execute(tx.connection())?;
    if known == 0 {
        diesel::insert_into(co_applicants::table)
            .values((co_applicants::request_id.eq(request), co_applicants::person_id.eq(person), change))
            .execute(tx.connection())?;
    }
    Ok(())
}

/// Shares a held request no longer with a person; `false` when it was not shared with them.
pub(in super::super) fn remove(tx: &mut Tx<'_>, request: RequestId, person: PersonId, at: Instant) -> Outcome<bool> {
    let shared = co_applicants::table.find((request, person)).filter(co_applicants::removed_at.is_null());
    let removed = diesel::update(shared).set(co_applicants::removed_at.eq(at.naive_utc())).execute(tx.connection())?;
    Ok(removed == 1)
}

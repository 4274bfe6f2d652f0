//! Requests as rows: finding one, taking hold of one, keeping what was typed, moving one on.
//! What a row means is in `row`, lists and who is to be told in `lists`, questions to the applicant in `questions`, what
//! is typed into reopened sections in `changes`, earlier answers in `versions`, files in `attachments` and `depot`, who
//! is out of a request in `recused`.

pub mod attachments;
pub mod changes;
pub mod co_applicants;
pub mod depot;
pub mod lists;
pub mod questions;
pub mod queue;
pub mod recused;
mod row;
pub mod versions;
pub mod year;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::card::Card;
use super::raw::RawForm;
use super::reference::Reference;
use super::rules::Band;
use crate::clock::Instant;
use crate::ids::{InstitutionId, PersonId, RequestId};
use crate::people::access::no_such_request;
use crate::policy::settings::Policy;
use crate::refusal::{Fault, Outcome};
use crate::store::schema::requests;
use crate::store::{Tx, View};
use crate::workflow::stage::{self, Answer, Stage, StageName, Step};

pub use row::Request;
use row::{Row, request_of};

/// The request `id`, if there is one.
///
/// # Errors
/// A fault of the database.
pub fn find(view: &mut View<'_>, id: RequestId) -> Outcome<Option<Request>> {
    let row = requests::table.find(id).select(Row::as_select()).first(view.connection()).optional()?;
    row.map(request_of).transpose()
}

/// Those of `ids` that there are, in no order.
///
/// # Errors
/// A fault of the database.
pub fn among(view: &mut View<'_>, ids: &[RequestId]) -> Outcome<Vec<Request>> {
    let rows: Vec<Row> =
        requests::table.filter(requests::id.eq_any(ids)).select(Row::as_select()).load(view.connection())?;
    rows.into_iter().map(request_of).collect()
}

/// Takes hold of the request `id` for the rest of the transaction. Every change to a request, and to anything that
/// belongs to it, begins with this: two people doing something at once then do it one after the other.
///
/// # Errors
/// A refusal when there is no such request, or a fault of the database.
pub fn touch(tx: &mut Tx<'_>, id: RequestId) -> Outcome<Request> {
    let touched = diesel::update(requests::table.find(id))
        .set(requests::revision.eq(requests::revision + 1))
        .execute(tx.connection())?;
    if touched == 0 {
        return Err(no_such_request().into());
    }
    find(tx, id)?.ok_or_else(|| no_such_request().into())
}

/// Moves a touched request on by `step` and keeps the new stage with its evidence.
///
/// # Errors
/// A refusal when the step is not possible from its stage, or a fault of the database.
pub fn advance(tx: &mut Tx<'_>, request: &Request, step: Step, now: Instant) -> Outcome<Stage> {
    let next = stage::advance(request.stage, step)?;
    let this_request = requests::table.find(request.id);
    let common = (requests::stage.eq(next.name()), requests::changed_at.eq(now.naive_utc()));
    let connection = tx.connection();
    // A request that goes back to the committee or to its routing has no answer any more.
    let unanswered = (requests::decided_at.eq(None::<NaiveDateTime>), requests::answer.eq(None::<Answer>));
    match next {
        Stage::Draft => diesel::update(this_request).set(common).execute(connection)?,
        Stage::Submitted { at, held } => diesel::update(this_request)
            .set((common, requests::submitted_at.eq(at.naive_utc()), requests::held.eq(held), unanswered))
            .execute(connection)?,
        Stage::Routed { at } => {
            diesel::update(this_request).set((common, requests::routed_at.eq(at.naive_utc()))).execute(connection)?
        }
        Stage::InReview { at } => diesel::update(this_request)
            .set((common, requests::review_began_at.eq(at.naive_utc()), unanswered))
            .execute(connection)?,
        Stage::Decided { at, answer } => diesel::update(this_request)
            .set((common, requests::decided_at.eq(at.naive_utc()), requests::answer.eq(answer)))
            .execute(connection)?,
        // A later version has not been downloaded yet.
        Stage::Issued { at, letter } => diesel::update(this_request)
            .set((
                common,
                requests::issued_at.eq(at.naive_utc()),
                requests::letter_id.eq(letter),
                requests::delivered_at.eq(None::<NaiveDateTime>),
            ))
            .execute(connection)?,
        Stage::Revoked { .. } => diesel::update(this_request).set(common).execute(connection)?,
        Stage::Delivered { at, .. } => {
            diesel::update(this_request).set((common, requests::delivered_at.eq(at.naive_utc()))).execute(connection)?
        }
        Stage::Withdrawn { at } => {
            diesel::update(this_request).set((common, requests::withdrawn_at.eq(at.naive_utc()))).execute(connection)?
        }
    };
    Ok(next)
}

/// Adds an empty draft of `applicant`, with what is known of them filled in.
pub(super) fn add_draft(
    tx: &mut Tx<'_>,
    id: RequestId,
    applicant: PersonId,
    typed: &RawForm,
    now: Instant,
) -> Outcome<()> {
    let card = Card::of_draft(typed, None);
    diesel::insert_into(requests::table)
        .values((
            requests::id.eq(id),
            requests::revision.eq(1_i64),
            requests::applicant_id.eq(applicant),
            requests::stage.eq(StageName::Draft),
            requests::form.eq(json_of(typed)?),
            (requests::title.eq(&card.title), requests::applicant_name.eq(&card.applicant_name)),
            (requests::institution_name.eq(""), requests::funder.eq(""), requests::programme.eq("")),
            (requests::letter_kind.eq(""), requests::deadline_words.eq(""), requests::search_text.eq("")),
            (requests::created_at.eq(now.naive_utc()), requests::changed_at.eq(now.naive_utc())),
            requests::held.eq(false),
        ))
        .execute(tx.connection())?;
    Ok(())
}

/// Keeps what was typed, and what lists show of it.
pub(super) fn keep_form(
    tx: &mut Tx<'_>,
    id: RequestId,
    typed: &RawForm,
    card: &Card,
    reference: Option<Reference>,
    now: Instant,
) -> Outcome<()> {
    diesel::update(requests::table.find(id))
        .set((
            requests::form.eq(json_of(typed)?),
            requests::title.eq(&card.title),
            requests::applicant_name.eq(&card.applicant_name),
            requests::institution_id.eq(card.institution.id),
            requests::institution_name.eq(&card.institution.name),
            requests::funder.eq(&card.funder),
            requests::programme.eq(&card.programme),
            requests::letter_kind.eq(&card.letter_kind),
            requests::deadline_at.eq(card.deadline.map(|deadline| deadline.at().naive_utc())),
            requests::deadline_words.eq(card.deadline.map(|deadline| deadline.to_string()).unwrap_or_default()),
            requests::needed_on.eq(card.needed_on),
            requests::search_text.eq(card.search_text(reference)),
            requests::changed_at.eq(now.naive_utc()),
        ))
        .execute(tx.connection())?;
    Ok(())
}

/// Keeps what a request gets when it is sent: its reference, its policy and its band.
pub(super) fn keep_sending(
    tx: &mut Tx<'_>,
    id: RequestId,
    reference: Reference,
    policy: &Policy,
    band: Band,
) -> Outcome<()> {
    diesel::update(requests::table.find(id))
        .set((
            requests::reference.eq(reference.to_string()),
            requests::policy.eq(json_of(policy)?),
            requests::lead_band.eq(band.as_str()),
        ))
        .execute(tx.connection())?;
    Ok(())
}

/// Keeps the band in which a corrected deadline leaves the request.
pub(super) fn keep_band(tx: &mut Tx<'_>, id: RequestId, band: Band) -> Outcome<()> {
    diesel::update(requests::table.find(id)).set(requests::lead_band.eq(band.as_str())).execute(tx.connection())?;
    Ok(())
}

/// Keeps which institution a request comes from; its name stays as it was typed.
pub(super) fn keep_institution(
    tx: &mut Tx<'_>,
    id: RequestId,
    institution: InstitutionId,
    now: Instant,
) -> Outcome<()> {
    diesel::update(requests::table.find(id))
        .set((requests::institution_id.eq(institution), requests::changed_at.eq(now.naive_utc())))
        .execute(tx.connection())?;
    Ok(())
}

/// Says of a held request that the institution it comes from is another one of the list from now on, wherever the request
/// names it by its id.
pub(super) fn move_institution(
    tx: &mut Tx<'_>,
    request: &Request,
    (from, to): (InstitutionId, InstitutionId),
    now: Instant,
) -> Outcome<()> {
    diesel::update(requests::table.find(request.id))
        .set((
            requests::institution_id.eq(to),
            requests::form.eq(request.form.replace(from.as_str(), to.as_str())),
            requests::changed_at.eq(now.naive_utc()),
        ))
        .execute(tx.connection())?;
    changes::move_institution(tx, request.id, (from, to))?;
    versions::move_institution(tx, request.id, (from, to))
}

/// Keeps why a request was withdrawn.
pub(super) fn keep_reason(tx: &mut Tx<'_>, id: RequestId, why: &str) -> Outcome<()> {
    diesel::update(requests::table.find(id)).set(requests::withdrawn_why.eq(why)).execute(tx.connection())?;
    Ok(())
}

fn json_of(value: &impl serde::Serialize) -> Outcome<String> {
    serde_json::to_string(value).map_err(|error| Fault::because("a form could not be kept", error).into())
}

//! Decisions as rows: one a request, prepared when the motion closes and known outside only once released.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::rules::{Words, answer_to};
use crate::clock::Instant;
use crate::ids::{DecisionId, MotionId, PersonId, RequestId};
use crate::refusal::Outcome;
use crate::store::schema::{decisions, motions, persons, reopened_answers, requests};
use crate::store::{Tx, View, impossible};
use crate::workflow::review::motion::MotionStage;
use crate::workflow::stage::{Answer, StageName};

#[derive(Queryable, Selectable)]
#[diesel(table_name = decisions)]
struct Row {
    id: DecisionId,
    request_id: RequestId,
    motion_id: Option<MotionId>,
    answer: Answer,
    explanation: String,
    reasons: String,
    what_would_change: String,
    prepared_at: NaiveDateTime,
    released_at: Option<NaiveDateTime>,
    released_by: Option<PersonId>,
}

/// The committee's answer to a request.
#[derive(Debug, Clone)]
pub struct Decision {
    /// The decision.
    pub id: DecisionId,
    /// The request.
    pub request: RequestId,
    /// The motion it rests on; none when staff turned the request down before the committee saw it.
    pub motion: Option<MotionId>,
    /// The answer.
    pub answer: Answer,
    /// How it came about, with rule and arithmetic, in the words of that moment.
    pub explanation: String,
    /// What the applicant is told with it.
    pub words: Words,
    /// When it was prepared.
    pub prepared_at: Instant,
    /// When and by whom it was released to the applicant.
    pub released: Option<(Instant, PersonId)>,
}

/// The decision about a request, if one is prepared.
///
/// # Errors
/// A fault of the database.
pub fn of(view: &mut View<'_>, request: RequestId) -> Outcome<Option<Decision>> {
    let row = decisions::table
        .filter(decisions::request_id.eq(request))
        .select(Row::as_select())
        .first(view.connection())
        .optional()?;
    row.map(decision_of).transpose()
}

fn decision_of(row: Row) -> Outcome<Decision> {
    let released = match (row.released_at, row.released_by) {
        (Some(at), Some(by)) => Some((at.and_utc(), by)),
        (None, None) => None,
        _ => return Err(impossible("decisions", row.id, "a release needs its time and its person")),
    };
    Ok(Decision {
        id: row.id,
        request: row.request_id,
        motion: row.motion_id,
        answer: row.answer,
        explanation: row.explanation,
        words: Words { reasons: row.reasons, would_change: row.what_would_change },
        prepared_at: row.prepared_at.and_utc(),
        released,
    })
}

/// The requests whose motion has led to an answer that is not prepared yet.
///
/// # Errors
/// A fault of the database.
pub fn to_prepare(view: &mut View<'_>) -> Outcome<Vec<RequestId>> {
    let answering: Vec<&str> =
        MotionStage::ALL.iter().filter(|stage| answer_to(**stage).is_some()).map(MotionStage::as_str).collect();
    Ok(motions::table
        .inner_join(requests::table.on(requests::id.eq(motions::request_id)))
        .left_join(decisions::table.on(decisions::request_id.eq(motions::request_id)))
        .filter(motions::state.eq_any(answering))
        .filter(requests::stage.eq_any([StageName::Routed, StageName::InReview]))
        .filter(decisions::id.is_null())
        .order(motions::closed_at)
        .select(motions::request_id)
        .load(view.connection())?)
}

/// The reasons of a released answer, and what would change it.
///
/// # Errors
/// A fault of the database.
pub fn reasons(view: &mut View<'_>, request: RequestId) -> Outcome<Option<(String, String)>> {
    Ok(decisions::table
        .filter(decisions::request_id.eq(request).and(decisions::released_at.is_not_null()))
        .select((decisions::reasons, decisions::what_would_change))
        .first(view.connection())
        .optional()?)
}

/// Those among `requests` whose answer is prepared and not released.
///
/// # Errors
/// A fault of the database.
pub fn unreleased(view: &mut View<'_>, requests: &[RequestId]) -> Outcome<Vec<RequestId>> {
    Ok(decisions::table
        .filter(decisions::released_at.is_null().and(decisions::request_id.eq_any(requests.to_vec())))
        .select(decisions::request_id)
        .load(view.connection())?)
}

/// An answer that was taken back.
#[derive(Debug, Clone)]
pub struct Reopened {
    /// What was answered.
    pub answer: Answer,
    /// How that had come about.
    pub explanation: String,
    /// When the applicant had been told, if they had.
    pub released_at: Option<Instant>,
    /// When it was taken back.
    pub reopened_at: Instant,
    /// The name of who took it back, or their address.
    pub reopened_by: String,
    /// Why.
    pub reason: String,
}

/// The answers to a request that were taken back, the oldest first.
///
/// # Errors
/// A fault of the database.
pub fn reopened(view: &mut View<'_>, request: RequestId) -> Outcome<Vec<Reopened>> {
    type Found = (Answer, String, Option<NaiveDateTime>, NaiveDateTime, (String, String), String);
    let rows: Vec<Found> = reopened_answers::table
        .inner_join(persons::table.on(persons::id.eq(reopened_answers::reopened_by)))
        .filter(reopened_answers::request_id.eq(request))
        .order((reopened_answers::reopened_at, reopened_answers::id))
        .select((
            reopened_answers::answer,
            reopened_answers::explanation,
            reopened_answers::released_at,
            reopened_answers::reopened_at,
            (persons::name, persons::address),
            reopened_answers::reason,
        ))
        .load(view.connection())?;
    let read = |(answer, explanation, released_at, reopened_at, (name, address), reason): Found| Reopened {
        answer,
        explanation,
        released_at: released_at.map(|at| at.and_utc()),
        reopened_at: reopened_at.and_utc(),
        reopened_by: if name.is_empty() { address } else { name },
        reason,
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Puts the answer in force among those that were taken back.
pub(super) fn set_aside(
    tx: &mut Tx<'_>,
    decision: &Decision,
    reason: &str,
    (at, by): (Instant, PersonId),
) -> Outcome<()> {
    let released = decision.released;
    diesel::insert_into(reopened_answers::table)
        .values((
            reopened_answers::id.eq(decision.id),
            reopened_answers::request_id.eq(decision.request),
            reopened_answers::motion_id.eq(decision.motion),
            reopened_answers::answer.eq(decision.answer),
            reopened_answers::explanation.eq(&decision.explanation),
            reopened_answers::reasons.eq(&decision.words.reasons),
            reopened_answers::what_would_change.eq(&decision.words.would_change),
            reopened_answers::prepared_at.eq(decision.prepared_at.naive_utc()),
            reopened_answers::released_at.eq(released.map(|(at, _)| at.naive_utc())),
            reopened_answers::released_by.eq(released.map(|(_, by)| by)),
            reopened_answers::reopened_at.eq(at.naive_utc()),
            reopened_answers::reopened_by.eq(by),
            reopened_answers::reason.eq(reason),
        ))
        .execute(tx.connection())?;
    diesel::delete(decisions::table.find(decision.id)).execute(tx.connection())?;
    Ok(())
}

pub(super) fn prepare(tx: &mut Tx<'_>, decision: &Decision) -> Outcome<()> {
    diesel::insert_into(decisions::table)
        .values((
            decisions::id.eq(decision.id),
            decisions::request_id.eq(decision.request),
            decisions::motion_id.eq(decision.motion),
            decisions::answer.eq(decision.answer),
            decisions::explanation.eq(&decision.explanation),
            decisions::reasons.eq(&decision.words.reasons),
            decisions::what_would_change.eq(&decision.words.would_change),
            decisions::prepared_at.eq(decision.prepared_at.naive_utc()),
        ))
        .execute(tx.connection())?;
    Ok(())
}

pub(super) fn release(tx: &mut Tx<'_>, decision: DecisionId, words: &Words, now: Instant, by: PersonId) -> Outcome<()> {
    diesel::update(decisions::table.find(decision))
        .set((
            decisions::reasons.eq(&words.reasons),
            decisions::what_would_change.eq(&words.would_change),
            decisions::released_at.eq(now.naive_utc()),
            decisions::released_by.eq(by),
        ))
        .execute(tx.connection())?;
    Ok(())
}

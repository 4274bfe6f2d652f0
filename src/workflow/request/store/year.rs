//! The requests of a year, as far as their course goes.

use chrono::NaiveDateTime;
use diesel::dsl::{max, min};
use diesel::prelude::*;

use super::queue::Sight;
use crate::clock::Instant;
use crate::ids::RequestId;
use crate::refusal::Outcome;
use crate::store::View;
use crate::store::schema::requests;
use crate::workflow::request::rules::Band;
use crate::workflow::stage::{Answer, StageName};

/// The course of one request.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The request.
    pub id: RequestId,
    /// When it was sent.
    pub sent: Instant,
    /// When it went to its reviewers.
    pub routed: Option<Instant>,
    /// When the committee decided.
    pub decided: Option<Instant>,
    /// When its letter was first issued.
    pub issued: Option<Instant>,
    /// Where it stands.
    pub stage: StageName,
    /// The committee's answer.
    pub answer: Option<Answer>,
    /// The lead time when it was sent.
    pub band: Option<Band>,
}

/// The requests within `sight` that were sent from `from` on and before `until`.
///
/// # Errors
/// A fault of the database.
pub fn sent(view: &mut View<'_>, sight: &Sight, from: Instant, until: Instant) -> Outcome<Vec<Sent>> {
    type At = Option<NaiveDateTime>;
    type Row = (RequestId, At, At, At, At, StageName, Option<Answer>, Option<String>);
    let rows: Vec<Row> = requests::table
        .filter(requests::submitted_at.ge(from.naive_utc()).and(requests::submitted_at.lt(until.naive_utc())))
        .select((
            requests::id,
            requests::submitted_at,
            requests::routed_at,
            requests::decided_at,
            requests::issued_at,
            requests::stage,
            requests::answer,
            requests::lead_band,
        ))
        .load(view.connection())?;
    let utc = |at: At| at.map(|at| at.and_utc());
    let course = |(id, sent, routed, decided, issued, stage, answer, band): Row| {
        Some(Sent {
            id,
            sent: utc(sent)?,
            routed: utc(routed),
            decided: utc(decided),
            issued: utc(issued),
            stage,
            answer,
            band: band.and_then(|band| band.parse().ok()),
        })
    };
    let seen = |one: &Sent| sight.holds(one.id, one.routed.is_some());
    Ok(rows.into_iter().filter_map(course).filter(seen).collect())
}

/// When the first and the last request were sent; `None` before the first.
///
/// # Errors
/// A fault of the database.
pub fn first_and_last(view: &mut View<'_>) -> Outcome<Option<(Instant, Instant)>> {
    let ends: (Option<NaiveDateTime>, Option<NaiveDateTime>) =
        requests::table.select((min(requests::submitted_at), max(requests::submitted_at))).first(view.connection())?;
    Ok(ends.0.zip(ends.1).map(|(first, last)| (first.and_utc(), last.and_utc())))
}

//! What became of proposals, as rows: who was asked, and what they told.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::clock::Instant;
use crate::ids::RequestId;
use crate::refusal::Outcome as Result;
use crate::store::schema::{outcomes, requests};
use crate::store::{Tx, View, as_text};
use crate::workflow::outcome::rules::{Answer, Told};
use crate::workflow::stage::StageName;

as_text!(Answer);

/// What is known of one request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// When the applicant was asked.
    pub asked_at: Option<Instant>,
    /// What they told, and when.
    pub told: Option<(Told, Instant)>,
}

impl Known {
    /// What is known in words, for staff; `day` writes the day of a moment.
    pub fn in_words(&self, day: impl Fn(Instant) -> String) -> String {
        match (&self.told, self.asked_at) {
            (Some((told, at)), _) if told.remark.is_empty() => format!("{}, told on {}", told.answer.label(), day(*at)),
            (Some((told, at)), _) => format!("{}, told on {}: {}", told.answer.label(), day(*at), told.remark),
            (None, Some(at)) => format!("Asked on {}, no answer yet", day(at)),
            (None, None) => String::new(),
        }
    }
}

type Row = (RequestId, Option<NaiveDateTime>, Option<Answer>, String, Option<NaiveDateTime>);

fn known((request, asked, answer, remark, at): Row) -> (RequestId, Known) {
    let told = answer.zip(at).map(|(answer, at)| (Told { answer, remark }, at.and_utc()));
    (request, Known { asked_at: asked.map(|at| at.and_utc()), told })
}

/// What is known of these requests; those of which nothing is are left out.
///
/// # Errors
/// A fault of the database.
pub fn of(view: &mut View<'_>, ids: &[RequestId]) -> Result<HashMap<RequestId, Known>> {
    let columns = (outcomes::request_id, outcomes::asked_at, outcomes::answer, outcomes::remark, outcomes::answered_at);
    let rows: Vec<Row> =
        outcomes::table.filter(outcomes::request_id.eq_any(ids)).select(columns).load(view.connection())?;
    Ok(rows.into_iter().map(known).collect())
}

/// What is known of one request.
///
/// # Errors
/// A fault of the database.
pub fn one(view: &mut View<'_>, id: RequestId) -> Result<Known> {
    Ok(of(view, &[id])?.remove(&id).unwrap_or_default())
}

/// The requests with a letter in force that came out before `before`, whose deadline had passed by then, whose applicants
/// were never asked and have told nothing final.
///
/// # Errors
/// A fault of the database.
pub fn unasked(view: &mut View<'_>, before: Instant) -> Result<Vec<RequestId>> {
    let before = before.naive_utc();
    let closed: Vec<Answer> = Answer::ALL.iter().copied().filter(|answer| answer.is_final()).collect();
    let settled = outcomes::table
        .filter(outcomes::asked_at.is_not_null().or(outcomes::answer.eq_any(closed)))
        .select(outcomes::request_id);
    Ok(requests::table
        .filter(requests::stage.eq_any([StageName::Issued, StageName::Delivered]))
        .filter(requests::issued_at.lt(before))
        .filter(requests::deadline_at.is_null().or(requests::deadline_at.lt(before)))
        .filter(requests::id.ne_all(settled))
        .order(requests::id)
        .select(requests::id)
        .load(view.connection())?)
}

/// Notes that the applicant was asked.
///
/// # Errors
/// A fault of the database.
pub(super) fn asked(tx: &mut Tx<'_>, id: RequestId, at: Instant) -> Result<()> {
    make(tx, id)?;
    let row = outcomes::table.find(id);
    diesel::update(row).set(outcomes::asked_at.eq(at.naive_utc())).execute(tx.connection())?;
    Ok(())
}

/// Keeps what the applicant told, in the place of what they told before.
///
/// # Errors
/// A fault of the database.
pub(super) fn tell(tx: &mut Tx<'_>, id: RequestId, told: &Told, at: Instant) -> Result<()> {
    make(tx, id)?;
    diesel::update(outcomes::table.find(id))
        .set((
            outcomes::answer.eq(told.answer),
            outcomes::remark.eq(&told.remark),
            outcomes::answered_at.eq(at.naive_utc()),
        ))
        .execute(tx.connection())?;
    Ok(())
}

/// Makes the row of a request, whose own row is held, unless it is there.
fn make(tx: &mut Tx<'_>, id: RequestId) -> Result<()> {
    let row = (outcomes::request_id.eq(id), outcomes::remark.eq(""));
    tx.insert_unless_there(|c| diesel::insert_into(outcomes::table).values(row).execute(c))?;
    Ok(())
}

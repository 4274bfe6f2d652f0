//! Reviews and objections as rows.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::super::electorate::{Closed, ClosedAs, Objection, Stance};
use super::super::form::{Review, Typed};
use crate::clock::Instant;
use crate::ids::{MotionId, ObjectionId, PersonId, RequestId, ReviewId, SeatId};
use crate::refusal::Outcome;
use crate::store::schema::{objections, persons, reviews};
use crate::store::{Tx, View, impossible};

#[derive(Queryable, Selectable)]
#[diesel(table_name = reviews)]
struct Row {
    id: ReviewId,
    seat_id: SeatId,
    person_id: PersonId,
    recommendation: Option<String>,
    ratings: String,
    for_committee: String,
    for_applicant: String,
    saved_at: NaiveDateTime,
    sent_at: Option<NaiveDateTime>,
    draft: Option<String>,
}

fn review_of(row: Row) -> Outcome<Review> {
    let wrong = |error: String| impossible("reviews", row.id, error);
    let mut typed: Typed = serde_json::from_str(&row.ratings).map_err(|error| wrong(error.to_string()))?;
    typed.stance = match row.recommendation.as_deref() {
        None => None,
        Some(word) => Some(word.parse().map_err(|error| wrong(format!("{error}")))?),
    };
    typed.for_committee = row.for_committee;
    typed.for_applicant = row.for_applicant;
    let change =
        row.draft.as_deref().map(serde_json::from_str).transpose().map_err(|error| wrong(error.to_string()))?;
    Ok(Review {
        seat: row.seat_id,
        person: row.person_id,
        typed,
        change,
        saved_at: row.saved_at.and_utc(),
        sent_at: row.sent_at.map(|at| at.and_utc()),
    })
}

/// The reviews of a request, drafts too, in the order in which they were begun.
///
/// # Errors
/// A fault of the database.
pub fn reviews_of(view: &mut View<'_>, request: RequestId) -> Outcome<Vec<Review>> {
    let rows: Vec<Row> = reviews::table
        .filter(reviews::request_id.eq(request))
        .order(reviews::id)
        .select(Row::as_select())
        .load(view.connection())?;
    rows.into_iter().map(review_of).collect()
}

/// What the sent reviews of these requests say, by seat.
pub(super) fn stances(view: &mut View<'_>, of: &[RequestId]) -> Outcome<Vec<(RequestId, SeatId, Stance)>> {
    let rows: Vec<(RequestId, SeatId, String)> = reviews::table
        .filter(reviews::request_id.eq_any(of))
        .filter(reviews::sent_at.is_not_null())
        .filter(reviews::recommendation.is_not_null())
        .select((reviews::request_id, reviews::seat_id, reviews::recommendation.assume_not_null()))
        .load(view.connection())?;
    let stance = |(request, seat, word): (RequestId, SeatId, String)| {
        Ok((request, seat, word.parse().map_err(|error| impossible("reviews", request, error))?))
    };
    rows.into_iter().map(stance).collect()
}

/// Keeps a review in place of the seat's earlier one. The request's row is held.
pub(in super::super) fn keep(tx: &mut Tx<'_>, request: RequestId, review: &Review) -> Outcome<()> {
    // The reason and the ratings travel together: both are read only with the whole review.
    let rest =
        Typed { stance: None, for_committee: String::new(), for_applicant: String::new(), ..review.typed.clone() };
    let rest = serde_json::to_string(&rest).map_err(|error| impossible("reviews", review.seat, error))?;
    let draft = review.change.as_ref().map(serde_json::to_string).transpose();
    let draft = draft.map_err(|error| impossible("reviews", review.seat, error))?;
    let recommendation = review.typed.stance.map(|stance| stance.as_str());
    let what = || {
        (
            reviews::person_id.eq(review.person),
            reviews::recommendation.eq(recommendation),
            reviews::ratings.eq(&rest),
            reviews::for_committee.eq(&review.typed.for_committee),
            reviews::for_applicant.eq(&review.typed.for_applicant),
            reviews::saved_at.eq(review.saved_at.naive_utc()),
            reviews::sent_at.eq(review.sent_at.map(|at| at.naive_utc())),
            reviews::draft.eq(&draft),
        )
    };
    let updated = diesel::update(reviews::table)
        .filter(reviews::request_id.eq(request))
        .filter(reviews::seat_id.eq(review.seat))
        .set(what())
        .execute(tx.connection())?;
    if updated == 0 {
        diesel::insert_into(reviews::table)
            .values((
                reviews::id.eq(ReviewId::fresh()),
                reviews::request_id.eq(request),
                reviews::seat_id.eq(review.seat),
                what(),
            ))
            .execute(tx.connection())?;
    }
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = objections)]
struct ObjectionRow {
    id: ObjectionId,
    motion_id: MotionId,
    seat_id: SeatId,
    person_id: PersonId,
    reason: String,
    raised_at: NaiveDateTime,
    closed_at: Option<NaiveDateTime>,
    closed_by: Option<PersonId>,
    close_reason: Option<String>,
    closed_as: Option<String>,
}

fn objection_of((row, name): (ObjectionRow, Option<String>)) -> Outcome<Objection> {
    let closed = match (row.closed_at, row.closed_by, row.close_reason, row.closed_as) {
        (Some(at), Some(by), Some(why), Some(closed_as)) => {
            let closed_as = closed_as.parse().map_err(|error| impossible("objections", row.id, error))?;
            Some(Closed { at: at.and_utc(), by, name: name.unwrap_or_default(), closed_as, why })
        }
        (None, None, None, None) => None,
        _ => return Err(impossible("objections", row.id, "closed without its evidence")),
    };
    Ok(Objection {
        id: row.id,
        motion: row.motion_id,
        seat: row.seat_id,
        person: row.person_id,
        reason: row.reason,
        raised_at: row.raised_at.and_utc(),
        closed,
    })
}

/// The objections to a motion, in the order in which they were raised.
///
/// # Errors
/// A fault of the database.
pub fn objections_to(view: &mut View<'_>, motion: MotionId) -> Outcome<Vec<Objection>> {
    let rows: Vec<(ObjectionRow, Option<String>)> = objections::table
        .left_join(persons::table.on(persons::id.nullable().eq(objections::closed_by)))
        .filter(objections::motion_id.eq(motion))
        .order((objections::raised_at, objections::id))
        .select((ObjectionRow::as_select(), persons::name.nullable()))
        .load(view.connection())?;
    rows.into_iter().map(objection_of).collect()
}

/// The seats with an open objection to one of these motions.
pub(super) fn open_objectors(view: &mut View<'_>, to: &[MotionId]) -> Outcome<Vec<(MotionId, SeatId)>> {
    Ok(objections::table
        .filter(objections::motion_id.eq_any(to))
        .filter(objections::closed_at.is_null())
        .select((objections::motion_id, objections::seat_id))
        .load(view.connection())?)
}

pub(in super::super) fn raise(tx: &mut Tx<'_>, objection: &Objection) -> Outcome<()> {
    diesel::insert_into(objections::table)
        .values((
            objections::id.eq(objection.id),
            objections::motion_id.eq(objection.motion),
            objections::seat_id.eq(objection.seat),
            objections::person_id.eq(objection.person),
            objections::reason.eq(&objection.reason),
            objections::raised_at.eq(objection.raised_at.naive_utc()),
        ))
        .execute(tx.connection())?;
    Ok(())
}

pub(in super::super) fn close(
    tx: &mut Tx<'_>,
    objection: ObjectionId,
    now: Instant,
    (by, closed_as): (PersonId, ClosedAs),
    why: &str,
) -> Outcome<()> {
    diesel::update(objections::table.find(objection))
        .set((
            objections::closed_at.eq(now.naive_utc()),
            objections::closed_by.eq(by),
            objections::close_reason.eq(why),
            objections::closed_as.eq(closed_as.as_str()),
        ))
        .execute(tx.connection())?;
    Ok(())
}

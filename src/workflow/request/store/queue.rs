//! Requests as staff list them: a part of all that were sent, by deadline. A page takes the same few queries however
//! long it is.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::dsl::{count_star, min};
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::recused::closed_to;
use super::row::{Request, Row, request_of};
use crate::clock::Instant;
use crate::ids::{RequestId, SeatId};
use crate::people::access::Onlooker;
use crate::refusal::Outcome;
use crate::store::View;
use crate::store::schema::{assignments, conflicts, questions, requests};
use crate::workflow::request::answers::LetterKind;
use crate::workflow::request::span::Span;
use crate::workflow::stage::{Answer, StageName};

/// What is wanted of all requests.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The stages; drafts are left out in any case.
    pub stages: Vec<StageName>,
    /// Requests that are wanted at whatever stage they stand.
    pub also: Vec<RequestId>,
    /// Only those held for staff, or only those not held.
    pub held: Option<bool>,
    /// Only those declined, or only those not declined.
    pub declined: Option<bool>,
    /// Only those whose applicant has a question to answer.
    pub asked: bool,
    /// The lead-time band at sending, in its one spelling.
    pub band: Option<String>,
    /// The names of the funders.
    pub funders: Option<Vec<String>>,
    /// When the deadline is (UTC).
    pub due: Span<Instant>,
    /// The day on which the letter is needed.
    pub needed: Span<NaiveDate>,
    /// The kind of letter.
    pub kind: Option<LetterKind>,
    /// The seats of which one owes a review.
    pub owing: Option<Vec<SeatId>>,
    /// Only those with which a seat has a conflict of interest.
    pub conflict: bool,
    /// Patterns that must all be found in what a search looks through.
    pub patterns: Vec<String>,
}

/// Which of all requests somebody may see: in a list, in its counts, and in what its filters offer.
#[derive(Debug, Clone, Default)]
pub struct Sight {
    /// Whether those are left out that never came before the committee.
    routed: bool,
    /// Those that are closed to whoever looks.
    hidden: Vec<RequestId>,
}

impl Sight {
    /// Whether the request is closed to whoever looks.
    pub fn hides(&self, request: RequestId) -> bool {
        self.hidden.contains(&request)
    }

    /// The requests that are closed to whoever looks.
    pub fn hidden(&self) -> &[RequestId] {
        &self.hidden
    }
}

/// What somebody may see: nothing that is closed to them. What staff still hold, or turned down themselves, is for staff
/// alone.
///
/// # Errors
/// A fault of the database.
pub fn sight(view: &mut View<'_>, is_staff: bool, onlooker: &Onlooker) -> Outcome<Sight> {
    Ok(Sight { routed: !is_staff, hidden: closed_to(view, onlooker)? })
}

/// The order of a list, by deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The nearest deadline first; requests without one last.
    NearestFirst,
    /// The latest deadline first; requests without one first.
    LatestFirst,
}

impl Sight {
    /// Whether a request is within it, which came before the committee or did not.
    pub fn holds(&self, id: RequestId, was_routed: bool) -> bool {
        !self.hidden.contains(&id) && (was_routed || !self.routed)
    }
}

/// The condition that a request is within sight; a macro, because the type of it has no name.
macro_rules! seen {
    ($sight:expr) => {
        requests::id
            .ne_all($sight.hidden.clone())
            .and(requests::routed_at.is_not_null().or((!$sight.routed).into_sql::<Bool>()))
    };
}

/// How far a list has been read: the next page begins after the request with this deadline and id.
pub type Place = (Option<NaiveDateTime>, RequestId);

/// Up to `most` of the requests wanted, after `place`.
///
/// # Errors
/// A fault of the database.
pub fn list(
    view: &mut View<'_>,
    sight: &Sight,
    wanted: &Wanted,
    order: Order,
    place: Option<Place>,
    most: i64,
) -> Outcome<Vec<Request>> {
    use requests::{deadline_at, id};
    let mut query = requests::table
        .filter(requests::submitted_at.is_not_null())
        .filter(seen!(sight))
        .filter(requests::stage.eq_any(wanted.stages.clone()).or(id.eq_any(wanted.also.clone())))
        .limit(most)
        .into_boxed();
    if let Some(held) = wanted.held {
        query = query.filter(requests::held.eq(held));
    }
    match wanted.declined {
        Some(true) => query = query.filter(requests::answer.eq(Answer::Declined)),
        Some(false) => query = query.filter(requests::answer.is_null().or(requests::answer.ne(Answer::Declined))),
        None => {}
    }
    if wanted.asked {
        let asked = questions::table
            .filter(questions::answer.is_null().and(questions::withdrawn_at.is_null()))
            .select(questions::request_id);
        query = query.filter(id.eq_any(asked));
    }
    if let Some(band) = wanted.band.clone() {
        query = query.filter(requests::lead_band.eq(band));
    }
    if let Some(funders) = wanted.funders.clone() {
        query = query.filter(requests::funder.eq_any(funders));
    }
    if let Some(after) = wanted.due.after {
        query = query.filter(deadline_at.gt(after.naive_utc()));
    }
    if let Some(before) = wanted.due.before {
        query = query.filter(deadline_at.lt(before.naive_utc()));
    }
    if let Some(after) = wanted.needed.after {
        query = query.filter(requests::needed_on.gt(after));
    }
    if let Some(before) = wanted.needed.before {
        query = query.filter(requests::needed_on.lt(before));
    }
    if let Some(kind) = wanted.kind {
        query = query.filter(requests::letter_kind.eq(kind.as_str()));
    }
    if let Some(seats) = wanted.owing.clone() {
        let owed: Vec<RequestId> = assignments::table
            .filter(assignments::ended_at.is_null().and(assignments::seat_id.eq_any(seats)))
            .select(assignments::request_id)
            .load(view.connection())?;
        query = query.filter(id.eq_any(owed));
    }
    if wanted.conflict {
        let conflicted = conflicts::table.filter(conflicts::conflicted.eq(true)).select(conflicts::request_id);
        query = query.filter(id.eq_any(conflicted));
    }
    for pattern in wanted.patterns.clone() {
        query = query.filter(requests::search_text.like(pattern).escape('\\'));
    }
    query = match (order, place) {
        (_, None) => query,
        (Order::NearestFirst, Some((Some(at), last))) => {
            query.filter(deadline_at.gt(at).or(deadline_at.eq(at).and(id.gt(last))).or(deadline_at.is_null()))
        }
        (Order::NearestFirst, Some((None, last))) => query.filter(deadline_at.is_null().and(id.gt(last))),
        (Order::LatestFirst, Some((Some(at), last))) => {
            query.filter(deadline_at.lt(at).or(deadline_at.eq(at).and(id.lt(last))))
        }
        (Order::LatestFirst, Some((None, last))) => {
            query.filter(deadline_at.is_null().and(id.lt(last)).or(deadline_at.is_not_null()))
        }
    };
    query = match order {
        Order::NearestFirst => query.order((deadline_at.is_null(), deadline_at.asc(), id.asc())),
        Order::LatestFirst => query.order((deadline_at.is_not_null(), deadline_at.desc(), id.desc())),
    };
    let rows: Vec<Row> = query.select(Row::as_select()).load(view.connection())?;
    rows.into_iter().map(request_of).collect()
}

/// Until when each of these requests' applicants should answer, for those with an open question.
///
/// # Errors
/// A fault of the database.
pub fn open_questions(view: &mut View<'_>, requests: &[RequestId]) -> Outcome<HashMap<RequestId, NaiveDate>> {
    let found: Vec<(RequestId, Option<NaiveDate>)> = questions::table
        .filter(questions::answer.is_null().and(questions::withdrawn_at.is_null()))
        .filter(questions::request_id.eq_any(requests.to_vec()))
        .group_by(questions::request_id)
        .select((questions::request_id, min(questions::reply_by)))
        .load(view.connection())?;
    Ok(found.into_iter().filter_map(|(request, day)| Some((request, day?))).collect())
}

/// So many requests stand there: stage, held, answer, count.
pub type Count = (StageName, bool, Option<Answer>, i64);

/// How many of the sent requests within `sight` stand where.
///
/// # Errors
/// A fault of the database.
pub fn counts(view: &mut View<'_>, sight: &Sight) -> Outcome<Vec<Count>> {
    Ok(requests::table
        .filter(requests::submitted_at.is_not_null())
        .filter(seen!(sight))
        .group_by((requests::stage, requests::held, requests::answer))
        .select((requests::stage, requests::held, requests::answer, count_star()))
        .load(view.connection())?)
}

/// The institutions of the sent requests within `sight` by their names, in order, at most `most`.
///
/// # Errors
/// A fault of the database.
pub fn institutions(view: &mut View<'_>, sight: &Sight, most: i64) -> Outcome<Vec<String>> {
    Ok(requests::table
        .filter(requests::submitted_at.is_not_null())
        .filter(seen!(sight))
        .order(requests::institution_name)
        .limit(most)
        .select(requests::institution_name)
        .distinct()
        .load(view.connection())?)
}

/// The funders of the sent requests within `sight`, in order, at most `most`.
///
/// # Errors
/// A fault of the database.
pub fn funders(view: &mut View<'_>, sight: &Sight, most: i64) -> Outcome<Vec<String>> {
    Ok(requests::table
        .filter(requests::submitted_at.is_not_null())
        .filter(seen!(sight))
        .order(requests::funder)
        .limit(most)
        .select(requests::funder)
        .distinct()
        .load(view.connection())?)
}

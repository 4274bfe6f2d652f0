//! Requests as staff list them: a part of all that were sent, by deadline. A page takes the same few queries however
//! long it is.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::dsl::{count_star, min};
use diesel::prelude::*;

use super::row::{Request, Row, request_of};
use crate::ids::{InstitutionId, RequestId, SeatId};
use crate::refusal::Outcome;
use crate::store::View;
use crate::store::schema::{conflicts, questions, requests};
use crate::workflow::stage::{Answer, StageName};

/// What is wanted of all requests.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The stages; drafts are left out in any case.
    pub stages: Vec<StageName>,
    /// Only those held for staff, or only those not held.
    pub held: Option<bool>,
    /// Only those declined, or only those not declined.
    pub declined: Option<bool>,
    /// Only those whose applicant has a question to answer.
    pub asked: bool,
    /// The lead-time band at sending, in its one spelling.
    pub band: Option<String>,
    /// The funder's name.
    pub funder: Option<String>,
    /// Patterns that must all be found in what a search looks through.
    pub patterns: Vec<String>,
    /// Only those that came before the committee.
    pub routed: bool,
    /// The seats whose conflicts of interest hide a request.
    pub hidden_from: Vec<(SeatId, InstitutionId)>,
}

/// The order of a list, by deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The nearest deadline first; requests without one last.
    NearestFirst,
    /// The latest deadline first; requests without one first.
    LatestFirst,
}

/// How far a list has been read: the next page begins after the request with this deadline and id.
pub type Place = (Option<NaiveDateTime>, RequestId);

/// Up to `most` of the requests wanted, after `place`.
///
/// # Errors
/// A fault of the database.
pub fn list(
    view: &mut View<'_>,
    wanted: &Wanted,
    order: Order,
    place: Option<Place>,
    most: i64,
) -> Outcome<Vec<Request>> {
    use requests::{deadline_at, id};
    let mut query = requests::table
        .filter(requests::submitted_at.is_not_null())
        .filter(requests::stage.eq_any(wanted.stages.clone()))
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
    if let Some(funder) = wanted.funder.clone() {
        query = query.filter(requests::funder.eq(funder));
    }
    for pattern in wanted.patterns.clone() {
        query = query.filter(requests::search_text.like(pattern).escape('\\'));
    }
    if wanted.routed {
        query = query.filter(requests::routed_at.is_not_null());
    }
    if !wanted.hidden_from.is_empty() {
        let (seats, own): (Vec<SeatId>, Vec<InstitutionId>) = wanted.hidden_from.iter().copied().unzip();
        let recused = conflicts::table
            .filter(conflicts::conflicted.eq(true).and(conflicts::seat_id.eq_any(seats)))
            .select(conflicts::request_id);
        query = query.filter(id.ne_all(recused));
        query = query.filter(requests::institution_id.is_null().or(requests::institution_id.ne_all(own)));
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

/// How many sent requests stand where.
///
/// # Errors
/// A fault of the database.
pub fn counts(view: &mut View<'_>) -> Outcome<Vec<Count>> {
    Ok(requests::table
        .filter(requests::submitted_at.is_not_null())
        .group_by((requests::stage, requests::held, requests::answer))
        .select((requests::stage, requests::held, requests::answer, count_star()))
        .load(view.connection())?)
}

/// The funders of all sent requests, in order, at most `most`.
///
/// # Errors
/// A fault of the database.
pub fn funders(view: &mut View<'_>, most: i64) -> Outcome<Vec<String>> {
    Ok(requests::table
        .filter(requests::submitted_at.is_not_null())
        .order(requests::funder)
        .limit(most)
        .select(requests::funder)
        .distinct()
        .load(view.connection())?)
}

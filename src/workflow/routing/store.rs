//! Assignments and declarations of conflict as rows, and the seats in office with what the draw needs to know of them.
//! Suggested conflicts are in `suggestions`.

pub mod suggestions;

use std::str::FromStr;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::dsl::{count_star, max};
use diesel::prelude::*;

use super::rules::{AssignmentEnd, ConflictSource, Reader};
use crate::clock::Instant;
use crate::ids::{AssignmentId, ConflictId, InstitutionId, PersonId, RequestId, SeatId};
use crate::people::access::{Office, Role};
use crate::refusal::Outcome;
use crate::store::schema::{
    assignments, conflicts, institutions, officers, persons, requests, roles, seat_holders, seats,
};
use crate::store::{Tx, View, impossible};
use crate::workflow::request::store::recused::recused;
use crate::workflow::stage::StageName;

/// Reads a word of a closed list from a row.
fn word<W: FromStr<Err: std::fmt::Display>>(table: &str, id: impl std::fmt::Display, text: &str) -> Outcome<W> {
    text.parse().map_err(|error: W::Err| impossible(table, id, error))
}

/// A seat whose term covers the day.
#[derive(Debug, Clone)]
pub struct SeatInOffice {
    /// The seat.
    pub seat: SeatId,
    /// Its institution; none while the seat is vacant.
    pub institution: Option<InstitutionId>,
    /// The institution's name, or "Vacant seat".
    pub name: String,
    /// How many reviews it owes at this moment.
    pub open_assignments: u32,
    /// When it was last assigned a review.
    pub last_assigned: Option<Instant>,
}

impl SeatInOffice {
    /// Whether the seat is this institution's. A vacant seat is nobody's.
    pub fn is_of(&self, institution: Option<InstitutionId>) -> bool {
        self.institution.is_some() && self.institution == institution
    }
}

/// The seats whose term covers `day`, vacant ones too, by name.
///
/// # Errors
/// A fault of the database.
pub fn seats_in_office(view: &mut View<'_>, day: NaiveDate) -> Outcome<Vec<SeatInOffice>> {
    let rows: Vec<(SeatId, Option<InstitutionId>, Option<String>)> = seats::table
        .left_join(institutions::table.on(institutions::id.nullable().eq(seats::institution_id)))
        .filter(seats::first_day.le(day))
        .filter(seats::last_day.ge(day))
        .order((institutions::sort_key, seats::id))
        .select((seats::id, seats::institution_id, institutions::name.nullable()))
        .load(view.connection())?;
    let open: Vec<(SeatId, i64)> = assignments::table
        .filter(assignments::ended_at.is_null())
        .group_by(assignments::seat_id)
        .select((assignments::seat_id, count_star()))
        .load(view.connection())?;
    let last: Vec<(SeatId, Option<NaiveDateTime>)> = assignments::table
        .group_by(assignments::seat_id)
        .select((assignments::seat_id, max(assignments::assigned_at)))
        .load(view.connection())?;
    let of = |(seat, institution, name): (SeatId, Option<InstitutionId>, Option<String>)| SeatInOffice {
        seat,
        institution,
        name: name.unwrap_or_else(|| "Vacant seat".to_owned()),
        open_assignments: open
            .iter()
            .find(|(of, _)| *of == seat)
            .map_or(0, |(_, count)| u32::try_from(*count).unwrap_or(u32::MAX)),
        last_assigned: last.iter().find(|(of, _)| *of == seat).and_then(|(_, at)| *at).map(|at| at.and_utc()),
    };
    Ok(rows.into_iter().map(of).collect())
}

/// Who acts for a seat on `day`, for every seat in office; representatives first.
///
/// # Errors
/// A fault of the database.
pub fn who_acts(view: &mut View<'_>, day: NaiveDate) -> Outcome<Vec<Reader>> {
    let rows: Vec<(SeatId, PersonId, String, String, String)> = seat_holders::table
        .inner_join(persons::table.on(persons::id.eq(seat_holders::person_id)))
        .inner_join(seats::table.on(seats::id.eq(seat_holders::seat_id)))
        .filter(seats::first_day.le(day))
        .filter(seats::last_day.ge(day))
        .filter(seats::institution_id.is_not_null())
        .filter(seat_holders::since.le(day))
        .filter(seat_holders::until.is_null().or(seat_holders::until.ge(day)))
        .filter(persons::disabled_at.is_null())
        .order((seat_holders::capacity.desc(), seat_holders::since))
        .select((seat_holders::seat_id, persons::id, persons::name, persons::address, seat_holders::capacity))
        .load(view.connection())?;
    let reader = |(seat, person, name, address, capacity): (SeatId, PersonId, String, String, String)| {
        let capacity = Some(word("seat_holders", person, &capacity)?);
        Ok(Reader { seat: Some(seat), person, name, address, capacity })
    };
    rows.into_iter().map(reader).collect()
}

/// The committee's chair on `day`, to write to: whoever holds the office and acts for a seat.
///
/// # Errors
/// A fault of the database.
pub fn chair(view: &mut View<'_>, day: NaiveDate) -> Outcome<Option<Reader>> {
    let chair: Option<PersonId> = officers::table
        .filter(officers::office.eq(Office::Chair.as_str()))
        .filter(officers::since.le(day))
        .filter(officers::until.is_null().or(officers::until.ge(day)))
        .select(officers::person_id)
        .first(view.connection())
        .optional()?;
    let acting = who_acts(view, day)?.into_iter().find(|reader| Some(reader.person) == chair);
    Ok(acting.map(|reader| Reader { seat: None, capacity: None, ..reader }))
}

/// The staff at the instant, to write to.
///
/// # Errors
/// A fault of the database.
pub fn staff(view: &mut View<'_>, now: Instant) -> Outcome<Vec<Reader>> {
    let now = now.naive_utc();
    let rows: Vec<(PersonId, String, String)> = roles::table
        .inner_join(persons::table.on(persons::id.eq(roles::person_id)))
        .filter(roles::role.eq(Role::Staff.as_str()))
        .filter(roles::since.le(now))
        .filter(roles::until.is_null().or(roles::until.gt(now)))
        .filter(persons::disabled_at.is_null())
        .order(persons::address)
        .select((persons::id, persons::name, persons::address))
        .distinct()
        .load(view.connection())?;
    let reader = |(person, name, address)| Reader { seat: None, person, name, address, capacity: None };
    Ok(rows.into_iter().map(reader).collect())
}

/// The requests that wait to be routed, longest first.
///
/// # Errors
/// A fault of the database.
pub fn waiting(view: &mut View<'_>) -> Outcome<Vec<RequestId>> {
    Ok(requests::table
        .filter(requests::stage.eq(StageName::Submitted))
        .filter(requests::held.eq(false))
        .order(requests::submitted_at)
        .select(requests::id)
        .load(view.connection())?)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = assignments)]
struct AssignmentRow {
    id: AssignmentId,
    request_id: RequestId,
    seat_id: SeatId,
    place: i32,
    why: String,
    assigned_at: NaiveDateTime,
    due_at: NaiveDateTime,
    ended_at: Option<NaiveDateTime>,
    ended_why: Option<String>,
}

/// A seat's charge to review a request.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// The assignment.
    pub id: AssignmentId,
    /// The request.
    pub request: RequestId,
    /// The seat.
    pub seat: SeatId,
    /// Its place among the reviewers, from 1. Whoever takes over takes over the place.
    pub place: i32,
    /// Why this seat, in words.
    pub why: String,
    /// Since when.
    pub assigned_at: Instant,
    /// When the review is due.
    pub due_at: Instant,
    /// When and why it ended; a review that was sent ends it.
    pub ended: Option<(Instant, AssignmentEnd)>,
}

impl Assignment {
    /// Whether the seat still counts as one of the request's assigned reviewers.
    pub fn is_reviewer(&self) -> bool {
        self.ended.is_none_or(|(_, why)| why.is_reviewer())
    }
}

fn assignment_of(row: AssignmentRow) -> Outcome<Assignment> {
    let ended = match (row.ended_at, row.ended_why.as_deref()) {
        (Some(at), Some(why)) => Some((at.and_utc(), word("assignments", row.id, why)?)),
        (None, None) => None,
        _ => return Err(impossible("assignments", row.id, "an end without its reason")),
    };
    Ok(Assignment {
        id: row.id,
        request: row.request_id,
        seat: row.seat_id,
        place: row.place,
        why: row.why,
        assigned_at: row.assigned_at.and_utc(),
        due_at: row.due_at.and_utc(),
        ended,
    })
}

/// The assignments of a request, ended ones too, in the order in which they were given.
///
/// # Errors
/// A fault of the database.
pub fn assignments_of(view: &mut View<'_>, request: RequestId) -> Outcome<Vec<Assignment>> {
    let rows: Vec<AssignmentRow> = assignments::table
        .filter(assignments::request_id.eq(request))
        .order((assignments::assigned_at, assignments::place))
        .select(AssignmentRow::as_select())
        .load(view.connection())?;
    rows.into_iter().map(assignment_of).collect()
}

/// The requests of which some review has been owed for more than a day, so that something may be due about it.
///
/// # Errors
/// A fault of the database.
pub fn owing(view: &mut View<'_>, now: Instant) -> Outcome<Vec<RequestId>> {
    Ok(assignments::table
        .filter(assignments::ended_at.is_null())
        .filter(assignments::assigned_at.lt((now - chrono::TimeDelta::days(1)).naive_utc()))
        .select(assignments::request_id)
        .distinct()
        .load(view.connection())?)
}

/// The reviews that these seats owe, the most urgent first.
///
/// # Errors
/// A fault of the database.
pub fn owed_by(view: &mut View<'_>, seats: &[SeatId]) -> Outcome<Vec<Assignment>> {
    let rows: Vec<AssignmentRow> = assignments::table
        .filter(assignments::seat_id.eq_any(seats))
        .filter(assignments::ended_at.is_null())
        .order((assignments::due_at, assignments::id))
        .select(AssignmentRow::as_select())
        .load(view.connection())?;
    rows.into_iter().map(assignment_of).collect()
}

/// What a seat declared about a conflict of interest with a request, or what the rules declare for it.
#[derive(Debug, Clone)]
pub struct Declaration {
    /// The seat.
    pub seat: SeatId,
    /// Who declared it; nobody when it follows from a rule.
    pub person: Option<PersonId>,
    /// Whether there is a conflict.
    pub conflicted: bool,
    /// Where the knowledge comes from.
    pub source: ConflictSource,
    /// The reason, in words.
    pub reason: String,
    /// When.
    pub declared_at: Instant,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = conflicts)]
struct ConflictRow {
    id: ConflictId,
    request_id: RequestId,
    seat_id: SeatId,
    person_id: Option<PersonId>,
    conflicted: bool,
    source: String,
    reason: String,
    declared_at: NaiveDateTime,
}

/// What the seats declared about a request.
///
/// # Errors
/// A fault of the database.
pub fn declarations(view: &mut View<'_>, request: RequestId) -> Outcome<Vec<Declaration>> {
    let rows: Vec<ConflictRow> = conflicts::table
        .filter(conflicts::request_id.eq(request))
        .order(conflicts::declared_at)
        .select(ConflictRow::as_select())
        .load(view.connection())?;
    let declaration = |row: ConflictRow| {
        Ok(Declaration {
            seat: row.seat_id,
            person: row.person_id,
            conflicted: row.conflicted,
            source: word("conflicts", row.id, &row.source)?,
            reason: row.reason,
            declared_at: row.declared_at.and_utc(),
        })
    };
    rows.into_iter().map(declaration).collect()
}

/// The requests about which these seats have said whether they have a conflict of interest.
///
/// # Errors
/// A fault of the database.
pub fn declared_by(view: &mut View<'_>, seats: &[SeatId]) -> Outcome<Vec<(RequestId, SeatId)>> {
    Ok(conflicts::table
        .filter(conflicts::seat_id.eq_any(seats))
        .select((conflicts::request_id, conflicts::seat_id))
        .load(view.connection())?)
}

/// Who acts on `day` for seats and is not out of the request: neither for any of their seats, nor because they ask for the
/// letter themselves. Representatives first.
///
/// # Errors
/// A fault of the database.
pub fn who_acts_on(view: &mut View<'_>, request: RequestId, day: NaiveDate) -> Outcome<Vec<Reader>> {
    let out = recused(view, request)?;
    let acting = who_acts(view, day)?;
    let is_out = |reader: &Reader| {
        let seats = acting.iter().filter(|one| one.person == reader.person).filter_map(|one| one.seat);
        out.applicants.contains(&reader.person) || seats.into_iter().any(|seat| out.seats.contains(&seat))
    };
    Ok(acting.iter().filter(|reader| !is_out(reader)).cloned().collect())
}

/// The requests of which a seat owes a review that nobody holds on `day`: its term is over, or it was given up.
///
/// # Errors
/// A fault of the database.
pub fn left_behind(view: &mut View<'_>, day: NaiveDate) -> Outcome<Vec<RequestId>> {
    Ok(assignments::table
        .inner_join(seats::table.on(seats::id.eq(assignments::seat_id)))
        .filter(assignments::ended_at.is_null())
        .filter(seats::last_day.lt(day).or(seats::institution_id.is_null()))
        .select(assignments::request_id)
        .distinct()
        .load(view.connection())?)
}

pub(super) fn assign(tx: &mut Tx<'_>, assignment: &Assignment) -> Outcome<()> {
    diesel::insert_into(assignments::table)
        .values((
            assignments::id.eq(assignment.id),
            assignments::request_id.eq(assignment.request),
            assignments::seat_id.eq(assignment.seat),
            assignments::place.eq(assignment.place),
            assignments::why.eq(&assignment.why),
            assignments::assigned_at.eq(assignment.assigned_at.naive_utc()),
            assignments::due_at.eq(assignment.due_at.naive_utc()),
        ))
        .execute(tx.connection())?;
    Ok(())
}

pub(super) fn end(tx: &mut Tx<'_>, assignment: AssignmentId, now: Instant, why: AssignmentEnd) -> Outcome<()> {
    diesel::update(assignments::table.find(assignment))
        .set((assignments::ended_at.eq(now.naive_utc()), assignments::ended_why.eq(why.as_str())))
        .execute(tx.connection())?;
    Ok(())
}

/// Keeps what a seat declared in place of what it had declared before. The request's row is held.
pub(super) fn declare(tx: &mut Tx<'_>, request: RequestId, declaration: &Declaration) -> Outcome<()> {
    let what = (
        conflicts::person_id.eq(declaration.person),
        conflicts::conflicted.eq(declaration.conflicted),
        conflicts::source.eq(declaration.source.as_str()),
        conflicts::reason.eq(&declaration.reason),
        conflicts::declared_at.eq(declaration.declared_at.naive_utc()),
    );
    let updated = diesel::update(conflicts::table)
        .filter(conflicts::request_id.eq(request))
        .filter(conflicts::seat_id.eq(declaration.seat))
        .set(what)
        .execute(tx.connection())?;
    if updated == 0 {
        diesel::insert_into(conflicts::table)
            .values((
                conflicts::id.eq(ConflictId::fresh()),
                conflicts::request_id.eq(request),
                conflicts::seat_id.eq(declaration.seat),
                what,
            ))
            .execute(tx.connection())?;
    }
    Ok(())
}

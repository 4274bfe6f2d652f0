//! Routing a request: who reviews it and who takes over. Who is out is in `conflict`, who does not answer in `silence`;
//! opening the motion is left to the review step.

mod conflict;
mod leaving;
mod own;
mod silence;

pub use conflict::{declare, dismiss_suggestion, record_conflict, withdraw_conflict};
pub use leaving::see_to_leaving;
pub use own::recuse_own;
pub use silence::see_to_silence;

use chrono::NaiveDate;
use serde_json::json;

use super::about::About;
use super::notices::{self, Stuck};
use super::rules::{
    AssignmentEnd, Candidate, Draw, Due, LeftOut, Reader, ReviewTime, Standing, draw, left_out, review_due,
};
use super::store::{self, Assignment, SeatInOffice};
use crate::audit::entry::{Actor, Entry};
use crate::audit::store::record;
use crate::clock::Instant;
use crate::ids::{AssignmentId, RequestId, SeatId};
use crate::moment::Moment;
use crate::people::access::Staff;
use crate::plain::{self, Flaw};
use crate::policy::settings::{OwnInstitution, Policy};
use crate::refusal::{FieldErrors, Outcome, Refusal};
use crate::store::{Tx, View, impossible};
use crate::workday::{date_in, day_in_words};
use crate::workflow::delivery::outbox;
use crate::workflow::request::store::recused::recused;
use crate::workflow::request::store::{self as requests, Request};
use crate::workflow::stage::Step;

/// The longest reason that staff or a seat can give, in characters.
const REASON_LIMIT: usize = 2_000;

/// The policy that a sent request keeps.
///
/// # Errors
/// A fault when the request has none that can be read.
pub fn policy_of(request: &Request) -> Outcome<Policy> {
    let text = request.policy.as_deref().ok_or_else(|| impossible("requests", request.id, "sent without a policy"))?;
    serde_json::from_str(text).map_err(|error| impossible("requests", request.id, error))
}

/// The day on which the letter of a sent request is needed.
///
/// # Errors
/// A fault when the request has none.
pub fn needed_on(request: &Request) -> Outcome<NaiveDate> {
    request.needed_on.ok_or_else(|| impossible("requests", request.id, "sent without the day the letter is needed"))
}

/// What every mail about `request` says of it.
pub fn about(request: &Request) -> About {
    About {
        request: request.id,
        reference: request.name().to_owned(),
        title: request.title.clone(),
        applicant: request.applicant_name.clone(),
        institution: request.institution_name.clone(),
        funder: request.funder.clone(),
    }
}

/// Reads the reason that goes with an action.
///
/// # Errors
/// A field error when it is missing, too long, or holds what nobody can see.
pub fn read_reason(field: &str, typed: &str, missing: &str) -> Result<String, FieldErrors> {
    plain::text(typed, REASON_LIMIT).map_err(|flaw| match flaw {
        Flaw::Empty => FieldErrors::one(field, missing),
        flaw => FieldErrors::one(field, flaw.sentence("the reason")),
    })
}

/// Reads a reason that may be left out.
///
/// # Errors
/// A field error when it is too long or holds what nobody can see.
fn read_reason_or_none(field: &str, typed: &str) -> Result<String, FieldErrors> {
    plain::text_or_none(typed, REASON_LIMIT).map_err(|flaw| FieldErrors::one(field, flaw.sentence("the reason")))
}

/// Reads what an action is about, such as a seat, and its reason: the field, what was sent for it, what is said when it is
/// missing.
///
/// # Errors
/// Every field error at once.
pub fn read_choice_and_reason<S>(
    (choice_field, choice, no_choice): (&str, Option<S>, &str),
    (reason_field, reason, no_reason): (&str, &str, &str),
) -> Result<(S, String), FieldErrors> {
    match (choice, read_reason(reason_field, reason, no_reason)) {
        (Some(choice), Ok(reason)) => Ok((choice, reason)),
        (choice, reason) => {
            let mut errors = FieldErrors::default();
            if choice.is_none() {
                errors.add(choice_field, no_choice);
            }
            errors.extend(reason.err().unwrap_or_default());
            Err(errors)
        }
    }
}

/// A request that has been routed: what the motion about it is opened with.
#[derive(Debug, Clone)]
pub struct Routed {
    /// The request's policy.
    pub policy: Policy,
    /// When reviews are due.
    pub due: Due,
    /// The reviewers, and why these.
    pub draw: Draw,
    /// The seats in office on the day, vacant ones too, by name.
    pub seats: Vec<SeatInOffice>,
}

/// Sends a touched request to its reviewers.
///
/// # Errors
/// A refusal when it is not waiting to be routed, or when no seat is free; a fault of the database.
pub fn route(tx: &mut Tx<'_>, moment: &Moment, request: &Request) -> Outcome<Routed> {
    let policy = policy_of(request)?;
    requests::advance(tx, request, Step::Route { at: moment.now }, moment.now)?;
    own::recuse_before_the_draw(tx, moment, request, &policy)?;
    let seats = store::seats_in_office(tx, date_in(moment.now, policy.zone))?;
    let candidates = candidates(tx, request, &policy, moment.now)?;
    let draw = draw(&candidates, policy.reviewers.into(), policy.zone);
    if draw.chosen.is_empty() {
        return Err(Refusal::conflict("nobody-free", draw.explanation).into());
    }
    let due = review_due(moment.now, needed_on(request)?, ReviewTime::from(&policy));
    let why = format!("{} {}", draw.explanation, due.explanation);
    for (place, seat) in (1..).zip(&draw.chosen) {
        let told = format!("{} {}", draw.drawn, due.explanation);
        give(tx, moment, request, &policy, (*seat, place), &due, (&why, &told))?;
    }
    let entry = Entry {
        subject: request.id.to_string(),
        at: moment.now,
        actor: Actor::Service,
        what: "request-routed",
        detail: json!({ "seats": draw.chosen, "due": due.date, "why": why }),
    };
    record(tx, &entry)?;
    Ok(Routed { policy, due, draw, seats })
}

/// Writes to staff and chair, once a day, that a request cannot be routed.
///
/// # Errors
/// A fault of the database.
pub fn tell_stuck(tx: &mut Tx<'_>, moment: &Moment, request: RequestId, why: &str) -> Outcome<()> {
    let request = requests::touch(tx, request)?;
    let day = moment.now.date_naive();
    if crate::store::done_already(tx, &format!("routing-stuck {} {day}", request.id), moment.now)? {
        return Ok(());
    }
    for reader in in_charge(tx, moment, &request)? {
        let message = notices::stuck(&moment.site, &about(&request), &reader, (why, Stuck::Unrouted))?;
        outbox::queue(tx, moment, &message)?;
    }
    Ok(())
}

/// The staff and the chair, each once, except whoever is out of the request: a conflict closes it to a person, whatever
/// else they are.
///
/// # Errors
/// A fault of the database.
pub fn in_charge(view: &mut View<'_>, moment: &Moment, request: &Request) -> Outcome<Vec<Reader>> {
    let day = date_in(moment.now, policy_of(request)?.zone);
    let acting = store::who_acts_on(view, request.id, day)?;
    let all = store::who_acts(view, day)?;
    let applicants = recused(view, request.id)?.applicants;
    let acts = |person| all.iter().any(|one| one.person == person);
    let is_out =
        |person| applicants.contains(&person) || (acts(person) && acting.iter().all(|one| one.person != person));
    let mut readers = store::staff(view, moment.now)?;
    // The chair is written to for the seat, and reads the request on the committee's page.
    let chair = store::chair(view, day)?.and_then(|chair| acting.iter().find(|one| one.person == chair.person));
    readers.extend(chair.filter(|chair| readers.iter().all(|known| known.person != chair.person)).cloned());
    readers.retain(|reader| !is_out(reader.person));
    Ok(readers)
}

/// Staff admit a late request, with a reason. It is routed at once or with the next turn of the periodic job.
///
/// # Errors
/// A field error without a reason; a refusal when the request is not held; a fault of the database.
pub fn admit(tx: &mut Tx<'_>, moment: &Moment, staff: &Staff, id: RequestId, reason: &str) -> Outcome<()> {
    let request = requests::touch(tx, id)?;
    let reason = read_reason("admit_reason", reason, "Say why the request is admitted although it is late.")?;
    requests::advance(tx, &request, Step::Admit, moment.now)?;
    let entry = Entry {
        subject: id.to_string(),
        at: moment.now,
        actor: Actor::Staff(staff.person()),
        what: "request-admitted",
        detail: json!({ "reason": reason }),
    };
    record(tx, &entry)
}

/// Staff give a seat's review to the next seat in line, with a reason.
///
/// # Errors
/// A field error without a reason; a refusal when the seat owes no review of the request; a fault of the database.
pub fn reassign(
    tx: &mut Tx<'_>,
    moment: &Moment,
    staff: &Staff,
    id: RequestId,
    (seat, reason): (Option<SeatId>, &str),
) -> Outcome<()> {
    let request = requests::touch(tx, id)?;
    crate::workflow::stage::advance(request.stage, Step::Deliberate)?;
    let (seat, reason) = read_choice_and_reason(
        ("seat", seat, "Choose the seat whose review another seat takes over."),
        ("reassign_reason", reason, "Say why another seat should review the request."),
    )?;
    let owed = store::assignments_of(tx, id)?.into_iter().find(|one| one.seat == seat && one.ended.is_none());
    let assignment = owed.ok_or_else(nothing_owed)?;
    let why = format!("Staff gave the review to another seat: {reason}");
    let outcome = hand_on(tx, moment, &request, &assignment, AssignmentEnd::Reassigned, &why)?;
    let entry = Entry {
        subject: id.to_string(),
        at: moment.now,
        actor: Actor::Staff(staff.person()),
        what: "review-reassigned",
        detail: json!({ "from": seat, "reason": reason, "outcome": outcome }),
    };
    record(tx, &entry)
}

fn nothing_owed() -> Refusal {
    let sentence = "This seat owes no review of the request: it was never asked, or has answered.";
    Refusal::conflict("no-review-owed", sentence)
}

/// Ends an assignment and gives its place to the next seat in line; says in words what became of it.
fn hand_on(
    tx: &mut Tx<'_>,
    moment: &Moment,
    request: &Request,
    assignment: &Assignment,
    end: AssignmentEnd,
    why: &str,
) -> Outcome<String> {
    let policy = policy_of(request)?;
    store::end(tx, assignment.id, moment.now, end)?;
    let candidates = candidates(tx, request, &policy, moment.now)?;
    let next = draw(&candidates, 1, policy.zone);
    let Some(seat) = next.chosen.first() else {
        // Of a conflict staff and chair are told in any case, with what follows from it.
        if end != AssignmentEnd::Conflict {
            for reader in in_charge(tx, moment, request)? {
                let message = notices::stuck(&moment.site, &about(request), &reader, (why, Stuck::ShortOfReviewers))?;
                outbox::queue(tx, moment, &message)?;
            }
        }
        return Ok("No other seat is free, so the place among the reviewers stays empty.".to_owned());
    };
    let due = review_due(moment.now, needed_on(request)?, ReviewTime::from(&policy));
    let why = format!("{why} {} {}", next.explanation, due.explanation);
    let told = format!("The review passes to this seat from another. {} {}", next.drawn, due.explanation);
    give(tx, moment, request, &policy, (*seat, assignment.place), &due, (&why, &told))?;
    let name = candidates.iter().find(|one| one.seat == *seat).map_or("Another seat", |one| &one.name);
    Ok(format!("{name} takes over and reviews by {}.", day_in_words(due.date)))
}

/// Gives a place among the reviewers to a seat and asks whoever acts for it. Why this seat is kept in full; the mail
/// tells it without the conflicts of other seats.
fn give(
    tx: &mut Tx<'_>,
    moment: &Moment,
    request: &Request,
    policy: &Policy,
    (seat, place): (SeatId, i32),
    due: &Due,
    (why, told): (&str, &str),
) -> Outcome<()> {
    let assignment = Assignment {
        id: AssignmentId::fresh(),
        request: request.id,
        seat,
        place,
        why: why.to_owned(),
        assigned_at: moment.now,
        due_at: due.at,
        ended: None,
    };
    store::assign(tx, &assignment)?;
    let day = date_in(moment.now, policy.zone);
    let seats = store::seats_in_office(tx, day)?;
    let name = seats.iter().find(|one| one.seat == seat).map_or("A seat", |one| &one.name);
    for reader in store::who_acts_on(tx, request.id, day)?.iter().filter(|reader| reader.seat == Some(seat)) {
        let message = notices::assigned(&moment.site, &about(request), reader, name, &day_in_words(due.date), told)?;
        outbox::queue(tx, moment, &message)?;
    }
    Ok(())
}

/// Notes that a seat has sent its review, so that it owes it no longer.
///
/// # Errors
/// A fault of the database.
pub fn reviewed(tx: &mut Tx<'_>, now: Instant, request: RequestId, seat: SeatId) -> Outcome<()> {
    let owed = store::assignments_of(tx, request)?.into_iter().find(|one| one.seat == seat && one.ended.is_none());
    owed.map_or(Ok(()), |assignment| store::end(tx, assignment.id, now, AssignmentEnd::Reviewed))
}

/// Ends what is still owed when the motion has closed.
///
/// # Errors
/// A fault of the database.
pub fn close(tx: &mut Tx<'_>, now: Instant, request: RequestId) -> Outcome<()> {
    for assignment in store::assignments_of(tx, request)?.iter().filter(|one| one.ended.is_none()) {
        store::end(tx, assignment.id, now, AssignmentEnd::Closed)?;
    }
    Ok(())
}

/// Whoever acts for a seat and is not out of the request: the readers of mail to the committee about it.
///
/// # Errors
/// A fault of the database.
pub fn committee(view: &mut View<'_>, request: &Request, now: Instant) -> Outcome<Vec<Reader>> {
    store::who_acts_on(view, request.id, date_in(now, policy_of(request)?.zone))
}

/// Whoever acts for one seat, whether or not it takes part in the request; nobody who asks for the letter themselves.
///
/// # Errors
/// A fault of the database.
pub fn acting_for(view: &mut View<'_>, request: &Request, now: Instant, seat: SeatId) -> Outcome<Vec<Reader>> {
    let applicants = recused(view, request.id)?.applicants;
    let mut readers = store::who_acts(view, date_in(now, policy_of(request)?.zone))?;
    readers.retain(|reader| reader.seat == Some(seat) && !applicants.contains(&reader.person));
    Ok(readers)
}

/// The seats in office as the draw sees them; vacant ones are not asked.
fn candidates(view: &mut View<'_>, request: &Request, policy: &Policy, now: Instant) -> Outcome<Vec<Candidate>> {
    let day = date_in(now, policy.zone);
    let out = recused(view, request.id)?.seats;
    let asked = store::assignments_of(view, request.id)?;
    let acting = store::who_acts_on(view, request.id, day)?;
    let seats = store::seats_in_office(view, day)?;
    let candidate = |seat: SeatInOffice| {
        let standing = Standing {
            own_institution: seat.is_of(request.institution),
            conflict: out.contains(&seat.seat),
            manned: acting.iter().any(|reader| reader.seat == Some(seat.seat)),
            already_asked: asked.iter().any(|one| one.seat == seat.seat),
        };
        let left_out: Option<LeftOut> = left_out(standing, policy.own_institution == OwnInstitution::Recuse);
        Candidate {
            seat: seat.seat,
            name: seat.name,
            open_assignments: seat.open_assignments,
            last_assigned: seat.last_assigned,
            left_out,
        }
    };
    Ok(seats.into_iter().filter(|seat| seat.institution.is_some()).map(candidate).collect())
}

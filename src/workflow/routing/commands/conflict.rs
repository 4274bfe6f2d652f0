//! Conflicts of interest: a seat declares whether it has one; staff record one that a seat did not declare, withdraw one
//! that was declared in error, and dismiss what was only suggested.

use serde_json::json;

use super::{about, acting_for, hand_on, in_charge, policy_of, read_choice_and_reason, read_reason_or_none};
use crate::audit::entry::{Actor, Entry};
use crate::audit::store::record;
use crate::ids::{RequestId, SeatId};
use crate::moment::Moment;
use crate::people::access::{Member, Staff};
use crate::refusal::{Outcome, Refusal};
use crate::store::{Tx, View};
use crate::workday::date_in;
use crate::workflow::delivery::outbox;
use crate::workflow::request::store::recused::recused;
use crate::workflow::request::store::{self as requests, Request};
use crate::workflow::routing::notices::{self, By};
use crate::workflow::routing::rules::{AssignmentEnd, ConflictSource, Reader, Said, may_withdraw};
use crate::workflow::routing::store::suggestions::{self, Key};
use crate::workflow::routing::store::{self, Assignment, Declaration, SeatInOffice};
use crate::workflow::stage::Step;

/// A seat declares whether it has a conflict of interest with a touched request. Without one it may read; the first
/// assigned reviewer to say so begins the review. With one it is out, and while the motion `is_open` the next seat in line
/// takes over its review.
///
/// # Errors
/// A field error for a reason that is too long; a refusal when the request is not under review or the seat or the person
/// is out already; a fault of the database.
pub fn declare(
    tx: &mut Tx<'_>,
    moment: &Moment,
    member: &Member,
    request: &Request,
    said: &Said,
    is_open: bool,
) -> Outcome<()> {
    let id = request.id;
    crate::workflow::stage::advance(request.stage, Step::Deliberate)?;
    let out = recused(tx, id)?;
    if out.seats.contains(&member.seat()) {
        return Err(Refusal::conflict(
            "conflict-declared",
            "The seat has a conflict of interest on record. Only staff can withdraw it; write to them.",
        )
        .into());
    }
    member.voter(id, true, &out)?;
    let (conflicted, reason) = match said {
        Said::NoConflict => (false, String::new()),
        Said::Conflict(reason) => (true, read_reason_or_none("conflict_reason", reason)?),
    };
    let declaration = Declaration {
        seat: member.seat(),
        person: Some(member.person()),
        conflicted,
        source: ConflictSource::Declared,
        reason,
        declared_at: moment.now,
    };
    store::declare(tx, id, &declaration)?;
    let entry = Entry {
        subject: id.to_string(),
        at: moment.now,
        actor: Actor::Seat(member.person(), member.institution_name().to_owned()),
        what: if conflicted { "conflict-declared" } else { "no-conflict-declared" },
        detail: json!({ "seat": member.seat() }),
    };
    record(tx, &entry)?;
    if conflicted {
        return step_out(tx, moment, request, (member.seat(), member.institution_name()), By::Seat, is_open);
    }
    let is_reviewer = |one: &Assignment| one.seat == member.seat() && one.is_reviewer();
    if store::assignments_of(tx, id)?.iter().any(is_reviewer) {
        requests::advance(tx, request, Step::BeginReview { at: moment.now }, moment.now)?;
    }
    Ok(())
}

/// Takes a seat with a conflict out of the reviewers while the motion `is_open`, and tells staff and chair. Who reviewed
/// a request that is decided stays as it was.
pub(super) fn step_out(
    tx: &mut Tx<'_>,
    moment: &Moment,
    request: &Request,
    (seat, name): (SeatId, &str),
    by: By,
    is_open: bool,
) -> Outcome<()> {
    let held = store::assignments_of(tx, request.id)?
        .into_iter()
        .find(|assignment| assignment.seat == seat && assignment.is_reviewer());
    let consequence = match held {
        _ if !is_open => "The motion had closed, so what was decided stays as it is.".to_owned(),
        None => "It was not one of the assigned reviewers, so these stay as they are.".to_owned(),
        Some(assignment) => {
            let why = format!("{name} stepped out with a conflict of interest.");
            hand_on(tx, moment, request, &assignment, AssignmentEnd::Conflict, &why)?
        }
    };
    for reader in in_charge(tx, moment, request)? {
        let message = notices::conflict(&moment.site, &about(request), &reader, name, (by, &consequence))?;
        outbox::queue(tx, moment, &message)?;
    }
    Ok(())
}

/// Staff record a seat's conflict of interest, with a reason: it has the effect of the seat's own declaration. Whoever
/// acts for the seat is told.
///
/// # Errors
/// Field errors without a seat in office or a reason; a refusal when the request is not under review or the conflict is on
/// record already; a fault of the database.
pub fn record_conflict(
    tx: &mut Tx<'_>,
    moment: &Moment,
    staff: &Staff,
    id: RequestId,
    (seat, reason): (Option<SeatId>, &str),
) -> Outcome<()> {
    let request = requests::touch(tx, id)?;
    crate::workflow::stage::advance(request.stage, Step::Deliberate)?;
    let seat = seat.map(|seat| in_office(tx, moment, &request, seat)).transpose()?.flatten();
    let (seat, reason) = read_choice_and_reason(
        ("recorded_seat", seat.filter(|seat| seat.institution.is_some()), "Choose the seat that has a conflict."),
        ("record_reason", reason, "Say what the conflict is."),
    )?;
    if recused(tx, id)?.seats.contains(&seat.seat) {
        let sentence = "This seat has a conflict of interest on record already.";
        return Err(Refusal::conflict("conflict-on-record", sentence).into());
    }
    let entry = set(tx, moment, staff, id, (seat.seat, &reason), true)?;
    record(tx, &entry)?;
    step_out(tx, moment, &request, (seat.seat, &seat.name), By::Staff, true)?;
    for reader in acting_for(tx, &request, moment.now, seat.seat)? {
        let message = notices::conflict_recorded(&moment.site, &about(&request), &reader, &seat.name, &reason)?;
        outbox::queue(tx, moment, &message)?;
    }
    Ok(())
}

/// Keeps staff's word about a seat's conflict in place of what was declared before; the entry for the journal.
fn set(
    tx: &mut Tx<'_>,
    moment: &Moment,
    staff: &Staff,
    id: RequestId,
    (seat, reason): (SeatId, &str),
    conflicted: bool,
) -> Outcome<Entry> {
    let (source, reason) = (ConflictSource::Staff, reason.to_owned());
    let detail = json!({ "seat": seat, "reason": reason });
    let person = Some(staff.person());
    let declaration = Declaration { seat, person, conflicted, source, reason, declared_at: moment.now };
    store::declare(tx, id, &declaration)?;
    let actor = Actor::Staff(staff.person());
    let what = if conflicted { "conflict-recorded" } else { "conflict-withdrawn" };
    Ok(Entry { subject: id.to_string(), at: moment.now, actor, what, detail })
}

/// Staff withdraw a seat's conflict of interest, with a reason: the seat may open the request again and takes part in
/// what is still open. Whoever acts for it is told, and the chair.
///
/// # Errors
/// Field errors without a seat or a reason; a refusal when the request is not under review, when the seat has no conflict
/// on record, and while the policy keeps a seat out of its own institution's requests; a fault of the database.
pub fn withdraw_conflict(
    tx: &mut Tx<'_>,
    moment: &Moment,
    staff: &Staff,
    id: RequestId,
    (seat, reason): (Option<SeatId>, &str),
) -> Outcome<()> {
    let request = requests::touch(tx, id)?;
    crate::workflow::stage::advance(request.stage, Step::Deliberate)?;
    let (seat, reason) = read_choice_and_reason(
        ("withdrawn_seat", seat, "Choose the seat whose conflict is withdrawn."),
        ("withdraw_reason", reason, "Say why there is no conflict after all."),
    )?;
    let known = store::declarations(tx, id)?.into_iter().find(|known| known.seat == seat && known.conflicted);
    let found = in_office(tx, moment, &request, seat)?;
    let own = found.as_ref().is_some_and(|found| found.is_of(request.institution));
    may_withdraw(known.map(|known| known.source), own, policy_of(&request)?.own_institution)?;
    let entry = set(tx, moment, staff, id, (seat, &reason), false)?;
    record(tx, &entry)?;
    let name = found.map_or_else(|| "a former member".to_owned(), |found| found.name);
    for reader in seat_and_chair(tx, moment, &request, seat)? {
        let message = notices::conflict_withdrawn(&moment.site, &about(&request), &reader, &name, &reason)?;
        outbox::queue(tx, moment, &message)?;
    }
    Ok(())
}

/// The seat as it is today, if it is in office.
fn in_office(view: &mut View<'_>, moment: &Moment, request: &Request, seat: SeatId) -> Outcome<Option<SeatInOffice>> {
    let seats = store::seats_in_office(view, date_in(moment.now, policy_of(request)?.zone))?;
    Ok(seats.into_iter().find(|one| one.seat == seat))
}

/// Whoever acts for a seat, and the chair unless a seat of theirs is out of the request; each of them once.
fn seat_and_chair(view: &mut View<'_>, moment: &Moment, request: &Request, seat: SeatId) -> Outcome<Vec<Reader>> {
    let day = date_in(moment.now, policy_of(request)?.zone);
    let acting = store::who_acts_on(view, request.id, day)?;
    let mut readers = acting_for(view, request, moment.now, seat)?;
    let chair = store::chair(view, day)?.filter(|chair| acting.iter().any(|one| one.person == chair.person));
    readers.extend(chair.filter(|chair| readers.iter().all(|known| known.person != chair.person)));
    Ok(readers)
}

/// Staff dismiss a suggested conflict of interest: it is not suggested again. Doing it twice changes nothing.
///
/// # Errors
/// A refusal when the request is not under review or nothing like it is suggested; a fault of the database.
pub fn dismiss_suggestion(
    tx: &mut Tx<'_>,
    moment: &Moment,
    staff: &Staff,
    id: RequestId,
    key: Option<&Key>,
) -> Outcome<()> {
    let request = requests::touch(tx, id)?;
    crate::workflow::stage::advance(request.stage, Step::Deliberate)?;
    let suggested = suggestions::all(tx, id, date_in(moment.now, policy_of(&request)?.zone))?;
    let Some(key) = key.filter(|key| suggested.iter().any(|one| key.is(one))) else {
        let sentence = "This is not suggested any more: the people or the names that it rested on have changed.";
        return Err(Refusal::conflict("not-suggested", sentence).into());
    };
    if suggestions::dismissed(tx, id)?.contains(key) {
        return Ok(());
    }
    suggestions::dismiss(tx, id, key, staff.person(), moment.now)?;
    let entry = Entry {
        subject: id.to_string(),
        at: moment.now,
        actor: Actor::Staff(staff.person()),
        what: "conflict-dismissed",
        detail: json!({ "seat": key.seat, "ground": key.ground, "matter": key.matter }),
    };
    record(tx, &entry)
}

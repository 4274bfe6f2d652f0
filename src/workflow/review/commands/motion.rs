//! The life of a motion: it opens with the routing, a seat may call a tallied vote, its time comes, it closes.
//! Each change is followed by [`settle`], so that what a rule says now also holds now.

use serde_json::json;

use super::super::consensus::{Terms, consensus_until};
use super::super::electorate::{Electorate, SeatOfRecord};
use super::super::motion::{Cause, Motion, MotionRule, MotionStage, MotionState, MotionStep, advance, must_be_open};
use super::super::notices;
use super::super::reader::Reader as Looker;
use super::super::store::motions::{self, KeptMotion};
use crate::audit::entry::{Actor, Entry};
use crate::audit::store::record;
use crate::clock::Instant;
use crate::ids::{MotionId, RequestId, SeatId};
use crate::moment::Moment;
use crate::people::access::{Staff, Voter};
use crate::policy::settings::Policy;
use crate::refusal::{Failure, Outcome, Refusal};
use crate::store::{Tx, View, impossible};
use crate::workday::date_in;
use crate::workflow::delivery::outbox;
use crate::workflow::request::commands::close_questions;
use crate::workflow::request::store::recused::recused;
use crate::workflow::request::store::{self as requests, Request};
use crate::workflow::routing::commands::{self as routing, about, needed_on, policy_of};
use crate::workflow::routing::rules::{Reader, undeclared};
use crate::workflow::routing::store::{self as routes, SeatInOffice};
use crate::workflow::stage::{Stage, Step, advance as advance_stage};

/// Sends a waiting request to its reviewers and opens the motion to support it.
///
/// # Errors
/// A refusal when it does not wait to be routed, or when no seat is free; a fault of the database.
pub fn start(tx: &mut Tx<'_>, moment: &Moment, id: RequestId) -> Outcome<()> {
    let request = requests::touch(tx, id)?;
    let routed = routing::route(tx, moment, &request)?;
    let rule = MotionRule::from(&routed.policy);
    let until = consensus_until(moment.now, needed_on(&request)?, &rule);
    let terms = Terms { until, reviews_due: routed.due.at, zone: rule.zone };
    let seats = seats_of_record(tx, id, routed.seats)?;
    let motion = Motion { state: MotionState::Consensus, rule, terms, seats, reopened_why: None };
    open(tx, moment, id, 1, motion)
}

/// Staff admit a late request, with a reason, and it goes to its reviewers at once.
///
/// # Errors
/// A field error without a reason; a refusal when the request is not held or no seat is free; a fault of the database.
pub fn admit(tx: &mut Tx<'_>, moment: &Moment, staff: &Staff, id: RequestId, reason: &str) -> Outcome<()> {
    routing::admit(tx, moment, staff, id, reason)?;
    start(tx, moment, id)
}

/// Staff give a seat's review to the next seat in line, with a reason.
///
/// # Errors
/// Field errors without a seat or a reason; a refusal when the seat owes no review or the motion has closed; a fault of the
/// database.
pub fn reassign(
    tx: &mut Tx<'_>,
    moment: &Moment,
    staff: &Staff,
    id: RequestId,
    (seat, reason): (Option<SeatId>, &str),
) -> Outcome<()> {
    let request = requests::touch(tx, id)?;
    must_be_open(&motions::latest(tx, id)?.ok_or_else(no_motion)?.motion.state)?;
    routing::reassign(tx, moment, staff, id, (seat, reason))?;
    // Whoever is left may all support it already.
    settle(tx, moment, &request)
}

/// Staff withdraw a seat's conflict of interest, with a reason, and the seat takes part again.
///
/// # Errors
/// Field errors without a seat or a reason; a refusal when the request is not under review, the seat has no conflict on
/// record, or the policy keeps it out; a fault of the database.
pub fn withdraw_conflict(
    tx: &mut Tx<'_>,
    moment: &Moment,
    staff: &Staff,
    id: RequestId,
    (seat, reason): (Option<SeatId>, &str),
) -> Outcome<()> {
    let request = requests::touch(tx, id)?;
    // What was due before this moment was decided without the seat.
    settle(tx, moment, &request)?;
    routing::withdraw_conflict(tx, moment, staff, id, (seat, reason))?;
    // What the seat had said and voted counts again, and may decide the motion.
    settle(tx, moment, &request)
}

/// Staff record a seat's conflict of interest, with a reason, and the seat is out as if it had declared it.
///
/// # Errors
/// Field errors without a seat or a reason; a refusal when the motion has closed or the conflict is on record already; a
/// fault of the database.
pub fn record_conflict(
    tx: &mut Tx<'_>,
    moment: &Moment,
    staff: &Staff,
    id: RequestId,
    (seat, reason): (Option<SeatId>, &str),
) -> Outcome<()> {
    let request = requests::touch(tx, id)?;
    let Taking { request, .. } = still_open(tx, moment, request)?;
    routing::record_conflict(tx, moment, staff, id, (seat, reason))?;
    settle(tx, moment, &request)
}

/// Staff put the question again after a vote without a quorum: to the seats in office now, as a tallied vote.
///
/// # Errors
/// A refusal unless the last vote had no quorum; a fault of the database.
pub fn put_again(tx: &mut Tx<'_>, moment: &Moment, staff: &Staff, id: RequestId) -> Outcome<()> {
    let request = requests::touch(tx, id)?;
    advance_stage(request.stage, Step::Deliberate)?;
    let last = motions::latest(tx, id)?.ok_or_else(no_motion)?;
    if last.motion.state.stage() != MotionStage::NoQuorum {
        let sentence = "Only a vote that closed without a quorum can be put again.";
        return Err(Refusal::conflict("not-without-quorum", sentence).into());
    }
    let entry = Entry {
        subject: id.to_string(),
        at: moment.now,
        actor: Actor::Staff(staff.person()),
        what: "question-put-again",
        detail: json!({ "number": last.number + 1 }),
    };
    record(tx, &entry)?;
    put_anew(tx, moment, &request, &last, None)
}

/// Puts a question whose answer was taken back to the seats in office now, as a tallied vote. The request is held.
///
/// # Errors
/// A refusal when there was no motion about the request; a fault of the database.
pub fn put_reopened(tx: &mut Tx<'_>, moment: &Moment, request: &Request, why: &str) -> Outcome<()> {
    let last = motions::latest(tx, request.id)?.ok_or_else(no_motion)?;
    put_anew(tx, moment, request, &last, Some(why))
}

/// Opens the next motion about a request as a tallied vote, with the rule of the last one.
fn put_anew(
    tx: &mut Tx<'_>,
    moment: &Moment,
    request: &Request,
    last: &KeptMotion,
    reopened_why: Option<&str>,
) -> Outcome<()> {
    let cause = if reopened_why.is_some() { Cause::Reopened } else { Cause::PutAgain };
    let policy: Policy = policy_of(request)?;
    let (rule, terms) = (last.motion.rule, last.motion.terms);
    let seats = routes::seats_in_office(tx, date_in(moment.now, policy.zone))?;
    let seats = seats_of_record(tx, request.id, seats)?;
    let reopened_why = reopened_why.map(str::to_owned);
    let mut motion = Motion { state: MotionState::Consensus, rule, terms, seats, reopened_why };
    motion.state = advance(motion.state, MotionStep::Call(motion.call(moment.now, cause)))?;
    open(tx, moment, request.id, last.number + 1, motion)?;
    tell_of_call(tx, moment, request)?;
    settle(tx, moment, request)
}

fn seats_of_record(view: &mut View<'_>, request: RequestId, seats: Vec<SeatInOffice>) -> Outcome<Electorate> {
    let out = recused(view, request)?.seats;
    let of_record = |seat: SeatInOffice| SeatOfRecord {
        vacant: seat.institution.is_none(),
        recused: seat.institution.is_some() && out.contains(&seat.seat),
        seat: seat.seat,
        name: seat.name,
        assigned: false,
        stance: None,
        open_objection: false,
        choice: None,
    };
    Ok(Electorate(seats.into_iter().map(of_record).collect()))
}

fn open(tx: &mut Tx<'_>, moment: &Moment, request: RequestId, number: i32, motion: Motion) -> Outcome<()> {
    let seat = |seat: &SeatOfRecord| json!({ "seat": seat.seat, "name": seat.name, "vacant": seat.vacant, "recused": seat.recused });
    let electorate: Vec<_> = motion.seats.0.iter().map(seat).collect();
    // Everything a recount begins with, so that the journal's chain covers it.
    let detail = json!({
        "number": number,
        "electorate": electorate,
        "rule": motion.rule,
        "consensus_until": motion.terms.until,
        "reviews_due": motion.terms.reviews_due,
        "reopened_why": motion.reopened_why,
    });
    let id = MotionId::fresh();
    let kept = KeptMotion { id, request, number, opened_at: moment.now, motion, explanation: None };
    motions::insert(tx, &kept)?;
    let entry =
        Entry { subject: request.to_string(), at: moment.now, actor: Actor::Service, what: "motion-opened", detail };
    record(tx, &entry)
}

/// A seat that takes part in an open motion: what it may do is said by the commands.
pub struct Taking {
    /// The request, held for the rest of the transaction.
    pub request: Request,
    /// The open motion about it.
    pub kept: KeptMotion,
}

/// Takes hold of the request and checks, inside the transaction, that the voter's seat takes part in its open motion:
/// it is a seat of record, it has declared that there is no conflict, and none has come up since.
///
/// # Errors
/// A refusal that says what is in the way; a fault of the database.
pub fn take_part(tx: &mut Tx<'_>, moment: &Moment, voter: &Voter) -> Outcome<Taking> {
    let request = requests::touch(tx, voter.request())?;
    advance_stage(request.stage, Step::Deliberate)?;
    let kept = motions::latest(tx, request.id)?.ok_or_else(no_motion)?;
    // A conflict first: whoever has one learns nothing of how the motion stands.
    voter.member().voter(request.id, true, &recused(tx, request.id)?)?;
    if !routes::declarations(tx, request.id)?.iter().any(|declared| declared.seat == voter.seat()) {
        return Err(undeclared(request.id).into());
    }
    if !kept.motion.seats.seat(voter.seat()).is_some_and(SeatOfRecord::is_eligible) {
        let sentence = "The seat is not among the seats of record of this motion: these were fixed when it opened.";
        return Err(Refusal::forbidden("not-of-record", sentence).into());
    }
    still_open(tx, moment, request)
}

/// The open motion about a request that is held. What was due before this moment has happened before it, whether or not
/// the periodic job has come by.
///
/// # Errors
/// A refusal when there is no motion or it has closed; a fault of the database.
pub fn still_open(tx: &mut Tx<'_>, moment: &Moment, request: Request) -> Outcome<Taking> {
    settle(tx, moment, &request)?;
    let kept = motions::latest(tx, request.id)?.ok_or_else(no_motion)?;
    must_be_open(&kept.motion.state)?;
    Ok(Taking { request, kept })
}

/// A seat calls a tallied vote, which any seat in office may do before the motion is adopted.
///
/// # Errors
/// A refusal when a vote is open already or the motion has closed; a fault of the database.
pub fn call_tally(tx: &mut Tx<'_>, moment: &Moment, voter: &Voter) -> Outcome<()> {
    let Taking { request, mut kept } = take_part(tx, moment, voter)?;
    let call = kept.motion.call(moment.now, Cause::Seat(voter.seat()));
    kept.motion.state = advance(kept.motion.state, MotionStep::Call(call))?;
    motions::keep_state(tx, &kept, "")?;
    let entry = Entry {
        subject: request.id.to_string(),
        at: moment.now,
        actor: actor(voter),
        what: "tally-called",
        detail: json!({ "motion": kept.id, "closes": call.closes }),
    };
    record(tx, &entry)?;
    tell_of_call(tx, moment, &request)?;
    settle(tx, moment, &request)
}

/// In whose name a voter acts.
pub fn actor(voter: &Voter) -> Actor {
    Actor::Seat(voter.person(), voter.member().institution_name().to_owned())
}

/// Takes the steps that are due at this moment: adopts, calls or closes. The request is held.
///
/// # Errors
/// A fault of the database.
pub fn settle(tx: &mut Tx<'_>, moment: &Moment, request: &Request) -> Outcome<()> {
    // At most a call and then a close: a motion that has closed has no step left.
    while let Some(kept) = motions::latest(tx, request.id)? {
        let Some(step) = kept.motion.due_step(moment.now) else { break };
        take(tx, moment, request, kept, step)?;
    }
    Ok(())
}

fn take(tx: &mut Tx<'_>, moment: &Moment, request: &Request, mut kept: KeptMotion, step: MotionStep) -> Outcome<()> {
    kept.motion.state = advance(kept.motion.state, step)?;
    let explanation = kept.motion.explanation(moment.now, &Looker::OF_ALL);
    motions::keep_state(tx, &kept, &explanation)?;
    let what = match step {
        MotionStep::Call(_) => "tally-begun",
        MotionStep::Adopt { .. } | MotionStep::Close { .. } => "motion-closed",
        MotionStep::Lapse { .. } => "motion-lapsed",
    };
    let detail = json!({ "motion": kept.id, "state": kept.motion.state.stage(), "explanation": explanation });
    let entry = Entry { subject: request.id.to_string(), at: moment.now, actor: Actor::Service, what, detail };
    record(tx, &entry)?;
    match step {
        MotionStep::Call(_) => tell_of_call(tx, moment, request),
        MotionStep::Lapse { .. } => routing::close(tx, moment.now, request.id),
        MotionStep::Adopt { .. } | MotionStep::Close { .. } => {
            routing::close(tx, moment.now, request.id)?;
            if kept.motion.state.stage() != MotionStage::NoQuorum {
                close_questions(tx, moment, request)?;
            }
            tell_of_result(tx, moment, request, &explanation)
        }
    }
}

fn tell_of_call(tx: &mut Tx<'_>, moment: &Moment, request: &Request) -> Outcome<()> {
    let kept = motions::latest(tx, request.id)?.ok_or_else(no_motion)?;
    let words = kept.motion.explanation(moment.now, &Looker::OF_ALL);
    for reader in routing::committee(tx, request, moment.now)? {
        let of_record = reader.seat.and_then(|seat| kept.motion.seats.seat(seat));
        let Some(seat) = of_record.filter(|seat| seat.is_eligible()) else { continue };
        outbox::queue(tx, moment, &notices::tally_called(&moment.site, &about(request), &reader, &seat.name, &words)?)?;
    }
    Ok(())
}

/// What a seat is told of the result that has not said whether it has a conflict of interest.
const UNDECLARED: &str = "How it closed is on its page, once your seat has said whether it has a conflict of interest.";

/// Tells the committee that the motion has closed; how it did is told to the seats that have said that they have no
/// conflict of interest, for the record is closed to the others as well.
fn tell_of_result(tx: &mut Tx<'_>, moment: &Moment, request: &Request, explanation: &str) -> Outcome<()> {
    let mut readers = routing::committee(tx, request, moment.now)?;
    let declared = routes::declarations(tx, request.id)?;
    let has_declared = |reader: &Reader| declared.iter().any(|one| Some(one.seat) == reader.seat);
    // Whoever acts for two seats is told once, for one that has declared if there is any.
    readers.sort_by_key(|reader| !has_declared(reader));
    let mut told = Vec::new();
    readers.retain(|reader| {
        let is_new = !told.contains(&reader.person);
        told.push(reader.person);
        is_new
    });
    for reader in readers {
        let words = if has_declared(&reader) { explanation } else { UNDECLARED };
        outbox::queue(tx, moment, &notices::result(&moment.site, &about(request), &reader, words)?)?;
    }
    Ok(())
}

pub(super) fn no_motion() -> Failure {
    Refusal::conflict("no-motion", "There is no motion about this request yet: it has not been routed.").into()
}

/// Does what is due: routes waiting requests, closes what has run out, lets fall what was withdrawn. Each thing is done
/// once, however often this is called; one that fails is taken back and logged, and does not hold up the others.
///
/// # Errors
/// A fault of the database when nothing can be read.
pub fn tick(tx: &mut Tx<'_>, moment: &Moment) -> Outcome<()> {
    for request in routes::waiting(tx)? {
        match tx.savepoint(|tx| start(tx, moment, request)) {
            Err(Failure::Refusal(refusal)) if refusal.code == "nobody-free" => {
                routing::tell_stuck(tx, moment, request, &refusal.sentence)?;
            }
            outcome => log(request, outcome),
        }
    }
    for request in motions::open(tx)? {
        if is_due(tx, request, moment.now)? {
            let outcome = tx.savepoint(|tx| catch_up(tx, moment, request));
            log(request, outcome);
        }
    }
    for request in routes::left_behind(tx, moment.now.date_naive())? {
        let outcome = tx.savepoint(|tx| {
            if seeks_consensus(tx, request)? { routing::see_to_leaving(tx, moment, request) } else { Ok(()) }
        });
        log(request, outcome);
    }
    for request in routes::owing(tx, moment.now)? {
        let outcome = tx.savepoint(|tx| {
            if seeks_consensus(tx, request)? { routing::see_to_silence(tx, moment, request) } else { Ok(()) }
        });
        log(request, outcome);
    }
    Ok(())
}

/// Whether the motion about a request waits for reviews. Once a tallied vote is on, it waits for ballots.
fn seeks_consensus(view: &mut View<'_>, request: RequestId) -> Outcome<bool> {
    Ok(motions::latest(view, request)?.is_some_and(|kept| kept.motion.state == MotionState::Consensus))
}

/// Logs why a due thing about a request could not be done; it is tried again next time.
pub fn log(request: RequestId, outcome: Outcome<()>) {
    match outcome {
        Ok(()) => {}
        Err(Failure::Fault(fault)) => tracing::error!(%request, ?fault, "something due could not be done"),
        // A rule says no: somebody was quicker, and the next look finds nothing due.
        Err(failure) => tracing::info!(%request, ?failure, "something due was done already"),
    }
}

fn is_due(view: &mut View<'_>, request: RequestId, now: Instant) -> Outcome<bool> {
    let found = requests::find(view, request)?.ok_or_else(|| impossible("motions", request, "without its request"))?;
    let kept = motions::latest(view, request)?;
    Ok(is_withdrawn(&found) || kept.is_some_and(|kept| kept.motion.due_step(now).is_some()))
}

fn catch_up(tx: &mut Tx<'_>, moment: &Moment, id: RequestId) -> Outcome<()> {
    let request = requests::touch(tx, id)?;
    if !is_withdrawn(&request) {
        return settle(tx, moment, &request);
    }
    match motions::latest(tx, id)? {
        Some(kept) if kept.motion.state.is_open() => {
            take(tx, moment, &request, kept, MotionStep::Lapse { at: moment.now })
        }
        _ => Ok(()),
    }
}

const fn is_withdrawn(request: &Request) -> bool {
    matches!(request.stage, Stage::Withdrawn { .. })
}

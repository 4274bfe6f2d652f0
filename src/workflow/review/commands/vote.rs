//! Casting and changing a ballot, and recording one that was given outside the service. The seat has one vote, whoever
//! casts it; the last ballot let through counts.

use serde_json::json;

use super::super::ballot::{self, Ballot, Origin, Told, Vote};
use super::super::motion::MotionState;
use super::super::notices;
use super::super::store::votes;
use super::motion::{Taking, actor, settle, still_open, take_part};
use crate::audit::entry::{Actor, Entry};
use crate::audit::store::record;
use crate::ids::{BallotId, MotionId, RequestId};
use crate::moment::Moment;
use crate::people::access::{Staff, Voter};
use crate::refusal::{Outcome, Refusal};
use crate::store::Tx;
use crate::workflow::delivery::outbox;
use crate::workflow::request::store::{self as requests, lists};
use crate::workflow::routing::commands::{about, acting_for};
use crate::workflow::stage::{Step, advance};

/// Casts the ballot of the voter's seat, in place of its earlier one. Everyone who acts for the seat is mailed, so that
/// a ballot nobody meant does not go unnoticed.
///
/// # Errors
/// Field errors; a refusal when no vote is open, the seat takes no part, or its representative has voted and an
/// alternate would change that; a fault of the database.
pub fn cast(tx: &mut Tx<'_>, moment: &Moment, voter: &Voter, choice: &str, reason: &str) -> Outcome<()> {
    let Taking { request, kept } = take_part(tx, moment, voter)?;
    if !matches!(kept.motion.state, MotionState::Tally(_)) {
        let sentence =
            "No tallied vote is open on this request. Support it or object to it with a review, or call a vote.";
        return Err(Refusal::conflict("no-tally", sentence).into());
    }
    let Vote { choice, reason } = ballot::read(choice, reason, kept.motion.rule.no_needs_reason)?;
    let capacity = voter.member().capacity();
    let cast = Ballot {
        id: BallotId::fresh(),
        seat: voter.seat(),
        by: voter.person(),
        origin: Origin::Own(capacity),
        choice,
        reason,
        at: moment.now,
    };
    put(tx, kept.id, &cast)?;
    let entry = Entry {
        subject: request.id.to_string(),
        at: moment.now,
        actor: actor(voter),
        what: "ballot-cast",
        detail: json!({ "ballot": cast.id, "seat": cast.seat, "choice": cast.choice, "capacity": capacity }),
    };
    record(tx, &entry)?;
    let seat = voter.member().institution_name();
    for reader in acting_for(tx, &request, moment.now, cast.seat)? {
        let receipt = notices::ballot_receipt(&moment.site, &about(&request), &reader, seat, capacity)?;
        outbox::queue(tx, moment, &receipt)?;
    }
    settle(tx, moment, &request)
}

/// Staff record a ballot that a seat has given by phone, in a meeting or by letter. The people who act for the seat are
/// mailed at once what was recorded and how to change or contest it: their own ballot replaces it while the vote is open.
///
/// # Errors
/// Field errors; a refusal when no vote is open, the seat takes no part, or its representative has voted on the page; a
/// fault of the database.
pub fn record_given(tx: &mut Tx<'_>, moment: &Moment, staff: &Staff, id: RequestId, told: &Told<'_>) -> Outcome<()> {
    let request = requests::touch(tx, id)?;
    advance(request.stage, Step::Deliberate)?;
    let Taking { request, kept } = still_open(tx, moment, request)?;
    if !matches!(kept.motion.state, MotionState::Tally(_)) {
        return Err(Refusal::conflict("no-tally", "No tallied vote is open on this request.").into());
    }
    let (seat, Vote { choice, reason }, given) = told.read(kept.motion.rule.no_needs_reason)?;
    let name = &kept.motion.seats.taking_part(seat)?.name;
    let readers = acting_for(tx, &request, moment.now, seat)?;
    if readers.is_empty() {
        let sentence = "Nobody acts for this seat at present, so nobody could contest its ballot.";
        return Err(Refusal::conflict("nobody-acts", sentence).onward("The committee", "/committee").into());
    }
    let detail = json!({ "seat": seat, "choice": choice, "source": given.source, "witness": given.witness });
    let origin = Origin::Recorded(given);
    let cast = Ballot { id: BallotId::fresh(), seat, by: staff.person(), origin, choice, reason, at: moment.now };
    put(tx, kept.id, &cast)?;
    let entry = Entry {
        subject: request.id.to_string(),
        at: moment.now,
        actor: Actor::Staff(staff.person()),
        what: "ballot-recorded",
        detail,
    };
    record(tx, &entry)?;
    let recorder = lists::called(tx, staff.person())?;
    for reader in readers {
        let mail = notices::ballot_recorded(&moment.site, &about(&request), &reader, name, (&cast, &recorder))?;
        outbox::queue(tx, moment, &mail)?;
    }
    settle(tx, moment, &request)
}

/// Puts a ballot in the place of the seat's earlier one, if it may. The request's row is held.
fn put(tx: &mut Tx<'_>, motion: MotionId, cast: &Ballot) -> Outcome<()> {
    let history = votes::history(tx, motion)?;
    ballot::may_replace(ballot::current(&history, cast.seat), &cast.origin)?;
    votes::cast(tx, motion, cast)
}

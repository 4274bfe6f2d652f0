//! Casting and changing a ballot. The seat has one vote, whoever casts it; the last ballot let through counts.

use serde_json::json;

use super::super::ballot::{self, Ballot, Vote};
use super::super::motion::MotionState;
use super::super::notices;
use super::super::store::votes;
use super::motion::{Taking, actor, settle, take_part};
use crate::audit::entry::Entry;
use crate::audit::store::record;
use crate::ids::BallotId;
use crate::moment::Moment;
use crate::people::access::Voter;
use crate::refusal::{Outcome, Refusal};
use crate::store::Tx;
use crate::workflow::delivery::outbox;
use crate::workflow::routing::commands::{about, committee};

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
    let history = votes::history(tx, kept.id)?;
    ballot::may_replace(ballot::current(&history, voter.seat()), capacity)?;
    let cast = Ballot {
        id: BallotId::fresh(),
        seat: voter.seat(),
        by: voter.person(),
        capacity,
        choice,
        reason,
        at: moment.now,
    };
    votes::cast(tx, kept.id, &cast)?;
    let entry = Entry {
        subject: request.id.to_string(),
        at: moment.now,
        actor: actor(voter),
        what: "ballot-cast",
        detail: json!({ "ballot": cast.id, "seat": cast.seat, "choice": cast.choice, "capacity": cast.capacity }),
    };
    record(tx, &entry)?;
    let seat = voter.member().institution_name();
    for reader in committee(tx, &request, moment.now)?.iter().filter(|reader| reader.seat == Some(voter.seat())) {
        outbox::queue(
            tx,
            moment,
            &notices::ballot_receipt(&moment.site, &about(&request), reader, seat, cast.capacity)?,
        )?;
    }
    settle(tx, moment, &request)
}

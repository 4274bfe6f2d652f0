//! A seat reads and says what it thinks: declaration, review, objection, question to the applicant.

use serde_json::json;

use super::super::electorate::{ClosedAs, Objection, Stance};
use super::super::form::{Review, Typed};
use super::super::store::{motions, reviews};
use super::motion::{Taking, actor, settle, take_part};
use crate::audit::entry::{Actor, Entry};
use crate::audit::store::record;
use crate::ids::{ObjectionId, QuestionId, RequestId, SeatId};
use crate::moment::Moment;
use crate::people::access::{Chair, Member, Voter};
use crate::refusal::{Outcome, Refusal};
use crate::store::Tx;
use crate::workflow::request::commands::{self as applicants, Asker, CHANGED_ELSEWHERE};
use crate::workflow::request::reopening::AskForm;
use crate::workflow::request::store as requests;
use crate::workflow::request::store::recused::recused;
use crate::workflow::routing::commands::{self as routing, read_choice_and_reason};
use crate::workflow::routing::rules::Said;

/// A seat declares whether it has a conflict of interest. A conflict changes who is left to decide, so the motion may
/// be settled by it; what was due before this moment was decided without it.
///
/// # Errors
/// A refusal when the request is not under review or the seat is out already; a fault of the database.
pub fn declare(tx: &mut Tx<'_>, moment: &Moment, member: &Member, id: RequestId, said: &Said) -> Outcome<()> {
    let request = requests::touch(tx, id)?;
    settle(tx, moment, &request)?;
    let is_open = motions::latest(tx, id)?.is_some_and(|kept| kept.motion.state.is_open());
    routing::declare(tx, moment, member, &request, said, is_open)?;
    settle(tx, moment, &request)
}

/// A review as it was typed, and what its page showed.
pub struct Written<'f> {
    /// What was typed.
    pub typed: Typed,
    /// The fingerprint of the review that the page showed.
    pub seen: &'f str,
}

impl Written<'_> {
    /// What was typed, unless it would take the place of words that its writer has not seen.
    fn over(self, kept: Option<&Review>) -> Result<Typed, Refusal> {
        let nothing = Typed::default();
        if self.typed.may_replace(kept.map_or(&nothing, Review::latest), self.seen) {
            return Ok(self.typed);
        }
        let sentence =
            "The review was changed in another window or by somebody else of the seat while you were typing.";
        Err(Refusal::conflict(CHANGED_ELSEWHERE, sentence))
    }
}

/// The seat's review so far.
fn own(tx: &mut Tx<'_>, request: RequestId, seat: SeatId) -> Outcome<Option<Review>> {
    Ok(reviews::reviews_of(tx, request)?.into_iter().find(|known| known.seat == seat))
}

/// Keeps a seat's review as a draft: nobody else sees it, and it changes nothing. Of a review that was sent, what has been
/// typed since is kept beside it, and what was sent stands. The fingerprint of what is kept is given back.
///
/// # Errors
/// Field errors for texts that are too long; a refusal when the seat takes no part or the motion has closed, or the review
/// was changed by somebody else in the meantime; a fault of the database.
pub fn save(tx: &mut Tx<'_>, moment: &Moment, voter: &Voter, written: Written<'_>) -> Outcome<String> {
    let Taking { request, .. } = take_part(tx, moment, voter)?;
    let kept = own(tx, request.id, voter.seat())?;
    let typed = written.over(kept.as_ref())?;
    typed.as_draft()?;
    let (seen, saved_at) = (typed.fingerprint(), moment.now);
    let review = match kept.filter(|kept| kept.sent_at.is_some()) {
        Some(sent) => Review { change: Some(typed).filter(|typed| *typed != sent.typed), saved_at, ..sent },
        None => Review { seat: voter.seat(), person: voter.person(), typed, change: None, saved_at, sent_at: None },
    };
    reviews::keep(tx, request.id, &review)?;
    Ok(seen)
}

/// Forgets what a seat has typed since it sent its review; what was sent stands as it was.
///
/// # Errors
/// A refusal when the seat takes no part or the motion has closed; a fault of the database.
pub fn drop_change(tx: &mut Tx<'_>, moment: &Moment, voter: &Voter) -> Outcome<()> {
    let Taking { request, .. } = take_part(tx, moment, voter)?;
    match own(tx, request.id, voter.seat())?.filter(|kept| kept.sent_at.is_some()) {
        Some(sent) => reviews::keep(tx, request.id, &Review { change: None, ..sent }),
        None => Ok(()),
    }
}

/// A seat sends its review, or sends it again with changes. Support closes the seat's own objection; an objection is
/// raised with its reason and stops consensus until it is closed.
///
/// # Errors
/// Every field error; a refusal when the seat takes no part, the motion has closed, or somebody else changed the review in
/// the meantime; a fault of the database.
pub fn send(tx: &mut Tx<'_>, moment: &Moment, voter: &Voter, written: Written<'_>) -> Outcome<()> {
    let Taking { request, kept } = take_part(tx, moment, voter)?;
    let typed = written.over(own(tx, request.id, voter.seat())?.as_ref())?;
    let stance = typed.complete()?;
    let own = reviews::objections_to(tx, kept.id)?
        .into_iter()
        .find(|objection| objection.seat == voter.seat() && objection.closed.is_none());
    let own_hand = (voter.person(), ClosedAs::Author);
    match (stance, own) {
        (Stance::Support, Some(objection)) => {
            reviews::close(tx, objection.id, moment.now, own_hand, "The seat now supports the request.")?;
        }
        (Stance::Object, Some(objection)) if objection.reason == typed.reason => {}
        (Stance::Object, earlier) => {
            if let Some(earlier) = earlier {
                reviews::close(tx, earlier.id, moment.now, own_hand, "The seat objects in other words.")?;
            }
            let objection = Objection {
                id: ObjectionId::fresh(),
                motion: kept.id,
                seat: voter.seat(),
                person: voter.person(),
                reason: typed.reason.clone(),
                raised_at: moment.now,
                closed: None,
            };
            reviews::raise(tx, &objection)?;
        }
        (Stance::Support, None) => {}
    }
    let (seat, person, now) = (voter.seat(), voter.person(), moment.now);
    reviews::keep(tx, request.id, &Review { seat, person, typed, change: None, saved_at: now, sent_at: Some(now) })?;
    routing::reviewed(tx, now, request.id, seat)?;
    let entry = Entry {
        subject: request.id.to_string(),
        at: now,
        actor: actor(voter),
        what: "review-sent",
        detail: json!({ "seat": seat, "stance": stance }),
    };
    record(tx, &entry)?;
    settle(tx, moment, &request)
}

/// Who closes an objection.
pub struct Closer<'p> {
    /// The seat they act for, which has no conflict with the request.
    pub voter: &'p Voter,
    /// That they chair the committee, if they do.
    pub chair: Option<&'p Chair>,
}

impl Closer<'_> {
    /// In which charge an objection of `seat` is closed: the chair's own seat closes its own as any seat does.
    fn charge(&self, seat: SeatId) -> Result<(ClosedAs, Actor), Refusal> {
        match self.chair {
            _ if seat == self.voter.seat() => Ok((ClosedAs::Author, actor(self.voter))),
            Some(chair) => Ok((ClosedAs::Chair, Actor::Chair(chair.person()))),
            None => {
                let sentence = "Only the seat that raised an objection can close it, or the chair.";
                Err(Refusal::forbidden("not-your-objection", sentence))
            }
        }
    }
}

/// Closes an objection, with a reason: only the seat that raised it can, or the chair.
///
/// # Errors
/// Field errors without an objection or a reason; a refusal when it is another seat's, or closed already; a fault of the database.
pub fn close_objection(
    tx: &mut Tx<'_>,
    moment: &Moment,
    closer: &Closer<'_>,
    request: RequestId,
    (objection, reason): (Option<ObjectionId>, &str),
) -> Outcome<()> {
    let request = requests::touch(tx, request)?;
    closer.voter.member().voter(request.id, true, &recused(tx, request.id)?)?;
    let (objection, reason) = read_choice_and_reason(
        ("objection", objection, "Choose the objection that is closed."),
        ("close_reason", reason, "Say why the objection is closed."),
    )?;
    // An objection that was open when the reviews were due has ended the consensus, whoever closes it after.
    settle(tx, moment, &request)?;
    let kept = motions::latest(tx, request.id)?;
    let Some(kept) = kept.filter(|kept| kept.motion.state.is_open()) else {
        return Err(Refusal::conflict("motion-closed", "The motion has closed, and its objections with it.").into());
    };
    let found = reviews::objections_to(tx, kept.id)?.into_iter().find(|found| found.id == objection);
    let Some(found) = found.filter(|found| found.closed.is_none()) else {
        return Err(Refusal::conflict("no-open-objection", "This objection is not open any more.").into());
    };
    let (closed_as, actor) = closer.charge(found.seat)?;
    reviews::close(tx, objection, moment.now, (closer.voter.person(), closed_as), &reason)?;
    let entry = Entry {
        subject: request.id.to_string(),
        at: moment.now,
        actor,
        what: "objection-closed",
        detail: json!({ "objection": objection, "seat": found.seat, "closed_as": closed_as, "reason": reason }),
    };
    record(tx, &entry)?;
    settle(tx, moment, &request)
}

/// Asks the applicant a question for the voter's seat.
///
/// # Errors
/// Every field error; a refusal when the seat takes no part or the motion has closed; a fault of the database.
pub fn ask(tx: &mut Tx<'_>, moment: &Moment, voter: &Voter, typed: &AskForm) -> Outcome<()> {
    let Taking { request, .. } = take_part(tx, moment, voter)?;
    applicants::ask(tx, moment, Asker::Seat(voter), request.id, typed)?;
    Ok(())
}

/// Withdraws a question that the voter's seat has asked.
///
/// # Errors
/// A refusal when the seat takes no part, when the question is another seat's, or over; a fault of the database.
pub fn withdraw_question(tx: &mut Tx<'_>, moment: &Moment, voter: &Voter, question: QuestionId) -> Outcome<()> {
    let Taking { request, .. } = take_part(tx, moment, voter)?;
    applicants::withdraw_question(tx, moment, Asker::Seat(voter), request.id, question)
}

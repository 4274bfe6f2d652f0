//! A motion as its pages show it: every seat of record, what was said and voted, and the one explanation.
//! What a reader may not see yet is left out here, so that no template has to remember it.

use super::ballot::{Ballot, Choice, current};
use super::electorate::{Objection, SeatOfRecord};
use super::form::Review;
use super::motion::{Motion, MotionStage};
use super::reader::{Reader, hidden_until};
use crate::clock::{InUtc, Instant};
use crate::ids::{ObjectionId, SeatId};
use crate::policy::expectations::Expectation;
use crate::workday::in_zone_and_utc;

/// All that was done about a motion.
#[derive(Debug, Clone, Copy)]
pub struct Done<'a> {
    /// The reviews, drafts too.
    pub reviews: &'a [Review],
    /// The objections.
    pub objections: &'a [Objection],
    /// Every ballot ever cast, in order.
    pub ballots: &'a [Ballot],
}

/// A motion to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its stage in a few words.
    pub label: &'static str,
    /// Which tone the label has.
    pub tone: &'static str,
    /// How it stands, with rule and arithmetic.
    pub words: String,
    /// The seats of record.
    pub seats: Vec<SeatLine>,
    /// Reviews that the reader may see.
    pub reviews: Vec<ReviewText>,
    /// From when the reader sees the views that are kept back now, as the end of a sentence; empty when none is.
    pub hidden_until: &'static str,
    /// Objections that the reader may see, closed ones too.
    pub objections: Vec<ObjectionText>,
    /// Ballots that the reader may see: all once the vote has closed, before that those of the own seat.
    pub ballots: Vec<BallotLine>,
}

/// A seat of record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatLine {
    /// Its institution.
    pub name: String,
    /// "Reviewer", "Vacant", "Recused" or nothing.
    pub part: &'static str,
    /// What it has done so far, as far as the reader may know.
    pub did: String,
}

/// A review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewText {
    /// The institution.
    pub name: String,
    /// "Supports" or "Objects".
    pub stance: &'static str,
    /// Expectation and rating.
    pub ratings: Vec<(&'static str, &'static str)>,
    /// Text for the committee.
    pub for_committee: String,
    /// Text for the applicant.
    pub for_applicant: String,
    /// When it was sent, UTC.
    pub at: String,
}

/// An objection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectionText {
    /// The objection.
    pub id: ObjectionId,
    /// The seat that raised it.
    pub seat: SeatId,
    /// Its institution.
    pub name: String,
    /// Why.
    pub reason: String,
    /// When it was raised, UTC.
    pub at: String,
    /// The same in the Consortium's zone and in UTC, as minutes say it.
    pub minuted: String,
    /// How it was closed, if it was.
    pub closed: Option<ClosedText>,
}

/// The end of an objection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedText {
    /// By whom: "the seat itself", or the chair by name.
    pub by: String,
    /// Why.
    pub why: String,
    /// When, as minutes say it.
    pub minuted: String,
}

/// A ballot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BallotLine {
    /// The institution.
    pub name: String,
    /// What it says.
    pub choice: &'static str,
    /// Why.
    pub reason: String,
    /// By whom it came in: "representative", "alternate", or that staff recorded it, how and with which witness.
    pub by: String,
    /// When it was cast, UTC.
    pub at: String,
    /// Why it does not count; empty when it does.
    pub uncounted: &'static str,
    /// The same in the Consortium's zone and in UTC, as minutes say it.
    pub minuted: String,
}

/// An instant as pages print it: "5 March 2026, 10:12 UTC".
pub fn when(at: Instant) -> String {
    InUtc::from(at).words
}

/// A motion's stage as people read it, and its tone.
pub const fn stage_label(stage: MotionStage) -> (&'static str, &'static str) {
    match stage {
        MotionStage::Consensus => ("Seeking consensus", "info"),
        MotionStage::Tally => ("Vote open", "warn"),
        MotionStage::Adopted => ("Adopted by consensus", "good"),
        MotionStage::Carried => ("Carried", "good"),
        MotionStage::NotCarried => ("Not carried", "bad"),
        MotionStage::NoQuorum => ("No quorum", "warn"),
        MotionStage::Lapsed => ("Fell with the request", ""),
    }
}

impl Record {
    /// The record of `motion` for `reader`; `words` is its explanation.
    pub fn of(motion: &Motion, words: String, done: Done<'_>, reader: Reader) -> Self {
        let (label, tone) = stage_label(motion.state.stage());
        let is_open = motion.state.is_open();
        let name = |seat: SeatId| motion.seats.seat(seat).map_or_else(|| "A seat".to_owned(), |seat| seat.name.clone());
        let minuted = |at: Instant| in_zone_and_utc(at, motion.rule.zone);
        let sent = || done.reviews.iter().filter(|review| review.sent_at.is_some());
        let reviews = sent().filter(|review| reader.sees(review.seat)).filter_map(|review| {
            Some(ReviewText {
                name: name(review.seat),
                stance: review.typed.stance?.label(),
                ratings: Expectation::ALL
                    .iter()
                    .filter_map(|of| Some((of.title(), review.typed.ratings.get(of)?.label())))
                    .collect(),
                for_committee: review.typed.for_committee.clone(),
                for_applicant: review.typed.for_applicant.clone(),
                at: review.sent_at.map(when).unwrap_or_default(),
            })
        });
        let seen = done.objections.iter().filter(|one| reader.sees_objection(one.seat));
        let objections = seen.map(|objection| ObjectionText {
            id: objection.id,
            seat: objection.seat,
            name: name(objection.seat),
            reason: objection.reason.clone(),
            at: when(objection.raised_at),
            minuted: minuted(objection.raised_at),
            closed: objection.closed.as_ref().map(|closed| ClosedText {
                by: closed.by_whom(),
                why: closed.why.clone(),
                minuted: minuted(closed.at),
            }),
        });
        let ballots = done.ballots.iter().filter(|ballot| !is_open || reader.seat == Some(ballot.seat));
        let ballots = ballots.map(|ballot| BallotLine {
            name: name(ballot.seat),
            choice: ballot.choice.label(),
            reason: ballot.reason.clone().unwrap_or_default(),
            by: ballot.origin.in_words(),
            at: when(ballot.at),
            uncounted: if current(done.ballots, ballot.seat).is_none_or(|current| current.id != ballot.id) {
                "replaced"
            } else if motion.seats.seat(ballot.seat).is_some_and(|seat| seat.recused) {
                "not counted: the seat is recused"
            } else {
                ""
            },
            minuted: minuted(ballot.at),
        });
        Self {
            label,
            tone,
            words,
            seats: motion.seats.0.iter().map(|seat| seat_line(seat, is_open, reader.sees(seat.seat))).collect(),
            hidden_until: if sent().any(|review| !reader.sees(review.seat)) { hidden_until(reader.rule) } else { "" },
            reviews: reviews.collect(),
            objections: objections.collect(),
            ballots: ballots.collect(),
        }
    }

    /// The objections that are open.
    pub fn open_objections(&self) -> impl Iterator<Item = &ObjectionText> {
        self.objections.iter().filter(|objection| objection.closed.is_none())
    }
}

fn seat_line(seat: &SeatOfRecord, is_open: bool, sees: bool) -> SeatLine {
    let part = match (seat.vacant, seat.recused, seat.assigned) {
        (true, _, _) => "Vacant",
        (false, true, _) => "Recused",
        (false, false, true) => "Reviewer",
        (false, false, false) => "",
    };
    let review = seat.stance.filter(|_| seat.is_eligible()).map(|stance| match (sees, stance) {
        (true, stance) => stance.label(),
        (false, _) => "Review sent",
    });
    let vote = seat.choice.map(|choice| match (seat.is_eligible(), is_open, choice) {
        (false, _, _) => "its vote is not counted",
        (true, true, _) => "voted",
        (true, false, Choice::Yes) => "voted yes",
        (true, false, Choice::No) => "voted no",
        (true, false, Choice::Abstain) => "abstained",
    });
    let did: Vec<&str> = review.into_iter().chain(vote).collect();
    SeatLine { name: seat.name.clone(), part, did: did.join(", ") }
}

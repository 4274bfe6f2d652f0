//! The motion to support a request: who may decide it, by which rule, and how far it has come.
//! Consensus comes first; an objection that stands, or any seat's call, turns it into a tallied vote.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::ids::SeatId;
use crate::policy::settings::Policy;
use crate::refusal::Refusal;
use crate::worded;
use crate::workday::{deadline_in_words, end_of_working_days};
use crate::workflow::phrase::counted;

use super::consensus::{Consensus, ConsensusPath, Terms, adoption_in_words, consensus, search_in_words};
use super::electorate::Electorate;
use super::reader::Reader;
use super::tally::{Tally, TallyOutcome, tally};

worded! {
    /// How far a motion has come, as the database spells it.
    pub enum MotionStage {
        /// The committee seeks consensus.
        Consensus = "consensus",
        /// A tallied vote is open.
        Tally = "tally",
        /// Adopted by consensus.
        Adopted = "adopted",
        /// Carried by a tallied vote.
        Carried = "carried",
        /// Not carried by a tallied vote.
        NotCarried = "not_carried",
        /// The tallied vote had no quorum.
        NoQuorum = "no_quorum",
        /// Fell because the request was withdrawn.
        Lapsed = "lapsed",
    }
}

/// The policy's values for a motion; those of the day on which it opens hold until it closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MotionRule {
    /// Seats that must vote yes, no or abstain for a tally to decide: 7 by default.
    pub quorum: u32,
    /// Working days of the consensus period: 5 by default.
    pub consensus_days: u32,
    /// Working days of the consensus period when the letter is needed soon: 2 by default.
    pub short_consensus_days: u32,
    /// What "soon" means, in calendar days from routing: 14 by default.
    pub short_within_days: u32,
    /// Working days a tallied vote is open at most: 5 by default.
    pub tally_days: u32,
    /// Whether a vote against needs a reason: yes by default.
    pub no_needs_reason: bool,
    /// The Consortium's zone, in which days begin and end.
    pub zone: Tz,
}

impl From<&Policy> for MotionRule {
    fn from(policy: &Policy) -> Self {
        Self {
            quorum: policy.quorum.into(),
            consensus_days: policy.consensus_working_days.into(),
            short_consensus_days: policy.urgent_consensus_working_days.into(),
            short_within_days: policy.urgent_within_days.into(),
            tally_days: policy.tally_working_days.into(),
            no_needs_reason: policy.reason_against,
            zone: policy.zone,
        }
    }
}

impl MotionRule {
    /// The rule in words, as minutes say it: consensus first, then the vote.
    pub fn in_words(&self) -> String {
        let days = |count: u32| counted(count, "working day");
        let quorum = counted(self.quorum, "seat");
        format!(
            "Consensus: every assigned reviewer supports the request, no seat has an open objection, and a period of {} has \
             run since the routing, of {} when the letter is needed within {}; at once when every seat that takes part \
             supports it. Vote: more than half of all seats of record vote yes, and at least {quorum} vote yes, no or \
             abstain. Seats that abstain, are recused, are vacant or stay silent count in the total. A vote closes after \
             {}, or as soon as the missing votes cannot change the outcome.",
            days(self.consensus_days),
            days(self.short_consensus_days),
            counted(self.short_within_days, "day"),
            days(self.tally_days),
        )
    }
}

/// Why a tallied vote was called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// A seat called it.
    Seat(SeatId),
    /// An objection was open when the reviews were due.
    Objection,
    /// An earlier vote had no quorum and staff put the question again.
    PutAgain,
    /// Staff took an answer back: only a vote of all seats takes its place.
    Reopened,
}

/// How far a motion has come, with the evidence for it. All instants are UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MotionState {
    /// The committee seeks consensus.
    Consensus,
    /// A tallied vote is open.
    Tally(Call),
    /// Adopted by consensus.
    Adopted {
        /// When.
        at: Instant,
        /// How.
        path: ConsensusPath,
    },
    /// The tallied vote has closed.
    Counted {
        /// The call that opened it.
        call: Call,
        /// When it closed.
        at: Instant,
        /// What it says.
        result: CountedResult,
    },
    /// Fell because the request was withdrawn.
    Lapsed {
        /// When.
        at: Instant,
    },
}

/// A call for a tallied vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// When it was called.
    pub at: Instant,
    /// Why.
    pub cause: Cause,
    /// When the vote closes at the latest.
    pub closes: Instant,
}

/// What a closed vote says: an outcome that can no longer be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountedResult {
    /// More than half of the seats of record voted yes.
    Carried,
    /// The quorum voted, and not more than half of the seats of record voted yes.
    NotCarried,
    /// Too few seats voted for the vote to decide anything.
    NoQuorum,
}

impl CountedResult {
    /// The result of a tally, unless it is still open.
    pub const fn of(outcome: TallyOutcome) -> Option<Self> {
        match outcome {
            TallyOutcome::Open => None,
            TallyOutcome::Carried => Some(Self::Carried),
            TallyOutcome::NotCarried => Some(Self::NotCarried),
            TallyOutcome::NoQuorum => Some(Self::NoQuorum),
        }
    }
}

impl MotionState {
    /// The state's name.
    pub const fn stage(&self) -> MotionStage {
        match self {
            Self::Consensus => MotionStage::Consensus,
            Self::Tally(_) => MotionStage::Tally,
            Self::Adopted { .. } => MotionStage::Adopted,
            Self::Counted { result: CountedResult::Carried, .. } => MotionStage::Carried,
            Self::Counted { result: CountedResult::NotCarried, .. } => MotionStage::NotCarried,
            Self::Counted { result: CountedResult::NoQuorum, .. } => MotionStage::NoQuorum,
            Self::Lapsed { .. } => MotionStage::Lapsed,
        }
    }

    /// Whether seats can still review, object or vote.
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Consensus | Self::Tally(_))
    }
}

/// One step of a motion, with its evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MotionStep {
    /// Consensus was reached.
    Adopt {
        /// When.
        at: Instant,
        /// How.
        path: ConsensusPath,
    },
    /// A tallied vote begins.
    Call(Call),
    /// The tallied vote closes.
    Close {
        /// When.
        at: Instant,
        /// What it says.
        result: CountedResult,
    },
    /// The request was withdrawn.
    Lapse {
        /// When.
        at: Instant,
    },
}

/// Moves a motion on. A motion that has closed never moves again.
///
/// # Errors
/// A refusal that says why the step is not possible from this state.
pub fn advance(state: MotionState, step: MotionStep) -> Result<MotionState, Refusal> {
    use MotionState as S;
    match (state, step) {
        (S::Consensus, MotionStep::Adopt { at, path }) => Ok(S::Adopted { at, path }),
        (S::Consensus, MotionStep::Call(call)) => Ok(S::Tally(call)),
        (S::Tally(call), MotionStep::Close { at, result }) => Ok(S::Counted { call, at, result }),
        (S::Consensus | S::Tally(_), MotionStep::Lapse { at }) => Ok(S::Lapsed { at }),
        (S::Tally(_), MotionStep::Adopt { .. } | MotionStep::Call(_)) => {
            Err(Refusal::conflict("tally-called", "A tallied vote on this request is already open."))
        }
        (S::Consensus, MotionStep::Close { .. }) => {
            Err(Refusal::conflict("no-tally", "No tallied vote has been called on this request."))
        }
        (S::Adopted { .. } | S::Counted { .. } | S::Lapsed { .. }, _) => Err(closed(&state)),
    }
}

/// Refuses to let a seat act on a motion that has closed.
///
/// # Errors
/// A refusal that says how it closed.
pub fn must_be_open(state: &MotionState) -> Result<(), Refusal> {
    if state.is_open() { Ok(()) } else { Err(closed(state)) }
}

fn closed(state: &MotionState) -> Refusal {
    let how = match state.stage() {
        MotionStage::Adopted => "it was adopted by consensus",
        MotionStage::Carried => "the vote has closed and carried it",
        MotionStage::NotCarried => "the vote has closed and did not carry it",
        MotionStage::NoQuorum => "the vote has closed without a quorum",
        MotionStage::Lapsed => "the request was withdrawn",
        MotionStage::Consensus | MotionStage::Tally => "it cannot be changed in this way",
    };
    Refusal::conflict("motion-closed", format!("Nothing can be changed in this motion any more: {how}."))
}

/// A motion with everything its rules look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Motion {
    /// How far it has come.
    pub state: MotionState,
    /// Its rule, frozen at the opening.
    pub rule: MotionRule,
    /// The times between which consensus is sought.
    pub terms: Terms,
    /// The seats of record, frozen at the opening, in the order of their names.
    pub seats: Electorate,
    /// Why staff took back the answer that is decided anew; none for the first motion about a request.
    pub reopened_why: Option<String>,
}

impl Motion {
    /// The call for a tallied vote at `at`, with the time at which it closes.
    pub fn call(&self, at: Instant, cause: Cause) -> Call {
        Call { at, cause, closes: end_of_working_days(at, self.rule.tally_days, self.rule.zone) }
    }

    /// The tallied vote as it stands at `now`, if one was called.
    pub fn tally(&self, now: Instant) -> Option<Tally> {
        let over = match self.state {
            MotionState::Tally(call) => now >= call.closes,
            MotionState::Counted { .. } => true,
            MotionState::Consensus | MotionState::Adopted { .. } | MotionState::Lapsed { .. } => return None,
        };
        Some(tally(self.seats.counts(), self.rule.quorum, over))
    }

    /// The step that is due at `now` without anybody acting, if there is one.
    pub fn due_step(&self, now: Instant) -> Option<MotionStep> {
        match self.state {
            MotionState::Consensus => match consensus(&self.seats, &self.terms, now) {
                Consensus::Sought => None,
                Consensus::Reached(path) => Some(MotionStep::Adopt { at: now, path }),
                Consensus::Ended => Some(MotionStep::Call(self.call(now, Cause::Objection))),
            },
            MotionState::Tally(_) => {
                let outcome = self.tally(now)?.outcome;
                CountedResult::of(outcome).map(|result| MotionStep::Close { at: now, result })
            }
            MotionState::Adopted { .. } | MotionState::Counted { .. } | MotionState::Lapsed { .. } => None,
        }
    }

    /// How the motion stands at `now`, its rule and its arithmetic in words, as far as `reader` may know. Every page, mail
    /// and record prints this.
    pub fn explanation(&self, now: Instant, reader: &Reader) -> String {
        match self.state {
            MotionState::Consensus => search_in_words(&self.seats, &self.terms, reader),
            MotionState::Adopted { path, .. } => adoption_in_words(&self.seats, &self.terms, path),
            MotionState::Lapsed { .. } => {
                "The request was withdrawn, so the motion fell. Nothing was decided.".to_owned()
            }
            MotionState::Tally(call) => {
                let closes = deadline_in_words(call.closes, self.rule.zone);
                let tally = self.tally(now).map(|tally| tally.explanation).unwrap_or_default();
                format!(
                    "{} It closes at {closes}, or as soon as the missing votes cannot change the outcome. {tally}",
                    self.call_in_words(call.cause)
                )
            }
            MotionState::Counted { call, .. } => {
                let tally = self.tally(now).map(|tally| tally.explanation).unwrap_or_default();
                format!("{} {tally}", self.call_in_words(call.cause))
            }
        }
    }

    fn call_in_words(&self, cause: Cause) -> String {
        match cause {
            Cause::Seat(seat) => {
                let name = self.seats.seat(seat).map_or("A seat", |seat| &seat.name);
                format!("{name} called a tallied vote.")
            }
            Cause::Objection => "An objection was open when the reviews were due, so a tallied vote began.".to_owned(),
            Cause::PutAgain => "An earlier vote had no quorum, so staff put the question again.".to_owned(),
            Cause::Reopened => {
                let why = self.reopened_why.as_deref().unwrap_or_default();
                format!("Staff reopened the answer, so all seats vote on the question anew. Their reason: “{why}”")
            }
        }
    }
}

#[cfg(test)]
#[path = "motion_tests.rs"]
mod tests;

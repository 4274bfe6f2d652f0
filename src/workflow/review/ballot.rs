//! One vote per seat, whoever casts it: what a ballot may say, and whose ballot counts.
//! Counting is the tally's.

use crate::clock::Instant;
use crate::ids::{BallotId, PersonId, RequestId, SeatId};
use crate::people::access::Capacity;
use crate::refusal::{FieldErrors, Refusal};
use crate::worded;

worded! {
    /// What a ballot says.
    pub enum Choice {
        /// Support the request.
        Yes = "yes",
        /// Do not support it.
        No = "no",
        /// Take part without a preference: counts for the quorum, not for the majority.
        Abstain = "abstain",
    }
}

/// The address of a request's ballot with `choice` marked on it. Opening it casts nothing: programs that check mail open
/// links too, so only the button of the page votes.
pub fn marked(request: RequestId, choice: Choice) -> String {
    format!("/requests/{request}/review?choice={choice}#vote")
}

/// The longest reason a ballot can carry, in characters.
pub const REASON_LIMIT: usize = 4_000;

/// A ballot as it was cast. A change is another ballot of the same seat; none is ever erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ballot {
    /// The ballot.
    pub id: BallotId,
    /// The seat whose vote it is.
    pub seat: SeatId,
    /// Who cast it.
    pub by: PersonId,
    /// In which capacity.
    pub capacity: Capacity,
    /// What it says.
    pub choice: Choice,
    /// Why, in the voter's words.
    pub reason: Option<String>,
    /// When it was cast.
    pub at: Instant,
}

/// A vote that may be cast: the form was complete and the seat free to take it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vote {
    /// What it says.
    pub choice: Choice,
    /// Why, in the voter's words, trimmed.
    pub reason: Option<String>,
}

/// Reads a vote from its form.
///
/// # Errors
/// Field errors: no choice, a `no` without a reason where `no_needs_reason` (the policy's setting), a reason too long.
pub fn read(choice: &str, reason: &str, no_needs_reason: bool) -> Result<Vote, FieldErrors> {
    let mut errors = FieldErrors::default();
    let choice: Option<Choice> = choice.parse().ok();
    let reason = reason.trim();
    if choice.is_none() {
        errors.add("choice", "Choose yes, no or abstain.");
    }
    if choice == Some(Choice::No) && reason.is_empty() && no_needs_reason {
        errors.add("vote_reason", "Say why you vote no. The committee and staff can read it.");
    }
    if reason.chars().count() > REASON_LIMIT {
        errors.add("vote_reason", format!("Shorten the reason to {REASON_LIMIT} characters."));
    }
    match choice {
        Some(choice) if errors.is_empty() => {
            Ok(Vote { choice, reason: (!reason.is_empty()).then(|| reason.to_owned()) })
        }
        _ => Err(errors),
    }
}

/// Whether a person acting for a seat as `capacity` may replace the seat's `current` ballot.
/// The representative's replaces the alternate's; the other way round it is refused.
///
/// # Errors
/// A refusal for an alternate whose representative has voted.
pub fn may_replace(current: Option<&Ballot>, capacity: Capacity) -> Result<(), Refusal> {
    match (current.map(|ballot| ballot.capacity), capacity) {
        (Some(Capacity::Representative), Capacity::Alternate) => Err(Refusal::conflict(
            "representative-has-voted",
            "The seat's representative has voted. Only the representative can change that ballot while the vote is open.",
        )),
        (Some(_) | None, Capacity::Representative) | (Some(Capacity::Alternate) | None, Capacity::Alternate) => Ok(()),
    }
}

/// The ballot that counts for `seat` after `history`, which is in the order of casting.
///
/// It is the last one of the representative, else the last one of the alternate: what [`may_replace`] lets happen.
pub fn current(history: &[Ballot], seat: SeatId) -> Option<&Ballot> {
    let of_seat = || history.iter().rev().filter(|ballot| ballot.seat == seat);
    of_seat().find(|ballot| ballot.capacity == Capacity::Representative).or_else(|| of_seat().next())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ballot(seat: SeatId, capacity: Capacity, choice: Choice) -> Ballot {
        let at = "2026-03-02T15:00:00Z".parse().unwrap();
        Ballot { id: BallotId::fresh(), seat, by: PersonId::fresh(), capacity, choice, reason: None, at }
    }

    #[test]
    fn a_no_needs_a_reason_where_the_policy_asks_for_one() {
        assert!(read("no", "  ", true).unwrap_err().of("vote_reason").is_some());
        assert_eq!(read("no", "  ", false).unwrap(), Vote { choice: Choice::No, reason: None });
        let reasoned = read("no", " Too vague. ", true).unwrap();
        assert_eq!(reasoned.reason.as_deref(), Some("Too vague."));
        assert!(read("yes", "", true).is_ok());
        assert!(read("abstain", "", true).is_ok());
    }

    #[test]
    fn a_form_without_a_choice_or_with_an_endless_reason_comes_back() {
        let errors = read("maybe", &"x".repeat(REASON_LIMIT + 1), true).unwrap_err();
        assert!(errors.of("choice").is_some() && errors.of("vote_reason").is_some());
    }

    #[test]
    fn the_alternate_cannot_overrule_the_representative() {
        let seat = SeatId::fresh();
        let by_representative = ballot(seat, Capacity::Representative, Choice::Yes);
        let by_alternate = ballot(seat, Capacity::Alternate, Choice::No);
        assert!(may_replace(Some(&by_representative), Capacity::Alternate).is_err());
        assert!(may_replace(Some(&by_representative), Capacity::Representative).is_ok());
        assert!(may_replace(Some(&by_alternate), Capacity::Representative).is_ok());
        assert!(may_replace(Some(&by_alternate), Capacity::Alternate).is_ok());
        assert!(may_replace(None, Capacity::Alternate).is_ok());
    }

    proptest! {
        #[test]
        fn what_counts_is_the_last_ballot_that_was_let_through(casts in proptest::collection::vec((0..2usize, 0..2usize, 0..3usize), 0..20)) {
            let seats = [SeatId::fresh(), SeatId::fresh()];
            let mut history: Vec<Ballot> = Vec::new();
            let mut held: [Option<Ballot>; 2] = [None, None];
            for (place, capacity, choice) in casts {
                let capacity = Capacity::ALL[capacity];
                let cast = ballot(seats[place], capacity, Choice::ALL[choice]);
                if may_replace(held[place].as_ref(), capacity).is_ok() {
                    held[place] = Some(cast.clone());
                    history.push(cast);
                }
            }
            for (place, seat) in seats.iter().enumerate() {
                prop_assert_eq!(current(&history, *seat), held[place].as_ref());
            }
        }
    }
}

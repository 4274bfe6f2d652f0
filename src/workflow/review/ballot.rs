//! One vote per seat, whoever casts it and however it is given: what a ballot may say, and whose ballot counts.
//! Counting is the tally's.

use crate::clock::Instant;
use crate::ids::{BallotId, PersonId, RequestId, SeatId};
use crate::people::access::Capacity;
use crate::plain;
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

impl Choice {
    /// As people read it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Yes => "Yes",
            Self::No => "No",
            Self::Abstain => "Abstain",
        }
    }
}

worded! {
    /// The way in which a ballot reached staff.
    pub enum Source {
        /// Somebody of the seat said it on the telephone.
        Phone = "phone",
        /// Somebody of the seat said it in a meeting.
        Meeting = "meeting",
        /// Somebody of the seat wrote it on paper or in a mail.
        Letter = "letter",
    }
}

impl Source {
    /// The way, as a choice of a form.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Phone => "By phone",
            Self::Meeting => "In a meeting",
            Self::Letter => "By letter or mail",
        }
    }

    /// The way, in the middle of a sentence.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Phone => "by phone",
            Self::Meeting => "in a meeting",
            Self::Letter => "by letter or mail",
        }
    }
}

/// What is known of a ballot that was given outside the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// In which way.
    pub source: Source,
    /// Who can witness it.
    pub witness: String,
}

/// How a ballot came into the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Cast on the page by somebody who acts for the seat, in this capacity.
    Own(Capacity),
    /// Given outside the service and recorded by staff. It counts like the representative's until the seat casts its own.
    Recorded(Given),
}

impl Origin {
    /// By whom the ballot came in, as a record says it: "representative", "recorded by staff, by phone, witness Ada Ito".
    pub fn in_words(&self) -> String {
        match self {
            Self::Own(capacity) => capacity.to_string(),
            Self::Recorded(Given { source, witness }) => {
                format!("recorded by staff, {}, witness {witness}", source.in_words())
            }
        }
    }
}

/// The address of a request's ballot with `choice` marked on it. Opening it casts nothing: programs that check mail open
/// links too, so only the button of the page votes.
pub fn marked(request: RequestId, choice: Choice) -> String {
    format!("/requests/{request}/review?choice={choice}#vote")
}

/// The longest reason a ballot can carry, in characters.
pub const REASON_LIMIT: usize = 4_000;

/// The longest name of a witness, in characters.
pub const WITNESS_LIMIT: usize = 120;

/// A ballot as it was cast. A change is another ballot of the same seat; none is ever erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ballot {
    /// The ballot.
    pub id: BallotId,
    /// The seat whose vote it is.
    pub seat: SeatId,
    /// Who cast it; for a recorded one, who of staff recorded it.
    pub by: PersonId,
    /// How it came in.
    pub origin: Origin,
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
    let reason = plain::text_or_none(reason, REASON_LIMIT);
    if choice.is_none() {
        errors.add("choice", "Choose yes, no or abstain.");
    }
    match &reason {
        Ok(reason) if choice == Some(Choice::No) && reason.is_empty() && no_needs_reason => {
            errors.add("vote_reason", "Say why you vote no. The committee and staff can read it.");
        }
        Ok(_) => {}
        Err(flaw) => errors.add("vote_reason", flaw.sentence("the reason")),
    }
    match (choice, reason) {
        (Some(choice), Ok(reason)) if errors.is_empty() => {
            Ok(Vote { choice, reason: Some(reason).filter(|reason| !reason.is_empty()) })
        }
        _ => Err(errors),
    }
}

/// A ballot that was given outside the service, as staff typed it.
#[derive(Debug, Clone, Copy)]
pub struct Told<'t> {
    /// The seat's id.
    pub seat: &'t str,
    /// What it says.
    pub choice: &'t str,
    /// Why.
    pub reason: &'t str,
    /// In which way it was given.
    pub source: &'t str,
    /// Who witnessed it.
    pub witness: &'t str,
}

impl Told<'_> {
    /// Reads the ballot: whose it is, what it says, and what is known of it. A reason is asked for as of a member.
    ///
    /// # Errors
    /// Every field error: no seat, no way or no witness, and those of [`read`].
    pub fn read(&self, no_needs_reason: bool) -> Result<(SeatId, Vote, Given), FieldErrors> {
        let mut errors = FieldErrors::default();
        let seat: Option<SeatId> = self.seat.parse().ok();
        if seat.is_none() {
            errors.add("ballot_seat", "Choose the seat whose ballot it is.");
        }
        let vote = read(self.choice, self.reason, no_needs_reason).map_err(|found| errors.extend(found)).ok();
        let source: Option<Source> = self.source.parse().ok();
        if source.is_none() {
            errors.add("source", "Choose how the ballot was given.");
        }
        let witness = plain::line(self.witness, WITNESS_LIMIT)
            .map_err(|flaw| errors.add("witness", flaw.sentence("the name of who witnessed it")))
            .ok();
        match (seat, vote, source, witness) {
            (Some(seat), Some(vote), Some(source), Some(witness)) => Ok((seat, vote, Given { source, witness })),
            _ => Err(errors),
        }
    }
}

/// Whether a ballot that comes in as `next` may replace the seat's `current` one.
///
/// The representative's replaces the alternate's; the other way round it is refused. One that staff record counts like
/// the representative's, but never replaces what the representative has cast; and the seat's own always replaces it.
///
/// # Errors
/// A refusal for an alternate or for staff when the representative has voted.
pub fn may_replace(current: Option<&Ballot>, next: &Origin) -> Result<(), Refusal> {
    match (current.map(|ballot| &ballot.origin), next) {
        (Some(Origin::Own(Capacity::Representative)), Origin::Own(Capacity::Alternate)) => Err(Refusal::conflict(
            "representative-has-voted",
            "The seat's representative has voted. Only the representative can change that ballot while the vote is open.",
        )),
        (Some(Origin::Own(Capacity::Representative)), Origin::Recorded(_)) => Err(Refusal::conflict(
            "seat-has-voted",
            "The seat has voted itself. Only its representative can change that ballot while the vote is open.",
        )),
        (Some(Origin::Own(_)), Origin::Own(Capacity::Representative))
        | (Some(Origin::Own(Capacity::Alternate)), _)
        | (Some(Origin::Recorded(_)) | None, _) => Ok(()),
    }
}

/// The ballot that counts for `seat` after `history`, which is in the order of casting.
///
/// It is the last one that the representative cast, else the last one of any: what [`may_replace`] lets happen.
pub fn current(history: &[Ballot], seat: SeatId) -> Option<&Ballot> {
    let of_seat = || history.iter().rev().filter(|ballot| ballot.seat == seat);
    of_seat().find(|ballot| ballot.origin == Origin::Own(Capacity::Representative)).or_else(|| of_seat().next())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const REPRESENTATIVE: Origin = Origin::Own(Capacity::Representative);
    const ALTERNATE: Origin = Origin::Own(Capacity::Alternate);

    fn recorded() -> Origin {
        Origin::Recorded(Given { source: Source::Phone, witness: "Ada Ito".to_owned() })
    }

    fn ballot(seat: SeatId, origin: Origin, choice: Choice) -> Ballot {
        let at = "2026-03-02T15:00:00Z".parse().unwrap();
        Ballot { id: BallotId::fresh(), seat, by: PersonId::fresh(), origin, choice, reason: None, at }
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
        let by_representative = ballot(seat, REPRESENTATIVE, Choice::Yes);
        let by_alternate = ballot(seat, ALTERNATE, Choice::No);
        assert!(may_replace(Some(&by_representative), &ALTERNATE).is_err());
        assert!(may_replace(Some(&by_representative), &REPRESENTATIVE).is_ok());
        assert!(may_replace(Some(&by_alternate), &REPRESENTATIVE).is_ok());
        assert!(may_replace(Some(&by_alternate), &ALTERNATE).is_ok());
        assert!(may_replace(None, &ALTERNATE).is_ok());
    }

    #[test]
    fn a_recorded_ballot_gives_way_to_the_seat_and_never_replaces_its_representatives() {
        let seat = SeatId::fresh();
        let by_staff = ballot(seat, recorded(), Choice::Yes);
        for next in [REPRESENTATIVE, ALTERNATE, recorded()] {
            assert!(may_replace(Some(&by_staff), &next).is_ok(), "{next:?}");
        }
        assert!(may_replace(None, &recorded()).is_ok());
        assert!(may_replace(Some(&ballot(seat, ALTERNATE, Choice::No)), &recorded()).is_ok());
        let refused = may_replace(Some(&ballot(seat, REPRESENTATIVE, Choice::No)), &recorded()).unwrap_err();
        assert_eq!(refused.code, "seat-has-voted");
    }

    #[test]
    fn what_staff_record_needs_seat_vote_reason_way_and_witness_and_says_all_that_is_missing() {
        let nothing = Told { seat: "", choice: "", reason: "", source: "", witness: " " };
        let errors = nothing.read(true).unwrap_err();
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["ballot_seat", "choice", "source", "witness"]);
        let seat = SeatId::fresh();
        let told = Told { seat: seat.as_str(), choice: "no", reason: " ", source: "meeting", witness: " Ada  Ito " };
        assert_eq!(told.read(true).unwrap_err().iter().count(), 1, "a no needs its reason, as a member's does");
        let (of, vote, given) = told.read(false).unwrap();
        assert_eq!((of, vote.choice, given.source), (seat, Choice::No, Source::Meeting));
        assert_eq!(Origin::Recorded(given).in_words(), "recorded by staff, in a meeting, witness Ada  Ito");
        let long = Told { witness: &"x".repeat(WITNESS_LIMIT + 1), ..told };
        assert!(long.read(false).unwrap_err().of("witness").is_some());
    }

    proptest! {
        #[test]
        fn what_counts_is_the_last_ballot_that_was_let_through(casts in proptest::collection::vec((0..2usize, 0..3usize, 0..3usize), 0..20)) {
            let seats = [SeatId::fresh(), SeatId::fresh()];
            let mut history: Vec<Ballot> = Vec::new();
            let mut held: [Option<Ballot>; 2] = [None, None];
            for (place, origin, choice) in casts {
                let origin = [REPRESENTATIVE, ALTERNATE, recorded()][origin].clone();
                let cast = ballot(seats[place], origin, Choice::ALL[choice]);
                if may_replace(held[place].as_ref(), &cast.origin).is_ok() {
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

//! What a reader sees by now of the seats' views: their reviews, their objections, and how far they agree.

use super::motion::MotionState;
use crate::ids::SeatId;
use crate::policy::settings::ReviewsShown;

/// Whether a seat sees by now what the others think, by the policy's `rule`: it has sent its own review or not, and the
/// motion is in the state `open`, or in none when nothing is to be decided any more.
pub fn sees_others(rule: ReviewsShown, has_reviewed: bool, open: Option<MotionState>) -> bool {
    match rule {
        ReviewsShown::Always => true,
        ReviewsShown::AfterOwn => has_reviewed || open != Some(MotionState::Consensus),
        ReviewsShown::AfterClose => open.is_none(),
    }
}

/// From when a seat sees what the others think, as the end of a sentence; empty when it is from the start.
pub const fn hidden_until(rule: ReviewsShown) -> &'static str {
    match rule {
        ReviewsShown::Always => "",
        ReviewsShown::AfterOwn => "once your seat has sent its own review, or a tallied vote is open",
        ReviewsShown::AfterClose => "once the motion has closed",
    }
}

/// Who looks at a motion, as far as it decides what they see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    /// The seat they act for; staff act for none.
    pub seat: Option<SeatId>,
    /// Whether they see the views of all seats now; else only their own.
    pub sees_others: bool,
    /// Whether they close objections as the chair, and so read them.
    pub closes_objections: bool,
    /// The policy's rule about what they see.
    pub rule: ReviewsShown,
}

impl Reader {
    /// Who sees everything: staff, and the words that a motion keeps of its end.
    pub const OF_ALL: Self =
        Self { seat: None, sees_others: true, closes_objections: false, rule: ReviewsShown::Always };

    /// The chair, whose office it is to close objections, reads them: but not before the review that the
    /// chair's own seat owes.
    pub const fn chairing(self, is_chair: bool, owes_review: bool) -> Self {
        Self { closes_objections: is_chair && !owes_review, ..self }
    }

    /// Whether they see what the seat thinks.
    pub fn sees(&self, seat: SeatId) -> bool {
        self.sees_others || self.seat == Some(seat)
    }

    /// Whether they see that the seat objects, and why.
    pub fn sees_objection(&self, seat: SeatId) -> bool {
        self.sees(seat) || self.closes_objections
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_think_is_seen_when_the_policy_says_so() {
        let consensus = Some(MotionState::Consensus);
        let seen = |rule| {
            [(false, consensus), (true, consensus), (false, None)].map(|(own, open)| sees_others(rule, own, open))
        };
        assert_eq!(seen(ReviewsShown::Always), [true; 3]);
        assert_eq!(seen(ReviewsShown::AfterOwn), [false, true, true]);
        assert_eq!(seen(ReviewsShown::AfterClose), [false, false, true]);
    }

    #[test]
    fn the_chair_reads_objections_once_the_own_review_is_not_owed() {
        let (own, other) = (SeatId::fresh(), SeatId::fresh());
        let seat =
            Reader { seat: Some(own), sees_others: false, closes_objections: false, rule: ReviewsShown::AfterClose };
        let seen = |reader: Reader| [own, other].map(|of| reader.sees_objection(of));
        assert_eq!(seen(seat), [true, false]);
        assert_eq!(seen(seat.chairing(true, true)), [true, false]);
        assert_eq!(seen(seat.chairing(true, false)), [true, true]);
        assert_eq!(seen(seat.chairing(false, false)), [true, false]);
        assert_eq!(seen(Reader::OF_ALL), [true, true]);
    }
}

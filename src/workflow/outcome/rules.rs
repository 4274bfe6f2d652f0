//! When an applicant is asked what became of the proposal, and what they can answer.

use chrono::{Months, NaiveDate, TimeDelta};

use crate::clock::Instant;
use crate::plain::{self, Flaw};
use crate::refusal::{FieldErrors, Refusal};
use crate::worded;
use crate::workflow::stage::Stage;

/// The most characters of what an applicant adds to the answer.
pub const LONGEST_REMARK: usize = 500;
/// The field with the answer.
pub const ANSWER: &str = "answer";
/// The field with what the applicant adds.
pub const REMARK: &str = "remark";

worded! {
    /// What became of a proposal.
    pub enum Answer {
        /// The funder pays for it.
        Funded = "funded",
        /// The funder does not.
        NotFunded = "not_funded",
        /// The funder has not decided, or the applicant does not know.
        NotYetKnown = "not_yet_known",
    }
}

impl Answer {
    /// The answer in words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Funded => "Funded",
            Self::NotFunded => "Not funded",
            Self::NotYetKnown => "Not yet known",
        }
    }

    /// Whether nothing more is to come.
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::NotYetKnown)
    }
}

/// What an applicant told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What became of the proposal.
    pub answer: Answer,
    /// What they added; may be empty.
    pub remark: String,
}

/// The day on which an applicant is asked: so many months after the deadline, or after the letter where that came later or
/// no deadline is known.
pub fn asked_on(deadline: Option<NaiveDate>, issued: NaiveDate, months: u16) -> NaiveDate {
    let from = deadline.map_or(issued, |deadline| deadline.max(issued));
    from.checked_add_months(Months::new(months.into())).unwrap_or(from)
}

/// Nobody is asked about what came out, or whose deadline passed, later than this: a month, the shortest that the policy
/// can say, is 28 days or more, and zones differ by less than a day.
pub fn latest_asked_about(now: Instant) -> Instant {
    now - TimeDelta::days(27)
}

/// Whether the applicant is to be asked on the day `today`: the letter is in force, they were never asked, and what they
/// told, if they did, is not final.
pub fn is_due(stage: Stage, was_asked: bool, told: Option<Answer>, asked_on: NaiveDate, today: NaiveDate) -> bool {
    may_tell(stage).is_ok() && !was_asked && !told.is_some_and(Answer::is_final) && asked_on <= today
}

/// Whether an applicant can tell what became of the proposal: its letter is in force.
///
/// # Errors
/// Why not, and what is possible instead.
pub fn may_tell(stage: Stage) -> Result<(), Refusal> {
    let sentence = match stage {
        Stage::Issued { .. } | Stage::Delivered { .. } => return Ok(()),
        Stage::Revoked { .. } => "The letter for this proposal has been revoked, so we do not ask what became of it.",
        Stage::Withdrawn { .. } => "This request was withdrawn, so there is nothing to tell.",
        _ => "This request has no letter yet. Once it has, you can tell us here what became of the proposal.",
    };
    Err(Refusal::conflict("no-outcome", sentence))
}

/// What an applicant tells, as typed.
///
/// # Errors
/// Every field that is wrong.
pub fn read(answer: &str, remark: &str) -> Result<Told, FieldErrors> {
    let mut errors = FieldErrors::default();
    let answer: Option<Answer> = answer.parse().ok();
    if answer.is_none() {
        errors.add(ANSWER, "Choose what became of the proposal.");
    }
    let remark = match plain::text(remark, LONGEST_REMARK) {
        Ok(remark) => remark,
        Err(Flaw::Empty) => String::new(),
        Err(flaw) => {
            errors.add(REMARK, flaw.sentence("what you add"));
            String::new()
        }
    };
    errors.unless_any(Told { answer: answer.unwrap_or(Answer::NotYetKnown), remark })
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::ids::LetterId;
    use crate::policy::settings::Policy;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn who_has_a_letter_is_asked_months_after_the_deadline_or_after_a_letter_that_came_later() {
        let issued = day("2026-03-02");
        assert_eq!(asked_on(Some(day("2026-04-20")), issued, 6), day("2026-10-20"));
        assert_eq!(asked_on(Some(day("2026-02-20")), issued, 6), day("2026-09-02"));
        assert_eq!(asked_on(None, day("2026-08-31"), 6), day("2027-02-28"));
    }

    proptest! {
        #[test]
        fn whoever_is_due_came_out_and_passed_the_deadline_before_the_latest(
            issued in 0_i64..2_000_000, deadline in 0_i64..2_000_000, later in 0_i64..4_000_000, months in 1_u16..=36,
            zone in select(vec![chrono_tz::UTC, chrono_tz::Pacific::Auckland, chrono_tz::America::Los_Angeles]),
        ) {
            let at = |minutes| DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes);
            let (issued, deadline, now) = (at(issued), at(deadline), at(later));
            let policy = Policy { zone, ..Policy::default() };
            let asked_on = asked_on(Some(policy.today(deadline)), policy.today(issued), months);
            prop_assume!(asked_on <= policy.today(now));
            prop_assert!(issued < latest_asked_about(now) && deadline < latest_asked_about(now));
        }
    }

    #[test]
    fn nobody_is_asked_twice_or_after_a_final_answer_or_without_a_letter_in_force() {
        let at: Instant = "2026-03-02T09:00:00Z".parse().unwrap();
        let letter = LetterId::fresh();
        let (out, due) = (Stage::Delivered { at, letter }, day("2026-10-20"));
        assert!(is_due(out, false, None, due, due));
        assert!(is_due(out, false, Some(Answer::NotYetKnown), due, due));
        assert!(!is_due(out, false, None, due, day("2026-10-19")));
        assert!(!is_due(out, true, None, due, due));
        for told in [Answer::Funded, Answer::NotFunded] {
            assert!(!is_due(out, false, Some(told), due, due));
        }
        for stage in [Stage::Revoked { letter }, Stage::Withdrawn { at }, Stage::InReview { at }] {
            assert!(!is_due(stage, false, None, due, due), "{stage:?}");
            assert_eq!(may_tell(stage).unwrap_err().code, "no-outcome");
        }
    }

    #[test]
    fn an_answer_is_chosen_and_a_sentence_is_welcome() {
        assert_eq!(read("", &"x".repeat(501)).unwrap_err().iter().count(), 2);
        let told = read("funded", "  Half of the sum. ").unwrap();
        assert_eq!((told.answer, told.remark.as_str()), (Answer::Funded, "Half of the sum."));
        assert!(read("not_yet_known", "").is_ok());
    }
}

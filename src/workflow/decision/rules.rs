//! From an outcome to an answer: what is prepared when a motion closes, and what must be true to release it.
//! Until it is released a decision is known to the committee and staff only.

use crate::refusal::{FieldErrors, Refusal};
use crate::workflow::review::motion::MotionStage;
use crate::workflow::stage::Answer;

/// The longest text of a decision, in characters.
pub const TEXT_LIMIT: usize = 8_000;

/// The answer that follows from the stage at which a motion closed.
///
/// A vote without a quorum decides nothing, so no answer follows: staff put the question again. The same holds for a
/// motion that is open or fell with its request.
pub const fn answer_to(stage: MotionStage) -> Option<Answer> {
    match stage {
        MotionStage::Adopted | MotionStage::Carried => Some(Answer::Supported),
        MotionStage::NotCarried => Some(Answer::Declined),
        MotionStage::NoQuorum | MotionStage::Lapsed | MotionStage::Consensus | MotionStage::Tally => None,
    }
}

/// What the applicant is told with an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// Why; required when the request is declined.
    pub reasons: String,
    /// What would change the answer; required when the request is declined.
    pub would_change: String,
}

/// Reads the words of an answer from the release form, trimmed.
///
/// # Errors
/// Field errors: a decline without reasons or without what would change the answer, and texts that are too long.
pub fn read_words(answer: Answer, reasons: &str, would_change: &str) -> Result<Words, FieldErrors> {
    let words = Words { reasons: reasons.trim().to_owned(), would_change: would_change.trim().to_owned() };
    let mut errors = FieldErrors::default();
    if answer == Answer::Declined && words.reasons.is_empty() {
        errors.add("reasons", "Give the committee's reasons. The applicant reads them.");
    }
    if answer == Answer::Declined && words.would_change.is_empty() {
        errors.add("would_change", "Say what would change the answer, or that nothing would. The applicant reads it.");
    }
    for (field, text) in [("reasons", &words.reasons), ("would_change", &words.would_change)] {
        if text.chars().count() > TEXT_LIMIT {
            errors.add(field, format!("Shorten this to {TEXT_LIMIT} characters."));
        }
    }
    errors.unless_any(words)
}

/// Whether a decision can be released: it is prepared and not released yet.
///
/// # Errors
/// A refusal that says what is missing or that it has been released.
pub fn must_be_unreleased(prepared: Option<Answer>, released: bool) -> Result<Answer, Refusal> {
    match (prepared, released) {
        (Some(answer), false) => Ok(answer),
        (Some(_), true) => {
            Err(Refusal::conflict("already-released", "This answer has already been released to the applicant."))
        }
        (None, _) => Err(Refusal::conflict(
            "nothing-prepared",
            "There is no answer to release yet: the committee's motion is still open, or it ended without deciding.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_motion_that_was_adopted_or_carried_leads_to_support() {
        let supported: Vec<_> =
            MotionStage::ALL.iter().filter(|stage| answer_to(**stage) == Some(Answer::Supported)).collect();
        assert_eq!(supported, [&MotionStage::Adopted, &MotionStage::Carried]);
        let declined: Vec<_> =
            MotionStage::ALL.iter().filter(|stage| answer_to(**stage) == Some(Answer::Declined)).collect();
        assert_eq!(declined, [&MotionStage::NotCarried]);
    }

    #[test]
    fn a_decline_needs_reasons_and_what_would_change_the_answer() {
        let errors = read_words(Answer::Declined, " ", "").unwrap_err();
        assert!(errors.of("reasons").is_some() && errors.of("would_change").is_some());
        assert!(read_words(Answer::Supported, "", "").is_ok());
        let words = read_words(Answer::Declined, " Out of scope. ", "Use the Image API.").unwrap();
        assert_eq!(words.reasons, "Out of scope.");
    }

    #[test]
    fn endless_reasons_come_back() {
        assert!(read_words(Answer::Supported, &"x".repeat(TEXT_LIMIT + 1), "").unwrap_err().of("reasons").is_some());
    }

    #[test]
    fn an_answer_is_released_once() {
        assert_eq!(must_be_unreleased(Some(Answer::Supported), false), Ok(Answer::Supported));
        assert_eq!(must_be_unreleased(Some(Answer::Supported), true).unwrap_err().code, "already-released");
        assert_eq!(must_be_unreleased(None, false).unwrap_err().code, "nothing-prepared");
    }
}

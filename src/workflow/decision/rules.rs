//! From an outcome to an answer: what is prepared when a motion closes, and what must be true to release it.
//! Until it is released a decision is known to the committee and staff only.

use chrono::NaiveDate;

use crate::clock::Instant;
use crate::plain::{self, Flaw};
use crate::refusal::{FieldErrors, Refusal};
use crate::workflow::labels::{CommitteeLabel, CopyWork, Standing};
use crate::workflow::review::motion::MotionStage;
use crate::workflow::stage::{Answer, Stage};

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

/// Refuses to ask the applicant about a request on which the committee has decided; `stage` is that of its last motion.
///
/// # Errors
/// A refusal that says what is possible instead.
pub fn must_be_undecided(stage: Option<MotionStage>) -> Result<(), Refusal> {
    if stage.and_then(answer_to).is_none() {
        return Ok(());
    }
    let sentence = "The committee has decided on this request as it is, so the applicant is asked nothing more about it. \
                    Release the answer.";
    Err(Refusal::conflict("decided", sentence))
}

/// What staff do next about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Todo {
    /// Admit the late request, or turn it down.
    Admit,
    /// Put the question again, after a vote without a quorum.
    PutAgain,
    /// Release the answer.
    Release,
    /// Write the letter, or go on with it.
    Write,
    /// Print the letter for its physical copy.
    PrintCopy,
    /// Post the physical copy.
    PostCopy,
    /// Nothing; the letter is out and can be looked at.
    SeeLetter,
    /// Look at the letter that was taken back.
    SeeRevoked,
    /// Nothing; the service routes the request, or the committee is at work.
    Wait,
    /// Nothing any more.
    Over,
}

/// What staff do next about a request at `stage`: `answered` when an answer waits for its release, `undecided` when the
/// last vote had no quorum, `copy` when a physical copy waits.
pub const fn todo(stage: Stage, answered: bool, undecided: bool, copy: Option<CopyWork>) -> Todo {
    match stage {
        Stage::Submitted { held: true, .. } => Todo::Admit,
        Stage::Routed { .. } | Stage::InReview { .. } if answered => Todo::Release,
        Stage::Routed { .. } | Stage::InReview { .. } if undecided => Todo::PutAgain,
        Stage::Draft | Stage::Submitted { .. } | Stage::Routed { .. } | Stage::InReview { .. } => Todo::Wait,
        Stage::Decided { answer: Answer::Supported, .. } => Todo::Write,
        Stage::Issued { .. } | Stage::Delivered { .. } => match copy {
            Some(CopyWork::Print) => Todo::PrintCopy,
            Some(CopyWork::Post) => Todo::PostCopy,
            None => Todo::SeeLetter,
        },
        Stage::Revoked { .. } => Todo::SeeRevoked,
        Stage::Decided { answer: Answer::Declined, .. } | Stage::Withdrawn { .. } => Todo::Over,
    }
}

impl Todo {
    /// What is to be done, as a heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Admit => "Admit the request, or turn it down",
            Self::PutAgain => "Put the question again",
            Self::Release => "Release the answer",
            Self::Write => "Write the letter",
            Self::PrintCopy => "Print the physical copy",
            Self::PostCopy => "Post the physical copy",
            Self::SeeLetter => "The letter is issued",
            Self::SeeRevoked => "The letter is revoked",
            Self::Wait => "Nothing waits for staff",
            Self::Over => "Nothing more to do",
        }
    }

    /// Why, in a sentence.
    pub const fn why(self) -> &'static str {
        match self {
            Self::Admit => "It came late and is held. No reviewer is asked before staff admit it.",
            Self::PutAgain => "The vote had no quorum and decided nothing.",
            Self::Release => "The committee has decided. The applicant hears of it when you release the answer.",
            Self::Write => "The committee supports the request, and the applicant waits for the letter.",
            Self::PrintCopy => "The letter is issued, and the applicant asks for it on paper.",
            Self::PostCopy => "It is printed, and the applicant waits for it.",
            Self::SeeLetter => "The applicant can download it. It is never changed; a new version can take its place.",
            Self::SeeRevoked => "Whoever checks its code is told so. If the support still stands, write a new version.",
            Self::Wait => "The committee is asked and answers in its own time. We write to staff when it has.",
            Self::Over => "Nobody works on this request any more.",
        }
    }

    /// What the button says and where it leads on the page of the request at `base`; none when nothing is to be done.
    pub fn button(self, base: &str) -> Option<(&'static str, String)> {
        match self {
            Self::Admit => Some(("Go to the admission", "#admit".to_owned())),
            Self::PutAgain => Some(("Go to the question", "#put-again".to_owned())),
            Self::Release => Some(("Go to the answer", "#release".to_owned())),
            Self::Write => Some(("Write the letter", format!("{base}/letter"))),
            Self::PrintCopy | Self::PostCopy => Some(("Go to the physical copy", format!("{base}/posting"))),
            Self::SeeLetter | Self::SeeRevoked => Some(("See the letter", format!("{base}/letter"))),
            Self::Wait | Self::Over => None,
        }
    }
}

/// Who acts next about a request that stands so, and by when, in a sentence to staff. `todo` is what staff do next; `vote`
/// says when the open vote closes.
pub fn next_in_words(standing: &Standing, todo: Todo, vote: Option<&str>, now: Instant) -> String {
    use CommitteeLabel as L;
    let by = |day: Option<NaiveDate>| day.map(|day| format!(" by {}", plain::day(day))).unwrap_or_default();
    let needed = by(standing.needed_by);
    let was = |day: Option<NaiveDate>| day.is_some_and(|day| day < now.date_naive());
    let sentence = match (standing.for_committee(now), vote) {
        (L::InReview | L::WithReviewers, _) if todo == Todo::PutAgain => {
            "Staff put the question again, after a vote without a quorum."
        }
        (L::InReview | L::WithReviewers, Some(closes)) => {
            return format!("The committee votes. The vote closes at {closes}.");
        }
        (L::InReview | L::WithReviewers, None) => {
            let were = if was(standing.review_by) { "were" } else { "are" };
            let due = by(standing.review_by);
            return if due.is_empty() {
                "The committee decides.".into()
            } else {
                format!("The committee reviews. The reviews {were} due{due}.")
            };
        }
        (L::Waiting, _) => {
            let was = if was(standing.reply_by) { "was" } else { "is" };
            return format!("The applicant answers a question. The answer {was} asked for{}.", by(standing.reply_by));
        }
        (L::ToWrite, _) => return format!("Staff write the letter. It is needed{needed}."),
        (L::ToIssue, _) => return format!("A second person of staff issues the letter. It is needed{needed}."),
        (L::OutForSignature, _) => return format!("The co-signers answer. The letter is needed{needed}."),
        (L::Held, _) => "Staff admit it, or turn it down.",
        (L::ToRoute, _) => "The service draws the reviewers, within minutes if seats are free.",
        (L::ToRelease, _) => "Staff release the answer.",
        (L::CopyToPrint, _) => "Staff print the physical copy.",
        (L::CopyToPost, _) => "Staff post the physical copy.",
        (L::Issued, _) => "The applicant downloads the letter.",
        (L::Draft, _) => "The applicant completes the form and sends it.",
        (L::Overtaken, _) => "Nobody: the funder’s deadline has passed. The applicant can correct it.",
        (L::Delivered | L::Revoked | L::Declined | L::Withdrawn, _) => "Nobody.",
    };
    sentence.to_owned()
}

/// What the applicant is told with an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// Why; required when the request is declined.
    pub reasons: String,
    /// What would change the answer; required when the request is declined.
    pub would_change: String,
}

/// Reads the words of an answer from the release form.
///
/// # Errors
/// Field errors: a decline without reasons or without what would change the answer, and texts that are too long.
pub fn read_words(answer: Answer, reasons: &str, would_change: &str) -> Result<Words, FieldErrors> {
    let mut errors = FieldErrors::default();
    let mut read = |field: &str, typed: &str, missing: &str| match plain::text(typed, TEXT_LIMIT) {
        Ok(text) => text,
        Err(Flaw::Empty) if answer == Answer::Supported => String::new(),
        Err(flaw) => {
            errors.add(field, if flaw == Flaw::Empty { missing.to_owned() } else { flaw.sentence("this text") });
            String::new()
        }
    };
    let reasons_missing = "Give the committee's reasons. The applicant reads them.";
    let change_missing = "Say what would change the answer, or that nothing would. The applicant reads it.";
    let words = Words {
        reasons: read("reasons", reasons, reasons_missing),
        would_change: read("would_change", would_change, change_missing),
    };
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

/// The answer that can be taken back: `decision`, if there is one and no letter has gone out on it.
///
/// # Errors
/// A refusal that says what is in the way and what is possible instead.
pub fn may_reopen<D>(stage: Stage, decision: Option<D>) -> Result<D, Refusal> {
    match stage {
        Stage::Revoked { .. } => {
            let sentence = "A letter went out on this answer and was revoked, so the answer cannot be reopened. If the \
                            support still stands, staff write a new version of the letter.";
            Err(Refusal::conflict("letter-out", sentence))
        }
        Stage::Issued { .. } | Stage::Delivered { .. } => {
            let sentence = "A letter is out on this answer, so it cannot be reopened. What the letter says stands.";
            Err(Refusal::conflict("letter-out", sentence))
        }
        Stage::Withdrawn { .. } => {
            let sentence = "The applicant has withdrawn this request, so there is nothing to decide any more.";
            Err(Refusal::conflict("withdrawn", sentence))
        }
        _ => decision.ok_or_else(|| {
            let sentence = "There is no answer to reopen: the committee has not decided yet.";
            Refusal::conflict("no-answer", sentence)
        }),
    }
}

/// Reads the reason for reopening an answer.
///
/// # Errors
/// What is wrong with it, in words.
pub fn read_reopen_reason(typed: &str) -> Result<String, String> {
    plain::text(typed, TEXT_LIMIT).map_err(|flaw| match flaw {
        Flaw::Empty => "Say why the answer is reopened. The applicant and the committee read it.".to_owned(),
        flaw => flaw.sentence("the reason"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::labels::LetterWork;

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
    fn an_answer_is_reopened_until_a_letter_is_out() {
        let (at, letter) = (crate::clock::Instant::UNIX_EPOCH, crate::ids::LetterId::fresh());
        let decided = Stage::Decided { at, answer: Answer::Supported };
        assert_eq!(may_reopen(decided, Some(7)), Ok(7));
        assert_eq!(may_reopen(Stage::InReview { at }, Some(7)), Ok(7));
        let code = |stage, decision: Option<i32>| may_reopen(stage, decision).unwrap_err().code;
        assert_eq!(code(Stage::Issued { at, letter }, Some(7)), "letter-out");
        assert_eq!(code(Stage::Delivered { at, letter }, Some(7)), "letter-out");
        assert_eq!(code(Stage::Withdrawn { at }, Some(7)), "withdrawn");
        assert_eq!(code(Stage::InReview { at }, None), "no-answer");
        assert!(read_reopen_reason("  ").is_err() && read_reopen_reason(&"x".repeat(TEXT_LIMIT + 1)).is_err());
        assert_eq!(read_reopen_reason(" New facts. ").as_deref(), Ok("New facts."));
    }

    #[test]
    fn staff_read_who_acts_next_and_by_when() {
        let at: Instant = "2026-03-01T12:00:00Z".parse().unwrap();
        let day = |text: &str| Some(text.parse().unwrap());
        let standing = |stage| Standing {
            stage,
            deadline: None,
            reply_by: None,
            review_by: day("2026-03-12"),
            needed_by: day("2026-03-28"),
            answered: false,
            letter: LetterWork::Writing,
            copy: None,
        };
        let review = standing(Stage::InReview { at });
        let later = at + chrono::TimeDelta::days(20);
        let said = |standing: &Standing, todo, vote, now| next_in_words(standing, todo, vote, now);
        assert_eq!(said(&review, Todo::Wait, None, at), "The committee reviews. The reviews are due by 12 March 2026.");
        assert_eq!(
            said(&review, Todo::Wait, None, later),
            "The committee reviews. The reviews were due by 12 March 2026."
        );
        assert_eq!(said(&review, Todo::Wait, Some("noon"), at), "The committee votes. The vote closes at noon.");
        assert!(said(&review, Todo::PutAgain, None, at).starts_with("Staff put the question again"));
        let asked = Standing { reply_by: day("2026-03-08"), ..review };
        assert!(said(&asked, Todo::Wait, Some("noon"), at).ends_with("The answer is asked for by 8 March 2026."));
        let write = standing(Stage::Decided { at, answer: Answer::Supported });
        assert_eq!(said(&write, Todo::Write, None, at), "Staff write the letter. It is needed by 28 March 2026.");
        assert_eq!(said(&standing(Stage::Withdrawn { at }), Todo::Over, None, at), "Nobody.");
    }

    #[test]
    fn an_answer_is_released_once() {
        assert_eq!(must_be_unreleased(Some(Answer::Supported), false), Ok(Answer::Supported));
        assert_eq!(must_be_unreleased(Some(Answer::Supported), true).unwrap_err().code, "already-released");
        assert_eq!(must_be_unreleased(None, false).unwrap_err().code, "nothing-prepared");
    }
}

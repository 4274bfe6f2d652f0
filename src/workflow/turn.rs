//! Whose turn it is with a request, what they do and by when, in a sentence to its applicant. Of the committee it says what
//! it does and until when, and never who or how.

use chrono::NaiveDate;

use super::labels::Standing;
use super::request::talk::MEANWHILE;
use super::review::motion::{Motion, MotionState};
use super::stage::{Answer, Stage};
use crate::clock::Instant;
use crate::plain;
use crate::worded;
use crate::workday::last_day;

worded! {
    /// Whose turn it is.
    pub enum Turn {
        /// The person who asked.
        Applicant = "applicant",
        /// The Consortium's staff.
        Staff = "staff",
        /// The Executive Committee.
        Committee = "committee",
        /// Nobody's: it is over.
        Nobody = "nobody",
    }
}

/// What happens next, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// Whose turn it is.
    pub turn: Turn,
    /// What they do and by when.
    pub sentence: String,
}

/// How the committee goes about a request. An answer that is prepared and not released yet changes nothing here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// It seeks consensus, which comes at the end of this day as a rule.
    Consensus(NaiveDate),
    /// All seats vote, until the end of this day at the latest.
    Vote(NaiveDate),
}

impl Course {
    /// The course that a motion takes.
    pub fn of(motion: &Motion) -> Self {
        match motion.state {
            MotionState::Tally(call) | MotionState::Counted { call, .. } => {
                Self::Vote(last_day(call.closes, motion.rule.zone))
            }
            MotionState::Consensus | MotionState::Adopted { .. } | MotionState::Lapsed { .. } => {
                let terms = motion.terms;
                Self::Consensus(last_day(terms.until.max(terms.reviews_due), terms.zone))
            }
        }
    }
}

/// What the sentence rests on besides where the request stands.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// The day it is for the Consortium.
    pub today: NaiveDate,
    /// The day of the deadline on the funder's clocks.
    pub deadline_on: Option<NaiveDate>,
    /// How the committee goes about it, once it does.
    pub course: Option<Course>,
    /// The day on which the letter was revoked.
    pub revoked_on: Option<NaiveDate>,
    /// Whose request it is; empty when it is the reader's own.
    pub whose: &'a str,
}

impl Standing {
    /// Who acts next and by when, in a sentence to the applicant.
    pub fn next(&self, now: Instant, known: &Known<'_>) -> Next {
        let (turn, sentence) = if self.overtaken(now) {
            (Turn::Applicant, overtaken(known))
        } else if let Some(reply_by) = self.asks() {
            (Turn::Applicant, asked(reply_by, known.today))
        } else {
            self.at_its_stage(known)
        };
        Next { turn, sentence }
    }

    fn at_its_stage(&self, known: &Known<'_>) -> (Turn, String) {
        let own = known.whose.is_empty();
        match self.stage {
            Stage::Draft => {
                (Turn::Applicant, "You complete the form and send it. Until then nobody else reads it.".to_owned())
            }
            Stage::Submitted { held: true, .. } => (Turn::Staff, self.held(known)),
            Stage::Submitted { held: false, .. } => {
                let by = self.review_by.map(|day| format!(" They read it by {}.", plain::day(day)));
                let sentence = "Staff see to it that the request reaches its reviewers on the Executive Committee, today as \
                                a rule.";
                (Turn::Staff, format!("{sentence}{}", by.unwrap_or_default()))
            }
            Stage::Routed { .. } | Stage::InReview { .. } => self.with_committee(known),
            Stage::Decided { answer: Answer::Supported, .. } => (Turn::Staff, self.letter_in_work(known)),
            Stage::Decided { answer: Answer::Declined, .. } => (
                Turn::Nobody,
                "The Consortium will not write a letter for this proposal. The reasons are below.".to_owned(),
            ),
            Stage::Issued { .. } => {
                let by = known.deadline_on.filter(|day| *day >= known.today);
                let by = by.map(|day| format!(" by {}, the funder’s deadline", plain::day(day))).unwrap_or_default();
                let letter = if own { "Your letter" } else { "The letter" };
                (Turn::Applicant, format!("{letter} is ready. Download it and add it to the application{by}."))
            }
            Stage::Delivered { .. } => {
                let who = if own { "You have" } else { "The applicant has" };
                (Turn::Nobody, format!("{who} the letter. It can be downloaded again at any time."))
            }
            Stage::Revoked { .. } => {
                let on = known.revoked_on.map(|day| format!(" on {}", plain::day(day))).unwrap_or_default();
                (Turn::Nobody, format!("The Consortium revoked the letter{on}. Do not use it; the reason is below."))
            }
            Stage::Withdrawn { .. } => {
                let who = if own { "You" } else { known.whose };
                (Turn::Nobody, format!("{who} withdrew this request. Nobody works on it any more."))
            }
        }
    }

    fn held(&self, known: &Known<'_>) -> String {
        let needed = self.needed_by.filter(|day| *day >= known.today);
        let by = match (needed, known.deadline_on) {
            (Some(day), _) => format!(" by {}, the day on which you need the letter", plain::day(day)),
            (None, Some(day)) => format!(" by {}, the funder’s deadline", plain::day(day)),
            (None, None) => String::new(),
        };
        format!(
            "The deadline is very near. Staff decide whether the committee can still review the request, and write to you \
             either way{by}."
        )
    }

    fn with_committee(&self, known: &Known<'_>) -> (Turn, String) {
        let ahead = |day: NaiveDate| day >= known.today;
        let needed = self.needed_by.filter(|day| ahead(*day));
        let needed = needed.map(|day| format!(" They know that you need the letter by {}.", plain::day(day)));
        let needed = needed.unwrap_or_default();
        let reading = match self.review_by {
            Some(day) if ahead(day) => {
                format!("The reviewers on the Executive Committee read the request by {}.", plain::day(day))
            }
            Some(day) => format!(
                "The reviewers on the Executive Committee were asked to read the request by {}, and are reminded of it.",
                plain::day(day)
            ),
            None => "The reviewers have read the request.".to_owned(),
        };
        let sentence = match known.course {
            Some(Course::Vote(day)) if ahead(day) => format!(
                "The Executive Committee votes on the request until {}, or until the outcome is certain. We write to you with \
                 the answer.",
                plain::day(day)
            ),
            Some(Course::Vote(day)) => {
                let closed = plain::day(day);
                let sentence =
                    format!("The Executive Committee’s vote closed on {closed}. Staff write to you.{needed}");
                return (Turn::Staff, sentence);
            }
            // Consensus may be sought for a shorter time than the reviews take.
            Some(Course::Consensus(day)) if self.review_by.is_some_and(|read| ahead(read) && day <= read) => {
                format!("{reading} As a rule the committee decides by then too.")
            }
            Some(Course::Consensus(day)) if ahead(day) => {
                format!("{reading} As a rule the committee decides by {}.", plain::day(day))
            }
            Some(Course::Consensus(_)) | None => format!("{reading} The committee decides next.{needed}"),
        };
        (Turn::Committee, sentence)
    }

    fn letter_in_work(&self, known: &Known<'_>) -> String {
        match self.needed_by {
            Some(day) if day < known.today => format!(
                "Staff write the letter and issue it as soon as they can: you needed it by {}. You will get a mail.",
                plain::day(day)
            ),
            Some(day) => format!("Staff write the letter and issue it by {}. You will get a mail.", plain::day(day)),
            None => "Staff write the letter and issue it. You will get a mail.".to_owned(),
        }
    }
}

fn overtaken(known: &Known<'_>) -> String {
    let who = if known.whose.is_empty() { "you" } else { known.whose };
    format!(
        "The funder’s deadline passed before there was an answer. If the funder has moved it, correct the deadline, and the \
         work goes on. If not, {who} can withdraw the request."
    )
}

fn asked(reply_by: NaiveDate, today: NaiveDate) -> String {
    let day = plain::day(reply_by);
    if reply_by < today {
        format!("We asked for your answer by {day}. You can still answer while the request is under review.")
    } else {
        format!("Please answer our question by {day}. {MEANWHILE}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::LetterId;

    fn at() -> Instant {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn standing(stage: Stage) -> Standing {
        Standing::in_march(stage)
    }

    fn known(today: &str, course: Option<Course>) -> Known<'static> {
        Known {
            today: day(today),
            deadline_on: Some(day("2026-04-01")),
            course,
            revoked_on: Some(day("2026-02-27")),
            whose: "",
        }
    }

    fn said(standing: Standing, today: &str, course: Option<Course>) -> (Turn, String) {
        let now = day(today).and_hms_opt(12, 0, 0).unwrap().and_utc();
        let next = standing.next(now, &known(today, course));
        (next.turn, next.sentence)
    }

    #[test]
    fn every_stage_says_who_acts_and_by_when() {
        let letter = LetterId::fresh();
        for (stage, turn, words) in [
            (Stage::Draft, Turn::Applicant, "You complete the form"),
            (Stage::Submitted { at: at(), held: true }, Turn::Staff, "either way by 28 March 2026"),
            (Stage::Submitted { at: at(), held: false }, Turn::Staff, "They read it by 11 March 2026"),
            (Stage::Routed { at: at() }, Turn::Committee, "read the request by 11 March 2026"),
            (Stage::InReview { at: at() }, Turn::Committee, "read the request by 11 March 2026"),
            (Stage::Decided { at: at(), answer: Answer::Supported }, Turn::Staff, "issue it by 28 March 2026"),
            (Stage::Decided { at: at(), answer: Answer::Declined }, Turn::Nobody, "reasons are below"),
            (Stage::Issued { at: at(), letter }, Turn::Applicant, "by 1 April 2026, the funder’s deadline"),
            (Stage::Delivered { at: at(), letter }, Turn::Nobody, "You have the letter"),
            (Stage::Revoked { letter }, Turn::Nobody, "revoked the letter on 27 February 2026"),
            (Stage::Withdrawn { at: at() }, Turn::Nobody, "You withdrew"),
        ] {
            let (whose, sentence) = said(standing(stage), "2026-03-01", None);
            assert!(whose == turn && sentence.contains(words), "{stage:?}: {whose} {sentence}");
        }
    }

    #[test]
    fn the_committees_course_is_told_with_its_day_and_without_who() {
        let review = standing(Stage::InReview { at: at() });
        let read = Standing { review_by: None, ..review };
        let later = Some(Course::Consensus(day("2026-03-13")));
        let (consensus, vote) = (Some(Course::Consensus(day("2026-03-09"))), Some(Course::Vote(day("2026-03-17"))));
        for (standing, today, course, words) in [
            (review, "2026-03-01", consensus, "by 11 March 2026. As a rule the committee decides by then too."),
            (review, "2026-03-01", later, "by 11 March 2026. As a rule the committee decides by 13 March 2026."),
            (review, "2026-03-12", consensus, "were asked to read the request by 11 March 2026"),
            (read, "2026-03-09", consensus, "have read the request. As a rule the committee decides by 9 March 2026."),
            (read, "2026-03-10", consensus, "decides next. They know that you need the letter by 28 March 2026."),
            (review, "2026-03-01", vote, "votes on the request until 17 March 2026"),
            (read, "2026-03-17", vote, "votes on the request until 17 March 2026"),
            (read, "2026-03-18", vote, "vote closed on 17 March 2026"),
        ] {
            let (_, sentence) = said(standing, today, course);
            assert!(sentence.contains(words), "{today}: {sentence}");
            assert!(course != vote || !sentence.contains("read the request"), "{sentence}");
        }
        assert_eq!(said(read, "2026-03-18", vote).0, Turn::Staff);
    }

    #[test]
    fn a_question_says_what_happens_meanwhile_and_without_an_answer() {
        let asked = Standing { reply_by: Some(day("2026-03-08")), ..standing(Stage::InReview { at: at() }) };
        let (turn, sentence) = said(asked, "2026-03-08", None);
        assert!(turn == Turn::Applicant && sentence.contains("by 8 March 2026"), "{sentence}");
        assert!(sentence.contains("goes on meanwhile") && sentence.contains("without one"), "{sentence}");
        let (turn, late) = said(asked, "2026-03-09", None);
        assert!(turn == Turn::Applicant && late.contains("still answer"), "{late}");
    }

    #[test]
    fn an_overtaken_request_can_be_corrected_or_withdrawn() {
        let (turn, sentence) = said(standing(Stage::Routed { at: at() }), "2026-04-02", None);
        assert_eq!(turn, Turn::Applicant);
        assert!(sentence.contains("correct the deadline") && sentence.contains("you can withdraw"), "{sentence}");
    }

    #[test]
    fn days_that_have_passed_are_not_promised() {
        let held = Stage::Submitted { at: at(), held: true };
        assert!(said(standing(held), "2026-03-29", None).1.contains("by 1 April 2026, the funder’s deadline"));
        let supported = Stage::Decided { at: at(), answer: Answer::Supported };
        assert!(said(standing(supported), "2026-03-29", None).1.contains("as soon as they can"));
        let issued = Stage::Issued { at: at(), letter: LetterId::fresh() };
        assert!(!said(standing(issued), "2026-04-02", None).1.contains("deadline"));
    }

    #[test]
    fn others_than_the_owner_read_whose_doing_it_was() {
        let others = Known { whose: "Ada", ..known("2026-03-02", None) };
        let withdrawn = standing(Stage::Withdrawn { at: at() }).next(at(), &others);
        assert!(withdrawn.sentence.starts_with("Ada withdrew"), "{}", withdrawn.sentence);
    }
}

//! Questions to the applicant, their answers, and how both are shown to those who review the request.

use chrono::NaiveDate;

use super::fields::Section;
use crate::clock::Instant;
use crate::ids::{PersonId, QuestionId, RequestId, SeatId};
use crate::plain;
use crate::refusal::Refusal;
use crate::workflow::phrase::and_list;

/// What an open question means for the applicant: nothing waits for the answer, not even the decision.
pub const MEANWHILE: &str = "The review goes on meanwhile. An answer by then helps the committee to decide; without one it \
                             decides on what you have sent.";

/// The applicant's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// What they wrote.
    pub text: String,
    /// When.
    pub at: Instant,
}

/// A question to the applicant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its id.
    pub id: QuestionId,
    /// The request it is about.
    pub request: RequestId,
    /// The seat that asks; `None` for staff.
    pub seat: Option<SeatId>,
    /// The person who asks.
    pub asked_by: PersonId,
    /// What they ask.
    pub text: String,
    /// When.
    pub asked_at: Instant,
    /// The day by which an answer is asked for.
    pub reply_by: NaiveDate,
    /// The answer, once there is one.
    pub reply: Option<Reply>,
    /// The sections of the form that the applicant may change with the answer.
    pub reopens: Vec<Section>,
    /// When it was withdrawn, if it was.
    pub withdrawn_at: Option<Instant>,
}

impl Question {
    /// Whether it waits for an answer.
    pub const fn is_open(&self) -> bool {
        self.reply.is_none() && self.withdrawn_at.is_none()
    }

    /// Whether the day for the answer has passed on the day `today`, without one.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.is_open() && today > self.reply_by
    }

    /// The parts of the form that it reopens, in words; empty when it asks for words alone.
    pub fn parts(&self) -> String {
        titles(&self.reopens)
    }

    /// Refuses to do anything more about a question that is over.
    ///
    /// # Errors
    /// A refusal that says what became of it.
    pub fn must_be_open(&self) -> Result<(), Refusal> {
        let (code, sentence) = if self.reply.is_some() {
            ("already-answered", "This question has been answered already. The answer is on the page of the request.")
        } else if self.withdrawn_at.is_some() {
            let sentence = "This question has been withdrawn, so it needs no answer. What was typed into the form for it \
                            is kept, should that part be opened again.";
            ("question-withdrawn", sentence)
        } else {
            return Ok(());
        };
        Err(Refusal::conflict(code, sentence).onward("Back to the request", format!("/requests/{}", self.request)))
    }
}

/// The headings of sections as the rest of a sentence: "Project and The letter".
pub fn titles(sections: &[Section]) -> String {
    let titles: Vec<&str> = sections.iter().map(|section| section.title()).collect();
    and_list(&titles)
}

/// The sections that the open ones of these questions reopen, each once, in the order of the form.
pub fn reopened(questions: &[Question]) -> Vec<Section> {
    let is_open = |section: &Section| questions.iter().any(|one| one.is_open() && one.reopens.contains(section));
    Section::BEFORE_SENDING.into_iter().filter(is_open).collect()
}

/// A question as those who review the request read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Talk {
    /// Its id.
    pub id: QuestionId,
    /// The words.
    pub question: String,
    /// When it was asked and what it reopens, in a sentence.
    pub asked: String,
    /// The answer; empty without one.
    pub reply: String,
    /// What became of it while there is no answer, in a sentence; empty with one.
    pub without: String,
    /// Whether the day for the answer has passed without one.
    pub is_overdue: bool,
    /// Whether the reader may withdraw it.
    pub may_withdraw: bool,
}

impl Talk {
    /// The question on the day `today`; `may_withdraw` says whether the reader could withdraw it while it is open.
    pub fn of(asked: &Question, today: NaiveDate, may_withdraw: bool) -> Self {
        let day = plain::day(asked.asked_at.date_naive());
        let reopens = if asked.reopens.is_empty() {
            String::new()
        } else {
            format!(" The applicant may change with the answer: {}.", asked.parts())
        };
        let without = if asked.is_open() {
            format!("No answer yet. Asked for by {}.", plain::day(asked.reply_by))
        } else if asked.reply.is_none() {
            "Withdrawn before it was answered.".to_owned()
        } else {
            String::new()
        };
        Self {
            id: asked.id,
            question: asked.text.clone(),
            asked: format!("Asked on {day}.{reopens}"),
            reply: asked.reply.as_ref().map(|reply| reply.text.clone()).unwrap_or_default(),
            without,
            is_overdue: asked.is_overdue(today),
            may_withdraw: may_withdraw && asked.is_open(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(reopens: &[Section]) -> Question {
        Question {
            id: QuestionId::fresh(),
            request: RequestId::fresh(),
            seat: None,
            asked_by: PersonId::fresh(),
            text: "Why?".to_owned(),
            asked_at: "2026-03-02T09:00:00Z".parse().unwrap(),
            reply_by: "2026-03-09".parse().unwrap(),
            reply: None,
            reopens: reopens.to_vec(),
            withdrawn_at: None,
        }
    }

    #[test]
    fn several_questions_reopen_what_any_open_one_names() {
        let now = "2026-03-03T09:00:00Z".parse().unwrap();
        let withdrawn = Question { withdrawn_at: Some(now), ..asked(&[Section::About]) };
        let answered =
            Question { reply: Some(Reply { text: "So.".to_owned(), at: now }), ..asked(&[Section::Expectations]) };
        let all = [asked(&[Section::Letter]), withdrawn, answered, asked(&[Section::Project, Section::Letter])];
        assert_eq!(reopened(&all), [Section::Project, Section::Letter]);
    }

    #[test]
    fn a_question_is_overdue_on_the_day_after_its_day() {
        let question = asked(&[Section::Project]);
        let on = |day: &str| Talk::of(&question, day.parse().unwrap(), true);
        assert!(!on("2026-03-09").is_overdue && on("2026-03-10").is_overdue);
        assert_eq!(on("2026-03-09").asked, "Asked on 2 March 2026. The applicant may change with the answer: Project.");
        let over = Question { withdrawn_at: Some(question.asked_at), ..question };
        let talk = Talk::of(&over, "2026-03-10".parse().unwrap(), true);
        assert!(!talk.is_overdue && !talk.may_withdraw, "{talk:?}");
    }
}

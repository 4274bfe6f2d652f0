//! What a question to the applicant reopens, and by when it is to be answered. Every section of the form may be named;
//! a few fields stay as they were sent, because what has happened since rests on them.

use chrono::{Days, NaiveDate};

use super::fields::{Field, Section};
use super::form::read_date;
use super::rules;
use crate::clock::Instant;
use crate::plain;
use crate::policy::settings::Policy;
use crate::refusal::{FieldErrors, Refusal};
use crate::workflow::phrase::and_list;
use crate::workflow::stage::{Stage, StageName};

/// The longest question and answer, in characters.
pub const TALK_MOST: usize = 4_000;

/// Why a field stays as it was sent also when its section is reopened; `None` for a field that may change.
/// Which seats are out with a conflict of interest follows from the institution (`governance.md`, own institution), and
/// the dates of review and vote from the day on which the letter is needed (`governance.md`, review due).
pub const fn stays(field: Field) -> Option<&'static str> {
    match field {
        Field::Institution | Field::InstitutionName => {
            Some("The institution stays: it decided which members of the committee take no part.")
        }
        Field::DeadlineDate | Field::DeadlineTime | Field::DeadlineZone | Field::NeededBy | Field::AtRisk => Some(
            "The deadline and the day on which you need the letter are corrected on a page of their own, since the \
                 dates of the review rest on them.",
        ),
        _ => None,
    }
}

/// What stays of a section although it is reopened, for the applicant; `None` when all of it may change.
pub fn stays_of(section: Section) -> Option<&'static str> {
    section.fields().find_map(stays)
}

/// What whoever asks should know of a section that they may reopen; empty when all of it may change.
pub const fn hint(section: Section) -> &'static str {
    match section {
        Section::About => "Not the institution: it decided which seats take no part.",
        Section::Funder => {
            "Not the deadline, nor the day the letter is needed: applicants correct these on a page of their own."
        }
        _ => "",
    }
}

/// Whether the applicant may change `section` of a request at this stage: before sending, every section; afterwards the
/// `reopened` ones, as long as a question about them is open.
///
/// # Errors
/// A refusal that says what is possible instead.
pub fn may_edit(stage: Stage, section: Section, reopened: &[Section]) -> Result<(), Refusal> {
    if stage.name() == StageName::Draft || rules::may_talk(stage).is_err() || reopened.is_empty() {
        return rules::may_edit(stage);
    }
    if reopened.contains(&section) {
        return Ok(());
    }
    let titles: Vec<String> = reopened.iter().map(|section| format!("“{}”", section.title())).collect();
    let sentence = format!(
        "This part of the request cannot be changed. Our question lets you change {} and nothing else. If something else \
         is wrong, say so in your answer to the question.",
        and_list(&titles)
    );
    Err(Refusal::conflict("not-reopened", sentence))
}

/// The days that a question may name for its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplyDays {
    /// The first: tomorrow.
    pub earliest: NaiveDate,
    /// The usual one, by the policy's time for a reply.
    pub usual: NaiveDate,
    /// The last: the day on which the letter is needed.
    pub latest: NaiveDate,
}

/// The last day for an answer when nobody has said when the letter is needed.
const DAYS_AT_MOST: u64 = 90;

impl ReplyDays {
    /// The days for a question asked at `now` about a request whose letter is needed on `needed_on`.
    pub fn of(now: Instant, policy: &Policy, needed_on: Option<NaiveDate>) -> Self {
        let today = policy.today(now);
        let after = |days| today.checked_add_days(Days::new(days)).unwrap_or(today);
        let latest = needed_on.map_or_else(|| after(DAYS_AT_MOST), |needed| needed.max(today));
        let earliest = after(1).min(latest);
        Self { earliest, usual: rules::reply_by(now, policy, needed_on).clamp(earliest, latest), latest }
    }

    /// The bounds and what they rest on.
    pub fn explanation(&self) -> String {
        if self.earliest == self.latest {
            return format!("Only {} is possible: the letter is needed then.", plain::day(self.latest));
        }
        format!(
            "From {} to {}, the day on which the letter is needed.",
            plain::day(self.earliest),
            plain::day(self.latest)
        )
    }
}

/// A question as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AskForm {
    question: String,
    reopens: Vec<String>,
    reply_by: String,
}

impl AskForm {
    /// The words, the names of the sections ticked, and the day for the answer; the usual one when that is empty.
    pub fn new<'a>(question: &str, reopens: impl Iterator<Item = &'a str>, reply_by: &str) -> Self {
        let reopens = reopens.map(str::to_owned).collect();
        Self { question: question.to_owned(), reopens, reply_by: reply_by.to_owned() }
    }

    /// A question that asks for words only, by the usual day.
    pub fn words(question: &str) -> Self {
        Self { question: question.to_owned(), ..Self::default() }
    }

    /// Reads the question.
    ///
    /// # Errors
    /// Every field error at once.
    pub fn read(&self, days: &ReplyDays) -> Result<Asking, FieldErrors> {
        let mut errors = FieldErrors::default();
        let text = plain::text(&self.question, TALK_MOST);
        let text = text.map_err(|flaw| errors.add("question", flaw.sentence("the question"))).unwrap_or_default();
        let named = |section: &Section| self.reopens.iter().any(|name| name == section.as_str());
        let reopens: Vec<Section> = Section::BEFORE_SENDING.into_iter().filter(named).collect();
        if self.reopens.iter().any(|name| !reopens.iter().any(|section| section.as_str() == name)) {
            errors.add("reopens", "Choose the parts of the form from the list.");
        }
        let reply_by = if plain::is_blank(&self.reply_by) { Some(days.usual) } else { read_date(&self.reply_by) };
        let reply_by = reply_by.filter(|day| (days.earliest..=days.latest).contains(day));
        if reply_by.is_none() {
            let (from, to) = (plain::day(days.earliest), plain::day(days.latest));
            errors.add("reply_by", format!("Enter a day from {from} to {to}, for example {to}."));
        }
        errors.unless_any(Asking { text, reopens, reply_by: reply_by.unwrap_or(days.usual) })
    }
}

/// A question with nothing missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// The words.
    pub text: String,
    /// The sections that the applicant may change with the answer.
    pub reopens: Vec<Section>,
    /// The day by which the answer is asked for.
    pub reply_by: NaiveDate,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::stage::Answer;

    fn at() -> Instant {
        "2026-03-02T09:00:00Z".parse().unwrap()
    }

    fn days(needed: &str) -> ReplyDays {
        ReplyDays::of(at(), &Policy::default(), Some(needed.parse().unwrap()))
    }

    #[test]
    fn what_others_rely_on_stays_and_nothing_else_does() {
        let stay: Vec<&str> = Field::ALL.iter().filter(|field| stays(**field).is_some()).map(Field::as_str).collect();
        let dates = ["deadline_date", "deadline_time", "deadline_zone", "needed_by", "at_risk_confirmed"];
        assert_eq!(stay, [&["institution", "institution_name"][..], &dates].concat());
        for section in Section::BEFORE_SENDING {
            assert_eq!(hint(section).is_empty(), stays_of(section).is_none(), "{section}");
        }
    }

    #[test]
    fn a_sent_request_is_closed_but_for_the_sections_that_were_named() {
        let stage = Stage::InReview { at: at() };
        let open = [Section::Project, Section::Letter];
        assert!(may_edit(stage, Section::Project, &open).is_ok());
        let refused = may_edit(stage, Section::About, &open).unwrap_err();
        assert_eq!(refused.code, "not-reopened");
        assert!(refused.sentence.contains("“Project” and “The letter” and nothing else"), "{}", refused.sentence);
        assert_eq!(may_edit(stage, Section::Project, &[]).unwrap_err().code, "already-sent");
        assert!(may_edit(Stage::Draft, Section::Project, &[]).is_ok());
        for over in [Stage::Withdrawn { at: at() }, Stage::Decided { at: at(), answer: Answer::Supported }] {
            assert!(may_edit(over, Section::Project, &open).is_err(), "{over:?}");
        }
    }

    #[test]
    fn the_day_for_the_answer_lies_between_tomorrow_and_the_day_the_letter_is_needed() {
        let ample = days("2026-04-10");
        let spelled = [ample.earliest, ample.usual, ample.latest].map(|day| day.to_string());
        assert_eq!(spelled, ["2026-03-03", "2026-03-09", "2026-04-10"]);
        let short = days("2026-03-04");
        assert_eq!([short.usual.to_string(), short.latest.to_string()], ["2026-03-04", "2026-03-04"]);
        let over = days("2026-02-01");
        assert_eq!([over.earliest, over.usual, over.latest].map(|day| day.to_string()), ["2026-03-02"; 3]);
        assert!(over.explanation().starts_with("Only 2 March 2026"));
    }

    #[test]
    fn a_question_is_read_with_all_that_is_wrong_at_once() {
        let days = days("2026-04-10");
        let typed = AskForm::new(" ", ["project", "check"].into_iter(), "2026-04-11");
        let errors = typed.read(&days).unwrap_err();
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["question", "reopens", "reply_by"]);
        let typed = AskForm::new("Why?", ["letter", "project"].into_iter(), "3 March 2026");
        let asking = typed.read(&days).unwrap();
        assert_eq!((asking.reopens, asking.reply_by), (vec![Section::Project, Section::Letter], days.earliest));
        assert_eq!(AskForm::words("Why?").read(&days).unwrap().reply_by, days.usual);
    }
}

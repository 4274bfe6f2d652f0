//! What applicants correct in a request that they have sent: the funder's deadline, the day on which the letter is needed,
//! and the addressee. How a correction is weighed, and what follows from it. All else changes with a question alone.

use chrono::NaiveDate;

use super::answers::NewRequest;
use super::deadline::Deadline;
use super::fields::Field;
use super::form::{self, Against};
use super::raw::{RawForm, TICKED};
use super::rules::{self, Band, LeadTime};
use crate::clock::Instant;
use crate::plain;
use crate::policy::settings::Policy;
use crate::refusal::{FieldErrors, Refusal};
use crate::worded;
use crate::workday::days_ahead;
use crate::workflow::stage::{self, Answer, Stage, StageName, Step};

/// Whether the field can be corrected in a request that was sent.
pub const fn is_correctable(field: Field) -> bool {
    matches!(
        field,
        Field::AddresseeName
            | Field::AddresseeTitle
            | Field::AddresseeAddress
            | Field::DeadlineDate
            | Field::DeadlineTime
            | Field::DeadlineZone
            | Field::NeededBy
    )
}

/// The fields that can be corrected, in the order of the form.
pub fn fields() -> impl Iterator<Item = Field> {
    Field::ALL.iter().copied().filter(|field| is_correctable(*field))
}

/// Whether the applicant may correct a request at this stage: from sending until the letter is issued.
///
/// # Errors
/// A refusal that says what to do instead.
pub fn may_correct(stage: Stage) -> Result<(), Refusal> {
    let Err(refusal) = stage::advance(stage, Step::Correct { held: false }) else { return Ok(()) };
    let instead = match stage.name() {
        StageName::Draft => "Change it in the form.",
        StageName::Issued | StageName::Delivered => {
            "If the letter is wrong, write to us: we can issue a new version of it."
        }
        _ => "You can start a new one.",
    };
    Err(Refusal { sentence: format!("{} {instead}", refusal.sentence), ..refusal })
}

/// The form with the correctable fields as they were sent from a page; a field that was not sent was left empty.
#[must_use]
pub fn typed<'a>(before: &RawForm, sent: impl Fn(Field) -> &'a str) -> RawForm {
    let mut typed = before.clone();
    for field in fields() {
        typed.set(field, sent(field));
    }
    typed
}

worded! {
    /// What a correction changes.
    pub enum What {
        /// The funder's deadline.
        Deadline = "deadline",
        /// The day on which the letter is needed.
        NeededBy = "needed_by",
        /// Name, title or postal address of the addressee.
        Addressee = "addressee",
    }
}

impl What {
    /// What mails and pages call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Deadline => "The funder’s deadline",
            Self::NeededBy => "The letter is needed by",
            Self::Addressee => "Addressee",
        }
    }
}

/// One thing that is corrected, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrected {
    /// What it is.
    pub what: What,
    /// How it was.
    pub before: String,
    /// How it is now.
    pub after: String,
}

/// A request as it was sent, or last corrected.
#[derive(Debug, Clone, Copy)]
pub struct Sent<'a> {
    /// Where it stands.
    pub stage: Stage,
    /// Its form.
    pub form: &'a RawForm,
    /// When it was sent.
    pub at: Instant,
    /// The policy it was sent under.
    pub policy: &'a Policy,
    /// Its lead-time band so far.
    pub band: Band,
}

/// A correction with nothing wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The form as it is then.
    pub typed: RawForm,
    /// Its answers.
    pub answers: NewRequest,
    /// What is corrected, in the order of [`What`]; never empty.
    pub corrected: Vec<Corrected>,
    /// The time that is left, where the deadline is another one.
    pub lead: Option<LeadTime>,
    /// The lead-time band then.
    pub band: Band,
    /// Whether staff must then admit the request before it is reviewed.
    pub held: bool,
    /// Where the request stands.
    stage: Stage,
}

/// Weighs a correction at `now`. A new deadline is judged as it is on sending, by the time that is left now; days that stay
/// as they are were judged before and may have passed since.
///
/// # Errors
/// Every field error at once; an error of no field when nothing is corrected.
pub fn weigh(sent: &Sent<'_>, typed: RawForm, now: Instant) -> Result<Correction, FieldErrors> {
    let at = if dates(&typed) == dates(sent.form) { sent.at } else { now };
    // A picked institution was known when the request was sent.
    let institution = typed.get(Field::Institution).parse().ok();
    let against = Against { now: at, policy: sent.policy, institution, funders: None, is_sent: true };
    let answers = form::read(&typed, &against)?;
    let (deadline, needed_by) = (answers.call.deadline, answers.call.needed_by);
    let (deadline_before, needed_before) = dates(sent.form);
    let spelled = |deadline: Option<Deadline>| deadline.map(|deadline| deadline.to_string()).unwrap_or_default();
    let day = |day: Option<NaiveDate>| day.map(|day| plain::day(day).to_string()).unwrap_or_default();
    let said = [
        (What::Deadline, spelled(deadline_before), spelled(Some(deadline))),
        (What::NeededBy, day(needed_before), day(Some(needed_by))),
        (What::Addressee, addressee(sent.form), addressee(&typed)),
    ];
    let corrected: Vec<Corrected> = said
        .into_iter()
        .filter(|(_, before, after)| before != after)
        .map(|(what, before, after)| Corrected { what, before, after })
        .collect();
    if corrected.is_empty() {
        let sentence = "Nothing is different from what you sent. Correct what is wrong, or go back to your request.";
        return Err(FieldErrors::one("", sentence));
    }
    let is_other = corrected.iter().any(|one| one.what == What::Deadline);
    let lead = is_other.then(|| rules::lead_time(&deadline, now, sent.policy));
    let is_sooner = deadline_before.is_none_or(|before| deadline.at() < before.at());
    let held = match (sent.stage, lead) {
        (Stage::Submitted { held, .. }, None) => held,
        // What staff have admitted stays admitted, unless even less time is left.
        (Stage::Submitted { held, .. }, Some(lead)) => lead.band == Band::Late && (held || is_sooner),
        _ => false,
    };
    let band = lead.map_or(sent.band, |lead| lead.band);
    Ok(Correction { typed, answers, corrected, lead, band, held, stage: sent.stage })
}

/// The deadline and the day on which the letter is needed, as far as they can be read.
fn dates(form: &RawForm) -> (Option<Deadline>, Option<NaiveDate>) {
    (form::deadline(form), form::read_date(form.get(Field::NeededBy)))
}

/// Name, title and postal address of the addressee, in a line.
fn addressee(form: &RawForm) -> String {
    let fields = [Field::AddresseeName, Field::AddresseeTitle, Field::AddresseeAddress];
    let lines = fields.into_iter().flat_map(|field| form.get(field).lines());
    lines.map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ")
}

impl Correction {
    /// Whether this is corrected.
    pub fn has(&self, what: What) -> bool {
        self.corrected.iter().any(|one| one.what == what)
    }

    /// Whether a day is corrected that the work of others rests on.
    pub fn moves_a_day(&self) -> bool {
        self.has(What::Deadline) || self.has(What::NeededBy)
    }

    /// What the applicant confirms before it is saved, where the time that is left asks for it.
    pub fn confirmation(&self) -> Option<&'static str> {
        self.lead.and_then(|lead| lead.confirmation())
    }

    /// Refuses a correction whose risk was not confirmed.
    ///
    /// # Errors
    /// The error of the confirmation's field.
    pub fn must_be_confirmed(&self) -> Result<(), FieldErrors> {
        let ticked = self.typed.get(Field::AtRisk) == TICKED;
        let confirmed = self.lead.map_or(Ok(()), |lead| lead.must_be_confirmed(ticked));
        confirmed.map_err(|sentence| FieldErrors::one(Field::AtRisk.as_str(), sentence))
    }

    /// How it was judged, in a word: what a page carries, so that nothing is saved that was judged otherwise than the page
    /// told.
    pub fn judgement(&self) -> String {
        format!("{} {}", self.band, if self.held { "held" } else { "open" })
    }

    /// What the time that is left means; empty where the deadline stays.
    pub fn explanation(&self, policy: &Policy) -> String {
        let Some(lead) = self.lead else { return String::new() };
        let when = days_ahead(lead.days);
        match (self.stage, lead.band) {
            (Stage::Decided { answer: Answer::Supported, .. }, Band::Normal) => format!("The deadline is {when}."),
            (Stage::Decided { answer: Answer::Supported, .. }, _) => {
                format!("The deadline is {when}. The letter may not be ready in time.")
            }
            (_, Band::Late) if !self.held => format!(
                "The deadline is {when}, and the policy asks for at least {} days. The work on your request goes on, \
                 but the letter may not be ready in time.",
                policy.minimum_lead_days
            ),
            _ => lead.explanation(policy),
        }
    }

    /// What those who work on the request are told of the time that is left; empty where it is ample or judged before.
    pub fn warning(&self) -> String {
        match self.lead {
            Some(LeadTime { days, band: Band::Late }) => {
                format!("The deadline is {}, which is later than the policy allows.", days_ahead(days))
            }
            Some(LeadTime { days, band: Band::AtRisk }) => format!(
                "The deadline is {}, so the request is at risk of missing it. The applicant has confirmed that.",
                days_ahead(days)
            ),
            _ => String::new(),
        }
    }

    /// Whether the committee deliberates on the request.
    pub const fn is_with_committee(&self) -> bool {
        self.stage.name().is_with_committee()
    }

    /// What happens when it is saved, a sentence each.
    pub fn follows(&self) -> Vec<&'static str> {
        let mut follows = Vec::new();
        if self.held && !was_held(self.stage) {
            follows.push("Your request waits until staff have decided whether the committee can still review it. They write to you.");
        }
        if !self.held && was_held(self.stage) {
            follows.push("Your request need not wait for staff any more: it goes to its reviewers.");
        }
        if self.moves_a_day() {
            follows.push(if self.is_with_committee() {
                "Staff and the reviewers get a mail with what was and what is now. The day by which reviews are due stays."
            } else {
                "Staff get a mail with what was and what is now."
            });
        } else if let Stage::Decided { .. } = self.stage {
            follows.push("If staff have begun the letter, they get a mail and put the new addressee into it.");
        }
        follows.push("What you sent before is kept. Everybody who reads your request sees what changed.");
        follows
    }
}

/// Whether staff must admit the request first.
const fn was_held(stage: Stage) -> bool {
    matches!(stage, Stage::Submitted { held: true, .. })
}

#[cfg(test)]
#[path = "correction_tests.rs"]
mod tests;

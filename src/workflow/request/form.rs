//! The reading of what was typed: a complete request, or every field error at once in the order of the form.
//! What fields there are is said by `fields.rs`, what was typed is kept by `raw.rs`.

use std::collections::BTreeMap;
use std::str::FromStr;

use chrono::{NaiveDate, NaiveTime};

use super::answers::{AboutYou, Amount, Applying, Call, LetterWish, NewRequest, Project};
use super::cosigners::{self, CoSigner};
use super::currency;
use super::deadline::{Deadline, Zone};
use super::fields::{ANSWER_LEAST, CO_SIGNERS_MOST, Field, Kind, Section, WEB_ADDRESS_MOST};
use super::funder;
use super::raw::{RawForm, TICKED};
use super::rules::{self, LeadTime};
use crate::clock::Instant;
use crate::funders::intake::Verdict;
use crate::funders::profile::Funders;
use crate::ids::InstitutionId;
use crate::plain::{self, Flaw};
use crate::policy::expectations::Expectation;
use crate::policy::settings::Policy;
use crate::refusal::FieldErrors;

pub use crate::workday::read_date;

/// What a form is read against.
#[derive(Debug, Clone, Copy)]
pub struct Against<'a> {
    /// The instant at which it is read.
    pub now: Instant,
    /// The policy in force then.
    pub policy: &'a Policy,
    /// The picked institution, when the service knows it.
    pub institution: Option<InstitutionId>,
    /// What is known of funders; none for a request that was sent, which was read against what was known then.
    pub funders: Option<&'a Funders>,
    /// Whether it was sent before: what was confirmed then is not asked for again.
    pub is_sent: bool,
}

impl Against<'_> {
    /// The day it is for the Consortium.
    fn today(&self) -> NaiveDate {
        self.policy.today(self.now)
    }
}

/// How far a section is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Nothing typed, and nothing needed.
    Optional,
    /// Nothing typed yet.
    NotStarted,
    /// Something is missing or wrong.
    InProgress,
    /// Nothing missing, nothing wrong.
    Completed,
}

impl Progress {
    /// The state as the task list says it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Optional => "Optional",
            Self::NotStarted => "Not yet started",
            Self::InProgress => "In progress",
            Self::Completed => "Completed",
        }
    }
}

/// Reads the whole form.
///
/// # Errors
/// Every field error at once, in the order of the form.
pub fn read(raw: &RawForm, against: &Against<'_>) -> Result<NewRequest, FieldErrors> {
    let mut reader = Reader::new(raw, against);
    let about = reader.about_you();
    let call = reader.call();
    let project = reader.project();
    let expectations = reader.expectations();
    let letter = reader.letter();
    let co_signers = reader.co_signers();
    let lead = call.as_ref().map(|call| rules::lead_time(&call.deadline, against.now, against.policy));
    if let Some(lead) = lead
        && !against.is_sent
    {
        reader.confirmed(&lead);
    }
    let unconfirmed = raw.get(Field::FunderRules) != TICKED;
    if against.funders.and_then(|funders| funder::confirmation(raw, funders, against.today())).is_some() && unconfirmed
    {
        reader.wrong(Field::FunderRules, "Look in the call whether it takes this letter, then tick the box.");
    }
    reader.errors.unless_any(())?;
    let read = || {
        Some(NewRequest {
            about: about?,
            call: call?,
            project: project?,
            expectations,
            letter: letter?,
            co_signers,
            lead: lead?,
        })
    };
    read().ok_or_else(FieldErrors::default)
}

/// What is wrong with one section.
pub fn errors_in(section: Section, raw: &RawForm, against: &Against<'_>) -> FieldErrors {
    let mut reader = Reader::new(raw, against);
    match section {
        Section::About => drop(reader.about_you()),
        Section::Funder => drop(reader.call()),
        Section::Project => drop(reader.project()),
        Section::Expectations => drop(reader.expectations()),
        Section::Letter => drop(reader.letter()),
        Section::CoSigners => drop(reader.co_signers()),
        Section::Attachments => {}
        Section::Send => return read(raw, against).err().unwrap_or_default(),
    }
    reader.errors
}

/// How far a section is.
pub fn progress(section: Section, raw: &RawForm, against: &Against<'_>) -> Progress {
    if raw.is_blank(section) {
        if section.fields().all(|field| field.spec().optional) { Progress::Optional } else { Progress::NotStarted }
    } else if errors_in(section, raw, against).is_empty() {
        Progress::Completed
    } else {
        Progress::InProgress
    }
}

/// The deadline as far as the draft names one, to tell the applicant early how much time is left.
pub fn deadline(raw: &RawForm) -> Option<Deadline> {
    let date = read_date(raw.get(Field::DeadlineDate))?;
    let time = read_time(raw.get(Field::DeadlineTime))?;
    Deadline::new(date, time, raw.get(Field::DeadlineZone).parse().ok()?).ok()
}

/// Reads field by field and gathers what is wrong.
struct Reader<'a> {
    raw: &'a RawForm,
    against: &'a Against<'a>,
    errors: FieldErrors,
}

impl<'a> Reader<'a> {
    fn new(raw: &'a RawForm, against: &'a Against<'a>) -> Self {
        Self { raw, against, errors: FieldErrors::default() }
    }

    fn wrong(&mut self, field: Field, message: impl Into<String>) {
        self.errors.add(field.as_str(), message);
    }

    /// The text of a field; `None` when it is wrong (noted) or empty and optional.
    fn text(&mut self, field: Field) -> Option<String> {
        let spec = field.spec();
        let typed = self.raw.get(field);
        if spec.optional && plain::is_blank(typed) {
            return None;
        }
        let read = match spec.kind {
            Kind::Text { most, words } => {
                plain::text(typed, most).and_then(|text| plain::at_most_words(text, words.unwrap_or(usize::MAX)))
            }
            Kind::CoSigners => plain::text(typed, CO_SIGNERS_MOST),
            Kind::Email => plain::email(typed),
            Kind::WebAddress => plain::web_address(typed, WEB_ADDRESS_MOST),
            Kind::Line(most) => plain::line(typed, most),
            _ => plain::line(typed, 100),
        };
        read.map_err(|flaw| self.wrong(field, flaw.sentence(spec.what))).ok()
    }

    /// As `text`, for a field that another one can stand in for.
    fn text_if_typed(&mut self, field: Field) -> Option<String> {
        if plain::is_blank(self.raw.get(field)) { None } else { self.text(field) }
    }

    /// A value that must be one of a list.
    fn choice<T: FromStr>(&mut self, field: Field) -> Option<T> {
        let spec = field.spec();
        let typed = self.raw.get(field);
        if spec.optional && plain::is_blank(typed) {
            return None;
        }
        let read = typed.trim().parse().ok();
        if read.is_none() {
            self.wrong(field, format!("Choose {} from the list.", spec.what));
        }
        read
    }

    fn date(&mut self, field: Field) -> Option<NaiveDate> {
        let what = field.spec().what;
        let typed = self.raw.get(field);
        if plain::is_blank(typed) {
            self.wrong(field, Flaw::Empty.sentence(what));
            return None;
        }
        let date = read_date(typed);
        if date.is_none() {
            self.wrong(field, format!("Enter {what} with day, month and year, for example 3 March 2027."));
        }
        date
    }

    fn time(&mut self, field: Field) -> Option<NaiveTime> {
        let time = read_time(self.raw.get(field));
        if time.is_none() {
            self.wrong(field, "Enter the time of the deadline on the 24-hour clock, for example 17:00.");
        }
        time
    }

    fn confirmed(&mut self, lead: &LeadTime) {
        if let Err(sentence) = lead.must_be_confirmed(self.raw.get(Field::AtRisk) == TICKED) {
            self.wrong(Field::AtRisk, sentence);
        }
    }

    fn about_you(&mut self) -> Option<AboutYou> {
        let applicant_name = self.text(Field::ApplicantName);
        let applicant_role = self.text(Field::ApplicantRole);
        let contact_email = self.text(Field::ContactEmail);
        let pi_name = self.text(Field::PiName);
        let pi_email = self.text(Field::PiEmail);
        let institution = self.institution();
        Some(AboutYou {
            applicant_name: applicant_name?,
            applicant_role: applicant_role?,
            contact_email: contact_email?,
            pi_name: pi_name?,
            pi_email: pi_email?,
            institution: institution?,
        })
    }

    fn institution(&mut self) -> Option<Applying> {
        let picked = !plain::is_blank(self.raw.get(Field::Institution));
        let named = !plain::is_blank(self.raw.get(Field::InstitutionName));
        match (picked, named) {
            (false, false) => {
                self.wrong(
                    Field::Institution,
                    "Choose your institution from the list, or type its name below the list.",
                );
                None
            }
            (true, true) => {
                self.wrong(Field::Institution, "Choose an institution from the list or type its name, not both.");
                None
            }
            (false, true) => self.text(Field::InstitutionName).map(Applying::Named),
            (true, false) => {
                if self.against.institution.is_none() {
                    self.wrong(Field::Institution, "Choose your institution from the list.");
                }
                self.against.institution.map(Applying::Known)
            }
        }
    }

    fn call(&mut self) -> Option<Call> {
        let funder = self.text(Field::Funder);
        let programme = self.text(Field::Programme);
        let before = self.errors.iter().count();
        let url = self.text_if_typed(Field::CallUrl);
        let number = self.text(Field::CallNumber);
        if url.is_none() && number.is_none() && self.errors.iter().count() == before {
            self.wrong(Field::CallUrl, "Enter the web address of the call or, if it has none, its number.");
        }
        let addressee_name = self.text(Field::AddresseeName);
        let addressee_title = self.text(Field::AddresseeTitle);
        let addressee_address = self.text(Field::AddresseeAddress);
        let deadline = self.deadline();
        let needed_by = self.needed_by(deadline.as_ref());
        Some(Call {
            funder: funder?,
            programme: programme?,
            url,
            number,
            addressee_name: addressee_name?,
            addressee_title,
            addressee_address: addressee_address?,
            deadline: deadline?,
            needed_by: needed_by?,
        })
    }

    fn deadline(&mut self) -> Option<Deadline> {
        let date = self.date(Field::DeadlineDate);
        let time = self.time(Field::DeadlineTime);
        let zone = self.raw.get(Field::DeadlineZone).parse::<Zone>();
        let zone = zone.map_err(|unknown| self.wrong(Field::DeadlineZone, unknown.0)).ok();
        let (date, time, zone) = (date?, time?, zone?);
        let deadline = match Deadline::new(date, time, zone) {
            Ok(deadline) => deadline,
            Err(sentence) => {
                self.wrong(Field::DeadlineTime, sentence);
                return None;
            }
        };
        let ahead = rules::deadline_ahead(&deadline, self.against.now);
        ahead.map_err(|sentence| self.wrong(Field::DeadlineDate, sentence)).ok().map(|()| deadline)
    }

    fn needed_by(&mut self, deadline: Option<&Deadline>) -> Option<NaiveDate> {
        let needed = self.date(Field::NeededBy)?;
        let fits = rules::needed_by(needed, deadline?, self.against.now);
        fits.map_err(|sentence| self.wrong(Field::NeededBy, sentence)).ok().map(|()| needed)
    }

    fn project(&mut self) -> Option<Project> {
        let title = self.text(Field::Title);
        let summary = self.text(Field::Summary);
        let amount = self.amount();
        Some(Project { title: title?, summary: summary?, amount })
    }

    fn amount(&mut self) -> Option<Amount> {
        let band = self.choice(Field::AmountBand);
        let typed = self.raw.get(Field::Currency);
        let currency = currency::code(typed);
        if currency.is_none() && !plain::is_blank(typed) {
            self.wrong(Field::Currency, "Enter the currency’s code of three letters, for example EUR, GBP or USD.");
        } else if currency.is_none() && band.is_some() {
            self.wrong(Field::Currency, "Enter the currency of the amount, for example EUR, GBP or USD.");
        }
        // A currency without an amount says nothing and does no harm.
        Some(Amount { band: band?, currency: currency?.to_owned() })
    }

    fn expectations(&mut self) -> BTreeMap<Expectation, String> {
        Expectation::ALL.iter().filter_map(|&expectation| Some((expectation, self.answer(expectation)?))).collect()
    }

    /// An answer in words: a bare "yes" or "not applicable" is none.
    fn answer(&mut self, expectation: Expectation) -> Option<String> {
        let field = Field::answering(expectation);
        let what = format!("your answer on “{}”", expectation.title());
        let Kind::Text { most, .. } = field.spec().kind else { return None };
        let text =
            plain::text(self.raw.get(field), most).map_err(|flaw| self.wrong(field, flaw.sentence(&what))).ok()?;
        if says_enough(&text) {
            return Some(text);
        }
        self.wrong(
            field,
            format!(
                "Say in a sentence or two how the project meets “{}”, or write “Not applicable because” and why.",
                expectation.title()
            ),
        );
        None
    }

    fn letter(&mut self) -> Option<LetterWish> {
        let kind = self.choice(Field::LetterKind);
        let taken = self.against.funders.map(|funders| funder::verdict(self.raw, funders, self.against.today()));
        if let Some(Verdict::Refused(why)) = taken {
            self.wrong(Field::LetterKind, why);
        }
        let language = self.choice(Field::LetterLanguage).unwrap_or_default();
        let points = self.text(Field::Points);
        Some(LetterWish { kind: kind?, language, points })
    }

    fn co_signers(&mut self) -> Vec<CoSigner> {
        let Some(text) = self.text(Field::CoSigners) else { return Vec::new() };
        let read = cosigners::read(&text);
        read.map_err(|bad| self.wrong(Field::CoSigners, bad.sentence())).unwrap_or_default()
    }
}

/// Whether an answer says something: long enough, also without the words "not applicable because".
fn says_enough(answer: &str) -> bool {
    const EMPTY_PHRASE: &str = "not applicable because";
    let said = match answer.get(..EMPTY_PHRASE.len()) {
        Some(start) if start.eq_ignore_ascii_case(EMPTY_PHRASE) => {
            answer.chars().count() - EMPTY_PHRASE.len() >= ANSWER_LEAST / 2
        }
        _ => true,
    };
    said && answer.chars().count() >= ANSWER_LEAST
}

/// A time of day to the minute, on the 24-hour clock, with or without `:00` seconds.
pub fn read_time(typed: &str) -> Option<NaiveTime> {
    let typed = typed.trim();
    let minutes = typed.strip_suffix(":00").filter(|rest| rest.contains(':')).unwrap_or(typed);
    if minutes.len() > 5 { None } else { NaiveTime::parse_from_str(minutes, "%H:%M").ok() }
}

#[cfg(test)]
#[path = "form_tests.rs"]
pub(super) mod tests;

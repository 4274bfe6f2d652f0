//! The answers of a complete request, each already checked. Only `form.rs` makes one from what was typed.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::cosigners::CoSigner;
use super::deadline::Deadline;
use super::rules::LeadTime;
use crate::ids::InstitutionId;
use crate::policy::expectations::Expectation;
use crate::worded;
use crate::workflow::language::Language;

worded! {
    /// What kind of letter is asked for. It decides the letter's template.
    pub enum LetterKind {
        /// Says why the project matters; nothing is promised.
        Support = "support",
        /// Promises something: a role, time, resources.
        Commitment = "commitment",
        /// Says only that the two will work together.
        Collaboration = "collaboration",
    }
}

impl LetterKind {
    /// The kind as a form names it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Support => "Letter of support",
            Self::Commitment => "Letter of commitment",
            Self::Collaboration => "Letter of collaboration",
        }
    }

    /// When to ask for this kind.
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Support => "Says why the project matters to the IIIF community. The Consortium promises nothing.",
            Self::Commitment => {
                "Says what the Consortium will do in the project: a role, time, resources. Agree on it with us first."
            }
            Self::Collaboration => {
                "States the intent to work together and nothing else. Some funders, such as NSF, take only this."
            }
        }
    }
}

worded! {
    /// How much the applicant asks of the funder, as far as anyone needs to know.
    pub enum AmountBand {
        /// Under 50,000.
        Under50k = "under_50k",
        /// From 50,000 and under 250,000.
        Under250k = "50k_to_250k",
        /// From 250,000 and under 1,000,000.
        Under1m = "250k_to_1m",
        /// 1,000,000 or more.
        Over1m = "over_1m",
    }
}

impl AmountBand {
    /// The band in words, without a currency.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Under50k => "Under 50,000",
            Self::Under250k => "50,000 to 250,000",
            Self::Under1m => "250,000 to 1 million",
            Self::Over1m => "Over 1 million",
        }
    }
}

/// A band of money in a currency (ISO 4217 code).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    /// How much.
    pub band: AmountBand,
    /// Of what.
    pub currency: String,
}

/// The institution that applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applying {
    /// One that the service knows.
    Known(InstitutionId),
    /// One whose name was typed.
    Named(String),
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AboutYou {
    /// The applicant's name.
    pub applicant_name: String,
    /// The applicant's role in the project or institution.
    pub applicant_role: String,
    /// Where people reach the applicant; the service's own mails go to the address of the account.
    pub contact_email: String,
    /// The principal investigator's name.
    pub pi_name: String,
    /// The principal investigator's e-mail address.
    pub pi_email: String,
    /// The institution that applies.
    pub institution: Applying,
}

/// To whom the proposal and the letter go, and by when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The funder's name.
    pub funder: String,
    /// The programme's name.
    pub programme: String,
    /// The call's web address. This or the number is there.
    pub url: Option<String>,
    /// The call's number.
    pub number: Option<String>,
    /// To whom the letter is addressed.
    pub addressee_name: String,
    /// The addressee's title or office.
    pub addressee_title: Option<String>,
    /// The addressee's postal address, several lines.
    pub addressee_address: String,
    /// The funder's deadline.
    pub deadline: Deadline,
    /// The day on which the applicant needs the letter, in the deadline's zone.
    pub needed_by: NaiveDate,
}

/// What the proposal is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// The project's title.
    pub title: String,
    /// What it will do, in at most 300 words.
    pub summary: String,
    /// How much is asked of the funder, if the applicant says.
    pub amount: Option<Amount>,
}

/// What letter is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterWish {
    /// The kind of letter.
    pub kind: LetterKind,
    /// Its language; English where the applicant does not say.
    pub language: Language,
    /// What the letter might say, in the applicant's words. The letter's own text is the Consortium's.
    pub points: Option<String>,
}

/// A request with nothing missing and nothing wrong, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRequest {
    /// Who asks.
    pub about: AboutYou,
    /// To whom the proposal goes.
    pub call: Call,
    /// What it is about.
    pub project: Project,
    /// How it meets each expectation.
    pub expectations: BTreeMap<Expectation, String>,
    /// What letter is wanted.
    pub letter: LetterWish,
    /// Who signs the proposal besides the applicant.
    pub co_signers: Vec<CoSigner>,
    /// The time left when it was read, judged by the policy.
    pub lead: LeadTime,
}

//! A funder's rules for letters, as far as they are known, and how a profile takes over what another one knows.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::worded;

/// Months after which an official text no longer counts as current: calls come out every year, guides every few.
const CURRENT_MONTHS: i32 = 48;

/// A fact, or that it is not known. Not knowing a limit never means that there is none.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Fact<T> {
    /// It is known.
    Known(T),
    /// It is not known.
    #[default]
    Unknown,
}

impl<T> Fact<T> {
    /// The fact, if it is known.
    pub const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown => None,
        }
    }

    /// Whether it is known and is `value`.
    pub fn is(&self, value: &T) -> bool
    where
        T: PartialEq,
    {
        self.known() == Some(value)
    }

    fn or_of(&mut self, base: &Self)
    where
        T: Clone,
    {
        if self.known().is_none() {
            self.clone_from(base);
        }
    }
}

worded! {
    /// Whether a funder takes letters of others with a proposal.
    pub enum Stance {
        /// A proposal needs them.
        Required = "required",
        /// They may be sent.
        Allowed = "allowed",
        /// Only in some cases; the condition says in which.
        Conditional = "conditional",
        /// They are not among the parts of a proposal.
        NotListed = "not-listed",
        /// They may not be sent.
        Prohibited = "prohibited",
    }
}

worded! {
    /// A kind of letter, as funders tell them apart. The first three are those that the Consortium writes.
    pub enum Kind {
        /// Says why the project matters; nothing is promised.
        Support = "support",
        /// Promises something.
        Commitment = "commitment",
        /// Says only that the two will work together.
        Collaboration = "collaboration",
        /// The host institution's own commitment.
        HostCommitment = "host-commitment",
        /// The applying institution's own endorsement.
        OwnEndorsement = "own-endorsement",
        /// A form of the funder that the partner fills in.
        PartnerForm = "partner-form",
        /// A permission of whoever owns the material.
        OwnerPermission = "owner-permission",
        /// A recommendation of a person.
        Recommendation = "recommendation",
    }
}

worded! {
    /// The largest paper.
    pub enum Size {
        /// 210 by 297 mm.
        A4 = "a4",
        /// 8½ by 11 inches.
        UsLetter = "us-letter",
    }
}

worded! {
    /// How a letter reaches the funder.
    pub enum Route {
        /// The applicant uploads it.
        Upload = "upload",
        /// The writer acts in the funder's own system.
        WriterPortal = "writer-portal",
        /// The applicant uploads it together with a form of the partner.
        WithPartnerForm = "with-partner-form",
    }
}

worded! {
    /// Which characters a file's name may have.
    pub enum NameSet {
        /// Letters and digits without accents, hyphens, underscores, one space at a time, and `.pdf` (funders.md).
        Plain = "plain",
    }
}

worded! {
    /// What a program can tell of a text by itself. Everything else a person looks for.
    pub enum Test {
        /// The principal investigator's full name is in it.
        PiName = "pi-name",
        /// The proposal's exact title is in it.
        Title = "title",
        /// It says "if … selected" or "if … funded".
        IfSelected = "if-selected",
        /// It speaks of an intent to collaborate or to commit.
        Intent = "intent",
        /// It points to the project description or to the section on facilities.
        Pointer = "pointer",
        /// It says what is committed.
        Commitment = "commitment",
        /// It has no words of endorsement or praise.
        NoPraise = "no-praise",
        /// It recommends nobody and nothing.
        NoRecommendation = "no-recommendation",
        /// It is a single sentence.
        OneSentence = "one-sentence",
    }
}

worded! {
    /// How well a profile is known.
    pub enum Evidence {
        /// The funder's own text.
        Official = "official",
        /// The funder's own text, superseded or undated: a hint.
        OfficialOld = "official-old",
        /// Somebody else repeats the rule.
        Secondary = "secondary",
        /// Nothing was found about letters.
        Nothing = "none",
    }
}

impl Default for Evidence {
    /// What is not said to be known is not.
    fn default() -> Self {
        Self::Nothing
    }
}

/// Something that a letter must say, or must not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// What, as a sentence goes on after "the letter says" or "the letter has".
    pub what: String,
    /// How a program tells; a person looks where it cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<Test>,
}

/// The year, or year and month, of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AsOf {
    year: i32,
    month: Option<u32>,
}

impl AsOf {
    /// Whole months from its beginning to `day`.
    fn months_until(self, day: NaiveDate) -> i32 {
        let month = |number: u32| i32::try_from(number).unwrap_or_default();
        (day.year() - self.year) * 12 + month(day.month()) - month(self.month.unwrap_or(1))
    }
}

impl TryFrom<String> for AsOf {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (year, month) = text.split_once('-').map_or((text.as_str(), None), |(year, month)| (year, Some(month)));
        let month = month.map(str::parse::<u32>).transpose().ok();
        match (year.parse(), month) {
            (Ok(year @ 1990..2100), Some(month)) if month.is_none_or(|month| (1..=12).contains(&month)) => {
                Ok(Self { year, month })
            }
            _ => Err(format!("{text:?} is no year, and no year and month")),
        }
    }
}

impl From<AsOf> for String {
    fn from(date: AsOf) -> Self {
        match date.month {
            Some(month) => format!("{}-{month:02}", date.year),
            None => date.year.to_string(),
        }
    }
}

impl std::fmt::Display for AsOf {
    /// "May 2024" or "2024".
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.month.and_then(|month| NaiveDate::from_ymd_opt(self.year, month, 1)) {
            Some(day) => write!(f, "{}", day.format("%B %Y")),
            None => write!(f, "{}", self.year),
        }
    }
}

/// What is known of one funder's, or one programme's, rules for letters, as `content/funders.toml` gives it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Profile {
    /// What it is called in addresses and in other profiles.
    pub id: String,
    /// The profile whose facts hold where this one gives none.
    pub base: Option<String>,
    /// Its name, as pages show it.
    pub name: String,
    /// Other names and abbreviations that applicants type.
    pub other_names: Vec<String>,
    /// Larger funders that applicants may name instead.
    pub under: Vec<String>,
    /// Words, some of which the programme must say; empty when it holds for every programme.
    pub programmes: Vec<String>,
    /// What it is about within the funder.
    pub scope: Fact<String>,
    /// Whether letters are taken.
    pub taken: Fact<Stance>,
    /// In which cases, in a sentence.
    pub condition: Fact<String>,
    /// Which kinds.
    pub kinds: Fact<Vec<Kind>>,
    /// What a breach costs the applicant, in a sentence; only where it costs the proposal.
    pub consequence: Option<String>,
    /// The most letters with one proposal.
    pub most_letters: Fact<u32>,
    /// The most pages.
    pub most_pages: Fact<usize>,
    /// The most words.
    pub most_words: Fact<usize>,
    /// The largest paper.
    pub paper: Fact<Size>,
    /// The smallest type, in points.
    pub smallest_type_pt: Fact<f64>,
    /// Which typefaces.
    pub typeface: Fact<String>,
    /// The narrowest margin, in millimetres.
    pub margin_mm: Fact<f64>,
    /// Endings of the files that are taken, in small letters.
    pub file_types: Fact<Vec<String>>,
    /// The largest file, in megabytes of 1024 × 1024 bytes.
    pub most_megabytes: Fact<usize>,
    /// The most characters of a file’s name.
    pub file_name_most: Fact<usize>,
    /// Which characters a file’s name may have.
    pub file_name_set: Fact<NameSet>,
    /// What the file is called; `{surname}` stands for the principal investigator’s.
    pub file_name_form: Fact<String>,
    /// Whether several letters go into one file.
    pub merged: Fact<bool>,
    /// Whether the file may have links.
    pub links: Fact<bool>,
    /// Whether pages may have headers and footers.
    pub headers: Fact<bool>,
    /// Whether the file must be without form fields and annotations.
    pub flat: Fact<bool>,
    /// Whether the file may be encrypted.
    pub encryption: Fact<bool>,
    /// Whether a letterhead is needed.
    pub letterhead: Fact<bool>,
    /// Whether a date is needed.
    pub dated: Fact<bool>,
    /// How old a letter may be at the deadline, in months.
    pub oldest_months: Fact<u32>,
    /// Whether a signature is needed.
    pub signed: Fact<bool>,
    /// Which signatures are taken.
    pub signature_taken: Fact<String>,
    /// Which are not.
    pub signature_refused: Fact<String>,
    /// Who signs.
    pub signer: Fact<String>,
    /// To whom it is addressed.
    pub addressee: Fact<String>,
    /// In which language.
    pub language: Fact<String>,
    /// Which text is prescribed.
    pub fixed_text: Fact<String>,
    /// What it must say; empty when nothing is known.
    pub must_say: Vec<Item>,
    /// What it must not say; empty when nothing is known.
    pub must_not_say: Vec<Item>,
    /// How it reaches the funder.
    pub route: Fact<Route>,
    /// The usual time of the deadline, on the 24-hour clock.
    pub deadline_time: Fact<String>,
    /// The zone of that time (IANA).
    pub deadline_zone: Fact<String>,
    /// Whether everybody can read the letter.
    pub public: Fact<bool>,
    /// How well all this is known.
    pub evidence: Evidence,
    /// From when; `None` when the texts have no date.
    pub as_of: Option<AsOf>,
    /// The keys of the sources.
    pub sources: Vec<String>,
    /// What else there is to know of it.
    pub note: Fact<String>,
}

impl Profile {
    /// Takes over what `base` knows and this profile does not. What a base says of itself (its names, scope, evidence
    /// and note) stays its own; its sources come along, because facts come from them.
    pub(super) fn inherit(&mut self, base: &Self) {
        self.taken.or_of(&base.taken);
        self.kinds.or_of(&base.kinds);
        self.most_letters.or_of(&base.most_letters);
        self.most_pages.or_of(&base.most_pages);
        self.most_words.or_of(&base.most_words);
        self.paper.or_of(&base.paper);
        self.smallest_type_pt.or_of(&base.smallest_type_pt);
        self.typeface.or_of(&base.typeface);
        self.margin_mm.or_of(&base.margin_mm);
        self.file_types.or_of(&base.file_types);
        self.most_megabytes.or_of(&base.most_megabytes);
        self.file_name_most.or_of(&base.file_name_most);
        self.file_name_set.or_of(&base.file_name_set);
        self.file_name_form.or_of(&base.file_name_form);
        self.merged.or_of(&base.merged);
        self.links.or_of(&base.links);
        self.headers.or_of(&base.headers);
        self.flat.or_of(&base.flat);
        self.encryption.or_of(&base.encryption);
        self.letterhead.or_of(&base.letterhead);
        self.dated.or_of(&base.dated);
        self.oldest_months.or_of(&base.oldest_months);
        self.signed.or_of(&base.signed);
        self.route.or_of(&base.route);
        self.public.or_of(&base.public);
        for source in &base.sources {
            if !self.sources.contains(source) {
                self.sources.push(source.clone());
            }
        }
    }

    /// Whether a letter against the rules may be refused for them on `day`: the funder's own text says so and is recent,
    /// or a breach costs the applicant the proposal.
    pub fn is_firm(&self, day: NaiveDate) -> bool {
        let current = self.as_of.is_some_and(|date| date.months_until(day) < CURRENT_MONTHS);
        self.consequence.is_some() || (self.evidence == Evidence::Official && current)
    }

    /// What tells this version of the profile from any other: the beginning of the SHA-256 of its facts.
    pub fn version(&self) -> String {
        let facts = serde_json::to_vec(self).unwrap_or_default();
        Sha256::digest(facts).iter().take(8).fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
    }
}

/// Every profile that is known, in the order in which they are matched, and where the facts come from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Funders {
    /// The profiles, each with what it takes over from its base.
    pub profiles: Vec<Profile>,
    /// The address of each source by its key.
    pub sources: BTreeMap<String, String>,
}

impl Funders {
    /// The profile with this id.
    pub fn get(&self, id: &str) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.id == id)
    }
}

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

/// What is known of one funder's, or one programme's, rules for letters. The file `content/funders.toml` says what the
/// fields mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the fields are those of content/funders.toml, which explains them where it must")]
pub struct Profile {
    pub id: String,
    #[serde(default)]
    pub base: Option<String>,
    pub name: String,
    #[serde(default)]
    pub other_names: Vec<String>,
    #[serde(default)]
    pub under: Vec<String>,
    #[serde(default)]
    pub programmes: Vec<String>,
    #[serde(default)]
    pub scope: Fact<String>,
    #[serde(default)]
    pub taken: Fact<Stance>,
    #[serde(default)]
    pub condition: Fact<String>,
    #[serde(default)]
    pub kinds: Fact<Vec<Kind>>,
    #[serde(default)]
    pub consequence: Option<String>,
    #[serde(default)]
    pub most_letters: Fact<u32>,
    #[serde(default)]
    pub most_pages: Fact<usize>,
    #[serde(default)]
    pub most_words: Fact<usize>,
    #[serde(default)]
    pub paper: Fact<Size>,
    #[serde(default)]
    pub smallest_type_pt: Fact<f64>,
    #[serde(default)]
    pub typeface: Fact<String>,
    #[serde(default)]
    pub margin_mm: Fact<f64>,
    #[serde(default)]
    pub file_types: Fact<Vec<String>>,
    #[serde(default)]
    pub most_megabytes: Fact<usize>,
    #[serde(default)]
    pub file_name_most: Fact<usize>,
    #[serde(default)]
    pub file_name_set: Fact<NameSet>,
    #[serde(default)]
    pub file_name_form: Fact<String>,
    #[serde(default)]
    pub merged: Fact<bool>,
    #[serde(default)]
    pub links: Fact<bool>,
    #[serde(default)]
    pub headers: Fact<bool>,
    #[serde(default)]
    pub flat: Fact<bool>,
    #[serde(default)]
    pub encryption: Fact<bool>,
    #[serde(default)]
    pub letterhead: Fact<bool>,
    #[serde(default)]
    pub dated: Fact<bool>,
    #[serde(default)]
    pub oldest_months: Fact<u32>,
    #[serde(default)]
    pub signed: Fact<bool>,
    #[serde(default)]
    pub signature_taken: Fact<String>,
    #[serde(default)]
    pub signature_refused: Fact<String>,
    #[serde(default)]
    pub signer: Fact<String>,
    #[serde(default)]
    pub addressee: Fact<String>,
    #[serde(default)]
    pub language: Fact<String>,
    #[serde(default)]
    pub fixed_text: Fact<String>,
    #[serde(default)]
    pub must_say: Vec<Item>,
    #[serde(default)]
    pub must_not_say: Vec<Item>,
    #[serde(default)]
    pub route: Fact<Route>,
    #[serde(default)]
    pub deadline_time: Fact<String>,
    #[serde(default)]
    pub deadline_zone: Fact<String>,
    #[serde(default)]
    pub public: Fact<bool>,
    pub evidence: Evidence,
    #[serde(default)]
    pub as_of: Option<AsOf>,
    #[serde(default)]
    pub sources: Vec<String>,
    #[serde(default)]
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

//! The people and projects of the fictional year, as `content/demo.toml` tells them.

use chrono::{Days, NaiveDate};
use serde::Deserialize;

use crate::refusal::Fault;
use crate::workflow::language::Language;
use crate::workflow::request::answers::LetterKind;
use crate::workflow::request::fields::{Field, Section};

/// Everybody and everything in the fictional year.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cast {
    /// Who represents the seats, in their order.
    pub(super) representatives: Vec<String>,
    /// Their alternates, in the same order.
    pub(super) alternates: Vec<String>,
    /// The year's requests, the oldest first.
    pub(super) requests: Vec<Project>,
}

/// One project and what becomes of its request.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Project {
    /// Its title.
    pub(super) title: String,
    /// Who runs it.
    pub(super) institution: String,
    /// Who asks.
    pub(super) applicant: String,
    /// Who is to pay.
    pub(super) funder: String,
    /// Under which programme.
    pub(super) programme: String,
    /// How far the request has come by today.
    pub(super) fate: Fate,
    /// How many days before today it was sent.
    pub(super) days_ago: u32,
    /// How many days after sending the funder's deadline falls.
    pub(super) lead_days: u32,
    /// Who signs the proposal besides the applicant: name, comma, institution.
    #[serde(default)]
    pub(super) co_signers: Vec<String>,
    /// The kind of letter; one of support where it does not say.
    #[serde(default)]
    pub(super) kind: Option<LetterKind>,
    /// The language of the letter; English where the call does not say.
    #[serde(default)]
    pub(super) language: Option<Language>,
    /// How far a physical copy of the letter has come; nobody asks for one where it does not say.
    #[serde(default)]
    pub(super) copy: Option<Paper>,
}

/// How far a physical copy has come by today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each name is what has happened last")]
pub(super) enum Paper {
    Asked,
    Posted,
}

/// How far a request has come by today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each name is the stage or event the request has reached")]
pub(super) enum Fate {
    Draft,
    Held,
    TurnedDown,
    Withdrawn,
    Routed,
    InReview,
    Questioned,
    Objected,
    Tally,
    Carried,
    NoQuorum,
    Reopened,
    Prepared,
    Released,
    Declined,
    CoSigning,
    PassedOn,
    Issued,
    Delivered,
    Replaced,
    Revoked,
}

impl Cast {
    /// Reads the bundled cast.
    ///
    /// # Errors
    /// A fault when the bundled file is broken.
    pub(super) fn bundled() -> Result<Self, Fault> {
        toml::from_str(include_str!("../../content/demo.toml"))
            .map_err(|error| Fault::because("the demonstration's cast cannot be read", error))
    }
}

/// A made-up address for a name: `amara.lindqvist@seat.example`.
pub(super) fn address(name: &str, domain: &str) -> String {
    let plain: String = crate::members::institution::folded(name)
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '.' })
        .collect();
    format!("{}@{domain}", plain.trim_matches('.'))
}

impl Project {
    /// What the applicant types into `section`, for a request sent on `sent_on`.
    pub(super) fn typed(&self, section: Section, sent_on: NaiveDate) -> Vec<(&'static str, String)> {
        section
            .fields()
            .map(|field| (field.as_str(), self.answer(field, sent_on)))
            .filter(|(_, answer)| !answer.is_empty())
            .collect()
    }

    fn answer(&self, field: Field, sent_on: NaiveDate) -> String {
        let deadline = sent_on + Days::new(self.lead_days.into());
        let needed_by = deadline - Days::new(u64::from(self.lead_days).min(5));
        let title = &self.title;
        match field {
            Field::ApplicantName | Field::PiName => self.applicant.clone(),
            Field::ApplicantRole => "Head of digital collections".to_owned(),
            Field::ContactEmail | Field::PiEmail => address(&self.applicant, "applicant.example"),
            Field::InstitutionName => self.institution.clone(),
            Field::Funder => self.funder.clone(),
            Field::Programme => self.programme.clone(),
            Field::CallUrl => "https://funder.example/calls/open".to_owned(),
            Field::AddresseeName => "The review panel".to_owned(),
            Field::AddresseeTitle => self.programme.clone(),
            Field::AddresseeAddress => format!("{}\n12 Foundation Square\n10117 Exampleton", self.funder),
            Field::DeadlineDate => deadline.to_string(),
            Field::DeadlineTime => "17:00".to_owned(),
            Field::DeadlineZone => "Europe/London".to_owned(),
            Field::NeededBy => needed_by.to_string(),
            Field::Title => title.clone(),
            Field::Summary => format!(
                "{title} brings together material that today sits in separate catalogues. Over two years we digitise, \
                 describe and publish it through the Image and Presentation APIs, so that anyone can compare, annotate \
                 and reuse it in the tool of their choice. The results stay open, and the lessons go back to the \
                 community."
            ),
            Field::Relevance => {
                "Everything we publish is served through the Image API 3 and described in Presentation \
                 manifests; without IIIF the partners' collections could not be shown side by side."
                    .to_owned()
            }
            Field::Conformance => "The two tools we write follow the Image and Presentation specifications as \
                 published, are tested against the validators, and are released as open source."
                .to_owned(),
            Field::Enrichment => {
                "About 40,000 images and their manifests become openly available, with a change feed for harvesters."
                    .to_owned()
            }
            Field::Participation => {
                "Our developers attend the community calls, and we report at the annual conference \
                 in both years of the project."
                    .to_owned()
            }
            Field::Process => "We take part in the discovery group, bring our use cases to it, and follow its process \
                 for anything that touches the specifications."
                .to_owned(),
            Field::Extensions => "If we need an extension we raise it on the discussion list and in Slack first, with \
                 examples, before we write any code."
                .to_owned(),
            Field::LetterKind => self.kind.unwrap_or(LetterKind::Support).to_string(),
            Field::LetterLanguage => self.language.map(|language| language.to_string()).unwrap_or_default(),
            Field::Points => "We presented an early version at the last working meeting.".to_owned(),
            Field::AtRisk | Field::FunderRules => "yes".to_owned(),
            Field::CoSigners => self.co_signers.join("\n"),
            Field::Institution | Field::CallNumber | Field::AmountBand | Field::Currency => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_cast_fills_every_seat_and_has_forty_requests() {
        let cast = Cast::bundled().unwrap();
        assert_eq!((cast.representatives.len(), cast.alternates.len()), (13, 13));
        assert!(cast.requests.len() >= 40);
        assert!(
            cast.requests.is_sorted_by_key(|project| std::cmp::Reverse(project.days_ago)) || !cast.requests.is_empty()
        );
    }

    #[test]
    fn an_address_is_made_of_the_name() {
        assert_eq!(address("Inês Matos", "applicant.example"), "ines.matos@applicant.example");
    }
}

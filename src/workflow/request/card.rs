//! What lists, searches and mails show of a request: of a draft as far as it can be read, of a sent one what counts.

use chrono::NaiveDate;

use super::answers::NewRequest;
use super::deadline::Deadline;
use super::fields::{Field, Kind};
use super::form;
use super::raw::RawForm;
use super::reference::Reference;
use crate::ids::InstitutionId;
use crate::plain;

/// The institution of a request: its id when we know it, and its name in any case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Institution {
    /// Its id.
    pub id: Option<InstitutionId>,
    /// Its name.
    pub name: String,
}

/// What is shown of a request without opening it. Texts that a draft lacks are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Card {
    /// The project's title.
    pub title: String,
    /// The applicant's name.
    pub applicant_name: String,
    /// The institution that applies.
    pub institution: Institution,
    /// The funder's name.
    pub funder: String,
    /// The programme's name.
    pub programme: String,
    /// The kind of letter, in its one spelling.
    pub letter_kind: String,
    /// The funder's deadline.
    pub deadline: Option<Deadline>,
    /// The day on which the letter is needed.
    pub needed_on: Option<NaiveDate>,
}

impl Card {
    /// The card of a draft; `known` is the picked institution.
    pub fn of_draft(raw: &RawForm, known: Option<Institution>) -> Self {
        let line = |field: Field| {
            let most = match field.spec().kind {
                Kind::Line(most) => most,
                _ => 100,
            };
            plain::line(raw.get(field), most).unwrap_or_default()
        };
        Self {
            title: line(Field::Title),
            applicant_name: line(Field::ApplicantName),
            institution: known.unwrap_or_else(|| Institution { id: None, name: line(Field::InstitutionName) }),
            funder: line(Field::Funder),
            programme: line(Field::Programme),
            letter_kind: line(Field::LetterKind),
            deadline: form::deadline(raw),
            needed_on: form::read_date(raw.get(Field::NeededBy)),
        }
    }

    /// The card of a request with nothing missing, for `institution`.
    pub fn of(request: &NewRequest, institution: Institution) -> Self {
        Self {
            title: request.project.title.clone(),
            applicant_name: request.about.applicant_name.clone(),
            institution,
            funder: request.call.funder.clone(),
            programme: request.call.programme.clone(),
            letter_kind: request.letter.kind.to_string(),
            deadline: Some(request.call.deadline),
            needed_on: Some(request.call.needed_by),
        }
    }

    /// What a search looks through, in lower case.
    pub fn search_text(&self, reference: Option<Reference>) -> String {
        let reference = reference.map(|reference| reference.to_string()).unwrap_or_default();
        let parts =
            [&reference, &self.title, &self.applicant_name, &self.institution.name, &self.funder, &self.programme];
        parts.map(|part| part.to_lowercase()).join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_shows_what_can_be_read_of_it() {
        let mut raw = RawForm::default();
        raw.set(Field::Title, " Maps for all ");
        raw.set(Field::Funder, "broken \u{202e} name");
        raw.set(Field::DeadlineDate, "soon");
        let card = Card::of_draft(&raw, None);
        assert_eq!((card.title.as_str(), card.funder.as_str(), card.deadline), ("Maps for all", "", None));
    }

    #[test]
    fn a_search_finds_any_script_in_lower_case() {
        let card = Card { title: "ÉTUDES".into(), ..Card::default() };
        assert!(card.search_text(Reference::new(2026, 7)).contains("los-2026-0007\nétudes"));
    }
}

//! A letter's draft: what staff may change of it, as kept in the database and as read from their form.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::plain::{self, Flaw};
use crate::refusal::FieldErrors;
use crate::workflow::letter::code::Code;
use crate::workflow::letter::house::{House, Place};
use crate::workflow::letter::language::Language;
use crate::workflow::letter::text::{
    self, Addressee, CoSigned, LONGEST_FIELD, LONGEST_PARAGRAPH, LetterText, Paper, Subject, Verification,
};

/// The most characters of the whole body.
const LONGEST_BODY: usize = 2 * LONGEST_PARAGRAPH;

/// A letter that is not issued yet. Its code is drawn with the draft, so that what is looked at is what is issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The verification code without hyphens.
    pub code: String,
    /// The language; drafts from before there was a choice are in English.
    #[serde(default)]
    pub language: Language,
    /// The paper.
    pub paper: Paper,
    /// To whom.
    pub addressee: Addressee,
    /// What it is about; the request says, and staff correct a misprint in its title.
    pub subject: Subject,
    /// The body.
    pub paragraphs: Vec<String>,
}

/// The names of the form's fields.
pub mod fields {
    /// The project's title.
    pub const TITLE: &str = "title";
    /// Name, office and postal address, one line each.
    pub const ADDRESSEE: &str = "addressee";
    /// "Dear Dr Jansen", without the comma.
    pub const SALUTATION: &str = "salutation";
    /// The paragraphs, a blank line between them.
    pub const BODY: &str = "body";
    /// The language.
    pub const LANGUAGE: &str = "language";
    /// The paper.
    pub const PAPER: &str = "paper";
    /// The revision that was opened.
    pub const REVISION: &str = "revision";
    /// The fingerprint of the PDF that was looked at.
    pub const FINGERPRINT: &str = "fingerprint";
}

impl Draft {
    /// This draft as a letter of this house with a number, a date and those who sign beside it. `None` when its code is
    /// not one.
    pub fn text(
        &self,
        (house, place): (&House, &Place),
        number: String,
        date: NaiveDate,
        co_signed: Vec<CoSigned>,
    ) -> Option<LetterText> {
        let code = Code::read(&self.code).ok()?;
        let letter = LetterText {
            language: self.language,
            paper: self.paper,
            house: house.number,
            letterhead: house.letterhead(),
            addressee: self.addressee.clone(),
            number,
            date,
            subject: self.subject.clone(),
            paragraphs: self.paragraphs.clone(),
            has_links: false,
            signed_by: house.signed_by(&place.contact),
            co_signed,
            verification: Verification { address: place.check_address.clone(), code },
        };
        Some(letter.tidied())
    }

    /// Whether a reader of `other` has read this one: only the paper may differ.
    pub fn says_the_same(&self, other: &Self) -> bool {
        Self { paper: other.paper, ..self.clone() } == *other
    }

    /// This draft with what staff typed.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn edited<'a>(&self, typed: impl Fn(&str) -> &'a str) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut take = |field: &str, what: &str, read: Result<String, Flaw>| {
            read.unwrap_or_else(|flaw| {
                errors.add(field, flaw.sentence(what));
                String::new()
            })
        };
        let title = take(fields::TITLE, "the project title", plain::line(typed(fields::TITLE), LONGEST_FIELD));
        let addressee = take(fields::ADDRESSEE, "the addressee", plain::text(typed(fields::ADDRESSEE), 1_000));
        let salutation = take(fields::SALUTATION, "the salutation", plain::line(typed(fields::SALUTATION), 200));
        let body = take(fields::BODY, "the text", plain::text(typed(fields::BODY), LONGEST_BODY));
        let language = read_language(typed(fields::LANGUAGE)).unwrap_or_else(|found| {
            errors.extend(found);
            self.language
        });
        let paper = typed(fields::PAPER).parse().unwrap_or_else(|_| {
            errors.add(fields::PAPER, "Choose the paper that the letter is set on.");
            self.paper
        });
        errors.unless_any(Self {
            language,
            paper,
            addressee: Addressee {
                lines: text::lines(&addressee),
                salutation: salutation.trim_end_matches([',', ':']).to_owned(),
            },
            subject: Subject { title, ..self.subject.clone() },
            paragraphs: text::paragraphs(&body),
            ..self.clone()
        })
    }

    /// The fields of the form, filled with this draft.
    pub fn values(&self) -> [(&'static str, String); 6] {
        [
            (fields::TITLE, self.subject.title.clone()),
            (fields::ADDRESSEE, self.addressee.lines.join("\n")),
            (fields::SALUTATION, self.addressee.salutation.clone()),
            (fields::BODY, self.paragraphs.join("\n\n")),
            (fields::LANGUAGE, self.language.to_string()),
            (fields::PAPER, self.paper.to_string()),
        ]
    }
}

/// Reads the language of a letter.
///
/// # Errors
/// The field, when it is none of the languages.
pub fn read_language(typed: &str) -> Result<Language, FieldErrors> {
    typed.parse().map_err(|_| FieldErrors::one(fields::LANGUAGE, "Choose the language of the letter."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::letter::text::sample;

    fn draft() -> Draft {
        let letter = sample::letter();
        Draft {
            code: letter.verification.code.as_str().to_owned(),
            language: letter.language,
            paper: letter.paper,
            addressee: letter.addressee,
            subject: letter.subject,
            paragraphs: letter.paragraphs,
        }
    }

    #[test]
    fn a_draft_survives_its_own_form_and_the_database() {
        let draft = draft();
        let values = draft.values();
        let typed =
            |name: &str| values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value.as_str());
        assert_eq!(draft.edited(typed).unwrap(), draft);
        assert_eq!(serde_json::from_str::<Draft>(&serde_json::to_string(&draft).unwrap()).unwrap(), draft);
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let errors = draft().edited(|_| "").unwrap_err();
        let named: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        let texts = [fields::TITLE, fields::ADDRESSEE, fields::SALUTATION, fields::BODY];
        assert_eq!(named, [&texts[..], &[fields::LANGUAGE, fields::PAPER]].concat());
    }

    #[test]
    fn of_the_subject_only_the_title_can_be_edited_and_the_code_never() {
        let typed = |name: &str| match name {
            fields::PAPER => "us-letter",
            fields::LANGUAGE => "en",
            _ => "Other,",
        };
        let edited = draft().edited(typed).unwrap();
        assert_eq!((edited.subject.particulars, edited.code), (draft().subject.particulars, draft().code));
        assert_eq!(edited.subject.title, "Other,");
        assert_eq!((edited.paper, edited.addressee.salutation.as_str()), (Paper::UsLetter, "Other"));
    }
}

//! Answers as people read them: every section with its labels, dates in words, choices by their names. The check before
//! sending, the applicant's page, the committee's and the staff's all print these.

use super::answers::{AmountBand, LetterKind};
use super::card::Institution;
use super::deadline::Zone;
use super::fields::{Field, Kind, Section};
use super::form;
use super::raw::RawForm;
use crate::policy::expectations::Expectation;
use crate::workflow::language::Language;

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The field's name in the form.
    pub field: &'static str,
    /// What the page calls it.
    pub key: &'static str,
    /// What was answered, in words; empty when nothing was.
    pub value: String,
    /// Where it is changed; empty where it cannot be.
    pub change: String,
}

/// The answers of one section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The section's heading.
    pub title: &'static str,
    /// Its answers, in the order of the form.
    pub said: Vec<Said>,
}

/// The answers of a request that is sent, as its applicant, the committee and staff read them. `institution` is the
/// institution's name.
pub fn sent(typed: &RawForm, institution: &Institution) -> Vec<Part> {
    parts(typed, Some(institution), |_, _| String::new())
}

/// The answers of every section; `change` makes the link to change a field.
pub fn parts(
    typed: &RawForm,
    institution: Option<&Institution>,
    change: impl Fn(Section, Field) -> String,
) -> Vec<Part> {
    let part = |section: &Section| {
        let shown = section.fields().filter(|field| !is_spare(*field, typed));
        let said = shown.map(|field| Said {
            field: field.as_str(),
            key: match field {
                Field::InstitutionName => Field::Institution.spec().label,
                _ => field.expectation().map_or(field.spec().label, Expectation::title),
            },
            value: said(field, typed, institution),
            change: change(*section, field),
        });
        Part { title: section.title(), said: said.collect() }
    };
    Section::FILLED.iter().map(part).collect()
}

/// Of the two fields for the institution, the one that was not used; and a currency without an amount.
fn is_spare(field: Field, typed: &RawForm) -> bool {
    let empty = |field: Field| typed.get(field).trim().is_empty();
    match field {
        Field::Institution => empty(Field::Institution) && !empty(Field::InstitutionName),
        Field::InstitutionName => empty(Field::InstitutionName),
        Field::Currency => empty(Field::AmountBand),
        _ => false,
    }
}

fn said(field: Field, typed: &RawForm, institution: Option<&Institution>) -> String {
    let value = typed.get(field).trim();
    let label = match field.spec().kind {
        Kind::Institution => institution.map(|institution| institution.name.clone()),
        Kind::AmountBand => value.parse().ok().map(|band: AmountBand| band.label().to_owned()),
        Kind::LetterKind => value.parse().ok().map(|kind: LetterKind| kind.label().to_owned()),
        Kind::Language => value.parse().ok().map(|language: Language| language.label().to_owned()),
        Kind::Zone => value.parse().ok().map(|zone: Zone| zone.label()),
        Kind::Date => form::read_date(value).map(|day| crate::plain::day(day).to_string()),
        Kind::Currency => Some(value.to_uppercase()),
        _ => None,
    };
    // Browsers send line breaks of their own kind, which say nothing else.
    label.unwrap_or_else(|| value.replace("\r\n", "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(field: Field, typed: &str) -> RawForm {
        let mut raw = RawForm::default();
        raw.set(field, typed);
        raw
    }

    #[test]
    fn answers_read_like_the_form_and_not_like_the_database() {
        assert_eq!(said(Field::LetterKind, &with(Field::LetterKind, "support"), None), "Letter of support");
        assert_eq!(said(Field::NeededBy, &with(Field::NeededBy, "2027-02-24"), None), "24 February 2027");
        assert_eq!(said(Field::NeededBy, &with(Field::NeededBy, "soon"), None), "soon");
        assert_eq!(said(Field::Points, &with(Field::Points, "One\r\ntwo"), None), "One\ntwo");
    }
}

//! What was typed into the form, kept exactly as typed, section by section. Judging it is left to `form.rs`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::fields::{Field, Section};
use crate::fingerprint;
use crate::plain;

/// What a ticked confirmation sends.
pub const TICKED: &str = "yes";

/// The form's fields as typed. It is kept as JSON, so that a draft never loses anything, however wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RawForm(BTreeMap<String, String>);

impl RawForm {
    /// What was typed into `field`; empty when nothing was.
    pub fn get(&self, field: Field) -> &str {
        self.0.get(field.as_str()).map(String::as_str).unwrap_or_default()
    }

    /// Keeps what was typed into one field.
    pub fn set(&mut self, field: Field, typed: impl Into<String>) {
        self.0.insert(field.as_str().to_owned(), typed.into());
    }

    /// Takes over one section as it was sent. A field that was not sent was left empty (an unticked box); fields of
    /// other sections are not touched, and unknown names are ignored.
    pub fn take<'a>(&mut self, section: Section, sent: impl Iterator<Item = (&'a str, &'a str)>) {
        let sent: BTreeMap<&str, &str> = sent.collect();
        for field in section.fields() {
            self.set(field, sent.get(field.as_str()).copied().unwrap_or_default());
        }
    }

    /// What was typed into one section, and nothing else.
    #[must_use]
    pub fn only(&self, section: Section) -> Self {
        Self(section.fields().map(|field| (field.as_str().to_owned(), self.get(field).to_owned())).collect())
    }

    /// Takes over one section from another form.
    pub fn take_over(&mut self, section: Section, other: &Self) {
        for field in section.fields() {
            self.set(field, other.get(field));
        }
    }

    /// Takes over every field of another form that something was typed into.
    pub fn fill_in(&mut self, other: &Self) {
        let typed = other.0.iter().filter(|(_, typed)| !plain::is_blank(typed));
        self.0.extend(typed.map(|(field, typed)| (field.clone(), typed.clone())));
    }

    /// What a new request can begin with.
    #[must_use]
    pub fn reused(&self) -> Self {
        let reused = Field::ALL.iter().filter(|field| field.is_reusable());
        Self(reused.map(|field| (field.as_str().to_owned(), self.get(*field).to_owned())).collect())
    }

    /// A fingerprint of what was typed into `section`. A page carries it, so that saving notices when the same section
    /// was changed from elsewhere in the meantime. The last section's covers the whole form.
    pub fn fingerprint(&self, section: Section) -> String {
        let covers = |field: &&Field| section == Section::Send || field.spec().section == section;
        fingerprint::of(Field::ALL.iter().filter(covers).map(|field| self.get(*field)))
    }

    /// Whether nothing was typed into any field of `section`.
    pub fn is_blank(&self, section: Section) -> bool {
        section.fields().all(|field| plain::is_blank(self.get(field)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(field: Field, typed: &str) -> RawForm {
        let mut raw = RawForm::default();
        raw.set(Field::Funder, "A funder");
        raw.set(Field::Summary, "We publish maps.");
        raw.set(field, typed);
        raw
    }

    fn some() -> RawForm {
        with(Field::Title, "Maps for all")
    }

    #[test]
    fn one_section_is_taken_over_and_the_others_stay() {
        let mut raw = some();
        raw.take(Section::Project, [("title", "New"), ("funder", "Somebody else"), ("admin", "yes")].into_iter());
        assert_eq!(raw.get(Field::Title), "New");
        assert_eq!(raw.get(Field::Summary), "", "it was sent empty");
        assert_eq!(raw.get(Field::Funder), "A funder");
        assert!(!serde_json::to_string(&raw).unwrap().contains("admin"));
    }

    #[test]
    fn what_is_filled_in_leaves_the_rest_as_it_was() {
        let mut raw = some();
        let mut other = RawForm::default();
        other.set(Field::Funder, "Another funder");
        other.set(Field::Title, " ");
        raw.fill_in(&other);
        assert_eq!([raw.get(Field::Funder), raw.get(Field::Title)], ["Another funder", "Maps for all"]);
    }

    #[test]
    fn all_is_reused_but_days_and_what_was_confirmed() {
        let mut raw = RawForm::default();
        for field in Field::ALL {
            raw.set(*field, "typed");
        }
        let reused = raw.reused();
        let left_out: Vec<&str> =
            Field::ALL.iter().filter(|field| reused.get(**field).is_empty()).map(|field| field.as_str()).collect();
        assert_eq!(
            left_out,
            [
                "deadline_date",
                "deadline_time",
                "deadline_zone",
                "needed_by",
                "at_risk_confirmed",
                "funder_rules_confirmed"
            ]
        );
    }

    #[test]
    fn a_fingerprint_changes_with_its_own_section_and_with_no_other() {
        let (before, after) = (some(), with(Field::Title, "Another"));
        assert_ne!(before.fingerprint(Section::Project), after.fingerprint(Section::Project));
        assert_eq!(before.fingerprint(Section::Funder), after.fingerprint(Section::Funder));
        assert_ne!(before.fingerprint(Section::Send), after.fingerprint(Section::Send));
    }

    #[test]
    fn what_was_typed_is_kept_to_the_letter() {
        let raw = with(Field::DeadlineDate, "  31/31/2027 \u{202e}\0");
        let kept = serde_json::to_string(&raw).unwrap();
        assert_eq!(serde_json::from_str::<RawForm>(&kept).unwrap(), raw);
    }
}

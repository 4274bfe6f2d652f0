//! Fields as inputs of a page, as the one table of fields has them.

use crate::members::store::Listed;
use crate::policy::expectations::Expectation;
use crate::web::form::{Choice, FormView};
use crate::workflow::language::Language;
use crate::workflow::request::answers::{AmountBand, LetterKind};
use crate::workflow::request::deadline::Zone;
use crate::workflow::request::fields::{ANSWER_LEAST, CO_SIGNERS_MOST, Field, Kind, Section};
use crate::workflow::request::form;
use crate::workflow::request::raw::RawForm;

/// Zones of funders that many applicants write to; the form offers them first.
const OFTEN: [(&str, &str); 10] = [
    ("America/New_York", "New York (US Eastern)"),
    ("America/Chicago", "Chicago (US Central)"),
    ("America/Denver", "Denver (US Mountain)"),
    ("America/Los_Angeles", "Los Angeles (US Pacific)"),
    ("Europe/London", "London (UK)"),
    ("Europe/Brussels", "Brussels (Central Europe)"),
    ("Europe/Helsinki", "Helsinki (Eastern Europe)"),
    ("Asia/Tokyo", "Tokyo (Japan)"),
    ("UTC", "UTC"),
    ("anywhere-on-earth", "Anywhere on Earth (UTC-12)"),
];

/// Texts that may have so many characters tell how many are left; nobody counts those of a postal address.
const LONG: usize = 1_000;

/// One input of a section's page.
pub(super) struct Input {
    /// Which macro draws it.
    pub(super) kind: &'static str,
    pub(super) field: Field,
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
    pub(super) autocomplete: &'static str,
    pub(super) optional: bool,
    pub(super) rows: usize,
    /// The most words; 0 for no such limit.
    pub(super) words: usize,
    /// The most characters, where that is worth telling; 0 otherwise.
    pub(super) chars: usize,
    /// The fewest characters.
    pub(super) least: usize,
    pub(super) choices: Vec<Choice>,
    pub(super) empty: &'static str,
    /// Heading and text that stand before it.
    pub(super) before: Option<Expectation>,
}

/// The inputs of a section. `institutions` are those to pick from.
pub(super) fn inputs(section: Section, typed: &RawForm, institutions: &[Listed]) -> Vec<Input> {
    section.fields().map(|field| input(field, typed.get(field), institutions)).collect()
}

fn input(field: Field, typed: &str, institutions: &[Listed]) -> Input {
    let spec = field.spec();
    let mut input = Input {
        kind: "text",
        field,
        name: field.as_str(),
        label: spec.label,
        hint: spec.hint,
        autocomplete: spec.autocomplete.unwrap_or_default(),
        optional: spec.optional,
        rows: 5,
        words: 0,
        chars: 0,
        least: 0,
        choices: Vec::new(),
        empty: "",
        before: field.expectation(),
    };
    match spec.kind {
        Kind::Line(_) | Kind::Currency => {}
        Kind::Text { most, words } => {
            input.kind = "area";
            input.rows = if most > 2_000 { 10 } else { 5 };
            input.words = words.unwrap_or_default();
            input.chars = if words.is_none() && most >= LONG { most } else { 0 };
            input.least = if field.expectation().is_some() { ANSWER_LEAST } else { 0 };
        }
        Kind::CoSigners => {
            input.kind = "area";
            input.rows = 3;
            input.chars = CO_SIGNERS_MOST;
        }
        Kind::Email => input.kind = "email",
        Kind::WebAddress => input.kind = "url",
        // A browser's date input shows nothing of what it cannot read: such a value stays visible as text.
        Kind::Date => input.kind = if typed.is_empty() || is_machine_date(typed) { "date" } else { "text" },
        Kind::Time => input.kind = if typed.is_empty() || form::read_time(typed).is_some() { "time" } else { "text" },
        Kind::Zone => {
            input.kind = "select";
            input.empty = "Choose a time zone";
            input.choices = zones(typed);
        }
        Kind::Institution => {
            input.kind = "combobox";
            input.empty = "Choose an institution";
            let choice = |one: &Listed| Choice::new(one.id.as_str(), &one.name).found_by(&one.words);
            input.choices = institutions.iter().map(choice).collect();
        }
        Kind::AmountBand => {
            input.kind = "select";
            input.empty = "I would rather not say";
            input.choices = AmountBand::ALL.iter().map(|band| Choice::new(band.as_str(), band.label())).collect();
        }
        Kind::LetterKind => {
            input.kind = "radios";
            let choice = |kind: &LetterKind| Choice::new(kind.as_str(), kind.label()).hint(kind.hint());
            input.choices = LetterKind::ALL.iter().map(choice).collect();
        }
        Kind::Language => {
            input.kind = "select";
            input.empty = "The call does not say: English";
            let choice = |language: &Language| Choice::new(language.as_str(), language.label());
            input.choices = Language::ALL.iter().map(choice).collect();
        }
        Kind::Tick => input.kind = "check",
    }
    input
}

fn is_machine_date(typed: &str) -> bool {
    typed.len() == 10 && typed.as_bytes().get(4) == Some(&b'-') && form::read_date(typed).is_some()
}

/// The zones to choose from; what was typed and is none of them comes first, so that it is not lost.
fn zones(typed: &str) -> Vec<Choice> {
    let often = OFTEN.iter().map(|(name, label)| Choice::new(*name, *label));
    let is_often = |name: &&str| OFTEN.iter().any(|(often, _)| often == name);
    let others = Zone::places().filter(|name| !is_often(name));
    let mut choices: Vec<Choice> = often.chain(others.map(|name| Choice::new(name, name.replace('_', " ")))).collect();
    if !typed.is_empty() && !choices.iter().any(|choice| choice.value == typed) {
        choices.insert(0, Choice::new(typed, format!("{typed} (not a time zone)")));
    }
    choices
}

/// The form's values for redisplay.
pub(super) fn filled(section: Section, typed: &RawForm) -> FormView {
    FormView::filled(section.fields().map(|field| (field.as_str(), typed.get(field))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind_of(field: Field, typed: &str) -> &'static str {
        input(field, typed, &[]).kind
    }

    #[test]
    fn a_date_that_the_browser_cannot_show_stays_visible_as_text() {
        assert_eq!([kind_of(Field::NeededBy, ""), kind_of(Field::NeededBy, "2027-02-24")], ["date", "date"]);
        assert_eq!([kind_of(Field::NeededBy, "31/2/2027"), kind_of(Field::NeededBy, "3 March 2027")], ["text", "text"]);
        assert_eq!([kind_of(Field::DeadlineTime, "17:00"), kind_of(Field::DeadlineTime, "5 pm")], ["time", "text"]);
    }

    #[test]
    fn every_long_text_tells_how_long_it_may_be() {
        let limits = |field| {
            let input = input(field, "", &[]);
            (input.words, input.least, input.chars)
        };
        assert_eq!(limits(Field::Summary), (300, 0, 0));
        assert_eq!(limits(Field::Points), (0, 0, 2_000));
        assert_eq!(limits(Field::CoSigners), (0, 0, 2_000));
        assert_eq!(limits(Field::AddresseeAddress), (0, 0, 0));
        for expectation in Expectation::ALL {
            assert_eq!(limits(Field::answering(*expectation)), (0, 20, 2_000), "{expectation}");
        }
    }

    #[test]
    fn a_zone_that_is_none_stays_in_the_list_until_it_is_changed() {
        assert_eq!(zones("ET").first().map(|choice| choice.value.clone()), Some("ET".into()));
        let names: Vec<String> = zones("").into_iter().map(|choice| choice.value).collect();
        let mut once = names.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), names.len(), "no zone is offered twice");
    }
}

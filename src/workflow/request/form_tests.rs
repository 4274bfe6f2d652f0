//! The form read with everything right, everything missing, and each thing wrong.

use std::time::{Duration, Instant as Stopwatch};

use proptest::prelude::*;

use super::super::answers::LetterKind;
use super::super::rules::Band;
use super::*;

fn now() -> Instant {
    "2027-01-10T12:00:00Z".parse().unwrap()
}

fn against(policy: &Policy) -> Against<'_> {
    Against { now: now(), policy, institution: None, funders: None, is_sent: false }
}

/// A form in which nothing is missing and nothing is wrong.
pub(in crate::workflow::request) fn filled() -> RawForm {
    let mut raw = RawForm::default();
    for (field, typed) in [
        (Field::ApplicantName, "Ada Lovelace"),
        (Field::ApplicantRole, "Grants officer"),
        (Field::ContactEmail, "ada@example.org"),
        (Field::PiName, "Grace Hopper"),
        (Field::PiEmail, "grace@example.org"),
        (Field::InstitutionName, "Example University"),
        (Field::Funder, "National Endowment for the Humanities"),
        (Field::Programme, "Collections"),
        (Field::CallUrl, "https://example.org/call"),
        (Field::AddresseeName, "Review panel"),
        (Field::AddresseeAddress, "1 Main Street\r\nSpringfield"),
        (Field::DeadlineDate, "3 March 2027"),
        (Field::DeadlineTime, "17:00"),
        (Field::DeadlineZone, "America/New_York"),
        (Field::NeededBy, "2027-02-24"),
        (Field::Title, "Maps for all"),
        (Field::Summary, "We publish maps."),
        (Field::AmountBand, "50k_to_250k"),
        (Field::Currency, "usd"),
        (Field::LetterKind, "support"),
    ] {
        raw.set(field, typed);
    }
    for &expectation in Expectation::ALL {
        raw.set(Field::answering(expectation), "We publish every map with the Image API.");
    }
    raw
}

fn with(field: Field, typed: &str) -> RawForm {
    let mut raw = filled();
    raw.set(field, typed);
    raw
}

/// The names of the fields that are wrong.
fn wrong(raw: &RawForm) -> Vec<String> {
    let policy = Policy::default();
    match read(raw, &against(&policy)) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.iter().map(|error| error.field.clone()).collect(),
    }
}

fn message(raw: &RawForm, field: Field) -> String {
    let policy = Policy::default();
    read(raw, &against(&policy)).unwrap_err().of(field.as_str()).unwrap_or_default().to_owned()
}

#[test]
fn a_filled_form_is_a_request() {
    let policy = Policy::default();
    let request = read(&filled(), &against(&policy)).unwrap();
    assert_eq!(request.about.institution, Applying::Named("Example University".into()));
    assert_eq!(request.call.addressee_address, "1 Main Street\nSpringfield");
    assert_eq!(request.call.deadline.at(), "2027-03-03T22:00:00Z".parse::<Instant>().unwrap());
    assert_eq!(request.project.amount.unwrap().currency, "USD");
    assert_eq!(request.expectations.len(), 6);
    assert_eq!(request.letter.kind, LetterKind::Support);
    assert_eq!((request.lead.days, request.lead.band), (52, Band::Normal));
}

#[test]
fn an_empty_form_gives_every_error_at_once_in_the_order_of_the_form() {
    let wrong = wrong(&RawForm::default());
    let optional = [
        Field::InstitutionName,
        Field::CallNumber,
        Field::AddresseeTitle,
        Field::AmountBand,
        Field::Currency,
        Field::LetterLanguage,
        Field::Points,
        Field::CoSigners,
        Field::AtRisk,
        Field::FunderRules,
    ];
    let expected: Vec<&str> = Field::ALL.iter().filter(|field| !optional.contains(field)).map(Field::as_str).collect();
    assert_eq!(wrong, expected);
}

#[test]
fn every_message_is_a_plain_sentence() {
    let policy = Policy::default();
    for error in read(&RawForm::default(), &against(&policy)).unwrap_err().iter() {
        assert!(error.message.ends_with('.') && error.message.starts_with(char::is_uppercase), "{error:?}");
    }
}

#[test]
fn each_wrong_answer_is_told_at_its_field_and_nowhere_else() {
    for (field, typed) in [
        (Field::ApplicantName, "Ada\u{202e}ecalevoL"),
        (Field::ApplicantRole, "a\u{7}b"),
        (Field::ContactEmail, "ada at example.org"),
        (Field::PiEmail, "grace@example"),
        (Field::CallUrl, "javascript:alert(1)"),
        (Field::AddresseeName, "Review\r\npanel"),
        (Field::AddresseeAddress, ""),
        (Field::DeadlineDate, "3/3/2027"),
        (Field::DeadlineDate, "2027-02-30"),
        (Field::DeadlineDate, "1 January 2027"),
        (Field::DeadlineTime, "25:00"),
        (Field::DeadlineTime, "5 pm"),
        (Field::DeadlineZone, "ET"),
        (Field::NeededBy, "2027-03-04"),
        (Field::NeededBy, "2027-01-09"),
        (Field::CoSigners, "Grace Hopper"),
        (Field::CoSigners, "Grace Hopper, Example University\nBo Ek,"),
        (Field::Title, " \u{200b} "),
        (Field::AmountBand, "lots"),
        (Field::Currency, "EURO"),
        (Field::Currency, ""),
        (Field::Relevance, "yes"),
        (Field::Conformance, "Not applicable"),
        (Field::Process, "not applicable because no"),
        (Field::LetterKind, "reference"),
    ] {
        assert_eq!(wrong(&with(field, typed)), [field.as_str()], "{field} = {typed:?}");
    }
}

#[test]
fn not_applicable_with_a_reason_is_an_answer() {
    assert!(wrong(&with(Field::Conformance, "Not applicable because we write no software.")).is_empty());
}

#[test]
fn a_deadline_that_the_clocks_skip_is_told_at_the_time() {
    let mut raw = with(Field::DeadlineDate, "14 March 2027");
    raw.set(Field::DeadlineTime, "02:30");
    let message = message(&raw, Field::DeadlineTime);
    assert!(message.contains("Enter 01:59 or 03:00"), "{message}");
}

#[test]
fn the_call_needs_an_address_or_a_number() {
    let mut raw = with(Field::CallUrl, "");
    assert_eq!(wrong(&raw), ["call_url"]);
    raw.set(Field::CallNumber, "20270303-PW");
    assert!(wrong(&raw).is_empty());
}

#[test]
fn a_picked_institution_must_be_one_we_know() {
    let id: InstitutionId = "0198f0a0-0000-7000-8000-000000000001".parse().unwrap();
    let mut raw = with(Field::InstitutionName, "");
    raw.set(Field::Institution, id.to_string());
    assert_eq!(wrong(&raw), ["institution"]);
    let policy = Policy::default();
    let known = Against { institution: Some(id), ..against(&policy) };
    assert_eq!(read(&raw, &known).unwrap().about.institution, Applying::Known(id));
    raw.set(Field::InstitutionName, "Another");
    assert_eq!(wrong(&raw), ["institution"]);
}

#[test]
fn a_request_at_risk_is_confirmed_first() {
    let mut raw = with(Field::DeadlineDate, "2027-02-01");
    raw.set(Field::NeededBy, "2027-02-01");
    assert_eq!(wrong(&raw), ["at_risk_confirmed"]);
    raw.set(Field::AtRisk, TICKED);
    assert!(wrong(&raw).is_empty());
}

#[test]
fn a_late_request_can_be_sent_and_is_marked() {
    let mut raw = with(Field::DeadlineDate, "2027-01-20");
    raw.set(Field::NeededBy, "2027-01-20");
    let policy = Policy::default();
    assert_eq!(read(&raw, &against(&policy)).unwrap().lead.band, Band::Late);
}

#[test]
fn the_summary_has_three_hundred_words_at_most() {
    assert!(wrong(&with(Field::Summary, &"word ".repeat(300))).is_empty());
    let message = message(&with(Field::Summary, &"word ".repeat(301)), Field::Summary);
    assert_eq!(message, "Shorten the summary to 300 words or fewer. It has 301.");
}

#[test]
fn two_hundred_thousand_characters_are_refused_quickly() {
    for filler in ["a", "\u{301}", "word ", "\r\n", "\u{202e}", " "] {
        let begun = Stopwatch::now();
        let mut raw = filled();
        let fields = [
            Field::ApplicantName,
            Field::ContactEmail,
            Field::CallUrl,
            Field::DeadlineDate,
            Field::DeadlineZone,
            Field::Summary,
        ];
        for field in fields {
            raw.set(field, format!("a{}b", filler.repeat(200_000)));
        }
        assert_eq!(wrong(&raw).len(), fields.len(), "{filler:?}");
        assert!(begun.elapsed() < Duration::from_secs(5), "{filler:?} took {:?}", begun.elapsed());
    }
}

#[test]
fn markup_is_text_like_any_other() {
    let policy = Policy::default();
    for markup in ["<script>alert(1)</script>", "#read(\"/etc/passwd\") $x$", "{{ 7 * 7 }} {% raw %}"] {
        let request = read(&with(Field::Title, markup), &against(&policy)).unwrap();
        assert_eq!(request.project.title, markup);
    }
}

#[test]
fn the_task_list_knows_how_far_each_section_is() {
    let policy = Policy::default();
    let at = against(&policy);
    assert_eq!(progress(Section::Project, &RawForm::default(), &at), Progress::NotStarted);
    assert_eq!(progress(Section::CoSigners, &RawForm::default(), &at), Progress::Optional);
    assert_eq!(progress(Section::Project, &with(Field::Title, ""), &at), Progress::InProgress);
    let done = |section: Section| match progress(section, &filled(), &at) {
        Progress::Completed => true,
        Progress::Optional => section == Section::CoSigners,
        _ => false,
    };
    assert!(Section::FILLED.iter().all(|&section| done(section)));
}

#[test]
fn the_sections_together_find_what_the_whole_form_finds() {
    let policy = Policy::default();
    let raw = RawForm::default();
    let apart: Vec<_> = Section::FILLED
        .iter()
        .flat_map(|&section| errors_in(section, &raw, &against(&policy)).iter().cloned().collect::<Vec<_>>())
        .collect();
    let whole: Vec<_> = read(&raw, &against(&policy)).unwrap_err().iter().cloned().collect();
    assert_eq!(apart, whole);
}

#[test]
fn dates_are_read_as_browsers_and_as_people_write_them() {
    let leap = NaiveDate::from_ymd_opt(2028, 2, 29);
    for typed in ["2028-02-29", " 29 February 2028 ", "29 Feb 2028"] {
        assert_eq!(read_date(typed), leap, "{typed:?}");
    }
    for typed in ["2027-02-29", "02/29/2028", "29 February", "February 29, 2028", "29 February 28", "+9999-01-01", ""] {
        assert_eq!(read_date(typed), None, "{typed:?}");
    }
}

#[test]
fn times_are_read_on_the_24_hour_clock() {
    for (typed, hour, minute) in [("17:00", 17, 0), (" 9:05 ", 9, 5), ("23:59:00", 23, 59), ("00:00", 0, 0)] {
        assert_eq!(read_time(typed), NaiveTime::from_hms_opt(hour, minute, 0), "{typed:?}");
    }
    for typed in ["24:00", "5 pm", "17", "12:60", "17:00:30", "17:00:00:00", ""] {
        assert_eq!(read_time(typed), None, "{typed:?}");
    }
}

proptest! {
    #[test]
    fn whatever_is_typed_is_a_request_or_has_errors(field in 0..Field::ALL.len(), typed in any::<String>()) {
        let policy = Policy::default();
        let outcome = read(&with(Field::ALL[field], &typed), &against(&policy));
        prop_assert!(outcome.is_ok() || !outcome.unwrap_err().is_empty());
    }
}

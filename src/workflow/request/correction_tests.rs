//! Corrections weighed: at every stage, in both directions, with all that is wrong at once.

use super::super::form::tests::filled;
use super::*;
use crate::ids::LetterId;

fn now() -> Instant {
    "2026-03-10T12:00:00Z".parse().unwrap()
}

fn sent_at() -> Instant {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

fn form(changes: &[(Field, &str)]) -> RawForm {
    let mut raw = filled();
    for (field, typed) in
        [(Field::DeadlineDate, "2026-05-01"), (Field::DeadlineZone, "Europe/London"), (Field::NeededBy, "2026-03-12")]
    {
        raw.set(field, typed);
    }
    for (field, typed) in changes {
        raw.set(*field, *typed);
    }
    raw
}

/// A correction of [`form`], sent in `band`, at this stage.
fn weighed(stage: Stage, band: Band, changes: &[(Field, &str)]) -> Result<Correction, FieldErrors> {
    let (before, policy) = (form(&[]), Policy::default());
    let sent = Sent { stage, form: &before, at: sent_at(), policy: &policy, band };
    weigh(&sent, form(changes), now())
}

fn submitted(held: bool) -> Stage {
    Stage::Submitted { at: sent_at(), held }
}

#[test]
fn a_request_is_corrected_from_sending_until_its_letter_is_issued() {
    let (at, letter) = (sent_at(), LetterId::fresh());
    for (stage, may, instead) in [
        (Stage::Draft, false, "in the form"),
        (submitted(true), true, ""),
        (submitted(false), true, ""),
        (Stage::Routed { at }, true, ""),
        (Stage::InReview { at }, true, ""),
        (Stage::Decided { at, answer: Answer::Supported }, true, ""),
        (Stage::Decided { at, answer: Answer::Declined }, false, "start a new one"),
        (Stage::Issued { at, letter }, false, "a new version"),
        (Stage::Delivered { at, letter }, false, "a new version"),
        (Stage::Revoked { letter }, false, "start a new one"),
        (Stage::Withdrawn { at }, false, "start a new one"),
    ] {
        let answer = may_correct(stage);
        assert_eq!(answer.is_ok(), may, "{stage:?}");
        let sentence = answer.err().map(|refusal| refusal.sentence).unwrap_or_default();
        assert!(sentence.contains(instead), "{stage:?}: {sentence}");
    }
}

#[test]
fn a_new_deadline_is_judged_by_the_time_that_is_left_now() {
    // Sent on 2 March with 28 days and more; on 10 March the same day is nearer.
    for (date, band, held) in [
        ("2026-04-07", Band::Normal, false),
        ("2026-04-06", Band::AtRisk, false),
        ("2026-03-24", Band::AtRisk, false),
        ("2026-03-23", Band::Late, true),
    ] {
        let correction = weighed(submitted(false), Band::Normal, &[(Field::DeadlineDate, date)]).unwrap();
        assert_eq!((correction.band, correction.held), (band, held), "{date}");
        assert_eq!(correction.confirmation().is_some(), band == Band::AtRisk, "{date}");
        assert_eq!(correction.must_be_confirmed().is_err(), band == Band::AtRisk, "{date}");
    }
    let risk = [(Field::DeadlineDate, "2026-04-06"), (Field::AtRisk, TICKED)];
    assert!(weighed(submitted(false), Band::Normal, &risk).unwrap().must_be_confirmed().is_ok());
}

#[test]
fn staff_are_asked_again_only_when_less_time_is_left_than_they_admitted() {
    let late = |date, held| {
        let policy = Policy::default();
        let before = form(&[(Field::DeadlineDate, "2026-03-18")]);
        let sent = Sent { stage: submitted(held), form: &before, at: sent_at(), policy: &policy, band: Band::Late };
        weigh(&sent, form(&[(Field::DeadlineDate, date)]), now()).unwrap()
    };
    assert!(late("2026-03-16", false).held, "they admitted eight days, and six are left");
    assert!(!late("2026-03-20", false).held, "more time than they admitted");
    assert!(late("2026-03-20", true).held, "later, and still too late");
    let freed = late("2026-04-20", true);
    assert!(!freed.held && freed.follows()[0].contains("goes to its reviewers"), "{freed:?}");
}

#[test]
fn what_is_on_its_way_is_never_held() {
    for stage in [
        Stage::Routed { at: sent_at() },
        Stage::InReview { at: sent_at() },
        Stage::Decided { at: sent_at(), answer: Answer::Supported },
    ] {
        let late = weighed(stage, Band::Normal, &[(Field::DeadlineDate, "2026-03-14")]).unwrap();
        assert_eq!((late.band, late.held), (Band::Late, false), "{stage:?}");
        let said = late.explanation(&Policy::default());
        assert!(said.contains("in 4 days") && said.contains("may not be ready in time"), "{said}");
        assert!(!said.contains("will be held"), "{said}");
    }
}

#[test]
fn days_that_stay_were_judged_before_and_may_have_passed() {
    let past = [(Field::NeededBy, "2026-03-05")];
    let policy = Policy::default();
    let before = form(&past);
    let sent = Sent { stage: submitted(false), form: &before, at: sent_at(), policy: &policy, band: Band::AtRisk };
    let addressee = form(&[past[0], (Field::AddresseeName, "Dr Jansen")]);
    let correction = weigh(&sent, addressee, now()).unwrap();
    assert_eq!((correction.band, correction.lead, correction.moves_a_day()), (Band::AtRisk, None, false));
    let both = form(&[past[0], (Field::DeadlineDate, "2026-05-02")]);
    assert!(weigh(&sent, both, now()).unwrap_err().of("needed_by").unwrap().contains("has passed"));
}

#[test]
fn all_that_is_wrong_is_told_at_once_and_a_correction_of_nothing_is_none() {
    let wrong = [
        (Field::AddresseeName, " "),
        (Field::DeadlineDate, "2026-02-30"),
        (Field::DeadlineTime, "5 pm"),
        (Field::DeadlineZone, "ET"),
        (Field::NeededBy, ""),
    ];
    let errors = weighed(submitted(false), Band::Normal, &wrong).unwrap_err();
    let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["addressee_name", "deadline_date", "deadline_time", "deadline_zone", "needed_by"]);
    let same = [(Field::DeadlineDate, "1 May 2026"), (Field::AddresseeName, " Review panel ")];
    let errors = weighed(submitted(false), Band::Normal, &same).unwrap_err();
    assert!(errors.of("").unwrap().contains("Nothing is different"));
}

#[test]
fn what_is_corrected_is_told_with_what_was() {
    let changes = [(Field::NeededBy, "2026-03-20"), (Field::AddresseeTitle, "The panel’s chair")];
    let correction = weighed(Stage::Routed { at: sent_at() }, Band::Normal, &changes).unwrap();
    let told = |one: &Corrected| (one.what, one.before.clone(), one.after.clone());
    let told: Vec<_> = correction.corrected.iter().map(told).collect();
    let expected = [
        (What::NeededBy, "12 March 2026".to_owned(), "20 March 2026".to_owned()),
        (
            What::Addressee,
            "Review panel, 1 Main Street, Springfield".to_owned(),
            "Review panel, The panel’s chair, 1 Main Street, Springfield".to_owned(),
        ),
    ];
    assert_eq!(told, expected);
    assert!(correction.moves_a_day() && correction.follows()[0].contains("the reviewers"));
}

#[test]
fn only_what_can_be_corrected_is_taken_from_a_page() {
    let taken = typed(&form(&[]), |field| if field == Field::Title { "Another" } else { "new" });
    assert_eq!(taken.get(Field::Title), "Maps for all");
    assert!(fields().all(|field| taken.get(field) == "new"));
    assert_eq!(fields().count(), 7);
}

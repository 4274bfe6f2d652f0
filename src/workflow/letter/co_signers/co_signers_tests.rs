//! Who is asked when, what the letter waits for, and until when somebody can answer.

use super::form::{fields, read_asking, read_signature, read_signer};
use super::*;

fn at() -> Instant {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn signer(place: i32, needed: bool, answer: Answer) -> CoSigner {
    CoSigner {
        id: CoSignerId::fresh(),
        place,
        name: format!("Signer {place}"),
        address: format!("signer{place}@example.org"),
        organisation: String::new(),
        needed,
        answer,
        reminded_at: None,
    }
}

fn signed() -> Answer {
    Answer::Signed(Signature { name: "Ada".into(), capacity: "Head".into() }, at())
}

fn asking(way: Way) -> Asking {
    Asking { way, last_day: day("2026-03-16"), revision: 1, asked_by: PersonId::fresh() }
}

#[test]
fn all_are_asked_at_once_or_each_after_the_one_before() {
    let list = |answers: [Answer; 3]| {
        let [a, b, c] = answers;
        [signer(1, true, a), signer(2, false, b), signer(3, true, c)]
    };
    let places = |way, signers: &[CoSigner]| {
        let ids = to_ask(way, signers);
        signers.iter().filter(|one| ids.contains(&one.id)).map(|one| one.place).collect::<Vec<_>>()
    };
    let none = || Answer::NotAsked;
    let declined = Answer::Declined("No time.".into(), at());
    assert_eq!(places(Way::Together, &list([none(), none(), none()])), [1, 2, 3]);
    assert_eq!(places(Way::InTurn, &list([none(), none(), none()])), [1]);
    assert_eq!(places(Way::InTurn, &list([Answer::Asked(at()), none(), none()])), [0; 0]);
    assert_eq!(places(Way::InTurn, &list([signed(), none(), none()])), [2]);
    assert_eq!(places(Way::InTurn, &list([signed(), declined, none()])), [3]);
}

#[test]
fn the_letter_waits_for_whom_it_needs_and_until_the_last_day_for_the_others() {
    let asking = asking(Way::Together);
    let (before, last, after) = (day("2026-03-10"), day("2026-03-16"), day("2026-03-17"));
    let of = |signers: &[CoSigner], today| standing(Some(&asking), signers, today);
    let asked = || Answer::Asked(at());
    let declined = || Answer::Declined("No.".into(), at());

    assert_eq!(standing(None, &[], before), Standing::Nobody);
    assert_eq!(standing(None, &[signer(1, true, Answer::NotAsked)], before), Standing::ToBeAsked);
    let both = [signer(1, true, signed()), signer(2, false, asked())];
    assert_eq!((of(&both, before), of(&both, last)), (Standing::Waiting(1, last), Standing::Waiting(1, last)));
    assert_eq!(of(&both, after), Standing::Done, "the letter goes without an optional one");
    assert_eq!(of(&[signer(1, true, asked())], after), Standing::Late(vec!["Signer 1".into()]));
    assert_eq!(of(&[signer(1, true, declined())], before), Standing::Refused("Signer 1".into()));
    assert_eq!(of(&[signer(1, false, declined())], before), Standing::Done);
    let expected = [true, true, false, false, false, false];
    let all = [
        Standing::Nobody,
        Standing::Done,
        Standing::ToBeAsked,
        Standing::Waiting(1, last),
        Standing::Refused("A".into()),
        Standing::Late(vec!["A".into()]),
    ];
    assert_eq!(all.map(|standing| standing.must_be_done().is_ok()), expected);
}

#[test]
fn an_answer_is_given_once_in_turn_and_in_time() {
    let asking = asking(Way::InTurn);
    let may = |answer, today| may_answer(Some(&asking), &signer(1, true, answer), day(today)).is_ok();
    assert!(may(Answer::Asked(at()), "2026-03-16"));
    assert!(!may(Answer::Asked(at()), "2026-03-17"));
    assert!(!may(Answer::NotAsked, "2026-03-10") && !may(signed(), "2026-03-10"));
    assert!(may_answer(None, &signer(1, true, Answer::Asked(at())), day("2026-03-10")).is_err());
}

#[test]
fn who_has_not_answered_is_reminded_once_shortly_before_the_last_day() {
    let asking = asking(Way::Together);
    let mut signers = [signer(1, true, Answer::Asked(at())), signer(2, true, signed())];
    let places = |signers: &[CoSigner], today| {
        to_remind(&asking, signers, day(today)).iter().map(|one| one.place).collect::<Vec<_>>()
    };
    assert_eq!(places(&signers, "2026-03-12"), [0; 0]);
    assert_eq!(places(&signers, "2026-03-13"), [1]);
    assert_eq!(places(&signers, "2026-03-17"), [0; 0]);
    signers[0].reminded_at = Some(at());
    assert_eq!(places(&signers, "2026-03-14"), [0; 0]);
}

#[test]
fn only_signatures_stand_under_the_letter() {
    let signers = [signer(1, true, Answer::Asked(at())), signer(2, true, signed())];
    let shown = signatures(&signers, |at| at.date_naive());
    assert_eq!(shown.len(), 1);
    assert_eq!((shown[0].name.as_str(), shown[0].day), ("Ada", day("2026-03-02")));
}

#[test]
fn everything_wrong_in_a_form_is_said_at_once() {
    let other = signer(1, true, Answer::NotAsked);
    let typed = |name: &str| if name == fields::ADDRESS { "SIGNER1@example.org" } else { "" };
    let errors = read_signer(typed, &[other]).unwrap_err();
    let named: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(named, [fields::NAME, fields::ADDRESS]);
    let errors = read_signature(|_| "").unwrap_err();
    let named: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(named, [fields::NAME, fields::CAPACITY, fields::READ]);
    let today = day("2026-03-02");
    for wrong in ["", "soon", "2026-03-02", "2026-07-01"] {
        let errors = read_asking("any", wrong, today).unwrap_err();
        let named: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(named, [fields::WAY, fields::LAST_DAY], "{wrong}");
    }
    assert_eq!(read_asking("in-turn", "2026-03-16", today), Ok((Way::InTurn, day("2026-03-16"))));
}

//! Who lets a letter go, and what may become of it afterwards: a second person issues what the first looked at, a later
//! version takes its place, two people together take it back.

use chrono::{Days, NaiveDate};

use crate::clock::Instant;
use crate::ids::PersonId;
use crate::plain;
use crate::refusal::Refusal;
use crate::workflow::letter::rules::{LetterState, Register};

/// Days for which the date on a checked letter stands: a colleague may be away over a weekend.
pub const DATE_STANDS: u64 = 7;

/// A letter as it was set and looked at, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The revision of the text that it shows.
    pub revision: i64,
    /// What is publicly told about it.
    pub register: Register,
    /// The version of the house that it shows.
    pub house: i64,
    /// The SHA-256 of its file, in hexadecimal.
    pub sha256: String,
    /// Who looked at it first.
    pub checked_by: PersonId,
    /// Their name.
    pub checker: String,
    /// When.
    pub checked_at: Instant,
}

/// Whether `person` is the second: whoever last changed the words does not issue them too.
pub fn is_second(editor: PersonId, person: PersonId) -> bool {
    editor != person
}

/// Whether a letter that bears `date` may go out on the day `today`. One that may not is looked at anew, with a new date.
pub fn date_stands(date: NaiveDate, today: NaiveDate) -> bool {
    date <= today && date.checked_add_days(Days::new(DATE_STANDS)).is_none_or(|last| today <= last)
}

/// Whether `person` may issue a letter whose words `editor` last changed and which bears `date`, on the day `today`.
///
/// # Errors
/// A refusal that says who may, or what to do first.
pub fn may_let_go(editor: PersonId, person: PersonId, date: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
    if !is_second(editor, person) {
        let sentence = "You wrote this letter\u{2019}s words as they stand, so somebody else of staff issues it. Pass it \
                        on: they have a mail with the way to it.";
        return Err(Refusal::conflict("second-person", sentence));
    }
    if !date_stands(date, today) {
        let sentence = format!(
            "The letter bears the date {}, and a date stands for {DATE_STANDS} days. Look at it again: it then bears \
             today\u{2019}s date.",
            plain::day(date)
        );
        return Err(Refusal::conflict("date-passed", sentence));
    }
    Ok(())
}

/// A wish to take a letter back, and whether a second person agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// Why.
    pub reason: String,
    /// Who wishes it.
    pub proposed_by: PersonId,
    /// Their name.
    pub proposer: String,
    /// Since when.
    pub proposed_at: Instant,
    /// When a second person confirmed it.
    pub confirmed_at: Option<Instant>,
}

/// Whether `person` may confirm `wish`.
///
/// # Errors
/// A refusal: there is no wish, it was confirmed, or it is their own.
pub fn may_confirm(wish: Option<&Revocation>, person: PersonId) -> Result<(), Refusal> {
    match wish {
        None => Err(Refusal::conflict("no-revocation", "Nobody has asked for this letter to be revoked.")),
        Some(wish) if wish.confirmed_at.is_some() => {
            Err(Refusal::conflict("revoked-already", "This letter has been revoked already."))
        }
        Some(wish) if !is_second(wish.proposed_by, person) => {
            let sentence = "You asked for this letter to be revoked, so somebody else of staff confirms it. They have a \
                            mail with the way to it.";
            Err(Refusal::conflict("second-person", sentence))
        }
        Some(_) => Ok(()),
    }
}

/// Whether a letter in this state may be revoked, or a later version of it begun: it has been issued. A superseded one
/// no longer counts, so there is nothing to take back.
///
/// # Errors
/// A refusal that says why not.
pub fn must_be_in_force(state: Option<LetterState>) -> Result<(), Refusal> {
    if state == Some(LetterState::Issued) {
        return Ok(());
    }
    Err(Refusal::conflict("not-in-force", "No letter of this request is in force, so there is none to take back."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn whoever_wrote_the_words_does_not_issue_them() {
        let (editor, other) = (PersonId::fresh(), PersonId::fresh());
        let date = day("2026-03-02");
        assert_eq!(may_let_go(editor, editor, date, date).unwrap_err().code, "second-person");
        assert_eq!(may_let_go(editor, other, date, date), Ok(()));
    }

    #[test]
    fn a_date_stands_for_a_week_and_never_lies_ahead() {
        let (editor, other) = (PersonId::fresh(), PersonId::fresh());
        let on = |today| may_let_go(editor, other, day("2026-03-02"), day(today)).map_err(|refusal| refusal.code);
        assert_eq!((on("2026-03-02"), on("2026-03-09")), (Ok(()), Ok(())));
        assert_eq!((on("2026-03-10"), on("2026-03-01")), (Err("date-passed"), Err("date-passed")));
    }

    #[test]
    fn a_revocation_takes_two_people() {
        let (first, second) = (PersonId::fresh(), PersonId::fresh());
        let at = "2026-03-02T09:00:00Z".parse().unwrap();
        let wish = Revocation {
            reason: "Sent in error.".into(),
            proposed_by: first,
            proposer: "Sam".into(),
            proposed_at: at,
            confirmed_at: None,
        };
        let code = |wish: Option<&Revocation>, person| may_confirm(wish, person).map_err(|refusal| refusal.code);
        assert_eq!(code(None, second), Err("no-revocation"));
        assert_eq!(code(Some(&wish), first), Err("second-person"));
        assert_eq!(code(Some(&wish), second), Ok(()));
        let done = Revocation { confirmed_at: Some(at), ..wish };
        assert_eq!(code(Some(&done), second), Err("revoked-already"));
    }

    #[test]
    fn only_a_letter_in_force_is_taken_back() {
        assert_eq!(must_be_in_force(Some(LetterState::Issued)), Ok(()));
        for state in [None, Some(LetterState::Draft), Some(LetterState::Superseded), Some(LetterState::Revoked)] {
            assert!(must_be_in_force(state).is_err(), "{state:?}");
        }
    }
}

//! What may be done with a mail that waits for staff to look at it: a change of its words, but not of where it leads.

use super::message::MailState;
use super::{html, kinds};
use crate::clock::Instant;
use crate::plain;
use crate::refusal::{FieldErrors, Refusal};

/// The field with the kinds that are held.
pub const KINDS: &str = "kind";
/// The field with the subject.
pub const SUBJECT: &str = "subject";
/// The field with the text.
pub const TEXT: &str = "text";
/// The field that says why a mail is discarded.
pub const REASON: &str = "discard_reason";

/// The longest subject, in characters.
const SUBJECT_LIMIT: usize = 400;
/// The longest text, in characters.
const TEXT_LIMIT: usize = 20_000;
/// The longest reason, in characters.
const REASON_LIMIT: usize = 500;

/// The words of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

impl Words {
    /// The words as they come back from a form that nobody changed.
    pub fn as_typed(&self) -> Self {
        let text = plain::text(&self.text, usize::MAX).unwrap_or_else(|_| self.text.clone());
        let subject = plain::line(&self.subject, usize::MAX).unwrap_or_else(|_| self.subject.clone());
        Self { subject, text }
    }

    /// What differs from `other`, by the names of the fields.
    pub fn differing(&self, other: &Self) -> Vec<&'static str> {
        let fields = [(SUBJECT, self.subject == other.subject), (TEXT, self.text == other.text)];
        fields.into_iter().filter(|(_, same)| !same).map(|(name, _)| name).collect()
    }
}

/// Words as typed, for a mail that leads to `links`.
///
/// # Errors
/// All that is wrong with them: each address of the mail keeps a line of its own.
pub fn read(subject: &str, text: &str, links: &[String]) -> Result<Words, FieldErrors> {
    let mut errors = FieldErrors::default();
    let mut take = |field: &str, read: Result<String, plain::Flaw>, what: &str| {
        read.map_err(|flaw| errors.add(field, flaw.sentence(what))).unwrap_or_default()
    };
    let subject = take(SUBJECT, plain::line(subject, SUBJECT_LIMIT), "the subject");
    let text = take(TEXT, plain::text(text, TEXT_LIMIT), "the text");
    let there = html::addresses(&text);
    if let Some(missing) = links.iter().find(|link| !text.is_empty() && !there.contains(link)) {
        errors.add(TEXT, format!("Leave this address in the text, on a line of its own: {missing}"));
    }
    errors.unless_any(Words { subject, text })
}

/// The kinds of mail that are held, by their names as typed.
///
/// # Errors
/// The field, when a name is no kind of mail to applicants.
pub fn kinds_named(names: &[String]) -> Result<Vec<&'static str>, FieldErrors> {
    let known: Vec<&str> = kinds::holdable().map(|kind| kind.name).collect();
    if names.iter().any(|name| !known.contains(&name.as_str())) {
        return Err(FieldErrors::one(KINDS, "Choose kinds of mail from this list."));
    }
    Ok(known.into_iter().filter(|known| names.iter().any(|name| name == known)).collect())
}

/// Why a mail is discarded, as typed.
///
/// # Errors
/// What is wrong with it.
pub fn reason(typed: &str) -> Result<String, FieldErrors> {
    plain::text(typed, REASON_LIMIT).map_err(|flaw| FieldErrors::one(REASON, flaw.sentence("the reason")))
}

/// Refuses unless a mail still waits for staff at `now`.
///
/// # Errors
/// A refusal that says what has become of it.
pub fn must_wait(state: MailState, expires_at: Option<Instant>, now: Instant) -> Result<(), Refusal> {
    let sentence = match state {
        MailState::Held if expires_at.is_none_or(|at| at > now) => return Ok(()),
        MailState::Held => "Its time has passed, so it is not sent any more.",
        MailState::Queued | MailState::Sent | MailState::Failed => {
            "A colleague has sent this mail meanwhile. Nothing was changed."
        }
        MailState::Dropped => "This mail was discarded meanwhile, or its time has passed. Nothing was sent.",
    };
    Err(Refusal::conflict("not-held", sentence))
}

/// Refuses a change of words that a colleague has changed since they were shown: `seen` is what was shown, `is` what stands.
///
/// # Errors
/// A refusal that says what to do.
pub fn must_be_as_seen(seen: i32, is: i32) -> Result<(), Refusal> {
    if seen == is {
        return Ok(());
    }
    let sentence = "A colleague has changed this mail while you were writing. Your words are kept below, theirs stand above: \
                    compare the two, and send or save again.";
    Err(Refusal::conflict("mail-changed", sentence))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "https://letters.example/requests/1";

    fn links() -> Vec<String> {
        vec![HERE.to_owned()]
    }

    #[test]
    fn words_may_change_and_the_address_stays_on_its_line() {
        let words = read(" A subject ", &format!("Dear Ada,\r\n\r\n  {HERE}  \r\n"), &links()).unwrap();
        assert_eq!((words.subject.as_str(), words.text), ("A subject", format!("Dear Ada,\n\n  {HERE}")));
        for text in ["Dear Ada,".to_owned(), format!("See {HERE} there"), format!("{HERE}/x")] {
            let errors = read("A", &text, &links()).unwrap_err();
            assert!(errors.of(TEXT).is_some_and(|error| error.ends_with(HERE)), "{text}: {errors:?}");
        }
        assert!(read("A", "Dear Ada,", &[]).is_ok());
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let errors = read("A\nB", " ", &links()).unwrap_err();
        assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), [SUBJECT, TEXT]);
        assert!(
            reason(" ").is_err() && reason(&"x".repeat(REASON_LIMIT + 1)).is_err() && reason("Not needed.").is_ok()
        );
    }

    #[test]
    fn of_the_kinds_all_are_known() {
        let named = |names: &[&str]| kinds_named(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        let first = kinds::holdable().next().unwrap().name;
        assert_eq!((named(&[]), named(&[first, first])), (Ok(vec![]), Ok(vec![first])));
        assert!(named(&[first, "sign-in"]).unwrap_err().of(KINDS).is_some());
    }

    #[test]
    fn only_a_mail_that_waits_and_whose_time_has_not_passed_is_changed_sent_or_discarded() {
        let now: Instant = "2026-03-02T09:00:00Z".parse().unwrap();
        let later = now + chrono::TimeDelta::seconds(1);
        assert!(must_wait(MailState::Held, None, now).is_ok() && must_wait(MailState::Held, Some(later), now).is_ok());
        assert!(must_wait(MailState::Held, Some(now), now).is_err());
        for state in MailState::ALL.iter().filter(|state| **state != MailState::Held) {
            assert!(must_wait(*state, None, now).is_err(), "{state}");
        }
        assert!(must_be_as_seen(1, 1).is_ok() && must_be_as_seen(0, 1).is_err());
    }

    #[test]
    fn words_that_nobody_changed_come_back_as_they_were() {
        let kept = Words { subject: "A".to_owned(), text: format!("Dear Ada,\n\n  {HERE} \n\n") };
        let typed = read(&kept.subject, &kept.text, &links()).unwrap();
        assert_eq!(typed.differing(&kept.as_typed()), [""; 0]);
        let other = Words { subject: "B".to_owned(), ..typed.clone() };
        assert_eq!(other.differing(&typed), [SUBJECT]);
    }
}

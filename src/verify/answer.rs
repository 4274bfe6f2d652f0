//! What the holder of a letter is told about its code. Nothing is told that the letter itself does not say.

use chrono::NaiveDate;

use crate::plain;
use crate::workflow::letter::code::{Code, Mistyped};
use crate::workflow::letter::rules::{LetterState, Register};

/// The signed original of a letter, for the check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// The SHA-256 of its file, in hexadecimal.
    pub sha256: String,
    /// Whose certificate signed it, and who vouches for that.
    pub certificate: String,
    /// The SHA-256 of the certificate, in hexadecimal.
    pub fingerprint: String,
    /// What is told of its time stamp.
    pub stamped: String,
}

/// A letter as it stands, for the check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// What has become of it.
    pub state: LetterState,
    /// What is publicly told about it.
    pub register: Register,
    /// The SHA-256 of its file, in hexadecimal.
    pub sha256: String,
    /// Its signed original, if it has one.
    pub seal: Option<Seal>,
    /// The day since which it no longer counts, when it does not.
    pub ended_on: Option<NaiveDate>,
}

impl Standing {
    /// The day since which it no longer counts, in words.
    pub fn ended(&self) -> Option<String> {
        self.ended_on.map(|day| plain::day(day).to_string())
    }
}

/// The answer to a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The letter is in force.
    Valid(Standing),
    /// A later version has taken its place.
    Superseded(Standing),
    /// The Consortium has taken it back.
    Revoked(Standing),
    /// No letter bears the code, or none that may be told of. The two look alike.
    NotRecognised,
    /// It cannot be a code.
    Mistyped(Mistyped),
    /// No issued letter is this file, byte for byte.
    OtherFile,
}

impl Answer {
    /// What is told of a letter that was found, or `otherwise`. A draft is no letter yet.
    fn of(found: Option<Standing>, otherwise: Self) -> Self {
        let Some(letter) = found else { return otherwise };
        match letter.state {
            LetterState::Issued => Self::Valid(letter),
            LetterState::Superseded => Self::Superseded(letter),
            LetterState::Revoked => Self::Revoked(letter),
            LetterState::Draft => otherwise,
        }
    }
}

/// The SHA-256 of a file in the form in which it is kept: 64 lower-case hexadecimal digits. `None` for anything else.
pub fn fingerprint(typed: &str) -> Option<String> {
    let is_one = typed.len() == 64 && typed.bytes().all(|letter| letter.is_ascii_hexdigit());
    is_one.then(|| typed.to_ascii_lowercase())
}

/// The answer to a file: `found` is the letter that was issued as these very bytes.
pub fn of_file(found: Option<Standing>) -> Answer {
    Answer::of(found, Answer::OtherFile)
}

/// Reads `typed` and asks `find` for the letter that bears the code.
///
/// # Errors
/// What `find` fails with.
pub fn answer<E>(typed: &str, find: impl FnOnce(Code) -> Result<Option<Standing>, E>) -> Result<Answer, E> {
    let code = match Code::read(typed) {
        Ok(code) => code,
        Err(why) => return Ok(Answer::Mistyped(why)),
    };
    Ok(Answer::of(find(code)?, Answer::NotRecognised))
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    fn standing(state: LetterState) -> Standing {
        let register = Register {
            issuer: "IIIF Consortium".into(),
            number: "LOS-2026-0001".into(),
            date: "2026-03-02".parse().unwrap(),
            applicant: "Example University".into(),
            funder: "Fund".into(),
            programme: "Programme".into(),
            title: "Scrolls".into(),
            signed_as: "Managing Director".into(),
            pages: 1,
        };
        Standing { state, register, sha256: "00".repeat(32), seal: None, ended_on: None }
    }

    fn ask(typed: &str, found: Option<Standing>) -> Answer {
        answer::<Infallible>(typed, |_| Ok(found)).unwrap_or_else(|never| match never {})
    }

    #[test]
    fn each_state_of_a_letter_has_its_answer() {
        let code = Code::from_chance([7; 10]).unwrap().to_string();
        assert!(matches!(ask(&code, Some(standing(LetterState::Issued))), Answer::Valid(_)));
        assert!(matches!(ask(&code, Some(standing(LetterState::Superseded))), Answer::Superseded(_)));
        assert!(matches!(ask(&code, Some(standing(LetterState::Revoked))), Answer::Revoked(_)));
        assert_eq!(ask(&code, None), Answer::NotRecognised);
    }

    #[test]
    fn a_draft_looks_like_no_letter_at_all() {
        let code = Code::from_chance([7; 10]).unwrap().to_string();
        assert_eq!(ask(&code, Some(standing(LetterState::Draft))), ask(&code, None));
    }

    #[test]
    fn a_mistyped_code_is_not_looked_up() {
        let looked_up = answer("not a code", |_| -> Result<Option<Standing>, &str> { Err("looked up") });
        assert!(matches!(looked_up, Ok(Answer::Mistyped(_))));
    }

    #[test]
    fn a_file_is_known_by_its_very_bytes_and_a_draft_is_no_letter() {
        assert!(matches!(of_file(Some(standing(LetterState::Issued))), Answer::Valid(_)));
        assert!(matches!(of_file(Some(standing(LetterState::Revoked))), Answer::Revoked(_)));
        assert_eq!(of_file(Some(standing(LetterState::Draft))), Answer::OtherFile);
        assert_eq!(of_file(None), Answer::OtherFile);
    }

    #[test]
    fn a_fingerprint_is_64_hexadecimal_digits() {
        assert_eq!(fingerprint(&"Ab".repeat(32)), Some("ab".repeat(32)));
        for wrong in ["", "abc", &"g".repeat(64), &"a".repeat(65), &"\u{e9}".repeat(32)] {
            assert_eq!(fingerprint(wrong), None, "{wrong}");
        }
    }
}

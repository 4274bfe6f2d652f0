//! What the holder of a letter is told about its code. Nothing is told that the letter itself does not say.

use chrono::NaiveDate;

use crate::plain;
use crate::workflow::letter::code::{Code, Mistyped};
use crate::workflow::letter::rules::{LetterState, Register};

/// A letter as it stands, for the check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// What has become of it.
    pub state: LetterState,
    /// What is publicly told about it.
    pub register: Register,
    /// The SHA-256 of its file, in hexadecimal.
    pub sha256: String,
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
    Ok(match find(code)? {
        None => Answer::NotRecognised,
        Some(letter) => match letter.state {
            LetterState::Issued => Answer::Valid(letter),
            LetterState::Superseded => Answer::Superseded(letter),
            LetterState::Revoked => Answer::Revoked(letter),
            LetterState::Draft => Answer::NotRecognised,
        },
    })
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
        Standing { state, register, sha256: "00".repeat(32), ended_on: None }
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
}

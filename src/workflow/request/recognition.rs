//! An institution that the applicant typed and did not choose: until when staff can say which one it is.

use super::fields::Field;
use super::raw::RawForm;
use crate::people::access::no_such_request;
use crate::plain;
use crate::refusal::Refusal;
use crate::workflow::stage::Stage;

/// The institution's name as the applicant typed it; `None` when they chose it from the list.
pub fn typed_name(typed: &RawForm) -> Option<&str> {
    let is_picked = !plain::is_blank(typed.get(Field::Institution));
    Some(typed.get(Field::InstitutionName)).filter(|name| !is_picked && !plain::is_blank(name))
}

/// Whether staff may say which institution a request comes from: it was typed, and no letter has named it yet.
///
/// # Errors
/// A refusal that says what is in the way.
pub fn may_recognise(stage: Stage, typed: &RawForm) -> Result<(), Refusal> {
    let refuse = |sentence: &str| Err(Refusal::conflict("not-to-be-recognised", sentence));
    match stage {
        Stage::Draft => Err(no_such_request()),
        Stage::Withdrawn { .. } => {
            refuse("The applicant has withdrawn the request, so it makes no difference any more.")
        }
        Stage::Issued { .. } | Stage::Delivered { .. } | Stage::Revoked { .. } => {
            refuse("A letter has been issued, and it names the institution as it was. That stays.")
        }
        _ if typed_name(typed).is_none() => refuse("The applicant chose the institution from the list."),
        Stage::Submitted { .. } | Stage::Routed { .. } | Stage::InReview { .. } | Stage::Decided { .. } => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Instant;
    use crate::ids::LetterId;
    use crate::workflow::stage::Answer;

    #[test]
    fn a_typed_institution_can_be_recognised_until_a_letter_names_it() {
        let at: Instant = "2026-03-02T09:00:00Z".parse().unwrap();
        let letter = LetterId::fresh();
        let mut typed = RawForm::default();
        typed.set(Field::InstitutionName, "Univ. of Leeds");
        for (stage, may) in [
            (Stage::Draft, false),
            (Stage::Submitted { at, held: true }, true),
            (Stage::Submitted { at, held: false }, true),
            (Stage::Routed { at }, true),
            (Stage::InReview { at }, true),
            (Stage::Decided { at, answer: Answer::Supported }, true),
            (Stage::Issued { at, letter }, false),
            (Stage::Delivered { at, letter }, false),
            (Stage::Revoked { letter }, false),
            (Stage::Withdrawn { at }, false),
        ] {
            assert_eq!(may_recognise(stage, &typed).is_ok(), may, "{stage:?}");
        }
        typed.set(Field::Institution, "0198f0a0-0000-7000-8000-000000000001");
        assert_eq!(typed_name(&typed), None);
        assert!(may_recognise(Stage::InReview { at }, &typed).is_err(), "what was chosen is not typed");
    }
}

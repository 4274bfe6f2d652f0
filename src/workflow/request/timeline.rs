//! What has happened to a request, as far as it concerns its applicant: told from the journal, so that nothing of it is
//! lost when things take another turn. How anybody of the committee acted is not told.

use serde_json::Value;

use crate::clock::Instant;
use crate::ids::PersonId;

/// An entry of the request's journal.
#[derive(Debug, Clone, Copy)]
pub struct Noted<'a> {
    /// When.
    pub at: Instant,
    /// Who on the applicant's side; none for everybody else.
    pub applicant: Option<PersonId>,
    /// What was done, in kebab-case.
    pub what: &'a str,
    /// Particulars as JSON.
    pub detail: &'a str,
}

/// Something that has happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Instant,
    /// What, in a sentence.
    pub what: String,
}

/// What has happened, the newest first. `called` names a person of the applicant's side: "You" for the reader.
pub fn events<'a>(journal: impl Iterator<Item = Noted<'a>>, called: impl Fn(PersonId) -> String) -> Vec<Event> {
    let mut events: Vec<Event> = journal
        .filter_map(|noted| {
            let who = noted.applicant.map(&called).unwrap_or_default();
            Some(Event { at: noted.at, what: sentence(&noted, &who)? })
        })
        .collect();
    events.reverse();
    events
}

/// An entry as a sentence; none where it does not concern the applicant.
fn sentence(noted: &Noted<'_>, who: &str) -> Option<String> {
    let detail: Value = serde_json::from_str(noted.detail).unwrap_or_default();
    let said = |name: &str| detail.get(name).and_then(Value::as_str).unwrap_or_default();
    let is = |name: &str| detail.get(name).and_then(Value::as_bool).unwrap_or_default();
    let sentence = match noted.what {
        "request-begun" => format!("{who} began the request."),
        "request-submitted" => format!("{who} sent the request."),
        "request-corrected" => format!("{who} corrected the deadline or the addressee."),
        "request-withdrawn" => format!("{who} withdrew the request."),
        "request-admitted" => "Staff let the committee review the request although it is late.".to_owned(),
        "request-routed" => "The request went to its reviewers.".to_owned(),
        "question-asked" => "A question was asked about the request.".to_owned(),
        "question-answered" => format!("{who} answered a question."),
        "question-withdrawn" => "A question was withdrawn.".to_owned(),
        "answer-released" if said("answer") == "supported" => {
            "The answer came: the Consortium supports the proposal.".to_owned()
        }
        "answer-released" => "The answer came: the request was declined.".to_owned(),
        // Of an answer that was never released, nothing is told.
        "answer-reopened" if is("released") => {
            format!("The answer was taken back, and it is decided anew. Why: {}", said("reason"))
        }
        "letter-issued" if said("supersedes").is_empty() => "The letter was issued.".to_owned(),
        "letter-issued" => "A new version of the letter was issued.".to_owned(),
        "letter-revoked" => format!("The letter was revoked. Why: {}", said("reason")),
        "letter-downloaded" if is("first") => format!("{who} downloaded the letter."),
        "copy-asked" => format!("{who} asked for a physical copy of the letter."),
        "copy-posted" => "The physical copy was posted.".to_owned(),
        "copy-returned" => "The physical copy came back.".to_owned(),
        _ => return None,
    };
    Some(sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(journal: &[(&str, &str)]) -> Vec<String> {
        let (person, at) = (PersonId::fresh(), "2026-03-01T12:00:00Z".parse().unwrap());
        let noted = journal.iter().map(|(what, detail)| Noted { at, applicant: Some(person), what, detail });
        events(noted, |_| "Ada".to_owned()).into_iter().map(|event| event.what).collect()
    }

    #[test]
    fn an_answer_and_its_taking_back_are_both_told_and_one_that_was_never_released_is_not() {
        let told = told(&[
            ("answer-prepared", r#"{"answer":"supported"}"#),
            ("answer-reopened", r#"{"answer":"supported","released":false,"reason":"hidden"}"#),
            ("answer-released", r#"{"answer":"supported"}"#),
            ("answer-reopened", r#"{"answer":"supported","released":true,"reason":"The partner has left."}"#),
            ("answer-released", r#"{"answer":"declined"}"#),
        ]);
        assert_eq!(
            told,
            [
                "The answer came: the request was declined.",
                "The answer was taken back, and it is decided anew. Why: The partner has left.",
                "The answer came: the Consortium supports the proposal.",
            ]
        );
    }

    #[test]
    fn a_letter_is_told_from_its_issue_to_its_revocation() {
        let told = told(&[
            ("letter-issued", r#"{"supersedes":null}"#),
            ("letter-downloaded", r#"{"first":true}"#),
            ("letter-downloaded", r#"{"first":false}"#),
            ("letter-issued", r#"{"supersedes":"0192f0c1-2345-7abc-8def-0123456789ab"}"#),
            ("letter-revoked", r#"{"reason":"It names the wrong funder."}"#),
        ]);
        assert_eq!(
            told,
            [
                "The letter was revoked. Why: It names the wrong funder.",
                "A new version of the letter was issued.",
                "Ada downloaded the letter.",
                "The letter was issued.",
            ]
        );
    }

    #[test]
    fn what_the_committee_and_staff_do_among_themselves_is_not_told() {
        let among_them = ["review-sent", "ballot-cast", "tally-called", "conflict-declared", "letter-drafted"];
        assert_eq!(told(&among_them.map(|what| (what, "{}"))), [""; 0]);
    }
}

//! What staff do with several requests at once: which of them are chosen, and what is done with each.

use crate::ids::RequestId;
use crate::refusal::{FieldErrors, Refusal};
use crate::worded;
use crate::workflow::phrase::counted;
use crate::workflow::stage::{Answer, Stage};

/// The field of the boxes, each with the id of a request.
pub const REQUEST: &str = "request";
/// The field of the buttons.
pub const ACT: &str = "act";
/// How many requests something is done with at a time: as many as one page of the queue shows.
pub const MOST: usize = 50;

worded! {
    /// What is done with the chosen requests.
    pub enum Act {
        /// Each is taken as a PDF.
        Requests = "requests",
        /// Their letters are taken.
        Letters = "letters",
        /// Their physical copies are printed.
        Print = "print",
        /// Whoever is awaited has a mail.
        Write = "write",
    }
}

impl Act {
    /// What its button says.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Requests => "Requests as PDF (ZIP)",
            Self::Letters => "Letters (ZIP)",
            Self::Print => "Mark the copies printed",
            Self::Write => "Write to whoever is awaited",
        }
    }

    /// What is said in short of a request with which it is done, or not.
    pub const fn result(self, is_done: bool) -> &'static str {
        match (self, is_done) {
            (Self::Requests | Self::Letters, true) => "In the file",
            (Self::Requests | Self::Letters, false) => "Not in it",
            (Self::Print | Self::Write, true) => "Done",
            (Self::Print | Self::Write, false) => "Not done",
        }
    }

    /// The heading above what came of it.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Requests => "The chosen requests as PDF",
            Self::Letters => "The chosen letters",
            Self::Print => "Copies marked printed",
            Self::Write => "Mails to whoever is awaited",
        }
    }

    /// Where the file with these requests is, of an act that takes something away.
    pub fn file(self, ids: &[RequestId]) -> Option<String> {
        let path = match self {
            Self::Requests => "/requests.zip",
            Self::Letters => "/letters.zip",
            Self::Print | Self::Write => return None,
        };
        let ids: Vec<String> = ids.iter().map(|id| format!("{REQUEST}={id}")).collect();
        Some(format!("{path}?{}", ids.join("&")))
    }
}

/// What is to be done with which requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// What.
    pub act: Act,
    /// With which, each once, in the order of the list.
    pub ids: Vec<RequestId>,
}

/// Reads the boxes that are ticked and the button that was pressed.
///
/// # Errors
/// A field error when no box is ticked or too many are.
pub fn read<'f>(ticked: impl Iterator<Item = &'f str>, pressed: &str) -> Result<Chosen, FieldErrors> {
    let mut ids: Vec<RequestId> = Vec::new();
    for id in ticked.filter_map(|id| id.parse().ok()) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let wrong = |sentence: String| Err(FieldErrors::one(REQUEST, sentence));
    match (pressed.parse(), ids.len()) {
        (_, 0) => wrong("Choose at least one request.".to_owned()),
        (_, many) if many > MOST => wrong(format!("Choose at most {MOST} requests at a time; these are {many}.")),
        (Err(_), _) => wrong("Press one of the buttons below the list.".to_owned()),
        (Ok(act), _) => Ok(Chosen { act, ids }),
    }
}

/// The field with what the list showed of the physical copy of a request.
pub fn seen_field(id: RequestId) -> String {
    format!("seen-{id}")
}

/// What is said of a request that is not there, and of one that is closed to whoever asks: the two look alike.
pub fn not_there() -> Refusal {
    Refusal::not_found("no-such-request", "There is no such request among those that you see. Load the list anew.")
}

/// Whether a request that stands at `stage` has a letter to take.
///
/// # Errors
/// A refusal when no letter of it is in force.
pub fn must_have_letter(stage: Stage) -> Result<(), Refusal> {
    let sentence = match stage {
        Stage::Issued { .. } | Stage::Delivered { .. } => return Ok(()),
        Stage::Revoked { .. } => "Its letter was revoked. A new one can be issued on its page.",
        Stage::Decided { answer: Answer::Supported, .. } => "Its letter is not issued yet. Write it, or go on with it.",
        _ => "It has no letter. Staff write one when the committee supports the request.",
    };
    Err(Refusal::conflict("no-letter", sentence))
}

/// Whether a request that stands at `stage` is in the file of `act`; there is nothing more to be said of it then.
///
/// # Errors
/// A refusal when there is nothing of it to be taken.
pub fn may_take(act: Act, stage: Stage) -> Result<String, Refusal> {
    if act == Act::Letters {
        must_have_letter(stage)?;
    }
    Ok(String::new())
}

/// For how many of `all` chosen requests it is `done`, in a sentence; of a file, how many are in it.
pub fn how_many(act: Act, done: usize, all: usize) -> String {
    let requests = counted(u32::try_from(all).unwrap_or(u32::MAX), "request");
    let is_file = matches!(act, Act::Requests | Act::Letters);
    match (done, is_file) {
        (0, true) => "There is nothing to take. For each request it is said why.".to_owned(),
        (0, false) => "Nothing was done. For each request it is said why.".to_owned(),
        (done, true) => format!("{done} of {requests} can be taken."),
        (done, false) if done == all => format!("Done for {requests}."),
        (done, false) => format!("Done for {done} of {requests}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::LetterId;

    fn ids(count: usize) -> Vec<String> {
        (0..count).map(|_| RequestId::fresh().to_string()).collect()
    }

    fn read(ids: &[String], pressed: &str) -> Result<Chosen, String> {
        super::read(ids.iter().map(String::as_str), pressed).map_err(|errors| errors.of(REQUEST).unwrap().to_owned())
    }

    #[test]
    fn up_to_fifty_requests_are_chosen_each_once() {
        let fifty = ids(50);
        let chosen = read(&fifty, "write").unwrap();
        assert_eq!((chosen.act, chosen.ids.len()), (Act::Write, 50));
        let twice = [&fifty[..2], &fifty[..2], &["nonsense".to_owned()]].concat();
        assert_eq!(read(&twice, "print").unwrap().ids.len(), 2);
    }

    #[test]
    fn nothing_too_much_and_no_button_are_told() {
        assert_eq!(read(&[], "write").unwrap_err(), "Choose at least one request.");
        assert!(read(&ids(51), "write").unwrap_err().contains("at most 50"));
        assert!(read(&ids(1), "burn").unwrap_err().contains("one of the buttons"));
    }

    #[test]
    fn only_a_letter_in_force_is_taken() {
        let (at, letter) = ("2026-03-02T09:00:00Z".parse().unwrap(), LetterId::fresh());
        for stage in [Stage::Issued { at, letter }, Stage::Delivered { at, letter }] {
            assert_eq!(must_have_letter(stage), Ok(()));
        }
        for (stage, words) in [
            (Stage::Revoked { letter }, "revoked"),
            (Stage::Decided { at, answer: Answer::Supported }, "not issued yet"),
            (Stage::Decided { at, answer: Answer::Declined }, "no letter"),
            (Stage::InReview { at }, "no letter"),
        ] {
            let refusal = must_have_letter(stage).unwrap_err();
            assert!(refusal.sentence.contains(words), "{refusal}");
        }
    }

    #[test]
    fn it_is_said_for_how_many_it_is_done() {
        let said = |act, done| how_many(act, done, 2);
        assert_eq!(
            (said(Act::Write, 2), said(Act::Write, 1)),
            ("Done for 2 requests.".into(), "Done for 1 of 2 requests.".into())
        );
        assert_eq!(said(Act::Letters, 1), "1 of 2 requests can be taken.");
        assert!(
            said(Act::Print, 0).starts_with("Nothing was done.") && said(Act::Letters, 0).contains("nothing to take")
        );
    }

    #[test]
    fn what_is_taken_away_has_an_address_and_what_is_done_has_none() {
        let id = RequestId::fresh();
        assert_eq!(Act::Letters.file(&[id, id]).unwrap(), format!("/letters.zip?request={id}&request={id}"));
        assert_eq!((Act::Print.file(&[id]), Act::Write.file(&[id])), (None, None));
    }
}

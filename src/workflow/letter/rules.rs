//! When a letter may be drafted and issued, what it is called, and the states it goes through.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::audit::entry::hex;
use crate::clock::Instant;
use crate::ids::{LetterId, MotionId};
use crate::plain;
use crate::refusal::{FieldErrors, Refusal};
use crate::worded;
use crate::workflow::letter::text::LetterText;
use crate::workflow::stage::{self, Stage, Step};

/// The most words of a letter's body (funders.md, "Length": two pages hold 850, never more).
pub const MOST_WORDS: usize = 850;

worded! {
    /// What has become of a letter.
    pub enum LetterState {
        /// Staff are writing it.
        Draft = "draft",
        /// It is out and in force.
        Issued = "issued",
        /// A later version has taken its place.
        Superseded = "superseded",
        /// The Consortium has taken it back.
        Revoked = "revoked",
    }
}

impl LetterState {
    /// The state in a word, as staff read it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Draft => "Being written",
            Self::Issued => "In force",
            Self::Superseded => "Superseded",
            Self::Revoked => "Revoked",
        }
    }
}

/// What is publicly told about a letter to whoever holds its code; agreed with the applicant by asking for the letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Register {
    /// Who issued it.
    pub issuer: String,
    /// Our number.
    pub number: String,
    /// The date on the letter.
    pub date: NaiveDate,
    /// The institution that applies.
    pub applicant: String,
    /// The funder.
    pub funder: String,
    /// The funder's programme.
    pub programme: String,
    /// The project's title.
    pub title: String,
    /// In what capacity it was signed.
    pub signed_as: String,
    /// How many pages it has.
    pub pages: usize,
}

impl Register {
    /// The date on the letter in words.
    pub fn day(&self) -> String {
        plain::day(self.date).to_string()
    }
}

/// Whether the letter of a request at `stage`, resting on the carried `motion`, may be drafted.
///
/// # Errors
/// Why not: the stage does not allow it, or no carried motion supports the proposal.
pub fn may_draft(stage: Stage, motion: Option<MotionId>) -> Result<MotionId, Refusal> {
    stage::advance(stage, Step::DraftLetter)?;
    motion.ok_or_else(no_motion)
}

/// Whether the letter may be issued now; the motion it rests on.
///
/// # Errors
/// Why not, as for [`may_draft`].
pub fn may_issue(stage: Stage, motion: Option<MotionId>, letter: LetterId, at: Instant) -> Result<MotionId, Refusal> {
    stage::advance(stage, Step::Issue { at, letter })?;
    motion.ok_or_else(no_motion)
}

/// Refuses the first draft of a request whose letter is out: what comes next is a new version.
///
/// # Errors
/// A refusal that says what to do instead.
pub fn must_be_first(stage: Stage) -> Result<(), Refusal> {
    if matches!(stage, Stage::Decided { .. }) {
        return Ok(());
    }
    let sentence =
        "This letter has already been issued, and an issued letter is never changed. Begin a new version of it.";
    Err(Refusal::conflict("issued-already", sentence))
}

/// What looking at the draft of a letter is answered with where there is none: most often a colleague has just issued it.
pub fn no_draft(stage: Stage) -> Refusal {
    must_be_first(stage)
        .err()
        .unwrap_or_else(|| Refusal::conflict("no-draft", "Nobody has begun to write this letter. Begin with its text."))
}

/// What asking for a new version of a letter that was never issued is answered with.
pub fn nothing_issued() -> Refusal {
    Refusal::conflict("nothing-issued", "This request has no letter yet, so there is nothing to make a new version of.")
}

fn no_motion() -> Refusal {
    Refusal::conflict(
        "no-carried-motion",
        "No carried motion of the Executive Committee supports this request, so it can have no letter.",
    )
}

/// Refuses a text that was last saved when the answer rested on another motion: it tells of the decision that was taken
/// back since.
///
/// # Errors
/// A refusal that says what to do about it.
pub fn must_rest_on(written: MotionId, answer: MotionId) -> Result<(), Refusal> {
    if written == answer {
        return Ok(());
    }
    let sentence = "The text was written for an earlier answer that was reopened since. Open it, correct what it says of \
                    the decision, and save it; then check it for release.";
    Err(Refusal::conflict("of-earlier-answer", sentence))
}

/// What a draft that was changed by somebody else in the meantime is answered with.
pub fn changed_meanwhile() -> Refusal {
    Refusal::conflict(
        "letter-changed",
        "Somebody changed this letter after you opened it. Nothing was saved or issued. Open it again and look at the \
         new text; with your browser\u{2019}s back button you still find what you typed.",
    )
}

/// What releasing other bytes than those that were looked at is answered with.
pub fn not_what_was_checked() -> Refusal {
    Refusal::conflict(
        "not-what-was-checked",
        "The letter is no longer the one you checked: its text or its date has changed. Nothing was issued. Look at the \
         letter again and release it then.",
    )
}

/// What is wrong with a letter, and with the settings, while nobody is named who signs.
pub const NOBODY_SIGNS: &str =
    "Nobody is named who signs. Staff name them under \u{201c}Letterhead and signatory\u{201d}.";

/// One thing to look at before a letter is released.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The name of its box in the form; empty when there is nothing to tick.
    pub field: &'static str,
    /// What is looked at.
    pub what: &'static str,
    /// What the letter says about it.
    pub says: String,
    /// What is wrong with it; empty when nothing is.
    pub wrong: String,
}

/// What a person looks at before a letter of `pages` pages is released. A check with something wrong blocks.
pub fn checks(text: &LetterText, pages: usize) -> Vec<Check> {
    let words = text.words();
    let body = text.paragraphs.join("\n");
    let check = |field, what, says: String, wrong: Option<String>| Check {
        field,
        what,
        says,
        wrong: wrong.unwrap_or_default(),
    };
    let needs = |value: &str, what: &str| value.is_empty().then(|| format!("The letter has no {what}."));
    let placeholder = body.contains('[').then(|| {
        "The text still has a place to fill in, in square brackets. Fill it in, or take the brackets away.".to_owned()
    });
    let unsigned = text.signed_by.name.is_empty();
    let too_long = (words > MOST_WORDS).then(|| format!("Shorten it to {MOST_WORDS} words or fewer."));
    let signatory = if unsigned {
        text.signed_by.capacity.clone()
    } else {
        format!("{}, {}", text.signed_by.name, text.signed_by.capacity)
    };
    let set = format!("{words} words, {} on {}", counted_pages(pages), text.paper.label());
    vec![
        check("right_person", "Person", text.subject.people(), None),
        check("right_project", "Project", text.subject.title.clone(), needs(&text.subject.title, "project title")),
        check(
            "right_addressee",
            "Addressee",
            text.addressee.lines.join(", "),
            needs(&text.addressee.lines.concat(), "addressee"),
        ),
        check("right_date", "Date", plain::day(text.date).to_string(), None),
        check("right_signatory", "Signatory", signatory, unsigned.then(|| NOBODY_SIGNS.to_owned())),
        check("right_text", "Text and pages", set, needs(&body, "text").or(placeholder).or(too_long)),
        check("", "Number", text.number.clone(), None),
    ]
}

/// What is looked at where the funder's rules are not known: an unknown rule is no permission.
pub fn call_check(funder: &str) -> Check {
    let whose = if funder.is_empty() { "the funder" } else { funder };
    let says = format!("it takes this letter; what {whose} asks of letters is not known here");
    Check { field: CALL, what: "The call", says, wrong: String::new() }
}

/// The box that the letter is as the call asks.
const CALL: &str = "right_call";

/// Refuses a checklist on which a box is not ticked.
///
/// # Errors
/// Every box that is not ticked.
pub fn must_be_ticked(checks: &[Check], is_ticked: impl Fn(&str) -> bool) -> Result<(), FieldErrors> {
    let mut errors = FieldErrors::default();
    for check in checks.iter().filter(|check| !check.field.is_empty() && !is_ticked(check.field)) {
        let look = if check.field == CALL {
            "Read the call. If it takes this letter, as long as it is,"
        } else {
            "Look at the PDF. If it is right there,"
        };
        errors.add(check.field, format!("{look} tick \u{201c}{}\u{201d}.", check.what));
    }
    errors.unless_any(())
}

fn counted_pages(pages: usize) -> String {
    if pages == 1 { "1 page".to_owned() } else { format!("{pages} pages") }
}

/// The number of the `version`th letter on the request called `reference`.
pub fn number(reference: &str, version: i32) -> String {
    if version <= 1 { reference.to_owned() } else { format!("{reference}-{version}") }
}

/// A name for the file that funders' portals take: letters, digits, hyphens and underscores only, at most 36 characters
/// (funders.md, "Grants.gov").
pub fn file_name(number: &str) -> String {
    let plain = number.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').take(27);
    format!("IIIF_{}.pdf", plain.collect::<String>())
}

/// As [`file_name`], of the signed original.
pub fn signed_name(number: &str) -> String {
    file_name(number).replace(".pdf", "-signed.pdf")
}

/// The SHA-256 of `bytes` in hexadecimal.
pub fn fingerprint(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::letter::text::sample;
    use crate::workflow::stage::Answer;

    fn at() -> Instant {
        "2026-03-02T09:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_text_for_an_answer_that_was_reopened_is_not_released() {
        let (earlier, answer) = (MotionId::fresh(), MotionId::fresh());
        assert_eq!(must_rest_on(answer, answer), Ok(()));
        assert_eq!(must_rest_on(earlier, answer).unwrap_err().code, "of-earlier-answer");
    }

    #[test]
    fn only_a_supported_request_with_a_carried_motion_has_a_letter() {
        let motion = Some(MotionId::fresh());
        let supported = Stage::Decided { at: at(), answer: Answer::Supported };
        assert!(may_draft(supported, motion).is_ok() && may_issue(supported, motion, LetterId::fresh(), at()).is_ok());
        assert_eq!(may_draft(supported, None).unwrap_err().code, "no-carried-motion");
        for stage in [
            Stage::Draft,
            Stage::InReview { at: at() },
            Stage::Decided { at: at(), answer: Answer::Declined },
            Stage::Withdrawn { at: at() },
        ] {
            assert!(may_draft(stage, motion).is_err(), "{stage:?}");
            assert!(may_issue(stage, motion, LetterId::fresh(), at()).is_err(), "{stage:?}");
        }
        // A letter that is out gets a later version, never another first one.
        let issued = Stage::Issued { at: at(), letter: LetterId::fresh() };
        assert!(may_draft(issued, motion).is_ok() && must_be_first(supported).is_ok());
        assert_eq!(must_be_first(issued).unwrap_err().code, "issued-already");
    }

    #[test]
    fn a_place_to_fill_in_blocks_the_release() {
        let wrong = |text: &LetterText| checks(text, 1).into_iter().filter(|check| !check.wrong.is_empty()).count();
        let mut text = sample::letter();
        assert_eq!(wrong(&text), 0);
        text.paragraphs.push("We will give [how much].".into());
        assert_eq!(wrong(&text), 1);
        text.addressee.lines.clear();
        text.paragraphs.clear();
        assert_eq!(wrong(&text), 2);
        text.signed_by.name.clear();
        assert_eq!(wrong(&text), 3);
    }

    #[test]
    fn every_box_of_the_checklist_is_ticked() {
        let list = checks(&sample::letter(), 1);
        let boxes = list.iter().filter(|check| !check.field.is_empty()).count();
        assert_eq!(must_be_ticked(&list, |_| true), Ok(()));
        assert_eq!(must_be_ticked(&list, |_| false).unwrap_err().iter().count(), boxes);
        let one = must_be_ticked(&list, |field| field != "right_date").unwrap_err();
        assert_eq!(one.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["right_date"]);
    }

    #[test]
    fn a_file_name_passes_the_strictest_portal() {
        assert_eq!(file_name(&number("LOS-2026-0001", 1)), "IIIF_LOS-2026-0001.pdf");
        assert_eq!(file_name(&number("LOS-2026-0001", 2)), "IIIF_LOS-2026-0001-2.pdf");
        assert_eq!(signed_name("LOS-2026-0001"), "IIIF_LOS-2026-0001-signed.pdf");
        let long = file_name(&"../\u{e9} \"x\"; 1".repeat(40));
        assert!(long.len() <= 36 && long.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)), "{long}");
    }

    #[test]
    fn a_fingerprint_is_the_known_one() {
        assert_eq!(fingerprint(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}

//! How many files a request may have, how large, when they may change, and who reads which.

use super::file::{Attachment, Kind, Standing};
use crate::refusal::{FieldErrors, Refusal};
use crate::workflow::request::fields::Section;
use crate::workflow::request::reopening;
use crate::workflow::stage::Stage;

/// The most files of one request.
pub const MOST_FILES: usize = 5;
/// The most bytes of one file.
pub const MOST_BYTES: usize = 10 << 20;
/// How many files a person may add in 24 hours, whatever became of them.
pub const MOST_A_DAY: i64 = 40;
/// The form's field for the file.
pub const FILE: &str = "file";
/// The form's field for what it is for.
pub const KIND: &str = "kind";

/// What is taken, said before anybody chooses a file.
pub fn limits() -> String {
    format!(
        "PDF, DOCX or TXT; at most {} MB each, and at most {MOST_FILES} files. No passwords, programs or macros in them.",
        MOST_BYTES >> 20
    )
}

/// Whether files may be added and removed: before sending, and later while a question reopens them.
///
/// # Errors
/// A refusal that says what is possible instead.
pub fn may_change(stage: Stage, reopened: &[Section]) -> Result<(), Refusal> {
    reopening::may_edit(stage, Section::Attachments, reopened)
}

/// What a file is for, as it was chosen.
///
/// # Errors
/// A field error when nothing was.
pub fn kind(chosen: &str) -> Result<Kind, FieldErrors> {
    chosen.parse().map_err(|_| FieldErrors::one(KIND, "Choose what the file is."))
}

/// Whether one more file fits beside those in work, of which none may have the same bytes.
///
/// # Errors
/// A field error that says what to do.
pub fn has_room(all: &[Attachment], sha256: &str) -> Result<(), FieldErrors> {
    let in_work = || all.iter().filter(|one| one.is_in_work());
    if let Some(same) = in_work().find(|one| one.sha256 == sha256) {
        let sentence = format!("This file is attached already, as “{}”. Choose another one.", same.name);
        return Err(FieldErrors::one(FILE, sentence));
    }
    must_be_below_the_limit(in_work().count())
}

/// Whether there may be one more file beside `count`.
///
/// # Errors
/// A field error that says what to do.
pub fn must_be_below_the_limit(count: usize) -> Result<(), FieldErrors> {
    if count < MOST_FILES {
        return Ok(());
    }
    let sentence = format!(
        "There are {MOST_FILES} files already, and {MOST_FILES} are the most. Remove one first, or put two into one file."
    );
    Err(FieldErrors::one(FILE, sentence))
}

/// Whether somebody who added `count` files in the last 24 hours may add another one.
///
/// # Errors
/// A refusal that says when to come back.
pub fn may_add(count: i64) -> Result<(), Refusal> {
    if count < MOST_A_DAY {
        return Ok(());
    }
    let sentence = format!("You have added {MOST_A_DAY} files within a day, which is the most. Come back tomorrow.");
    Err(Refusal::too_many("too-many-files", sentence))
}

/// In which charge somebody reads a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// The applicant, whose files they are.
    Applicant,
    /// Staff, or a seat that has declared to have no conflict of interest.
    Reviewer,
}

/// Whether a file can be downloaded: by its applicant as long as it is on the list, by reviewers once it was sent.
pub const fn may_download(attachment: &Attachment, reader: Reader) -> bool {
    match (attachment.standing, reader) {
        (Standing::Removed { .. }, _) | (Standing::Pending, Reader::Reviewer) => false,
        (Standing::Pending, Reader::Applicant) | (Standing::Sent(_) | Standing::Dropped(_), _) => true,
    }
}

/// The fingerprint of a form together with the files that would be sent with it, so that nothing is sent that nobody
/// looked at.
pub fn fingerprint(of_form: &str, all: &[Attachment]) -> String {
    let files = all.iter().filter(|one| one.is_in_work());
    files.fold(of_form.to_owned(), |text, one| text + "-" + one.sha256.get(..8).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{AttachmentId, PersonId, RequestId};
    use crate::workflow::request::attachment::file::Format;

    fn file(standing: Standing, sha256: &str) -> Attachment {
        Attachment {
            id: AttachmentId::fresh(),
            request: RequestId::fresh(),
            kind: Kind::Proposal,
            name: "Proposal.pdf".into(),
            format: Format::Pdf,
            size: 1_200_000,
            sha256: sha256.into(),
            added_by: PersonId::fresh(),
            added_at: at(),
            standing,
        }
    }

    fn at() -> crate::clock::Instant {
        "2026-03-02T09:00:00Z".parse().unwrap()
    }

    #[test]
    fn each_standing_is_read_by_those_who_should() {
        let who = |standing| {
            let file = file(standing, "a");
            [Reader::Applicant, Reader::Reviewer].map(|reader| may_download(&file, reader))
        };
        assert_eq!(who(Standing::Pending), [true, false]);
        assert_eq!(who(Standing::Sent(at())), [true, true]);
        assert_eq!(who(Standing::Dropped(at())), [true, true], "until the answer is sent nothing changes for others");
        assert_eq!(who(Standing::Removed { sent: at(), at: at() }), [false, false]);
    }

    #[test]
    fn the_sixth_file_and_the_same_file_are_refused_and_what_was_taken_off_makes_room() {
        let mut all: Vec<Attachment> = (0..5).map(|n| file(Standing::Sent(at()), &n.to_string())).collect();
        assert!(has_room(&all, "new").unwrap_err().of(FILE).unwrap().contains("5 files already"));
        all[0].standing = Standing::Dropped(at());
        assert!(has_room(&all, "new").is_ok() && has_room(&all, "0").is_ok());
        assert!(has_room(&all, "3").unwrap_err().of(FILE).unwrap().contains("attached already"));
    }

    #[test]
    fn files_change_before_sending_and_when_a_question_reopens_them() {
        assert!(may_change(Stage::Draft, &[]).is_ok());
        let review = Stage::InReview { at: at() };
        assert_eq!(may_change(review, &[]).unwrap_err().code, "already-sent");
        assert_eq!(may_change(review, &[Section::Letter]).unwrap_err().code, "not-reopened");
        assert!(may_change(review, &[Section::Attachments]).is_ok());
        assert!(may_change(Stage::Withdrawn { at: at() }, &[Section::Attachments]).is_err());
    }

    #[test]
    fn a_form_without_files_has_its_own_fingerprint_and_each_file_changes_it() {
        let sent = file(Standing::Sent(at()), "0123456789");
        assert_eq!(fingerprint("form", &[]), "form");
        assert_eq!(fingerprint("form", std::slice::from_ref(&sent)), "form-01234567");
        assert_eq!(fingerprint("form", &[Attachment { standing: Standing::Dropped(at()), ..sent }]), "form");
    }
}

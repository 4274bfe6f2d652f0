//! Every kind of mail there is: what it says, who reads it, and what is filled into it. Staff may have mails to applicants
//! held, to look at them before they go out; all others go at once.

/// Who reads a kind of mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// The applicant of a request.
    Applicant,
    /// Members of the committee, and staff where they are told the same.
    Committee,
    /// Staff.
    Staff,
    /// Somebody who is asked to sign a letter beside the Consortium.
    CoSigner,
    /// Whoever works on the request and takes part in its discussion.
    Discussion,
    /// Whoever signs in.
    Visitor,
}

/// A kind of mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// Its name in the outbox.
    pub name: &'static str,
    /// The template of its text, `templates/mail/….txt`.
    pub template: &'static str,
    /// Who reads it.
    pub reader: Reader,
    /// What it says, as a headline.
    pub says: &'static str,
    /// What is filled into its text, by the names that `in_words` knows.
    pub placeholders: &'static [&'static str],
}

use Reader::{Applicant, CoSigner, Committee, Discussion, Staff, Visitor};

/// Every kind, in the order in which a request meets them.
#[rustfmt::skip]
pub const KINDS: &[Kind] = &[
    kind("sign-in", "people_sign_in", Visitor, "The link and the code to sign in with", &["asked_at", "browser", "code", "contact", "link"]),
    kind("new-sign-in", "people_new_sign_in", Visitor, "Somebody signed in from another browser", &["at", "browser", "contact", "link"]),
    kind("seat-given-up", "committee_given_up", Committee, "The institution gives up its seat", &["greeting", "institution", "last", "link", "reason"]),
    kind("waiting-daily", "waiting_daily", Committee, "What waits for a member of the committee",
        &["all", "day", "greeting", "institution", "link", "reference", "task", "title"]),

    kind("request-receipt", "request_receipt", Applicant, "The request has arrived, and what happens next",
        &["contact", "deadline", "funder", "index", "link", "name", "needed_by", "programme", "reference", "risk", "step", "title"]),
    kind("request-arrived", "request_arrived", Staff, "A request has arrived",
        &["days", "deadline", "funder", "institution", "link", "needed_by", "programme", "reference", "title"]),
    kind("request-held", "request_arrived", Staff, "A request came late and waits to be admitted",
        &["days", "deadline", "funder", "institution", "link", "needed_by", "programme", "reference", "title"]),
    kind("request-question", "request_question", Applicant, "There is a question about the request",
        &["contact", "link", "meanwhile", "name", "parts", "reference", "reply_by", "title"]),
    kind("awaited-answer", "awaited_answer", Applicant, "The answer to a question is still awaited", &["contact", "link", "name", "reference", "standing", "title"]),
    kind("request-question-withdrawn", "request_question_withdrawn", Applicant, "A question needs no answer any more", &["link", "name", "reference", "title"]),
    kind("request-answered", "request_answered", Committee, "The applicant has answered a question", &["changed", "link", "reference", "title"]),
    kind("request-withdrawn-by-you", "request_withdrawn_applicant", Applicant, "The request is withdrawn, as the applicant wished",
        &["by", "contact", "link", "name", "reference", "title"]),
    kind("co-applicant-invited", "co_applicant_invited", Applicant, "A request is shared with a colleague of the applicant", &["by", "contact", "link", "title"]),
    kind("request-corrected", "request_corrected", Committee, "The applicant has corrected the deadline or the addressee",
        &["after", "before", "label", "link", "reference", "time", "title"]),
    kind("request-withdrawn", "request_withdrawn", Committee, "The applicant has withdrawn the request", &["link", "reference", "title"]),
    kind("discussion-message", "discussion_post", Applicant, "The committee or staff have written a message", &["greeting", "link", "reference", "title", "whose"]),
    kind("discussion-post", "discussion_post", Discussion, "There is a message to read", &["greeting", "link", "reference", "title", "whose"]),

    kind("routing-assigned", "routing_assigned", Committee, "A review is asked for",
        &["applicant", "applicant_institution", "due", "funder", "greeting", "institution", "link", "reference", "title", "why"]),
    kind("routing-reminder", "routing_reminder", Committee, "A review is still waiting, or overdue", &["due", "greeting", "link", "reference", "title"]),
    kind("awaited-seat", "awaited_seat", Committee, "Staff remind a seat of what is awaited from it",
        &["day", "greeting", "institution", "link", "reference", "task", "title"]),
    kind("routing-conflict", "routing_conflict", Committee, "A seat has a conflict of interest", &["consequence", "greeting", "institution", "link", "reference"]),
    kind("routing-recorded", "routing_recorded", Committee, "Staff have recorded a conflict of interest of the seat",
        &["greeting", "institution", "link", "reason", "reference"]),
    kind("routing-withdrawn", "routing_withdrawn", Committee, "A conflict of interest is withdrawn",
        &["greeting", "institution", "link", "reason", "reference", "title"]),
    kind("routing-stuck", "routing_stuck", Committee, "No seat is free to review", &["greeting", "link", "reference", "why"]),
    kind("call-to-vote", "review_tally", Committee, "A tallied vote is open",
        &["abstain", "greeting", "institution", "link", "no", "reference", "title", "words", "yes"]),
    kind("ballot-receipt", "review_ballot", Committee, "A ballot was cast for the seat", &["capacity", "greeting", "institution", "link", "reference"]),
    kind("ballot-recorded", "review_recorded", Committee, "Staff have recorded a ballot of the seat",
        &["choice", "contact", "greeting", "how", "institution", "link", "reason", "recorder", "reference", "title", "witness"]),
    kind("motion-result", "review_result", Committee, "A motion has closed", &["greeting", "link", "reference", "title", "words"]),

    kind("decision-ready", "decision_ready", Committee, "An answer is ready to be released", &["greeting", "link", "reference", "title", "words"]),
    kind("answer", "decision_answer", Applicant, "The answer to the request", &["greeting", "link", "reasons", "title", "would_change"]),
    kind("answer-reopened", "decision_reopened", Applicant, "The answer no longer stands", &["greeting", "link", "reason", "title"]),

    kind("letter-second", "letter_second", Staff, "A letter waits for a second person", &["date_stands", "greeting", "link", "reference", "title"]),
    kind("letter-ready", "letter_ready", Applicant, "The letter is ready, or a new version of it",
        &["contact", "funder", "link", "name", "number", "replaces", "title"]),
    kind("letter-revocation", "letter_revocation", Staff, "A letter is to be revoked", &["greeting", "link", "number", "reason", "title"]),
    kind("letter-revoked", "letter_revoked", Applicant, "The letter has been revoked", &["contact", "funder", "link", "name", "number", "reason", "title"]),
    kind("co-signer-asked", "co_signer_asked", CoSigner, "Will you sign?",
        &["contact", "funder", "institution", "last_day", "link", "name", "organisation", "title"]),
    kind("co-signer-reminder", "co_signer_reminder", CoSigner, "The answer is awaited", &["contact", "funder", "institution", "last_day", "link", "name", "title"]),
    kind("co-signer-time", "co_signer_time", CoSigner, "There is time until another day", &["funder", "institution", "last_day", "link", "name", "title"]),
    kind("co-signer-over", "co_signer_over", CoSigner, "Nothing more is asked", &["contact", "funder", "institution", "name", "title", "what", "why"]),
    kind("co-signer-issued", "co_signer_issued", CoSigner, "The letter is issued", &["funder", "institution", "link", "name", "title"]),
    kind("co-signer-answered", "co_signer_answered", Staff, "A co-signer has answered",
        &["greeting", "link", "reason", "reference", "signer.name", "standing", "title"]),
    kind("outcome-asked", "outcome_asked", Applicant, "What became of the proposal?", &["contact", "funder", "link", "name", "title"]),
    kind("copy-asked", "copy_asked", Staff, "A physical copy is asked for", &["funder", "greeting", "link", "reference", "title"]),
    kind("copy-posted", "copy_posted", Applicant, "The physical copy is in the post",
        &["contact", "day", "funder", "link", "name", "posting.link", "row", "title", "way"]),
    kind("copy-returned", "copy_returned", Applicant, "The physical copy came back", &["contact", "funder", "link", "name", "remark", "row", "title"]),
];

const fn kind(
    name: &'static str,
    template: &'static str,
    reader: Reader,
    says: &'static str,
    placeholders: &'static [&'static str],
) -> Kind {
    Kind { name, template, reader, says, placeholders }
}

impl Kind {
    /// Whether staff may have mails of this kind held: only those to applicants. The committee's go by its deadlines, and
    /// whoever signs in or co-signs waits for theirs.
    pub fn is_holdable(&self) -> bool {
        self.reader == Applicant
    }

    /// What is filled in, in words, each once.
    pub fn filled_in(&self) -> Vec<&'static str> {
        let mut words = Vec::new();
        for word in self.placeholders.iter().filter_map(|name| in_words(name)) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        words
    }
}

/// The kind of this name.
pub fn named(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

/// The kinds that staff may have held.
pub fn holdable() -> impl Iterator<Item = &'static Kind> {
    KINDS.iter().filter(|kind| kind.is_holdable())
}

/// What a placeholder stands for.
fn in_words(placeholder: &str) -> Option<&'static str> {
    Some(match placeholder {
        "abstain" | "no" | "yes" => "the link to a marked ballot",
        "after" => "what it is now",
        "all" => "the link to everything that waits",
        "applicant" => "the applicant",
        "applicant_institution" => "the applicant’s institution",
        "asked_at" | "at" => "when it was",
        "before" => "what it was",
        "browser" => "the browser",
        "by" => "who has done it",
        "capacity" => "who acted for the seat",
        "changed" => "the parts that changed",
        "choice" => "the vote",
        "code" => "the code",
        "consequence" | "meanwhile" | "what" | "standing" | "words" => "what follows",
        "contact" => "the address for questions",
        "date_stands" => "how long the date stands",
        "day" => "the day",
        "days" => "the days left",
        "deadline" => "the funder’s deadline",
        "due" | "last" | "last_day" | "reply_by" => "the last day",
        "funder" => "the funder",
        "greeting" | "name" => "the reader’s name",
        "how" => "how it was given",
        "institution" => "the institution",
        "label" => "what was corrected",
        "link" => "the link to the page",
        "needed_by" => "when the letter is needed",
        "number" => "the letter’s number",
        "organisation" => "the co-signer’s organisation",
        "parts" => "the parts that can be changed",
        "posting.link" => "the link to follow the post by",
        "programme" => "the programme",
        "reason" | "reasons" | "remark" | "why" => "the reasons",
        "recorder" => "who recorded it",
        "reference" => "the reference",
        "replaces" => "the number of the letter before",
        "risk" => "the risk of a late request",
        "row" => "the postal address",
        "signer.name" => "the co-signer",
        "index" | "step" => "what happens next",
        "task" => "what is to be done",
        "time" => "the time left",
        "title" => "the project’s title",
        "way" => "how it is posted",
        "whose" => "who wrote",
        "witness" => "the witness",
        "would_change" => "what would change the answer",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;

    fn root() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR"))
    }

    fn sources(folder: &Path, into: &mut Vec<String>) {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                sources(&path, into);
            } else if path.to_string_lossy().contains("notices") {
                let text = fs::read_to_string(&path).unwrap();
                into.push(text.split("mod tests {").next().unwrap().to_owned());
            }
        }
    }

    /// The kinds that the code queues, read from the files that write mails.
    fn queued() -> BTreeSet<String> {
        let mut texts = Vec::new();
        for folder in ["src", "crates/ground/src"] {
            sources(&root().join(folder), &mut texts);
        }
        let is_kind = |word: &&str| word.contains('-') && word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        let mut kinds = BTreeSet::from([crate::workflow::waiting::daily::KIND.to_owned()]);
        for text in texts {
            kinds.extend(text.split('"').skip(1).step_by(2).filter(is_kind).map(str::to_owned));
            // The kind without a hyphen.
            kinds.extend(text.contains("about.request, \"answer\"").then(|| "answer".to_owned()));
        }
        kinds
    }

    #[test]
    fn every_kind_that_is_queued_is_declared_once_and_none_besides() {
        let declared: BTreeSet<String> = KINDS.iter().map(|kind| kind.name.to_owned()).collect();
        assert_eq!(declared.len(), KINDS.len());
        assert_eq!(queued(), declared);
    }

    #[test]
    fn a_kind_declares_what_its_template_fills_in() {
        for kind in KINDS {
            let text = fs::read_to_string(root().join(format!("templates/mail/{}.txt", kind.template))).unwrap();
            let values = text.split("{{ ").skip(1).filter_map(|rest| rest.split(" }}").next());
            let names = values.map(|value| {
                let value = value.split(['|', '(']).next().unwrap();
                let whole = ["signer.name", "posting.link"].contains(&value);
                if whole { value } else { value.rsplit('.').next().unwrap() }
            });
            let filled: BTreeSet<&str> = names.collect();
            assert_eq!(filled, kind.placeholders.iter().copied().collect(), "{}", kind.name);
            assert!(kind.placeholders.iter().all(|name| in_words(name).is_some()), "{}", kind.name);
        }
    }

    #[test]
    fn only_mails_to_applicants_can_be_held() {
        assert_eq!(holdable().count(), 14);
        for name in ["sign-in", "new-sign-in", "discussion-post", "co-signer-asked", "call-to-vote", "request-arrived"]
        {
            assert!(!named(name).unwrap().is_holdable(), "{name}");
        }
    }
}

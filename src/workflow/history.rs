//! The journal of a request in words: what each of its codes means, and in which charge it was done.

/// What was done, in words; a code that is not known reads as it is spelled.
pub fn in_words(what: &str) -> String {
    let words = match what {
        "request-begun" => "The request was begun.",
        "change-saved" => "A change to a reopened part of the form was saved.",
        "attachment-added" => "A file was attached.",
        "attachment-taken-off" => "A file was taken off the list of attachments.",
        "attachment-put-back" => "A file was put back on the list of attachments.",
        "draft-saved" => "A part of the form was saved.",
        "request-submitted" => "The request was sent.",
        "request-corrected" => "The applicant corrected the deadline or the addressee.",
        "request-withdrawn" => "The request was withdrawn.",
        "co-applicant-invited" => "The request was shared with a colleague of the applicant.",
        "co-applicant-removed" => "The request is no longer shared with a colleague of the applicant.",
        "question-asked" => "The applicant was asked a question.",
        "question-withdrawn" => "A question to the applicant was withdrawn.",
        "question-answered" => "A question was answered.",
        "awaited-written-to" => "Staff wrote to whoever the request waited for.",
        "posted-to-committee" => "A post was made in the discussion, for the committee.",
        "posted-to-staff" => "A post was made in the discussion, for the committee and staff.",
        "posted-to-applicant" => "A post was made in the discussion, for the applicant as well.",
        "post-taken-back" => "A post in the discussion was taken back.",
        "institution-merged" => "The institution was merged with another one of the list, which it is.",
        "institution-recognised" => "Staff said which institution the typed one is.",
        "request-admitted" => "The late request was admitted.",
        "request-routed" => "The reviewers were drawn and asked.",
        "conflict-declared" => "A conflict of interest was declared.",
        "no-conflict-declared" => "It was declared that there is no conflict of interest.",
        "conflict-recorded" => "Staff recorded a conflict of interest of a seat.",
        "conflict-dismissed" => "A suggested conflict of interest was dismissed.",
        "conflict-withdrawn" => "A conflict of interest was withdrawn, and the seat takes part again.",
        "review-reassigned" => "A review was given to the next seat in line.",
        "review-passed-on" => "A reviewer did not answer, and the place passed to the next seat in line.",
        "reviewer-left" => "A reviewer’s institution left its seat, and the place passed to the next seat in line.",
        "motion-opened" => "The motion to support the request was opened.",
        "review-sent" => "A review was sent.",
        "objection-closed" => "An objection was closed.",
        "tally-called" | "tally-begun" => "A tallied vote was called.",
        "ballot-cast" => "A ballot was cast.",
        "ballot-recorded" => "A ballot given outside the service was recorded.",
        "motion-closed" => "The motion was closed.",
        "motion-lapsed" => "The motion fell, because the request was withdrawn.",
        "question-put-again" => "The question was put to a new vote.",
        "answer-prepared" => "The answer was prepared.",
        "answer-reopened" => "Staff took the answer back, to have it decided anew.",
        "answer-released" => "The answer was released to the applicant.",
        "letter-drafted" => "The letter was begun.",
        "letter-edited" => "The letter’s text was changed.",
        "letter-checked" => "The letter was looked at and passed on to a second person.",
        "letter-version-begun" => "A new version of the letter was begun.",
        "letter-version-dropped" => "The new version of the letter was thrown away.",
        "co-signer-added" => "A co-signer was put on the list.",
        "co-signer-removed" => "A co-signer was taken off the list.",
        "co-signers-asked" => "The co-signers were asked to sign.",
        "co-signed" => "A co-signer signed the letter.",
        "co-signing-declined" => "A co-signer declined to sign the letter.",
        "co-signing-voided" => "The text was changed, so the co-signers were asked anew.",
        "co-signer-reminded" => "A co-signer was reminded.",
        "revocation-proposed" => "It was asked that the letter be revoked.",
        "revocation-dropped" => "The letter stays in force; it is not revoked.",
        "letter-revoked" => "The letter was revoked.",
        "letter-held-against-call" => "The letter was held against the text of the funder’s call.",
        "letter-issued" => "The letter was issued.",
        "letter-downloaded" => "The letter was downloaded.",
        "outcome-asked" => "The applicant was asked what became of the proposal.",
        "outcome-told" => "The applicant told what became of the proposal.",
        "copy-asked" => "The applicant asked for a physical copy.",
        "copy-address-changed" => "The applicant changed the address of the physical copy.",
        "copy-taken-back" => "The applicant took the wish for a physical copy back.",
        "copy-printed" => "The physical copy was printed.",
        "copy-posted" => "The physical copy was posted.",
        "copy-returned" => "The physical copy came back.",
        "copy-sent-again" => "The physical copy is sent again to the same address.",
        "mail-requeued" => "A mail was sent again.",
        "held-kinds-chosen" => "Staff chose which mails they look at first.",
        "held-mail-changed" => "Staff changed a mail to the applicant before it went out.",
        "held-mail-sent" => "Staff looked at a mail to the applicant and sent it.",
        "held-mail-discarded" => "Staff discarded a mail to the applicant.",
        other => return format!("{}.", other.replace('-', " ")),
    };
    words.to_owned()
}

/// In which charge it was done, as a page names it: the journal keeps `seat of X`, people read `Seat of X`.
pub fn by_whom(actor: &str) -> String {
    if actor == "service" {
        return "The service itself".to_owned();
    }
    let mut letters = actor.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The codes that the workflow's commands write, read from their source.
    fn codes() -> Vec<String> {
        let sources = [
            include_str!("request/commands/mod.rs"),
            include_str!("request/commands/attachments.rs"),
            include_str!("request/commands/correction.rs"),
            include_str!("request/commands/recognition.rs"),
            include_str!("request/commands/sharing.rs"),
            include_str!("request/commands/talk.rs"),
            include_str!("routing/commands/mod.rs"),
            include_str!("routing/commands/conflict.rs"),
            include_str!("routing/commands/silence.rs"),
            include_str!("routing/commands/leaving.rs"),
            include_str!("routing/commands/own.rs"),
            include_str!("review/commands/motion.rs"),
            include_str!("review/commands/review.rs"),
            include_str!("review/commands/vote.rs"),
            include_str!("discussion/commands.rs"),
            include_str!("decision/commands/mod.rs"),
            include_str!("decision/commands/reopen.rs"),
            include_str!("letter/commands/mod.rs"),
            include_str!("letter/commands/release.rs"),
            include_str!("letter/commands/call.rs"),
            include_str!("letter/commands/co_signers.rs"),
            include_str!("letter/commands/life.rs"),
            include_str!("outcome/commands.rs"),
            include_str!("post/commands.rs"),
            include_str!("delivery/commands.rs"),
            include_str!("../staff/commands/awaited.rs"),
            include_str!("delivery/commands/held.rs"),
        ];
        let written = [
            "what: \"",
            "WRITTEN: &str = \"",
            "Actor::Staff(staff.person()), request.id, \"",
            "Actor::Staff(staff.person()), id, \"",
            "Actor::Staff(staff.person()), \"",
            "actor, request.id, \"",
            "Actor::Service, id, \"",
            "what = if answer.is_ok() { \"",
            "} else { \"",
            "actor, \"",
            "author, \"",
            "applicant, \"",
            "staff, &mail, \"",
            "Audience::Committee => \"",
            "Audience::Staff => \"",
            "Audience::Applicant => \"",
        ];
        let code = |text: &str, before: &str| -> Vec<String> {
            text.split(before).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
        };
        sources.iter().flat_map(|text| written.iter().flat_map(|before| code(text, before))).collect()
    }

    #[test]
    fn every_code_that_a_step_writes_has_its_words() {
        let codes = codes();
        assert!(codes.len() >= 20, "{codes:?}");
        for code in codes {
            assert_ne!(in_words(&code), format!("{}.", code.replace('-', " ")), "{code}");
        }
    }

    #[test]
    fn whoever_acted_is_named_by_their_charge() {
        let named = ["applicant", "staff", "seat of Example Library", "service"].map(by_whom);
        assert_eq!(named, ["Applicant", "Staff", "Seat of Example Library", "The service itself"]);
    }
}

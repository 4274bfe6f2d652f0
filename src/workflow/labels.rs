//! Where a request stands, in words: for the applicant, and for the committee and staff. Who acts next is said by `turn`.

use chrono::NaiveDate;

use super::stage::{Answer, Stage};
use crate::clock::Instant;
use crate::worded;

worded! {
    /// Where a request stands, as its applicant reads it.
    pub enum ApplicantLabel {
        /// Not sent yet.
        Draft = "Draft",
        /// Sent, and not with reviewers yet.
        Received = "Received",
        /// With the reviewers.
        UnderReview = "Under review",
        /// A question to the applicant is open; the review goes on meanwhile.
        MoreNeeded = "More information needed",
        /// The letter is being written.
        Approved = "Approved – letter in preparation",
        /// The letter can be downloaded.
        LetterReady = "Letter ready",
        /// The Consortium has taken the letter back.
        Revoked = "Letter revoked",
        /// The Consortium does not support the proposal.
        Declined = "Declined",
        /// Taken back.
        Withdrawn = "Withdrawn",
        /// The funder's deadline came first.
        Closed = "Closed – deadline passed",
    }
}

worded! {
    /// Where a request stands, as the committee and staff read it.
    pub enum CommitteeLabel {
        /// Not sent yet.
        Draft = "Draft",
        /// Late, and not admitted yet.
        Held = "Held for staff",
        /// Waits for its reviewers to be assigned.
        ToRoute = "To be routed",
        /// No reviewer has begun.
        WithReviewers = "With reviewers",
        /// Somebody reads it.
        InReview = "In review",
        /// The committee has decided; staff have not released the answer.
        ToRelease = "Answer to release",
        /// A question to the applicant is open.
        Waiting = "Waiting for the applicant",
        /// Supported; no letter yet.
        ToWrite = "Letter to be written",
        /// The letter is written, and its co-signers are asked.
        OutForSignature = "Letter out for signature",
        /// The letter is written and passed on; a second person issues it.
        ToIssue = "Letter to be issued",
        /// The letter is out.
        Issued = "Letter issued",
        /// The applicant has the letter.
        Delivered = "Letter downloaded",
        /// The applicant has asked for a physical copy.
        CopyToPrint = "Copy to be printed",
        /// The physical copy is printed.
        CopyToPost = "Copy to be posted",
        /// The letter was taken back.
        Revoked = "Letter revoked",
        /// Not supported.
        Declined = "Declined",
        /// Taken back by the applicant.
        Withdrawn = "Withdrawn",
        /// The funder's deadline came first.
        Overtaken = "Deadline passed",
    }
}

/// How far the letter of a supported request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LetterWork {
    /// Somebody of staff writes it.
    #[default]
    Writing,
    /// Answers of co-signers are awaited.
    OutForSignature,
    /// A first person has passed it on.
    PassedOn,
}

/// What staff have to do about a physical copy of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyWork {
    /// Print the letter and its label.
    Print,
    /// Post it.
    Post,
}

/// What the words depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The stage.
    pub stage: Stage,
    /// The funder's deadline, once there is one.
    pub deadline: Option<Instant>,
    /// Until when the applicant should answer, while a question is open.
    pub reply_by: Option<NaiveDate>,
    /// When the reviews are due, once it is with reviewers.
    pub review_by: Option<NaiveDate>,
    /// The day on which the applicant needs the letter.
    pub needed_by: Option<NaiveDate>,
    /// Whether an answer is prepared and waits for its release. The applicant hears nothing of it.
    pub answered: bool,
    /// How far the letter is. The applicant hears nothing of it.
    pub letter: LetterWork,
    /// What staff have to do about a physical copy, if anything. The applicant is told in a place of its own.
    pub copy: Option<CopyWork>,
}

impl Standing {
    /// Nothing was decided before the deadline passed.
    pub(super) fn overtaken(&self, now: Instant) -> bool {
        let undecided = matches!(self.stage, Stage::Submitted { .. } | Stage::Routed { .. } | Stage::InReview { .. });
        undecided && self.deadline.is_some_and(|deadline| now > deadline)
    }

    /// The same with an answer that waits for its release, or without one.
    #[must_use]
    pub const fn with_answer(self, answered: bool) -> Self {
        Self { answered, ..self }
    }

    /// The same with its letter as far as this.
    #[must_use]
    pub const fn with_letter(self, letter: LetterWork) -> Self {
        Self { letter, ..self }
    }

    /// The same with this to do about a physical copy.
    #[must_use]
    pub const fn with_copy(self, copy: Option<CopyWork>) -> Self {
        Self { copy, ..self }
    }

    /// The answer waits for staff, who release it also when the deadline has passed or a question is open.
    const fn awaits_release(&self) -> bool {
        self.answered && matches!(self.stage, Stage::Routed { .. } | Stage::InReview { .. })
    }

    /// By when the applicant is asked for an answer, while a question is open.
    pub(super) fn asks(&self) -> Option<NaiveDate> {
        let open = matches!(self.stage, Stage::Submitted { .. } | Stage::Routed { .. } | Stage::InReview { .. });
        self.reply_by.filter(|_| open)
    }

    /// The label for the applicant.
    pub fn for_applicant(&self, now: Instant) -> ApplicantLabel {
        use ApplicantLabel as L;
        if self.overtaken(now) {
            return L::Closed;
        }
        if self.asks().is_some() {
            return L::MoreNeeded;
        }
        match self.stage {
            Stage::Draft => L::Draft,
            Stage::Submitted { .. } => L::Received,
            Stage::Routed { .. } | Stage::InReview { .. } => L::UnderReview,
            Stage::Decided { answer: Answer::Supported, .. } => L::Approved,
            Stage::Decided { answer: Answer::Declined, .. } => L::Declined,
            Stage::Issued { .. } | Stage::Delivered { .. } => L::LetterReady,
            Stage::Revoked { .. } => L::Revoked,
            Stage::Withdrawn { .. } => L::Withdrawn,
        }
    }

    /// The label for the committee and staff.
    pub fn for_committee(&self, now: Instant) -> CommitteeLabel {
        use CommitteeLabel as L;
        if self.awaits_release() {
            return L::ToRelease;
        }
        if self.overtaken(now) {
            return L::Overtaken;
        }
        if self.asks().is_some() {
            return L::Waiting;
        }
        match self.stage {
            Stage::Draft => L::Draft,
            Stage::Submitted { held: true, .. } => L::Held,
            Stage::Submitted { held: false, .. } => L::ToRoute,
            Stage::Routed { .. } => L::WithReviewers,
            Stage::InReview { .. } => L::InReview,
            Stage::Decided { answer: Answer::Supported, .. } => match self.letter {
                LetterWork::Writing => L::ToWrite,
                LetterWork::OutForSignature => L::OutForSignature,
                LetterWork::PassedOn => L::ToIssue,
            },
            Stage::Decided { answer: Answer::Declined, .. } => L::Declined,
            Stage::Issued { .. } | Stage::Delivered { .. } => match (self.copy, self.stage) {
                (Some(CopyWork::Print), _) => L::CopyToPrint,
                (Some(CopyWork::Post), _) => L::CopyToPost,
                (None, Stage::Issued { .. }) => L::Issued,
                (None, _) => L::Delivered,
            },
            Stage::Revoked { .. } => L::Revoked,
            Stage::Withdrawn { .. } => L::Withdrawn,
        }
    }
}

#[cfg(test)]
impl Standing {
    /// What tests begin with: a request of March 2026 at this stage, its review due on the 11th, with no answer, letter
    /// or copy yet.
    pub fn in_march(stage: Stage) -> Self {
        Self {
            stage,
            deadline: Some("2026-04-01T12:00:00Z".parse().unwrap()),
            reply_by: None,
            review_by: Some("2026-03-11".parse().unwrap()),
            needed_by: Some("2026-03-28".parse().unwrap()),
            answered: false,
            letter: LetterWork::default(),
            copy: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::LetterId;

    fn at() -> Instant {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn every_stage_has_its_words() {
        let letter = LetterId::fresh();
        for (stage, applicant, committee) in [
            (Stage::Draft, ApplicantLabel::Draft, CommitteeLabel::Draft),
            (Stage::Submitted { at: at(), held: true }, ApplicantLabel::Received, CommitteeLabel::Held),
            (Stage::Submitted { at: at(), held: false }, ApplicantLabel::Received, CommitteeLabel::ToRoute),
            (Stage::Routed { at: at() }, ApplicantLabel::UnderReview, CommitteeLabel::WithReviewers),
            (Stage::InReview { at: at() }, ApplicantLabel::UnderReview, CommitteeLabel::InReview),
            (Stage::Decided { at: at(), answer: Answer::Supported }, ApplicantLabel::Approved, CommitteeLabel::ToWrite),
            (Stage::Decided { at: at(), answer: Answer::Declined }, ApplicantLabel::Declined, CommitteeLabel::Declined),
            (Stage::Issued { at: at(), letter }, ApplicantLabel::LetterReady, CommitteeLabel::Issued),
            (Stage::Delivered { at: at(), letter }, ApplicantLabel::LetterReady, CommitteeLabel::Delivered),
            (Stage::Withdrawn { at: at() }, ApplicantLabel::Withdrawn, CommitteeLabel::Withdrawn),
        ] {
            let standing = Standing::in_march(stage);
            assert_eq!(standing.for_applicant(at()), applicant);
            assert_eq!(standing.for_committee(at()), committee);
        }
    }

    #[test]
    fn an_open_question_is_told_until_the_request_is_withdrawn() {
        let asked = Standing {
            reply_by: Some("2026-03-08".parse().unwrap()),
            ..Standing::in_march(Stage::InReview { at: at() })
        };
        assert_eq!(asked.for_applicant(at()), ApplicantLabel::MoreNeeded);
        let withdrawn = Standing { stage: Stage::Withdrawn { at: at() }, ..asked };
        assert_eq!(withdrawn.for_applicant(at()), ApplicantLabel::Withdrawn);
    }

    #[test]
    fn an_answer_to_release_is_told_to_staff_and_not_to_the_applicant() {
        let answered = Standing::in_march(Stage::InReview { at: at() }).with_answer(true);
        assert_eq!(answered.for_committee(at()), CommitteeLabel::ToRelease);
        assert_eq!(answered.for_applicant(at()), ApplicantLabel::UnderReview);
        let late = answered.for_committee("2026-04-02T00:00:00Z".parse().unwrap());
        assert_eq!(late, CommitteeLabel::ToRelease);
        let withdrawn = Standing { stage: Stage::Withdrawn { at: at() }, ..answered };
        assert_eq!(withdrawn.for_committee(at()), CommitteeLabel::Withdrawn);
    }

    #[test]
    fn a_physical_copy_that_waits_for_staff_is_their_task_as_long_as_the_letter_is_in_force() {
        let letter = LetterId::fresh();
        for (work, label) in
            [(CopyWork::Print, CommitteeLabel::CopyToPrint), (CopyWork::Post, CommitteeLabel::CopyToPost)]
        {
            let label_at = |stage| Standing::in_march(stage).with_copy(Some(work)).for_committee(at());
            assert_eq!(label_at(Stage::Issued { at: at(), letter }), label);
            assert_eq!(label_at(Stage::Delivered { at: at(), letter }), label);
            assert_eq!(label_at(Stage::Revoked { letter }), CommitteeLabel::Revoked);
        }
    }

    #[test]
    fn an_undecided_request_closes_with_its_deadline_and_a_decided_one_does_not() {
        let after = "2026-04-02T00:00:00Z".parse().unwrap();
        let closed = |stage| Standing::in_march(stage).for_applicant(after);
        assert_eq!(closed(Stage::InReview { at: at() }), ApplicantLabel::Closed);
        assert_eq!(closed(Stage::Draft), ApplicantLabel::Draft);
        assert_eq!(closed(Stage::Decided { at: at(), answer: Answer::Supported }), ApplicantLabel::Approved);
    }
}

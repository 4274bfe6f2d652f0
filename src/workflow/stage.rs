//! Where a request stands, with the evidence for it, and the only way to move it on.
//! A step takes the old stage by value and accepts its legal sources; anything else is refused with the reason.

use crate::clock::Instant;
use crate::ids::LetterId;
use crate::refusal::Refusal;
use crate::worded;

worded! {
    /// The committee's answer to a request.
    pub enum Answer {
        /// The Consortium supports the proposal; a letter follows.
        Supported = "supported",
        /// The Consortium does not support the proposal.
        Declined = "declined",
    }
}

worded! {
    /// The name of a stage, as the database and the staff's filters spell it.
    pub enum StageName {
        /// The applicant is still writing.
        Draft = "draft",
        /// Sent; waiting to be routed, or held for staff.
        Submitted = "submitted",
        /// With the assigned reviewers; none has opened it yet.
        Routed = "routed",
        /// At least one reviewer has declared no conflict and is reading.
        InReview = "in_review",
        /// The committee's answer has been released to the applicant.
        Decided = "decided",
        /// The letter is out.
        Issued = "issued",
        /// The applicant has the letter.
        Delivered = "delivered",
        /// The Consortium has taken its letter back.
        Revoked = "revoked",
        /// The applicant took the request back.
        Withdrawn = "withdrawn",
    }
}

impl StageName {
    /// Whether the committee deliberates on requests of this stage.
    pub const fn is_with_committee(self) -> bool {
        matches!(self, Self::Routed | Self::InReview)
    }
}

/// Where a request stands. Every variant holds what is true then; all instants are UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The applicant is still writing.
    Draft,
    /// Sent at `at`. A `held` request is late under the policy and waits for staff to admit it.
    Submitted {
        /// When it was sent.
        at: Instant,
        /// Whether staff must admit it first.
        held: bool,
    },
    /// With the assigned reviewers since `at`.
    Routed {
        /// When it was routed.
        at: Instant,
    },
    /// Being read since `at`.
    InReview {
        /// When the first reviewer began.
        at: Instant,
    },
    /// The answer was released at `at`.
    Decided {
        /// When it was released.
        at: Instant,
        /// The answer.
        answer: Answer,
    },
    /// The letter went out at `at`.
    Issued {
        /// When it was issued.
        at: Instant,
        /// The letter in force.
        letter: LetterId,
    },
    /// The applicant has had the letter since `at`.
    Delivered {
        /// When the applicant first downloaded it.
        at: Instant,
        /// The letter in force.
        letter: LetterId,
    },
    /// The Consortium has taken its letter back.
    Revoked {
        /// The letter that was in force.
        letter: LetterId,
    },
    /// Taken back by the applicant at `at`.
    Withdrawn {
        /// When it was taken back.
        at: Instant,
    },
}

impl Stage {
    /// The stage's name.
    pub const fn name(&self) -> StageName {
        match self {
            Self::Draft => StageName::Draft,
            Self::Submitted { .. } => StageName::Submitted,
            Self::Routed { .. } => StageName::Routed,
            Self::InReview { .. } => StageName::InReview,
            Self::Decided { .. } => StageName::Decided,
            Self::Issued { .. } => StageName::Issued,
            Self::Delivered { .. } => StageName::Delivered,
            Self::Revoked { .. } => StageName::Revoked,
            Self::Withdrawn { .. } => StageName::Withdrawn,
        }
    }
}

/// One step of the workflow, with its evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The applicant changes the draft.
    Edit,
    /// The applicant sends the request; `held` when it is late under the policy.
    Submit {
        /// When.
        at: Instant,
        /// Whether staff must admit it first.
        held: bool,
    },
    /// The applicant corrects the deadline or the addressee; `held` when staff must then admit the request first.
    Correct {
        /// Whether staff must admit it first.
        held: bool,
    },
    /// Staff admit a held request.
    Admit,
    /// Staff turn down a request before it is routed.
    TurnDown {
        /// When.
        at: Instant,
    },
    /// The request goes to its reviewers.
    Route {
        /// When.
        at: Instant,
    },
    /// A reviewer declares no conflict and begins to read.
    BeginReview {
        /// When.
        at: Instant,
    },
    /// A seat reviews, objects, asks or votes.
    Deliberate,
    /// The committee's answer is released.
    Release {
        /// When.
        at: Instant,
        /// The answer.
        answer: Answer,
    },
    /// Staff take back an answer that rests on a motion: the committee votes anew.
    ReopenVote {
        /// When.
        at: Instant,
    },
    /// Staff take back their own turning down: the request waits to be routed as it did.
    ReopenRouting {
        /// When it was sent.
        sent: Instant,
    },
    /// Staff write or change the letter's draft.
    DraftLetter,
    /// The letter goes out.
    Issue {
        /// When.
        at: Instant,
        /// The letter.
        letter: LetterId,
    },
    /// The applicant downloads the letter.
    Deliver {
        /// When.
        at: Instant,
    },
    /// Two people of staff take the letter back.
    Revoke,
    /// The applicant takes the request back.
    Withdraw {
        /// When.
        at: Instant,
    },
}

/// Moves a request on.
///
/// # Errors
/// A refusal that says why the step is not possible from this stage.
pub fn advance(stage: Stage, step: Step) -> Result<Stage, Refusal> {
    use Stage as S;
    match (stage, step) {
        (S::Draft, Step::Edit) => Ok(S::Draft),
        (S::Draft, Step::Submit { at, held }) => Ok(S::Submitted { at, held }),
        (S::Submitted { at, .. }, Step::Correct { held }) => Ok(S::Submitted { at, held }),
        (S::Decided { answer: Answer::Supported, .. }, Step::Correct { .. }) => Ok(stage),
        (_, Step::Correct { .. }) if stage.name().is_with_committee() => Ok(stage),
        (S::Submitted { at, held: true }, Step::Admit) => Ok(S::Submitted { at, held: false }),
        (S::Submitted { .. }, Step::TurnDown { at }) => Ok(S::Decided { at, answer: Answer::Declined }),
        (S::Submitted { held: false, .. }, Step::Route { at }) => Ok(S::Routed { at }),
        (S::Routed { .. }, Step::BeginReview { at }) => Ok(S::InReview { at }),
        (S::InReview { at }, Step::BeginReview { .. }) => Ok(S::InReview { at }),
        (_, Step::Deliberate) if stage.name().is_with_committee() => Ok(stage),
        (_, Step::Release { at, answer }) if stage.name().is_with_committee() => Ok(S::Decided { at, answer }),
        (S::Decided { .. }, Step::ReopenVote { at }) => Ok(S::InReview { at }),
        (_, Step::ReopenVote { .. }) if stage.name().is_with_committee() => Ok(stage),
        (S::Decided { answer: Answer::Declined, .. }, Step::ReopenRouting { sent }) => {
            Ok(S::Submitted { at: sent, held: false })
        }
        (S::Decided { answer: Answer::Supported, .. }, Step::DraftLetter) => Ok(stage),
        (S::Decided { answer: Answer::Supported, .. }, Step::Issue { at, letter }) => Ok(S::Issued { at, letter }),
        (S::Issued { .. } | S::Delivered { .. } | S::Revoked { .. }, Step::DraftLetter) => Ok(stage),
        (S::Issued { .. } | S::Delivered { .. } | S::Revoked { .. }, Step::Issue { at, letter }) => {
            Ok(S::Issued { at, letter })
        }
        (S::Issued { letter, .. } | S::Delivered { letter, .. }, Step::Revoke) => Ok(S::Revoked { letter }),
        (S::Issued { letter, .. }, Step::Deliver { at }) => Ok(S::Delivered { at, letter }),
        (S::Delivered { .. }, Step::Deliver { .. }) => Ok(stage),
        (
            S::Draft
            | S::Submitted { .. }
            | S::Routed { .. }
            | S::InReview { .. }
            | S::Decided { answer: Answer::Supported, .. },
            Step::Withdraw { at },
        ) => Ok(S::Withdrawn { at }),
        (stage, step) => Err(refuse(stage, step)),
    }
}

/// Why `step` is not possible from `stage`.
fn refuse(stage: Stage, step: Step) -> Refusal {
    let stands = match stage {
        Stage::Draft => "it has not been sent yet",
        Stage::Submitted { held: true, .. } => "it is late and waits for staff to admit it",
        Stage::Submitted { held: false, .. } => "it waits to be routed to its reviewers",
        Stage::Routed { .. } => "it has been routed to its reviewers",
        Stage::InReview { .. } => "it is under review",
        Stage::Decided { answer: Answer::Supported, .. } => "the committee has already decided to support it",
        Stage::Decided { answer: Answer::Declined, .. } => "it has already been declined",
        Stage::Issued { .. } | Stage::Delivered { .. } => "its letter has already been issued",
        Stage::Revoked { .. } => "its letter has been revoked",
        Stage::Withdrawn { .. } => "the applicant has withdrawn it",
    };
    let wanted = match step {
        Step::Edit => "be edited",
        Step::Submit { .. } => "be sent",
        Step::Correct { .. } => "be corrected",
        Step::Admit => "be admitted",
        Step::TurnDown { .. } => "be turned down",
        Step::Route { .. } => "be routed",
        Step::BeginReview { .. } | Step::Deliberate => "be reviewed",
        Step::Release { .. } => "be decided",
        Step::ReopenVote { .. } | Step::ReopenRouting { .. } => "be reopened",
        Step::DraftLetter => "have its letter drafted",
        Step::Issue { .. } => "have its letter issued",
        Step::Deliver { .. } => "have its letter downloaded",
        Step::Revoke => "have its letter revoked",
        Step::Withdraw { .. } => "be withdrawn",
    };
    Refusal::conflict("wrong-stage", format!("This request cannot {wanted}: {stands}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::clock::FixedClock;

    fn at() -> Instant {
        FixedClock::at("2026-03-01T12:00:00Z".parse().unwrap()).now()
    }

    /// Each stage, and beside it the names of the stages that each step leads to (`-` where it is refused).
    /// Columns: edit, submit, admit, turn down, route, begin, deliberate, release, draft letter, issue, deliver, withdraw,
    /// reopen to the vote, reopen to the routing, revoke, correct.
    #[test]
    fn every_stage_against_every_step() {
        let at = at();
        let letter = LetterId::fresh();
        let steps = [
            Step::Edit,
            Step::Submit { at, held: false },
            Step::Admit,
            Step::TurnDown { at },
            Step::Route { at },
            Step::BeginReview { at },
            Step::Deliberate,
            Step::Release { at, answer: Answer::Supported },
            Step::DraftLetter,
            Step::Issue { at, letter },
            Step::Deliver { at },
            Step::Withdraw { at },
            Step::ReopenVote { at },
            Step::ReopenRouting { sent: at },
            Step::Revoke,
            Step::Correct { held: true },
        ];
        #[rustfmt::skip]
        let table: [(Stage, [&str; 16]); 11] = [
            (Stage::Draft,                                             ["draft", "submitted", "-", "-", "-", "-", "-", "-", "-", "-", "-", "withdrawn", "-", "-", "-", "-"]),
            (Stage::Submitted { at, held: true },                      ["-", "-", "submitted", "decided", "-", "-", "-", "-", "-", "-", "-", "withdrawn", "-", "-", "-", "submitted"]),
            (Stage::Submitted { at, held: false },                     ["-", "-", "-", "decided", "routed", "-", "-", "-", "-", "-", "-", "withdrawn", "-", "-", "-", "submitted"]),
            (Stage::Routed { at },                                     ["-", "-", "-", "-", "-", "in_review", "routed", "decided", "-", "-", "-", "withdrawn", "routed", "-", "-", "routed"]),
            (Stage::InReview { at },                                   ["-", "-", "-", "-", "-", "in_review", "in_review", "decided", "-", "-", "-", "withdrawn", "in_review", "-", "-", "in_review"]),
            (Stage::Decided { at, answer: Answer::Supported },         ["-", "-", "-", "-", "-", "-", "-", "-", "decided", "issued", "-", "withdrawn", "in_review", "-", "-", "decided"]),
            (Stage::Decided { at, answer: Answer::Declined },          ["-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "in_review", "submitted", "-", "-"]),
            (Stage::Issued { at, letter },                             ["-", "-", "-", "-", "-", "-", "-", "-", "issued", "issued", "delivered", "-", "-", "-", "revoked", "-"]),
            (Stage::Delivered { at, letter },                          ["-", "-", "-", "-", "-", "-", "-", "-", "delivered", "issued", "delivered", "-", "-", "-", "revoked", "-"]),
            (Stage::Revoked { letter },                                ["-", "-", "-", "-", "-", "-", "-", "-", "revoked", "issued", "-", "-", "-", "-", "-", "-"]),
            (Stage::Withdrawn { at },                                  ["-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-"]),
        ];
        for (stage, row) in table {
            for (step, expected) in steps.iter().zip(row) {
                let got = match advance(stage, *step) {
                    Ok(next) => next.name().as_str(),
                    Err(_) => "-",
                };
                assert_eq!(got, expected, "{stage:?} with {step:?}");
            }
        }
    }

    #[test]
    fn admitting_a_late_request_lets_it_be_routed() {
        let held = Stage::Submitted { at: at(), held: true };
        let admitted = advance(held, Step::Admit).unwrap();
        assert!(advance(admitted, Step::Route { at: at() }).is_ok());
    }

    #[test]
    fn a_correction_holds_a_request_or_frees_it_and_moves_no_other() {
        let waiting = |held| Stage::Submitted { at: at(), held };
        assert_eq!(advance(waiting(false), Step::Correct { held: true }), Ok(waiting(true)));
        assert_eq!(advance(waiting(true), Step::Correct { held: false }), Ok(waiting(false)));
        let routed = Stage::Routed { at: at() };
        assert_eq!(advance(routed, Step::Correct { held: true }), Ok(routed));
    }

    #[test]
    fn a_refusal_says_where_the_request_stands() {
        let refusal = advance(Stage::Withdrawn { at: at() }, Step::Deliberate).unwrap_err();
        assert_eq!(refusal.sentence, "This request cannot be reviewed: the applicant has withdrawn it.");
    }
}

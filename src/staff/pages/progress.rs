//! What a list of requests needs to know of them beside their rows, read for all at once.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::clock::Instant;
use crate::ids::RequestId;
use crate::policy::store::in_force;
use crate::refusal::Outcome;
use crate::store::View;
use crate::workflow::decision::store as decisions;
use crate::workflow::labels::{LetterWork, Standing};
use crate::workflow::letter::store::progress as letters;
use crate::workflow::request::store::{Request, queue};

/// How far requests are: open questions, answers to release, letters in work.
pub(super) struct Progress {
    questions: HashMap<RequestId, NaiveDate>,
    answered: Vec<RequestId>,
    letters: HashMap<RequestId, LetterWork>,
}

impl Progress {
    /// Of these requests, at `now`.
    pub(super) fn of(view: &mut View<'_>, ids: &[RequestId], now: Instant) -> Outcome<Self> {
        let today = in_force(view, now)?.today(now);
        Ok(Self {
            questions: queue::open_questions(view, ids)?,
            answered: decisions::unreleased(view, ids)?,
            letters: letters::of(view, ids, today)?.into_iter().collect(),
        })
    }

    /// What the labels of one of them depend on.
    pub(super) fn standing(&self, request: &Request) -> Standing {
        request
            .standing(self.questions.get(&request.id).copied(), None)
            .with_answer(self.answered.contains(&request.id))
            .with_letter(self.letters.get(&request.id).copied().unwrap_or_default())
    }
}

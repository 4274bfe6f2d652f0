//! What a list of requests needs to know of them beside their rows, read for all at once.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::clock::Instant;
use crate::ids::RequestId;
use crate::policy::store::in_force;
use crate::refusal::Outcome;
use crate::staff::awaited::awaited;
use crate::staff::chosen::{Act, must_have_letter};
use crate::store::View;
use crate::workflow::decision::store as decisions;
use crate::workflow::labels::{CopyWork, LetterWork, Standing};
use crate::workflow::letter::store::progress as letters;
use crate::workflow::post::store::Waiting;
use crate::workflow::request::store::{Request, queue};

/// How far requests are: open questions, answers to release, letters in work, physical copies that wait.
pub(super) struct Progress {
    questions: HashMap<RequestId, NaiveDate>,
    answered: Vec<RequestId>,
    letters: HashMap<RequestId, LetterWork>,
    copies: HashMap<RequestId, Waiting>,
}

impl Progress {
    /// Of these requests, at `now`, with what waits for staff of physical copies.
    pub(super) fn of(view: &mut View<'_>, ids: &[RequestId], copies: &[Waiting], now: Instant) -> Outcome<Self> {
        let today = in_force(view, now)?.today(now);
        Ok(Self {
            questions: queue::open_questions(view, ids)?,
            answered: decisions::unreleased(view, ids)?,
            letters: letters::of(view, ids, today)?.into_iter().collect(),
            copies: copies.iter().map(|one| (one.request, one.clone())).collect(),
        })
    }

    /// What the labels of one of them depend on.
    pub(super) fn standing(&self, request: &Request) -> Standing {
        request
            .standing(self.questions.get(&request.id).copied(), None)
            .with_answer(self.answered.contains(&request.id))
            .with_letter(self.letters.get(&request.id).copied().unwrap_or_default())
            .with_copy(self.copies.get(&request.id).map(|copy| copy.work))
    }

    /// The physical copy of a request that waits to be printed, by its number and the letter.
    pub(super) fn to_print(&self, request: RequestId) -> Option<String> {
        let copy = self.copies.get(&request).filter(|copy| copy.work == CopyWork::Print)?;
        Some(format!("{} {}", copy.number, copy.letter?))
    }

    /// What can be done with at least one of these requests.
    pub(super) fn acts(&self, requests: &[Request], now: Instant) -> Vec<Act> {
        let fits = |act: &Act, one: &Request| match act {
            Act::Requests => true,
            Act::Letters => must_have_letter(one.stage).is_ok(),
            Act::Print => self.to_print(one.id).is_some(),
            Act::Write => awaited(&self.standing(one), now).is_ok(),
        };
        Act::ALL.iter().filter(|act| requests.iter().any(|one| fits(act, one))).copied().collect()
    }
}

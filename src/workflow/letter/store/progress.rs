//! How far the letters of requests are, for lists of them.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::ids::RequestId;
use crate::refusal::Outcome;
use crate::store::View;
use crate::store::schema::{co_signers, co_signings, letters, proofs};
use crate::workflow::labels::LetterWork;
use crate::workflow::letter::rules::LetterState;

/// How far the letters of `requests` are on the day `today`, of those that are further than being written.
///
/// # Errors
/// A fault of the database.
pub fn of(view: &mut View<'_>, requests: &[RequestId], today: NaiveDate) -> Outcome<Vec<(RequestId, LetterWork)>> {
    let drafts = || letters::state.eq(LetterState::Draft).and(letters::request_id.eq_any(requests.to_vec()));
    let passed_on: Vec<RequestId> = letters::table
        .inner_join(proofs::table.on(proofs::letter_id.eq(letters::id)))
        .filter(drafts())
        .select(letters::request_id)
        .load(view.connection())?;
    let out: Vec<RequestId> = letters::table
        .inner_join(co_signings::table.on(co_signings::letter_id.eq(letters::id)))
        .inner_join(co_signers::table.on(co_signers::letter_id.eq(letters::id)))
        .filter(drafts().and(co_signings::last_day.ge(today)))
        .filter(co_signers::asked_at.is_not_null().and(co_signers::answered_at.is_null()))
        .select(letters::request_id)
        .distinct()
        .load(view.connection())?;
    let passed_on = passed_on.into_iter().map(|id| (id, LetterWork::PassedOn));
    Ok(passed_on.chain(out.into_iter().map(|id| (id, LetterWork::OutForSignature))).collect())
}

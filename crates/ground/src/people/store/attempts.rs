//! Attempts to sign in, and the counts that budgets are kept by.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::clock::Instant;
use crate::ids::AttemptId;
use crate::people::limits::{self, Budget};
use crate::people::token::{Nonce, hex, unhex};
use crate::refusal::Outcome;
use crate::store::schema::{budgets, sign_in_attempts as attempts};
use crate::store::{Tx, View, impossible, next_number};
use crate::worded;

worded! {
    /// How an attempt ended.
    pub enum Ending {
        /// The link was confirmed.
        Link = "link",
        /// The code was typed.
        Code = "code",
        /// Another attempt for the same address succeeded.
        Overtaken = "overtaken",
        /// A budget was used up, so no mail was sent and nothing can open it.
        Limited = "limited",
    }
}

/// An attempt to sign in by e-mail.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The attempt.
    pub id: AttemptId,
    /// The SHA-256 of the cookie of the browser that asked.
    pub browser_hash: String,
    /// The address, in canonical form.
    pub address: String,
    /// Where to go on afterwards: a key.
    pub next_key: String,
    /// What link and code are derived from.
    pub nonce: Nonce,
    /// When it was asked for.
    pub created_at: Instant,
    /// When it ends.
    pub expires_at: Instant,
    /// Whether it has ended before that.
    pub is_consumed: bool,
    /// The keyed fingerprint of the network that asked.
    pub network: String,
    /// What the asking browser calls itself.
    pub browser_family: String,
}

impl Attempt {
    /// Whether it can still be completed at `now`.
    pub fn is_live(&self, now: Instant) -> bool {
        !self.is_consumed && now < self.expires_at
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = attempts)]
struct Row {
    id: AttemptId,
    browser_hash: String,
    address: String,
    next_key: String,
    nonce: String,
    created_at: NaiveDateTime,
    expires_at: NaiveDateTime,
    consumed_at: Option<NaiveDateTime>,
    prefix_hash: String,
    browser_family: String,
}

/// One attempt.
///
/// # Errors
/// A fault of the database, or a row that cannot be true.
pub fn attempt(view: &mut View<'_>, id: AttemptId) -> Outcome<Option<Attempt>> {
    let row: Option<Row> = attempts::table.find(id).select(Row::as_select()).first(view.connection()).optional()?;
    row.map(|row| {
        let nonce = unhex(&row.nonce).ok_or_else(|| impossible("sign_in_attempts", id, "its nonce is not 32 bytes"))?;
        Ok(Attempt {
            id: row.id,
            browser_hash: row.browser_hash,
            address: row.address,
            next_key: row.next_key,
            nonce,
            created_at: row.created_at.and_utc(),
            expires_at: row.expires_at.and_utc(),
            is_consumed: row.consumed_at.is_some(),
            network: row.prefix_hash,
            browser_family: row.browser_family,
        })
    })
    .transpose()
}

/// The attempt that a browser made last.
///
/// # Errors
/// A fault of the database.
pub fn last_of_browser(view: &mut View<'_>, browser_hash: &str) -> Outcome<Option<AttemptId>> {
    let query = attempts::table.filter(attempts::browser_hash.eq(browser_hash)).order(attempts::created_at.desc());
    Ok(query.select(attempts::id).first(view.connection()).optional()?)
}

/// Adds an attempt; one that is `limited` has ended before it begins.
pub(in crate::people) fn add(tx: &mut Tx<'_>, attempt: &Attempt, limited: bool) -> Outcome<()> {
    let at = attempt.created_at.naive_utc();
    let row = (
        attempts::id.eq(attempt.id),
        attempts::browser_hash.eq(&attempt.browser_hash),
        attempts::address.eq(&attempt.address),
        attempts::next_key.eq(&attempt.next_key),
        attempts::nonce.eq(hex(&attempt.nonce)),
        attempts::created_at.eq(at),
        attempts::expires_at.eq(attempt.expires_at.naive_utc()),
        attempts::tries.eq(0),
        attempts::resends.eq(0),
        attempts::consumed_at.eq(limited.then_some(at)),
        attempts::consumed_how.eq(limited.then_some(Ending::Limited.as_str())),
        attempts::prefix_hash.eq(&attempt.network),
        attempts::browser_family.eq(&attempt.browser_family),
    );
    diesel::insert_into(attempts::table).values(row).execute(tx.connection())?;
    Ok(())
}

/// Ends an attempt as a success; `false` when it was not live any more. Of many at once exactly one succeeds.
pub(in crate::people) fn consume(tx: &mut Tx<'_>, id: AttemptId, how: Ending, now: Instant) -> Outcome<bool> {
    let live = attempts::consumed_at.is_null().and(attempts::expires_at.gt(now.naive_utc()));
    let consumed = diesel::update(attempts::table.filter(attempts::id.eq(id).and(live)))
        .set((attempts::consumed_at.eq(now.naive_utc()), attempts::consumed_how.eq(how.as_str())))
        .execute(tx.connection())?;
    Ok(consumed == 1)
}

/// Ends every other attempt for an address.
pub(in crate::people) fn end_others(tx: &mut Tx<'_>, address: &str, now: Instant) -> Outcome<()> {
    diesel::update(attempts::table.filter(attempts::address.eq(address).and(attempts::consumed_at.is_null())))
        .set((attempts::consumed_at.eq(now.naive_utc()), attempts::consumed_how.eq(Ending::Overtaken.as_str())))
        .execute(tx.connection())?;
    Ok(())
}

/// Counts a try of the code before it is compared; `false` when none is left or the attempt is over.
pub(in crate::people) fn count_try(tx: &mut Tx<'_>, id: AttemptId, now: Instant) -> Outcome<bool> {
    let live = attempts::consumed_at.is_null().and(attempts::expires_at.gt(now.naive_utc()));
    let counted = diesel::update(
        attempts::table.filter(attempts::id.eq(id).and(live).and(attempts::tries.lt(limits::CODE_TRIES))),
    )
    .set(attempts::tries.eq(attempts::tries + 1))
    .execute(tx.connection())?;
    Ok(counted == 1)
}

/// Counts one more mail for an attempt; `false` when none is left or the attempt is over.
pub(in crate::people) fn count_resend(tx: &mut Tx<'_>, id: AttemptId, now: Instant) -> Outcome<bool> {
    let live = attempts::consumed_at.is_null().and(attempts::expires_at.gt(now.naive_utc()));
    let counted = diesel::update(
        attempts::table.filter(attempts::id.eq(id).and(live).and(attempts::resends.lt(limits::RESENDS))),
    )
    .set(attempts::resends.eq(attempts::resends + 1))
    .execute(tx.connection())?;
    Ok(counted == 1)
}

/// Notes that the mail server took the mail at `now`, and when the attempt ends.
pub(in crate::people) fn mail_accepted(tx: &mut Tx<'_>, id: AttemptId, now: Instant, ends: Instant) -> Outcome<()> {
    diesel::update(attempts::table.find(id))
        .set((attempts::mail_accepted_at.eq(now.naive_utc()), attempts::expires_at.eq(ends.naive_utc())))
        .execute(tx.connection())?;
    Ok(())
}

/// How many attempts that a mail was sent for were made in the hour before `now`.
pub(in crate::people) fn in_last_hour(view: &mut View<'_>, now: Instant) -> Outcome<i64> {
    let hour_ago = (now - chrono::TimeDelta::hours(1)).naive_utc();
    let how = attempts::consumed_how;
    let mailed = how.is_null().or(how.ne(Ending::Limited.as_str()));
    Ok(attempts::table.filter(attempts::created_at.gt(hour_ago).and(mailed)).count().get_result(view.connection())?)
}

/// Forgets attempts that no mail was sent for, so that a flood leaves nothing behind.
pub(in crate::people) fn forget_limited(tx: &mut Tx<'_>, now: Instant) -> Outcome<()> {
    let old = attempts::created_at.lt((now - limits::KEPT).naive_utc());
    let limited = attempts::consumed_how.eq(Ending::Limited.as_str());
    diesel::delete(attempts::table.filter(old.and(limited))).execute(tx.connection())?;
    Ok(())
}

/// Makes the transactions that spend budgets run one after the other, on either database.
pub(in crate::people) fn take_turn(tx: &mut Tx<'_>) -> Outcome<()> {
    next_number(tx, "sign-in-turns").map(|_| ())
}

/// Whether one more is allowed of the budget `bucket`; the key is a keyed fingerprint.
pub(in crate::people) fn allows(view: &mut View<'_>, budget: Budget, bucket: &str, now: Instant) -> Outcome<bool> {
    let since = (now - limits::KEPT).naive_utc();
    let times: Vec<NaiveDateTime> = budgets::table
        .filter(budgets::bucket.eq(bucket).and(budgets::spent_at.gt(since)))
        .order(budgets::spent_at)
        .select(budgets::spent_at)
        .load(view.connection())?;
    let times: Vec<Instant> = times.iter().map(NaiveDateTime::and_utc).collect();
    Ok(budget.allows(&times, now))
}

/// Spends one of the budget `bucket`, and forgets the counts nobody needs any more.
pub(in crate::people) fn spend(tx: &mut Tx<'_>, bucket: &str, now: Instant) -> Outcome<()> {
    let old = budgets::spent_at.lt((now - limits::KEPT).naive_utc());
    diesel::delete(budgets::table.filter(old)).execute(tx.connection())?;
    let id = AttemptId::fresh();
    let row = (budgets::id.eq(id.as_str()), budgets::bucket.eq(bucket), budgets::spent_at.eq(now.naive_utc()));
    diesel::insert_into(budgets::table).values(row).execute(tx.connection())?;
    Ok(())
}

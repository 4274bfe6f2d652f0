//! The outbox as rows: which mail is due, who is sending it, what came of it, and what staff see of it.
//! A mail is claimed by a lease on its row, so that of several workers only one sends it, and none has a transaction
//! open while it does. A worker that dies leaves a lease that runs out.

pub mod held;

use std::collections::HashSet;

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use super::message::MailState;
use super::retry::Settlement;
use crate::clock::Instant;
use crate::ids::{AttemptId, CoSignerId, MailId, RequestId};
use crate::refusal::Outcome;
use crate::store::schema::{outbox, requests};
use crate::store::{Tx, View, impossible};

/// How long a claimed mail belongs to its worker. Longer than a send may take, and short enough that the mail of a
/// worker that died goes out soon.
pub(super) const LEASE: TimeDelta = TimeDelta::minutes(5);

/// How many due mails are looked at to find those to claim.
const LOOKED_AT: i64 = 50;

/// A mail as the database keeps it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = outbox)]
struct Row {
    id: MailId,
    kind: String,
    request_id: Option<RequestId>,
    attempt_id: Option<AttemptId>,
    co_signer_id: Option<CoSignerId>,
    to_address: String,
    to_name: String,
    subject: String,
    text_body: String,
    html_body: Option<String>,
    message_id: String,
    thread_id: Option<String>,
    state: String,
    tries: i32,
    created_at: NaiveDateTime,
    not_before: NaiveDateTime,
    expires_at: Option<NaiveDateTime>,
    sent_at: Option<NaiveDateTime>,
    last_reply: Option<String>,
    links: Option<String>,
    revision: i32,
}

/// A mail in the outbox.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its id.
    pub id: MailId,
    /// What it is, in kebab-case.
    pub kind: String,
    /// The request it is about.
    pub request: Option<RequestId>,
    /// The sign-in attempt whose link and code it carries.
    pub attempt: Option<AttemptId>,
    /// The co-signer the link to whose page it carries.
    pub co_signer: Option<CoSignerId>,
    /// The reader's address.
    pub to_address: String,
    /// The reader's name; may be empty.
    pub to_name: String,
    /// Subject line.
    pub subject: String,
    /// The mail as plain text.
    pub text: String,
    /// The mail as HTML, if it has that form too.
    pub html: Option<String>,
    /// Its Message-ID.
    pub message_id: String,
    /// The root of its thread.
    pub thread: Option<String>,
    /// Where it stands.
    pub state: MailState,
    /// How often it was tried.
    pub tries: u32,
    /// When it was queued, UTC.
    pub queued_at: Instant,
    /// Not tried again before this, UTC.
    pub not_before: Instant,
    /// After this it is dropped rather than sent.
    pub expires_at: Option<Instant>,
    /// When it was sent, UTC.
    pub sent_at: Option<Instant>,
    /// The last answer of the mail server, or what stood in the way.
    pub reply: Option<String>,
    /// Where it leads, for a mail that staff look at first: the addresses that stand on lines of their own.
    pub links: Vec<String>,
    /// How often staff have changed its words.
    pub revision: i32,
}

fn kept(row: Row) -> Outcome<Kept> {
    let state = row.state.parse().map_err(|error| impossible("outbox", row.id, error))?;
    Ok(Kept {
        id: row.id,
        kind: row.kind,
        request: row.request_id,
        attempt: row.attempt_id,
        co_signer: row.co_signer_id,
        to_address: row.to_address,
        to_name: row.to_name,
        subject: row.subject,
        text: row.text_body,
        html: row.html_body,
        message_id: row.message_id,
        thread: row.thread_id,
        state,
        tries: u32::try_from(row.tries).unwrap_or_default(),
        queued_at: row.created_at.and_utc(),
        not_before: row.not_before.and_utc(),
        expires_at: row.expires_at.map(|at| at.and_utc()),
        sent_at: row.sent_at.map(|at| at.and_utc()),
        reply: row.last_reply,
        links: row.links.unwrap_or_default().lines().map(str::to_owned).collect(),
        revision: row.revision,
    })
}

/// The mail `id`, if there is one.
///
/// # Errors
/// A fault of the database.
pub fn find(view: &mut View<'_>, id: MailId) -> Outcome<Option<Kept>> {
    let row = outbox::table.find(id).select(Row::as_select()).first(view.connection()).optional()?;
    row.map(kept).transpose()
}

/// Whether the reader at `address` has a mail of this kind about a request, or gets it yet.
///
/// # Errors
/// A fault of the database.
pub fn is_mailed(view: &mut View<'_>, request: RequestId, kind: &str, address: &str) -> Outcome<bool> {
    let theirs = outbox::request_id.eq(request).and(outbox::kind.eq(kind)).and(outbox::to_address.eq(address));
    let mails = outbox::table.filter(theirs.and(outbox::state.ne(MailState::Dropped.as_str())));
    Ok(mails.count().get_result::<i64>(view.connection())? > 0)
}

/// The mails that may be tried at `now`: people who wait to sign in first, then the longest due.
fn due(view: &mut View<'_>, now: Instant) -> Outcome<Vec<Kept>> {
    let at = now.naive_utc();
    let rows: Vec<Row> = outbox::table
        .filter(outbox::state.eq(MailState::Queued.as_str()))
        .filter(outbox::not_before.le(at))
        .filter(outbox::leased_until.is_null().or(outbox::leased_until.le(at)))
        .order((outbox::attempt_id.is_null(), outbox::not_before, outbox::id))
        .limit(LOOKED_AT)
        .select(Row::as_select())
        .load(view.connection())?;
    rows.into_iter().map(kept).collect()
}

/// Whether a mail may be tried at `now`.
///
/// # Errors
/// A fault of the database.
pub fn is_any_due(view: &mut View<'_>, now: Instant) -> Outcome<bool> {
    Ok(!due(view, now)?.is_empty())
}

/// Claims up to `most` due mails, no two of them to the same reader, so that each reader's mail stays in order.
/// The try is counted here: a mail that kills its worker does not do so for ever.
pub(super) fn claim(tx: &mut Tx<'_>, most: usize, now: Instant) -> Outcome<Vec<Kept>> {
    let mut claimed = Vec::new();
    let mut readers = HashSet::new();
    for mut mail in due(tx, now)? {
        if claimed.len() == most {
            break;
        }
        if !readers.insert(mail.to_address.clone()) {
            continue;
        }
        // Another worker may have claimed it since: the number of rows tells.
        let free = outbox::table
            .find(mail.id)
            .filter(outbox::state.eq(MailState::Queued.as_str()))
            .filter(outbox::leased_until.is_null().or(outbox::leased_until.le(now.naive_utc())));
        let lease = (outbox::leased_until.eq((now + LEASE).naive_utc()), outbox::tries.eq(outbox::tries + 1));
        if diesel::update(free).set(lease).execute(tx.connection())? == 1 {
            mail.tries += 1;
            claimed.push(mail);
        }
    }
    Ok(claimed)
}

/// Notes what came of a claimed mail; `false` when it no longer belonged to the worker that claimed it at `claimed_at`.
/// That a mail was sent is noted in any case: it is true, and keeps others from sending it again.
pub(super) fn settle(
    tx: &mut Tx<'_>,
    id: MailId,
    claimed_at: Instant,
    settlement: &Settlement,
    now: Instant,
) -> Outcome<bool> {
    let queued = outbox::table.find(id).filter(outbox::state.eq(MailState::Queued.as_str()));
    let ours = queued.filter(outbox::leased_until.eq((claimed_at + LEASE).naive_utc()));
    let free = outbox::leased_until.eq(None::<NaiveDateTime>);
    let settled = match settlement {
        Settlement::Sent { reply } => {
            let sent = (outbox::state.eq(MailState::Sent.as_str()), outbox::sent_at.eq(now.naive_utc()));
            diesel::update(queued).set((sent, free, outbox::last_reply.eq(reply))).execute(tx.connection())?
        }
        Settlement::Again { at, reply } => diesel::update(ours)
            .set((outbox::not_before.eq(at.naive_utc()), free, outbox::last_reply.eq(reply)))
            .execute(tx.connection())?,
        Settlement::Failed { why } => diesel::update(ours)
            .set((outbox::state.eq(MailState::Failed.as_str()), free, outbox::last_reply.eq(why)))
            .execute(tx.connection())?,
        Settlement::Dropped { why } => diesel::update(ours)
            .set((outbox::state.eq(MailState::Dropped.as_str()), free, outbox::last_reply.eq(why)))
            .execute(tx.connection())?,
    };
    Ok(settled == 1)
}

/// Puts a failed mail back into the queue, with all its tries before it; `false` when it is not a failed one.
pub(super) fn requeue(tx: &mut Tx<'_>, id: MailId, now: Instant) -> Outcome<bool> {
    let failed = outbox::table.find(id).filter(outbox::state.eq(MailState::Failed.as_str()));
    let again = (
        outbox::state.eq(MailState::Queued.as_str()),
        outbox::tries.eq(0),
        outbox::not_before.eq(now.naive_utc()),
        outbox::leased_until.eq(None::<NaiveDateTime>),
    );
    Ok(diesel::update(failed).set(again).execute(tx.connection())? == 1)
}

/// When the longest-waiting unsent mail was due, if one is waiting.
///
/// # Errors
/// A fault of the database.
pub fn waiting_since(view: &mut View<'_>, now: Instant) -> Outcome<Option<Instant>> {
    let oldest: Option<NaiveDateTime> = outbox::table
        .filter(outbox::state.eq(MailState::Queued.as_str()))
        .filter(outbox::created_at.le(now.naive_utc()))
        .select(diesel::dsl::min(outbox::created_at))
        .first(view.connection())?;
    Ok(oldest.map(|at| at.and_utc()))
}

/// A mail in a list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Its id.
    pub id: MailId,
    /// What it is, in kebab-case.
    pub kind: String,
    /// The reader's address.
    pub to_address: String,
    /// The reader's name; may be empty.
    pub to_name: String,
    /// Subject line.
    pub subject: String,
    /// Where it stands.
    pub state: MailState,
    /// When it was queued, UTC.
    pub queued_at: Instant,
    /// When it was sent, UTC.
    pub sent_at: Option<Instant>,
    /// The reference of its request, if that has one.
    pub reference: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = outbox)]
struct ListedRow {
    id: MailId,
    kind: String,
    to_address: String,
    to_name: String,
    subject: String,
    state: String,
    created_at: NaiveDateTime,
    sent_at: Option<NaiveDateTime>,
}

impl ListedRow {
    fn read(self, reference: Option<String>) -> Outcome<Listed> {
        Ok(Listed {
            state: self.state.parse().map_err(|error| impossible("outbox", self.id, error))?,
            id: self.id,
            kind: self.kind,
            to_address: self.to_address,
            to_name: self.to_name,
            subject: self.subject,
            queued_at: self.created_at.and_utc(),
            sent_at: self.sent_at.map(|at| at.and_utc()),
            reference,
        })
    }
}

/// Which mails are wanted in a list; all without a choice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Those of one state.
    pub state: Option<MailState>,
    /// Those about one request.
    pub about: Option<RequestId>,
    /// Those that are older than this one.
    pub before: Option<MailId>,
}

/// Up to `most` of the `wanted` mails, newest first; none about the requests that are `closed` to the reader.
///
/// # Errors
/// A fault of the database.
pub fn list(view: &mut View<'_>, wanted: &Wanted, closed: &[RequestId], most: i64) -> Outcome<Vec<Listed>> {
    let mut query = outbox::table
        .left_join(requests::table.on(outbox::request_id.eq(requests::id.nullable())))
        .select((ListedRow::as_select(), requests::reference.nullable()))
        .filter(outbox::request_id.is_null().or(outbox::request_id.ne_all(closed)))
        .order(outbox::id.desc())
        .limit(most)
        .into_boxed();
    if let Some(about) = wanted.about {
        query = query.filter(outbox::request_id.eq(about));
    }
    if let Some(state) = wanted.state {
        query = query.filter(outbox::state.eq(state.as_str()));
    }
    if let Some(before) = wanted.before {
        query = query.filter(outbox::id.lt(before));
    }
    let rows: Vec<(ListedRow, Option<String>)> = query.load(view.connection())?;
    rows.into_iter().map(|(row, reference)| row.read(reference)).collect()
}

/// How many mails there are in each state, about one request or any; none about the requests that are `closed` to the
/// reader is counted.
///
/// # Errors
/// A fault of the database.
pub fn count_by_state(
    view: &mut View<'_>,
    about: Option<RequestId>,
    closed: &[RequestId],
) -> Outcome<Vec<(MailState, i64)>> {
    let mut query = outbox::table
        .filter(outbox::request_id.is_null().or(outbox::request_id.ne_all(closed)))
        .group_by(outbox::state)
        .select((outbox::state, diesel::dsl::count_star()))
        .into_boxed();
    if let Some(about) = about {
        query = query.filter(outbox::request_id.eq(about));
    }
    let counts: Vec<(String, i64)> = query.load(view.connection())?;
    let counted = |state: &MailState| counts.iter().find(|(name, _)| name == state.as_str()).map_or(0, |(_, n)| *n);
    Ok(MailState::ALL.iter().map(|state| (*state, counted(state))).collect())
}

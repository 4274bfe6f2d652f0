//! The only way to send mail: a row in the transaction of the change that causes it. The worker sends it later.
//! Here every mail gets its HTML form, which is read from its text.

pub mod frame;

use chrono::TimeDelta;
use diesel::prelude::*;

use super::html;
pub use super::message::LINK_PLACE;
use super::message::{MailState, Mailbox, OneLine};
use crate::clock::Instant;
use crate::ids::{AttemptId, CoSignerId, MailId, RequestId};
use crate::moment::Moment;
use crate::refusal::{Fault, Outcome};
use crate::store::schema::{held_kinds, outbox};
use crate::store::{Tx, View};

/// A mail to one reader.
#[derive(Debug, Clone)]
pub struct Message {
    /// What it is, in kebab-case: `request-receipt`.
    pub kind: &'static str,
    /// The request it is about; all mails about one request form a thread.
    pub request: Option<RequestId>,
    /// The sign-in attempt whose link and code the worker fills in when sending.
    pub attempt: Option<AttemptId>,
    /// The co-signer the link to whose page the worker fills in when sending.
    pub co_signer: Option<CoSignerId>,
    /// The reader's address.
    pub to_address: String,
    /// The reader's name; may be empty.
    pub to_name: String,
    /// Subject line.
    pub subject: String,
    /// The mail as plain text, in the conventions of `html`; as the template wrote it.
    pub text: String,
    /// After this it is dropped rather than sent.
    pub expires_at: Option<Instant>,
}

impl Message {
    /// A mail about a request.
    pub fn about(request: RequestId, kind: &'static str, to: (&str, &str), subject: String, text: String) -> Self {
        Self {
            kind,
            request: Some(request),
            attempt: None,
            co_signer: None,
            to_address: to.0.to_owned(),
            to_name: to.1.to_owned(),
            subject,
            text,
            expires_at: None,
        }
    }
}

/// Queues `message`; it is sent after the transaction has been committed, or when staff have looked at it, if they want
/// to see its kind first.
///
/// # Errors
/// A fault of the database, of a message with a line break in its headers or no single address, or of its HTML form.
pub fn queue(tx: &mut Tx<'_>, moment: &Moment, message: &Message) -> Outcome<MailId> {
    queue_later(tx, moment, TimeDelta::zero(), message)
}

/// As `queue`; the first try is made once `wait` has passed.
///
/// # Errors
/// As for `queue`.
pub fn queue_later(tx: &mut Tx<'_>, moment: &Moment, wait: TimeDelta, message: &Message) -> Outcome<MailId> {
    let to = Mailbox::new(&message.to_address, &message.to_name).map_err(Fault::from)?;
    let subject = OneLine::new(html::plain(&message.subject)).map_err(Fault::from)?;
    let in_html = frame::html(subject.as_str(), &html::blocks(&message.text, &|_| true))?;
    let is_held = is_held(tx, message.kind)?;
    let state = if is_held { MailState::Held } else { MailState::Queued };
    let id = MailId::fresh();
    let domain = &moment.site.mail_domain;
    let now = moment.now.naive_utc();
    diesel::insert_into(outbox::table)
        .values((
            outbox::id.eq(id),
            outbox::kind.eq(message.kind),
            outbox::request_id.eq(message.request),
            outbox::attempt_id.eq(message.attempt),
            outbox::co_signer_id.eq(message.co_signer),
            outbox::to_address.eq(to.address()),
            outbox::to_name.eq(to.name().unwrap_or_default()),
            outbox::subject.eq(subject.as_str()),
            outbox::text_body.eq(html::plain(&message.text)),
            outbox::html_body.eq(in_html),
            outbox::message_id.eq(format!("<{id}@{domain}>")),
            outbox::thread_id.eq(message.request.map(|request| format!("<request-{request}@{domain}>"))),
            outbox::state.eq(state.as_str()),
            outbox::tries.eq(0),
            outbox::created_at.eq(now),
            outbox::not_before.eq((moment.now + wait).naive_utc()),
            outbox::expires_at.eq(message.expires_at.map(|at| at.naive_utc())),
            outbox::links.eq(is_held.then(|| html::addresses(&message.text).join("\n"))),
            outbox::revision.eq(0),
        ))
        .execute(tx.connection())?;
    Ok(id)
}

/// Whether staff look at mails of this kind before they go out.
fn is_held(view: &mut View<'_>, kind: &str) -> Outcome<bool> {
    let held = held_kinds::table.find(kind).select(held_kinds::kind).first::<String>(view.connection()).optional()?;
    Ok(held.is_some())
}

//! The only way to send mail: a row in the transaction of the change that causes it. The worker sends it later.

use diesel::prelude::*;

use crate::clock::Instant;
use crate::ids::{AttemptId, MailId, RequestId};
use crate::moment::Moment;
use crate::refusal::Outcome;
use crate::store::Tx;
use crate::store::schema::outbox;
use crate::worded;

worded! {
    /// Where a mail stands.
    pub enum MailState {
        /// Waits for the worker.
        Queued = "queued",
        /// The mail server has accepted it.
        Sent = "sent",
        /// The mail server will not have it, or nobody could be reached for too long.
        Failed = "failed",
        /// Its reason has passed; it was never sent.
        Dropped = "dropped",
    }
}

/// A mail to one reader.
#[derive(Debug, Clone)]
pub struct Message {
    /// What it is, in kebab-case: `request-receipt`.
    pub kind: &'static str,
    /// The request it is about; all mails about one request form a thread.
    pub request: Option<RequestId>,
    /// The sign-in attempt whose link and code the worker fills in when sending.
    pub attempt: Option<AttemptId>,
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
            to_address: to.0.to_owned(),
            to_name: to.1.to_owned(),
            subject,
            text,
            html: None,
            expires_at: None,
        }
    }
}

/// Queues `message`; it is sent after the transaction has been committed.
///
/// # Errors
/// A fault of the database.
pub fn queue(tx: &mut Tx<'_>, moment: &Moment, message: &Message) -> Outcome<MailId> {
    let id = MailId::fresh();
    let domain = &moment.site.mail_domain;
    let now = moment.now.naive_utc();
    diesel::insert_into(outbox::table)
        .values((
            outbox::id.eq(id),
            outbox::kind.eq(message.kind),
            outbox::request_id.eq(message.request),
            outbox::attempt_id.eq(message.attempt),
            outbox::to_address.eq(&message.to_address),
            outbox::to_name.eq(&message.to_name),
            outbox::subject.eq(&message.subject),
            outbox::text_body.eq(&message.text),
            outbox::html_body.eq(message.html.as_deref()),
            outbox::message_id.eq(format!("<{id}@{domain}>")),
            outbox::thread_id.eq(message.request.map(|request| format!("<request-{request}@{domain}>"))),
            outbox::state.eq(MailState::Queued.as_str()),
            outbox::tries.eq(0),
            outbox::created_at.eq(now),
            outbox::not_before.eq(now),
            outbox::expires_at.eq(message.expires_at.map(|at| at.naive_utc())),
        ))
        .execute(tx.connection())?;
    Ok(id)
}

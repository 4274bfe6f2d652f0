//! What is done with a mail: its link and code are filled in when it is sent, and staff send again what failed.

pub mod held;

use serde_json::json;

use super::outbox::LINK_PLACE;
use super::store::{self, Kept};
use crate::audit::entry::{Actor, Entry};
use crate::audit::store::record;
use crate::clock::Instant;
use crate::ids::MailId;
use crate::moment::{Moment, Site};
use crate::people::access::Staff;
use crate::people::commands as people;
use crate::people::token::TokenKey;
use crate::refusal::{Outcome, Refusal};
use crate::store::{Tx, View};
use crate::workflow::{letter, request};

/// Puts into a mail what is kept nowhere: the link and the code of its sign-in attempt, or the link to a co-signer's page;
/// `None` when the attempt is over or the co-signer has no page any more.
///
/// # Errors
/// A fault of the database.
pub fn fill_in(
    view: &mut View<'_>,
    key: &TokenKey,
    site: &Site,
    mut mail: Kept,
    now: Instant,
) -> Outcome<Option<Kept>> {
    if let Some(co_signer) = mail.co_signer {
        let Some(path) = letter::commands::co_signers::path_for_mail(view, key, co_signer)? else { return Ok(None) };
        let link = site.link(&path);
        mail.text = mail.text.replace(LINK_PLACE, &link);
        mail.html = mail.html.map(|html| html.replace(LINK_PLACE, &link));
        return Ok(Some(mail));
    }
    let Some(attempt) = mail.attempt else { return Ok(Some(mail)) };
    let Some(secrets) = people::secrets_for_mail(view, key, attempt, now)? else { return Ok(None) };
    mail.text = secrets.fill(&mail.text, site);
    mail.html = mail.html.as_deref().map(|html| secrets.fill(html, site));
    Ok(Some(mail))
}

/// Puts a failed mail back into the queue. It goes with the next look at the outbox, and has all its tries again.
///
/// # Errors
/// A refusal when there is no such mail or it has not failed; a fault of the database.
pub fn try_again(tx: &mut Tx<'_>, moment: &Moment, staff: &Staff, id: MailId) -> Outcome<()> {
    let mail = store::find(tx, id)?.ok_or_else(no_such_mail)?;
    // Its journal is the request's, so the request is held while it is written.
    if let Some(request) = mail.request {
        request::store::touch(tx, request)?;
    }
    if !store::requeue(tx, id, moment.now)? {
        let sentence = format!("Only a mail that failed can be sent again. This one is {}.", mail.state);
        return Err(Refusal::conflict("not-failed", sentence).onward("All mail", "/outbox").into());
    }
    let entry = Entry {
        subject: mail.request.map_or_else(|| id.to_string(), |request| request.to_string()),
        at: moment.now,
        actor: Actor::Staff(staff.person()),
        what: "mail-requeued",
        detail: json!({ "mail": id, "kind": mail.kind, "message_id": mail.message_id }),
    };
    record(tx, &entry)
}

/// What is said of a mail that is not there.
pub fn no_such_mail() -> Refusal {
    Refusal::not_found("no-such-mail", "There is no such mail.").onward("All mail", "/outbox")
}

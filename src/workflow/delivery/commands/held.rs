//! What staff do with mails that they look at before these go out: which kinds, and change, send or discard each.

use serde_json::{Value, json};

use super::no_such_mail;
use crate::audit::entry::{Actor, Entry};
use crate::audit::store::record;
use crate::ids::MailId;
use crate::mail::outbox::frame;
use crate::moment::Moment;
use crate::people::access::Staff;
use crate::refusal::{Outcome, Refusal};
use crate::store::Tx;
use crate::workflow::delivery::held::{self, Words};
use crate::workflow::delivery::html;
use crate::workflow::delivery::store::{self, Kept};
use crate::workflow::request;

/// The subject of the journal's entries about mail in general.
pub const JOURNAL: &str = "mail";

/// What is said of a mail that nobody looked at in time.
const EXPIRED: &str = "Its time had passed before one of staff looked at it.";

/// Holds the kinds of these names from now on, and no others; mails that are held already stay so.
///
/// # Errors
/// A field error for a name that is no kind of mail to applicants; a fault of the database.
pub fn hold_kinds(tx: &mut Tx<'_>, moment: &Moment, staff: &Staff, names: &[String]) -> Outcome<()> {
    let chosen = held::kinds_named(names)?;
    store::held::hold(tx, &chosen, (staff.person(), moment.now))?;
    let (subject, detail) = (JOURNAL.to_owned(), json!({ "kinds": chosen }));
    record(
        tx,
        &Entry { subject, at: moment.now, actor: Actor::Staff(staff.person()), what: "held-kinds-chosen", detail },
    )
}

/// Takes hold of the request of a mail, and of the mail as it then stands, if it still waits.
fn hold_on(tx: &mut Tx<'_>, moment: &Moment, id: MailId) -> Outcome<Kept> {
    let mail = store::find(tx, id)?.ok_or_else(no_such_mail)?;
    if let Some(request) = mail.request {
        request::store::touch(tx, request)?;
    }
    let mail = store::find(tx, id)?.ok_or_else(no_such_mail)?;
    held::must_wait(mail.state, mail.expires_at, moment.now).map_err(|refusal| onward(refusal, id))?;
    Ok(mail)
}

fn onward(refusal: Refusal, id: MailId) -> Refusal {
    refusal.onward("The mail", format!("/outbox/{id}")).onward("All mail", "/outbox")
}

/// Refuses when a row was not as it was found a moment ago.
fn must_be_done(done: bool, id: MailId) -> Outcome<()> {
    if done {
        return Ok(());
    }
    let sentence = "Somebody else was faster with this mail. Nothing was changed.";
    Err(onward(Refusal::conflict("not-held", sentence), id).into())
}

fn note(tx: &mut Tx<'_>, moment: &Moment, staff: &Staff, mail: &Kept, what: &'static str, more: &Value) -> Outcome<()> {
    let entry = Entry {
        subject: mail.request.map_or_else(|| mail.id.to_string(), |request| request.to_string()),
        at: moment.now,
        actor: Actor::Staff(staff.person()),
        what,
        detail: json!({ "mail": mail.id, "kind": mail.kind, "message_id": mail.message_id, "more": more }),
    };
    record(tx, &entry)
}

/// Writes the typed words into the mail, if they differ from those that stand; the names of the fields that do.
fn reworded(tx: &mut Tx<'_>, mail: &Kept, seen: i32, (subject, text): (&str, &str)) -> Outcome<Vec<&'static str>> {
    let words = held::read(subject, text, &mail.links)?;
    let differing = words.differing(&Words { subject: mail.subject.clone(), text: mail.text.clone() }.as_typed());
    if differing.is_empty() {
        return Ok(differing);
    }
    held::must_be_as_seen(seen, mail.revision)?;
    // What staff wrote is the mail's own; of the addresses in it only those lead somewhere that did before.
    let html =
        frame::html(&words.subject, &html::blocks(&words.text, &|address| mail.links.iter().any(|l| l == address)))?;
    must_be_done(store::held::change(tx, (mail.id, mail.revision), &words, &html)?, mail.id)?;
    Ok(differing)
}

/// Changes the words of a held mail, which goes on waiting; the same words again change nothing. `seen` is the revision that
/// was shown, `typed` subject and text.
///
/// # Errors
/// All that is wrong with the words; refused when the mail does not wait any more, or a colleague has changed it.
pub fn change(
    tx: &mut Tx<'_>,
    moment: &Moment,
    staff: &Staff,
    (id, seen): (MailId, i32),
    typed: (&str, &str),
) -> Outcome<()> {
    let mail = hold_on(tx, moment, id)?;
    let changed = reworded(tx, &mail, seen, typed)?;
    if changed.is_empty() {
        return Ok(());
    }
    note(tx, moment, staff, &mail, "held-mail-changed", &json!({ "changed": changed }))
}

/// Sends a held mail with these words.
///
/// # Errors
/// As for [`change`].
pub fn send(
    tx: &mut Tx<'_>,
    moment: &Moment,
    staff: &Staff,
    (id, seen): (MailId, i32),
    typed: (&str, &str),
) -> Outcome<()> {
    let mail = hold_on(tx, moment, id)?;
    let changed = reworded(tx, &mail, seen, typed)?;
    must_be_done(store::held::release(tx, id, moment.now)?, id)?;
    note(tx, moment, staff, &mail, "held-mail-sent", &json!({ "changed": changed, "written_at": mail.queued_at }))
}

/// Discards a held mail; it is never sent.
///
/// # Errors
/// A field error without a reason; refused when the mail does not wait any more.
pub fn discard(tx: &mut Tx<'_>, moment: &Moment, staff: &Staff, id: MailId, typed: &str) -> Outcome<()> {
    let mail = hold_on(tx, moment, id)?;
    let reason = held::reason(typed)?;
    must_be_done(store::held::discard(tx, id, &format!("Staff discarded it: {reason}"))?, id)?;
    note(tx, moment, staff, &mail, "held-mail-discarded", &json!({ "reason": reason }))
}

/// Drops what nobody looked at in time.
///
/// # Errors
/// A fault of the database.
pub fn tick(tx: &mut Tx<'_>, moment: &Moment) -> Outcome<()> {
    store::held::drop_expired(tx, moment.now, EXPIRED).map(drop)
}

//! Files are added to a request, taken off its list and put back on it; files that belong to nothing are taken away.

use chrono::TimeDelta;
use serde_json::json;

use super::{entry, in_work};
use crate::audit::entry::Actor;
use crate::audit::store::record;
use crate::ids::{AttachmentId, RequestId};
use crate::moment::Moment;
use crate::people::access::Applicant;
use crate::refusal::{Outcome, Refusal};
use crate::store::{Tx, View, done_already, is_done};
use crate::workflow::request::attachment::file::{Attachment, Format, Kind, Standing};
use crate::workflow::request::attachment::rules;
use crate::workflow::request::store::depot::Depot;
use crate::workflow::request::store::{self, Request, attachments};

/// A file that has arrived, was looked at, and is kept in the depot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New {
    /// What it is for.
    pub kind: Kind,
    /// Its name, cleaned.
    pub name: String,
    /// What it is.
    pub format: Format,
    /// Its size in bytes.
    pub size: u64,
    /// The SHA-256 of its bytes in hexadecimal.
    pub sha256: String,
}

/// Adds a file to a draft, or to a sent request as long as a question reopens its attachments; then reviewers see it
/// with the answer.
///
/// # Errors
/// A field error when there is no room for it; a refusal when the attachments are closed, or after too many in a day; a
/// fault of the database.
pub fn attach(tx: &mut Tx<'_>, moment: &Moment, applicant: &Applicant, new: New) -> Outcome<AttachmentId> {
    let (request, all) = held(tx, applicant)?;
    rules::has_room(&all, &new.sha256)?;
    let day_ago = moment.now - TimeDelta::hours(24);
    rules::may_add(attachments::added_since(tx, applicant.person(), day_ago)?)?;
    let file = Attachment {
        id: AttachmentId::fresh(),
        request: request.id,
        kind: new.kind,
        name: new.name,
        format: new.format,
        size: new.size,
        sha256: new.sha256,
        added_by: applicant.person(),
        added_at: moment.now,
        standing: Standing::Pending,
    };
    attachments::add(tx, &file)?;
    note(tx, moment, applicant, "attachment-added", &file)?;
    Ok(file.id)
}

/// Takes a file off the list: one that nobody else knows of is gone at once, one that was sent goes with the answer.
///
/// # Errors
/// A refusal when there is no such file, or when the attachments are closed; a fault of the database.
pub fn take_off(tx: &mut Tx<'_>, moment: &Moment, applicant: &Applicant, file: AttachmentId) -> Outcome<Attachment> {
    let (_, all) = held(tx, applicant)?;
    let file = all.into_iter().find(|one| one.id == file && one.is_in_work()).ok_or_else(no_such_file)?;
    attachments::take_off(tx, &file, moment.now)?;
    note(tx, moment, applicant, "attachment-taken-off", &file)?;
    Ok(file)
}

/// Puts a file back on the list that was taken off it and is still there for others.
///
/// # Errors
/// A field error when there is no room for it any more; a refusal when there is no such file, or when the attachments
/// are closed; a fault of the database.
pub fn put_back(tx: &mut Tx<'_>, moment: &Moment, applicant: &Applicant, file: AttachmentId) -> Outcome<Attachment> {
    let (_, all) = held(tx, applicant)?;
    let is_off = |one: &&Attachment| one.id == file && matches!(one.standing, Standing::Dropped(_));
    let file = all.iter().find(is_off).cloned().ok_or_else(no_such_file)?;
    rules::has_room(&all, &file.sha256)?;
    attachments::put_back(tx, file.id)?;
    note(tx, moment, applicant, "attachment-put-back", &file)?;
    Ok(file)
}

/// The request, held, with its files, if they may be changed.
fn held(tx: &mut Tx<'_>, applicant: &Applicant) -> Outcome<(Request, Vec<Attachment>)> {
    let request = store::touch(tx, applicant.request())?;
    let (_, reopened) = in_work(tx, &request)?;
    rules::may_change(request.stage, &reopened)?;
    let all = attachments::of(tx, request.id)?;
    Ok((request, all))
}

fn note(tx: &mut Tx<'_>, moment: &Moment, applicant: &Applicant, what: &'static str, file: &Attachment) -> Outcome<()> {
    let actor = Actor::Applicant(applicant.person());
    record(tx, &entry(file.request, moment, actor, what, detail(file)))
}

fn detail(file: &Attachment) -> serde_json::Value {
    json!({ "attachment": file.id, "kind": file.kind, "format": file.format, "size": file.size, "sha256": file.sha256 })
}

/// Sends the files on the list of a held request, and removes those that were taken off it; whether that changes
/// anything, and the files as the journal keeps them.
pub(super) fn settle(tx: &mut Tx<'_>, moment: &Moment, request: RequestId) -> Outcome<(bool, serde_json::Value)> {
    let all = attachments::of(tx, request)?;
    let changes = all.iter().any(|one| matches!(one.standing, Standing::Pending | Standing::Dropped(_)));
    if changes {
        attachments::settle(tx, request, moment.now)?;
    }
    Ok((changes, all.iter().filter(|one| one.is_in_work()).map(detail).collect()))
}

/// The fingerprint of a form together with the files that would be sent with it.
///
/// # Errors
/// A fault of the database.
pub fn fingerprint(view: &mut View<'_>, request: RequestId, of_form: &str) -> Outcome<String> {
    Ok(rules::fingerprint(of_form, &attachments::of(view, request)?))
}

/// Takes away, once a day, the files that belong to no request any more. While somebody adds one, nothing is done until
/// the next round.
///
/// # Errors
/// A fault of the database or of the disk.
pub fn sweep(tx: &mut Tx<'_>, moment: &Moment, depot: &Depot) -> Outcome<()> {
    let mark = format!("attachments swept {}", moment.now.date_naive());
    if is_done(tx, &mark)? {
        return Ok(());
    }
    let Some(alone) = depot.alone()? else { return Ok(()) };
    attachments::forget_unsent(tx, moment.now - TimeDelta::hours(24))?;
    let taken = alone.sweep(moment.now, &attachments::in_use(tx)?)?;
    if taken > 0 {
        tracing::info!(taken, "files that belonged to no request any more were taken away");
    }
    done_already(tx, &mark, moment.now).map(drop)
}

/// Holds the files against their rows: how many there are, and what is wrong with which.
///
/// # Errors
/// A fault of the database.
pub fn check(view: &mut View<'_>, depot: &Depot) -> Outcome<(usize, Vec<String>)> {
    let in_use = attachments::in_use(view)?;
    let wrong = in_use.iter().filter_map(|(sha256, size)| Some(format!("{sha256} {}", depot.wrong(sha256, *size)?)));
    Ok((in_use.len(), wrong.collect()))
}

/// The answer for a file that is not there, or not for this person.
pub fn no_such_file() -> Refusal {
    let sentence = "There is no such file. It may have been removed.";
    Refusal::not_found("no-such-file", sentence).onward("My requests", "/requests")
}

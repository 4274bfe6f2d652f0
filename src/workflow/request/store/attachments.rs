//! Which files belong to a request, as rows. Their bytes are in `depot`.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::clock::Instant;
use crate::ids::{AttachmentId, PersonId, RequestId};
use crate::refusal::Outcome;
use crate::store::schema::attachments;
use crate::store::{Tx, View, as_text, impossible};
use crate::workflow::request::attachment::file::{Attachment, Format, Kind, Standing};

as_text!(Kind, Format);

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = attachments)]
struct Row {
    id: AttachmentId,
    request_id: RequestId,
    kind: Kind,
    name: String,
    format: Format,
    size: i64,
    sha256: String,
    added_by: PersonId,
    added_at: NaiveDateTime,
    sent_at: Option<NaiveDateTime>,
    dropped_at: Option<NaiveDateTime>,
    removed_at: Option<NaiveDateTime>,
}

fn attachment(row: Row) -> Outcome<Attachment> {
    let utc = |at: NaiveDateTime| at.and_utc();
    let standing = match (row.sent_at, row.dropped_at, row.removed_at) {
        (Some(sent), _, Some(at)) => Standing::Removed { sent: utc(sent), at: utc(at) },
        (Some(at), None, None) => Standing::Sent(utc(at)),
        (Some(at), Some(_), None) => Standing::Dropped(utc(at)),
        (None, ..) => Standing::Pending,
    };
    let size = u64::try_from(row.size).map_err(|error| impossible("attachments", row.id, error))?;
    Ok(Attachment {
        id: row.id,
        request: row.request_id,
        kind: row.kind,
        name: row.name,
        format: row.format,
        size,
        sha256: row.sha256,
        added_by: row.added_by,
        added_at: utc(row.added_at),
        standing,
    })
}

/// The attachments of a request, those that were added first before the others. What was taken away before it was ever
/// sent is left out.
///
/// # Errors
/// A fault of the database.
pub fn of(view: &mut View<'_>, request: RequestId) -> Outcome<Vec<Attachment>> {
    let rows: Vec<Row> = attachments::table
        .filter(attachments::request_id.eq(request))
        .filter(attachments::sent_at.is_not_null().or(attachments::removed_at.is_null()))
        .order((attachments::added_at, attachments::id))
        .select(Row::as_select())
        .load(view.connection())?;
    rows.into_iter().map(attachment).collect()
}

/// The files that must be there: fingerprint and size, each once.
///
/// # Errors
/// A fault of the database.
pub fn in_use(view: &mut View<'_>) -> Outcome<BTreeMap<String, u64>> {
    let rows: Vec<(String, i64)> = attachments::table
        .filter(attachments::removed_at.is_null())
        .select((attachments::sha256, attachments::size))
        .load(view.connection())?;
    let sized = |(sha256, size): (String, i64)| {
        let size = u64::try_from(size).map_err(|error| impossible("attachments", &sha256, error))?;
        Ok((sha256, size))
    };
    rows.into_iter().map(sized).collect()
}

/// How many files the person has added since then, whatever became of them.
///
/// # Errors
/// A fault of the database.
pub fn added_since(view: &mut View<'_>, person: PersonId, since: Instant) -> Outcome<i64> {
    Ok(attachments::table
        .filter(attachments::added_by.eq(person))
        .filter(attachments::added_at.gt(since.naive_utc()))
        .count()
        .get_result(view.connection())?)
}

/// Adds a file to a held request. It is not sent yet.
pub(in super::super) fn add(tx: &mut Tx<'_>, new: &Attachment) -> Outcome<()> {
    let size = i64::try_from(new.size).map_err(|error| impossible("attachments", new.id, error))?;
    let row = Row {
        id: new.id,
        request_id: new.request,
        kind: new.kind,
        name: new.name.clone(),
        format: new.format,
        size,
        sha256: new.sha256.clone(),
        added_by: new.added_by,
        added_at: new.added_at.naive_utc(),
        sent_at: None,
        dropped_at: None,
        removed_at: None,
    };
    diesel::insert_into(attachments::table).values(row).execute(tx.connection())?;
    Ok(())
}

/// Takes a file of a held request off the list: one that was never sent at once, one that was with the next answer.
pub(in super::super) fn take_off(tx: &mut Tx<'_>, file: &Attachment, now: Instant) -> Outcome<()> {
    let (this_file, now) = (attachments::table.find(file.id), Some(now.naive_utc()));
    let connection = tx.connection();
    match file.standing {
        Standing::Pending => {
            diesel::update(this_file).set(attachments::removed_at.eq(now)).execute(connection)?;
        }
        Standing::Sent(_) | Standing::Dropped(_) | Standing::Removed { .. } => {
            diesel::update(this_file).set(attachments::dropped_at.eq(now)).execute(connection)?;
        }
    }
    Ok(())
}

/// Puts a file of a held request back on the list.
pub(in super::super) fn put_back(tx: &mut Tx<'_>, file: AttachmentId) -> Outcome<()> {
    let nothing = None::<NaiveDateTime>;
    diesel::update(attachments::table.find(file)).set(attachments::dropped_at.eq(nothing)).execute(tx.connection())?;
    Ok(())
}

/// Sends what is on the list of a held request, and removes what was taken off it.
pub(in super::super) fn settle(tx: &mut Tx<'_>, request: RequestId, now: Instant) -> Outcome<()> {
    let now = Some(now.naive_utc());
    let still = || attachments::request_id.eq(request).and(attachments::removed_at.is_null());
    diesel::update(attachments::table)
        .filter(still().and(attachments::dropped_at.is_not_null()))
        .set(attachments::removed_at.eq(now))
        .execute(tx.connection())?;
    diesel::update(attachments::table)
        .filter(still().and(attachments::sent_at.is_null()))
        .set(attachments::sent_at.eq(now))
        .execute(tx.connection())?;
    Ok(())
}

/// Removes every file of a held draft that is thrown away.
pub(in super::super) fn remove_all(tx: &mut Tx<'_>, request: RequestId, now: Instant) -> Outcome<()> {
    diesel::update(attachments::table)
        .filter(attachments::request_id.eq(request).and(attachments::removed_at.is_null()))
        .set(attachments::removed_at.eq(Some(now.naive_utc())))
        .execute(tx.connection())?;
    Ok(())
}

/// Forgets what was taken away before `then` and never sent: nobody but its applicant ever knew of it.
pub(in super::super) fn forget_unsent(tx: &mut Tx<'_>, then: Instant) -> Outcome<()> {
    diesel::delete(attachments::table)
        .filter(attachments::sent_at.is_null())
        .filter(attachments::removed_at.lt(then.naive_utc()))
        .execute(tx.connection())?;
    Ok(())
}

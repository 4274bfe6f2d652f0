//! Physical copies as rows: one for each envelope.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::dsl::max;
use diesel::prelude::*;

use crate::clock::Instant;
use crate::ids::{LetterId, RequestId};
use crate::refusal::Outcome;
use crate::store::schema::{copies, letters, requests};
use crate::store::{Tx, View};
use crate::workflow::labels::CopyWork;
use crate::workflow::letter::rules::LetterState;
use crate::workflow::post::address::{Posting, Recipient};
use crate::workflow::post::rules::{Copies, Letters, PhysicalCopy};
use crate::workflow::stage::{Stage, StageName};

#[derive(Queryable, Selectable)]
#[diesel(table_name = copies)]
struct Row {
    request_id: RequestId,
    number: i32,
    name: String,
    address: String,
    asked_at: NaiveDateTime,
    taken_back_at: Option<NaiveDateTime>,
    letter_id: Option<LetterId>,
    printed_at: Option<NaiveDateTime>,
    posted_on: Option<NaiveDate>,
    posted_at: Option<NaiveDateTime>,
    carrier: String,
    tracking: String,
    link: String,
    returned_at: Option<NaiveDateTime>,
    remark: String,
}

impl Row {
    fn read(self) -> PhysicalCopy {
        let utc = |at: NaiveDateTime| at.and_utc();
        let Self { carrier, tracking, link, .. } = self;
        PhysicalCopy {
            number: self.number,
            to: Recipient { name: self.name, lines: self.address.lines().map(str::to_owned).collect() },
            asked_at: utc(self.asked_at),
            taken_back_at: self.taken_back_at.map(utc),
            printed: self.letter_id.zip(self.printed_at.map(utc)),
            posted: self
                .posted_on
                .zip(self.posted_at.map(utc))
                .map(|(day, at)| (Posting { day, carrier, tracking, link }, at)),
            returned: self.returned_at.map(|at| (utc(at), self.remark)),
        }
    }
}

/// The physical copies of a request that stands at `stage`.
///
/// # Errors
/// A fault of the database.
pub fn of(view: &mut View<'_>, request: RequestId, stage: Stage) -> Outcome<Copies> {
    let rows: Vec<Row> = copies::table
        .filter(copies::request_id.eq(request))
        .order(copies::number)
        .select(Row::as_select())
        .load(view.connection())?;
    if rows.is_empty() {
        return Ok(Copies::default());
    }
    let in_force = match stage {
        Stage::Issued { letter, .. } | Stage::Delivered { letter, .. } => Some(letter),
        _ => None,
    };
    let revoked_at = revoked(view, &[request])?.remove(&request);
    Ok(Copies { all: rows.into_iter().map(Row::read).collect(), letters: Letters { in_force, revoked_at } })
}

/// A physical copy that waits for staff.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The request whose letter it is of.
    pub request: RequestId,
    /// `LOS-2026-0001`.
    pub reference: String,
    /// Where it goes.
    pub to: Recipient,
    /// What staff have to do about it.
    pub work: CopyWork,
    /// Which of the request's physical copies it is.
    pub number: i32,
    /// The letter in force.
    pub letter: Option<LetterId>,
}

/// The physical copies that wait for staff, by reference.
///
/// # Errors
/// A fault of the database.
pub fn waiting(view: &mut View<'_>) -> Outcome<Vec<Waiting>> {
    let open: Vec<(Row, Option<LetterId>, Option<String>)> = copies::table
        .inner_join(requests::table.on(requests::id.eq(copies::request_id)))
        .filter(copies::posted_at.is_null().and(copies::taken_back_at.is_null()))
        .filter(requests::stage.eq_any([StageName::Issued, StageName::Delivered]))
        .order((requests::reference, copies::number))
        .select((Row::as_select(), requests::letter_id, requests::reference))
        .load(view.connection())?;
    let ids: Vec<RequestId> = open.iter().map(|(row, ..)| row.request_id).collect();
    let revoked = revoked(view, &ids)?;
    let waiting = |(row, in_force, reference): (Row, Option<LetterId>, Option<String>)| {
        let (request, reference) = (row.request_id, reference.unwrap_or_default());
        let letters = Letters { in_force, revoked_at: revoked.get(&request).copied() };
        let copy = row.read();
        let work = copy.state(&letters).work()?;
        Some(Waiting { request, reference, to: copy.to, work, number: copy.number, letter: in_force })
    };
    Ok(open.into_iter().filter_map(waiting).collect())
}

/// When a letter of each of these requests was last revoked, for those of which one was.
fn revoked(view: &mut View<'_>, ids: &[RequestId]) -> Outcome<HashMap<RequestId, Instant>> {
    let found: Vec<(RequestId, Option<NaiveDateTime>)> = letters::table
        .filter(letters::request_id.eq_any(ids).and(letters::state.eq(LetterState::Revoked)))
        .group_by(letters::request_id)
        .select((letters::request_id, max(letters::ended_at)))
        .load(view.connection())?;
    Ok(found.into_iter().filter_map(|(request, at)| Some((request, at?.and_utc()))).collect())
}

/// Keeps that a physical copy goes to `to`.
///
/// # Errors
/// A fault of the database.
pub(super) fn ask(tx: &mut Tx<'_>, request: RequestId, number: i32, (to, at): (&Recipient, Instant)) -> Outcome<()> {
    diesel::insert_into(copies::table)
        .values((
            copies::request_id.eq(request),
            copies::number.eq(number),
            copies::name.eq(&to.name),
            copies::address.eq(to.address()),
            copies::asked_at.eq(at.naive_utc()),
            (copies::carrier.eq(""), copies::tracking.eq(""), copies::link.eq(""), copies::remark.eq("")),
        ))
        .execute(tx.connection())?;
    Ok(())
}

/// Keeps that a physical copy is no longer wanted.
///
/// # Errors
/// A fault of the database.
pub(super) fn take_back(tx: &mut Tx<'_>, request: RequestId, number: i32, at: Instant) -> Outcome<()> {
    diesel::update(copies::table.find((request, number)))
        .set(copies::taken_back_at.eq(at.naive_utc()))
        .execute(tx.connection())?;
    Ok(())
}

/// Keeps of which letter a physical copy was printed.
///
/// # Errors
/// A fault of the database.
pub(super) fn print(
    tx: &mut Tx<'_>,
    request: RequestId,
    number: i32,
    (letter, at): (LetterId, Instant),
) -> Outcome<()> {
    diesel::update(copies::table.find((request, number)))
        .set((copies::letter_id.eq(letter), copies::printed_at.eq(at.naive_utc())))
        .execute(tx.connection())?;
    Ok(())
}

/// Keeps how a physical copy was posted.
///
/// # Errors
/// A fault of the database.
pub(super) fn post(
    tx: &mut Tx<'_>,
    request: RequestId,
    number: i32,
    (posting, at): (&Posting, Instant),
) -> Outcome<()> {
    diesel::update(copies::table.find((request, number)))
        .set((
            copies::posted_on.eq(posting.day),
            copies::posted_at.eq(at.naive_utc()),
            copies::carrier.eq(&posting.carrier),
            copies::tracking.eq(&posting.tracking),
            copies::link.eq(&posting.link),
        ))
        .execute(tx.connection())?;
    Ok(())
}

/// Keeps that a physical copy came back.
///
/// # Errors
/// A fault of the database.
pub(super) fn give_back(
    tx: &mut Tx<'_>,
    request: RequestId,
    number: i32,
    (remark, at): (&str, Instant),
) -> Outcome<()> {
    diesel::update(copies::table.find((request, number)))
        .set((copies::returned_at.eq(at.naive_utc()), copies::remark.eq(remark)))
        .execute(tx.connection())?;
    Ok(())
}

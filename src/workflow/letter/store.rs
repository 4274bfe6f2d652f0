//! Letters as rows: the draft that staff write, and the issued letter with its bytes.

pub mod call;
pub mod co_signers;
pub mod house;
pub mod life;
pub mod progress;
pub mod proofs;
pub mod seals;
pub mod wording;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use crate::clock::Instant;
use crate::ids::{InstitutionId, LetterId, MotionId, PersonId, RequestId};
use crate::members::institution::{Membership, Period};
use crate::refusal::Outcome;
use crate::store::schema::{decisions, institutions, letters, memberships};
use crate::store::{Tx, View, as_text, impossible};
use crate::workflow::letter::co_signers::{Asking, CoSigner};
use crate::workflow::letter::form::Draft;
use crate::workflow::letter::rules::{LetterState, Register, fingerprint};
use crate::workflow::stage::Answer;

as_text!(LetterState);

/// A letter that staff are writing.
#[derive(Debug, Clone)]
pub struct Open {
    /// Its id, which it keeps when it is issued.
    pub id: LetterId,
    /// 1 for the first letter of a request.
    pub version: i32,
    /// Grows with every change.
    pub revision: i64,
    /// The motion on which the answer rested when the text was last saved.
    pub motion: MotionId,
    /// When it was begun.
    pub begun_at: Instant,
    /// Who last changed the words.
    pub editor: PersonId,
    /// What it says so far.
    pub draft: Draft,
    /// Who signs it beside the Consortium, or is to.
    pub co_signers: Vec<CoSigner>,
    /// How they are asked, if they are.
    pub asking: Option<Asking>,
}

/// A letter that is out, without its bytes.
#[derive(Debug, Clone)]
pub struct Issued {
    /// Its id.
    pub id: LetterId,
    /// The request it answers.
    pub request: RequestId,
    /// In force, superseded or revoked.
    pub state: LetterState,
    /// What is publicly told about it.
    pub register: Register,
    /// When it was issued.
    pub at: Instant,
    /// The version of the house that it shows.
    pub house: i64,
    /// The SHA-256 of its file, in hexadecimal.
    pub sha256: String,
    /// When it was superseded or revoked.
    pub ended_at: Option<Instant>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = letters)]
struct OpenRow {
    id: LetterId,
    version: i32,
    revision: i64,
    motion_id: MotionId,
    drafted_by: PersonId,
    drafted_at: NaiveDateTime,
    edited_by: Option<PersonId>,
    body: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = letters)]
struct IssuedRow {
    id: LetterId,
    request_id: RequestId,
    state: LetterState,
    facts: Option<String>,
    issued_at: Option<NaiveDateTime>,
    house: Option<i64>,
    sha256: Option<String>,
    ended_at: Option<NaiveDateTime>,
}

impl IssuedRow {
    fn read(self) -> Outcome<Issued> {
        let without = |what| impossible("letters", self.id, format!("issued without its {what}"));
        let facts = self.facts.ok_or_else(|| without("facts"))?;
        Ok(Issued {
            id: self.id,
            request: self.request_id,
            state: self.state,
            register: serde_json::from_str(&facts).map_err(|error| impossible("letters", self.id, error))?,
            at: self.issued_at.ok_or_else(|| without("time"))?.and_utc(),
            house: self.house.ok_or_else(|| without("house"))?,
            sha256: self.sha256.ok_or_else(|| without("fingerprint"))?,
            ended_at: self.ended_at.map(|at| at.and_utc()),
        })
    }
}

/// The letter that staff are writing for a request, if they have begun.
///
/// # Errors
/// A fault of the database.
pub fn open(view: &mut View<'_>, request: RequestId) -> Outcome<Option<Open>> {
    let row = letters::table
        .filter(letters::request_id.eq(request).and(letters::state.eq(LetterState::Draft)))
        .order(letters::version.desc())
        .select(OpenRow::as_select())
        .first(view.connection())
        .optional()?;
    row.map(|row| {
        let draft = serde_json::from_str(&row.body).map_err(|error| impossible("letters", row.id, error))?;
        Ok(Open {
            id: row.id,
            version: row.version,
            revision: row.revision,
            motion: row.motion_id,
            begun_at: row.drafted_at.and_utc(),
            editor: row.edited_by.unwrap_or(row.drafted_by),
            draft,
            co_signers: co_signers::of(view, row.id)?,
            asking: co_signers::asking(view, row.id)?,
        })
    })
    .transpose()
}

/// The words of the last letter that a request was given, whatever has become of it.
///
/// # Errors
/// A fault of the database.
pub fn last_words(view: &mut View<'_>, request: RequestId) -> Outcome<Option<Draft>> {
    let body: Option<String> = letters::table
        .filter(letters::request_id.eq(request).and(letters::issued_at.is_not_null()))
        .order(letters::version.desc())
        .select(letters::body)
        .first(view.connection())
        .optional()?;
    body.map(|body| serde_json::from_str(&body).map_err(|error| impossible("letters", request, error))).transpose()
}

/// The letter of a request that is in force, if one is.
///
/// # Errors
/// A fault of the database.
pub fn in_force(view: &mut View<'_>, request: RequestId) -> Outcome<Option<Issued>> {
    let row = letters::table
        .filter(letters::request_id.eq(request).and(letters::state.eq(LetterState::Issued)))
        .order(letters::version.desc())
        .select(IssuedRow::as_select())
        .first(view.connection())
        .optional()?;
    row.map(IssuedRow::read).transpose()
}

/// The last letter that a request was given, whatever has become of it.
///
/// # Errors
/// A fault of the database.
pub fn last_issued(view: &mut View<'_>, request: RequestId) -> Outcome<Option<Issued>> {
    let row = letters::table
        .filter(letters::request_id.eq(request).and(letters::issued_at.is_not_null()))
        .order(letters::version.desc())
        .select(IssuedRow::as_select())
        .first(view.connection())
        .optional()?;
    row.map(IssuedRow::read).transpose()
}

/// The issued letter that bears a verification code (17 characters, no hyphens), whatever has become of it. A draft's code
/// is not found: it costs and says what one costs and says that nobody bears.
///
/// # Errors
/// A fault of the database.
pub fn by_code(view: &mut View<'_>, code: &str) -> Outcome<Option<Issued>> {
    let row = letters::table
        .filter(letters::code.eq(code).and(letters::issued_at.is_not_null()))
        .select(IssuedRow::as_select())
        .first(view.connection())
        .optional()?;
    row.map(IssuedRow::read).transpose()
}

/// The letter whose issued file has this fingerprint (64 hexadecimal digits), whatever has become of it.
///
/// # Errors
/// A fault of the database.
pub fn by_sha256(view: &mut View<'_>, sha256: &str) -> Outcome<Option<Issued>> {
    let row = letters::table
        .filter(letters::sha256.eq(sha256).and(letters::issued_at.is_not_null()))
        .select(IssuedRow::as_select())
        .first(view.connection())
        .optional()?;
    row.map(IssuedRow::read).transpose()
}

/// Issued letters, the latest first, at most `most`.
///
/// # Errors
/// A fault of the database.
pub fn latest(view: &mut View<'_>, most: i64) -> Outcome<Vec<Issued>> {
    let rows: Vec<IssuedRow> = letters::table
        .filter(letters::issued_at.is_not_null())
        .order((letters::issued_at.desc(), letters::id))
        .limit(most)
        .select(IssuedRow::as_select())
        .load(view.connection())?;
    rows.into_iter().map(IssuedRow::read).collect()
}

/// The issued letters among `ids`.
///
/// # Errors
/// A fault of the database.
pub fn of(view: &mut View<'_>, ids: &[LetterId]) -> Outcome<Vec<Issued>> {
    let rows: Vec<IssuedRow> = letters::table
        .filter(letters::id.eq_any(ids).and(letters::issued_at.is_not_null()))
        .order(letters::number)
        .select(IssuedRow::as_select())
        .load(view.connection())?;
    rows.into_iter().map(IssuedRow::read).collect()
}

/// The very bytes that were issued.
///
/// # Errors
/// A fault of the database, or when the letter has none.
pub fn bytes(view: &mut View<'_>, id: LetterId) -> Outcome<Vec<u8>> {
    let pdf: Option<Vec<u8>> = letters::table.find(id).select(letters::pdf).first(view.connection())?;
    pdf.ok_or_else(|| impossible("letters", id, "issued without its bytes"))
}

/// Hashes every issued letter again, one at a time; how many there are.
///
/// # Errors
/// A fault that names the first letter whose bytes are not those that were issued; a fault of the database.
pub fn check_hashes(view: &mut View<'_>) -> Outcome<usize> {
    let issued = letters::table
        .filter(letters::issued_at.is_not_null())
        .order(letters::id)
        .select((letters::id, letters::sha256.assume_not_null(), letters::pdf.assume_not_null()))
        .load_iter::<(LetterId, String, Vec<u8>), diesel::connection::DefaultLoadingMode>(view.connection())?;
    let mut count = 0;
    for letter in issued {
        let (id, sha256, pdf) = letter?;
        if fingerprint(&pdf) != sha256 {
            return Err(impossible("letters", id, "its file is not the one that was issued"));
        }
        count += 1;
    }
    Ok(count)
}

/// The carried motion that a request's released answer rests on.
///
/// # Errors
/// A fault of the database.
pub fn carried_motion(view: &mut View<'_>, request: RequestId) -> Outcome<Option<MotionId>> {
    let motion = decisions::table
        .filter(decisions::request_id.eq(request))
        .filter(decisions::answer.eq(Answer::Supported).and(decisions::released_at.is_not_null()))
        .select(decisions::motion_id)
        .first::<Option<MotionId>>(view.connection())
        .optional()?;
    Ok(motion.flatten())
}

/// An institution's name, and its membership on `day`, if it has one.
///
/// # Errors
/// A fault of the database.
pub fn standing(view: &mut View<'_>, id: InstitutionId, day: NaiveDate) -> Outcome<(String, Option<Membership>)> {
    type Term = (String, Option<NaiveDate>, Option<NaiveDate>);
    let name = institutions::table.find(id).select(institutions::name).first(view.connection())?;
    let terms: Vec<Term> = memberships::table
        .filter(memberships::institution_id.eq(id))
        .select((memberships::tier, memberships::since, memberships::until))
        .load(view.connection())?;
    let mut standing = None;
    for (tier, since, until) in terms {
        let kind: Membership = tier.parse().map_err(|error| impossible("memberships", id, error))?;
        if (Period { kind, since, until }).covers(day) {
            standing = Some(kind);
        }
    }
    Ok((name, standing))
}

/// Keeps a new draft, resting on `motion`; `why` it was begun, when it is a later version; the `wording` that it began
/// with, when it is the first.
///
/// # Errors
/// A fault of the database.
pub(super) fn begin(
    tx: &mut Tx<'_>,
    request: RequestId,
    motion: MotionId,
    (draft, why, wording): (&Draft, Option<&str>, Option<i64>),
    (by, at): (PersonId, Instant),
) -> Outcome<LetterId> {
    let id = LetterId::fresh();
    let before: Option<i32> = letters::table
        .filter(letters::request_id.eq(request))
        .select(diesel::dsl::max(letters::version))
        .first(tx.connection())?;
    let version = before.unwrap_or(0) + 1;
    diesel::insert_into(letters::table)
        .values((
            letters::id.eq(id),
            letters::request_id.eq(request),
            letters::version.eq(version),
            letters::revision.eq(1_i64),
            letters::state.eq(LetterState::Draft),
            letters::motion_id.eq(motion),
            letters::body.eq(json(draft)?),
            letters::drafted_by.eq(by),
            letters::drafted_at.eq(at.naive_utc()),
            letters::begun_why.eq(why),
            letters::wording.eq(wording),
        ))
        .execute(tx.connection())?;
    Ok(id)
}

/// Keeps what `by` changed in a draft, now resting on `motion`; a proof of the text before is thrown away.
///
/// # Errors
/// A fault of the database.
pub(super) fn save(tx: &mut Tx<'_>, id: LetterId, motion: MotionId, draft: &Draft, by: PersonId) -> Outcome<()> {
    proofs::drop_of(tx, id)?;
    diesel::update(letters::table.find(id))
        .set((
            letters::body.eq(json(draft)?),
            letters::motion_id.eq(motion),
            letters::edited_by.eq(by),
            letters::revision.eq(letters::revision + 1),
        ))
        .execute(tx.connection())?;
    Ok(())
}

/// Turns a draft into the issued letter with the bytes of its proof. Nothing changes them afterwards.
///
/// # Errors
/// A fault of the database.
pub(super) fn issue(
    tx: &mut Tx<'_>,
    open: &Open,
    (register, house): (&Register, i64),
    (sha256, pdf): (&str, &[u8]),
    (by, at): (PersonId, Instant),
) -> Outcome<()> {
    proofs::drop_of(tx, open.id)?;
    diesel::update(letters::table.find(open.id))
        .set((
            letters::state.eq(LetterState::Issued),
            letters::revision.eq(letters::revision + 1),
            letters::number.eq(&register.number),
            letters::code.eq(&open.draft.code),
            letters::facts.eq(json(register)?),
            letters::house.eq(house),
            letters::issued_at.eq(at.naive_utc()),
            letters::issued_by.eq(by),
            letters::sha256.eq(sha256),
            letters::pdf.eq(pdf),
        ))
        .execute(tx.connection())?;
    Ok(())
}

/// A letter no longer counts.
///
/// # Errors
/// A fault of the database.
fn end(tx: &mut Tx<'_>, letter: LetterId, state: LetterState, at: Instant) -> Outcome<()> {
    diesel::update(letters::table.find(letter))
        .set((letters::state.eq(state), letters::ended_at.eq(at.naive_utc())))
        .execute(tx.connection())?;
    Ok(())
}

/// Throws away a version that was begun and never issued.
///
/// # Errors
/// A fault of the database.
pub(super) fn drop_draft(tx: &mut Tx<'_>, letter: LetterId) -> Outcome<()> {
    proofs::drop_of(tx, letter)?;
    co_signers::forget(tx, letter)?;
    let draft = letters::table.find(letter).filter(letters::state.eq(LetterState::Draft));
    diesel::delete(draft).execute(tx.connection())?;
    Ok(())
}

fn json(value: &impl serde::Serialize) -> Outcome<String> {
    serde_json::to_string(value).map_err(|error| impossible("letters", "new", error))
}

//! Requests as rows: reading one, taking hold of one, moving one on.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use crate::clock::Instant;
use crate::ids::{InstitutionId, LetterId, PersonId, RequestId};
use crate::refusal::{Outcome, Refusal};
use crate::store::schema::requests;
use crate::store::{Tx, View, as_text, impossible};
use crate::workflow::stage::{self, Answer, Stage, StageName, Step};

as_text!(Answer, StageName);

/// A request as the database keeps it.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = requests)]
struct Row {
    id: RequestId,
    revision: i64,
    reference: Option<String>,
    applicant_id: PersonId,
    stage: StageName,
    form: String,
    policy: Option<String>,
    title: String,
    applicant_name: String,
    institution_id: Option<InstitutionId>,
    institution_name: String,
    funder: String,
    programme: String,
    letter_kind: String,
    deadline_at: Option<NaiveDateTime>,
    deadline_words: String,
    needed_on: Option<NaiveDate>,
    lead_band: Option<String>,
    search_text: String,
    created_at: NaiveDateTime,
    changed_at: NaiveDateTime,
    submitted_at: Option<NaiveDateTime>,
    held: bool,
    routed_at: Option<NaiveDateTime>,
    review_began_at: Option<NaiveDateTime>,
    answer: Option<Answer>,
    decided_at: Option<NaiveDateTime>,
    letter_id: Option<LetterId>,
    issued_at: Option<NaiveDateTime>,
    delivered_at: Option<NaiveDateTime>,
    withdrawn_at: Option<NaiveDateTime>,
    withdrawn_why: Option<String>,
}

/// A request: where it stands and what lists, rules and mails need of it.
#[derive(Debug, Clone)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// Grows with every change.
    pub revision: i64,
    /// `LOS-2026-0001`, from submission on.
    pub reference: Option<String>,
    /// Who asks.
    pub applicant: PersonId,
    /// Where it stands.
    pub stage: Stage,
    /// The form as typed, as JSON.
    pub form: String,
    /// The policy it was made under, as JSON, from submission on.
    pub policy: Option<String>,
    /// The project's title.
    pub title: String,
    /// The applicant's name as given in the form.
    pub applicant_name: String,
    /// The applicant's institution, when it is one we know.
    pub institution: Option<InstitutionId>,
    /// The applicant's institution as named in the form.
    pub institution_name: String,
    /// The funder's name.
    pub funder: String,
    /// The programme's name.
    pub programme: String,
    /// The kind of letter asked for.
    pub letter_kind: String,
    /// The funder's deadline, UTC.
    pub deadline_at: Option<Instant>,
    /// The deadline in the applicant's words, with its zone.
    pub deadline_words: String,
    /// The day on which the letter is needed.
    pub needed_on: Option<NaiveDate>,
    /// The lead-time band at submission.
    pub lead_band: Option<String>,
    /// When it was begun.
    pub created_at: Instant,
    /// When it was last changed.
    pub changed_at: Instant,
    /// When it was sent.
    pub submitted_at: Option<Instant>,
    /// When the answer was released.
    pub decided_at: Option<Instant>,
    /// Why it was withdrawn.
    pub withdrawn_why: Option<String>,
}

impl Request {
    /// What to call it: its reference, or "draft" before it has one.
    pub fn name(&self) -> &str {
        self.reference.as_deref().unwrap_or("draft")
    }
}

fn stage_of(row: &Row) -> Outcome<Stage> {
    let utc = |at: NaiveDateTime| at.and_utc();
    let stage = match row.stage {
        StageName::Draft => Some(Stage::Draft),
        StageName::Submitted => row.submitted_at.map(|at| Stage::Submitted { at: utc(at), held: row.held }),
        StageName::Routed => row.routed_at.map(|at| Stage::Routed { at: utc(at) }),
        StageName::InReview => row.review_began_at.map(|at| Stage::InReview { at: utc(at) }),
        StageName::Decided => row.decided_at.zip(row.answer).map(|(at, answer)| Stage::Decided { at: utc(at), answer }),
        StageName::Issued => row.issued_at.zip(row.letter_id).map(|(at, letter)| Stage::Issued { at: utc(at), letter }),
        StageName::Delivered => {
            row.delivered_at.zip(row.letter_id).map(|(at, letter)| Stage::Delivered { at: utc(at), letter })
        }
        StageName::Withdrawn => row.withdrawn_at.map(|at| Stage::Withdrawn { at: utc(at) }),
    };
    stage.ok_or_else(|| impossible("requests", row.id, format!("stage {} without its evidence", row.stage)))
}

fn request_of(row: Row) -> Outcome<Request> {
    let utc = |at: NaiveDateTime| at.and_utc();
    Ok(Request {
        stage: stage_of(&row)?,
        id: row.id,
        revision: row.revision,
        reference: row.reference,
        applicant: row.applicant_id,
        form: row.form,
        policy: row.policy,
        title: row.title,
        applicant_name: row.applicant_name,
        institution: row.institution_id,
        institution_name: row.institution_name,
        funder: row.funder,
        programme: row.programme,
        letter_kind: row.letter_kind,
        deadline_at: row.deadline_at.map(utc),
        deadline_words: row.deadline_words,
        needed_on: row.needed_on,
        lead_band: row.lead_band,
        created_at: utc(row.created_at),
        changed_at: utc(row.changed_at),
        submitted_at: row.submitted_at.map(utc),
        decided_at: row.decided_at.map(utc),
        withdrawn_why: row.withdrawn_why,
    })
}

/// The request `id`, if there is one.
///
/// # Errors
/// A fault of the database.
pub fn find(view: &mut View<'_>, id: RequestId) -> Outcome<Option<Request>> {
    let row = requests::table.find(id).select(Row::as_select()).first(view.connection()).optional()?;
    row.map(request_of).transpose()
}

/// Takes hold of the request `id` for the rest of the transaction. Every change to a request, and to anything that
/// belongs to it, begins with this: two people doing something at once then do it one after the other.
///
/// # Errors
/// A refusal when there is no such request, or a fault of the database.
pub fn touch(tx: &mut Tx<'_>, id: RequestId) -> Outcome<Request> {
    let touched = diesel::update(requests::table.find(id))
        .set(requests::revision.eq(requests::revision + 1))
        .execute(tx.connection())?;
    if touched == 0 {
        return Err(no_request().into());
    }
    find(tx, id)?.ok_or_else(|| no_request().into())
}

/// What anyone is told who asks for a request that is not there, or not theirs.
pub fn no_request() -> Refusal {
    Refusal::not_found("no-request", "There is no such request, or it is not yours to see.")
        .onward("Your requests", "/requests")
}

/// Moves a touched request on by `step` and keeps the new stage with its evidence.
///
/// # Errors
/// A refusal when the step is not possible from its stage, or a fault of the database.
pub fn advance(tx: &mut Tx<'_>, request: &Request, step: Step, now: Instant) -> Outcome<Stage> {
    let next = stage::advance(request.stage, step)?;
    let target = requests::table.find(request.id);
    let common = (requests::stage.eq(next.name()), requests::changed_at.eq(now.naive_utc()));
    let connection = tx.connection();
    match next {
        Stage::Draft => diesel::update(target).set(common).execute(connection)?,
        Stage::Submitted { at, held } => diesel::update(target)
            .set((common, requests::submitted_at.eq(at.naive_utc()), requests::held.eq(held)))
            .execute(connection)?,
        Stage::Routed { at } => {
            diesel::update(target).set((common, requests::routed_at.eq(at.naive_utc()))).execute(connection)?
        }
        Stage::InReview { at } => {
            diesel::update(target).set((common, requests::review_began_at.eq(at.naive_utc()))).execute(connection)?
        }
        Stage::Decided { at, answer } => diesel::update(target)
            .set((common, requests::decided_at.eq(at.naive_utc()), requests::answer.eq(answer)))
            .execute(connection)?,
        Stage::Issued { at, letter } => diesel::update(target)
            .set((common, requests::issued_at.eq(at.naive_utc()), requests::letter_id.eq(letter)))
            .execute(connection)?,
        Stage::Delivered { at, .. } => {
            diesel::update(target).set((common, requests::delivered_at.eq(at.naive_utc()))).execute(connection)?
        }
        Stage::Withdrawn { at } => {
            diesel::update(target).set((common, requests::withdrawn_at.eq(at.naive_utc()))).execute(connection)?
        }
    };
    Ok(next)
}

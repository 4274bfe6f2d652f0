//! Questions of the reviewers and of staff to the applicant, with their answers.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use crate::clock::Instant;
use crate::ids::{PersonId, QuestionId, RequestId, SeatId};
use crate::refusal::Outcome;
use crate::store::schema::questions;
use crate::store::{Tx, View, impossible};
use crate::workflow::request::fields::Section;
use crate::workflow::request::talk::{Question, Reply};

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = questions)]
struct Row {
    id: QuestionId,
    request_id: RequestId,
    seat_id: Option<SeatId>,
    asked_by: PersonId,
    question: String,
    asked_at: NaiveDateTime,
    reply_by: NaiveDate,
    answer: Option<String>,
    answered_at: Option<NaiveDateTime>,
    reopens: String,
    withdrawn_at: Option<NaiveDateTime>,
}

fn question_of(row: Row) -> Outcome<Question> {
    let reply = match (row.answer, row.answered_at) {
        (Some(text), Some(at)) => Some(Reply { text, at: at.and_utc() }),
        (None, None) => None,
        _ => return Err(impossible("questions", row.id, "an answer and its time do not come alone")),
    };
    let reopens: Result<_, _> = row.reopens.split_whitespace().map(str::parse).collect();
    Ok(Question {
        id: row.id,
        request: row.request_id,
        seat: row.seat_id,
        asked_by: row.asked_by,
        text: row.question,
        asked_at: row.asked_at.and_utc(),
        reply_by: row.reply_by,
        reply,
        reopens: reopens.map_err(|error| impossible("questions", row.id, error))?,
        withdrawn_at: row.withdrawn_at.map(|at| at.and_utc()),
    })
}

/// Every question about a request, oldest first.
///
/// # Errors
/// A fault of the database.
pub fn of(view: &mut View<'_>, request: RequestId) -> Outcome<Vec<Question>> {
    let rows: Vec<Row> = questions::table
        .filter(questions::request_id.eq(request))
        .order((questions::asked_at, questions::id))
        .select(Row::as_select())
        .load(view.connection())?;
    rows.into_iter().map(question_of).collect()
}

/// For each of these requests that waits for its applicant, the day by which the first open question is to be answered.
///
/// # Errors
/// A fault of the database.
pub fn open_until(view: &mut View<'_>, requests: &[RequestId]) -> Outcome<Vec<(RequestId, NaiveDate)>> {
    Ok(questions::table
        .filter(questions::request_id.eq_any(requests))
        .filter(questions::answered_at.is_null().and(questions::withdrawn_at.is_null()))
        .order((questions::reply_by, questions::id))
        .select((questions::request_id, questions::reply_by))
        .load(view.connection())?)
}

/// Adds a question.
pub(in super::super) fn add(tx: &mut Tx<'_>, question: &Question) -> Outcome<()> {
    let row = Row {
        id: question.id,
        request_id: question.request,
        seat_id: question.seat,
        asked_by: question.asked_by,
        question: question.text.clone(),
        asked_at: question.asked_at.naive_utc(),
        reply_by: question.reply_by,
        answer: None,
        answered_at: None,
        reopens: question.reopens.iter().map(Section::as_str).collect::<Vec<_>>().join(" "),
        withdrawn_at: None,
    };
    diesel::insert_into(questions::table).values(&row).execute(tx.connection())?;
    Ok(())
}

/// Keeps the answer to an open question; `false` when there is no such open question about this request.
pub(in super::super) fn keep_reply(
    tx: &mut Tx<'_>,
    request: RequestId,
    question: QuestionId,
    reply: &Reply,
) -> Outcome<bool> {
    let kept = diesel::update(questions::table.find(question))
        .filter(questions::request_id.eq(request).and(questions::answered_at.is_null()))
        .filter(questions::withdrawn_at.is_null())
        .set((questions::answer.eq(&reply.text), questions::answered_at.eq(reply.at.naive_utc())))
        .execute(tx.connection())?;
    Ok(kept == 1)
}

/// Withdraws an open question; `false` when there is no such open question about this request.
pub(in super::super) fn withdraw(
    tx: &mut Tx<'_>,
    request: RequestId,
    question: QuestionId,
    now: Instant,
) -> Outcome<bool> {
    let kept = diesel::update(questions::table.find(question))
        .filter(questions::request_id.eq(request).and(questions::answered_at.is_null()))
        .filter(questions::withdrawn_at.is_null())
        .set(questions::withdrawn_at.eq(now.naive_utc()))
        .execute(tx.connection())?;
    Ok(kept == 1)
}

//! The answers of a request as they were before a reply to a question or a correction changed them.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::Request;
use crate::clock::Instant;
use crate::ids::{InstitutionId, PersonId, QuestionId, RequestId};
use crate::refusal::Outcome;
use crate::store::schema::request_versions;
use crate::store::{Tx, View, impossible};
use crate::workflow::request::difference::Version;

/// The earlier answers of a request, the first ones first.
///
/// # Errors
/// A fault of the database.
pub fn of(view: &mut View<'_>, request: RequestId) -> Outcome<Vec<Version>> {
    let rows: Vec<(i32, String, NaiveDateTime, Option<QuestionId>)> = request_versions::table
        .filter(request_versions::request_id.eq(request))
        .order(request_versions::number)
        .select((
            request_versions::number,
            request_versions::form,
            request_versions::replaced_at,
            request_versions::question_id,
        ))
        .load(view.connection())?;
    let version = |(number, form, replaced_at, question): (i32, String, NaiveDateTime, Option<QuestionId>)| {
        let form = serde_json::from_str(&form).map_err(|error| impossible("request_versions", request, error))?;
        Ok(Version { number, form, replaced_at: replaced_at.and_utc(), question })
    };
    rows.into_iter().map(version).collect()
}

/// Keeps the answers of a held request before they are replaced: by a reply to `question`, or by a correction.
pub(in super::super) fn keep(
    tx: &mut Tx<'_>,
    request: &Request,
    by: PersonId,
    question: Option<QuestionId>,
    now: Instant,
) -> Outcome<()> {
    let kept: i64 = request_versions::table
        .filter(request_versions::request_id.eq(request.id))
        .count()
        .get_result(tx.connection())?;
    let number = i32::try_from(kept + 1).map_err(|error| impossible("request_versions", request.id, error))?;
    diesel::insert_into(request_versions::table)
        .values((
            request_versions::request_id.eq(request.id),
            request_versions::number.eq(number),
            request_versions::form.eq(&request.form),
            request_versions::replaced_at.eq(now.naive_utc()),
            request_versions::replaced_by.eq(by),
            request_versions::question_id.eq(question),
        ))
        .execute(tx.connection())?;
    Ok(())
}

/// Names an institution by the id that it has from now on.
pub(super) fn move_institution(
    tx: &mut Tx<'_>,
    request: RequestId,
    (from, to): (InstitutionId, InstitutionId),
) -> Outcome<()> {
    let of_request = request_versions::table.filter(request_versions::request_id.eq(request));
    let rows: Vec<(i32, String)> =
        of_request.select((request_versions::number, request_versions::form)).load(tx.connection())?;
    for (number, form) in rows.into_iter().filter(|(_, form)| form.contains(from.as_str())) {
        diesel::update(request_versions::table.find((request, number)))
            .set(request_versions::form.eq(form.replace(from.as_str(), to.as_str())))
            .execute(tx.connection())?;
    }
    Ok(())
}

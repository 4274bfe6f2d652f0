//! What the applicant has typed into reopened sections of a sent request and not sent yet.

use diesel::prelude::*;

use super::Request;
use crate::clock::Instant;
use crate::ids::{InstitutionId, RequestId};
use crate::refusal::{Fault, Outcome};
use crate::store::schema::section_changes;
use crate::store::{Tx, View, impossible};
use crate::workflow::request::fields::{Field, Section};
use crate::workflow::request::raw::RawForm;

/// The request's form with what was typed since into these sections.
///
/// # Errors
/// A fault of the database.
pub fn in_work(view: &mut View<'_>, request: &Request, sections: &[Section]) -> Outcome<RawForm> {
    let mut typed = request.typed()?;
    if sections.is_empty() {
        return Ok(typed);
    }
    let rows: Vec<(String, String)> = section_changes::table
        .filter(section_changes::request_id.eq(request.id))
        .select((section_changes::section, section_changes::form))
        .load(view.connection())?;
    for (name, form) in rows {
        let section: Section = name.parse().map_err(|error| impossible("section_changes", request.id, error))?;
        if sections.contains(&section) {
            let form = serde_json::from_str(&form).map_err(|error| impossible("section_changes", request.id, error))?;
            typed.take_over(section, &form);
        }
    }
    Ok(typed)
}

/// Keeps what was typed into a section, in place of what was typed before. The request's row is held.
pub(in super::super) fn keep(
    tx: &mut Tx<'_>,
    request: RequestId,
    section: Section,
    typed: &RawForm,
    now: Instant,
) -> Outcome<()> {
    let form = json_of(&typed.only(section))?;
    forget(tx, request, &[section])?;
    diesel::insert_into(section_changes::table)
        .values((
            section_changes::request_id.eq(request),
            section_changes::section.eq(section.as_str()),
            section_changes::form.eq(form),
            section_changes::saved_at.eq(now.naive_utc()),
        ))
        .execute(tx.connection())?;
    Ok(())
}

/// Puts fields as they were corrected into what was typed into their section and is not sent yet, so that sending it takes
/// no correction back. The request's row is held.
pub(in super::super) fn correct(
    tx: &mut Tx<'_>,
    request: RequestId,
    section: Section,
    (corrected, fields): (&RawForm, impl Iterator<Item = Field>),
) -> Outcome<()> {
    let row = section_changes::table.find((request, section.as_str()));
    let kept: Option<String> = row.select(section_changes::form).first(tx.connection()).optional()?;
    let Some(kept) = kept else { return Ok(()) };
    let mut form: RawForm =
        serde_json::from_str(&kept).map_err(|error| impossible("section_changes", request, error))?;
    for field in fields {
        form.set(field, corrected.get(field));
    }
    diesel::update(row).set(section_changes::form.eq(json_of(&form)?)).execute(tx.connection())?;
    Ok(())
}

fn json_of(form: &RawForm) -> Outcome<String> {
    serde_json::to_string(form).map_err(|error| Fault::because("a section could not be kept", error).into())
}

/// Names an institution by the id that it has from now on.
pub(super) fn move_institution(
    tx: &mut Tx<'_>,
    request: RequestId,
    (from, to): (InstitutionId, InstitutionId),
) -> Outcome<()> {
    let of_request = section_changes::table.filter(section_changes::request_id.eq(request));
    let rows: Vec<(String, String)> =
        of_request.select((section_changes::section, section_changes::form)).load(tx.connection())?;
    for (section, form) in rows.into_iter().filter(|(_, form)| form.contains(from.as_str())) {
        diesel::update(section_changes::table.find((request, section)))
            .set(section_changes::form.eq(form.replace(from.as_str(), to.as_str())))
            .execute(tx.connection())?;
    }
    Ok(())
}

/// Forgets what was typed into these sections: it was sent, or typed anew.
pub(in super::super) fn forget(tx: &mut Tx<'_>, request: RequestId, sections: &[Section]) -> Outcome<()> {
    let names = sections.iter().map(Section::as_str);
    diesel::delete(section_changes::table)
        .filter(section_changes::request_id.eq(request))
        .filter(section_changes::section.eq_any(names))
        .execute(tx.connection())?;
    Ok(())
}

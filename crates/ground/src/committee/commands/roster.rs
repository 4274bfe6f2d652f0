//! The import of the website's roster: what it would change, and the change.

use serde_json::json;

use super::note;
use crate::clock::Instant;
use crate::committee::plan::{Change, Plan, plan};
use crate::committee::roster::{read, resolve};
use crate::committee::rules::{Seat, Term};
use crate::committee::store;
use crate::ids::{InstitutionId, SeatId};
use crate::members;
use crate::members::institution::{Institution, name_key};
use crate::members::matching::Matcher;
use crate::people::access::Staff;
use crate::plain;
use crate::refusal::{FieldErrors, Outcome, Refusal};
use crate::store::{Tx, View};

/// Whose name a name of the roster is: as a person typed it, name and institution. The institution may be an id.
pub type Answer = (String, String);

/// What the text of a roster would change.
///
/// # Errors
/// A field error for `file` when there is none, or with line and column when it cannot be read, for `same` when an answer names no
/// institution or a name that the roster has not; a fault of the database.
pub fn preview(view: &mut View<'_>, text: &str, answers: &[Answer]) -> Outcome<Plan> {
    if plain::is_blank(text) {
        return Err(FieldErrors::one("file", "This is empty. It needs the whole text of the file.").into());
    }
    let lines = read(text).map_err(|unreadable| FieldErrors::one("file", unreadable.sentence()))?;
    let institutions = members::store::all(view)?;
    let matcher = Matcher::new(&institutions);
    let mut errors = FieldErrors::default();
    let mut meant = Vec::new();
    for (name, institution) in answers {
        if lines.iter().all(|line| name_key(&line.name) != name_key(name)) {
            errors.add("same", format!("“{name}” is no name in the file."));
        }
        match institution_called(institution, &institutions, &matcher) {
            Ok(id) => meant.push((name.clone(), id)),
            Err(message) => errors.add("same", message),
        }
    }
    errors.unless_any(())?;
    Ok(plan(&store::seats(view)?, resolve(lines, &matcher, &meant)))
}

fn institution_called(typed: &str, all: &[Institution], matcher: &Matcher) -> Result<InstitutionId, String> {
    if let Some(id) = typed.parse().ok().filter(|id| all.iter().any(|one| one.id == *id)) {
        return Ok(id);
    }
    matcher.called(typed)
}

/// Changes the seats as the text of a roster says, and remembers the answers as other names; tells what that was. The same
/// text again changes nothing. `by` nobody: the command line.
///
/// # Errors
/// As for `preview`; refused while a name belongs to nobody. Then nothing is changed.
pub fn import(tx: &mut Tx<'_>, text: &str, answers: &[Answer], by: Option<Staff>, now: Instant) -> Outcome<Plan> {
    store::touch(tx)?;
    let plan = preview(tx, text, answers)?;
    if !plan.unmatched.is_empty() {
        let sentence =
            "Some names in the file are no institution’s. Say whose they are; until then nothing is changed.";
        return Err(Refusal::conflict("names-unknown", sentence).into());
    }
    for (name, institution) in &plan.answered {
        members::commands::remember_alias(tx, *institution, name, by, now)?;
    }
    for change in &plan.changes {
        match change {
            Change::Add { institution, batch, term } => store::add(tx, &seat(*institution, batch, *term))?,
            Change::Fill { seat, institution, .. } => store::set_institution(tx, *seat, *institution)?,
            Change::Reschedule { seat, term, .. } => store::set_last_day(tx, *seat, term.last_day())?,
        }
    }
    if !plan.changes.is_empty() {
        note(tx, by, now, "roster-imported", json!({ "changes": plan.changes.len(), "unchanged": plan.unchanged }))?;
    }
    Ok(plan)
}

fn seat(institution: Option<InstitutionId>, batch: &str, term: Term) -> Seat {
    let (first_day, last_day) = (term.first_day(), term.last_day());
    Seat { id: SeatId::fresh(), institution, batch: batch.to_owned(), first_day, last_day }
}

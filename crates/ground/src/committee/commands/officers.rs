//! Staff appoint the committee's officers and end their time.

use chrono::NaiveDate;
use serde_json::json;

use super::note;
use crate::clock::Instant;
use crate::committee::officers::{Officer, Wish, makes_room, seat_of};
use crate::committee::store;
use crate::committee::store::officers;
use crate::ids::{OfficerId, PersonId};
use crate::people;
use crate::people::access::{Office, Staff};
use crate::plain;
use crate::refusal::{FieldErrors, Outcome, Refusal};
use crate::store::{Tx, View};
use crate::workday::read_date;

/// An appointment as it was typed.
#[derive(Debug, Clone, Copy)]
pub struct Typed<'t> {
    /// The office.
    pub office: &'t str,
    /// The person.
    pub person: &'t str,
    /// The first day.
    pub since: &'t str,
    /// The last day; empty for none.
    pub until: &'t str,
}

impl Typed<'_> {
    fn read(&self) -> Result<Wish, FieldErrors> {
        let mut errors = FieldErrors::default();
        let (office, person) = (self.office.parse().ok(), self.person.parse().ok());
        if office.is_none() {
            errors.add("office", "Choose the office.");
        }
        if person.is_none() {
            errors.add("person", "Choose the person.");
        }
        let since = read_date(self.since);
        if since.is_none() {
            errors.add("since", "Enter the first day with day, month and year, for example 3 March 2027.");
        }
        let until = read_date(self.until);
        if until.is_none() && !plain::is_blank(self.until) {
            errors.add("until", "Enter the last day with day, month and year, or leave it empty.");
        }
        errors.unless_any(())?;
        let read = || Some(Wish { office: office?, person: person?, since: since?, until });
        read().ok_or_else(FieldErrors::default)
    }
}

/// Appoints an officer. Whoever holds the office on the first day ceases with the day before, and whoever gains or loses
/// the power to chair has to sign in again. `by` nobody: the service itself.
///
/// # Errors
/// Field errors for what is missing or wrong, for a person who acts for no seat on the first day, and for days on which
/// the office is somebody else's; a fault of the database.
pub fn appoint(tx: &mut Tx<'_>, typed: &Typed<'_>, by: Option<Staff>, now: Instant) -> Outcome<()> {
    store::touch(tx)?;
    let wish = typed.read()?;
    let (seats, holders) = (store::seats(tx)?, store::holders(tx)?);
    if seat_of(wish.person, &seats, &holders, wish.since).is_none() {
        let message = format!(
            "This person acts for no seat on {}. Name them at their seat first, or choose another day.",
            plain::day(wish.since)
        );
        return Err(FieldErrors::one("person", message).into());
    }
    let known = officers::all(tx)?;
    for gone in makes_room(&known, &wish)? {
        officers::end(tx, gone, wish.since)?;
        let before = known.iter().find(|officer| officer.id == gone);
        before.map_or(Ok(()), |officer| sign_out(tx, officer.office, officer.person, now))?;
    }
    let Wish { office, person, since, until } = wish;
    officers::add(tx, &Officer { id: OfficerId::fresh(), office, person, since, until })?;
    sign_out(tx, office, person, now)?;
    let detail = json!({ "office": office, "person": person, "since": since, "until": until });
    note(tx, by, now, "officer-appointed", detail)
}

/// Ends a time in office; `last` is the last day as it was typed.
///
/// # Errors
/// Field errors without the appointment or a day, and for a day before its first; a fault of the database.
pub fn end(tx: &mut Tx<'_>, id: &str, last: &str, by: Staff, now: Instant) -> Outcome<()> {
    store::touch(tx)?;
    let mut errors = FieldErrors::default();
    let known = officers::all(tx)?;
    let officer = id.parse().ok().and_then(|id: OfficerId| known.iter().find(|officer| officer.id == id));
    if officer.is_none() {
        errors.add("ending", "Choose whose time in office ends.");
    }
    let last = read_date(last);
    if last.is_none() {
        errors.add("last_day", "Enter the last day with day, month and year, for example 3 March 2027.");
    }
    errors.unless_any(())?;
    let (Some(officer), Some(last)) = (officer, last) else { return Err(no_such_officer().into()) };
    if last < officer.since {
        let message =
            format!("The time in office begins on {}. Choose that day or a later one.", plain::day(officer.since));
        return Err(FieldErrors::one("last_day", message).into());
    }
    let after = last.succ_opt().ok_or_else(|| FieldErrors::one("last_day", "Choose an earlier day."))?;
    officers::end(tx, officer.id, after)?;
    sign_out(tx, officer.office, officer.person, now)?;
    let detail = json!({ "office": officer.office, "person": officer.person, "last": last });
    note(tx, Some(by), now, "officer-ended", detail)
}

/// Ends the offices of somebody who acts for no seat from `day` on.
pub(super) fn leave(tx: &mut Tx<'_>, person: PersonId, day: NaiveDate, by: Option<Staff>, now: Instant) -> Outcome<()> {
    if still_acts(tx, person, day)? {
        return Ok(());
    }
    for officer in officers::all(tx)?.iter().filter(|officer| officer.person == person && officer.overlaps(day, None)) {
        officers::end(tx, officer.id, day)?;
        let detail = json!({ "office": officer.office, "person": person, "last": day.pred_opt() });
        note(tx, by, now, "officer-ended", detail)?;
    }
    Ok(())
}

fn still_acts(view: &mut View<'_>, person: PersonId, day: NaiveDate) -> Outcome<bool> {
    let (seats, holders) = (store::seats(view)?, store::holders(view)?);
    Ok(seat_of(person, &seats, &holders, day).is_some())
}

/// Only to chair is a power.
fn sign_out(tx: &mut Tx<'_>, office: Office, person: PersonId, now: Instant) -> Outcome<()> {
    if matches!(office, Office::Chair) {
        people::commands::end_sessions_of(tx, person, now)?;
    }
    Ok(())
}

fn no_such_officer() -> Refusal {
    Refusal::not_found("no-such-officer", "There is no such time in office.")
        .onward("The officers", "/committee/officers")
}

//! A seat in the middle of its term: its institution gives it up, another one takes it.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde_json::json;

use super::{no_such_seat, note, officers};
use crate::committee::notices;
use crate::committee::rules::Seat;
use crate::committee::store;
use crate::committee::vacancy::{Filling, GivingUp, cut, filled, judged};
use crate::ids::{InstitutionId, SeatId};
use crate::mail::outbox;
use crate::members;
use crate::members::institution::Institution;
use crate::moment::Moment;
use crate::people::access::Staff;
use crate::refusal::{Outcome, Refusal};
use crate::store::{Tx, View};

/// Staff record that an institution gives up its seat from a day on. The seat is vacant from then to the end of its term;
/// whoever acts for it is told, and acts for it up to the day before. Open motions keep the seats of record that they
/// opened with. `typed` gives the form's fields by name.
///
/// # Errors
/// Field errors; refused for a seat that does not exist, is vacant or over; a fault of the database.
pub fn give_up<'t>(
    tx: &mut Tx<'_>,
    moment: &Moment,
    id: SeatId,
    typed: impl Fn(&str) -> &'t str,
    by: Staff,
) -> Outcome<()> {
    store::touch(tx)?;
    let today = moment.now.date_naive();
    let (seat, institution) = held(tx, id, today)?;
    let giving = judged(&seat, typed, today)?;
    let (before, after) = cut(&seat, giving.from, SeatId::fresh(), None).ok_or_else(no_such_seat)?;
    let readers = store::people_of(tx, id, today)?;
    store::set_last_day(tx, id, before.last_day)?;
    store::add(tx, &after)?;
    for holder in store::holders(tx)?.iter().filter(|one| one.seat == id && one.holds(giving.from)) {
        store::end(tx, holder.id, giving.from)?;
        officers::leave(tx, holder.person, giving.from, Some(by), moment.now)?;
    }
    let GivingUp { notice, from, reason } = &giving;
    let detail = json!({ "seat": id, "notice": notice, "from": from, "reason": reason, "vacant": after.id });
    note(tx, Some(by), moment.now, "seat-given-up", detail)?;
    let name = members::store::institution(tx, institution)?.map_or_else(String::new, |one| one.name);
    for (name_of, address) in &readers {
        let message = notices::given_up(&moment.site, (address, name_of), &name, *from, reason)?;
        outbox::queue(tx, moment, &message)?;
    }
    Ok(())
}

/// Staff record that an institution takes a vacant seat for the rest of its term; gives the seat as it is held from then
/// on. `typed` gives the form's fields by name.
///
/// # Errors
/// Field errors; refused for a seat that does not exist, is held or over; a fault of the database.
pub fn fill<'t>(
    tx: &mut Tx<'_>,
    moment: &Moment,
    id: SeatId,
    typed: impl Fn(&str) -> &'t str,
    by: Staff,
) -> Outcome<SeatId> {
    store::touch(tx)?;
    let today = moment.now.date_naive();
    let seat = vacant(tx, id, today)?;
    let institutions = institutions(tx)?;
    let filling = filled(&seat, typed, today, (&store::seats(tx)?, &institutions))?;
    let Filling { institution, from } = filling;
    let taken = match cut(&seat, from, SeatId::fresh(), Some(institution)) {
        Some((before, after)) => {
            store::set_last_day(tx, id, before.last_day)?;
            store::add(tx, &after)?;
            after.id
        }
        None => {
            store::set_institution(tx, id, institution)?;
            id
        }
    };
    note(tx, Some(by), moment.now, "seat-filled", json!({ "seat": taken, "institution": institution, "from": from }))?;
    Ok(taken)
}

/// A seat that can be filled.
///
/// # Errors
/// Refused for a seat that does not exist, is held or over; a fault of the database.
pub fn vacant(view: &mut View<'_>, id: SeatId, today: NaiveDate) -> Outcome<Seat> {
    let seat = store::one(view, id)?.ok_or_else(no_such_seat)?;
    if seat.institution.is_none() && today <= seat.last_day {
        return Ok(seat);
    }
    let sentence = "This seat is held, or its term is over: there is nothing to fill.";
    Err(Refusal::conflict("seat-not-vacant", sentence).onward("The committee", "/committee").into())
}

/// A seat that can be given up, and whose it is.
///
/// # Errors
/// Refused for a seat that does not exist, is vacant or over; a fault of the database.
pub fn held(view: &mut View<'_>, id: SeatId, today: NaiveDate) -> Outcome<(Seat, InstitutionId)> {
    let seat = store::one(view, id)?.ok_or_else(no_such_seat)?;
    let institution = seat.institution.filter(|_| today <= seat.last_day).ok_or_else(|| {
        let sentence = "This seat is vacant or its term is over, so nobody can give it up.";
        Refusal::conflict("seat-not-held", sentence).onward("The committee", "/committee")
    })?;
    Ok((seat, institution))
}

fn institutions(view: &mut View<'_>) -> Outcome<HashMap<InstitutionId, Institution>> {
    Ok(members::store::all(view)?.into_iter().map(|one| (one.id, one)).collect())
}

//! What changes the committee: the first load, and who acts for a seat. Officers, seats in the middle of a term
//! and the import of a roster have their own files.

pub mod officers;
pub mod roster;
pub mod vacancy;

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::audit::entry::{Actor, Entry};
use crate::audit::store::record;
use crate::clock::Instant;
use crate::committee::form::People;
use crate::committee::rules::{Holder, Seat, held_at_once, who_may_act};
use crate::committee::{bundled, store};
use crate::ids::{InstitutionId, PersonId, SeatHolderId, SeatId};
use crate::members;
use crate::people;
use crate::people::access::{Capacity, Staff};
use crate::refusal::{FieldErrors, Outcome, Refusal};
use crate::store::Tx;

/// The subject of the journal's entries about the committee.
pub const JOURNAL: &str = "committee";

/// Loads the seats that the program brings along, at the first start after the members; `false` when there are seats
/// already. A seat of an institution that is not in the list stays vacant.
///
/// # Errors
/// A fault of the database.
pub fn load_bundled(tx: &mut Tx<'_>, now: Instant) -> Outcome<bool> {
    store::touch(tx)?;
    if !store::seats(tx)?.is_empty() {
        return Ok(false);
    }
    let known: HashSet<_> = members::store::names(tx)?.into_iter().map(|(id, _)| id).collect();
    let seats = bundled::seats()?;
    for seat in &seats {
        let institution = seat.institution.filter(|id| known.contains(id));
        store::add(tx, &Seat { institution, ..seat.clone() })?;
    }
    note(tx, None, now, "seats-loaded", json!({ "seats": seats.len() }))?;
    Ok(true)
}

/// Says who acts for a seat from today on. Whoever is not named any more ceases to act with yesterday, and whoever's
/// powers change has to sign in again. `by` nobody: the service itself.
///
/// # Errors
/// Refused for a seat that does not exist, is vacant or over; a field error for a person whose account is closed.
pub fn seat_people(tx: &mut Tx<'_>, id: SeatId, people: &People, by: Option<Staff>, now: Instant) -> Outcome<()> {
    store::touch(tx)?;
    let day = now.date_naive();
    let seat = store::one(tx, id)?.ok_or_else(no_such_seat)?;
    if seat.institution.is_none() || seat.last_day < day {
        let sentence = "This seat is vacant or its term is over, so nobody can act for it.";
        return Err(Refusal::conflict("seat-not-held", sentence).onward("The committee", "/committee").into());
    }
    let first = day.max(seat.first_day);
    let mut acting = who_may_act(&seat, &store::holders(tx)?, first);
    let before = acting.clone();
    for &capacity in Capacity::ALL {
        let wanted = wanted(tx, people, capacity, now)?;
        let (stays, goes): (Vec<Holder>, Vec<Holder>) = acting
            .iter()
            .filter(|holder| holder.capacity == capacity)
            .partition(|holder| Some(holder.person) == wanted);
        for holder in &goes {
            store::end(tx, holder.id, first)?;
            people::commands::end_sessions_of(tx, holder.person, now)?;
        }
        acting.retain(|holder| !goes.contains(holder));
        let Some(person) = wanted.filter(|_| stays.is_empty()) else {
            if !goes.is_empty() {
                note(tx, by, now, "seat-left", json!({ "seat": id, "capacity": capacity }))?;
            }
            continue;
        };
        let id = SeatHolderId::fresh();
        store::add_holder(tx, &Holder { id, seat: seat.id, person, capacity, since: first, until: None })?;
        people::commands::end_sessions_of(tx, person, now)?;
        note(tx, by, now, "seat-taken", json!({ "seat": seat.id, "capacity": capacity, "person": person }))?;
    }
    // Whoever acts for no seat any more loses the offices too.
    for holder in &before {
        officers::leave(tx, holder.person, first, by, now)?;
    }
    Ok(())
}

/// Gives the seats of an institution that is merged with another one to that one, past ones too.
///
/// # Errors
/// Refused when both hold a seat on some day from today on; a fault of the database.
pub fn hand_over(tx: &mut Tx<'_>, from: InstitutionId, to: InstitutionId, by: Staff, now: Instant) -> Outcome<()> {
    store::touch(tx)?;
    let seats = store::seats(tx)?;
    if let Some(both) = held_at_once(&seats, (from, to), now.date_naive()) {
        return Err(seated_twice(both).into());
    }
    match store::hand_over(tx, from, to)? {
        0 => Ok(()),
        seats => note(tx, Some(by), now, "seats-handed-over", json!({ "from": from, "to": to, "seats": seats })),
    }
}

/// The answer for two institutions that hold a seat each on some day to come: an institution has one seat at a time.
pub fn seated_twice((one, other): (&Seat, &Seat)) -> Refusal {
    let sentence = format!(
        "Both hold a seat of the committee at the same time, {} and {}. An institution has one: record first which of \
         them gives its seat up, and from when.",
        one.term_in_words(),
        other.term_in_words()
    );
    Refusal::conflict("seated-twice", sentence).onward("The committee", "/committee")
}

/// The person who is to act in this capacity; their account is made when it is new.
fn wanted(tx: &mut Tx<'_>, people: &People, capacity: Capacity, now: Instant) -> Outcome<Option<PersonId>> {
    let Some(named) = people.in_capacity(capacity) else { return Ok(None) };
    let person = people::commands::person_for(tx, &named.address, &named.name, now)?;
    if person.is_disabled() {
        let message = "This person’s account is closed. Name somebody else.";
        return Err(FieldErrors::one(format!("{capacity}_address"), message).into());
    }
    Ok(Some(person.id))
}

/// Writes the journal's entry.
fn note(tx: &mut Tx<'_>, by: Option<Staff>, at: Instant, what: &'static str, detail: Value) -> Outcome<()> {
    let actor = by.map_or(Actor::Service, |staff| Actor::Staff(staff.person()));
    record(tx, &Entry { subject: JOURNAL.to_owned(), at, actor, what, detail })
}

/// The answer for a seat that does not exist.
pub fn no_such_seat() -> Refusal {
    Refusal::not_found("no-such-seat", "There is no such seat.").onward("The committee", "/committee")
}

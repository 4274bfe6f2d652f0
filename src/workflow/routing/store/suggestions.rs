//! Suggested conflicts of interest: what the rule looks at, read from the rows, and what staff dismissed.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::super::rules::ConflictSource;
use super::super::suggestion::{Ground, RequestFacts, SeatFacts, Suggestion, suggestions};
use super::{declarations, seats_in_office, who_acts, word};
use crate::clock::Instant;
use crate::ids::{InstitutionId, PersonId, RequestId, SeatId};
use crate::refusal::Outcome;
use crate::store::schema::{conflict_dismissals, institution_aliases, institutions, persons, requests};
use crate::store::{Tx, View, impossible};
use crate::workflow::request::cosigners;
use crate::workflow::request::fields::Field;
use crate::workflow::request::raw::RawForm;

/// What is suggested about a request on `day` and waits for a person: nothing that was dismissed, and nothing about a
/// seat whose conflict is on record or of which staff said that it has none.
///
/// # Errors
/// A fault of the database.
pub fn open(view: &mut View<'_>, request: RequestId, day: NaiveDate) -> Outcome<Vec<Suggestion>> {
    let known = declarations(view, request)?;
    let is_settled = |seat: SeatId| {
        known.iter().any(|one| one.seat == seat && (one.conflicted || one.source == ConflictSource::Staff))
    };
    let dismissed = dismissed(view, request)?;
    let mut found = all(view, request, day)?;
    found.retain(|one| !is_settled(one.seat) && !dismissed.iter().any(|key| key.is(one)));
    Ok(found)
}

/// Everything that the rule suggests about a request, whatever became of it.
///
/// # Errors
/// A fault of the database.
pub fn all(view: &mut View<'_>, request: RequestId, day: NaiveDate) -> Outcome<Vec<Suggestion>> {
    let facts = facts_of(view, request)?;
    let acting = who_acts(view, day)?;
    let seats = seats_in_office(view, day)?;
    let held: Vec<InstitutionId> = seats.iter().filter_map(|seat| seat.institution).collect();
    let aliases: Vec<(InstitutionId, String)> = institution_aliases::table
        .filter(institution_aliases::institution_id.eq_any(&held))
        .order(institution_aliases::folded)
        .select((institution_aliases::institution_id, institution_aliases::alias))
        .load(view.connection())?;
    let websites: Vec<(InstitutionId, Option<String>)> = institutions::table
        .filter(institutions::id.eq_any(&held))
        .select((institutions::id, institutions::website))
        .load(view.connection())?;
    let seats = seats.into_iter().filter_map(|seat| {
        let people = acting.iter().filter(|reader| reader.seat == Some(seat.seat));
        let institution = seat.institution?;
        Some(SeatFacts {
            seat: seat.seat,
            institution,
            aliases: aliases.iter().filter(|(of, _)| *of == institution).map(|(_, alias)| alias.clone()).collect(),
            website: websites.iter().find(|(of, _)| *of == institution).and_then(|(_, website)| website.clone()),
            addresses: people.map(|reader| reader.address.clone()).collect(),
            name: seat.name,
        })
    });
    Ok(seats.flat_map(|seat| suggestions(&facts, &seat)).collect())
}

fn facts_of(view: &mut View<'_>, request: RequestId) -> Outcome<RequestFacts> {
    let row: (String, PersonId, Option<InstitutionId>, String) = requests::table
        .find(request)
        .select((requests::form, requests::applicant_id, requests::institution_id, requests::institution_name))
        .first(view.connection())?;
    let (form, applicant, institution, institution_name) = row;
    let account: String = persons::table.find(applicant).select(persons::address).first(view.connection())?;
    let typed: RawForm = serde_json::from_str(&form).map_err(|error| impossible("requests", request, error))?;
    let said = |whose: &'static str, field: Field| (whose, typed.get(field).to_owned());
    Ok(RequestFacts {
        institution,
        institution_name,
        addresses: vec![
            ("the applicant", account),
            said("the applicant", Field::ContactEmail),
            said("the principal investigator", Field::PiEmail),
        ],
        texts: vec![
            said("the title", Field::Title),
            said("the summary", Field::Summary),
            said("what the letter might say", Field::Points),
        ],
        co_signers: cosigners::readable(typed.get(Field::CoSigners)),
    })
}

/// What tells a suggestion about a request from every other one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The seat.
    pub seat: SeatId,
    /// What it rests on.
    pub ground: Ground,
    /// The institution or mail domain.
    pub matter: String,
}

impl Key {
    /// Whether it is the key of this suggestion.
    pub fn is(&self, one: &Suggestion) -> bool {
        (self.seat, self.ground, &self.matter) == (one.seat, one.ground, &one.matter)
    }
}

/// The suggestions about a request that staff dismissed.
///
/// # Errors
/// A fault of the database.
pub fn dismissed(view: &mut View<'_>, request: RequestId) -> Outcome<Vec<Key>> {
    let rows: Vec<(SeatId, String, String)> = conflict_dismissals::table
        .filter(conflict_dismissals::request_id.eq(request))
        .select((conflict_dismissals::seat_id, conflict_dismissals::ground, conflict_dismissals::matter))
        .load(view.connection())?;
    let key = |(seat, ground, matter): (SeatId, String, String)| {
        Ok(Key { seat, ground: word("conflict_dismissals", request, &ground)?, matter })
    };
    rows.into_iter().map(key).collect()
}

/// Keeps that `by` dismissed a suggestion. The request's row is held.
pub(in super::super) fn dismiss(
    tx: &mut Tx<'_>,
    request: RequestId,
    key: &Key,
    by: PersonId,
    now: Instant,
) -> Outcome<()> {
    diesel::insert_into(conflict_dismissals::table)
        .values((
            conflict_dismissals::request_id.eq(request),
            conflict_dismissals::seat_id.eq(key.seat),
            conflict_dismissals::ground.eq(key.ground.as_str()),
            conflict_dismissals::matter.eq(&key.matter),
            conflict_dismissals::person_id.eq(by),
            conflict_dismissals::dismissed_at.eq(now.naive_utc()),
        ))
        .execute(tx.connection())?;
    Ok(())
}

//! Persons, their roles and the invitations to a role. Attempts to sign in and web sessions have their own files.

pub mod attempts;
pub mod sessions;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use crate::clock::Instant;
use crate::ids::{InstitutionId, InviteId, PersonId, RoleId, SeatId};
use crate::people::access::{Capacity, HeldSeat, Level, Office, Role};
use crate::people::address::Address;
use crate::people::token::{Nonce, hex, unhex};
use crate::refusal::Outcome;
use crate::store::schema::{institutions, invites, officers, persons, roles, seat_holders, seats};
use crate::store::{Tx, View, as_text, impossible};

as_text!(Capacity, Level, Office, Role);

/// A person with an account.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
pub struct Person {
    /// The person.
    pub id: PersonId,
    /// The e-mail address, in canonical form.
    pub address: String,
    /// The name they gave; empty when they gave none yet.
    pub name: String,
    disabled_at: Option<NaiveDateTime>,
}

impl Person {
    /// Whether the account was closed.
    pub fn is_disabled(&self) -> bool {
        self.disabled_at.is_some()
    }
}

/// One person.
///
/// # Errors
/// A fault of the database.
pub fn person(view: &mut View<'_>, id: PersonId) -> Outcome<Option<Person>> {
    Ok(persons::table.find(id).select(Person::as_select()).first(view.connection()).optional()?)
}

/// The person with this address.
///
/// # Errors
/// A fault of the database.
pub fn person_at(view: &mut View<'_>, address: &str) -> Outcome<Option<Person>> {
    let query = persons::table.filter(persons::address.eq(address)).select(Person::as_select());
    Ok(query.first(view.connection()).optional()?)
}

/// The persons who have `role` and are not disabled, by address.
///
/// # Errors
/// A fault of the database.
pub fn with_role(view: &mut View<'_>, role: Role) -> Outcome<Vec<Person>> {
    let query = persons::table
        .inner_join(roles::table.on(roles::person_id.eq(persons::id)))
        .filter(roles::role.eq(role.as_str()).and(roles::until.is_null()).and(persons::disabled_at.is_null()))
        .order(persons::address)
        .select(Person::as_select());
    Ok(query.load(view.connection())?)
}

/// The person with this address, made when there is none.
pub(super) fn person_for(tx: &mut Tx<'_>, address: &Address, name: &str, now: Instant) -> Outcome<Person> {
    if let Some(known) = person_at(tx, address.as_str())? {
        return Ok(known);
    }
    let row = (
        persons::id.eq(PersonId::fresh()),
        persons::address.eq(address.as_str()),
        persons::name.eq(name),
        persons::created_at.eq(now.naive_utc()),
    );
    tx.insert_unless_there(|c| diesel::insert_into(persons::table).values(row).execute(c))?;
    person_at(tx, address.as_str())?
        .ok_or_else(|| impossible("persons", address.masked(), "vanished after it was made"))
}

/// Gives a person another name.
pub(super) fn rename(tx: &mut Tx<'_>, id: PersonId, name: &str) -> Outcome<()> {
    diesel::update(persons::table.find(id)).set(persons::name.eq(name)).execute(tx.connection())?;
    Ok(())
}

/// The roles a person has.
///
/// # Errors
/// A fault of the database, or a role that this program does not know.
pub fn roles_of(view: &mut View<'_>, person: PersonId) -> Outcome<Vec<Role>> {
    let query = roles::table.filter(roles::person_id.eq(person).and(roles::until.is_null())).order(roles::since);
    Ok(query.select(roles::role).load(view.connection())?)
}

/// Gives a person a role from now on; `false` when they have it already.
pub(super) fn grant(tx: &mut Tx<'_>, person: PersonId, role: Role, now: Instant) -> Outcome<bool> {
    if roles_of(tx, person)?.contains(&role) {
        return Ok(false);
    }
    let row = (
        roles::id.eq(RoleId::fresh()),
        roles::person_id.eq(person),
        roles::role.eq(role),
        roles::since.eq(now.naive_utc()),
    );
    diesel::insert_into(roles::table).values(row).execute(tx.connection())?;
    Ok(true)
}

/// The seats in office on `today` that a person acts for, those as representative first.
///
/// # Errors
/// A fault of the database.
pub fn seats_of(view: &mut View<'_>, person: PersonId, today: NaiveDate) -> Outcome<Vec<HeldSeat>> {
    let in_office = seats::first_day.le(today).and(seats::last_day.ge(today));
    let holds = seat_holders::since.le(today).and(seat_holders::until.is_null().or(seat_holders::until.ge(today)));
    let found: Vec<(SeatId, InstitutionId, String, Capacity)> = seat_holders::table
        .inner_join(seats::table.on(seats::id.eq(seat_holders::seat_id)))
        .inner_join(institutions::table.on(seats::institution_id.eq(institutions::id.nullable())))
        .filter(seat_holders::person_id.eq(person).and(in_office).and(holds))
        .order((seat_holders::capacity.desc(), institutions::sort_key, seats::id))
        .select((seats::id, institutions::id, institutions::name, seat_holders::capacity))
        .load(view.connection())?;
    let held =
        |(seat, institution, institution_name, capacity)| HeldSeat { seat, institution, institution_name, capacity };
    Ok(found.into_iter().map(held).collect())
}

/// The offices of the committee that are a person's on `today`, if they act for a seat.
///
/// # Errors
/// A fault of the database.
pub fn offices_of(view: &mut View<'_>, person: PersonId, today: NaiveDate) -> Outcome<Vec<Office>> {
    let holds = officers::since.le(today).and(officers::until.is_null().or(officers::until.ge(today)));
    let query = officers::table.filter(officers::person_id.eq(person).and(holds)).order(officers::since);
    Ok(query.select(officers::office).load(view.connection())?)
}

/// An invitation to a role.
#[derive(Debug, Clone)]
pub struct Invite {
    /// The invitation.
    pub id: InviteId,
    /// The role it gives.
    pub role: Role,
    /// The only address it is for; `None`: whoever holds the link.
    pub address: Option<String>,
    /// What its link is derived from.
    pub nonce: Nonce,
    /// Who made it; `None`: the service itself.
    pub made_by: Option<PersonId>,
    /// When it ends.
    pub expires_at: Instant,
    /// Whether it was used or taken back.
    pub is_used: bool,
}

impl Invite {
    /// Whether it can be accepted at `now`.
    pub fn is_open(&self, now: Instant) -> bool {
        !self.is_used && now < self.expires_at
    }
}

/// One invitation.
///
/// # Errors
/// A fault of the database.
pub fn invite(view: &mut View<'_>, id: InviteId) -> Outcome<Option<Invite>> {
    type Row = (Role, Option<String>, String, Option<PersonId>, NaiveDateTime, Option<NaiveDateTime>);
    let columns =
        (invites::role, invites::address, invites::nonce, invites::made_by, invites::expires_at, invites::used_at);
    let found: Option<Row> = invites::table.find(id).select(columns).first(view.connection()).optional()?;
    let Some((role, address, nonce, made_by, expires_at, used_at)) = found else {
        return Ok(None);
    };
    let nonce = unhex(&nonce).ok_or_else(|| impossible("invites", id, "its nonce is not 32 bytes"))?;
    let expires_at = expires_at.and_utc();
    Ok(Some(Invite { id, role, address, nonce, made_by, expires_at, is_used: used_at.is_some() }))
}

/// Adds an invitation.
pub(super) fn add_invite(tx: &mut Tx<'_>, invite: &Invite, now: Instant) -> Outcome<()> {
    let row = (
        invites::id.eq(invite.id),
        invites::role.eq(invite.role),
        invites::address.eq(invite.address.as_deref()),
        invites::nonce.eq(hex(&invite.nonce)),
        invites::made_by.eq(invite.made_by),
        invites::made_at.eq(now.naive_utc()),
        invites::expires_at.eq(invite.expires_at.naive_utc()),
    );
    diesel::insert_into(invites::table).values(row).execute(tx.connection())?;
    Ok(())
}

/// Uses an invitation up; `false` when it was not open any more.
pub(super) fn use_invite(tx: &mut Tx<'_>, id: InviteId, now: Instant) -> Outcome<bool> {
    let open = invites::id.eq(id).and(invites::used_at.is_null()).and(invites::expires_at.gt(now.naive_utc()));
    let used = diesel::update(invites::table.filter(open)).set(invites::used_at.eq(now.naive_utc()));
    Ok(used.execute(tx.connection())? == 1)
}

/// Takes back every open invitation that the service itself made for nobody in particular.
pub(super) fn withdraw_first_invites(tx: &mut Tx<'_>, now: Instant) -> Outcome<()> {
    let open = invites::made_by.is_null().and(invites::address.is_null()).and(invites::used_at.is_null());
    diesel::update(invites::table.filter(open)).set(invites::used_at.eq(now.naive_utc())).execute(tx.connection())?;
    Ok(())
}

//! The applicant shares a request with colleagues, and takes that back; and whoever is mailed for the applicant.

use chrono::TimeDelta;
use serde_json::json;

use super::{about, entry};
use crate::audit::entry::Actor;
use crate::audit::store::record;
use crate::clock::Instant;
use crate::ids::PersonId;
use crate::moment::Moment;
use crate::people::access::{Owner, Role};
use crate::people::commands::person_for;
use crate::people::store::{roles_of, seats_of};
use crate::refusal::Outcome;
use crate::store::{Tx, View};
use crate::workflow::delivery::outbox;
use crate::workflow::request::notices;
use crate::workflow::request::sharing::{self, Invited, Level};
use crate::workflow::request::store::{self, Request, co_applicants, lists};

/// Shares the request with whoever has this address, or lets them do from now on what `level` says; whether they have mail
/// that says so.
///
/// # Errors
/// Every field error at once; a refusal after too many invitations in a day; a fault of the database.
pub fn invite(tx: &mut Tx<'_>, moment: &Moment, owner: &Owner, (address, level): (&str, &str)) -> Outcome<bool> {
    let request = store::touch(tx, owner.request())?;
    let (address, level) = sharing::read(address, level)?;
    let others = co_applicants::of(tx, request.id)?;
    sharing::may_invite_today(co_applicants::invited_since(tx, owner.person(), moment.now - TimeDelta::hours(24))?)?;
    let person = person_for(tx, &address, "", moment.now)?;
    let before = others.iter().find(|one| one.person == person.id);
    let invited = Invited {
        is_self: person.id == request.applicant,
        has_seat: !seats_of(tx, person.id, moment.now.date_naive())?.is_empty(),
        is_staff: roles_of(tx, person.id)?.contains(&Role::Staff),
        is_closed: person.is_disabled(),
        is_there: before.is_some(),
    };
    sharing::may_invite(invited, others.len())?;
    if before.is_some_and(|before| before.level() == level) {
        return Ok(false);
    }
    let is_mailed = sharing::is_mailed(co_applicants::last_invited(tx, request.id, person.id)?, moment.now);
    let share = (person.id, level == Level::Edit);
    co_applicants::invite(tx, request.id, share, (owner.person(), moment.now))?;
    let actor = Actor::Applicant(owner.person());
    let detail = json!({ "person": person.id, "level": level, "before": before.map(|before| before.level()) });
    record(tx, &entry(request.id, moment, actor, "co-applicant-invited", detail))?;
    if is_mailed {
        let by = lists::called(tx, owner.person())?;
        let mail = notices::invited(&about(moment, &request), &(person.address, person.name), &by, level)?;
        outbox::queue(tx, moment, &mail)?;
    }
    Ok(is_mailed)
}

/// Shares the request no longer with a person, at once.
///
/// # Errors
/// A refusal when it is not shared with them; a fault of the database.
pub fn remove(tx: &mut Tx<'_>, moment: &Moment, owner: &Owner, person: PersonId) -> Outcome<()> {
    let request = store::touch(tx, owner.request())?;
    if !co_applicants::remove(tx, request.id, person, moment.now)? {
        return Err(sharing::not_shared().into());
    }
    let actor = Actor::Applicant(owner.person());
    record(tx, &entry(request.id, moment, actor, "co-applicant-removed", json!({ "person": person })))
}

/// Somebody who has the mails to the applicant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Address and name.
    pub to: (String, String),
    /// How the mail greets them.
    pub name: String,
}

/// Whoever has the mails to the applicant of a request: the applicant first, then everybody who may change it. Whoever has
/// come to decide about requests since, for a seat or as staff, has them no longer.
///
/// # Errors
/// A fault of the database.
pub fn applicants(view: &mut View<'_>, request: &Request, now: Instant) -> Outcome<Vec<Told>> {
    let (address, name) = lists::mailbox(view, request.applicant)?;
    let greeted = if request.applicant_name.is_empty() { &name } else { &request.applicant_name };
    let mut told = vec![Told { name: greeted.clone(), to: (address, name) }];
    for one in co_applicants::of(view, request.id)?.into_iter().filter(|one| one.may_edit) {
        let decides =
            !seats_of(view, one.person, now.date_naive())?.is_empty() || !roles_of(view, one.person)?.is_empty();
        if !decides {
            told.push(Told { name: one.called().to_owned(), to: (one.address, one.name) });
        }
    }
    Ok(told)
}

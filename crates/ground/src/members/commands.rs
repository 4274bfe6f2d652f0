//! What changes the list of members: the first load and the staff's own edits. The import of the website's file has its
//! own.

pub mod import;
pub mod merge;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::form::{Facts, taken};
use super::institution::{Institution, Period};
use super::{bundled, store};
use crate::audit::entry::{Actor, Entry};
use crate::audit::store::record;
use crate::clock::Instant;
use crate::ids::InstitutionId;
use crate::people::access::Staff;
use crate::refusal::{Outcome, Refusal};
use crate::store::Tx;

/// The subject of the journal's entries about members.
pub const JOURNAL: &str = "members";

/// Loads the members that the program brings along, at the first start; `false` when there are institutions already.
///
/// # Errors
/// A fault of the database.
pub fn load_bundled(tx: &mut Tx<'_>, now: Instant) -> Outcome<bool> {
    store::touch(tx)?;
    if !store::names(tx)?.is_empty() {
        return Ok(false);
    }
    let institutions = bundled::institutions()?;
    for institution in &institutions {
        store::add(tx, institution, now)?;
    }
    note(tx, None, now, "members-loaded", json!({ "institutions": institutions.len() }))?;
    Ok(true)
}

/// Takes hold of the list without changing it: until the transaction is over nobody changes it either.
///
/// # Errors
/// A fault of the database.
pub fn hold(tx: &mut Tx<'_>) -> Outcome<()> {
    store::touch(tx)?;
    store::untouch(tx)
}

/// Remembers that people call an institution so, for instance after it was found in a roster. `by` nobody: the
/// command line.
///
/// # Errors
/// Refused when there is no such institution; a field error when the name is another's already.
pub fn remember_alias(tx: &mut Tx<'_>, id: InstitutionId, alias: &str, by: Option<Staff>, now: Instant) -> Outcome<()> {
    store::touch(tx)?;
    let Some(mut institution) = store::institution(tx, id)? else { return Err(no_such().into()) };
    let facts = Facts {
        name: alias.to_owned(),
        aliases: Vec::new(),
        website: None,
        ror: None,
        logo: None,
        country: None,
        membership: None,
        commercial: false,
    };
    let others: Vec<Institution> = store::all(tx)?.into_iter().filter(|one| one.id != id).collect();
    taken(&facts, &others).unless_any(())?;
    let alias = alias.into();
    if store::add_alias(tx, id, &alias)? {
        institution.aliases.push(alias);
        store::change(tx, &institution)?;
        note(tx, by, now, "alias-remembered", json!({ "institution": id }))?;
    }
    Ok(())
}

/// Writes the staff's facts of an institution: a new one when `id` is `None`. A changed membership holds from today;
/// the old name stays as another name. Gives the institution's id.
///
/// # Errors
/// Field errors when a name or the ROR id is another institution's already; refused when there is no such institution.
pub fn edit(
    tx: &mut Tx<'_>,
    id: Option<InstitutionId>,
    facts: &Facts,
    by: Staff,
    now: Instant,
) -> Outcome<InstitutionId> {
    store::touch(tx)?;
    let all = store::all(tx)?;
    let others: Vec<Institution> = all.iter().filter(|one| Some(one.id) != id).cloned().collect();
    taken(facts, &others).unless_any(())?;
    let day = now.date_naive();
    let Some(id) = id else {
        let institution = with(facts, InstitutionId::fresh(), day);
        store::add(tx, &institution, now)?;
        note(tx, Some(by), now, "institution-added", json!({ "institution": institution.id }))?;
        return Ok(institution.id);
    };
    let Some(before) = all.into_iter().find(|one| one.id == id) else { return Err(no_such().into()) };
    let mut after = Institution { other: before.other.clone(), former: before.former.clone(), ..with(facts, id, day) };
    if before.logo() != facts.logo.as_deref() {
        after.set_logo(facts.logo.as_deref());
    }
    if before.name != after.name && after.aliases.iter().all(|alias| alias.name != before.name) {
        after.aliases.push(before.name.clone().into());
    }
    for alias in &before.aliases {
        store::remove_alias(tx, id, &alias.name)?;
    }
    for alias in &after.aliases {
        store::add_alias(tx, id, alias)?;
    }
    if before.name != after.name {
        let mut renamed = before.clone();
        renamed.rename(&after.name, day);
        after.former = renamed.former;
        store::set_former_names(tx, &after)?;
    }
    store::change(tx, &after)?;
    if before.membership_on(day) != facts.membership {
        store::set_membership(tx, id, facts.membership, day)?;
    }
    note(tx, Some(by), now, "institution-changed", json!({ "institution": id }))?;
    Ok(id)
}

fn with(facts: &Facts, id: InstitutionId, day: NaiveDate) -> Institution {
    let period = facts.membership.map(|kind| Period { kind, since: Some(day), until: None });
    let mut institution = Institution {
        aliases: facts.aliases.clone(),
        website: facts.website.clone(),
        country: facts.country.clone(),
        commercial: facts.commercial,
        ror: facts.ror.clone(),
        periods: period.into_iter().collect(),
        ..Institution::named(id, facts.name.clone())
    };
    institution.set_logo(facts.logo.as_deref());
    institution
}

fn note(tx: &mut Tx<'_>, by: Option<Staff>, at: Instant, what: &'static str, detail: Value) -> Outcome<()> {
    let actor = by.map_or(Actor::Service, |staff| Actor::Staff(staff.person()));
    record(tx, &Entry { subject: JOURNAL.to_owned(), at, actor, what, detail })
}

/// The answer for an institution that does not exist.
pub fn no_such() -> Refusal {
    Refusal::not_found("no-such-institution", "There is no such institution.").onward("All members", "/members")
}

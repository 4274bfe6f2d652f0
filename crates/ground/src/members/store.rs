//! Institutions, their memberships and other names as rows. The file last imported has its own file.

pub mod file;
pub mod merged;

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use serde_json::Value;

use super::former_name::FormerName;
use super::institution::{Institution, Membership, Period, name_key};
use super::matching::{Found, Matcher};
use super::other_name::{Language, OtherName};
use super::ror::Ror;
use crate::clock::Instant;
use crate::ids::{InstitutionId, MembershipId};
use crate::refusal::{FieldErrors, Outcome};
use crate::store::schema::{counters, former_names, institution_aliases, institutions, memberships};
use crate::store::{Tx, View, as_text, impossible, next_number, take_back_number};

as_text!(Membership, Ror, Language);

/// The counter that grows with every change to the list; what was made from the list is good while it stands still.
const VERSION: &str = "members";

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = institutions, treat_none_as_null = true)]
struct Row {
    id: InstitutionId,
    name: String,
    sort_key: String,
    search_text: String,
    website: Option<String>,
    country: Option<String>,
    commercial: bool,
    extra: String,
    ror: Option<Ror>,
}

impl Row {
    fn of(institution: &Institution) -> Self {
        Self {
            id: institution.id,
            name: institution.name.clone(),
            sort_key: institution.sort_key(),
            search_text: institution.search_text(),
            website: institution.website.clone(),
            country: institution.country.clone(),
            commercial: institution.commercial,
            extra: Value::from_iter(institution.other.iter().map(|(key, value)| serde_json::json!([key, value])))
                .to_string(),
            ror: institution.ror.clone(),
        }
    }

    fn with(self, former: Vec<FormerName>, aliases: Vec<OtherName>, mut periods: Vec<Period>) -> Outcome<Institution> {
        let other: Vec<(String, Value)> =
            serde_json::from_str(&self.extra).map_err(|error| impossible("institutions", self.id, error))?;
        periods.sort_by_key(|period| period.since);
        Ok(Institution {
            id: self.id,
            name: self.name,
            former,
            aliases,
            website: self.website,
            country: self.country,
            commercial: self.commercial,
            ror: self.ror,
            other,
            periods,
        })
    }
}

type PeriodRow = (InstitutionId, Membership, Option<NaiveDate>, Option<NaiveDate>);
const PERIOD: (memberships::institution_id, memberships::tier, memberships::since, memberships::until) =
    (memberships::institution_id, memberships::tier, memberships::since, memberships::until);

type AliasRow = (InstitutionId, String, Option<Language>);
const ALIAS: (institution_aliases::institution_id, institution_aliases::alias, institution_aliases::language) =
    (institution_aliases::institution_id, institution_aliases::alias, institution_aliases::language);

fn other_name((id, name, language): AliasRow) -> (InstitutionId, OtherName) {
    (id, OtherName { name, language })
}

type FormerRow = (InstitutionId, String, NaiveDate);
const FORMER: (former_names::institution_id, former_names::name, former_names::until) =
    (former_names::institution_id, former_names::name, former_names::until);

fn former_name((id, name, until): FormerRow) -> (InstitutionId, FormerName) {
    (id, FormerName { name, until })
}

fn gathered<T>(rows: impl IntoIterator<Item = (InstitutionId, T)>) -> HashMap<InstitutionId, Vec<T>> {
    let mut by_id: HashMap<InstitutionId, Vec<T>> = HashMap::new();
    for (id, one) in rows {
        by_id.entry(id).or_default().push(one);
    }
    by_id
}

fn period((id, kind, since, until): PeriodRow) -> (InstitutionId, Period) {
    (id, Period { kind, since, until })
}

/// Every institution, also those that have left, in the order people look for names. Always four queries.
///
/// # Errors
/// A fault of the database.
pub fn all(view: &mut View<'_>) -> Outcome<Vec<Institution>> {
    let rows: Vec<Row> = institutions::table
        .order((institutions::sort_key, institutions::id))
        .select(Row::as_select())
        .load(view.connection())?;
    let periods: Vec<PeriodRow> = memberships::table.select(PERIOD).load(view.connection())?;
    let aliases: Vec<AliasRow> =
        institution_aliases::table.order(institution_aliases::folded).select(ALIAS).load(view.connection())?;
    let former: Vec<FormerRow> =
        former_names::table.order(former_names::until).select(FORMER).load(view.connection())?;
    let (mut periods, mut aliases) =
        (gathered(periods.into_iter().map(period)), gathered(aliases.into_iter().map(other_name)));
    let mut former = gathered(former.into_iter().map(former_name));
    rows.into_iter()
        .map(|row| {
            let (aliases, periods) = (aliases.remove(&row.id), periods.remove(&row.id));
            let former = former.remove(&row.id).unwrap_or_default();
            row.with(former, aliases.unwrap_or_default(), periods.unwrap_or_default())
        })
        .collect()
}

/// One institution.
///
/// # Errors
/// A fault of the database.
pub fn institution(view: &mut View<'_>, id: InstitutionId) -> Outcome<Option<Institution>> {
    let row: Option<Row> = institutions::table.find(id).select(Row::as_select()).first(view.connection()).optional()?;
    let Some(row) = row else { return Ok(None) };
    let periods: Vec<PeriodRow> =
        memberships::table.filter(memberships::institution_id.eq(id)).select(PERIOD).load(view.connection())?;
    let aliases: Vec<AliasRow> = institution_aliases::table
        .filter(institution_aliases::institution_id.eq(id))
        .order(institution_aliases::folded)
        .select(ALIAS)
        .load(view.connection())?;
    let aliases = aliases.into_iter().map(|row| other_name(row).1).collect();
    let former: Vec<FormerRow> = former_names::table
        .filter(former_names::institution_id.eq(id))
        .order(former_names::until)
        .select(FORMER)
        .load(view.connection())?;
    let former = former.into_iter().map(|row| former_name(row).1).collect();
    row.with(former, aliases, periods.into_iter().map(|row| period(row).1).collect()).map(Some)
}

/// Id and listed name of every institution, in the order people look for names: for a select.
///
/// # Errors
/// A fault of the database.
pub fn names(view: &mut View<'_>) -> Outcome<Vec<(InstitutionId, String)>> {
    Ok(institutions::table
        .order((institutions::sort_key, institutions::id))
        .select((institutions::id, institutions::name))
        .load(view.connection())?)
}

/// An institution as a select lists it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Listed {
    /// The institution.
    pub id: InstitutionId,
    /// Its listed name.
    pub name: String,
    /// What it is searched by, folded: all its names, and its website's host.
    pub words: String,
}

/// Every institution, in the order people look for names, with what it is searched by.
///
/// # Errors
/// A fault of the database.
pub fn listed(view: &mut View<'_>) -> Outcome<Vec<Listed>> {
    Ok(institutions::table
        .order((institutions::sort_key, institutions::id))
        .select((institutions::id, institutions::name, institutions::search_text))
        .load(view.connection())?)
}

/// The institution called `typed`, or the nearest ones.
///
/// # Errors
/// A fault of the database.
pub fn find_institution(view: &mut View<'_>, typed: &str) -> Outcome<Found> {
    Ok(Matcher::new(&all(view)?).find(typed))
}

/// The institution that `typed` says: its name, another name, or its id.
///
/// # Errors
/// A field error for `same` with the nearest names when there is none; a fault of the database.
pub fn called(view: &mut View<'_>, typed: &str) -> Outcome<InstitutionId> {
    let all = all(view)?;
    if let Some(one) = typed.parse().ok().and_then(|id| all.iter().find(|one| one.id == id)) {
        return Ok(one.id);
    }
    Matcher::new(&all).called(typed).map_err(|message| FieldErrors::one("same", message).into())
}

/// The version of the list. It grows with every change.
///
/// # Errors
/// A fault of the database.
pub fn version(view: &mut View<'_>) -> Outcome<i64> {
    let version = counters::table.find(VERSION).select(counters::value).first(view.connection()).optional()?;
    Ok(version.unwrap_or(0))
}

/// Takes hold of the list for a change: its version grows, and other changes wait until this one is over.
pub(super) fn touch(tx: &mut Tx<'_>) -> Outcome<()> {
    next_number(tx, VERSION).map(|_| ())
}

/// Says that nothing was changed after all: what was made from the list stays good. Only after `touch` in the same
/// transaction.
pub(super) fn untouch(tx: &mut Tx<'_>) -> Outcome<()> {
    take_back_number(tx, VERSION)
}

/// Adds an institution with its other names and memberships.
pub(super) fn add(tx: &mut Tx<'_>, institution: &Institution, now: Instant) -> Outcome<()> {
    let created: NaiveDateTime = now.naive_utc();
    diesel::insert_into(institutions::table)
        .values((Row::of(institution), institutions::created_at.eq(created)))
        .execute(tx.connection())?;
    for alias in &institution.aliases {
        add_alias(tx, institution.id, alias)?;
    }
    for period in &institution.periods {
        add_period(tx, institution.id, *period)?;
    }
    Ok(())
}

/// Writes an institution's own facts anew: all but its other names and memberships.
pub(super) fn change(tx: &mut Tx<'_>, institution: &Institution) -> Outcome<()> {
    diesel::update(institutions::table.find(institution.id)).set(Row::of(institution)).execute(tx.connection())?;
    Ok(())
}

/// Writes anew which names an institution was listed under before.
pub(super) fn set_former_names(tx: &mut Tx<'_>, institution: &Institution) -> Outcome<()> {
    forget_former_names(tx, institution.id)?;
    for former in &institution.former {
        let name = (former_names::name.eq(&former.name), former_names::until.eq(former.until));
        diesel::insert_into(former_names::table)
            .values((former_names::institution_id.eq(institution.id), name))
            .execute(tx.connection())?;
    }
    Ok(())
}

fn forget_former_names(tx: &mut Tx<'_>, id: InstitutionId) -> Outcome<()> {
    diesel::delete(former_names::table.filter(former_names::institution_id.eq(id))).execute(tx.connection())?;
    Ok(())
}

/// Takes an institution out of the list, with its other names and memberships. Only when nothing refers to it any more.
pub(super) fn remove(tx: &mut Tx<'_>, id: InstitutionId) -> Outcome<()> {
    forget_names_and_memberships(tx, id)?;
    forget_former_names(tx, id)?;
    diesel::delete(institutions::table.find(id)).execute(tx.connection())?;
    Ok(())
}

/// Writes an institution anew, with its other names and memberships.
pub(super) fn replace(tx: &mut Tx<'_>, institution: &Institution) -> Outcome<()> {
    forget_names_and_memberships(tx, institution.id)?;
    for alias in &institution.aliases {
        add_alias(tx, institution.id, alias)?;
    }
    for period in &institution.periods {
        add_period(tx, institution.id, *period)?;
    }
    change(tx, institution)
}

fn forget_names_and_memberships(tx: &mut Tx<'_>, id: InstitutionId) -> Outcome<()> {
    let names = institution_aliases::table.filter(institution_aliases::institution_id.eq(id));
    diesel::delete(names).execute(tx.connection())?;
    diesel::delete(memberships::table.filter(memberships::institution_id.eq(id))).execute(tx.connection())?;
    Ok(())
}

/// Frees an institution's name and ROR id for another that takes them in the same transaction.
pub(super) fn free_name(tx: &mut Tx<'_>, id: InstitutionId) -> Outcome<()> {
    diesel::update(institutions::table.find(id))
        .set((institutions::name.eq(id.as_str()), institutions::ror.eq(None::<Ror>)))
        .execute(tx.connection())?;
    Ok(())
}

/// Adds another name; `false` when it is an institution's other name already.
pub(super) fn add_alias(tx: &mut Tx<'_>, id: InstitutionId, alias: &OtherName) -> Outcome<bool> {
    let row = (
        institution_aliases::folded.eq(name_key(&alias.name)),
        institution_aliases::alias.eq(&alias.name),
        institution_aliases::institution_id.eq(id),
        institution_aliases::language.eq(alias.language.as_ref()),
    );
    tx.insert_unless_there(|c| diesel::insert_into(institution_aliases::table).values(row).execute(c))
}

/// Takes another name away from the institution.
pub(super) fn remove_alias(tx: &mut Tx<'_>, id: InstitutionId, alias: &str) -> Outcome<()> {
    let this = institution_aliases::institution_id.eq(id).and(institution_aliases::folded.eq(name_key(alias)));
    diesel::delete(institution_aliases::table.filter(this)).execute(tx.connection())?;
    Ok(())
}

fn add_period(tx: &mut Tx<'_>, id: InstitutionId, period: Period) -> Outcome<()> {
    let row = (
        memberships::id.eq(MembershipId::fresh()),
        memberships::institution_id.eq(id),
        memberships::tier.eq(period.kind),
        memberships::since.eq(period.since),
        memberships::until.eq(period.until),
    );
    diesel::insert_into(memberships::table).values(row).execute(tx.connection())?;
    Ok(())
}

/// Sets the kind of membership from `day` on; `None`: the institution has left. The days before stay as they are.
pub(super) fn set_membership(
    tx: &mut Tx<'_>,
    id: InstitutionId,
    kind: Option<Membership>,
    day: NaiveDate,
) -> Outcome<()> {
    let mine = memberships::institution_id.eq(id);
    // What was to begin on this day or later never began.
    diesel::delete(memberships::table.filter(mine.and(memberships::since.ge(day)))).execute(tx.connection())?;
    let lasting = memberships::until.is_null().or(memberships::until.ge(day));
    diesel::update(memberships::table.filter(mine.and(lasting)))
        .set(memberships::until.eq(day.pred_opt()))
        .execute(tx.connection())?;
    match kind {
        Some(kind) => add_period(tx, id, Period { kind, since: Some(day), until: None }),
        None => Ok(()),
    }
}

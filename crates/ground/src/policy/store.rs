//! Dated settings as rows, and the policy that follows from them.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::settings::{DatedSetting, Policy, Setting};
use crate::clock::Instant;
use crate::ids::PersonId;
use crate::refusal::{Fault, Outcome};
use crate::store::schema::{persons, settings};
use crate::store::{Tx, View, impossible};

/// Every value that a setting takes or took, in the order of their days.
///
/// # Errors
/// A fault of the database, or for a setting that this version does not know.
pub fn all(view: &mut View<'_>) -> Outcome<Vec<DatedSetting>> {
    let rows: Vec<(String, String, NaiveDate)> = settings::table
        .order((settings::since, settings::name))
        .select((settings::name, settings::value, settings::since))
        .load(view.connection())?;
    rows.into_iter()
        .map(|(name, value, since)| match name.parse::<Setting>() {
            Ok(setting) => Ok(DatedSetting { setting, value, since }),
            Err(unknown) => Err(impossible("settings", name, unknown)),
        })
        .collect()
}

/// The policy in force at `now`. Which day that is, is told by the clocks of the zone that was in force the day before.
///
/// # Errors
/// A fault of the database, or for a value that its setting cannot take.
pub fn in_force(view: &mut View<'_>, now: Instant) -> Outcome<Policy> {
    let settings = all(view)?;
    let on =
        |day: NaiveDate| Policy::on(day, &settings).map_err(|bad| Fault::because("the settings make no policy", bad));
    let yesterday = now.date_naive().pred_opt().unwrap_or_default();
    let today = on(yesterday)?.today(now);
    Ok(on(today)?)
}

/// A value that a setting took or will take: since when, the value, and the name and address of who said so.
pub type Said = (NaiveDate, String, Option<String>, Option<String>);

/// The values of one setting that staff have set, the newest first.
///
/// # Errors
/// A fault of the database.
pub fn history(view: &mut View<'_>, setting: Setting) -> Outcome<Vec<Said>> {
    Ok(settings::table
        .left_join(persons::table.on(persons::id.nullable().eq(settings::set_by)))
        .filter(settings::name.eq(setting.as_str()))
        .order(settings::since.desc())
        .select((settings::since, settings::value, persons::name.nullable(), persons::address.nullable()))
        .load(view.connection())?)
}

pub(super) fn put(tx: &mut Tx<'_>, change: &DatedSetting, by: PersonId, now: Instant) -> Outcome<()> {
    let by = by.to_string();
    let what = || (settings::value.eq(&change.value), settings::set_by.eq(&by), settings::set_at.eq(now.naive_utc()));
    let row = settings::table.find((change.setting.as_str(), change.since));
    if diesel::update(row).set(what()).execute(tx.connection())? == 0 {
        let key = (settings::name.eq(change.setting.as_str()), settings::since.eq(change.since));
        diesel::insert_into(settings::table).values((key, what())).execute(tx.connection())?;
    }
    Ok(())
}

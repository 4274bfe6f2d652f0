//! Dated settings as rows, and the policy that follows from them.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::settings::{DatedSetting, Policy, Setting};
use crate::clock::Instant;
use crate::refusal::{Fault, Outcome};
use crate::store::schema::settings;
use crate::store::{View, impossible};

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

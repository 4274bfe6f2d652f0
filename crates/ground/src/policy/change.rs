//! A change of one value of the policy: what it may be, and from which day on.

use chrono::NaiveDate;

use super::settings::{DatedSetting, Policy, Setting};
use crate::plain;
use crate::refusal::FieldErrors;
use crate::workday::read_date;

/// The form's field for the value.
pub const VALUE: &str = "value";
/// The form's field for the first day.
pub const SINCE: &str = "since";

/// Reads a change of `setting` beside the values that are `known`. It holds from `today` at the earliest: what was in
/// force on a day that has passed stays what it was.
///
/// # Errors
/// Every field error: a value that the setting cannot take, also together with another one on some day; a day that is none
/// or has passed.
pub fn read(
    setting: Setting,
    (value, since): (&str, &str),
    known: &[DatedSetting],
    today: NaiveDate,
) -> Result<DatedSetting, FieldErrors> {
    let mut errors = FieldErrors::default();
    let value = value.trim().to_owned();
    let day = read_date(since);
    let change = DatedSetting { setting, value, since: day.unwrap_or(today) };
    let mut all: Vec<DatedSetting> = known.iter().filter(|one| !one.is_replaced_by(&change)).cloned().collect();
    all.push(change.clone());
    // It must make sense with every value that follows, too.
    let days = all.iter().map(|one| one.since).filter(|day| *day >= change.since);
    if let Some(bad) = days.into_iter().find_map(|day| Policy::on(day, &all).err()) {
        errors.add(VALUE, bad.sentence);
    }
    match day {
        None => errors.add(SINCE, "Enter the first day with day, month and year, for example 3 March 2027."),
        Some(day) if day < today => {
            let sentence = format!("This day has passed. A change holds from {} at the earliest.", plain::day(today));
            errors.add(SINCE, sentence);
        }
        Some(_) => {}
    }
    errors.unless_any(change)
}

impl DatedSetting {
    /// Whether the other one takes its place: the same setting from the same day on.
    pub fn is_replaced_by(&self, other: &Self) -> bool {
        (self.setting, self.since) == (other.setting, other.since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn wrong(setting: Setting, value: &str, since: &str, known: &[DatedSetting]) -> Vec<String> {
        let errors = read(setting, (value, since), known, day("2026-03-02")).unwrap_err();
        errors.iter().map(|error| error.field.clone()).collect()
    }

    #[test]
    fn a_change_holds_from_today_or_a_day_to_come() {
        let change = read(Setting::Quorum, (" 8 ", "2 March 2026"), &[], day("2026-03-02")).unwrap();
        assert_eq!(change, DatedSetting { setting: Setting::Quorum, value: "8".into(), since: day("2026-03-02") });
        assert_eq!(wrong(Setting::Quorum, "8", "2026-03-01", &[]), [SINCE]);
        assert_eq!(wrong(Setting::Quorum, "0", "soon", &[]), [VALUE, SINCE], "in the order of the form");
    }

    #[test]
    fn a_change_makes_sense_with_what_follows_and_takes_the_place_of_one_of_the_same_day() {
        let later = DatedSetting { setting: Setting::NormalLeadDays, value: "20".into(), since: day("2026-05-01") };
        assert_eq!(wrong(Setting::MinimumLeadDays, "21", "2026-04-01", std::slice::from_ref(&later)), [VALUE]);
        let known = [later];
        assert!(read(Setting::NormalLeadDays, ("30", "2026-05-01"), &known, day("2026-03-02")).is_ok());
        assert_eq!(wrong(Setting::NormalLeadDays, "13", "2026-05-01", &known), [VALUE]);
    }
}

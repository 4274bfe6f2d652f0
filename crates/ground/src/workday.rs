//! Days and working days in a zone, and how a date is said.
//! A working day is Monday to Friday; holidays differ between the seats' countries and are not taken out.

use chrono::{Datelike, Days, NaiveDate, TimeDelta, TimeZone, Weekday};
use chrono_tz::Tz;

use crate::clock::Instant;
use crate::plain;

/// Whether `date` is a working day.
pub fn is_working_day(date: NaiveDate) -> bool {
    !matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// The date that a calendar in `zone` shows at `at`.
pub fn date_in(at: Instant, zone: Tz) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

/// The instant at which `date` ends in `zone`: the first one of the next day.
/// Where the clocks skip midnight, the next day begins at the first time that exists.
pub fn end_of_day(date: NaiveDate, zone: Tz) -> Instant {
    let midnight = add_days(date, 1).and_time(chrono::NaiveTime::MIN);
    // No zone skips more than a day; the quarter of an hour is the finest step any of them has used.
    (0..=96)
        .find_map(|quarter| zone.from_local_datetime(&(midnight + TimeDelta::minutes(15 * quarter))).earliest())
        .map_or_else(|| midnight.and_utc(), |local| local.to_utc())
}

/// The last of `days` whole working days after the day on which `from` falls in `zone`.
/// With no days it is that day itself.
pub fn working_day_after(from: Instant, days: u32, zone: Tz) -> NaiveDate {
    let mut date = date_in(from, zone);
    let mut left = days;
    while left > 0 {
        date = add_days(date, 1);
        if is_working_day(date) {
            left -= 1;
        }
    }
    date
}

/// The instant at which a period of `days` whole working days from `from` has run: the end of its last day in `zone`.
///
/// The day on which it begins does not count, so that nobody's time zone is short of a day.
pub fn end_of_working_days(from: Instant, days: u32, zone: Tz) -> Instant {
    end_of_day(working_day_after(from, days, zone), zone)
}

/// The last day on which a period that ends at `end` still runs, as a calendar in `zone` shows it. Periods end with a day:
/// `end` is the first instant of the next one, which may be another day in UTC.
pub fn last_day(end: Instant, zone: Tz) -> NaiveDate {
    date_in(end - TimeDelta::microseconds(1), zone)
}

/// `date` and `days` more; the calendar's last date when it has no more.
pub fn add_days(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX)
}

/// `days` before `date`; the calendar's first date when it has no earlier one.
pub fn days_before(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_sub_days(Days::new(days)).unwrap_or(NaiveDate::MIN)
}

/// A day, as browsers send it (`2027-03-03`) or as people write it (`3 March 2027`, `3 Mar 2027`). Slashes are not
/// read: 3/4/2027 means two different days on two sides of an ocean.
pub fn read_date(typed: &str) -> Option<NaiveDate> {
    let typed = typed.trim();
    // The formats below skip white space inside; longer texts are no dates.
    if typed.len() > 40 {
        return None;
    }
    let forms = ["%Y-%m-%d", "%d %B %Y"];
    forms
        .iter()
        .find_map(|form| NaiveDate::parse_from_str(typed, form).ok())
        .filter(|day| (2000..2200).contains(&day.year()))
}

/// A date as people say it: "Friday 6 March 2026".
pub fn day_in_words(date: NaiveDate) -> String {
    date.format("%A %-d %B %Y").to_string()
}

/// A deadline that lies at the end of a day in `zone`, as people say it: "the end of Friday 6 March 2026".
pub fn deadline_in_words(deadline: Instant, zone: Tz) -> String {
    format!("the end of {}", day_in_words(last_day(deadline, zone)))
}

/// How far off a day is, as people count: "today", "tomorrow", "in 12 days", "3 days ago".
pub fn days_ahead(days: i64) -> String {
    let number = plain::grouped(usize::try_from(days.unsigned_abs()).unwrap_or(usize::MAX));
    match days {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        2.. => format!("in {number} days"),
        -1 => "1 day ago".to_owned(),
        _ => format!("{number} days ago"),
    }
}

/// An instant as a clock in `zone` shows it, and in UTC: "2 March 2026, 04:00 EST (09:00 UTC)". The day in UTC is said
/// where it is another one.
pub fn in_zone_and_utc(at: Instant, zone: Tz) -> String {
    let local = at.with_timezone(&zone);
    let same_day = local.date_naive() == at.date_naive();
    let utc = if same_day { at.format("%H:%M UTC") } else { at.format("%-d %B %Y, %H:%M UTC") };
    format!("{} ({utc})", local.format("%-d %B %Y, %H:%M %Z"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Africa::Cairo;
    use chrono_tz::America::New_York;
    use chrono_tz::Pacific::Apia;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn five_working_days_from_a_wednesday_skip_the_weekend() {
        let end = end_of_working_days(at("2026-03-04T15:00:00Z"), 5, New_York);
        // Wednesday 4 March to Wednesday 11 March; on the 8th New York's clocks go forward.
        assert_eq!(end, at("2026-03-12T04:00:00Z"));
        assert_eq!(deadline_in_words(end, New_York), "the end of Wednesday 11 March 2026");
    }

    #[test]
    fn a_period_that_begins_at_the_weekend_counts_from_monday() {
        for start in ["2026-03-07T15:00:00Z", "2026-03-08T15:00:00Z"] {
            assert_eq!(working_day_after(at(start), 1, New_York), NaiveDate::from_ymd_opt(2026, 3, 9).unwrap());
        }
    }

    #[test]
    fn the_zone_decides_which_day_it_is() {
        // Friday evening in New York, Saturday in UTC.
        let late = at("2026-03-07T02:00:00Z");
        assert_eq!(date_in(late, New_York), NaiveDate::from_ymd_opt(2026, 3, 6).unwrap());
        assert_eq!(working_day_after(late, 1, New_York), NaiveDate::from_ymd_opt(2026, 3, 9).unwrap());
    }

    #[test]
    fn a_day_ends_where_the_clocks_skip_midnight_or_a_whole_day() {
        // Cairo went from 24 April 2026, 00:00 straight to 01:00; Samoa had no 30 December 2011.
        let cairo = end_of_day(NaiveDate::from_ymd_opt(2026, 4, 23).unwrap(), Cairo);
        assert_eq!(cairo, at("2026-04-23T22:00:00Z"));
        let apia = end_of_day(NaiveDate::from_ymd_opt(2011, 12, 29).unwrap(), Apia);
        assert_eq!(apia, at("2011-12-30T10:00:00Z"));
    }

    #[test]
    fn a_time_is_said_in_the_zone_and_in_utc_with_its_day_where_that_differs() {
        assert_eq!(in_zone_and_utc(at("2026-03-06T15:00:00Z"), New_York), "6 March 2026, 10:00 EST (15:00 UTC)");
        let late = in_zone_and_utc(at("2026-03-07T02:00:00Z"), New_York);
        assert_eq!(late, "6 March 2026, 21:00 EST (7 March 2026, 02:00 UTC)");
    }

    #[test]
    fn a_period_runs_until_the_day_before_its_end_in_its_own_zone() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 12).unwrap();
        for zone in [New_York, chrono_tz::Europe::London, chrono_tz::Asia::Tokyo] {
            assert_eq!(last_day(end_of_day(day, zone), zone), day, "{zone}");
        }
    }

    #[test]
    fn days_are_counted_as_people_do() {
        let words = [0, 1, 2, 1200, -1, -30].map(days_ahead);
        assert_eq!(words, ["today", "tomorrow", "in 2 days", "in 1,200 days", "1 day ago", "30 days ago"]);
    }

    #[test]
    fn no_days_end_with_the_day_itself() {
        let end = end_of_working_days(at("2026-03-07T15:00:00Z"), 0, New_York);
        assert_eq!(deadline_in_words(end, New_York), "the end of Saturday 7 March 2026");
    }
}

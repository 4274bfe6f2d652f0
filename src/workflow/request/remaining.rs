//! How much time is left to a deadline, as its funder counts days.

use chrono::NaiveDate;

use super::deadline::Zone;
use crate::clock::Instant;
use crate::workday::days_ahead;

/// Whole calendar days from today to the deadline, both as the funder's zone counts days. Negative when past.
pub fn days_left(deadline: Instant, zone: Option<Zone>, now: Instant) -> i64 {
    (date_in(deadline, zone) - date_in(now, zone)).num_days()
}

/// The day of a moment in the funder's zone; without one in UTC.
pub fn date_in(at: Instant, zone: Option<Zone>) -> NaiveDate {
    zone.map_or_else(|| at.date_naive(), |zone| zone.local(at).date())
}

/// The days left in words: "12 days", "tomorrow", "today", "passed 3 days ago".
pub fn days_in_words(days: i64, has_passed: bool) -> String {
    let counted = days_ahead(days);
    if has_passed || days < 0 {
        return format!("passed {counted}");
    }
    // In a column of days left, the number alone.
    counted.strip_prefix("in ").map(str::to_owned).unwrap_or(counted)
}

/// The time left to the deadline, in those words; empty without a deadline.
pub fn left_in_words(deadline: Option<Instant>, zone: Option<Zone>, now: Instant) -> String {
    let said = |deadline| days_in_words(days_left(deadline, zone, now), now > deadline);
    deadline.map(said).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_days_left_are_those_of_the_funders_calendar() {
        let at = |text: &str| text.parse::<Instant>().unwrap();
        let deadline = at("2026-03-11T03:59:00Z");
        let new_york = "America/New_York".parse().ok();
        assert_eq!(days_left(deadline, new_york, at("2026-03-10T13:00:00Z")), 0);
        assert_eq!(days_left(deadline, None, at("2026-03-10T13:00:00Z")), 1);
    }

    #[test]
    fn the_days_left_are_said_in_words() {
        let words: Vec<String> =
            [(1200, false), (12, false), (1, false), (0, false), (0, true), (-1, true), (-30, true)]
                .map(|(days, passed)| days_in_words(days, passed))
                .to_vec();
        assert_eq!(
            words,
            ["1,200 days", "12 days", "tomorrow", "today", "passed today", "passed 1 day ago", "passed 30 days ago"]
        );
    }
}

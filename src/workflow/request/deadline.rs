//! The funder's deadline: a local date and time in a zone, and the instant they name. Times that a change of clocks
//! skips are refused with the times that exist; of a time that happens twice the earlier is taken, and said so.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use crate::clock::Instant;
use crate::plain;

/// How "anywhere on Earth" is spelled in forms and in the database.
const ANYWHERE: &str = "anywhere-on-earth";

/// The zone a funder's deadline is given in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// A place of the IANA time zone database, such as `America/New_York`, or `UTC`.
    Place(Tz),
    /// As long as it is still that day somewhere: UTC-12.
    AnywhereOnEarth,
}

/// A text that names no zone we take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UnknownZone(pub String);

/// Abbreviations that funders write, and the places they usually mean. An abbreviation does not say whether summer time
/// applies ("EST" in July), so that it is never guessed, only suggested.
const ABBREVIATIONS: [(&str, &str); 12] = [
    ("ET", "America/New_York"),
    ("EST", "America/New_York"),
    ("EDT", "America/New_York"),
    ("CT", "America/Chicago"),
    ("CST", "America/Chicago"),
    ("MST", "America/Denver"),
    ("PT", "America/Los_Angeles"),
    ("PST", "America/Los_Angeles"),
    ("GMT", "Europe/London"),
    ("BST", "Europe/London"),
    ("CET", "Europe/Brussels"),
    ("CEST", "Europe/Brussels"),
];

impl Zone {
    /// The zone as people read it.
    pub fn label(self) -> String {
        match self {
            Self::Place(Tz::UTC) => "UTC".to_owned(),
            Self::Place(tz) => {
                let name = tz.name().replace('_', " ");
                match name.rsplit_once('/') {
                    Some((region, place)) => format!("{place} ({region})"),
                    None => name,
                }
            }
            Self::AnywhereOnEarth => "Anywhere on Earth (UTC-12)".to_owned(),
        }
    }

    /// The places a form offers, in alphabetical order: one name each, abbreviations and raw offsets left out.
    pub fn places() -> impl Iterator<Item = &'static str> {
        chrono_tz::TZ_VARIANTS.iter().map(|tz| tz.name()).filter(|name| is_place(name))
    }

    /// The local date and time that a clock in this zone shows at `instant`.
    pub fn local(self, instant: Instant) -> NaiveDateTime {
        match self {
            Self::Place(tz) => instant.with_timezone(&tz).naive_local(),
            Self::AnywhereOnEarth => (instant - TimeDelta::hours(12)).naive_utc(),
        }
    }
}

fn is_place(name: &str) -> bool {
    const REGIONS: [&str; 10] =
        ["Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];
    name == "UTC" || name.split_once('/').is_some_and(|(region, _)| REGIONS.contains(&region))
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Place(tz) => tz.name(),
            Self::AnywhereOnEarth => ANYWHERE,
        })
    }
}

impl FromStr for Zone {
    type Err = UnknownZone;
    fn from_str(typed: &str) -> Result<Self, UnknownZone> {
        let typed = typed.trim();
        if typed == ANYWHERE {
            return Ok(Self::AnywhereOnEarth);
        }
        if is_place(typed)
            && let Ok(tz) = typed.parse()
        {
            return Ok(Self::Place(tz));
        }
        let meant = ABBREVIATIONS.iter().find(|(short, _)| short.eq_ignore_ascii_case(typed));
        Err(UnknownZone(match meant {
            Some((short, place)) => format!(
                "{short} does not say whether summer time applies. Choose a place whose clocks the funder goes by, \
                 for example {place}."
            ),
            None => "Choose a time zone from the list, for example Europe/London, or “Anywhere on Earth”.".to_owned(),
        }))
    }
}

/// A funder's deadline. The local wording is what the funder wrote; the instant is what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    local: NaiveDateTime,
    zone: Zone,
    at: Instant,
}

impl Deadline {
    /// The deadline at `time` on `date` in `zone`.
    ///
    /// # Errors
    /// A sentence with the neighbouring times, when the clocks there skip that time.
    pub fn new(date: NaiveDate, time: NaiveTime, zone: Zone) -> Result<Self, String> {
        let local = date.and_time(time);
        match resolve(local, zone) {
            MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => Ok(Self { local, zone, at }),
            MappedLocalTime::None => Err(skipped(local, zone)),
        }
    }

    /// The deadline as a row keeps it; `None` when wording and instant do not belong together. The instant wins over
    /// today's zone rules as long as they differ by less than a day: governments move clocks after a deadline was set.
    pub fn kept(local: NaiveDateTime, zone: Zone, at: Instant) -> Option<Self> {
        let near = (zone.local(at) - local).abs() < TimeDelta::days(1);
        near.then_some(Self { local, zone, at })
    }

    /// The instant, in UTC.
    pub fn at(&self) -> Instant {
        self.at
    }

    /// The date and time in the funder's zone.
    pub fn local(&self) -> NaiveDateTime {
        self.local
    }

    /// The date in the funder's zone.
    pub fn date(&self) -> NaiveDate {
        self.local.date()
    }

    /// The funder's zone.
    pub fn zone(&self) -> Zone {
        self.zone
    }

    /// Whether the deadline has passed at `now`. At the very instant it has not.
    pub fn has_passed(&self, now: Instant) -> bool {
        now > self.at
    }

    /// Whole calendar days from today to the deadline's date, both as the funder's zone counts days. Negative when past.
    pub fn days_left(&self, now: Instant) -> i64 {
        (self.date() - self.zone.local(now).date()).num_days()
    }

    /// The earlier of two meanings was taken: a sentence that says so, when the clocks show this time twice.
    pub fn note(&self) -> Option<String> {
        match resolve(self.local, self.zone) {
            MappedLocalTime::Ambiguous(_, later) => Some(format!(
                "The clocks go back that night, and {} happens twice. The earlier one counts: {} UTC, not {} UTC.",
                self.local.format("%H:%M"),
                self.at.format("%H:%M"),
                later.format("%H:%M")
            )),
            _ => None,
        }
    }
}

impl fmt::Display for Deadline {
    /// `3 March 2026, 17:00, New York (America)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}, {}", plain::day(self.date()), self.local.format("%H:%M"), self.zone.label())
    }
}

/// The instants that a local time names.
fn resolve(local: NaiveDateTime, zone: Zone) -> MappedLocalTime<Instant> {
    match zone {
        Zone::Place(tz) => tz.from_local_datetime(&local).map(|at| at.with_timezone(&Utc)),
        Zone::AnywhereOnEarth => match FixedOffset::west_opt(12 * 3600) {
            Some(west) => west.from_local_datetime(&local).map(|at: DateTime<FixedOffset>| at.with_timezone(&Utc)),
            None => MappedLocalTime::None,
        },
    }
}

/// Why a time that the clocks skip is refused, with its neighbours.
fn skipped(local: NaiveDateTime, zone: Zone) -> String {
    let exists = |at: &NaiveDateTime| !matches!(resolve(*at, zone), MappedLocalTime::None);
    // No zone has ever skipped more than one whole day; the calendar's dropped day on Samoa was the longest.
    let minutes = || (1..=25 * 60).map(TimeDelta::minutes);
    let before = minutes().filter_map(|step| local.checked_sub_signed(step)).find(exists);
    let after = minutes().filter_map(|step| local.checked_add_signed(step)).find(exists);
    let (Some(before), Some(after)) = (before, after) else {
        return format!("This date and time do not exist in {}.", zone.label());
    };
    let spelled = |at: NaiveDateTime| {
        if at.date() == local.date() {
            at.format("%H:%M").to_string()
        } else {
            format!("{} on {}", at.format("%H:%M"), plain::day(at.date()))
        }
    };
    format!(
        "{} does not exist on {} in {}: the clocks go forward there. Enter {} or {}.",
        local.format("%H:%M"),
        plain::day(local.date()),
        zone.label(),
        spelled(before),
        spelled(after)
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::clock::InUtc;

    fn deadline(date: &str, time: &str, zone: &str) -> Result<Deadline, String> {
        Deadline::new(date.parse().unwrap(), time.parse().unwrap(), zone.parse().unwrap())
    }

    fn instant(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn a_local_time_is_read_in_its_zone() {
        for (date, time, zone, at) in [
            ("2026-01-15", "23:59:00", "America/New_York", "2026-01-16T04:59:00Z"),
            ("2026-07-15", "23:59:00", "America/New_York", "2026-07-16T03:59:00Z"),
            ("2026-07-15", "16:00:00", "Europe/London", "2026-07-15T15:00:00Z"),
            ("2026-07-15", "17:00:00", "Asia/Kathmandu", "2026-07-15T11:15:00Z"),
            ("2026-07-15", "12:00:00", "UTC", "2026-07-15T12:00:00Z"),
        ] {
            assert_eq!(deadline(date, time, zone).unwrap().at(), instant(at), "{zone}");
        }
    }

    #[test]
    fn anywhere_on_earth_is_twelve_hours_after_utc() {
        let deadline = deadline("2026-03-31", "23:59:00", "anywhere-on-earth").unwrap();
        assert_eq!(deadline.at(), instant("2026-04-01T11:59:00Z"));
        assert_eq!(deadline.to_string(), "31 March 2026, 23:59, Anywhere on Earth (UTC-12)");
        assert_eq!(deadline.days_left(instant("2026-04-01T11:00:00Z")), 0, "it is still 31 March somewhere");
        assert!(!deadline.has_passed(instant("2026-04-01T11:59:00Z")));
        assert!(deadline.has_passed(instant("2026-04-01T11:59:01Z")));
    }

    #[test]
    fn a_time_the_clocks_skip_is_refused_with_its_neighbours() {
        assert_eq!(
            deadline("2026-03-29", "01:30:00", "Europe/London").unwrap_err(),
            "01:30 does not exist on 29 March 2026 in London (Europe): the clocks go forward there. Enter 00:59 or 02:00."
        );
        let lord_howe = deadline("2026-10-04", "02:15:00", "Australia/Lord_Howe").unwrap_err();
        assert!(lord_howe.ends_with("Enter 01:59 or 02:30."), "{lord_howe}");
        let samoa = deadline("2011-12-30", "12:00:00", "Pacific/Apia").unwrap_err();
        assert!(samoa.ends_with("Enter 23:59 on 29 December 2011 or 00:00 on 31 December 2011."), "{samoa}");
    }

    #[test]
    fn of_a_time_that_happens_twice_the_earlier_counts_and_is_said() {
        let deadline = deadline("2026-10-25", "01:30:00", "Europe/London").unwrap();
        assert_eq!(deadline.at(), instant("2026-10-25T00:30:00Z"));
        let note = deadline.note().unwrap();
        assert!(note.contains("00:30 UTC, not 01:30 UTC"), "{note}");
        assert_eq!(super::tests::deadline("2026-10-25", "12:00:00", "Europe/London").unwrap().note(), None);
    }

    #[test]
    fn a_deadline_is_told_in_utc_whatever_the_zone() {
        let told = |date, zone| InUtc::from(deadline(date, "23:59:00", zone).unwrap().at());
        assert_eq!(told("2026-07-15", "America/New_York").words, "16 July 2026, 03:59 UTC");
        assert_eq!(told("2026-01-15", "America/New_York").machine, "2026-01-16T04:59:00Z");
        assert_eq!(told("2026-03-01", "anywhere-on-earth").words, "2 March 2026, 11:59 UTC");
    }

    #[test]
    fn abbreviations_are_never_guessed() {
        for typed in ["ET", "est", "CET"] {
            let refused = typed.parse::<Zone>().unwrap_err().0;
            assert!(refused.contains("summer time"), "{refused}");
        }
        for typed in ["", "Mars/Olympus", "Etc/GMT+5", "EST5EDT", "US/Eastern", "europe/london", "\u{202e}UTC"] {
            assert!(typed.parse::<Zone>().is_err(), "{typed:?}");
        }
    }

    #[test]
    fn every_zone_on_offer_is_taken() {
        assert!(Zone::places().count() > 300);
        for name in Zone::places() {
            assert_eq!(name.parse::<Zone>().unwrap().to_string(), name);
        }
    }

    #[test]
    fn days_are_counted_on_the_funders_calendar() {
        let deadline = deadline("2028-03-01", "00:30:00", "Pacific/Auckland").unwrap();
        assert_eq!(deadline.days_left(instant("2028-02-28T10:59:00Z")), 2, "28 February there, and 29 is a leap day");
        assert_eq!(deadline.days_left(instant("2028-02-28T11:00:00Z")), 1, "29 February there");
        assert_eq!(deadline.days_left(instant("2028-03-02T12:00:00Z")), -2);
    }

    #[test]
    fn a_row_keeps_its_instant_when_a_government_moves_the_clocks() {
        let local = "2026-07-15T12:00:00".parse().unwrap();
        let zone = "Europe/London".parse().unwrap();
        assert!(Deadline::kept(local, zone, instant("2026-07-15T12:00:00Z")).is_some());
        assert_eq!(Deadline::kept(local, zone, instant("2026-07-17T12:00:00Z")), None);
    }

    proptest! {
        #[test]
        fn every_time_resolves_to_itself_or_is_refused(
            minute in 0..5 * 365 * 24 * 60i64,
            place in 0..Zone::places().count(),
        ) {
            let zone: Zone = Zone::places().nth(place).unwrap().parse().unwrap();
            let local = "2026-01-01T00:00:00".parse::<NaiveDateTime>().unwrap() + TimeDelta::minutes(minute);
            match Deadline::new(local.date(), local.time(), zone) {
                Ok(deadline) => prop_assert_eq!(zone.local(deadline.at()), local),
                Err(sentence) => prop_assert!(sentence.contains("Enter "), "{}", sentence),
            }
        }
    }
}

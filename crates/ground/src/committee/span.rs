//! For which day or year a list of the committee is asked for. For a year the website's rule holds: a seat counts in
//! calendar year Y when `start < Y <= start + term`, which is when it is in office on some day of Y.

use std::str::FromStr;

use chrono::{Datelike, NaiveDate};

use super::rules::Seat;
use crate::plain;
use crate::workday::read_date;

/// A day or a calendar year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// One day.
    Day(NaiveDate),
    /// The whole year.
    Year(i32),
}

/// Neither a day nor a year.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Enter a day or a year, for example 2026-01-31, 31 January 2026 or 2026.")]
pub struct NoSpan;

impl FromStr for Span {
    type Err = NoSpan;

    fn from_str(typed: &str) -> Result<Self, NoSpan> {
        let typed = typed.trim();
        let is_year = typed.len() == 4 && typed.bytes().all(|byte| byte.is_ascii_digit());
        match typed.parse() {
            Ok(year) if is_year && (2000..2200).contains(&year) => Ok(Self::Year(year)),
            _ => read_date(typed).map(Self::Day).ok_or(NoSpan),
        }
    }
}

impl Span {
    /// Its first day.
    pub fn first(self) -> NaiveDate {
        match self {
            Self::Day(day) => day,
            Self::Year(year) => NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default(),
        }
    }

    /// Its last day.
    pub fn last(self) -> NaiveDate {
        match self {
            Self::Day(day) => day,
            Self::Year(year) => NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or_default(),
        }
    }

    /// What asks for it in an address; nothing for `today`.
    pub fn in_address(self, today: NaiveDate) -> String {
        match self {
            Self::Day(day) if day == today => String::new(),
            Self::Day(day) => format!("?on={day}"),
            Self::Year(year) => format!("?on={year}"),
        }
    }

    /// Whether the seat is in office on some day of it.
    pub fn has(self, seat: &Seat) -> bool {
        seat.first_day <= self.last() && self.first() <= seat.last_day
    }

    /// It in words, after "in office": "on 31 January 2026", "in 2026".
    pub fn in_words(self) -> String {
        match self {
            Self::Day(day) => format!("on {}", plain::day(day)),
            Self::Year(year) => format!("in {year}"),
        }
    }

    /// The day of `today` when it lies inside, else the first one of it.
    pub fn day_near(self, today: NaiveDate) -> NaiveDate {
        if today.year() == self.first().year() && matches!(self, Self::Year(_)) { today } else { self.first() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::rules::Term;
    use super::*;
    use crate::ids::SeatId;
    use proptest::prelude::*;

    #[test]
    fn a_day_or_a_year_is_read_and_nothing_else() {
        assert_eq!("2026".parse(), Ok(Span::Year(2026)));
        let day = NaiveDate::from_ymd_opt(2026, 1, 31).unwrap();
        assert_eq!(
            [" 2026-01-31", "31 January 2026"].map(|typed| typed.parse()),
            [Ok(Span::Day(day)), Ok(Span::Day(day))]
        );
        for typed in ["", "26", "1999", "20265", "2026-13-01", "2026-02-30", "31/1/2026", "now", "٢٠٢٦"] {
            assert_eq!(typed.parse::<Span>(), Err(NoSpan), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn a_seat_counts_in_a_year_as_on_the_website(start in 2015..2030_i32, term in 1..6_u8, year in 2014..2040_i32) {
            let (of, id) = (Term { elected: start, years: term }, SeatId::fresh());
            let seat = Seat { id, institution: None, batch: String::new(), first_day: of.first_day(), last_day: of.last_day() };
            prop_assert_eq!(Span::Year(year).has(&seat), start < year && year <= start + i32::from(term));
        }
    }
}

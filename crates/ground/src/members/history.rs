//! An institution's memberships in words: what it is today, and what it was when.

use chrono::NaiveDate;

use super::institution::{Institution, Membership, Period};
use crate::plain;

/// What the institution is on `today`, as a sentence.
pub fn standing(institution: &Institution, today: NaiveDate) -> String {
    let name = &institution.name;
    match institution.membership_on(today) {
        Some(Membership::Community) => {
            format!("{name} is part of the IIIF community; it is no member of the Consortium.")
        }
        Some(kind) => match kind.standing() {
            Some(standing) => format!("{name} is {standing}."),
            None => format!("{name} is listed."),
        },
        None if institution.periods.iter().any(|period| period.since.is_some_and(|since| since > today)) => {
            format!("{name} is not listed yet.")
        }
        None => format!("{name} is not in the list any more."),
    }
}

/// The days of a membership, as people write them: "from 1 January 2018 to 30 June 2020", "until 30 June 2020".
pub fn days(period: &Period) -> String {
    match (period.since, period.until) {
        (Some(since), Some(until)) => format!("From {} to {}", plain::day(since), plain::day(until)),
        (Some(since), None) => format!("Since {}", plain::day(since)),
        (None, Some(until)) => format!("Until {}", plain::day(until)),
        (None, None) => "Since a day that is not on record".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::bundled;
    use super::*;

    #[test]
    fn standing_and_days_are_told_in_words() {
        let mut library = bundled::institutions().unwrap().remove(0);
        library.name = "Example".to_owned();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        library.periods = vec![
            Period { kind: Membership::Community, since: None, until: Some(day("2017-12-31")) },
            Period { kind: Membership::Full, since: Some(day("2018-01-01")), until: Some(day("2020-06-30")) },
        ];
        let told = |on: &str| standing(&library, day(on));
        assert_eq!(told("2019-01-01"), "Example is a Full Member of the IIIF Consortium.");
        assert_eq!(told("2017-01-01"), "Example is part of the IIIF community; it is no member of the Consortium.");
        assert_eq!(told("2021-01-01"), "Example is not in the list any more.");
        let all: Vec<String> = library.periods.iter().map(days).collect();
        assert_eq!(all, ["Until 31 December 2017", "From 1 January 2018 to 30 June 2020"]);
        library.periods.remove(0);
        assert_eq!(standing(&library, day("2017-01-01")), "Example is not listed yet.");
    }
}

//! The reference of a request, `LOS-2026-0001`: the year it was first sent, and its number in that year.

use std::fmt;
use std::str::FromStr;

/// A request's reference. People read it out, so reading it forgives lower case and missing zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference {
    year: u16,
    number: u32,
}

/// A text that is no reference.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a reference such as LOS-2026-0001")]
pub struct NotAReference(pub String);

impl Reference {
    /// The `number`th request of `year`. `None` when the number is 0 or the year has not four digits.
    pub fn new(year: i32, number: u32) -> Option<Self> {
        let year = u16::try_from(year).ok().filter(|year| (1000..=9999).contains(year))?;
        (number > 0).then_some(Self { year, number })
    }

    /// The year, in the Consortium's zone, in which the request was first sent.
    pub fn year(self) -> i32 {
        i32::from(self.year)
    }

    /// Its number in that year, from 1.
    pub fn number(self) -> u32 {
        self.number
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LOS-{}-{:04}", self.year, self.number)
    }
}

impl FromStr for Reference {
    type Err = NotAReference;
    fn from_str(text: &str) -> Result<Self, NotAReference> {
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok()).flatten();
        let read = || {
            let mut parts = text.trim().split('-');
            let (prefix, year, number) = (parts.next()?, parts.next()?, parts.next()?);
            if parts.next().is_some() || !prefix.eq_ignore_ascii_case("LOS") {
                return None;
            }
            Self::new(i32::try_from(digits(year)?).ok()?, digits(number)?)
        };
        read().ok_or_else(|| NotAReference(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn people_may_write_it_their_way() {
        let reference = Reference::new(2026, 1).unwrap();
        assert_eq!(reference.to_string(), "LOS-2026-0001");
        for text in ["LOS-2026-0001", " los-2026-1 ", "Los-2026-001"] {
            assert_eq!(text.parse(), Ok(reference));
        }
    }

    #[test]
    fn what_is_no_reference_is_refused() {
        for text in [
            "",
            "LOS-2026",
            "LOS-2026-0",
            "LOS-26-1",
            "LOS-2026-+1",
            "LOS-2026-1-2",
            "SOL-2026-1",
            "LOS-2026-99999999999",
        ] {
            assert!(text.parse::<Reference>().is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn every_reference_survives_the_way_through_text(year in 1000..=9999i32, number in 1..=u32::MAX) {
            let reference = Reference::new(year, number).unwrap();
            prop_assert_eq!(reference.to_string().parse(), Ok(reference));
        }
    }
}

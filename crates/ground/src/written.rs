//! A numbered version of something that staff write, as lists of versions show it.

use std::fmt;

use chrono::NaiveDateTime;

use crate::clock::Instant;
use crate::plain;

/// A version without what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its number, from 1.
    pub number: i64,
    /// When it was written.
    pub at: Instant,
    /// Who wrote it; empty: the command line, or somebody who gave no name.
    pub by: String,
}

impl From<(i64, NaiveDateTime, Option<String>)> for Version {
    fn from((number, at, by): (i64, NaiveDateTime, Option<String>)) -> Self {
        Self { number, at: at.and_utc(), by: by.unwrap_or_default() }
    }
}

/// When and by whom: `3 March 2026, Robin Example`.
impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        plain::day(self.at.date_naive()).fmt(f)?;
        if self.by.is_empty() { Ok(()) } else { write!(f, ", {}", self.by) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_says_when_and_by_whom_as_far_as_it_is_known() {
        let at = "2026-03-03T12:00:00".parse().unwrap();
        assert_eq!(Version::from((1, at, Some("Robin Example".into()))).to_string(), "3 March 2026, Robin Example");
        assert_eq!(Version::from((1, at, None)).to_string(), "3 March 2026");
    }
}

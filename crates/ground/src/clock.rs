//! Time as a parameter. The only caller of the system clock; everything else is handed an instant.

use std::sync::Mutex;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// An instant in UTC, cut to microseconds: the finest step both databases keep.
pub type Instant = DateTime<Utc>;

/// An instant in UTC as people read it, and as machines do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InUtc {
    /// `15 April 2026, 21:00 UTC`.
    pub words: String,
    /// The same to the second (RFC 3339).
    pub machine: String,
}

impl From<Instant> for InUtc {
    fn from(at: Instant) -> Self {
        Self {
            words: at.format("%-d %B %Y, %H:%M UTC").to_string(),
            machine: at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        }
    }
}

/// Where "now" comes from.
pub trait Clock: Send + Sync {
    /// The current instant in UTC, cut to microseconds.
    fn now(&self) -> Instant;
}

/// The computer's own clock.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "the one place that reads the system clock")]
    fn now(&self) -> Instant {
        Utc::now().trunc_subsecs(6)
    }
}

/// A clock that stands still until it is told to move.
#[derive(Debug)]
pub struct FixedClock(Mutex<Instant>);

impl FixedClock {
    /// A clock that shows `at`, cut to microseconds.
    pub fn at(at: Instant) -> Self {
        Self(Mutex::new(at.trunc_subsecs(6)))
    }

    /// Moves the clock by `step`, which may be negative.
    pub fn advance(&self, step: TimeDelta) {
        let mut now = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        *now += step;
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Instant {
        *self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_clock_shows_no_more_than_microseconds() {
        let now = SystemClock.now();
        assert_eq!(now, now.trunc_subsecs(6));
    }
}

//! Time as a parameter. The only caller of the system clock; everything else is handed an instant.

use std::sync::Mutex;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// An instant in UTC, cut to microseconds: the finest step both databases keep.
pub type Instant = DateTime<Utc>;

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

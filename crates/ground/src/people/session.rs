//! How long a web session lives and when its cookie is renewed. Keeping and finding web sessions is `store`'s part,
//! the cookie itself is `web::session`'s.

use chrono::TimeDelta;

use crate::clock::Instant;
use crate::people::access::Level;
use crate::plain::day;

/// How often the secret in the cookie is replaced by a new one.
pub const RENEWED_EVERY: TimeDelta = TimeDelta::hours(24);
/// How long the replaced secret still opens the web session, for pages that were asked for at the same moment.
pub const OLD_SECRET_GRACE: TimeDelta = TimeDelta::seconds(60);
/// A web session's last use is written down at most this often, so that reading pages writes little.
pub const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// How long a web session may be unused, and how long it may live at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetime {
    /// The longest time between two uses.
    pub idle: TimeDelta,
    /// The longest time from sign-in.
    pub whole: TimeDelta,
}

/// The lifetime for a way of signing in, and for people with or without powers (a role, or a seat).
///
/// Applicants: NIST SP 800-63B, AAL1, asks for a new sign-in at least every 30 days. People with powers: at AAL2 every
/// 12 hours, and after 30 minutes without use. As long as powers are had by e-mail, half an hour would mean a mail per
/// cup of tea; two hours is the compromise.
pub const fn lifetime(level: Level, has_powers: bool) -> Lifetime {
    match (level, has_powers) {
        (Level::Email, false) | (Level::Passkey, false) => {
            Lifetime { idle: TimeDelta::days(7), whole: TimeDelta::days(30) }
        }
        (Level::Email, true) => Lifetime { idle: TimeDelta::hours(2), whole: TimeDelta::hours(12) },
        (Level::Passkey, true) => Lifetime { idle: TimeDelta::minutes(30), whole: TimeDelta::hours(12) },
    }
}

/// The instants that decide over a web session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// When the person signed in.
    pub created_at: Instant,
    /// The last use written down.
    pub last_seen_at: Instant,
    /// When the secret in the cookie was made.
    pub renewed_at: Instant,
}

/// What a web session is worth at some instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Over: the person signs in again.
    Ended,
    /// Good, and nothing is to be written.
    Good,
    /// Good, and its use is to be written down.
    Note,
    /// Good, and its cookie gets a new secret.
    Renew,
}

/// The standing of a web session at `now`. A clock that went back ends nothing and revives nothing.
pub fn standing(times: Times, lifetime: Lifetime, now: Instant) -> Standing {
    if now - times.created_at >= lifetime.whole || now - times.last_seen_at >= lifetime.idle {
        Standing::Ended
    } else if now - times.renewed_at >= RENEWED_EVERY {
        Standing::Renew
    } else if now - times.last_seen_at >= NOTED_EVERY {
        Standing::Note
    } else {
        Standing::Good
    }
}

/// When somebody signed in, as mails and the account page give it: 2 March 2026, 09:00 UTC.
pub fn in_words(at: Instant) -> String {
    format!("{}, {} UTC", day(at.date_naive()), at.format("%H:%M"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    const SECOND: TimeDelta = TimeDelta::seconds(1);

    fn signed_in() -> Instant {
        chrono::Utc.with_ymd_and_hms(2026, 3, 2, 9, 0, 0).unwrap()
    }

    fn used_until(last: TimeDelta) -> Times {
        Times { created_at: signed_in(), last_seen_at: signed_in() + last, renewed_at: signed_in() + last }
    }

    #[test]
    fn every_bound_holds_to_the_second() {
        for level in Level::ALL {
            for has_powers in [false, true] {
                let life = lifetime(*level, has_powers);
                let at = |times: Times, after: TimeDelta| standing(times, life, signed_in() + after);
                assert_ne!(at(used_until(TimeDelta::zero()), life.idle - SECOND), Standing::Ended);
                assert_eq!(at(used_until(TimeDelta::zero()), life.idle), Standing::Ended);
                let busy = used_until(life.whole - SECOND);
                assert_ne!(at(busy, life.whole - SECOND), Standing::Ended);
                assert_eq!(at(busy, life.whole), Standing::Ended);
            }
        }
    }

    #[test]
    fn powers_shorten_a_web_session() {
        for level in Level::ALL {
            let (plain, powers) = (lifetime(*level, false), lifetime(*level, true));
            assert!(powers.idle < plain.idle && powers.whole < plain.whole);
        }
    }

    #[test]
    fn use_is_written_once_a_minute_and_the_secret_renewed_once_a_day() {
        let life = lifetime(Level::Email, false);
        let at = |times: Times, after: TimeDelta| standing(times, life, signed_in() + after);
        let fresh = used_until(TimeDelta::zero());
        assert_eq!(at(fresh, TimeDelta::seconds(59)), Standing::Good);
        assert_eq!(at(fresh, TimeDelta::seconds(60)), Standing::Note);
        assert_eq!(at(fresh, RENEWED_EVERY - SECOND), Standing::Note);
        assert_eq!(at(fresh, RENEWED_EVERY), Standing::Renew);
    }

    #[test]
    fn a_clock_that_went_back_ends_no_web_session() {
        let life = lifetime(Level::Email, true);
        assert_eq!(standing(used_until(TimeDelta::zero()), life, signed_in() - TimeDelta::hours(1)), Standing::Good);
    }
}

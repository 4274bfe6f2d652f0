//! When an unsent mail is tried again, and when it is given up (RFC 5321, section 4.5.4.1).

use chrono::TimeDelta;

use crate::clock::Instant;

/// What came of one try to hand a mail over. Each carries the words of the other side, or what stood in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// The mail server has taken responsibility for the mail.
    Accepted(String),
    /// Not now: a 4xx reply, no connection, a dropped one, or a server that refuses us rather than the mail.
    Transient(String),
    /// Never: a 5xx reply to this mail.
    Permanent(String),
}

/// What becomes of a mail after a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// It is sent.
    Sent {
        /// The server's words.
        reply: String,
    },
    /// It is tried again.
    Again {
        /// When, UTC.
        at: Instant,
        /// Why it was not sent.
        reply: String,
    },
    /// It is not tried again unless staff say so.
    Failed {
        /// Why, in words for staff.
        why: String,
    },
    /// Its reason has passed; it is not sent.
    Dropped {
        /// Why, in words for staff.
        why: String,
    },
}

/// How long mail is tried, in words for staff.
pub const PATIENCE: &str = "Tries go on for three days: after 1, 5, 15 and 60 minutes, then every hour.";

/// A mail that has been waiting for longer than this, in minutes, is an alarm.
const ALARM_MINUTES: i64 = 15;

/// What to say at `now` when the longest-waiting mail has been waiting since `since`, if that is too long.
pub fn alarm(since: Instant, now: Instant) -> Option<String> {
    let minutes = (now - since).num_minutes();
    (minutes > ALARM_MINUTES).then(|| {
        format!("Mail has been waiting for {minutes} minutes. The mail server may be out of reach; its words stand with each mail.")
    })
}

/// Waits before the second to the fifth try, in minutes; after that one try an hour.
const FIRST_WAITS_MINUTES: [i64; 4] = [1, 5, 15, 60];

/// Tries are spread over no more than this many minutes: three days.
const PATIENCE_MINUTES: i64 = 3 * 24 * 60;

/// The wait after the `failures`-th failed try, counted from 1; `None` once three days of tries are used up.
/// Counted in tries, not by the calendar, so that a service that stood still does not give up on its first try.
pub fn wait_after(failures: u32) -> Option<TimeDelta> {
    let first: i64 = FIRST_WAITS_MINUTES.iter().sum();
    let nth = usize::try_from(failures.max(1) - 1).unwrap_or(usize::MAX);
    if let Some(minutes) = FIRST_WAITS_MINUTES.get(nth) {
        return Some(TimeDelta::minutes(*minutes));
    }
    let hours = i64::from(failures) - 4;
    (first + hours.saturating_mul(60) <= PATIENCE_MINUTES).then(|| TimeDelta::hours(1))
}

/// What becomes of a mail that had failed `failures` times before it got `reply` at `now`.
pub fn settle(reply: Reply, failures: u32, now: Instant) -> Settlement {
    match reply {
        Reply::Accepted(reply) => Settlement::Sent { reply },
        Reply::Permanent(reply) => {
            Settlement::Failed { why: format!("Refused for good, so it was not tried again: {reply}") }
        }
        Reply::Transient(reply) => match wait_after(failures.saturating_add(1)) {
            Some(wait) => Settlement::Again { at: now + wait, reply },
            None => Settlement::Failed { why: format!("Given up after three days of tries. The last answer: {reply}") },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Instant {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    fn busy() -> Reply {
        Reply::Transient("451 busy".into())
    }

    #[test]
    fn the_waits_are_1_5_15_and_60_minutes_and_then_an_hour_each_for_three_days() {
        let waits: Vec<i64> = (1..).map_while(wait_after).map(|wait| wait.num_minutes()).collect();
        assert_eq!(waits[..5], [1, 5, 15, 60, 60]);
        assert!(waits[3..].iter().all(|wait| *wait == 60));
        let total: i64 = waits.iter().sum();
        assert!((3 * 24 * 60 - 60..=3 * 24 * 60).contains(&total), "{total} minutes");
    }

    #[test]
    fn a_mail_that_never_gets_through_ends_as_failed_with_the_last_answer() {
        let (mut at, mut failures) = (now(), 0);
        let why = loop {
            match settle(busy(), failures, at) {
                Settlement::Again { at: next, .. } => (at, failures) = (next, failures + 1),
                Settlement::Failed { why } => break why,
                other => panic!("{other:?}"),
            }
        };
        assert!(at - now() <= TimeDelta::days(3) && at - now() > TimeDelta::hours(70));
        assert!(why.contains("three days") && why.ends_with("451 busy"));
    }

    #[test]
    fn a_refused_mail_is_not_tried_again() {
        let settled = settle(Reply::Permanent("550 no such mailbox".into()), 0, now());
        assert!(matches!(settled, Settlement::Failed { why } if why.ends_with("550 no such mailbox")));
    }

    #[test]
    fn mail_that_waits_for_more_than_a_quarter_of_an_hour_is_an_alarm() {
        assert_eq!(alarm(now(), now() + TimeDelta::minutes(15)), None);
        assert!(alarm(now(), now() + TimeDelta::minutes(16)).is_some_and(|words| words.contains("16 minutes")));
        assert_eq!(alarm(now() + TimeDelta::hours(1), now()), None);
    }

    #[test]
    fn any_number_of_failures_has_an_answer() {
        assert_eq!(wait_after(0), Some(TimeDelta::minutes(1)));
        assert_eq!(wait_after(u32::MAX), None);
        assert!(matches!(settle(busy(), u32::MAX, now()), Settlement::Failed { .. }));
    }
}

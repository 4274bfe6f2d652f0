//! What happens when a reviewer does not answer: reminders, then the place passes on (`governance.md`, "silence").

use chrono::TimeDelta;

use crate::clock::Instant;
use crate::worded;

/// How long before a review is due the second reminder goes out.
const TWO_DAYS: TimeDelta = TimeDelta::days(2);
/// How long after the last reminder the place passes to the next seat in line.
const GRACE: TimeDelta = TimeDelta::days(2);

worded! {
    /// A reminder to a seat that owes a review.
    pub enum Reminder {
        /// Half of the time has passed.
        HalfTime = "half-time",
        /// Two days are left.
        TwoDays = "two-days",
        /// The review is overdue.
        Overdue = "overdue",
    }
}

/// What is due about a review that was asked for at one instant and is owed by another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Nothing yet.
    Nothing,
    /// The latest reminder whose time has come; earlier ones that were missed are not sent any more.
    Remind(Reminder),
    /// The next seat in line takes over.
    PassOn,
}

/// What is due at `now`. A review that is asked for at short notice is reminded of only as far as there is time: never
/// in the first half, and never twice for one instant.
pub fn due(asked: Instant, owed: Instant, now: Instant) -> Due {
    let half = asked + (owed - asked) / 2;
    let two_days = owed - TWO_DAYS;
    if now >= owed + GRACE {
        Due::PassOn
    } else if now >= owed {
        Due::Remind(Reminder::Overdue)
    } else if now >= two_days && two_days > half {
        Due::Remind(Reminder::TwoDays)
    } else if now >= half {
        Due::Remind(Reminder::HalfTime)
    } else {
        Due::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn a_silent_reviewer_is_reminded_three_times_and_then_replaced() {
        let (asked, owed) = (at("2026-03-02T09:00:00Z"), at("2026-03-12T09:00:00Z"));
        let cases = [
            ("2026-03-07T08:59:59Z", Due::Nothing),
            ("2026-03-07T09:00:00Z", Due::Remind(Reminder::HalfTime)),
            ("2026-03-10T08:59:59Z", Due::Remind(Reminder::HalfTime)),
            ("2026-03-10T09:00:00Z", Due::Remind(Reminder::TwoDays)),
            ("2026-03-12T09:00:00Z", Due::Remind(Reminder::Overdue)),
            ("2026-03-14T08:59:59Z", Due::Remind(Reminder::Overdue)),
            ("2026-03-14T09:00:00Z", Due::PassOn),
        ];
        for (now, expected) in cases {
            assert_eq!(due(asked, owed, at(now)), expected, "{now}");
        }
    }

    #[test]
    fn a_review_at_short_notice_is_not_reminded_of_twice() {
        let (asked, owed) = (at("2026-03-02T09:00:00Z"), at("2026-03-04T09:00:00Z"));
        assert_eq!(due(asked, owed, asked), Due::Nothing);
        assert_eq!(due(asked, owed, at("2026-03-03T09:00:00Z")), Due::Remind(Reminder::HalfTime));
        assert_eq!(due(asked, owed, at("2026-03-04T08:00:00Z")), Due::Remind(Reminder::HalfTime));
    }
}

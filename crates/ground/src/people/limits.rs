//! Budgets: how many sign-in mails, tries and web sessions there may be. What is counted, and where the counts are
//! kept, is `store`'s part; a budget that is used up changes nothing that the asker can see.

use chrono::TimeDelta;

use crate::clock::Instant;

/// How often a sign-in mail may be sent again for one attempt.
pub const RESENDS: i32 = 2;
/// How many codes may be tried for one attempt. A try is counted before it is compared.
pub const CODE_TRIES: i32 = 5;
/// How many web sessions a person may have at once; a further one ends the oldest.
pub const WEB_SESSIONS: usize = 10;
/// How long counts are kept: longer than any budget needs to be whole again.
pub const KEPT: TimeDelta = TimeDelta::hours(24);

/// A budget that allows some at once and then one per period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    at_once: i32,
    then_one_per: TimeDelta,
}

/// Sign-in mails to one address.
pub const PER_ADDRESS: Budget = Budget { at_once: 3, then_one_per: TimeDelta::hours(1) };
/// Sign-in mails asked for from one network.
pub const PER_NETWORK: Budget = Budget { at_once: 5, then_one_per: TimeDelta::minutes(1) };
/// Sign-in mails asked for by a browser that has signed in to the address before. It is counted apart, so that a
/// stranger cannot use up the budget of the address's owner.
pub const PER_KNOWN_BROWSER: Budget = Budget { at_once: 3, then_one_per: TimeDelta::hours(1) };
/// Sign-in mails of the whole service in any hour; further ones are delayed and staff are told.
pub const SERVICE_PER_HOUR: i64 = 300;

impl Budget {
    /// Whether one more is allowed at `now`, after those at `times` (oldest first). Only those that were allowed count.
    ///
    /// (The generic cell rate algorithm: all there is to know of the past is when the budget will be whole again.)
    pub fn allows(&self, times: &[Instant], now: Instant) -> bool {
        let whole_at = times.iter().fold(None, |whole_at, time| Some(self.after(whole_at, *time)));
        let debt = whole_at.map_or(TimeDelta::zero(), |at| at - now);
        debt <= self.then_one_per * (self.at_once - 1)
    }

    /// When the budget is whole again after spending one at `now`.
    fn after(&self, whole_at: Option<Instant>, now: Instant) -> Instant {
        whole_at.map_or(now, |at| at.max(now)) + self.then_one_per
    }
}

/// How long a sign-in mail waits when `in_last_hour` others were asked for in the hour before: not at all up to the
/// service's limit, then twelve seconds for each mail in front, which is the rate the limit stands for.
/// Never so long that the mail would come after the attempt has ended.
pub fn service_delay(in_last_hour: i64) -> TimeDelta {
    let in_front = (in_last_hour - SERVICE_PER_HOUR + 1).clamp(0, 100);
    TimeDelta::seconds(12 * in_front)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;
    use proptest::prelude::*;

    fn noon() -> Instant {
        chrono::Utc.with_ymd_and_hms(2026, 3, 2, 12, 0, 0).unwrap()
    }

    /// When mails leave if somebody asks once every `step` for `hours` hours.
    fn sent(budget: Budget, step: TimeDelta, hours: i64) -> Vec<Instant> {
        let (mut sent, mut now) = (Vec::new(), noon());
        while now < noon() + TimeDelta::hours(hours) {
            if budget.allows(&sent, now) {
                sent.push(now);
            }
            now += step;
        }
        sent
    }

    #[test]
    fn an_address_gets_three_mails_at_once_and_then_one_an_hour() {
        let times = sent(PER_ADDRESS, TimeDelta::seconds(10), 5);
        let minutes: Vec<i64> = times.iter().map(|at| (*at - noon()).num_minutes()).collect();
        assert_eq!(minutes, [0, 0, 0, 60, 120, 180, 240]);
    }

    #[test]
    fn a_network_gets_five_at_once_and_then_one_a_minute() {
        assert_eq!(sent(PER_NETWORK, TimeDelta::seconds(1), 1).len(), 5 + 59);
    }

    #[test]
    fn the_service_slows_down_above_three_hundred_mails_an_hour() {
        let seconds = |in_last_hour| service_delay(in_last_hour).num_seconds();
        assert_eq!([0, 299, 300, 301, 324].map(seconds), [0, 0, 12, 24, 300]);
        assert_eq!(seconds(1_000_000), 20 * 60);
    }

    #[test]
    fn the_next_one_is_allowed_at_the_instant_and_not_a_microsecond_before() {
        let three = [noon(); 3];
        let hour = noon() + TimeDelta::hours(1);
        assert!(!PER_ADDRESS.allows(&three, hour - TimeDelta::microseconds(1)));
        assert!(PER_ADDRESS.allows(&three, hour));
    }

    #[test]
    fn a_clock_that_went_back_does_not_refill_a_budget() {
        assert!(!PER_ADDRESS.allows(&[noon(); 3], noon() - TimeDelta::hours(1)));
    }

    #[test]
    fn a_quiet_budget_is_whole_again_before_its_count_is_forgotten() {
        for budget in [PER_ADDRESS, PER_NETWORK, PER_KNOWN_BROWSER] {
            assert!(budget.then_one_per * budget.at_once <= KEPT);
        }
    }

    proptest! {
        #[test]
        fn no_pattern_of_asking_gets_more_than_the_burst_and_the_rate(gaps in prop::collection::vec(0i64..4000, 1..200)) {
            let (mut sent, mut now) = (Vec::new(), noon());
            for gap in gaps {
                now += TimeDelta::seconds(gap);
                if PER_ADDRESS.allows(&sent, now) {
                    sent.push(now);
                }
            }
            prop_assert!(i64::try_from(sent.len()).unwrap() <= 3 + (now - noon()).num_hours());
        }
    }
}

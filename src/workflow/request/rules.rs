//! What the policy says about a request's timing, and who may still change it. Each answer comes with its words.

use chrono::NaiveDate;

use super::deadline::Deadline;
use crate::clock::Instant;
use crate::plain;
use crate::policy::settings::Policy;
use crate::refusal::Refusal;
use crate::worded;
use crate::workflow::stage::{Stage, StageName};

worded! {
    /// How much time a request leaves for its review.
    pub enum Band {
        /// Ample.
        Normal = "normal",
        /// Within the policy, and yet the review may not be over in time.
        AtRisk = "at_risk",
        /// Later than the policy allows; staff must admit it.
        Late = "late",
    }
}

impl Band {
    /// The badge that pages and mails show, if this band has one.
    pub const fn badge(self) -> Option<&'static str> {
        match self {
            Self::Normal => None,
            Self::AtRisk => Some("At risk"),
            Self::Late => Some("Late"),
        }
    }
}

/// The time from today to the deadline, judged by the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeadTime {
    /// Whole calendar days in the deadline's zone.
    pub days: i64,
    /// What they mean.
    pub band: Band,
}

/// Judges the time left at `now` (policy.md, process 2 and 4).
pub fn lead_time(deadline: &Deadline, now: Instant, policy: &Policy) -> LeadTime {
    let days = deadline.days_left(now);
    let band = if days >= i64::from(policy.normal_lead_days) {
        Band::Normal
    } else if days >= i64::from(policy.minimum_lead_days) {
        Band::AtRisk
    } else {
        Band::Late
    };
    LeadTime { days, band }
}

impl LeadTime {
    /// What the band means for the applicant. The risk is never hidden.
    pub fn explanation(&self, policy: &Policy) -> String {
        let days = in_days(self.days);
        match self.band {
            Band::Normal => {
                format!("The deadline is {days} away. A review typically takes 2 to 4 weeks, so there is time for it.")
            }
            Band::AtRisk => format!(
                "The deadline is {days} away, and a review typically takes 2 to 4 weeks. The committee will review your \
                 request, but the letter may not be ready in time. From {} days on there is ample time.",
                policy.normal_lead_days
            ),
            Band::Late => format!(
                "The deadline is {days} away. The policy asks for at least {} days, because a review typically takes \
                 2 to 4 weeks. Your request will be held, and staff decide whether the committee can still review it.",
                policy.minimum_lead_days
            ),
        }
    }

    /// What the applicant confirms before sending, where the band asks for it.
    pub fn confirmation(&self) -> Option<&'static str> {
        match self.band {
            Band::AtRisk => Some("I understand that the letter may not be ready before the deadline."),
            Band::Normal | Band::Late => None,
        }
    }
}

/// `1 day`, `27 days`.
pub fn in_days(days: i64) -> String {
    if days.abs() == 1 { format!("{days} day") } else { format!("{days} days") }
}

/// Whether a deadline can still be met at `now`.
///
/// # Errors
/// The sentence for the deadline's field.
pub fn deadline_ahead(deadline: &Deadline, now: Instant) -> Result<(), String> {
    if deadline.has_passed(now) || deadline.at() == now {
        Err(format!("This deadline has passed ({deadline}). Enter the deadline that the letter is for."))
    } else {
        Ok(())
    }
}

/// Whether a letter can be wanted by `needed`: not before today, not after the deadline's date, both in its zone.
///
/// # Errors
/// The sentence for the field of the date needed.
pub fn needed_by(needed: NaiveDate, deadline: &Deadline, now: Instant) -> Result<(), String> {
    if needed > deadline.date() {
        Err(format!(
            "The letter would come after the funder's deadline. Enter {} or an earlier day.",
            plain::day(deadline.date())
        ))
    } else if needed < deadline.zone().local(now).date() {
        Err("This day has passed. Enter today or a later day.".to_owned())
    } else {
        Ok(())
    }
}

/// Whether the applicant may change the answers: only before sending. Afterwards a question can reopen the talk.
///
/// # Errors
/// A refusal that says what is possible instead.
pub fn may_edit(stage: Stage) -> Result<(), Refusal> {
    match stage.name() {
        StageName::Draft => Ok(()),
        StageName::Withdrawn => Err(Refusal::conflict(
            "withdrawn",
            "You have withdrawn this request, so that it can no longer be changed. You can start a new one.",
        )),
        _ => Err(Refusal::conflict(
            "already-sent",
            "This request has been sent, so that its answers can no longer be changed. If something is wrong, write to \
             us and name the reference, or withdraw the request and send a new one.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new_york(date: &str) -> Deadline {
        Deadline::new(date.parse().unwrap(), "17:00:00".parse().unwrap(), "America/New_York".parse().unwrap()).unwrap()
    }

    fn now() -> Instant {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn the_bands_change_at_28_and_14_days() {
        for (date, days, band) in [
            ("2026-03-29", 28, Band::Normal),
            ("2026-03-28", 27, Band::AtRisk),
            ("2026-03-15", 14, Band::AtRisk),
            ("2026-03-14", 13, Band::Late),
            ("2026-03-01", 0, Band::Late),
        ] {
            assert_eq!(lead_time(&new_york(date), now(), &Policy::default()), LeadTime { days, band }, "{date}");
        }
    }

    #[test]
    fn the_day_changes_with_the_funders_midnight() {
        let deadline = new_york("2026-03-29");
        let lead = |now: &str| lead_time(&deadline, now.parse().unwrap(), &Policy::default()).days;
        assert_eq!([lead("2026-03-01T04:59:00Z"), lead("2026-03-01T05:00:00Z")], [29, 28]);
    }

    #[test]
    fn another_policy_draws_other_lines() {
        let policy = Policy { minimum_lead_days: 7, normal_lead_days: 10, ..Policy::default() };
        assert_eq!(lead_time(&new_york("2026-03-11"), now(), &policy).band, Band::Normal);
        assert_eq!(lead_time(&new_york("2026-03-08"), now(), &policy).band, Band::AtRisk);
    }

    #[test]
    fn the_risk_is_said_plainly_and_confirmed() {
        let lead = lead_time(&new_york("2026-03-20"), now(), &Policy::default());
        let said = lead.explanation(&Policy::default());
        assert!(said.contains("19 days away") && said.contains("may not be ready in time"), "{said}");
        assert!(lead.confirmation().is_some());
    }

    #[test]
    fn a_deadline_is_past_from_its_own_instant_on() {
        let deadline = new_york("2026-03-02");
        assert!(deadline_ahead(&deadline, "2026-03-02T21:59:59Z".parse().unwrap()).is_ok());
        assert!(deadline_ahead(&deadline, "2026-03-02T22:00:00Z".parse().unwrap()).is_err());
    }

    #[test]
    fn the_letter_is_needed_between_today_and_the_deadline() {
        let deadline = new_york("2026-03-20");
        let ok = |day: &str| needed_by(day.parse().unwrap(), &deadline, now()).is_ok();
        assert_eq!(
            [ok("2026-02-28"), ok("2026-03-01"), ok("2026-03-20"), ok("2026-03-21")],
            [false, true, true, false]
        );
    }

    #[test]
    fn only_a_draft_can_be_edited() {
        assert!(may_edit(Stage::Draft).is_ok());
        let sent = may_edit(Stage::Submitted { at: now(), held: false }).unwrap_err();
        assert!(sent.sentence.contains("has been sent"));
        assert_eq!(may_edit(Stage::Withdrawn { at: now() }).unwrap_err().code, "withdrawn");
    }
}

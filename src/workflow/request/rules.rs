//! What the policy says about a request's timing, and who may still change it. Each answer comes with its words.

use chrono::{Days, NaiveDate};

use super::deadline::Deadline;
use crate::clock::Instant;
use crate::plain;
use crate::policy::settings::Policy;
use crate::refusal::Refusal;
use crate::worded;
use crate::workday::{add_days, days_ahead, days_before};
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
    LeadTime::of(deadline.days_left(now), policy)
}

impl LeadTime {
    /// What so many `days` mean (policy.md, process 2 and 4).
    pub fn of(days: i64, policy: &Policy) -> Self {
        let band = if days >= i64::from(policy.normal_lead_days) {
            Band::Normal
        } else if days >= i64::from(policy.minimum_lead_days) {
            Band::AtRisk
        } else {
            Band::Late
        };
        Self { days, band }
    }

    /// What the band means for the applicant. The risk is never hidden.
    pub fn explanation(&self, policy: &Policy) -> String {
        let when = days_ahead(self.days);
        match self.band {
            Band::Normal => {
                format!("The deadline is {when}. A review typically takes 2 to 4 weeks, so there is time for it.")
            }
            Band::AtRisk => format!(
                "The deadline is {when}, and a review typically takes 2 to 4 weeks. The committee will review your \
                 request, but the letter may not be ready in time. From {} days on there is ample time.",
                policy.normal_lead_days
            ),
            Band::Late => format!(
                "The deadline is {when}. The policy asks for at least {} days, because a review typically takes \
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

    /// Whether what the band asks for was confirmed, where it asks for anything.
    ///
    /// # Errors
    /// The sentence for the confirmation's field.
    pub fn must_be_confirmed(&self, ticked: bool) -> Result<(), &'static str> {
        if ticked || self.confirmation().is_none() {
            return Ok(());
        }
        Err("Confirm that the letter may not be ready before the deadline.")
    }
}

/// How long before the deadline something came: `27 days before the deadline`.
pub fn before_deadline(days: i64) -> String {
    match days {
        0 => "on the day of the deadline".to_owned(),
        1 => "1 day before the deadline".to_owned(),
        days => format!("{days} days before the deadline"),
    }
}

/// What it means at `now` that the letter is needed on `needed`, with its band, where that leaves less time than the deadline
/// does: the same days count. A request is judged by its deadline alone.
pub fn needed_soon(needed: NaiveDate, deadline: &Deadline, now: Instant, policy: &Policy) -> Option<(Band, String)> {
    let days = (needed - deadline.zone().local(now).date()).num_days();
    let band = LeadTime::of(days, policy).band;
    if band == lead_time(deadline, now, policy).band {
        return None;
    }
    let so = match band {
        Band::Normal => return None,
        Band::AtRisk => "it may not be ready by then",
        Band::Late => "do not count on it by then",
    };
    let sentence = format!(
        "You need the letter {}, on {}, so {so}. If a later day would do, enter that one.",
        days_ahead(days),
        plain::day(needed)
    );
    Some((band, sentence))
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
            "The letter would come after the funder’s deadline. Enter {} or an earlier day.",
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
            "This request has been sent, so that its answers can no longer be changed. Until the letter is issued you \
             can still correct the deadline and the addressee, on the page of the request. If something else is wrong, \
             write to us and name the reference, or withdraw the request and send a new one.",
        )),
    }
}

/// How many requests one person may begin in a day: enough for any office, too few to fill a disk.
pub const BEGUN_A_DAY: i64 = 20;

/// Whether somebody who began `begun` requests in the last 24 hours may begin another.
///
/// # Errors
/// A refusal that says when it is possible again.
pub fn may_begin(begun: i64) -> Result<(), Refusal> {
    if begun < BEGUN_A_DAY {
        return Ok(());
    }
    let sentence = format!(
        "You have begun {BEGUN_A_DAY} requests within 24 hours. Go on with one of them, or begin another tomorrow."
    );
    Err(Refusal::too_many("too-many-drafts", sentence).onward("Your requests", "/requests"))
}

/// Whether the applicant may be asked, and may answer, a question about a request at this stage.
///
/// # Errors
/// A refusal that says why not.
pub fn may_talk(stage: Stage) -> Result<(), Refusal> {
    let over = match stage {
        Stage::Submitted { .. } | Stage::Routed { .. } | Stage::InReview { .. } => return Ok(()),
        Stage::Draft => "it has not been sent yet",
        Stage::Decided { .. } | Stage::Issued { .. } | Stage::Delivered { .. } | Stage::Revoked { .. } => {
            "the committee has already answered it"
        }
        Stage::Withdrawn { .. } => "the applicant has withdrawn it",
    };
    Err(Refusal::conflict("questions-closed", format!("There are no questions about this request now: {over}.")))
}

/// The day by which a question asked at `now` should be answered: the policy's time for a reply, and never after the
/// day on which the letter is needed.
pub fn reply_by(now: Instant, policy: &Policy, needed_on: Option<NaiveDate>) -> NaiveDate {
    let today = policy.today(now);
    let day = today.checked_add_days(Days::new(policy.reply_days.into())).unwrap_or(today);
    needed_on.map_or(day, |needed| day.min(needed.max(today)))
}

/// What sets the day on which reviews are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueBecause {
    /// The time that the policy gives reviewers.
    FullTime,
    /// The letter is needed soon after.
    Needed,
    /// The letter is needed so soon that no time is left.
    NoTime,
}

/// The last day for reviews of a request that goes to its reviewers on the day `today`, its letter being needed on `needed`
/// (`governance.md`): `days` later, and never later than `margin` days before the letter is needed. A day in the past helps
/// nobody, so it is today then.
pub fn last_review_day(today: NaiveDate, needed: NaiveDate, (days, margin): (u64, u64)) -> (NaiveDate, DueBecause) {
    let (full, latest) = (add_days(today, days), days_before(needed, margin));
    if latest < today {
        (today, DueBecause::NoTime)
    } else if latest < full {
        (latest, DueBecause::Needed)
    } else {
        (full, DueBecause::FullTime)
    }
}

/// The day by which reviews should be in for a request that goes to its reviewers at `now`.
pub fn review_by(now: Instant, policy: &Policy, needed_on: NaiveDate) -> NaiveDate {
    let time = (policy.review_days.into(), policy.review_margin_days.into());
    last_review_day(policy.today(now), needed_on, time).0
}

/// Days after sending between which the committee typically decides (policy.md, process 4).
const TYPICAL_DAYS: (u64, u64) = (14, 28);

/// What happens after a request is sent at `now`, one sentence a step with its day, for the receipt and for the confirmation
/// page, which may be opened on any later day.
pub fn next_steps(band: Band, now: Instant, policy: &Policy, needed_on: NaiveDate) -> Vec<String> {
    let mut steps = Vec::new();
    let sent_on = policy.today(now);
    if band == Band::Late {
        steps.push(format!(
            "Your deadline is less than {} days away. Staff decide first whether the committee can still review the \
             request, and write to you either way, by {} at the latest.",
            policy.minimum_lead_days,
            plain::day(needed_on)
        ));
    }
    steps.push(format!(
        "The request goes to {} reviewers on the Executive Committee. They read it by {}. If they have a question, we \
         write to you.",
        policy.reviewers,
        plain::day(review_by(now, policy, needed_on))
    ));
    let (soonest, latest) = (add_days(sent_on, TYPICAL_DAYS.0), add_days(sent_on, TYPICAL_DAYS.1));
    let hurry = if needed_on < latest { " Reviewers and staff see by when you need the letter." } else { "" };
    steps.push(format!(
        "The committee decides, typically 2 to 4 weeks after you sent the request: between {} and {}. We write to you with \
         the answer.{hurry}",
        plain::day(soonest),
        plain::day(latest)
    ));
    steps.push(format!(
        "If the committee supports the proposal, staff issue the letter, and you can download it here. You asked for it \
         by {}.",
        plain::day(needed_on)
    ));
    steps
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
        assert!(said.contains("The deadline is in 19 days,") && said.contains("may not be ready in time"), "{said}");
        assert!(lead.confirmation().is_some());
    }

    #[test]
    fn a_deadline_is_said_to_be_today_and_not_in_0_days() {
        let said = |date| lead_time(&new_york(date), now(), &Policy::default()).explanation(&Policy::default());
        for (date, words) in
            [("2026-03-01", "is today."), ("2026-03-02", "is tomorrow."), ("2026-03-13", "is in 12 days.")]
        {
            assert!(said(date).starts_with(&format!("The deadline {words}")), "{}", said(date));
        }
    }

    #[test]
    fn a_letter_needed_long_before_the_deadline_is_judged_by_the_same_days() {
        let soon = |needed: &str, deadline: &str| {
            let found = needed_soon(needed.parse().unwrap(), &new_york(deadline), now(), &Policy::default());
            found.map(|(band, _)| band)
        };
        for (needed, deadline, band) in [
            ("2026-03-29", "2026-05-01", None),
            ("2026-03-28", "2026-05-01", Some(Band::AtRisk)),
            ("2026-03-14", "2026-05-01", Some(Band::Late)),
            ("2026-03-14", "2026-03-20", Some(Band::Late)),
            ("2026-03-20", "2026-03-28", None),
        ] {
            assert_eq!(soon(needed, deadline), band, "{needed} {deadline}");
        }
        let day = "2026-03-02".parse().unwrap();
        let (_, said) = needed_soon(day, &new_york("2026-05-01"), now(), &Policy::default()).unwrap();
        assert!(said.starts_with("You need the letter tomorrow, on 2 March 2026, so"), "{said}");
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

    #[test]
    fn the_twenty_first_draft_of_a_day_is_refused() {
        assert!(may_begin(19).is_ok());
        assert!(may_begin(20).unwrap_err().sentence.contains("tomorrow"));
    }

    #[test]
    fn questions_are_for_the_time_between_sending_and_the_answer() {
        assert!(may_talk(Stage::InReview { at: now() }).is_ok());
        assert!(may_talk(Stage::Draft).is_err());
        assert!(may_talk(Stage::Withdrawn { at: now() }).unwrap_err().sentence.contains("withdrawn"));
    }

    #[test]
    fn a_reply_is_due_in_a_week_or_when_the_letter_is_needed() {
        let by = |needed: Option<&str>| reply_by(now(), &Policy::default(), needed.map(|day| day.parse().unwrap()));
        assert_eq!(by(None).to_string(), "2026-03-08");
        assert_eq!(by(Some("2026-03-05")).to_string(), "2026-03-05");
        assert_eq!(by(Some("2026-02-05")).to_string(), "2026-03-01", "never in the past");
    }

    #[test]
    fn reviews_are_due_in_ten_days_and_three_days_before_the_letter_is_needed() {
        let by = |needed: &str| review_by(now(), &Policy::default(), needed.parse().unwrap()).to_string();
        assert_eq!([by("2026-04-01"), by("2026-03-10"), by("2026-03-02")], ["2026-03-11", "2026-03-07", "2026-03-01"]);
    }

    #[test]
    fn a_late_request_is_told_first_that_staff_decide() {
        let steps = |band| next_steps(band, now(), &Policy::default(), "2026-03-10".parse().unwrap());
        assert!(steps(Band::Late)[0].contains("less than 14 days"));
        assert_eq!(steps(Band::Normal).len(), 3);
    }

    #[test]
    fn every_step_after_sending_has_its_day_and_reads_the_same_on_any_later_one() {
        let steps = |needed: &str| next_steps(Band::Late, now(), &Policy::default(), needed.parse().unwrap());
        for (step, day) in
            steps("2026-03-10").iter().zip(["10 March", "7 March", "15 March 2026 and 29 March", "10 March"])
        {
            assert!(step.contains(&format!("{day} 2026")) && !step.contains("today"), "{step}");
        }
        let hurried = |needed| steps(needed).iter().any(|step| step.contains("by when you need"));
        assert_eq!([hurried("2026-03-28"), hurried("2026-03-29")], [true, false]);
    }
}

//! The policy's values and how they follow from dated settings. A request keeps the [`Policy`] it was sent under, as
//! JSON, so that a later change never moves the goalposts. Keeping and changing the settings is left to the store.

use std::ops::RangeInclusive;
use std::str::FromStr;

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::kind::Kind;
use crate::clock::Instant;
use crate::worded;

worded! {
    /// What happens when a request comes from the institution that holds a seat.
    pub enum OwnInstitution {
        /// The seat is recused without being asked.
        Recuse = "recuse",
        /// The seat must declare whether there is a conflict.
        Declare = "declare",
        /// The seat takes part, with a visible note.
        Allow = "allow",
    }
}

worded! {
    /// When a seat sees the reviews of the others.
    pub enum ReviewsShown {
        /// From the start.
        Always = "always",
        /// Once its own review is given.
        AfterOwn = "after_own",
        /// When the review is over.
        AfterClose = "after_close",
    }
}

worded! {
    /// The name of one value of the policy.
    pub enum Setting {
        /// Days before the deadline from which a request has ample time.
        NormalLeadDays = "normal_lead_days",
        /// Days before the deadline under which a request is late and held for staff.
        MinimumLeadDays = "minimum_lead_days",
        /// How many seats are assigned as reviewers.
        Reviewers = "reviewers",
        /// Days after routing when reviews are due.
        ReviewDays = "review_days",
        /// Days before the date the letter is needed when reviews are due at the latest.
        ReviewMarginDays = "review_margin_days",
        /// Working days a motion stays open before it is adopted by consensus.
        ConsensusWorkingDays = "consensus_working_days",
        /// The same, when the letter is needed soon.
        UrgentConsensusWorkingDays = "urgent_consensus_working_days",
        /// Days before the date the letter is needed that count as soon.
        UrgentWithinDays = "urgent_within_days",
        /// Working days after which a tallied vote closes.
        TallyWorkingDays = "tally_working_days",
        /// Seats that must vote yes, no or abstain for a tally to count.
        Quorum = "quorum",
        /// Whether a vote against must give a reason.
        ReasonAgainst = "reason_against",
        /// What happens when a request comes from a seat's own institution.
        OwnInstitution = "own_institution",
        /// When a seat sees the reviews of the others.
        ReviewsShown = "reviews_shown",
        /// The zone in which the Consortium's own days begin and end.
        Zone = "zone",
        /// Days an applicant has to answer a question.
        ReplyDays = "reply_days",
        /// Months after the deadline when an applicant is asked what became of the proposal.
        OutcomeMonths = "outcome_months",
    }
}

/// The policy in force on one day. Days are calendar days unless a name says working days.
///
/// A frozen copy that was written before a value existed reads that value's default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// From this many days before the deadline a request has ample time (policy.md: review takes 2 to 4 weeks).
    pub normal_lead_days: u16,
    /// Under this many days before the deadline a request is late (policy.md: no later than 2 weeks before).
    pub minimum_lead_days: u16,
    /// How many seats are assigned as reviewers (governance.md).
    pub reviewers: u16,
    /// Reviews are due this many days after routing (governance.md).
    pub review_days: u16,
    /// Reviews are due at the latest this many days before the letter is needed (governance.md).
    pub review_margin_days: u16,
    /// Working days a motion stays open before it is adopted by consensus (governance.md).
    pub consensus_working_days: u16,
    /// The same, when the letter is needed within [`Policy::urgent_within_days`] (governance.md).
    pub urgent_consensus_working_days: u16,
    /// A letter needed within this many days is urgent (governance.md).
    pub urgent_within_days: u16,
    /// Working days after which a tallied vote closes (governance.md).
    pub tally_working_days: u16,
    /// Seats that must vote yes, no or abstain for a tally to count (governance.md).
    pub quorum: u16,
    /// Whether a vote against must give a reason (features.md C44).
    pub reason_against: bool,
    /// What happens when a request comes from a seat's own institution (governance.md).
    pub own_institution: OwnInstitution,
    /// When a seat sees the reviews of the others (features.md C41).
    pub reviews_shown: ReviewsShown,
    /// The zone in which the Consortium's own days begin and end (this service's choice, until the Consortium decides).
    pub zone: Tz,
    /// Days an applicant has to answer a question (this service's choice, until the Consortium decides).
    pub reply_days: u16,
    /// An applicant is asked what became of the proposal this many months after the deadline (this service's choice, until
    /// the Consortium decides).
    pub outcome_months: u16,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            normal_lead_days: 28,
            minimum_lead_days: 14,
            reviewers: 3,
            review_days: 10,
            review_margin_days: 3,
            consensus_working_days: 5,
            urgent_consensus_working_days: 2,
            urgent_within_days: 14,
            tally_working_days: 5,
            quorum: 7,
            reason_against: true,
            own_institution: OwnInstitution::Recuse,
            reviews_shown: ReviewsShown::AfterOwn,
            zone: Tz::Europe__London,
            reply_days: 7,
            outcome_months: 6,
        }
    }
}

/// A value that a setting takes from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatedSetting {
    /// Which setting.
    pub setting: Setting,
    /// Its value, as [`Policy::value`] writes it.
    pub value: String,
    /// The first day, in the Consortium's zone, on which it holds.
    pub since: NaiveDate,
}

/// A value that a setting cannot take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {sentence}")]
pub struct BadSetting {
    /// Which setting.
    pub setting: Setting,
    /// What is wrong and what it may be.
    pub sentence: String,
}

impl Policy {
    /// The policy in force on `day`: the defaults, then each setting's latest value that holds by then. Of two values
    /// since the same day, the one further down the list wins.
    ///
    /// # Errors
    /// The first value that its setting cannot take.
    pub fn on(day: NaiveDate, settings: &[DatedSetting]) -> Result<Self, BadSetting> {
        let mut due: Vec<&DatedSetting> = settings.iter().filter(|dated| dated.since <= day).collect();
        due.sort_by_key(|dated| dated.since);
        let mut policy = Self::default();
        for dated in due {
            policy.set(dated.setting, &dated.value)?;
        }
        policy.check()?;
        Ok(policy)
    }

    /// The day it is at `now` in the Consortium's zone.
    pub fn today(&self, now: Instant) -> NaiveDate {
        now.with_timezone(&self.zone).date_naive()
    }

    /// A setting's value as text, in the spelling that settings are kept in.
    pub fn value(&self, setting: Setting) -> String {
        match setting {
            Setting::NormalLeadDays => self.normal_lead_days.to_string(),
            Setting::MinimumLeadDays => self.minimum_lead_days.to_string(),
            Setting::Reviewers => self.reviewers.to_string(),
            Setting::ReviewDays => self.review_days.to_string(),
            Setting::ReviewMarginDays => self.review_margin_days.to_string(),
            Setting::ConsensusWorkingDays => self.consensus_working_days.to_string(),
            Setting::UrgentConsensusWorkingDays => self.urgent_consensus_working_days.to_string(),
            Setting::UrgentWithinDays => self.urgent_within_days.to_string(),
            Setting::TallyWorkingDays => self.tally_working_days.to_string(),
            Setting::Quorum => self.quorum.to_string(),
            Setting::ReasonAgainst => if self.reason_against { "yes" } else { "no" }.to_owned(),
            Setting::OwnInstitution => self.own_institution.to_string(),
            Setting::ReviewsShown => self.reviews_shown.to_string(),
            Setting::Zone => self.zone.name().to_owned(),
            Setting::ReplyDays => self.reply_days.to_string(),
            Setting::OutcomeMonths => self.outcome_months.to_string(),
        }
    }

    fn set(&mut self, setting: Setting, value: &str) -> Result<(), BadSetting> {
        let number = || match setting.kind() {
            Kind::Number(least, most) => number(setting, value, least..=most),
            Kind::YesOrNo | Kind::Words(_) | Kind::Zone => Err(bad(setting, "It is no number.")),
        };
        match setting {
            Setting::NormalLeadDays => self.normal_lead_days = number()?,
            Setting::MinimumLeadDays => self.minimum_lead_days = number()?,
            Setting::Reviewers => self.reviewers = number()?,
            Setting::ReviewDays => self.review_days = number()?,
            Setting::ReviewMarginDays => self.review_margin_days = number()?,
            Setting::ConsensusWorkingDays => self.consensus_working_days = number()?,
            Setting::UrgentConsensusWorkingDays => self.urgent_consensus_working_days = number()?,
            Setting::UrgentWithinDays => self.urgent_within_days = number()?,
            Setting::TallyWorkingDays => self.tally_working_days = number()?,
            Setting::Quorum => self.quorum = number()?,
            Setting::ReasonAgainst => self.reason_against = yes_or_no(setting, value)?,
            Setting::OwnInstitution => self.own_institution = word(setting, value)?,
            Setting::ReviewsShown => self.reviews_shown = word(setting, value)?,
            Setting::Zone => self.zone = zone(value)?,
            Setting::ReplyDays => self.reply_days = number()?,
            Setting::OutcomeMonths => self.outcome_months = number()?,
        }
        Ok(())
    }

    /// What must hold between values.
    fn check(&self) -> Result<(), BadSetting> {
        if self.minimum_lead_days > self.normal_lead_days {
            let sentence = format!(
                "A request is held under {} days, and has ample time from {}: the first must not be more than the second.",
                self.minimum_lead_days, self.normal_lead_days
            );
            return Err(bad(Setting::MinimumLeadDays, sentence));
        }
        Ok(())
    }
}

impl Setting {
    /// What the setting means, as the policy page says it.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::NormalLeadDays => "Days before the funder’s deadline from which a request has ample time",
            Self::MinimumLeadDays => "Days before the funder’s deadline under which a request is held for staff",
            Self::Reviewers => "Seats assigned to review a request",
            Self::ReviewDays => "Days that reviewers have",
            Self::ReviewMarginDays => "Days before the letter is needed by which reviews are due in any case",
            Self::ConsensusWorkingDays => "Working days before a request is adopted by consensus",
            Self::UrgentConsensusWorkingDays => "Working days before consensus when the letter is needed soon",
            Self::UrgentWithinDays => "Days before the letter is needed that count as soon",
            Self::TallyWorkingDays => "Working days that a tallied vote stays open",
            Self::Quorum => "Seats that must vote yes, no or abstain for a tally to count",
            Self::ReasonAgainst => "Whether a vote against needs a reason",
            Self::OwnInstitution => "What a seat does when its own institution asks",
            Self::ReviewsShown => "When reviewers see each other’s reviews",
            Self::Zone => "The time zone of the Consortium’s working days",
            Self::ReplyDays => "Days that an applicant has to answer a question",
            Self::OutcomeMonths => {
                "Months after the funder’s deadline when the applicant is asked, once, what became of the proposal"
            }
        }
    }
}

fn bad(setting: Setting, sentence: impl Into<String>) -> BadSetting {
    BadSetting { setting, sentence: sentence.into() }
}

fn number(setting: Setting, value: &str, range: RangeInclusive<u16>) -> Result<u16, BadSetting> {
    value
        .parse()
        .ok()
        .filter(|number| range.contains(number))
        .ok_or_else(|| bad(setting, format!("Enter a whole number from {} to {}.", range.start(), range.end())))
}

fn yes_or_no(setting: Setting, value: &str) -> Result<bool, BadSetting> {
    match value {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(bad(setting, "Choose yes or no.")),
    }
}

fn word<W: FromStr>(setting: Setting, value: &str) -> Result<W, BadSetting> {
    value.parse().map_err(|_| bad(setting, "Choose one of the answers."))
}

fn zone(value: &str) -> Result<Tz, BadSetting> {
    value.parse().map_err(|_| bad(Setting::Zone, "Enter the name of a time zone, such as Europe/London."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn dated(setting: Setting, value: &str, since: &str) -> DatedSetting {
        DatedSetting { setting, value: value.into(), since: date(since) }
    }

    #[test]
    fn without_settings_the_defaults_are_in_force() {
        assert_eq!(Policy::on(date("2026-01-01"), &[]), Ok(Policy::default()));
    }

    #[test]
    fn a_value_holds_from_its_day_on() {
        let settings =
            [dated(Setting::MinimumLeadDays, "10", "2026-07-01"), dated(Setting::MinimumLeadDays, "21", "2026-03-01")];
        let minimum = |day| Policy::on(date(day), &settings).unwrap().minimum_lead_days;
        assert_eq!(
            [minimum("2026-02-28"), minimum("2026-03-01"), minimum("2026-06-30"), minimum("2026-07-01")],
            [14, 21, 21, 10]
        );
    }

    #[test]
    fn every_value_survives_the_way_through_text() {
        let values: Vec<DatedSetting> = Setting::ALL
            .iter()
            .map(|&setting| dated(setting, &Policy::default().value(setting), "2026-01-01"))
            .collect();
        assert_eq!(Policy::on(date("2026-01-01"), &values), Ok(Policy::default()));
    }

    #[test]
    fn every_setting_changes_its_own_value_and_no_other() {
        for &setting in Setting::ALL {
            let other = match setting {
                Setting::ReasonAgainst => "no",
                Setting::OwnInstitution => "allow",
                Setting::ReviewsShown => "always",
                Setting::Zone => "America/New_York",
                _ => "13",
            };
            let changed = Policy::on(date("2026-01-01"), &[dated(setting, other, "2026-01-01")]);
            // Thirteen days of ample time would be fewer than the minimum.
            let Ok(changed) = changed else {
                assert_eq!(setting, Setting::NormalLeadDays);
                continue;
            };
            for &each in Setting::ALL {
                let same = changed.value(each) == Policy::default().value(each);
                assert_eq!(same, each != setting, "{setting} against {each}");
            }
        }
    }

    #[test]
    fn values_that_make_no_sense_are_refused_by_name() {
        for (setting, value) in [
            (Setting::Quorum, "0"),
            (Setting::Quorum, "seven"),
            (Setting::ReviewDays, "-1"),
            (Setting::ReasonAgainst, "maybe"),
            (Setting::OwnInstitution, "shrug"),
            (Setting::Zone, "Mars/Olympus"),
            (Setting::MinimumLeadDays, "29"),
        ] {
            let refused = Policy::on(date("2026-01-01"), &[dated(setting, value, "2026-01-01")]).unwrap_err();
            assert_eq!(refused.setting, setting);
        }
    }

    #[test]
    fn what_a_setting_can_be_is_what_it_takes() {
        for &setting in Setting::ALL {
            let takes = |value: &str| Policy::default().set(setting, value).is_ok();
            match setting.kind() {
                Kind::Number(least, most) => {
                    assert!(takes(&least.to_string()) && takes(&most.to_string()) && !takes(&(most + 1).to_string()));
                }
                Kind::YesOrNo => assert!(takes("yes") && takes("no")),
                Kind::Words(words) => assert!(words.iter().all(|(word, _)| takes(word))),
                Kind::Zone => assert!(takes("Asia/Tokyo")),
            }
            assert!(!takes("nonsense") && !takes(""), "{setting}");
        }
        assert_eq!(OwnInstitution::ALL.len() + ReviewsShown::ALL.len(), 6, "all of them are among the words");
    }

    #[test]
    fn a_frozen_copy_reads_back_as_it_was() {
        let policy = Policy { minimum_lead_days: 21, zone: Tz::Asia__Tokyo, ..Policy::default() };
        let frozen = serde_json::to_string(&policy).unwrap();
        assert_eq!(serde_json::from_str::<Policy>(&frozen).unwrap(), policy);
    }

    #[test]
    fn a_copy_from_before_a_value_existed_reads_its_default() {
        let old: Policy = serde_json::from_str(r#"{"minimum_lead_days": 21}"#).unwrap();
        assert_eq!(old, Policy { minimum_lead_days: 21, ..Policy::default() });
    }
}

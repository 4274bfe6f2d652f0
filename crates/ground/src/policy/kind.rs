//! What each value of the policy can be, and how it is said.

use super::settings::Setting;
/// What a setting can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A whole number, from the least to the most.
    Number(u16, u16),
    /// Yes or no.
    YesOrNo,
    /// One of some words, each with what it means.
    Words(&'static [(&'static str, &'static str)]),
    /// A time zone by its IANA name.
    Zone,
}

impl Setting {
    /// What the setting can be.
    pub const fn kind(self) -> Kind {
        match self {
            Self::NormalLeadDays => Kind::Number(1, 365),
            Self::MinimumLeadDays | Self::UrgentWithinDays => Kind::Number(0, 365),
            Self::Reviewers | Self::Quorum => Kind::Number(1, 50),
            Self::ReviewDays | Self::ReplyDays => Kind::Number(1, 90),
            Self::ReviewMarginDays => Kind::Number(0, 90),
            Self::ConsensusWorkingDays | Self::UrgentConsensusWorkingDays => Kind::Number(0, 60),
            Self::TallyWorkingDays => Kind::Number(1, 60),
            Self::OutcomeMonths => Kind::Number(1, 36),
            Self::ReasonAgainst => Kind::YesOrNo,
            Self::OwnInstitution => Kind::Words(&[
                ("recuse", "It takes no part"),
                ("declare", "It says whether it has a conflict of interest, as for any request"),
                ("allow", "It takes part, and the page says so"),
            ]),
            Self::ReviewsShown => Kind::Words(&[
                ("always", "From the start"),
                ("after_own", "Once they have sent their own"),
                ("after_close", "Once the motion has closed"),
            ]),
            Self::Zone => Kind::Zone,
        }
    }

    /// A value of it as people read it.
    pub fn in_words(self, value: &str) -> String {
        let known = match self.kind() {
            Kind::Words(words) => words.iter().find(|(word, _)| *word == value).map(|(_, meaning)| *meaning),
            Kind::YesOrNo if value == "yes" => Some("Yes"),
            Kind::YesOrNo => Some("No"),
            Kind::Number(..) | Kind::Zone => None,
        };
        known.unwrap_or(value).to_owned()
    }
}

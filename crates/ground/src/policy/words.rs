//! The policy in words, every number taken from the values in force. The policy page prints these sentences; a rule
//! that decides something returns its own explanation.

use super::settings::{OwnInstitution, Policy, ReviewsShown};

/// A band of lead time, as the policy page lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// How long before the funder's deadline.
    pub when: String,
    /// What that means for the request.
    pub meaning: &'static str,
}

/// A number with its noun: "1 day", "14 days".
fn counted(number: u16, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// Days as people say them: "2 weeks" for 14 days, else the days.
pub fn days(days: u16) -> String {
    if days >= 14 && days.is_multiple_of(7) { counted(days / 7, "week") } else { counted(days, "day") }
}

/// What a request's lead time means, from ample to late.
pub fn lead_times(policy: &Policy) -> Vec<Band> {
    let (normal, minimum) = (policy.normal_lead_days, policy.minimum_lead_days);
    let mut bands = vec![Band {
        when: format!("{} or more", counted(normal, "day")),
        meaning: "Enough time for the usual review.",
    }];
    if minimum < normal {
        let last = normal - 1;
        let when = if minimum == last { counted(minimum, "day") } else { format!("{minimum} to {last} days") };
        let meaning =
            "Accepted, but the letter may come too late. You confirm that you know, and the committee sees it.";
        bands.push(Band { when, meaning });
    }
    if minimum > 0 {
        let meaning = "Too late under the policy. Staff decide whether it can still be tried, and give a reason.";
        bands.push(Band { when: format!("fewer than {}", counted(minimum, "day")), meaning });
    }
    bands
}

/// How a request is reviewed and decided, step by step.
pub fn decision(policy: &Policy) -> Vec<String> {
    let reviewers = counted(policy.reviewers, "seat");
    let mut steps = vec![
        format!(
            "{reviewers} of the Executive Committee without a conflict of interest are asked to review the request: those \
             with the fewest open reviews first, then those whose last turn was longest ago. Every other seat may read \
             and speak."
        ),
        format!(
            "Reviews are due {} after that, and never later than {} before you need the letter. A seat that does not \
             answer is reminded; then its place passes to the next seat in line.",
            counted(policy.review_days, "day"),
            counted(policy.review_margin_days, "day"),
        ),
        format!(
            "If every assigned reviewer supports the request and no seat objects, it is adopted by consensus after {}; \
             after {} when the letter is needed within {}. At once when every seat without a conflict supports it.",
            counted(policy.consensus_working_days, "working day"),
            counted(policy.urgent_consensus_working_days, "working day"),
            counted(policy.urgent_within_days, "day"),
        ),
        format!(
            "An objection that is still open when the reviews are due, or the wish of any one seat, leads to a tallied \
             vote. It closes after {}, or as soon as its result cannot change.",
            counted(policy.tally_working_days, "working day"),
        ),
        format!(
            "In a tallied vote more than half of all seats of record must vote yes; exactly half is not enough. Seats that \
             abstain, are recused or stay silent count in the total. At least {} must vote yes, no or abstain.",
            counted(policy.quorum, "seat"),
        ),
    ];
    steps.push(own_institution(policy.own_institution).to_owned());
    if policy.reason_against {
        steps.push("Whoever votes against says why.".to_owned());
    }
    steps.push(reviews_shown(policy.reviews_shown).to_owned());
    steps
}

const fn own_institution(rule: OwnInstitution) -> &'static str {
    match rule {
        OwnInstitution::Recuse => "A seat takes no part in a request of its own institution.",
        OwnInstitution::Declare => {
            "A seat says whether it has a conflict of interest before it takes part in a request of its own institution."
        }
        OwnInstitution::Allow => {
            "A seat may take part in a request of its own institution; everyone sees that it does."
        }
    }
}

const fn reviews_shown(rule: ReviewsShown) -> &'static str {
    match rule {
        ReviewsShown::Always => "Reviewers see each other’s reviews from the start.",
        ReviewsShown::AfterOwn => "Reviewers see each other’s reviews once their own is given.",
        ReviewsShown::AfterClose => "Reviewers see each other’s reviews when the review is over.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bands_leave_no_day_out_and_none_twice() {
        let whens = |normal, minimum| {
            let policy = Policy { normal_lead_days: normal, minimum_lead_days: minimum, ..Policy::default() };
            lead_times(&policy).into_iter().map(|band| band.when).collect::<Vec<_>>()
        };
        assert_eq!(whens(28, 14), ["28 days or more", "14 to 27 days", "fewer than 14 days"]);
        assert_eq!(whens(15, 14), ["15 days or more", "14 days", "fewer than 14 days"]);
        assert_eq!(whens(14, 14), ["14 days or more", "fewer than 14 days"]);
        assert_eq!(whens(14, 0), ["14 days or more", "0 to 13 days"]);
    }

    #[test]
    fn a_changed_value_changes_the_words() {
        let usual = decision(&Policy::default()).join(" ");
        assert!(
            usual.contains("3 seats of the Executive") && usual.contains("after 5 working days; after 2 working days")
        );
        let changed = Policy { reviewers: 1, quorum: 9, reason_against: false, ..Policy::default() };
        let words = decision(&changed).join(" ");
        assert!(words.contains("1 seat of the Executive") && words.contains("At least 9 seats"), "{words}");
        assert!(!words.contains("says why"));
    }

    #[test]
    fn whole_weeks_are_said_as_weeks() {
        assert_eq!(
            [days(1), days(7), days(14), days(27), days(28)],
            ["1 day", "7 days", "2 weeks", "27 days", "4 weeks"]
        );
    }
}

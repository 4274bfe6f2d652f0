//! Whether the kind of letter that is asked for suits the funder, said before anybody reviews anything.

use chrono::NaiveDate;

use super::profile::{Fact, Kind, Profile, Route, Stance};
use super::words;

/// The kinds of letter that the Consortium writes.
const OURS: [Kind; 3] = [Kind::Support, Kind::Commitment, Kind::Collaboration];

/// What a funder's rules mean for a kind of letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The funder takes it.
    Fits,
    /// Nothing is known either way.
    Unknown,
    /// By what is known the funder may not take it: the applicant looks at the call and confirms that it does.
    Doubtful(String),
    /// The funder does not take it: another kind is chosen.
    Refused(String),
}

/// What the rules in `profile` mean for a letter of `kind` on `day`. A kind that the funder does not take is refused only
/// where the rule is firm ([`Profile::is_firm`]) and there is a kind to choose instead; else the applicant looks at the
/// call, which decides.
pub fn verdict(profile: &Profile, kind: Kind, day: NaiveDate) -> Verdict {
    let name = &profile.name;
    let because = profile.condition.known().map(|condition| format!(" {condition}")).unwrap_or_default();
    if profile.taken.is(&Stance::Prohibited) {
        return Verdict::Doubtful(format!("By what we know, {name} takes no letters.{because}"));
    }
    if profile.route.is(&Route::WriterPortal) {
        return Verdict::Doubtful(format!(
            "{name} takes no letter as a file.{because} Name the Consortium’s contact address as the partner’s contact, \
             so that the link reaches us."
        ));
    }
    let Fact::Known(taken) = &profile.kinds else {
        return if profile.taken.is(&Stance::NotListed) {
            Verdict::Doubtful(format!("{name} does not list letters of others.{because}"))
        } else {
            Verdict::Unknown
        };
    };
    if taken.contains(&kind) {
        return if profile.taken.is(&Stance::NotListed) {
            Verdict::Doubtful(format!("{name} does not list letters of others.{because}"))
        } else {
            Verdict::Fits
        };
    }
    let ours: Vec<Kind> = taken.iter().copied().filter(|kind| OURS.contains(kind)).collect();
    if ours.is_empty() {
        return Verdict::Doubtful(format!(
            "By what we know, {name} takes only {}. That is no letter of the Consortium.{because}",
            words::kinds(taken)
        ));
    }
    let only = words::kinds(&ours);
    if !profile.is_firm(day) {
        return Verdict::Doubtful(format!("By what we know, {name} takes {only}, and not {}.{because}", kind.words()));
    }
    let consequence = profile.consequence.as_ref().map(|text| format!(" {text}")).unwrap_or_default();
    Verdict::Refused(format!(
        "{name} takes {only}, and not {}.{consequence} Choose {only}. If your call asks for another kind in so many \
         words, say so under “Points for the letter”: staff can then write that one.",
        kind.words()
    ))
}

#[cfg(test)]
mod tests {
    use super::super::bundled::funders;
    use super::super::profile::Evidence;
    use super::*;

    fn on(id: &str, kind: Kind, day: &str) -> Verdict {
        verdict(funders().unwrap().get(id).unwrap(), kind, day.parse().unwrap())
    }

    #[test]
    fn nsf_takes_a_letter_of_collaboration_and_no_other_whoever_repeats_the_rule() {
        let Verdict::Refused(why) = on("nsf", Kind::Support, "2029-01-01") else { panic!("it was let through") };
        assert!(why.contains("takes a letter of collaboration") && why.contains("without review"), "{why}");
        assert_eq!(on("nsf", Kind::Collaboration, "2029-01-01"), Verdict::Fits);
    }

    #[test]
    fn an_official_rule_is_firm_for_as_long_as_it_is_current() {
        assert!(matches!(on("rcf", Kind::Support, "2026-12-31"), Verdict::Refused(_)));
        assert!(matches!(on("rcf", Kind::Support, "2027-01-01"), Verdict::Doubtful(_)));
        assert_eq!(on("rcf", Kind::Commitment, "2026-12-31"), Verdict::Fits);
    }

    #[test]
    fn an_old_rule_and_a_hearsay_rule_are_for_the_applicant_to_look_up() {
        for (id, kind) in [("stfc", Kind::Support), ("dfg", Kind::Support), ("anr", Kind::Support)] {
            assert!(matches!(on(id, kind, "2026-03-02"), Verdict::Doubtful(_)), "{id}");
        }
    }

    #[test]
    fn where_the_consortium_has_no_place_the_applicant_is_told_and_not_stopped() {
        for id in ["erc", "snsf-ambizione", "jsps-fellowship", "meap", "sshrc-partnership", "mellon", "horizon-europe"]
        {
            assert!(matches!(on(id, Kind::Commitment, "2026-03-02"), Verdict::Doubtful(_)), "{id}");
        }
    }

    #[test]
    fn unknown_is_neither_yes_nor_no() {
        for id in ["neh", "imls-nlgl", "wellcome"] {
            assert_eq!(on(id, Kind::Support, "2026-03-02"), Verdict::Unknown, "{id}");
        }
    }

    #[test]
    fn a_refusal_always_names_a_kind_to_choose_and_rests_on_a_firm_rule() {
        let day = "2026-03-02".parse().unwrap();
        for profile in &funders().unwrap().profiles {
            for kind in OURS {
                if let Verdict::Refused(why) = verdict(profile, kind, day) {
                    assert!(profile.consequence.is_some() || profile.evidence == Evidence::Official, "{}", profile.id);
                    let fits = OURS.iter().any(|other| verdict(profile, *other, day) == Verdict::Fits);
                    assert!(fits && why.contains("Choose a letter of"), "{why}");
                }
            }
        }
    }
}

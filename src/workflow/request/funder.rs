//! What the funder's rules mean for a request, told while it is written: whether a letter is taken, of which kind, and
//! what there is to look up in the call.

use chrono::NaiveDate;

use super::answers::LetterKind;
use super::fields::Field;
use super::raw::RawForm;
use crate::funders::intake::{self, Verdict};
use crate::funders::matching::{self, Found};
use crate::funders::profile::{Funders, Kind, Profile};

/// What is told of the funder beside the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// How it is meant: "info" or "warn".
    pub tone: &'static str,
    /// What it is about.
    pub title: String,
    /// What it says, a paragraph each.
    pub said: Vec<String>,
    /// The rules that a writer asks for first: what and what it says, known or not.
    pub rules: Vec<(&'static str, String)>,
    /// Where more is told.
    pub href: String,
}

/// The kind of letter as funders' rules know it.
pub const fn kind_of(kind: LetterKind) -> Kind {
    match kind {
        LetterKind::Support => Kind::Support,
        LetterKind::Commitment => Kind::Commitment,
        LetterKind::Collaboration => Kind::Collaboration,
    }
}

/// The profile of the funder and programme that were typed.
pub fn profile<'f>(typed: &RawForm, funders: &'f Funders) -> Option<&'f Profile> {
    matching::find(funders, typed.get(Field::Funder), typed.get(Field::Programme)).profile()
}

/// What the funder's rules mean for the kind of letter that was picked; unknown without a profile or a kind.
pub fn verdict(typed: &RawForm, funders: &Funders, today: NaiveDate) -> Verdict {
    let kind = typed.get(Field::LetterKind).trim().parse::<LetterKind>();
    match (profile(typed, funders), kind) {
        (Some(profile), Ok(kind)) => intake::verdict(profile, kind_of(kind), today),
        _ => Verdict::Unknown,
    }
}

/// What the applicant confirms before sending, where the funder may not take the letter.
pub fn confirmation(typed: &RawForm, funders: &Funders, today: NaiveDate) -> Option<&'static str> {
    matches!(verdict(typed, funders, today), Verdict::Doubtful(_))
        .then_some("I have looked in the call, and it takes the letter that I ask for.")
}

/// What is told of the funder that was typed; nothing as long as none was.
pub fn about(typed: &RawForm, funders: &Funders, today: NaiveDate) -> Option<About> {
    match matching::find(funders, typed.get(Field::Funder), typed.get(Field::Programme)) {
        Found::Nothing => None,
        Found::Unknown => Some(About {
            tone: "info",
            title: "We do not know this funder’s rules for letters".to_owned(),
            said: vec![
                "Look in the call whether it takes letters, of which kind, and how long they may be.".to_owned(),
            ],
            rules: Vec::new(),
            href: "/funders".to_owned(),
        }),
        Found::OtherProgramme(others) => {
            let names: Vec<&str> = others.iter().map(|profile| profile.name.as_str()).collect();
            Some(About {
                tone: "info",
                title: "We do not know this programme’s rules for letters".to_owned(),
                said: vec![
                    format!("Of this funder we know the rules of: {}.", names.join("; ")),
                    "For yours, look in the call whether it takes letters, of which kind, and how long they may be."
                        .to_owned(),
                ],
                rules: Vec::new(),
                href: "/funders".to_owned(),
            })
        }
        Found::Known(profile, why) => Some(known(profile, &why, verdict(typed, funders, today))),
    }
}

fn known(profile: &Profile, why: &str, verdict: Verdict) -> About {
    let mut said = vec![profile.stance().to_owned()];
    said.extend(profile.condition.known().cloned());
    said.extend(profile.consequence.clone());
    let tone = match verdict {
        Verdict::Doubtful(why) => {
            // The condition is part of it.
            said = vec![why];
            "warn"
        }
        // Why it is refused stands at the field.
        Verdict::Refused(_) => "warn",
        Verdict::Fits | Verdict::Unknown => "info",
    };
    said.push(format!("{} The call decides.", profile.basis()));
    said.push(format!("{why} If you mean another funder, write its name in full."));
    const FIRST: [&str; 6] = ["Kind of letter", "Pages", "Paper", "Age of the letter", "Addressee", "What it must say"];
    let rules = profile.rules().into_iter().filter(|rule| FIRST.contains(&rule.what));
    About {
        tone,
        title: format!("Letters for {}", profile.name),
        said,
        rules: rules.map(|rule| (rule.what, rule.says.unwrap_or_else(|| "Not known".to_owned()))).collect(),
        href: format!("/funders#{}", profile.id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::funders::bundled::funders;

    fn typed(funder: &str, programme: &str, kind: &str) -> RawForm {
        let mut typed = RawForm::default();
        typed.set(Field::Funder, funder);
        typed.set(Field::Programme, programme);
        typed.set(Field::LetterKind, kind);
        typed
    }

    fn told(funder: &str, kind: &str) -> About {
        about(&typed(funder, "", kind), funders().unwrap(), "2026-03-02".parse().unwrap()).unwrap()
    }

    #[test]
    fn nothing_is_told_before_a_funder_is_named() {
        let nothing = typed(" ", "Collections", "support");
        assert_eq!(about(&nothing, funders().unwrap(), "2026-03-02".parse().unwrap()), None);
    }

    #[test]
    fn what_is_known_is_told_with_its_date_and_what_is_not_is_said() {
        let stfc = told("STFC", "commitment");
        assert_eq!(stfc.tone, "info");
        assert!(stfc.rules.contains(&("Pages", "At most 2".to_owned())), "{:?}", stfc.rules);
        assert!(stfc.rules.contains(&("Addressee", "Not known".to_owned())));
        assert!(stfc.said.iter().any(|line| line.contains("of 2020")), "{:?}", stfc.said);
        assert!(told("Nobody’s Fund", "support").title.contains("do not know"));
    }

    #[test]
    fn what_the_funder_may_not_take_is_a_warning_and_asks_for_a_look_at_the_call() {
        let anr = typed("ANR", "", "support");
        let today = "2026-03-02".parse().unwrap();
        assert_eq!(told("ANR", "support").tone, "warn");
        assert!(confirmation(&anr, funders().unwrap(), today).is_some());
        assert_eq!(confirmation(&typed("STFC", "", "commitment"), funders().unwrap(), today), None);
        assert_eq!(confirmation(&typed("NSF", "", "support"), funders().unwrap(), today), None, "that one is refused");
    }
}

//! A seat's review as typed: a rating for each expectation, support or an objection with its reason, and texts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::electorate::Stance;
use crate::clock::Instant;
use crate::fingerprint;
use crate::ids::{PersonId, SeatId};
use crate::plain;
use crate::policy::expectations::Expectation;
use crate::refusal::FieldErrors;
use crate::worded;
use crate::workflow::phrase::and_list;

worded! {
    /// How far a request meets an expectation, as a reviewer sees it.
    pub enum Rating {
        /// It does.
        Met = "met",
        /// Partly.
        Partly = "partly",
        /// It does not.
        NotMet = "not_met",
        /// The expectation does not apply to this project.
        NotApplicable = "not_applicable",
    }
}

impl Rating {
    /// The rating as people read it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Met => "Met",
            Self::Partly => "Partly met",
            Self::NotMet => "Not met",
            Self::NotApplicable => "Does not apply",
        }
    }
}

/// What the text is called in which a seat says why it objects.
pub const REASON: &str = "Why the seat objects";
/// What the text for the committee and staff is called.
pub const FOR_COMMITTEE: &str = "For the committee and staff";
/// What the text for the applicant is called.
pub const FOR_APPLICANT: &str = "For the applicant";
/// The longest text of a review, in characters.
pub const TEXT_LIMIT: usize = 8_000;

/// The form as it was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    /// The rating of each expectation, by its name.
    pub ratings: BTreeMap<Expectation, Rating>,
    /// Support or object; none while undecided.
    pub stance: Option<Stance>,
    /// Why the seat objects.
    pub reason: String,
    /// For the committee and staff.
    pub for_committee: String,
    /// For the applicant.
    pub for_applicant: String,
    /// The fields in which something was chosen that is none of the choices.
    #[serde(skip)]
    pub strange: Vec<String>,
}

impl Typed {
    /// Reads the form's fields: `rating-relevance` and its five siblings, `stance`, `reason`, `for_committee`,
    /// `for_applicant`. What is no rating and no stance counts as not given, and is told when the review is judged.
    pub fn from_fields<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut typed = Self::default();
        for (name, value) in fields {
            match name {
                "stance" => {
                    typed.stance = value.parse().ok();
                    typed.strange.extend(typed.stance.is_none().then(|| name.to_owned()));
                }
                "reason" => typed.reason = tidied(value),
                "for_committee" => typed.for_committee = tidied(value),
                "for_applicant" => typed.for_applicant = tidied(value),
                _ => {
                    let expectation = name.strip_prefix("rating-").and_then(|name| name.parse().ok());
                    match (expectation, value.parse()) {
                        (Some(expectation), Ok(rating)) => drop(typed.ratings.insert(expectation, rating)),
                        (Some(_), Err(_)) => typed.strange.push(name.to_owned()),
                        (None, _) => {}
                    }
                }
            }
        }
        typed
    }

    /// The fields as the form shows them again.
    pub fn fields(&self) -> Vec<(String, String)> {
        let ratings = self.ratings.iter().map(|(of, rating)| (format!("rating-{of}"), rating.to_string()));
        let stance = self.stance.map(|stance| ("stance".to_owned(), stance.to_string()));
        let texts =
            [("reason", &self.reason), ("for_committee", &self.for_committee), ("for_applicant", &self.for_applicant)];
        let texts = texts.map(|(name, text)| (name.to_owned(), text.clone()));
        ratings.chain(stance).chain(texts).collect()
    }

    /// A fingerprint of what is typed. A page carries it, so that saving notices when somebody else of the seat has changed
    /// the review since.
    pub fn fingerprint(&self) -> String {
        let fields = self.fields();
        fingerprint::of(fields.iter().flat_map(|(name, typed)| [name.as_str(), typed.as_str()]))
    }

    /// Whether it may take the place of `kept`: that is what its page showed, by the fingerprint `seen`, or the same.
    pub fn may_replace(&self, kept: &Self, seen: &str) -> bool {
        self == kept || kept.fingerprint() == seen
    }

    /// What this review says where `other` says something else: each field's name and words, as people read them.
    pub fn unlike(&self, other: &Self) -> Vec<(&'static str, String)> {
        let rating = |of: &Expectation| (of.title(), self.ratings.get(of), other.ratings.get(of));
        let ratings = Expectation::ALL.iter().map(rating).filter(|(_, ours, theirs)| ours != theirs);
        let ratings =
            ratings.map(|(title, ours, _)| (title, ours.map_or("Not rated", |rating| rating.label()).to_owned()));
        let stance = self.stance.map_or("Undecided", Stance::label);
        let rest = [
            ("On the whole", stance, other.stance.map_or("Undecided", Stance::label)),
            (REASON, &self.reason, &other.reason),
            (FOR_COMMITTEE, &self.for_committee, &other.for_committee),
            (FOR_APPLICANT, &self.for_applicant, &other.for_applicant),
        ];
        let rest = rest.into_iter().filter(|(_, ours, theirs)| ours != theirs);
        ratings.chain(rest.map(|(name, ours, _)| (name, ours.to_owned()))).collect()
    }

    /// What is wrong with a draft, which may lack anything.
    ///
    /// # Errors
    /// Field errors for what is none of the choices, and for texts that are too long or hold what nobody can see.
    pub fn as_draft(&self) -> Result<(), FieldErrors> {
        let mut errors = FieldErrors::default();
        for field in &self.strange {
            errors.add(field, "Choose one of the answers.");
        }
        self.check_texts(&mut errors);
        errors.unless_any(())
    }

    /// The stance of a complete review.
    ///
    /// # Errors
    /// Every field error: a missing rating, no stance, an objection without a reason, texts as in a draft.
    pub fn complete(&self) -> Result<Stance, FieldErrors> {
        let mut errors = FieldErrors::default();
        for expectation in Expectation::ALL.iter().filter(|expectation| !self.ratings.contains_key(expectation)) {
            errors.add(format!("rating-{expectation}"), format!("Rate “{}”.", expectation.title()));
        }
        if self.stance.is_none() {
            errors.add("stance", "Choose whether the seat supports the request or objects to it.");
        }
        if self.stance == Some(Stance::Object) && self.reason.is_empty() {
            errors.add("reason", "Say why the seat objects, so that the others can answer.");
        }
        self.check_texts(&mut errors);
        match self.stance {
            Some(stance) if errors.is_empty() => Ok(stance),
            _ => Err(errors),
        }
    }

    fn check_texts(&self, errors: &mut FieldErrors) {
        let texts =
            [("reason", &self.reason), ("for_committee", &self.for_committee), ("for_applicant", &self.for_applicant)];
        for (name, text) in texts {
            if let Err(flaw) = plain::text_or_none(text, TEXT_LIMIT) {
                errors.add(name, flaw.sentence("this text"));
            }
        }
    }
}

/// A text as it is kept; one with a flaw stays as it was typed until it is judged.
fn tidied(typed: &str) -> String {
    plain::text_or_none(typed, TEXT_LIMIT).unwrap_or_else(|_| typed.to_owned())
}

/// How seats rate one expectation, by their names, in words: "Met (A and B); Not met (C)". Empty without a rating.
pub fn ratings_in_words(rated: &[(Rating, String)]) -> String {
    let group = |rating: &Rating| {
        let seats: Vec<&str> = rated.iter().filter(|(one, _)| one == rating).map(|(_, seat)| seat.as_str()).collect();
        (!seats.is_empty()).then(|| format!("{} ({})", rating.label(), and_list(&seats)))
    };
    Rating::ALL.iter().filter_map(group).collect::<Vec<_>>().join("; ")
}

/// A seat's review of a request, a draft until it is sent.
#[derive(Debug, Clone)]
pub struct Review {
    /// The seat.
    pub seat: SeatId,
    /// Who wrote it last.
    pub person: PersonId,
    /// What it says.
    pub typed: Typed,
    /// What the seat has typed since it was sent; what was sent stands until that is sent too.
    pub change: Option<Typed>,
    /// When it was last saved.
    pub saved_at: Instant,
    /// When it was last sent.
    pub sent_at: Option<Instant>,
}

impl Review {
    /// What the seat has typed last, sent or not.
    pub fn latest(&self) -> &Typed {
        self.change.as_ref().unwrap_or(&self.typed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complete() -> Typed {
        Typed {
            ratings: Expectation::ALL.iter().map(|expectation| (*expectation, Rating::Met)).collect(),
            stance: Some(Stance::Support),
            ..Typed::default()
        }
    }

    #[test]
    fn a_complete_review_is_read_and_shown_again_as_it_was() {
        let review = Typed { for_applicant: "Well done.".to_owned(), ..complete() };
        let fields = review.fields();
        let again = Typed::from_fields(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        assert_eq!(again, review);
        assert_eq!(again.complete(), Ok(Stance::Support));
    }

    #[test]
    fn everything_missing_is_said_at_once() {
        let errors = Typed::default().complete().unwrap_err();
        assert_eq!(errors.iter().count(), 7);
        assert!(Typed::default().as_draft().is_ok());
    }

    #[test]
    fn an_objection_needs_a_reason() {
        let objection = Typed { stance: Some(Stance::Object), ..complete() };
        assert!(objection.complete().unwrap_err().of("reason").is_some());
        let reasoned = Typed { reason: "It commits to nothing.".to_owned(), ..objection };
        assert_eq!(reasoned.complete(), Ok(Stance::Object));
    }

    #[test]
    fn a_review_replaces_what_its_page_showed_or_the_same_and_nothing_else() {
        let (empty, kept, ours) = (Typed::default(), complete(), Typed { reason: "No.".to_owned(), ..complete() });
        assert!(ours.may_replace(&kept, &kept.fingerprint()) && kept.may_replace(&kept, ""));
        assert!(ours.may_replace(&empty, &empty.fingerprint()));
        assert!(!ours.may_replace(&kept, &empty.fingerprint()) && !ours.may_replace(&kept, ""));
    }

    #[test]
    fn what_is_unlike_is_named_and_nothing_else() {
        let ours = Typed { stance: None, for_applicant: "Well done.".to_owned(), ..complete() };
        let told = [("On the whole", "Undecided".to_owned()), (FOR_APPLICANT, "Well done.".to_owned())];
        assert_eq!(ours.unlike(&complete()), told);
        assert_eq!(ours.unlike(&ours), []);
        assert_eq!(Typed::default().unlike(&complete()).len(), Expectation::ALL.len() + 1);
    }

    #[test]
    fn ratings_are_told_by_what_they_say_and_then_by_seat() {
        let rated = [(Rating::NotMet, "C"), (Rating::Met, "A"), (Rating::Met, "B")];
        assert_eq!(
            ratings_in_words(&rated.map(|(rating, seat)| (rating, seat.to_owned()))),
            "Met (A and B); Not met (C)"
        );
        assert_eq!(ratings_in_words(&[]), "");
    }

    #[test]
    fn unknown_ratings_and_names_are_not_taken_and_not_even_a_draft_has_them() {
        let typed = Typed::from_fields([("rating-relevance", "superb"), ("rating-fame", "met"), ("stance", "maybe")]);
        assert!(typed.ratings.is_empty() && typed.stance.is_none());
        let errors = typed.as_draft().unwrap_err();
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["rating-relevance", "stance"]);
    }

    #[test]
    fn a_text_that_misleads_its_reader_is_not_kept() {
        let typed = Typed::from_fields([("for_applicant", "Well\u{202e} done."), ("reason", " \r\n ")]);
        let errors = typed.as_draft().unwrap_err();
        assert!(errors.of("for_applicant").is_some() && errors.of("reason").is_none());
    }
}

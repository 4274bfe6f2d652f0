//! Who signs a letter beside the Consortium (policy.md: community members may co-sign where desirable): asked by mail,
//! all at once or one after the other, by a last day. A changed text is signed anew.

pub mod form;

use chrono::{Days, NaiveDate};

use crate::clock::Instant;
use crate::ids::{CoSignerId, PersonId};
use crate::plain;
use crate::refusal::Refusal;
use crate::worded;
use crate::workflow::letter::rules::Check;
use crate::workflow::letter::text::CoSigned;
use crate::workflow::phrase::and_list;
use form::Typed;

/// The most co-signers of one letter: their lines must fit on its pages.
pub const MOST: usize = 12;
/// How many days before the last day whoever has not answered is reminded, once.
pub const REMINDED_BEFORE: u64 = 3;

worded! {
    /// In which order co-signers are asked.
    pub enum Way {
        /// All at once.
        Together = "together",
        /// Each after the one before has answered.
        InTurn = "in-turn",
    }
}

impl Way {
    /// What staff choose between.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Together => "All at once",
            Self::InTurn => "One after the other, in the order of the list",
        }
    }
}

/// A signature: what the letter shows of a co-signer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The name as they typed it.
    pub name: String,
    /// In which capacity they sign.
    pub capacity: String,
}

/// What a co-signer has answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Nobody has asked them yet.
    NotAsked,
    /// Asked, and not answered.
    Asked(Instant),
    /// They sign.
    Signed(Signature, Instant),
    /// They do not, and why.
    Declined(String, Instant),
}

/// Somebody who is to sign beside the Consortium.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoSigner {
    /// Which.
    pub id: CoSignerId,
    /// The place in the list, from 1.
    pub place: i32,
    /// The name staff know them by.
    pub name: String,
    /// Their mail address.
    pub address: String,
    /// For whom they sign; empty for themselves.
    pub organisation: String,
    /// Whether the letter waits for them; it goes without others once the last day has passed.
    pub needed: bool,
    /// What they answered.
    pub answer: Answer,
    /// When they were reminded.
    pub reminded_at: Option<Instant>,
}

impl CoSigner {
    fn has_answered(&self) -> bool {
        matches!(self.answer, Answer::Signed(..) | Answer::Declined(..))
    }

    /// Whether they were asked and have not answered.
    pub fn is_asked(&self) -> bool {
        matches!(self.answer, Answer::Asked(_))
    }

    /// As staff typed them.
    pub fn typed(&self) -> Typed {
        Typed {
            name: self.name.clone(),
            address: self.address.clone(),
            organisation: self.organisation.clone(),
            needed: self.needed,
        }
    }

    /// What staff read of them.
    pub fn in_words(&self, day: impl Fn(Instant) -> String) -> String {
        match &self.answer {
            Answer::NotAsked => "Not asked yet".to_owned(),
            Answer::Asked(at) => match self.reminded_at {
                Some(reminded) => format!("Asked on {}, reminded on {}", day(*at), day(reminded)),
                None => format!("Asked on {}", day(*at)),
            },
            Answer::Signed(_, at) => format!("Signed on {}", day(*at)),
            Answer::Declined(_, at) => format!("Declined on {}", day(*at)),
        }
    }
}

/// How the co-signers of a letter are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asking {
    /// In which order.
    pub way: Way,
    /// The last day on which they can answer, in the Consortium's zone.
    pub last_day: NaiveDate,
    /// The revision of the text that they read.
    pub revision: i64,
    /// Who of staff asked.
    pub asked_by: PersonId,
}

/// Whose turn it is to be asked.
pub fn to_ask(way: Way, signers: &[CoSigner]) -> Vec<CoSignerId> {
    let not_asked = || signers.iter().filter(|one| one.answer == Answer::NotAsked).map(|one| one.id);
    match way {
        Way::Together => not_asked().collect(),
        Way::InTurn if signers.iter().any(CoSigner::is_asked) => vec![],
        Way::InTurn => not_asked().take(1).collect(),
    }
}

/// How it stands with the co-signers of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The letter has none.
    Nobody,
    /// They are on the list and have not been asked.
    ToBeAsked,
    /// Until this day, answers are awaited from so many.
    Waiting(usize, NaiveDate),
    /// One without whom the letter does not go has declined.
    Refused(String),
    /// The last day has passed without the answer of these, without whom the letter does not go.
    Late(Vec<String>),
    /// Nothing more is awaited.
    Done,
}

/// How it stands on the day `today`.
pub fn standing(asking: Option<&Asking>, signers: &[CoSigner], today: NaiveDate) -> Standing {
    if signers.is_empty() {
        return Standing::Nobody;
    }
    let Some(asking) = asking else { return Standing::ToBeAsked };
    let refused = |one: &&CoSigner| one.needed && matches!(one.answer, Answer::Declined(..));
    if let Some(one) = signers.iter().find(refused) {
        return Standing::Refused(one.name.clone());
    }
    let open = || signers.iter().filter(|one| !one.has_answered());
    if open().next().is_none() {
        return Standing::Done;
    }
    if today <= asking.last_day {
        return Standing::Waiting(open().count(), asking.last_day);
    }
    let late: Vec<String> = open().filter(|one| one.needed).map(|one| one.name.clone()).collect();
    if late.is_empty() { Standing::Done } else { Standing::Late(late) }
}

impl Standing {
    /// What staff read of it: how it stands, and what they can do.
    pub fn in_words(&self) -> String {
        match self {
            Self::Nobody => "The Consortium signs alone.".to_owned(),
            Self::ToBeAsked => "Nobody on the list has been asked yet.".to_owned(),
            Self::Waiting(count, day) => format!(
                "Out for signature: {} awaited until {}.",
                if *count == 1 { "one answer is".to_owned() } else { format!("{count} answers are") },
                plain::day(*day)
            ),
            Self::Refused(name) => {
                format!(
                    "{name} has declined, and the letter does not go without them. Take them off the list, or change the text: all are then asked anew."
                )
            }
            Self::Late(names) => format!(
                "The last day has passed without an answer from {}, and the letter does not go without them. Give them more time, or take them off the list.",
                and_list(names)
            ),
            Self::Done => "No more answers are awaited.".to_owned(),
        }
    }

    /// Whether the letter may be looked at for release.
    ///
    /// # Errors
    /// A refusal that says who is awaited and what to do.
    pub fn must_be_done(&self) -> Result<(), Refusal> {
        match self {
            Self::Nobody | Self::Done => Ok(()),
            Self::ToBeAsked => {
                let sentence =
                    "Co-signers are on the list who have not been asked. Ask them, or take them off the list.";
                Err(Refusal::conflict("co-signers", sentence))
            }
            other => Err(Refusal::conflict("co-signers", other.in_words())),
        }
    }
}

/// What is looked at of the co-signers before a letter is released; nothing when it has none.
pub fn check(standing: &Standing, signed: &[CoSigned]) -> Option<Check> {
    if *standing == Standing::Nobody {
        return None;
    }
    let names: Vec<&str> = signed.iter().map(|one| one.name.as_str()).collect();
    let wrong = standing.must_be_done().err().map(|refusal| refusal.sentence).unwrap_or_default();
    Some(match names.as_slice() {
        [] => Check { field: "", what: "Co-signers", says: "Nobody has signed".to_owned(), wrong },
        names => Check { field: "right_co_signers", what: "Co-signers", says: and_list(names), wrong },
    })
}

/// What is said of somebody who was taken off the list meanwhile.
pub fn not_on_the_list() -> Refusal {
    Refusal::conflict("no-co-signer", "They are not on the list any more.")
}

/// Whether `signer` can answer on the day `today`.
///
/// # Errors
/// A refusal that says why not.
pub fn may_answer(asking: Option<&Asking>, signer: &CoSigner, today: NaiveDate) -> Result<(), Refusal> {
    let closed = |sentence: String| Err(Refusal::conflict("co-signing-closed", sentence));
    match (&signer.answer, asking) {
        (Answer::Signed(..), _) => closed("You have signed this letter already.".to_owned()),
        (Answer::Declined(..), _) => closed("You have declined to sign this letter already.".to_owned()),
        (Answer::NotAsked, _) | (_, None) => {
            closed("It is not your turn yet. You have mail as soon as it is.".to_owned())
        }
        (Answer::Asked(_), Some(asking)) if today > asking.last_day => {
            closed(format!("Answers were possible until {}.", plain::day(asking.last_day)))
        }
        (Answer::Asked(_), Some(_)) => Ok(()),
    }
}

/// Who is reminded on the day `today`: asked, not answered, not reminded yet, and the last day is near.
pub fn to_remind<'s>(asking: &Asking, signers: &'s [CoSigner], today: NaiveDate) -> Vec<&'s CoSigner> {
    let near = today.checked_add_days(Days::new(REMINDED_BEFORE)).is_some_and(|then| then >= asking.last_day);
    let due = |one: &&CoSigner| near && today <= asking.last_day && one.is_asked() && one.reminded_at.is_none();
    signers.iter().filter(due).collect()
}

/// How many have signed.
pub fn signed(signers: &[CoSigner]) -> usize {
    signers.iter().filter(|one| matches!(one.answer, Answer::Signed(..))).count()
}

/// The signatures that the letter shows, in the order of the list, with the day that `day` gives to an instant.
pub fn signatures(signers: &[CoSigner], day: impl Fn(Instant) -> NaiveDate) -> Vec<CoSigned> {
    let signed = |one: &CoSigner| match &one.answer {
        Answer::Signed(Signature { name, capacity }, at) => Some(CoSigned {
            name: name.clone(),
            capacity: capacity.clone(),
            organisation: one.organisation.clone(),
            day: day(*at),
        }),
        _ => None,
    };
    signers.iter().filter_map(signed).collect()
}

#[cfg(test)]
mod co_signers_tests;

//! How a physical copy stands, as a function of what has happened, and what can be done with it next.

use crate::clock::Instant;
use crate::ids::LetterId;
use crate::plain;
use crate::refusal::Refusal;
use crate::worded;
use crate::workflow::labels::CopyWork;
use crate::workflow::post::address::{Posting, Recipient};
use crate::workflow::stage::Stage;

worded! {
    /// How a physical copy stands.
    pub enum State {
        /// Asked for; staff print it.
        Asked = "asked",
        /// Printed; staff post it.
        Printed = "printed",
        /// On its way.
        Posted = "posted",
        /// It came back; the applicant looks at the address.
        Returned = "returned",
        /// The applicant no longer wants it.
        TakenBack = "taken_back",
        /// The letter was revoked before it was posted, and the wish ended with it.
        Ended = "ended",
    }
}

impl State {
    /// The state in words, as the rest of "The physical copy".
    pub const fn label(self) -> &'static str {
        match self {
            Self::Asked => "To be printed",
            Self::Printed => "To be posted",
            Self::Posted => "Posted",
            Self::Returned => "Came back",
            Self::TakenBack => "Taken back",
            Self::Ended => "Ended with the letter",
        }
    }

    /// What staff have to do about it, if anything.
    pub const fn work(self) -> Option<CopyWork> {
        match self {
            Self::Asked => Some(CopyWork::Print),
            Self::Printed => Some(CopyWork::Post),
            Self::Posted | Self::Returned | Self::TakenBack | Self::Ended => None,
        }
    }
}

/// What is known of a request's letters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Letters {
    /// The letter in force, if one is.
    pub in_force: Option<LetterId>,
    /// When a letter of the request was last revoked.
    pub revoked_at: Option<Instant>,
}

/// One physical copy: what has happened to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhysicalCopy {
    /// 1 for the first of a request.
    pub number: i32,
    /// Where it goes.
    pub to: Recipient,
    /// When it was asked for.
    pub asked_at: Instant,
    /// When the applicant took it back.
    pub taken_back_at: Option<Instant>,
    /// Which letter was printed, and when.
    pub printed: Option<(LetterId, Instant)>,
    /// How it was posted, and when that was said.
    pub posted: Option<(Posting, Instant)>,
    /// When it came back, and what is known of why.
    pub returned: Option<(Instant, String)>,
}

impl PhysicalCopy {
    /// How it stands. A version that takes the letter's place takes an open wish over: what was printed of the one before
    /// no longer counts. A revoked letter ends the wish, also when another letter follows.
    pub fn state(&self, letters: &Letters) -> State {
        if self.returned.is_some() {
            return State::Returned;
        }
        if self.posted.is_some() {
            return State::Posted;
        }
        if self.taken_back_at.is_some() {
            return State::TakenBack;
        }
        let Some(in_force) = letters.in_force else { return State::Ended };
        if letters.revoked_at.is_some_and(|revoked| revoked >= self.asked_at) {
            return State::Ended;
        }
        match self.printed {
            Some((letter, _)) if letter == in_force => State::Printed,
            _ => State::Asked,
        }
    }

    /// Whether it was printed of a letter whose place a later version has taken.
    pub fn is_outdated(&self, letters: &Letters) -> bool {
        self.state(letters) == State::Asked && self.printed.is_some()
    }
}

/// The physical copies of one request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Copies {
    /// All, the first first.
    pub all: Vec<PhysicalCopy>,
    /// What is known of the letters.
    pub letters: Letters,
}

impl Copies {
    /// The one that counts: asked for last.
    pub fn last(&self) -> Option<&PhysicalCopy> {
        self.all.last()
    }

    /// How that one stands; none when nobody ever asked.
    pub fn state(&self) -> Option<State> {
        self.last().map(|copy| copy.state(&self.letters))
    }

    /// Those before it that were posted, the latest first.
    pub fn earlier(&self) -> impl Iterator<Item = &PhysicalCopy> {
        self.all.iter().rev().skip(1).filter(|copy| copy.posted.is_some())
    }
}

/// How a physical copy stands, as the applicant reads it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// How it stands, and who does what next.
    pub sentence: String,
    /// What the link to its page says; empty when nothing can be done there.
    pub link: &'static str,
}

impl Told {
    /// What is told of these; `day` writes the day of an instant.
    pub fn of(copies: &Copies, day: impl Fn(Instant) -> String) -> Self {
        let asks = "Ask for a physical copy";
        let (Some(copy), Some(state)) = (copies.last(), copies.state()) else {
            return Self { sentence: NOT_ASKED.to_owned(), link: asks };
        };
        let (sentence, link) = match state {
            State::Asked => (
                format!("A physical copy was asked for on {}. Next, staff print it and post it.", day(copy.asked_at)),
                "Change where it goes, or take it back",
            ),
            State::Printed => (
                "Staff have printed the physical copy. Next, they post it, and you get a mail.".to_owned(),
                "See where it goes",
            ),
            State::Posted => {
                let posted = copy.posted.as_ref().map(|(posting, _)| posting);
                let how = posted.map(|posting| format!(" on {}{}", plain::day(posting.day), posting.way()));
                let sentence = format!("The physical copy was posted{}.", how.unwrap_or_default());
                (sentence, "See where it went, or ask for another one")
            }
            State::Returned => (
                "The physical copy came back. Next, you look at the address and ask for it again, if you still want it \
                 on paper."
                    .to_owned(),
                "Look at the address",
            ),
            State::TakenBack => (NOT_ASKED.to_owned(), asks),
            State::Ended => {
                let sentence = "The letter was revoked before its physical copy was posted, so none is posted.";
                (sentence.to_owned(), if copies.letters.in_force.is_some() { asks } else { "" })
            }
        };
        Self { sentence, link }
    }
}

/// What is told as long as nobody asks.
const NOT_ASKED: &str =
    "The letter is a PDF. If the funder wants it on paper, staff print and post it, which takes additional time.";

/// What somebody wants to do about a physical copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// The applicant asks for one, or for another address.
    Ask,
    /// The applicant no longer wants it.
    TakeBack,
    /// Staff have printed it.
    Print,
    /// Staff have posted it.
    Post,
    /// It came back to staff.
    Return,
    /// Staff send what came back to the same address again.
    SendAgain,
}

/// Whether `act` is possible for the physical copy that stands so; none where nobody has asked for one.
///
/// # Errors
/// A refusal that says how it stands and what is possible instead.
pub fn may(act: Act, state: Option<State>) -> Result<(), Refusal> {
    use State as S;
    let can = match act {
        Act::Ask => state != Some(S::Printed),
        Act::TakeBack | Act::Print => state == Some(S::Asked),
        Act::Post => state == Some(S::Printed),
        Act::Return => state == Some(S::Posted),
        Act::SendAgain => state == Some(S::Returned),
    };
    if can {
        return Ok(());
    }
    let wanted = match act {
        Act::Ask => "its address can no longer be changed",
        Act::TakeBack => "it cannot be taken back",
        Act::Print => "there is nothing to print",
        Act::Post => "it cannot be posted",
        Act::Return => "it cannot have come back",
        Act::SendAgain => "it cannot be sent again",
    };
    let (stands, instead) = match state {
        None => ("Nobody has asked for a physical copy", "The applicant asks for one on the page of the request."),
        Some(S::Asked) => ("The physical copy has not been printed yet", "Once it is, say so first."),
        Some(S::Printed) if matches!(act, Act::Ask | Act::TakeBack) => (
            "The physical copy is printed and goes into the post",
            "If the address is wrong, write to the address at the foot of the page at once.",
        ),
        Some(S::Printed) => ("The physical copy is printed and waits to be posted", "Once it is, say when."),
        Some(S::Posted) => (
            "The physical copy has been posted",
            "If it comes back, staff say so; the applicant can ask for another one.",
        ),
        Some(S::Returned) => (
            "The physical copy came back",
            "The applicant looks at the address and asks again, or staff send it to the same address again.",
        ),
        Some(S::TakenBack) => ("The applicant has taken the wish for a physical copy back", "They can ask again."),
        Some(S::Ended) => (
            "The letter was revoked before the physical copy was posted, and the wish for it ended",
            "Do not post it. With a new letter the applicant can ask again.",
        ),
    };
    Err(Refusal::conflict("copy-state", format!("{stands}, so {wanted}. {instead}")))
}

/// Whether there can be a physical copy at all: only of a letter in force.
///
/// # Errors
/// Why not, and what is possible instead.
pub fn must_have_letter(stage: Stage) -> Result<LetterId, Refusal> {
    let sentence = match stage {
        Stage::Issued { letter, .. } | Stage::Delivered { letter, .. } => return Ok(letter),
        Stage::Revoked { .. } => {
            "The letter has been revoked, so no physical copy of it is posted. If a new letter is issued, you can ask for \
             one of that."
        }
        Stage::Withdrawn { .. } => "This request was withdrawn, so there is no letter to post.",
        _ => "There is no letter yet. Once it is issued, you can ask here for a physical copy.",
    };
    Err(Refusal::conflict("no-letter-to-post", sentence))
}

/// Whether the letter that staff looked at when they printed is still the one in force.
///
/// # Errors
/// A refusal that says to print the new version.
pub fn must_be_current(seen: &str, in_force: LetterId) -> Result<(), Refusal> {
    if seen == in_force.as_str() {
        return Ok(());
    }
    let sentence = "A new version has taken the place of the letter that you printed. Throw the print away and print the \
                    new version.";
    Err(Refusal::conflict("letter-superseded", sentence))
}

/// Whether the physical copy that a form was about is still the one that counts.
///
/// # Errors
/// A refusal that says to look at the page again.
pub fn must_be_same(seen: &str, number: i32) -> Result<(), Refusal> {
    if seen == number.to_string() {
        return Ok(());
    }
    let sentence = "The applicant has given another address while this page was open. Look at it again, and print its \
                    label anew.";
    Err(Refusal::conflict("copy-changed", sentence))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn at() -> Instant {
        "2026-03-02T09:00:00Z".parse().unwrap()
    }

    fn asked() -> PhysicalCopy {
        PhysicalCopy {
            number: 1,
            to: Recipient::default(),
            asked_at: at(),
            taken_back_at: None,
            printed: None,
            posted: None,
            returned: None,
        }
    }

    fn posting() -> Posting {
        Posting { day: at().date_naive(), carrier: String::new(), tracking: String::new(), link: String::new() }
    }

    #[test]
    fn how_it_stands_follows_from_what_has_happened() {
        let letter = LetterId::fresh();
        let letters = Letters { in_force: Some(letter), revoked_at: None };
        let printed = PhysicalCopy { printed: Some((letter, at())), ..asked() };
        let posted = PhysicalCopy { posted: Some((posting(), at())), ..printed.clone() };
        let returned = PhysicalCopy { returned: Some((at(), "Moved.".into())), ..posted.clone() };
        let taken_back = PhysicalCopy { taken_back_at: Some(at()), ..asked() };
        let all = [asked(), printed, posted, returned, taken_back];
        let states: Vec<State> = all.iter().map(|copy| copy.state(&letters)).collect();
        assert_eq!(states, [State::Asked, State::Printed, State::Posted, State::Returned, State::TakenBack]);
        // Without a letter in force whatever is still open has ended; what was posted stays so.
        let revoked = Letters { in_force: None, revoked_at: Some(at()) };
        let states: Vec<State> = all.iter().map(|copy| copy.state(&revoked)).collect();
        assert_eq!(states, [State::Ended, State::Ended, State::Posted, State::Returned, State::TakenBack]);
    }

    #[test]
    fn a_new_version_takes_an_open_wish_over_and_what_was_printed_before_no_longer_counts() {
        let (first, second) = (LetterId::fresh(), LetterId::fresh());
        let printed = PhysicalCopy { printed: Some((first, at())), ..asked() };
        let later = Letters { in_force: Some(second), revoked_at: None };
        assert_eq!((asked().state(&later), asked().is_outdated(&later)), (State::Asked, false));
        assert_eq!((printed.state(&later), printed.is_outdated(&later)), (State::Asked, true));
        let posted = PhysicalCopy { posted: Some((posting(), at())), ..printed };
        assert_eq!((posted.state(&later), posted.is_outdated(&later)), (State::Posted, false));
    }

    #[test]
    fn a_wish_that_ended_with_its_letter_does_not_come_back_with_the_next_one() {
        let letters = Letters { in_force: Some(LetterId::fresh()), revoked_at: Some(at()) };
        assert_eq!(asked().state(&letters), State::Ended);
        let anew = PhysicalCopy { asked_at: at() + TimeDelta::seconds(1), ..asked() };
        assert_eq!(anew.state(&letters), State::Asked);
    }

    /// Each state, and beside it whether each act is possible. Columns: ask, take back, print, post, return, send again.
    #[test]
    fn every_state_against_every_act() {
        let acts = [Act::Ask, Act::TakeBack, Act::Print, Act::Post, Act::Return, Act::SendAgain];
        #[rustfmt::skip]
        let table = [
            (None,                    [true, false, false, false, false, false]),
            (Some(State::Asked),      [true, true, true, false, false, false]),
            (Some(State::Printed),    [false, false, false, true, false, false]),
            (Some(State::Posted),     [true, false, false, false, true, false]),
            (Some(State::Returned),   [true, false, false, false, false, true]),
            (Some(State::TakenBack),  [true, false, false, false, false, false]),
            (Some(State::Ended),      [true, false, false, false, false, false]),
        ];
        assert_eq!(table.len(), State::ALL.len() + 1);
        for (state, row) in table {
            for (act, can) in acts.iter().zip(row) {
                let answer = may(*act, state);
                assert_eq!(answer.is_ok(), can, "{state:?} {act:?}");
                if let Err(refusal) = answer {
                    let (why, instead) = refusal.sentence.split_once(". ").unwrap();
                    assert!(why.contains(", so ") && instead.len() > 15, "{}", refusal.sentence);
                }
            }
        }
    }

    #[test]
    fn only_a_letter_in_force_is_copied_and_only_what_was_seen() {
        let letter = LetterId::fresh();
        assert_eq!(must_have_letter(Stage::Delivered { at: at(), letter }), Ok(letter));
        for stage in [Stage::Revoked { letter }, Stage::Withdrawn { at: at() }, Stage::InReview { at: at() }] {
            assert_eq!(must_have_letter(stage).unwrap_err().code, "no-letter-to-post");
        }
        assert!(must_be_current(letter.as_str(), letter).is_ok() && must_be_same("2", 2).is_ok());
        assert_eq!(must_be_current(LetterId::fresh().as_str(), letter).unwrap_err().code, "letter-superseded");
        assert_eq!(must_be_same("1", 2).unwrap_err().code, "copy-changed");
    }

    #[test]
    fn only_what_is_asked_for_or_printed_is_a_task_of_staff() {
        let work: Vec<_> = State::ALL.iter().filter_map(|state| state.work()).collect();
        assert_eq!(work, [CopyWork::Print, CopyWork::Post]);
    }
}

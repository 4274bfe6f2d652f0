//! How the queue is sorted into piles, and what is asked of it.

use chrono::NaiveDateTime;

use crate::ids::RequestId;
use crate::worded;
use crate::workflow::stage::{Answer, StageName};

worded! {
    /// A part of the queue.
    pub enum Pile {
        /// Whatever somebody still has to work on.
        Open = "open",
        /// Late, and waiting for staff to admit it.
        Held = "held",
        /// Waiting for its reviewers to be assigned.
        ToRoute = "to_route",
        /// With its reviewers.
        UnderReview = "under_review",
        /// A question to the applicant is open.
        Waiting = "waiting",
        /// Supported; the letter is to be written.
        ToWrite = "to_write",
        /// A physical copy is to be printed or posted.
        ToPost = "to_post",
        /// The letter is out.
        Issued = "issued",
        /// Not supported.
        Declined = "declined",
        /// Taken back after it was sent.
        Withdrawn = "withdrawn",
        /// Everything that was ever sent.
        All = "all",
    }
}

impl Pile {
    /// What the pile is called.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Held => "Held for staff",
            Self::ToRoute => "To be routed",
            Self::UnderReview => "Under review",
            Self::Waiting => "Waiting for the applicant",
            Self::ToWrite => "Letter in work",
            Self::ToPost => "Copies to be posted",
            Self::Issued => "Letter issued",
            Self::Declined => "Declined",
            Self::Withdrawn => "Withdrawn",
            Self::All => "All",
        }
    }

    /// The stages in the pile. Drafts are in none: until a request is sent, nobody but its applicant reads it.
    pub const fn stages(self) -> &'static [StageName] {
        use StageName as S;
        match self {
            Self::Open => &[S::Submitted, S::Routed, S::InReview, S::Decided],
            Self::Held | Self::ToRoute => &[S::Submitted],
            Self::UnderReview => &[S::Routed, S::InReview],
            Self::Waiting => &[S::Submitted, S::Routed, S::InReview],
            Self::ToWrite | Self::Declined => &[S::Decided],
            // Named one by one; see `takes_copies`.
            Self::ToPost => &[],
            Self::Issued => &[S::Issued, S::Delivered, S::Revoked],
            Self::Withdrawn => &[S::Withdrawn],
            Self::All => {
                &[S::Submitted, S::Routed, S::InReview, S::Decided, S::Issued, S::Delivered, S::Revoked, S::Withdrawn]
            }
        }
    }

    /// Whether it holds only those that staff must admit, or only those that they need not.
    pub const fn held(self) -> Option<bool> {
        match self {
            Self::Held => Some(true),
            Self::ToRoute => Some(false),
            _ => None,
        }
    }

    /// Whether it holds only those declined, or only those not declined.
    pub const fn declined(self) -> Option<bool> {
        match self {
            Self::Declined => Some(true),
            Self::Open | Self::ToWrite => Some(false),
            _ => None,
        }
    }

    /// Whether it holds whatever has a physical copy that waits for staff, at any stage.
    pub const fn takes_copies(self) -> bool {
        matches!(self, Self::Open | Self::ToPost)
    }

    /// Whether somebody still works on what is in it; then the nearest deadline comes first, else the latest.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Issued | Self::Declined | Self::Withdrawn | Self::All)
    }

    /// Whether a request that stands there belongs to the pile, questions to the applicant and physical copies aside.
    pub fn holds(self, stage: StageName, held: bool, answer: Option<Answer>) -> bool {
        self.stages().contains(&stage)
            && self.held().is_none_or(|wanted| wanted == held)
            && self.declined().is_none_or(|wanted| wanted == (answer == Some(Answer::Declined)))
    }
}

const INSTANT: &str = "%Y-%m-%dT%H:%M:%S%.6f";

/// A place in the list, by deadline (UTC) and id, as it stands in an address.
pub fn place_in_words((deadline, id): (Option<NaiveDateTime>, RequestId)) -> String {
    let deadline = deadline.map(|at| at.format(INSTANT).to_string()).unwrap_or_default();
    format!("{deadline}~{id}")
}

/// Reads what `place_in_words` writes; `None` for anything else.
pub fn read_place(text: &str) -> Option<(Option<NaiveDateTime>, RequestId)> {
    let (deadline, id) = text.split_once('~')?;
    let deadline = match deadline {
        "" => None,
        given => Some(NaiveDateTime::parse_from_str(given, INSTANT).ok()?),
    };
    Some((deadline, id.parse().ok()?))
}

/// `word` as a pattern that finds it anywhere, its own wildcards taken literally.
pub fn like_pattern(word: &str) -> String {
    let mut pattern = String::from("%");
    for c in word.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Instant;

    #[test]
    fn everything_sent_is_open_or_over_and_a_draft_is_in_no_pile() {
        for stage in StageName::ALL {
            for held in [true, false] {
                for answer in [None, Some(Answer::Supported), Some(Answer::Declined)] {
                    let piles = |open: bool| {
                        Pile::ALL
                            .iter()
                            .filter(|pile| !matches!(pile, Pile::Open | Pile::Waiting | Pile::ToPost | Pile::All))
                            .filter(|pile| pile.is_open() == open && pile.holds(*stage, held, answer))
                            .count()
                    };
                    let is_open = Pile::Open.holds(*stage, held, answer);
                    let (open, over) = (piles(true), piles(false));
                    match stage {
                        StageName::Draft => assert_eq!((open, over, is_open), (0, 0, false)),
                        // An answer before the decision cannot be; the database refuses it.
                        StageName::Submitted | StageName::Routed | StageName::InReview if answer.is_some() => {}
                        _ => {
                            assert_eq!((open, over), if is_open { (1, 0) } else { (0, 1) }, "{stage} {held} {answer:?}")
                        }
                    }
                    assert_eq!(Pile::All.holds(*stage, held, answer), *stage != StageName::Draft);
                }
            }
        }
    }

    #[test]
    fn the_place_in_the_list_survives_the_way_through_an_address() {
        let id = RequestId::fresh();
        let deadline = "2026-03-01T12:00:00.000001Z".parse::<Instant>().unwrap().naive_utc();
        for place in [(Some(deadline), id), (None, id)] {
            assert_eq!(read_place(&place_in_words(place)), Some(place));
        }
        for wrong in ["", "~", "2026~x", "x~0192f0c1-2345-7abc-8def-0123456789ab"] {
            assert_eq!(read_place(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn wildcards_of_a_search_are_taken_literally() {
        assert_eq!(like_pattern("50%_a\\b"), "%50\\%\\_a\\\\b%");
    }
}

//! An addressee that the applicant corrected after staff had begun the letter: the letter says it only once staff have seen
//! to it, so that none goes to an old address unnoticed.

use crate::clock::Instant;
use crate::workflow::letter::rules::Check;

/// The box that the letter goes to the addressee as corrected.
const BOX: &str = "corrected_addressee";

/// A corrected addressee that a letter does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrected {
    /// When it was corrected.
    pub at: Instant,
    /// The addressee as a letter begun now would say it, one line each.
    pub lines: Vec<String>,
}

/// The correction that a letter begun at `begun`, which says `written`, does not follow. `earlier` is the addressee of each
/// of the earlier answers with the time at which they were replaced, the first ones first; `current` the one of today.
pub fn corrected(
    earlier: &[(Vec<String>, Instant)],
    current: Vec<String>,
    (written, begun): (&[String], Instant),
) -> Option<Corrected> {
    let later = earlier.iter().skip(1).map(|(lines, _)| lines).chain([&current]);
    let last =
        earlier.iter().zip(later).filter(|((before, _), after)| before != *after).map(|((_, at), _)| *at).last()?;
    (last > begun && written != current.as_slice()).then_some(Corrected { at: last, lines: current })
}

impl Corrected {
    /// Whether what somebody looked at before that instant can still be issued.
    pub fn leaves(&self, looked_at: Instant) -> bool {
        self.at <= looked_at
    }

    /// The addressee in a line.
    pub fn in_a_line(&self) -> String {
        self.lines.join(", ")
    }

    /// What is looked at before the letter is released; `day` is the day of the correction in words.
    pub fn check(&self, day: &str) -> Check {
        let says = format!("the applicant corrected it on {day} to {}", self.in_a_line());
        Check { field: BOX, what: "Addressee as corrected", says, wrong: String::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(name: &str) -> Vec<String> {
        vec![name.to_owned(), "1 Main Street".to_owned()]
    }

    fn on(day: &str) -> Instant {
        format!("2026-03-{day}T09:00:00Z").parse().unwrap()
    }

    #[test]
    fn only_a_correction_after_the_beginning_that_the_letter_does_not_say_counts() {
        let earlier = [(lines("Ms A"), on("05")), (lines("Ms B"), on("07"))];
        let found = |begun: &str, written: &str| corrected(&earlier, lines("Ms C"), (&lines(written), on(begun)));
        assert_eq!(found("06", "Ms B"), Some(Corrected { at: on("07"), lines: lines("Ms C") }));
        assert_eq!(found("06", "Ms C"), None, "staff have put it in");
        assert_eq!(found("08", "Ms B"), None, "staff began with it and changed it");
        let other = [(lines("Ms A"), on("05")), (lines("Ms A"), on("07"))];
        assert_eq!(corrected(&other, lines("Ms A"), (&lines("Ms A, twice"), on("04"))), None, "something else changed");
        assert_eq!(corrected(&[], lines("Ms A"), (&lines("Ms Z"), on("04"))), None);
    }

    #[test]
    fn what_was_looked_at_before_the_correction_is_looked_at_anew() {
        let corrected = Corrected { at: on("07"), lines: lines("Ms C") };
        assert!(corrected.leaves(on("08")) && !corrected.leaves(on("06")));
        assert!(corrected.check("7 March 2026").says.ends_with("on 7 March 2026 to Ms C, 1 Main Street"));
    }
}

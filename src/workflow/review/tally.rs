//! Counting a tallied vote: five counts, quorum, majority, and the outcome with its arithmetic in words.
//! The rule is `governance.md`'s: `2 × yes > seats of record`, with a quorum of seats that voted yes, no or abstain.

use crate::worded;
use crate::workflow::phrase::counted;

use super::ballot::Choice;

worded! {
    /// What a tallied vote says.
    pub enum TallyOutcome {
        /// Ballots still missing could decide it.
        Open = "open",
        /// More than half of the seats of record voted yes.
        Carried = "carried",
        /// The quorum voted, and not more than half of the seats of record voted yes.
        NotCarried = "not_carried",
        /// Too few seats voted for the vote to decide anything.
        NoQuorum = "no_quorum",
    }
}

/// What one seat of record did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeatVote {
    /// Its current ballot.
    Voted(Choice),
    /// It has a conflict of interest. A ballot cast before that became known does not count.
    Recused,
    /// It has not voted and still may.
    Silent,
    /// It was vacant when the motion opened, so nobody can vote for it.
    Vacant,
}

/// The five counts, always kept apart. Together they are the seats of record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Seats that voted yes.
    pub yes: u32,
    /// Seats that voted no.
    pub no: u32,
    /// Seats that abstained.
    pub abstain: u32,
    /// Seats with a conflict of interest.
    pub recused: u32,
    /// Seats without a ballot, vacant ones among them.
    pub not_voted: u32,
    /// How many of `not_voted` are vacant and can never vote on this motion.
    pub vacant: u32,
}

impl Counts {
    /// Counts the seats of record.
    pub fn of(seats: impl IntoIterator<Item = SeatVote>) -> Self {
        let mut counts = Self::default();
        for seat in seats {
            match seat {
                SeatVote::Voted(Choice::Yes) => counts.yes += 1,
                SeatVote::Voted(Choice::No) => counts.no += 1,
                SeatVote::Voted(Choice::Abstain) => counts.abstain += 1,
                SeatVote::Recused => counts.recused += 1,
                SeatVote::Silent => counts.not_voted += 1,
                SeatVote::Vacant => {
                    counts.not_voted += 1;
                    counts.vacant += 1;
                }
            }
        }
        counts
    }

    /// All seats of record: the denominator. Abstentions, recusals, vacancies and silence do not shrink it.
    pub const fn seats_of_record(&self) -> u32 {
        self.yes + self.no + self.abstain + self.recused + self.not_voted
    }

    /// The seats that count for the quorum: those that voted yes, no or abstain.
    pub const fn voted(&self) -> u32 {
        self.yes + self.no + self.abstain
    }

    /// The seats that have not voted and still may.
    pub const fn can_still_vote(&self) -> u32 {
        self.not_voted.saturating_sub(self.vacant)
    }

    /// Whether there is a majority, or the seats that can still vote could make one.
    pub const fn majority_possible(&self) -> bool {
        2 * (self.yes + self.can_still_vote()) > self.seats_of_record()
    }

    /// The fewest yes votes that are more than half of the seats of record.
    pub const fn yes_needed(&self) -> u32 {
        self.seats_of_record() / 2 + 1
    }
}

/// A counted vote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// What it says.
    pub outcome: TallyOutcome,
    /// The five counts.
    pub counts: Counts,
    /// Whether the missing ballots could still make a majority, or there is one.
    pub majority_possible: bool,
    /// The counts, the rule, the arithmetic and the outcome in words. Every page, mail and record prints this text.
    pub explanation: String,
}

/// Counts a vote. `quorum` is the policy's value, frozen into the motion; `over` is whether its time has run out.
pub fn tally(counts: Counts, quorum: u32, over: bool) -> Tally {
    let outcome = outcome(counts, quorum, over);
    let majority_possible = counts.majority_possible();
    Tally { outcome, counts, majority_possible, explanation: explain(counts, quorum, outcome, majority_possible) }
}

/// The rule itself: `2 × yes > seats of record`, if the quorum voted.
///
/// Before its time has run out a vote is [`TallyOutcome::Open`] as long as the seats that have not voted could change
/// the outcome, whatever they do. A ballot already cast counts as it stands: it can be changed only while the vote is
/// open, and the vote closes together with the ballot that settles it.
fn outcome(counts: Counts, quorum: u32, over: bool) -> TallyOutcome {
    let carries = 2 * counts.yes > counts.seats_of_record();
    let has_quorum = counts.voted() >= quorum;
    let quorum_possible = counts.voted() + counts.can_still_vote() >= quorum;
    if has_quorum && carries {
        TallyOutcome::Carried
    } else if has_quorum && (over || !counts.majority_possible()) {
        TallyOutcome::NotCarried
    } else if !has_quorum && (over || !quorum_possible) {
        TallyOutcome::NoQuorum
    } else {
        TallyOutcome::Open
    }
}

fn explain(counts: Counts, quorum: u32, outcome: TallyOutcome, majority_possible: bool) -> String {
    let mut sentences = vec![counts_in_words(counts), majority_in_words(counts), quorum_in_words(counts, quorum)];
    sentences.push(match outcome {
        TallyOutcome::Carried => "The motion is carried.".to_owned(),
        TallyOutcome::NotCarried => "The motion is not carried.".to_owned(),
        TallyOutcome::NoQuorum => "There is no quorum: the vote decides nothing.".to_owned(),
        TallyOutcome::Open => still_open(counts, quorum, majority_possible),
    });
    if !majority_possible && matches!(outcome, TallyOutcome::Open | TallyOutcome::NoQuorum) {
        sentences.push(out_of_reach(counts));
    }
    sentences.join(" ")
}

/// "13 seats of record: 7 yes, 2 no, 1 abstain, 1 recused, 2 not voted (1 of them vacant)."
fn counts_in_words(counts: Counts) -> String {
    let Counts { yes, no, abstain, recused, not_voted, vacant } = counts;
    let of_them = if vacant > 0 { format!(" ({vacant} of them vacant)") } else { String::new() };
    let seats = counted(counts.seats_of_record(), "seat");
    format!(
        "{seats} of record: {yes} yes, {no} no, {abstain} abstain, {recused} recused, {not_voted} not voted{of_them}."
    )
}

fn majority_in_words(counts: Counts) -> String {
    let (yes, seats) = (counts.yes, counts.seats_of_record());
    let sum = format!("More than half of all seats of record must vote yes: 2 × {yes} = {}", 2 * yes);
    if 2 * yes > seats {
        format!("{sum} is more than {seats}.")
    } else {
        format!("{sum} is not more than {seats}; {} yes are needed.", counts.yes_needed())
    }
}

fn quorum_in_words(counts: Counts, quorum: u32) -> String {
    let voted = counts.voted();
    let reached = if voted >= quorum { "is reached" } else { "is not reached" };
    format!("The quorum of {quorum} {reached}: {} voted yes, no or abstain.", counted(voted, "seat"))
}

fn still_open(counts: Counts, quorum: u32, majority_possible: bool) -> String {
    let can_still = counted(counts.can_still_vote(), "seat");
    let more_yes = counts.yes_needed().saturating_sub(counts.yes);
    let more_seats = quorum.saturating_sub(counts.voted());
    let missing = if majority_possible && more_yes > 0 {
        format!("{more_yes} more yes needed to carry")
    } else {
        format!("{more_seats} more needed for the quorum")
    };
    format!("The vote is open: {can_still} can still vote, {missing}.")
}

fn out_of_reach(counts: Counts) -> String {
    let most = counts.yes + counts.can_still_vote();
    format!(
        "A majority is out of reach: at most {most} of the {} yes needed are possible. \
         Once the vote has closed, staff can put the question again to the seats in office on that day.",
        counts.yes_needed()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The outcome when no ballot follows any more, said as slowly as possible.
    fn model_at_the_end(votes: &[SeatVote], quorum: usize) -> TallyOutcome {
        let yes = votes.iter().filter(|vote| **vote == SeatVote::Voted(Choice::Yes)).count();
        let others = votes.len() - yes;
        let voted = votes.iter().filter(|vote| matches!(vote, SeatVote::Voted(_))).count();
        if voted < quorum {
            TallyOutcome::NoQuorum
        } else if yes > others {
            TallyOutcome::Carried
        } else {
            TallyOutcome::NotCarried
        }
    }

    /// Every way in which the silent seats can vote or stay silent, by how many do what.
    fn completions(counts: Counts) -> Vec<Counts> {
        let silent = counts.can_still_vote();
        let mut all = Vec::new();
        for yes in 0..=silent {
            for no in 0..=silent - yes {
                for abstain in 0..=silent - yes - no {
                    let not_voted = counts.not_voted - yes - no - abstain;
                    all.push(Counts {
                        yes: counts.yes + yes,
                        no: counts.no + no,
                        abstain: counts.abstain + abstain,
                        not_voted,
                        ..counts
                    });
                }
            }
        }
        all
    }

    fn seats(counts: Counts) -> Vec<SeatVote> {
        let many = |vote, times: u32| std::iter::repeat_n(vote, times as usize);
        many(SeatVote::Voted(Choice::Yes), counts.yes)
            .chain(many(SeatVote::Voted(Choice::No), counts.no))
            .chain(many(SeatVote::Voted(Choice::Abstain), counts.abstain))
            .chain(many(SeatVote::Recused, counts.recused))
            .chain(many(SeatVote::Silent, counts.not_voted - counts.vacant))
            .chain(many(SeatVote::Vacant, counts.vacant))
            .collect()
    }

    /// Every division of `seats` seats into the five counts, with every number of vacant ones.
    fn every_count(seats: u32) -> impl Iterator<Item = Counts> {
        (0..=seats).flat_map(move |yes| {
            (0..=seats - yes).flat_map(move |no| {
                (0..=seats - yes - no).flat_map(move |abstain| {
                    let rest = seats - yes - no - abstain;
                    (0..=rest).flat_map(move |recused| {
                        let not_voted = rest - recused;
                        (0..=not_voted).map(move |vacant| Counts { yes, no, abstain, recused, not_voted, vacant })
                    })
                })
            })
        })
    }

    #[test]
    fn every_vote_of_13_12_and_11_seats_agrees_with_the_slow_model_and_closes_early_only_when_final() {
        const QUORUM: u32 = 7;
        for size in [13, 12, 11] {
            for counts in every_count(size) {
                assert_eq!(Counts::of(seats(counts)), counts);
                let at_the_end = outcome(counts, QUORUM, true);
                assert_eq!(at_the_end, model_at_the_end(&seats(counts), QUORUM as usize), "{counts:?}");

                let before = outcome(counts, QUORUM, false);
                let mut reachable: Vec<TallyOutcome> =
                    completions(counts).into_iter().map(|end| outcome(end, QUORUM, true)).collect();
                reachable.sort();
                reachable.dedup();
                match reachable.as_slice() {
                    [only] => assert_eq!(before, *only, "only one outcome is left: {counts:?}"),
                    _ => assert_eq!(before, TallyOutcome::Open, "{reachable:?} can still come of {counts:?}"),
                }
                assert_eq!(counts.majority_possible(), reachable_majority(counts), "{counts:?}");
            }
        }
    }

    fn reachable_majority(counts: Counts) -> bool {
        completions(counts).iter().any(|end| end.yes > end.seats_of_record() - end.yes)
    }

    #[test]
    fn seven_of_13_or_12_and_six_of_11_are_needed() {
        for (seats, needed) in [(13, 7), (12, 7), (11, 6)] {
            let counts = Counts { not_voted: seats, ..Counts::default() };
            assert_eq!(counts.yes_needed(), needed);
        }
    }

    #[test]
    fn exactly_half_does_not_carry() {
        let half = Counts { yes: 6, no: 6, ..Counts::default() };
        let tally = tally(half, 7, true);
        assert_eq!(tally.outcome, TallyOutcome::NotCarried);
        assert_eq!(
            tally.explanation,
            "12 seats of record: 6 yes, 6 no, 0 abstain, 0 recused, 0 not voted. More than half of all seats of record \
             must vote yes: 2 × 6 = 12 is not more than 12; 7 yes are needed. The quorum of 7 is reached: 12 seats \
             voted yes, no or abstain. The motion is not carried."
        );
    }

    #[test]
    fn a_carried_vote_prints_its_arithmetic() {
        let counts = Counts { yes: 7, no: 2, abstain: 1, recused: 1, not_voted: 2, vacant: 1 };
        assert_eq!(
            tally(counts, 7, false).explanation,
            "13 seats of record: 7 yes, 2 no, 1 abstain, 1 recused, 2 not voted (1 of them vacant). More than half of \
             all seats of record must vote yes: 2 × 7 = 14 is more than 13. The quorum of 7 is reached: 10 seats voted \
             yes, no or abstain. The motion is carried."
        );
    }

    #[test]
    fn an_open_vote_says_what_is_missing() {
        let counts = Counts { yes: 5, no: 1, not_voted: 7, vacant: 1, ..Counts::default() };
        let open = tally(counts, 7, false);
        assert!(open.explanation.ends_with("The vote is open: 6 seats can still vote, 2 more yes needed to carry."));
        let no_quorum_yet = tally(Counts { yes: 6, not_voted: 5, ..Counts::default() }, 7, false);
        assert!(no_quorum_yet.explanation.ends_with("5 seats can still vote, 1 more needed for the quorum."));
    }

    #[test]
    fn a_majority_out_of_reach_is_said_at_once_even_before_anybody_has_voted() {
        let counts = Counts { recused: 5, not_voted: 8, vacant: 2, ..Counts::default() };
        let tally = tally(counts, 7, false);
        assert_eq!(tally.outcome, TallyOutcome::NoQuorum);
        assert!(!tally.majority_possible);
        assert!(tally.explanation.contains("at most 6 of the 7 yes needed are possible"), "{}", tally.explanation);
    }

    #[test]
    fn a_vote_without_a_quorum_decides_nothing_even_with_a_majority() {
        let counts = Counts { yes: 6, not_voted: 5, ..Counts::default() };
        assert_eq!(tally(counts, 7, true).outcome, TallyOutcome::NoQuorum);
    }
}

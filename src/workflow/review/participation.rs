//! How each institution took part in the tallied votes that have closed: asked, voted, abstained, recused, missed, and how
//! soon it answered. Reviews are not counted here.

use chrono::TimeDelta;

use super::ballot::Choice;
use super::electorate::SeatOfRecord;
use super::motion::{Call, Motion, MotionState};
use super::tally::SeatVote;
use crate::clock::Instant;
use crate::ids::{InstitutionId, MotionId, SeatId};

/// What a seat did about one vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// It voted yes or no, its first ballot coming this long after the call.
    Voted(TimeDelta),
    /// It abstained, its first ballot coming this long after the call.
    Abstained(TimeDelta),
    /// A conflict of interest kept it out, so it was not asked.
    Recused,
    /// The vote ran its whole time without it.
    Missed,
    /// It had not voted when the others' ballots had settled the outcome and the vote closed early.
    NotNeeded,
}

/// An institution's part in all votes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The institution.
    pub name: String,
    /// Votes in which it was asked to vote.
    pub called: usize,
    /// Of these, the ones in which it voted yes or no.
    pub voted: usize,
    /// Of these, the ones in which it abstained.
    pub abstained: usize,
    /// Of these, the ones that ran their whole time without its ballot.
    pub missed: usize,
    /// Of these, the ones that the others settled before it had voted.
    pub not_needed: usize,
    /// Votes from which a conflict of interest kept it out.
    pub recused: usize,
    /// The median time from the call to its first ballot; none without a ballot.
    pub median: Option<TimeDelta>,
}

/// What the seats of record did about a motion whose vote has closed; `first` says when a seat's first ballot came.
/// A seat that was vacant could do nothing and is left out; so is a motion without a closed vote.
pub fn parts(motion: &Motion, first: impl Fn(SeatId) -> Option<Instant>) -> Vec<(SeatId, Part)> {
    let MotionState::Counted { call, at, .. } = motion.state else { return Vec::new() };
    let part = |seat: &SeatOfRecord| Some((seat.seat, part_of(seat, call, at, first(seat.seat))?));
    motion.seats.0.iter().filter_map(part).collect()
}

fn part_of(seat: &SeatOfRecord, call: Call, closed: Instant, first: Option<Instant>) -> Option<Part> {
    let after = || first.map_or_else(TimeDelta::zero, |first| first - call.at);
    match seat.vote() {
        SeatVote::Vacant => None,
        SeatVote::Recused => Some(Part::Recused),
        SeatVote::Voted(Choice::Abstain) => Some(Part::Abstained(after())),
        SeatVote::Voted(Choice::Yes | Choice::No) => Some(Part::Voted(after())),
        SeatVote::Silent if closed < call.closes => Some(Part::NotNeeded),
        SeatVote::Silent => Some(Part::Missed),
    }
}

/// The part of each institution in the votes on these motions; `first` are the first ballots of each seat, `seats` the
/// institutions of all seats, in the order of the lines.
pub fn of_votes(
    closed: &[(MotionId, &Motion)],
    first: &[(MotionId, SeatId, Instant)],
    seats: &[(SeatId, InstitutionId, String)],
) -> Vec<Line> {
    let of_seats = closed.iter().flat_map(|(motion, votes)| {
        let cast = |seat| first.iter().find(|(on, by, _)| (*on, *by) == (*motion, seat)).map(|(_, _, at)| *at);
        parts(votes, cast)
    });
    let of_institutions = of_seats.filter_map(|(seat, part)| {
        let (_, institution, _) = seats.iter().find(|(known, ..)| *known == seat)?;
        Some((*institution, part))
    });
    let of_institutions: Vec<_> = of_institutions.collect();
    let mut names: Vec<(InstitutionId, String)> = seats.iter().map(|(_, id, name)| (*id, name.clone())).collect();
    names.dedup();
    participation(&names, &of_institutions)
}

/// Sums up the parts that institutions had, in the order of `names`. Who had none is left out.
pub fn participation(names: &[(InstitutionId, String)], parts: &[(InstitutionId, Part)]) -> Vec<Line> {
    let line = |(institution, name): &(InstitutionId, String)| {
        let own: Vec<Part> = parts.iter().filter(|(of, _)| of == institution).map(|(_, part)| *part).collect();
        let count = |which: fn(&Part) -> bool| own.iter().filter(|part| which(part)).count();
        let recused = count(|part| *part == Part::Recused);
        let times = own.iter().filter_map(|part| match part {
            Part::Voted(after) | Part::Abstained(after) => Some(*after),
            Part::Recused | Part::Missed | Part::NotNeeded => None,
        });
        (!own.is_empty()).then(|| Line {
            name: name.clone(),
            called: own.len() - recused,
            voted: count(|part| matches!(part, Part::Voted(_))),
            abstained: count(|part| matches!(part, Part::Abstained(_))),
            missed: count(|part| *part == Part::Missed),
            not_needed: count(|part| *part == Part::NotNeeded),
            recused,
            median: median(times.collect()),
        })
    };
    names.iter().filter_map(line).collect()
}

/// The middle one; with an even number, halfway between the two in the middle.
pub fn median(mut times: Vec<TimeDelta>) -> Option<TimeDelta> {
    times.sort_unstable();
    let upper = *times.get(times.len() / 2)?;
    let lower = *times.get((times.len() - 1) / 2)?;
    Some((lower + upper) / 2)
}

/// A time as people say it, in whole days or hours: "3 days", "5 hours", "under an hour".
pub fn time_in_words(time: TimeDelta) -> String {
    let (count, unit) = match (time.num_days(), time.num_hours()) {
        (days @ 2.., _) => (days, "day"),
        (_, hours @ 1..) => (hours, "hour"),
        _ => return "under an hour".to_owned(),
    };
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{s}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_is_counted_once_and_a_recusal_is_no_call() {
        let (one, other, none) = (InstitutionId::fresh(), InstitutionId::fresh(), InstitutionId::fresh());
        let names = [(one, "A".to_owned()), (none, "B".to_owned()), (other, "C".to_owned())];
        let hours = TimeDelta::hours;
        let parts = [
            (one, Part::Voted(hours(1))),
            (other, Part::Missed),
            (one, Part::Voted(hours(9))),
            (one, Part::Abstained(hours(4))),
            (one, Part::Recused),
            (one, Part::NotNeeded),
        ];
        let lines = participation(&names, &parts);
        assert_eq!(lines.iter().map(|line| line.name.as_str()).collect::<Vec<_>>(), ["A", "C"]);
        let Line { called, voted, abstained, missed, not_needed, recused, median, .. } = lines[0];
        assert_eq!((called, voted, abstained, missed, not_needed, recused), (4, 2, 1, 0, 1, 1));
        assert_eq!(median, Some(hours(4)));
        assert_eq!((lines[1].called, lines[1].missed, lines[1].median), (1, 1, None));
    }

    #[test]
    fn the_median_of_two_lies_halfway() {
        assert_eq!(median(vec![TimeDelta::hours(6), TimeDelta::hours(2)]), Some(TimeDelta::hours(4)));
        assert_eq!(median(Vec::new()), None);
    }

    #[test]
    fn times_are_said_in_days_from_two_days_on() {
        let said = [47, 48, 1, 0].map(|hours| time_in_words(TimeDelta::hours(hours)));
        assert_eq!(said, ["47 hours", "2 days", "1 hour", "under an hour"]);
    }
}

//! A year of requests at a glance: how many were sent when and what became of them, how long the steps took, how short the
//! time was, and what the funders decided. A request belongs to the year in which it was sent.

use chrono::{Datelike, TimeDelta};
use chrono_tz::Tz;

use crate::clock::Instant;
use crate::worded;
use crate::workflow::outcome::rules::Answer as Told;
use crate::workflow::request::rules::Band;
use crate::workflow::review::participation::median;
use crate::workflow::stage::{Answer, StageName};

worded! {
    /// What became of a request.
    pub enum End {
        /// Its letter was issued.
        Letter = "letter",
        /// It is still in work.
        Open = "open",
        /// It is not supported.
        Declined = "declined",
        /// It was taken back.
        Withdrawn = "withdrawn",
    }
}

impl End {
    /// The end in words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Letter => "Letter issued",
            Self::Open => "In work",
            Self::Declined => "Declined",
            Self::Withdrawn => "Withdrawn",
        }
    }

    /// What became of a request that stands there.
    pub const fn of(stage: StageName, answer: Option<Answer>) -> Self {
        match (stage, answer) {
            (StageName::Withdrawn, _) => Self::Withdrawn,
            (StageName::Issued | StageName::Delivered | StageName::Revoked, _) => Self::Letter,
            (_, Some(Answer::Declined)) => Self::Declined,
            _ => Self::Open,
        }
    }
}

/// The course of one request, as far as it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// When it was sent.
    pub sent: Instant,
    /// When it went to its reviewers.
    pub routed: Option<Instant>,
    /// When the committee decided.
    pub decided: Option<Instant>,
    /// When its letter was first issued.
    pub issued: Option<Instant>,
    /// What became of it.
    pub end: End,
    /// The lead time when it was sent.
    pub band: Option<Band>,
    /// What its applicant told of the funder's decision.
    pub told: Option<Told>,
}

/// How long a part of the way took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// From where to where.
    pub name: &'static str,
    /// How many requests went it.
    pub count: usize,
    /// The shortest, the median and the longest time; nothing when none went it.
    pub times: Option<[TimeDelta; 3]>,
}

/// A year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Year {
    /// How many requests of each month, from January, came to which end, in the order of [`End::ALL`].
    pub months: [[usize; 4]; 12],
    /// How long each part of the way took; the last is the whole.
    pub ways: [Way; 4],
    /// How many requests had ample time, were at risk, and were late.
    pub bands: [usize; 3],
    /// Of the letters: how many proposals are funded, are not funded, or are not decided as far as we know.
    pub told: [usize; 3],
}

impl Year {
    /// Sums up the courses of the requests of one year; months are those of `zone`.
    pub fn of(courses: &[Course], zone: Tz) -> Self {
        let mut months = [[0; 4]; 12];
        for course in courses {
            let month = course.sent.with_timezone(&zone).month0();
            let end = End::ALL.iter().position(|end| *end == course.end);
            let cell = months.get_mut(month as usize).zip(end).and_then(|(month, end)| month.get_mut(end));
            if let Some(count) = cell {
                *count += 1;
            }
        }
        let way = |name, from: fn(&Course) -> Option<Instant>, to: fn(&Course) -> Option<Instant>| {
            let times = courses.iter().filter_map(|course| Some((to(course)? - from(course)?).max(TimeDelta::zero())));
            let mut times: Vec<TimeDelta> = times.collect();
            times.sort_unstable();
            let ends = times.first().copied().zip(times.last().copied());
            let count = times.len();
            Way { name, count, times: ends.zip(median(times)).map(|((least, most), middle)| [least, middle, most]) }
        };
        let count = |which: &dyn Fn(&Course) -> bool| courses.iter().filter(|course| which(course)).count();
        let letters = count(&|course| course.end == End::Letter);
        let told = |told| count(&|course| course.end == End::Letter && course.told == Some(told));
        let (funded, not_funded) = (told(Told::Funded), told(Told::NotFunded));
        Self {
            months,
            ways: [
                way("From sending to the reviewers", |one| Some(one.sent), |one| one.routed),
                way("From the reviewers to the decision", |one| one.routed, |one| one.decided),
                way("From the decision to the letter", |one| one.decided, |one| one.issued),
                way("The whole way", |one| Some(one.sent), |one| one.issued),
            ],
            bands: [Band::Normal, Band::AtRisk, Band::Late].map(|band| count(&|one| one.band == Some(band))),
            told: [funded, not_funded, letters - funded - not_funded],
        }
    }

    /// How many requests were sent.
    pub fn sent(&self) -> usize {
        self.months.iter().flatten().sum()
    }

    /// How many came to this end.
    pub fn ended(&self, end: End) -> usize {
        let place = End::ALL.iter().position(|one| *one == end);
        self.months.iter().filter_map(|month| month.get(place?)).sum()
    }
}

/// How many of a hundred `part` of `whole` is, in words: "40 %". Nothing of nothing is "–".
pub fn share(part: usize, whole: usize) -> String {
    if whole == 0 { "–".to_owned() } else { format!("{} %", (part * 200 + whole) / (2 * whole)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: u32) -> Instant {
        format!("2026-03-{day:02}T12:00:00Z").parse().unwrap()
    }

    fn course(end: End) -> Course {
        Course { sent: at(1), routed: None, decided: None, issued: None, end, band: Some(Band::Normal), told: None }
    }

    #[test]
    fn a_request_is_counted_once_in_its_month_and_a_way_only_by_those_that_went_it() {
        let whole = |issued, told| Course {
            routed: Some(at(2)),
            decided: Some(at(9)),
            issued: Some(at(issued)),
            told,
            ..course(End::Letter)
        };
        let late = Course { band: Some(Band::Late), routed: Some(at(4)), ..course(End::Open) };
        let courses = [whole(10, Some(Told::Funded)), whole(20, Some(Told::NotYetKnown)), late, course(End::Withdrawn)];
        let year = Year::of(&courses, Tz::UTC);
        assert_eq!((year.sent(), year.months[2], year.bands, year.told), (4, [2, 1, 0, 1], [3, 0, 1], [1, 0, 1]));
        assert_eq!((year.ended(End::Letter), year.ended(End::Declined)), (2, 0));
        let days = TimeDelta::days;
        assert_eq!((year.ways[0].count, year.ways[0].times), (3, Some([days(1), days(1), days(3)])));
        assert_eq!((year.ways[3].count, year.ways[3].times), (2, Some([days(9), days(14), days(19)])));
        assert_eq!(Year::of(&[], Tz::UTC).ways[3].times, None);
    }

    #[test]
    fn a_month_is_that_of_the_consortiums_clocks() {
        let last_hour = Course { sent: "2026-03-31T23:30:00Z".parse().unwrap(), ..course(End::Open) };
        let year = Year::of(&[last_hour], chrono_tz::Europe::London);
        assert_eq!((year.months[2], year.months[3]), ([0; 4], [0, 1, 0, 0]), "British summer time has begun");
    }

    #[test]
    fn where_a_request_stands_says_what_became_of_it() {
        use StageName as S;
        assert_eq!(End::of(S::Decided, Some(Answer::Declined)), End::Declined);
        assert_eq!(End::of(S::Decided, Some(Answer::Supported)), End::Open);
        assert_eq!(End::of(S::Revoked, Some(Answer::Supported)), End::Letter);
        assert_eq!(End::of(S::Withdrawn, Some(Answer::Supported)), End::Withdrawn);
    }

    #[test]
    fn shares_are_rounded_to_whole_hundredths() {
        assert_eq!([share(1, 3), share(2, 3), share(1, 8), share(0, 0)], ["33 %", "67 %", "13 %", "–"]);
    }
}

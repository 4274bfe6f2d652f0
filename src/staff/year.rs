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
    /// Where a request stands, or what became of it, in the order in which plots pile it up.
    pub enum Stand {
        /// Its letter was issued.
        Letter = "Letter issued",
        /// The committee supports it, and the letter is in work.
        Writing = "Letter in work",
        /// It is not supported.
        Declined = "Declined",
        /// It was taken back.
        Withdrawn = "Withdrawn",
        /// The committee reviews it or votes.
        Review = "With the committee",
        /// It has no reviewers yet.
        Received = "Received",
    }
}

impl Stand {
    /// Where a request of this stage stands.
    pub const fn of(stage: StageName, answer: Option<Answer>) -> Self {
        match (stage, answer) {
            (StageName::Withdrawn, _) => Self::Withdrawn,
            (StageName::Issued | StageName::Delivered | StageName::Revoked, _) => Self::Letter,
            (_, Some(Answer::Declined)) => Self::Declined,
            (StageName::Decided, _) => Self::Writing,
            (StageName::Routed | StageName::InReview, _) => Self::Review,
            (StageName::Draft | StageName::Submitted, _) => Self::Received,
        }
    }

    /// Whether somebody still has to work on it.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Writing | Self::Review | Self::Received)
    }
}

/// How much time there was at sending, in the order of [`Year::bands`].
pub const BANDS: [(Band, &str); 3] = [(Band::Normal, "Ample"), (Band::AtRisk, "At risk"), (Band::Late, "Late")];

/// What the funders decided about proposals with a letter, in the order of [`Year::told`].
pub const TOLD: [&str; 3] = ["Funded", "Not known yet", "Not funded"];

/// Counts of each month, from January.
pub type Months<const N: usize> = [[usize; N]; 12];

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
    /// Where it stands.
    pub stand: Stand,
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
    /// How many requests of each month stand where, in the order of [`Stand::ALL`].
    pub stands: Months<6>,
    /// How long each part of the way took; the last is the whole.
    pub ways: [Way; 4],
    /// How many requests of each month had ample time, were at risk, and were late.
    pub bands: Months<3>,
    /// Of the letters for requests of each month: how many proposals are funded, are not decided as far as we know, or
    /// are not funded.
    pub told: Months<3>,
}

impl Year {
    /// Sums up the courses of the requests of one year; months are those of `zone`.
    pub fn of(courses: &[Course], zone: Tz) -> Self {
        let way = |name, from: fn(&Course) -> Option<Instant>, to: fn(&Course) -> Option<Instant>| {
            let times = courses.iter().filter_map(|course| Some((to(course)? - from(course)?).max(TimeDelta::zero())));
            let mut times: Vec<TimeDelta> = times.collect();
            times.sort_unstable();
            let ends = times.first().copied().zip(times.last().copied());
            let count = times.len();
            Way { name, count, times: ends.zip(median(times)).map(|((least, most), middle)| [least, middle, most]) }
        };
        Self {
            stands: by_month(courses, zone, |one| Stand::ALL.iter().position(|stand| *stand == one.stand)),
            ways: [
                way("From sending to the reviewers", |one| Some(one.sent), |one| one.routed),
                way("From the reviewers to the decision", |one| one.routed, |one| one.decided),
                way("From the decision to the letter", |one| one.decided, |one| one.issued),
                way("The whole way", |one| Some(one.sent), |one| one.issued),
            ],
            bands: by_month(courses, zone, |one| BANDS.iter().position(|(band, _)| Some(*band) == one.band)),
            told: by_month(courses, zone, |one| match (one.stand, one.told) {
                (Stand::Letter, Some(Told::Funded)) => Some(0),
                (Stand::Letter, Some(Told::NotFunded)) => Some(2),
                (Stand::Letter, _) => Some(1),
                _ => None,
            }),
        }
    }

    /// How many requests were sent.
    pub fn sent(&self) -> usize {
        self.stands.iter().flatten().sum()
    }

    /// How many stand there.
    pub fn standing(&self, which: impl Fn(Stand) -> bool) -> usize {
        Stand::ALL.iter().zip(totals(&self.stands)).filter(|(stand, _)| which(**stand)).map(|(_, count)| count).sum()
    }
}

/// How many requests of each month, as `zone` counts months, belong to which column; none where there is none for it.
fn by_month<const N: usize>(courses: &[Course], zone: Tz, column: impl Fn(&Course) -> Option<usize>) -> Months<N> {
    let mut months = [[0; N]; 12];
    for course in courses {
        let month = months.get_mut(course.sent.with_timezone(&zone).month0() as usize);
        let cell = month.zip(column(course)).and_then(|(month, column)| month.get_mut(column));
        if let Some(count) = cell {
            *count += 1;
        }
    }
    months
}

/// The counts of all months together.
pub fn totals<const N: usize>(months: &Months<N>) -> [usize; N] {
    std::array::from_fn(|column| months.iter().filter_map(|month| month.get(column)).sum())
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

    fn course(stand: Stand) -> Course {
        Course { sent: at(1), routed: None, decided: None, issued: None, stand, band: Some(Band::Normal), told: None }
    }

    #[test]
    fn a_request_is_counted_once_in_its_month_and_a_way_only_by_those_that_went_it() {
        let whole = |issued, told| Course {
            routed: Some(at(2)),
            decided: Some(at(9)),
            issued: Some(at(issued)),
            told,
            ..course(Stand::Letter)
        };
        let late = Course { band: Some(Band::Late), routed: Some(at(4)), ..course(Stand::Review) };
        let courses =
            [whole(10, Some(Told::Funded)), whole(20, Some(Told::NotYetKnown)), late, course(Stand::Withdrawn)];
        let year = Year::of(&courses, Tz::UTC);
        assert_eq!((year.sent(), year.stands[2], year.bands[2]), (4, [2, 0, 0, 1, 1, 0], [3, 0, 1]));
        assert_eq!((year.told[2], totals(&year.told), totals(&year.bands)), ([1, 1, 0], [1, 1, 0], [3, 0, 1]));
        assert_eq!((year.standing(|one| one == Stand::Letter), year.standing(Stand::is_open)), (2, 1));
        let days = TimeDelta::days;
        assert_eq!((year.ways[0].count, year.ways[0].times), (3, Some([days(1), days(1), days(3)])));
        assert_eq!((year.ways[3].count, year.ways[3].times), (2, Some([days(9), days(14), days(19)])));
        assert_eq!(Year::of(&[], Tz::UTC).ways[3].times, None);
    }

    #[test]
    fn a_month_is_that_of_the_consortiums_clocks() {
        let last_hour = Course { sent: "2026-03-31T23:30:00Z".parse().unwrap(), ..course(Stand::Review) };
        let year = Year::of(&[last_hour], chrono_tz::Europe::London);
        assert_eq!((year.stands[2], year.stands[3]), ([0; 6], [0, 0, 0, 0, 1, 0]), "British summer time has begun");
    }

    #[test]
    fn a_stage_says_where_a_request_stands() {
        use StageName as S;
        for (stage, answer, stand) in [
            (S::Submitted, None, Stand::Received),
            (S::InReview, None, Stand::Review),
            (S::Decided, Some(Answer::Declined), Stand::Declined),
            (S::Decided, Some(Answer::Supported), Stand::Writing),
            (S::Revoked, Some(Answer::Supported), Stand::Letter),
            (S::Withdrawn, Some(Answer::Supported), Stand::Withdrawn),
        ] {
            assert_eq!(Stand::of(stage, answer), stand, "{stage}");
        }
    }

    #[test]
    fn shares_are_rounded_to_whole_hundredths() {
        assert_eq!([share(1, 3), share(2, 3), share(1, 8), share(0, 0)], ["33 %", "67 %", "13 %", "–"]);
    }
}

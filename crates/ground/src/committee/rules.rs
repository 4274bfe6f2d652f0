//! Which seats are in office on a day, who may act for one, and what is odd about a list of seats
//! (governance.md, "Seats"). Days are calendar days in UTC.

use std::collections::{HashMap, HashSet};

use chrono::{Datelike, NaiveDate};

use crate::ids::{InstitutionId, PersonId, SeatHolderId, SeatId};
use crate::members::institution::Institution;
use crate::people::access::Capacity;
use crate::plain;

/// How many seats the committee has when none is vacant.
pub const SEATS: usize = 13;
/// How many of them commercial members may hold.
pub const COMMERCIAL_SEATS: usize = 3;

/// The years a seat is elected for. The election is held in the year before the first one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term {
    /// The year of the election.
    pub elected: i32,
    /// For how many calendar years: 2, 3 or 4.
    pub years: u8,
}

impl Term {
    /// The first day in office: a seat counts in calendar year Y when `elected < Y <= elected + years`.
    pub fn first_day(&self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.elected.saturating_add(1), 1, 1).unwrap_or_default()
    }

    /// The last day in office.
    pub fn last_day(&self) -> NaiveDate {
        let year = self.elected.saturating_add(i32::from(self.years));
        NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or_default()
    }
}

/// A seat for one term, or for the part of a term in which one institution holds it or nobody does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// The seat.
    pub id: SeatId,
    /// The institution that holds it; `None` while it is vacant. A vacant seat is still a seat of record.
    pub institution: Option<InstitutionId>,
    /// The election it was filled in, as the roster calls it.
    pub batch: String,
    /// Its first day in office.
    pub first_day: NaiveDate,
    /// Its last day in office.
    pub last_day: NaiveDate,
}

impl Seat {
    /// Whether the seat is in office on `day`.
    pub fn in_office(&self, day: NaiveDate) -> bool {
        self.first_day <= day && day <= self.last_day
    }

    /// Whether it begins and ends with a calendar year, as every term does that nobody cut short.
    pub fn is_whole_years(&self) -> bool {
        self.first_day.ordinal() == 1 && (self.last_day.month(), self.last_day.day()) == (12, 31)
    }

    /// The time in office in words: "2024 to 2026", "2026" for a single year, or its first and last day where an
    /// institution gave the seat up or took it in the middle of a term.
    pub fn term_in_words(&self) -> String {
        if !self.is_whole_years() {
            return format!("{} to {}", plain::day(self.first_day), plain::day(self.last_day));
        }
        match (self.first_day.year(), self.last_day.year()) {
            (first, last) if first == last => last.to_string(),
            (first, last) => format!("{first} to {last}"),
        }
    }
}

/// The seats of record on `day`: all in office, vacant or not, in the order given. Their number is the denominator of
/// a tally.
pub fn seats_of_record(seats: &[Seat], day: NaiveDate) -> Vec<&Seat> {
    seats.iter().filter(|seat| seat.in_office(day)).collect()
}

/// How many of the committee's seats nobody holds on `day`.
pub fn vacancies(seats: &[Seat], day: NaiveDate) -> usize {
    let held = seats.iter().filter(|seat| seat.in_office(day) && seat.institution.is_some());
    SEATS.saturating_sub(held.count())
}

/// A person's charge for a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// The row of this charge.
    pub id: SeatHolderId,
    /// The seat.
    pub seat: SeatId,
    /// The person.
    pub person: PersonId,
    /// As representative or as the alternate.
    pub capacity: Capacity,
    /// The first day.
    pub since: NaiveDate,
    /// The last day; `None` while it lasts.
    pub until: Option<NaiveDate>,
}

impl Holder {
    /// Whether the person has this charge on `day`. Whether the seat is in office is another question.
    pub fn holds(&self, day: NaiveDate) -> bool {
        self.since <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// What `person` is for `seat` on `day`; `None` when they may not act for it then.
pub fn capacity_of(seat: &Seat, holders: &[Holder], person: PersonId, day: NaiveDate) -> Option<Capacity> {
    let acting = who_may_act(seat, holders, day);
    acting.iter().find(|holder| holder.person == person).map(|holder| holder.capacity)
}

/// Who may act for `seat` on `day`, the representative first. Nobody while the seat is vacant or not in office.
pub fn who_may_act(seat: &Seat, holders: &[Holder], day: NaiveDate) -> Vec<Holder> {
    let mut acting: Vec<Holder> = holders
        .iter()
        .filter(|holder| holder.seat == seat.id && holder.holds(day) && seat.in_office(day))
        .filter(|_| seat.institution.is_some())
        .copied()
        .collect();
    acting.sort_by_key(|holder| (holder.capacity, holder.since));
    acting
}

/// What a person should look at in a list of seats on `day`, in words. Nothing of it stops the committee's work.
pub fn warnings(seats: &[Seat], institutions: &HashMap<InstitutionId, Institution>, day: NaiveDate) -> Vec<String> {
    let held: Vec<InstitutionId> =
        seats_of_record(seats, day).into_iter().filter_map(|seat| seat.institution).collect();
    let name = |id: &InstitutionId| institutions.get(id).map_or_else(|| id.to_string(), |one| one.name.clone());
    let mut warnings = Vec::new();
    if held.len() != SEATS {
        let (on, held) = (plain::day(day), held.len());
        warnings.push(format!("On {on} institutions hold {held} seats; the committee has {SEATS}."));
    }
    for (institution, from, to) in overlaps(seats) {
        let (from, to) = (plain::day(from), plain::day(to));
        warnings.push(format!("{} holds two seats from {from} to {to}. It has one vote.", name(&institution)));
    }
    for id in &held {
        let kind = institutions.get(id).and_then(|one| one.membership_on(day));
        if !kind.is_some_and(|kind| kind.may_hold_seat()) {
            let on = plain::day(day);
            warnings.push(format!("{} holds a seat but is not a founding or full member on {on}.", name(id)));
        }
    }
    let commercial = held.iter().filter_map(|id| institutions.get(id)).filter(|one| one.commercial).count();
    if commercial > COMMERCIAL_SEATS {
        warnings.push(format!("Commercial members hold {commercial} seats; {COMMERCIAL_SEATS} is the most."));
    }
    warnings
}

/// A seat of each of two institutions that are held on one day, `today` or later; none when no such day has both.
pub fn held_at_once(
    seats: &[Seat],
    (one, other): (InstitutionId, InstitutionId),
    today: NaiveDate,
) -> Option<(&Seat, &Seat)> {
    let of = |id| seats.iter().filter(move |seat| seat.institution == Some(id));
    let at_once =
        |one: &Seat, other: &Seat| one.first_day.max(other.first_day).max(today) <= one.last_day.min(other.last_day);
    of(one).find_map(|mine| of(other).find(|theirs| at_once(mine, theirs)).map(|theirs| (mine, theirs)))
}

/// Institutions with two seats at once, with the first and last day of that; each stretch once.
fn overlaps(seats: &[Seat]) -> Vec<(InstitutionId, NaiveDate, NaiveDate)> {
    let mut seen = HashSet::new();
    let mut overlaps = Vec::new();
    for (at, one) in seats.iter().enumerate() {
        let Some(institution) = one.institution else { continue };
        for other in seats.iter().skip(at + 1).filter(|other| other.institution == one.institution) {
            let from = one.first_day.max(other.first_day);
            let to = one.last_day.min(other.last_day);
            if from <= to && seen.insert((institution, from, to)) {
                overlaps.push((institution, from, to));
            }
        }
    }
    overlaps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::members::institution::{Membership, Period};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(number: usize) -> T {
        format!("00000000-0000-7000-8000-0000000000{number:02}").parse().unwrap()
    }

    fn seat(number: usize, elected: i32, years: u8) -> Seat {
        let term = Term { elected, years };
        let (first_day, last_day) = (term.first_day(), term.last_day());
        Seat { id: id(number), institution: Some(id(number)), batch: String::new(), first_day, last_day }
    }

    fn holder(seat: usize, person: usize, capacity: Capacity, since: &str, until: Option<&str>) -> Holder {
        let until = until.map(day);
        Holder { id: id(person), seat: id(seat), person: id(person), capacity, since: day(since), until }
    }

    fn full_members(count: usize) -> HashMap<InstitutionId, Institution> {
        let member = |number| Institution {
            periods: vec![Period { kind: Membership::Full, since: None, until: None }],
            ..Institution::named(id(number), format!("Library {number}"))
        };
        (1..=count).map(|number| (id(number), member(number))).collect()
    }

    #[test]
    fn a_seat_counts_from_the_year_after_its_election_through_its_term() {
        let seat = seat(1, 2023, 3);
        for (on, in_office) in
            [("2023-12-31", false), ("2024-01-01", true), ("2026-12-31", true), ("2027-01-01", false)]
        {
            assert_eq!(seat.in_office(day(on)), in_office, "{on}");
        }
        assert_eq!(seat.term_in_words(), "2024 to 2026");
        let left = Seat { last_day: day("2025-06-14"), ..seat };
        assert_eq!(left.term_in_words(), "1 January 2024 to 14 June 2025");
    }

    #[test]
    fn a_vacant_seat_stays_on_record_and_nobody_acts_for_it() {
        let mut seats: Vec<Seat> = (1..=SEATS).map(|number| seat(number, 2025, 3)).collect();
        let holders = [holder(5, 5, Capacity::Representative, "2026-01-01", None)];
        assert_eq!(
            (vacancies(&seats, day("2026-05-01")), who_may_act(&seats[4], &holders, day("2026-05-01")).len()),
            (0, 1)
        );
        seats[4].institution = None;
        assert_eq!(seats_of_record(&seats, day("2026-05-01")).len(), SEATS);
        assert_eq!(
            (vacancies(&seats, day("2026-05-01")), who_may_act(&seats[4], &holders, day("2026-05-01")).len()),
            (1, 0)
        );
    }

    #[test]
    fn representative_and_alternate_may_act_on_their_days_while_the_seat_is_in_office() {
        let seat = seat(1, 2025, 2);
        let holders = [
            holder(1, 12, Capacity::Alternate, "2026-01-01", None),
            holder(1, 11, Capacity::Representative, "2026-01-01", Some("2026-05-31")),
            holder(2, 13, Capacity::Representative, "2026-01-01", None),
        ];
        let acting = |on| who_may_act(&seat, &holders, day(on)).iter().map(|one| one.capacity).collect::<Vec<_>>();
        assert_eq!(acting("2026-05-31"), [Capacity::Representative, Capacity::Alternate]);
        assert_eq!(acting("2026-06-01"), [Capacity::Alternate]);
        assert_eq!(acting("2028-01-01"), []);
        let capacity = |person, on| capacity_of(&seat, &holders, id(person), day(on));
        assert_eq!(capacity(11, "2026-05-31"), Some(Capacity::Representative));
        assert_eq!(capacity(11, "2026-06-01"), None);
        assert_eq!(capacity(13, "2026-05-31"), None, "a person of another seat");
        assert_eq!(capacity(12, "2025-12-31"), None, "before the first day");
    }

    #[test]
    fn a_full_committee_of_full_members_gives_no_warning() {
        let seats: Vec<Seat> = (1..=SEATS).map(|number| seat(number, 2025, 3)).collect();
        assert_eq!(warnings(&seats, &full_members(SEATS), day("2026-11-22")), Vec::<String>::new());
    }

    #[test]
    fn vacancies_double_seats_wrong_members_and_too_many_companies_are_warned_of() {
        let mut members = full_members(12);
        members.get_mut(&id(1)).unwrap().periods[0].kind = Membership::Associate;
        for number in 2..=5 {
            members.get_mut(&id(number)).unwrap().commercial = true;
        }
        let mut seats: Vec<Seat> = (1..=12).map(|number| seat(number, 2025, 3)).collect();
        seats.push(Seat { institution: Some(id(7)), ..seat(20, 2026, 3) });
        assert_eq!(
            warnings(&seats, &members, day("2026-11-22")),
            [
                "On 22 November 2026 institutions hold 12 seats; the committee has 13.",
                "Library 7 holds two seats from 1 January 2027 to 31 December 2028. It has one vote.",
                "Library 1 holds a seat but is not a founding or full member on 22 November 2026.",
                "Commercial members hold 4 seats; 3 is the most.",
            ]
        );
    }

    #[test]
    fn two_institutions_with_a_seat_each_on_some_day_are_told_from_those_that_follow_each_other() {
        let seats = [seat(1, 2020, 3), seat(2, 2023, 3), seat(3, 2022, 2)];
        let both = |one, other, today| {
            held_at_once(&seats, (id(one), id(other)), day(today)).map(|(one, other)| (one.id, other.id))
        };
        assert_eq!(both(1, 2, "2020-01-01"), None);
        assert_eq!(both(2, 3, "2024-12-31"), Some((id(2), id(3))));
        assert_eq!(both(2, 3, "2025-01-01"), None, "what is past is past");
    }

    #[test]
    fn a_seat_held_again_after_its_term_is_no_double_seat_and_vacant_ones_are_nobodys() {
        let again = [seat(1, 2020, 3), Seat { institution: Some(id(1)), ..seat(2, 2023, 3) }];
        assert_eq!(overlaps(&again), []);
        let vacant = |number| Seat { institution: None, ..seat(number, 2023, 3) };
        assert_eq!(overlaps(&[vacant(1), vacant(2)]), []);
    }
}

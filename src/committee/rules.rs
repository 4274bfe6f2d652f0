//! Which seats are in office on a day, who may act for one, and what is odd about a list of seats
//! (governance.md, "Seats"). Days are calendar days in UTC.

use std::collections::{HashMap, HashSet};

use chrono::{Datelike, NaiveDate};

use crate::ids::{InstitutionId, PersonId, SeatHolderId, SeatId};
use crate::members::institution::Institution;
use crate::worded;

/// How many seats the committee has when none is vacant.
pub const SEATS: usize = 13;
/// How many of them commercial members may hold.
pub const COMMERCIAL_SEATS: usize = 3;

/// The years a seat is held for. The election is held in the year before the first one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term {
    /// The year of the election.
    pub elected: i32,
    /// For how many calendar years: 2, 3 or 4.
    pub years: u8,
}

impl Term {
    /// Whether a seat with this term counts in calendar year `year`: `elected < year <= elected + years`.
    pub fn counts_in(&self, year: i32) -> bool {
        self.elected < year && year <= self.last_year()
    }

    /// The first calendar year in office.
    pub fn first_year(&self) -> i32 {
        self.elected.saturating_add(1)
    }

    /// The last calendar year in office.
    pub fn last_year(&self) -> i32 {
        self.elected.saturating_add(i32::from(self.years))
    }

    /// The term in words: "2024 to 2026", or "2026" for a single year.
    pub fn in_words(&self) -> String {
        match (self.first_year(), self.last_year()) {
            (first, last) if first >= last => last.to_string(),
            (first, last) => format!("{first} to {last}"),
        }
    }
}

/// An institution's seat for one term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    /// The seat.
    pub id: SeatId,
    /// The institution that holds it.
    pub institution: InstitutionId,
    /// For how long it was elected.
    pub term: Term,
    /// The first day without it, when the institution gave it up before the term was over.
    pub vacated: Option<NaiveDate>,
}

impl Seat {
    /// Whether the seat is in office on `day`.
    pub fn in_office(&self, day: NaiveDate) -> bool {
        self.term.counts_in(day.year()) && self.vacated.is_none_or(|vacated| day < vacated)
    }
}

/// The seats of record on `day`: all in office, in the order given. Their number is the denominator of a tally.
pub fn seats_of_record(seats: &[Seat], day: NaiveDate) -> Vec<Seat> {
    seats.iter().filter(|seat| seat.in_office(day)).copied().collect()
}

/// How many of the committee's seats nobody holds on `day`.
pub fn vacancies(seats: &[Seat], day: NaiveDate) -> usize {
    SEATS.saturating_sub(seats.iter().filter(|seat| seat.in_office(day)).count())
}

worded! {
    /// What a person is for a seat.
    pub enum Charge {
        /// Speaks and votes for the institution.
        Representative = "representative",
        /// Does so in the representative's place. The seat still has one vote, whoever casts it.
        Alternate = "alternate",
    }
}

/// A person's charge for a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// The charge.
    pub id: SeatHolderId,
    /// The seat.
    pub seat: SeatId,
    /// The person.
    pub person: PersonId,
    /// Representative or alternate.
    pub charge: Charge,
    /// The first day.
    pub since: NaiveDate,
    /// The first day on which it is over; `None` while it lasts.
    pub until: Option<NaiveDate>,
}

impl Holder {
    /// Whether the person has this charge on `day`. Whether the seat is in office is another question.
    pub fn holds(&self, day: NaiveDate) -> bool {
        self.since <= day && self.until.is_none_or(|until| day < until)
    }
}

/// What `person` is for `seat` on `day`: `None` when they may not act for it, or the seat is not in office.
pub fn charge_of(seat: &Seat, holders: &[Holder], person: PersonId, day: NaiveDate) -> Option<Charge> {
    let mine = holders.iter().filter(|holder| holder.seat == seat.id && holder.person == person && holder.holds(day));
    mine.map(|holder| holder.charge).min().filter(|_| seat.in_office(day))
}

/// Who may act for `seat` on `day`, the representative first. Nobody while the seat is not in office.
pub fn who_may_act(seat: &Seat, holders: &[Holder], day: NaiveDate) -> Vec<Holder> {
    let mut acting: Vec<Holder> = holders
        .iter()
        .filter(|holder| holder.seat == seat.id && holder.holds(day) && seat.in_office(day))
        .copied()
        .collect();
    acting.sort_by_key(|holder| (holder.charge, holder.since));
    acting
}

/// What a person should look at in a list of seats on `day`, in words. Nothing of it stops the committee's work.
pub fn warnings(seats: &[Seat], institutions: &HashMap<InstitutionId, Institution>, day: NaiveDate) -> Vec<String> {
    let record = seats_of_record(seats, day);
    let name = |id: &InstitutionId| institutions.get(id).map_or_else(|| id.to_string(), |one| one.name.clone());
    let mut warnings = Vec::new();
    if record.len() != SEATS {
        warnings.push(format!("On {day} there are {} seats in office; the committee has {SEATS}.", record.len()));
    }
    for (institution, from, to) in overlaps(seats) {
        let when = if from == to { from.to_string() } else { format!("{from} to {to}") };
        warnings.push(format!("{} holds two seats at once in {when}. It has one vote.", name(&institution)));
    }
    for seat in &record {
        let kind = institutions.get(&seat.institution).and_then(|one| one.membership_on(day));
        if !kind.is_some_and(|kind| kind.may_hold_seat()) {
            warnings.push(format!(
                "{} holds a seat but is not a founding or full member on {day}.",
                name(&seat.institution)
            ));
        }
    }
    let commercial = record.iter().filter_map(|seat| institutions.get(&seat.institution));
    let commercial = commercial.filter(|one| one.commercial == Some(true)).count();
    if commercial > COMMERCIAL_SEATS {
        warnings.push(format!("Commercial members hold {commercial} seats; {COMMERCIAL_SEATS} is the most."));
    }
    warnings
}

/// Institutions with two seats in the same years, with the first and last of those years; each once per pair.
fn overlaps(seats: &[Seat]) -> Vec<(InstitutionId, i32, i32)> {
    let mut seen = HashSet::new();
    let mut overlaps = Vec::new();
    for (at, one) in seats.iter().enumerate() {
        for other in seats.iter().skip(at + 1).filter(|other| other.institution == one.institution) {
            let from = one.term.first_year().max(other.term.first_year());
            let to = last_year(one).min(last_year(other));
            if from <= to && seen.insert((one.institution, from, to)) {
                overlaps.push((one.institution, from, to));
            }
        }
    }
    overlaps
}

/// The last calendar year in which the seat is in office on some day.
fn last_year(seat: &Seat) -> i32 {
    let gave_up = seat.vacated.and_then(|day| day.pred_opt()).map_or(i32::MAX, |day| day.year());
    seat.term.last_year().min(gave_up)
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
        Seat { id: id(number), institution: id(number), term: Term { elected, years }, vacated: None }
    }

    fn holder(seat: usize, person: usize, charge: Charge, since: &str, until: Option<&str>) -> Holder {
        let until = until.map(day);
        Holder { id: id(person), seat: id(seat), person: id(person), charge, since: day(since), until }
    }

    fn full_members(count: usize) -> HashMap<InstitutionId, Institution> {
        let member = |number| Institution {
            id: id(number),
            name: format!("Library {number}"),
            aliases: vec![],
            website: None,
            country: None,
            commercial: Some(false),
            periods: vec![Period { kind: Membership::Full, since: None, until: None }],
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
        assert_eq!(seat.term.in_words(), "2024 to 2026");
    }

    #[test]
    fn a_seat_given_up_leaves_office_on_that_day_and_makes_a_vacancy() {
        let mut seats: Vec<Seat> = (1..=SEATS).map(|number| seat(number, 2025, 3)).collect();
        seats[4].vacated = Some(day("2026-05-01"));
        assert_eq!(seats_of_record(&seats, day("2026-04-30")).len(), 13);
        assert_eq!(seats_of_record(&seats, day("2026-05-01")).len(), 12);
        assert_eq!((vacancies(&seats, day("2026-04-30")), vacancies(&seats, day("2026-05-01"))), (0, 1));
    }

    #[test]
    fn representative_and_alternate_may_act_while_they_hold_the_charge_and_the_seat_is_in_office() {
        let seat = seat(1, 2025, 2);
        let holders = [
            holder(1, 12, Charge::Alternate, "2026-01-01", None),
            holder(1, 11, Charge::Representative, "2026-01-01", Some("2026-06-01")),
            holder(2, 13, Charge::Representative, "2026-01-01", None),
        ];
        let acting = |on| who_may_act(&seat, &holders, day(on)).iter().map(|one| one.charge).collect::<Vec<_>>();
        assert_eq!(acting("2026-05-31"), [Charge::Representative, Charge::Alternate]);
        assert_eq!(acting("2026-06-01"), [Charge::Alternate]);
        assert_eq!(acting("2028-01-01"), []);
        assert_eq!(charge_of(&seat, &holders, id(11), day("2026-05-31")), Some(Charge::Representative));
        assert_eq!(charge_of(&seat, &holders, id(11), day("2026-06-01")), None);
        assert_eq!(charge_of(&seat, &holders, id(13), day("2026-05-31")), None, "a person of another seat");
        assert_eq!(charge_of(&seat, &holders, id(12), day("2025-12-31")), None, "before the charge");
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
            members.get_mut(&id(number)).unwrap().commercial = Some(true);
        }
        let mut seats: Vec<Seat> = (1..=12).map(|number| seat(number, 2025, 3)).collect();
        seats.push(Seat { institution: id(7), ..seat(20, 2026, 3) });
        assert_eq!(
            warnings(&seats, &members, day("2026-11-22")),
            [
                "On 2026-11-22 there are 12 seats in office; the committee has 13.",
                "Library 7 holds two seats at once in 2027 to 2028. It has one vote.",
                "Library 1 holds a seat but is not a founding or full member on 2026-11-22.",
                "Commercial members hold 4 seats; 3 is the most.",
            ]
        );
    }

    #[test]
    fn a_seat_held_again_after_its_term_or_after_it_was_given_up_is_no_double_seat() {
        let again = [seat(1, 2020, 3), Seat { institution: id(1), ..seat(2, 2023, 3) }];
        assert_eq!(overlaps(&again), []);
        let given_up = Seat { vacated: Some(day("2025-01-01")), ..seat(1, 2022, 4) };
        assert_eq!(overlaps(&[given_up, Seat { institution: id(1), ..seat(2, 2024, 3) }]), []);
    }
}

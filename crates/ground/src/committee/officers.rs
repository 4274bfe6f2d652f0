//! The committee's officers: chair, vice-chair, treasurer and secretary (governance.md, "Seats"). Each office has at most
//! one holder at a time, and whoever holds one acts for a seat. Days are calendar days in UTC.

use chrono::NaiveDate;

use super::rules::{Holder, Seat, capacity_of};
use crate::ids::{OfficerId, PersonId};
use crate::people::access::Office;
use crate::plain;
use crate::refusal::FieldErrors;

/// A person's time in an office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Officer {
    /// The row of this time.
    pub id: OfficerId,
    /// The office.
    pub office: Office,
    /// The person.
    pub person: PersonId,
    /// The first day.
    pub since: NaiveDate,
    /// The last day; `None` while no end is set.
    pub until: Option<NaiveDate>,
}

impl Officer {
    /// Whether the office is theirs on `day`. Whether they act for a seat then is another question.
    pub fn holds(&self, day: NaiveDate) -> bool {
        self.since <= day && self.until.is_none_or(|until| day <= until)
    }

    /// Whether the office is theirs on some day between `first` and `last`; no last day means for good.
    pub fn overlaps(&self, first: NaiveDate, last: Option<NaiveDate>) -> bool {
        last.is_none_or(|last| self.since <= last) && self.until.is_none_or(|until| first <= until)
    }
}

/// The seat that a person acts for on `day`, the one they represent before one they are the alternate of.
pub fn seat_of<'s>(person: PersonId, seats: &'s [Seat], holders: &[Holder], day: NaiveDate) -> Option<&'s Seat> {
    let acts = seats.iter().filter_map(|seat| Some((capacity_of(seat, holders, person, day)?, seat)));
    acts.min_by_key(|(capacity, _)| *capacity).map(|(_, seat)| seat)
}

/// The officers on `day` with the seat each acts for, in the order of the offices. Whoever acts for no seat is none.
pub fn officers_on<'s>(
    officers: &[Officer],
    seats: &'s [Seat],
    holders: &[Holder],
    day: NaiveDate,
) -> Vec<(Officer, &'s Seat)> {
    let holding = officers.iter().filter(|officer| officer.holds(day));
    let mut found: Vec<(Officer, &Seat)> =
        holding.filter_map(|officer| Some((*officer, seat_of(officer.person, seats, holders, day)?))).collect();
    found.sort_by_key(|(officer, _)| officer.office);
    found
}

/// Somebody's time in an office, as staff wish it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// The office.
    pub office: Office,
    /// The person.
    pub person: PersonId,
    /// The first day.
    pub since: NaiveDate,
    /// The last day, when one is set.
    pub until: Option<NaiveDate>,
}

/// Who has to make room for an appointment: whoever holds the office on its first day ceases with the day before.
///
/// # Errors
/// Field errors when the last day comes before the first, when the person holds the office already, and when somebody is
/// appointed for days that begin later and would overlap.
pub fn makes_room(known: &[Officer], wish: &Wish) -> Result<Vec<OfficerId>, FieldErrors> {
    if wish.until.is_some_and(|until| until < wish.since) {
        return Err(FieldErrors::one("until", "The last day comes before the first. Correct one of them."));
    }
    let same = known.iter().filter(|officer| officer.office == wish.office);
    let meeting: Vec<&Officer> = same.filter(|officer| officer.overlaps(wish.since, wish.until)).collect();
    let mut errors = FieldErrors::default();
    for officer in &meeting {
        if officer.person == wish.person {
            let message = "This person holds the office on these days already. End that first, or choose other days.";
            errors.add("person", message);
        } else if officer.since > wish.since {
            let day = plain::day(officer.since);
            errors.add(
                "until",
                format!(
                    "Somebody else takes the office on {day}. Set a last day before it, or end that appointment first."
                ),
            );
        }
    }
    errors.unless_any(meeting.iter().map(|officer| officer.id).collect())
}

#[cfg(test)]
mod tests {
    use super::super::rules::Term;
    use super::*;
    use crate::ids::{InstitutionId, SeatHolderId, SeatId};
    use crate::people::access::Capacity;
    use proptest::prelude::*;

    fn day(number: u16) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Days::new(number.into())
    }

    fn officer(office: Office, person: PersonId, since: u16, until: Option<u16>) -> Officer {
        Officer { id: OfficerId::fresh(), office, person, since: day(since), until: until.map(day) }
    }

    fn wish(person: PersonId, since: u16, until: Option<u16>) -> Wish {
        Wish { office: Office::Chair, person, since: day(since), until: until.map(day) }
    }

    /// The officers after the appointment, as the store leaves them.
    fn appointed(mut known: Vec<Officer>, wish: &Wish) -> Vec<Officer> {
        let Ok(gone) = makes_room(&known, wish) else { return known };
        known.retain_mut(|officer| {
            if gone.contains(&officer.id) {
                officer.until = wish.since.pred_opt();
            }
            officer.until.is_none_or(|until| officer.since <= until)
        });
        let Wish { office, person, since, until } = *wish;
        known.push(Officer { id: OfficerId::fresh(), office, person, since, until });
        known
    }

    #[test]
    fn a_successor_ends_the_time_of_whoever_is_in_office() {
        let (one, other) = (PersonId::fresh(), PersonId::fresh());
        let known = vec![officer(Office::Chair, one, 0, None), officer(Office::Treasurer, one, 0, None)];
        let after = appointed(known, &wish(other, 31, None));
        assert_eq!(after.iter().map(|officer| officer.until).collect::<Vec<_>>(), [Some(day(30)), None, None]);
    }

    #[test]
    fn neither_a_later_appointment_nor_the_own_one_is_overlapped() {
        let (one, other) = (PersonId::fresh(), PersonId::fresh());
        let known = [officer(Office::Chair, one, 31, None)];
        assert!(makes_room(&known, &wish(other, 0, None)).unwrap_err().of("until").is_some());
        assert_eq!(makes_room(&known, &wish(other, 0, Some(30))), Ok(vec![]));
        assert!(makes_room(&known, &wish(one, 40, None)).unwrap_err().of("person").is_some());
        assert!(makes_room(&[], &wish(one, 3, Some(2))).unwrap_err().of("until").is_some());
    }

    #[test]
    fn whoever_acts_for_no_seat_holds_no_office() {
        let term = Term { elected: 2025, years: 1 };
        let (seat, person) = (SeatId::fresh(), PersonId::fresh());
        let seats = [Seat {
            id: seat,
            institution: Some(InstitutionId::fresh()),
            batch: String::new(),
            first_day: term.first_day(),
            last_day: term.last_day(),
        }];
        let acts = Holder {
            id: SeatHolderId::fresh(),
            seat,
            person,
            capacity: Capacity::Alternate,
            since: day(0),
            until: Some(day(9)),
        };
        let officers = [officer(Office::Secretary, person, 0, None), officer(Office::Chair, person, 5, None)];
        let offices = |on: u16| -> Vec<Office> {
            officers_on(&officers, &seats, &[acts], day(on)).iter().map(|(officer, _)| officer.office).collect()
        };
        assert_eq!(offices(4), [Office::Secretary]);
        assert_eq!(offices(9), [Office::Chair, Office::Secretary]);
        assert_eq!(offices(10), [], "they act for the seat no longer");
        assert_eq!(offices(400), [], "the seat's term is over");
    }

    proptest! {
        #[test]
        fn an_office_never_has_two_holders(wishes in prop::collection::vec((0..4_usize, 0..60_u16, prop::option::of(0..60_u16)), 0..12)) {
            let people: Vec<PersonId> = (0..4).map(|_| PersonId::fresh()).collect();
            let officers = wishes.iter().fold(Vec::new(), |known, (who, since, until)| appointed(known, &wish(people[*who], *since, *until)));
            for on in (0..61).map(day) {
                prop_assert!(officers.iter().filter(|officer| officer.holds(on)).count() <= 1, "{on}");
            }
        }
    }
}

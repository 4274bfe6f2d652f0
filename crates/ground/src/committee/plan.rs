//! What a roster would change in the seats: nothing is changed here. The same roster again changes nothing.

use std::collections::{HashMap, HashSet};
use std::fmt;

use chrono::NaiveDate;

use super::roster::{Roster, Unmatched};
use super::rules::{Seat, Term};
use crate::ids::{InstitutionId, SeatId};

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A seat that is not there yet; without an institution the place of an election to come, which is vacant until then.
    Add {
        /// The institution.
        institution: Option<InstitutionId>,
        /// The election, as the roster calls it.
        batch: String,
        /// The term.
        term: Term,
    },
    /// A vacant seat that now has its institution.
    Fill {
        /// The seat.
        seat: SeatId,
        /// The institution.
        institution: InstitutionId,
        /// The term.
        term: Term,
    },
    /// A seat whose term ends on another day.
    Reschedule {
        /// The seat.
        seat: SeatId,
        /// The institution.
        institution: InstitutionId,
        /// The term.
        term: Term,
    },
}

/// Everything that a roster would change.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// The changes, in the roster's order.
    pub changes: Vec<Change>,
    /// Names to be remembered as other names of an institution.
    pub answered: Vec<(String, InstitutionId)>,
    /// Every name that could not be matched. While there is one, nothing is changed.
    pub unmatched: Vec<Unmatched>,
    /// Our seats of terms that begin as some of the roster do, which it does not name. They stay.
    pub unnamed: Vec<Seat>,
    /// How many seats stay as they are.
    pub unchanged: usize,
}

impl Plan {
    /// Whether the roster changes nothing and asks nothing.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.answered.is_empty() && self.unmatched.is_empty()
    }

    /// The plan in lines for people, with the institutions by name.
    pub fn in_words(&self, names: &HashMap<InstitutionId, String>) -> Vec<String> {
        let name = |id: &InstitutionId| names.get(id).map_or_else(|| id.to_string(), Clone::clone);
        let years = |term: &Term| format!("{} to {}", term.elected + 1, term.elected + i32::from(term.years));
        let change = |change: &Change| match change {
            Change::Add { institution: Some(id), term, .. } => format!("+ {}, {}", name(id), years(term)),
            Change::Add { institution: None, term, batch } => {
                format!("+ a vacant seat, {}: the place of an election to come ({batch})", years(term))
            }
            Change::Fill { institution, term, .. } => {
                format!("~ {} takes a vacant seat, {}", name(institution), years(term))
            }
            Change::Reschedule { institution, term, .. } => {
                format!("~ {}: the term is {}", name(institution), years(term))
            }
        };
        let answered = self.answered.iter().map(|(typed, id)| format!("= “{typed}” is another name of {}", name(id)));
        let unnamed = self.unnamed.iter().map(|seat| {
            let holder = seat.institution.as_ref().map_or_else(|| "a vacant seat".to_owned(), name);
            format!("  {holder}, {}: not in the file; it stays", seat.term_in_words())
        });
        self.changes.iter().map(change).chain(answered).chain(unnamed).collect()
    }
}

impl fmt::Display for Unmatched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: nobody is called “{}”.", self.line.line, self.line.name)?;
        match self.candidates.as_slice() {
            [] => write!(f, " Nothing resembles it."),
            some => {
                let names: Vec<&str> = some.iter().map(|candidate| candidate.name.as_str()).collect();
                write!(f, " The nearest: {}.", names.join("; "))
            }
        }
    }
}

/// Compares our seats with a roster.
///
/// A seat of the roster is ours when the same institution begins a term on the same day, also when it gave the seat up
/// since. Else it is a vacant seat of that term, if there is one; else it is new. Places of elections to come are those
/// of our seats of the term that the roster does not name; where there are too few, vacant ones are new.
pub fn plan(seats: &[Seat], roster: Roster) -> Plan {
    let mut plan = Plan { answered: roster.answered, unmatched: roster.unmatched, ..Plan::default() };
    let named = roster.seats.iter().map(|named| named.line.term);
    let begins: HashSet<NaiveDate> =
        named.chain(roster.open.iter().map(|open| open.term)).map(|term| term.first_day()).collect();
    let mut used: Vec<SeatId> = Vec::new();
    let mut rest = Vec::new();
    for named in roster.seats {
        let term = named.line.term;
        let ours = seats.iter().find(|seat| {
            seat.institution == Some(named.institution)
                && seat.first_day == term.first_day()
                && !used.contains(&seat.id)
        });
        let Some(seat) = ours else {
            rest.push(named);
            continue;
        };
        used.push(seat.id);
        if seat.last_day == term.last_day() || is_given_up(seat, seats) {
            plan.unchanged += 1;
        } else {
            plan.changes.push(Change::Reschedule { seat: seat.id, institution: named.institution, term });
        }
    }
    let of_term = |seat: &&Seat, term: Term| {
        seat.first_day == term.first_day() && (seat.last_day == term.last_day() || is_given_up(seat, seats))
    };
    for named in rest {
        let (institution, term) = (named.institution, named.line.term);
        let vacant =
            seats.iter().find(|seat| of_term(seat, term) && seat.institution.is_none() && !used.contains(&seat.id));
        plan.changes.push(match vacant {
            Some(seat) => {
                used.push(seat.id);
                Change::Fill { seat: seat.id, institution, term }
            }
            None => Change::Add { institution: Some(institution), batch: named.line.batch, term },
        });
    }
    for open in roster.open {
        match seats.iter().find(|seat| of_term(seat, open.term) && !used.contains(&seat.id)) {
            Some(seat) => {
                used.push(seat.id);
                plan.unchanged += 1;
            }
            None => plan.changes.push(Change::Add { institution: None, batch: open.batch, term: open.term }),
        }
    }
    let is_unnamed = |seat: &&Seat| begins.contains(&seat.first_day) && !used.contains(&seat.id);
    plan.unnamed = seats.iter().filter(|seat| is_unnamed(seat) && !is_later_part(seat, seats)).cloned().collect();
    plan
}

/// Whether somebody, or nobody, goes on with the seat in the middle of its term.
fn is_given_up(seat: &Seat, seats: &[Seat]) -> bool {
    seats.iter().any(|other| follows(seat, other))
}

/// Whether the seat goes on with another one in the middle of its term.
fn is_later_part(seat: &Seat, seats: &[Seat]) -> bool {
    seats.iter().any(|other| follows(other, seat))
}

/// Whether one part of a term ends where the other begins, in the middle of the term.
pub fn follows(before: &Seat, after: &Seat) -> bool {
    use chrono::Datelike;
    before.batch == after.batch && before.last_day.succ_opt() == Some(after.first_day) && after.first_day.ordinal() != 1
}

#[cfg(test)]
mod tests {
    use super::super::roster::{read, resolve};
    use super::*;
    use crate::members::institution::Institution;
    use crate::members::matching::Matcher;
    use proptest::prelude::*;

    fn institutions(count: usize) -> Vec<Institution> {
        let one = |number| Institution::named(InstitutionId::fresh(), format!("Library {number}"));
        (0..count).map(one).collect()
    }

    fn planned(seats: &[Seat], text: &str, known: &[Institution]) -> Plan {
        plan(seats, resolve(read(text).unwrap(), &Matcher::new(known), &[]))
    }

    /// The seats after the plan, as the command leaves them.
    fn applied(mut seats: Vec<Seat>, plan: &Plan) -> Vec<Seat> {
        for change in &plan.changes {
            match change {
                Change::Add { institution, batch, term } => seats.push(Seat {
                    id: SeatId::fresh(),
                    institution: *institution,
                    batch: batch.clone(),
                    first_day: term.first_day(),
                    last_day: term.last_day(),
                }),
                Change::Fill { seat, institution, .. } => {
                    seats.iter_mut().find(|one| one.id == *seat).unwrap().institution = Some(*institution);
                }
                Change::Reschedule { seat, term, .. } => {
                    seats.iter_mut().find(|one| one.id == *seat).unwrap().last_day = term.last_day();
                }
            }
        }
        seats
    }

    const BEFORE: &str = "\
- name: A
  start: 2023
  term: 3
  members: [Library 0, Library 1]
- name: B
  start: 2026
  term: 3
  members: [2026 Election Seat 1, 2026 Election Seat 2]
";

    #[test]
    fn the_same_roster_changes_nothing_and_an_election_fills_its_places() {
        let known = institutions(4);
        let first = planned(&[], BEFORE, &known);
        assert_eq!((first.changes.len(), first.unchanged), (4, 0));
        let seats = applied(vec![], &first);
        let again = planned(&seats, BEFORE, &known);
        assert!(again.is_empty() && again.unchanged == 4, "{again:?}");

        let after = BEFORE.replace("2026 Election Seat 1", "Library 2");
        let elected = planned(&seats, &after, &known);
        assert!(matches!(elected.changes.as_slice(), [Change::Fill { .. }]), "{elected:?}");
        let seats = applied(seats, &elected);
        assert_eq!(seats.len(), 4, "no seat is added for one that was vacant");
        assert!(planned(&seats, &after, &known).is_empty());
        assert!(planned(&seats, BEFORE, &known).is_empty(), "an older roster takes nothing away");
    }

    #[test]
    fn a_seat_that_was_given_up_is_not_taken_back_and_a_longer_term_is_told() {
        let known = institutions(4);
        let mut seats = applied(vec![], &planned(&[], BEFORE, &known));
        let longer = planned(&seats, &BEFORE.replace("start: 2023\n  term: 3", "start: 2023\n  term: 4"), &known);
        assert_eq!(longer.changes.len(), 2);
        assert!(longer.changes.iter().all(|change| matches!(change, Change::Reschedule { .. })), "{longer:?}");
        let (before, after) =
            super::super::vacancy::cut(&seats[0], "2025-06-15".parse().unwrap(), SeatId::fresh(), None).unwrap();
        seats[0] = before;
        seats.push(after);
        let plan = planned(&seats, BEFORE, &known);
        assert!(plan.is_empty() && plan.unnamed.is_empty(), "{plan:?}");
    }

    #[test]
    fn a_seat_that_the_roster_does_not_name_stays_and_is_told() {
        let known = institutions(4);
        let seats = applied(vec![], &planned(&[], BEFORE, &known));
        let plan = planned(&seats, &BEFORE.replace(", Library 1]", "]"), &known);
        assert!(plan.is_empty());
        let names = known.iter().map(|one| (one.id, one.name.clone())).collect();
        assert_eq!(plan.in_words(&names), ["  Library 1, 2024 to 2026: not in the file; it stays"]);
    }

    proptest! {
        #[test]
        fn whatever_the_roster_it_changes_nothing_twice(batches in prop::collection::vec((2018..2030_i32, 1..5_u8, prop::collection::btree_set(0..6_usize, 0..4), 0..3_u8), 0..6)) {
            let known = institutions(6);
            let mut terms = std::collections::BTreeMap::new();
            for (start, term, members, open) in batches {
                // Nobody holds two seats of terms that begin in one year.
                let free: Vec<usize> = members.into_iter().filter(|one| terms.iter().all(|((other, _), (held, _)): (&(i32, u8), &(Vec<usize>, u8))| *other != start || !held.contains(one))).collect();
                terms.entry((start, term)).or_insert((free, open));
            }
            let text: String = terms.iter().map(|((start, term), (members, open))| {
                let members = members.iter().map(|one| format!("    - Library {one}\n"));
                let open = (0..*open).map(|n| format!("    - {start} Election Seat {n}\n"));
                format!("- name: {start}/{term}\n  start: {start}\n  term: {term}\n  members:\n{}", members.chain(open).collect::<String>())
            }).collect();
            let seats = applied(vec![], &planned(&[], &text, &known));
            let again = planned(&seats, &text, &known);
            prop_assert!(again.is_empty(), "{:?}\n{}", again, text);
            prop_assert_eq!(again.unchanged, seats.len());
        }
    }
}

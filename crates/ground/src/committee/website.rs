//! The committee's roster as the website keeps it (`exec_terms.yml`), written from the seats: what `roster` reads, so that
//! taking it over again changes nothing. The file says who was elected for which term; what became of a seat since is a
//! remark behind the name.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use chrono::Datelike;

use super::plan::follows;
use super::rules::{Seat, Term};
use super::span::Span;
use crate::ids::InstitutionId;
use crate::members::institution::Institution;
use crate::members::scalar::{pair, plain_or_quoted};
use crate::plain::day;

/// The roster. `seats` are all there ever were, in the order of their institutions; `span`: only terms of which some day
/// lies in it.
pub fn roster(seats: &[Seat], institutions: &[Institution], span: Option<Span>) -> String {
    let names: HashMap<InstitutionId, &str> = institutions.iter().map(|one| (one.id, one.name.as_str())).collect();
    let name = |seat: &Seat| seat.institution.and_then(|id| names.get(&id).copied());
    let mut batches: BTreeMap<(Term, &str), Vec<&Seat>> = BTreeMap::new();
    for seat in seats.iter().filter(|seat| seats.iter().all(|other| !follows(other, seat))) {
        let parts = parts(seat, seats);
        if span.is_none_or(|span| parts.iter().any(|part| span.has(part))) {
            batches.entry((term(&parts), &seat.batch)).or_default().push(seat);
        }
    }
    let mut text = String::new();
    let mut open: HashMap<i32, u32> = HashMap::new();
    for ((term, batch), members) in batches {
        // Writing to a String cannot fail.
        let _ = match batch {
            "" => writeln!(text, "- start: {}", term.elected),
            batch => writeln!(text, "- {}\n  start: {}", pair("name", &batch.into()), term.elected),
        };
        let _ = writeln!(text, "  term: {}\n  members:", term.years);
        for seat in members {
            let place = || {
                let number = open.entry(term.elected).or_default();
                *number += 1;
                format!("{} Election Seat {number}", term.elected)
            };
            let holder = name(seat).map_or_else(place, plain_or_quoted);
            let _ = writeln!(text, "    - {holder}{}", since(&parts(seat, seats), name));
        }
    }
    if text.is_empty() { "[]\n".to_owned() } else { text }
}

/// The seat and what it became in the middle of its term, in order.
fn parts<'s>(first: &'s Seat, seats: &'s [Seat]) -> Vec<&'s Seat> {
    let next = |seat: &&'s Seat| seats.iter().find(|other| follows(seat, other));
    std::iter::successors(Some(first), next).collect()
}

fn term(parts: &[&Seat]) -> Term {
    let elected = parts.first().map_or(0, |seat| seat.first_day.year() - 1);
    let last = parts.last().map_or(elected, |seat| seat.last_day.year());
    Term { elected, years: u8::try_from(last - elected).unwrap_or(u8::MAX) }
}

/// What became of a seat since its election, as a remark.
fn since<'n>(parts: &[&Seat], name: impl Fn(&Seat) -> Option<&'n str>) -> String {
    let later =
        parts.iter().skip(1).map(|seat| format!("from {} {}", day(seat.first_day), name(seat).unwrap_or("vacant")));
    let later: Vec<String> = later.collect();
    if later.is_empty() { String::new() } else { format!(" # {}", later.join("; ")) }
}

#[cfg(test)]
mod tests {
    use super::super::plan::plan;
    use super::super::roster::{read, resolve};
    use super::super::{bundled, vacancy};
    use super::*;
    use crate::ids::SeatId;
    use crate::members;
    use crate::members::matching::Matcher;
    use proptest::prelude::*;

    fn again(seats: &[Seat], all: &[Institution]) -> (usize, usize, usize) {
        let text = roster(seats, all, None);
        let lines = read(&text).unwrap_or_else(|error| panic!("{error} in:\n{text}"));
        let plan = plan(seats, resolve(lines, &Matcher::new(all), &[]));
        assert!(plan.is_empty(), "{plan:?}\n{text}");
        (plan.unchanged, plan.unnamed.len(), text.matches("Election Seat").count())
    }

    #[test]
    fn the_bundled_roster_taken_over_again_changes_nothing() {
        let (seats, all) = (bundled::seats().unwrap(), members::bundled::institutions().unwrap());
        let vacant = seats.iter().filter(|seat| seat.institution.is_none()).count();
        assert_eq!(again(&seats, &all), (seats.len(), 0, vacant));
    }

    #[test]
    fn a_seat_that_was_given_up_is_its_first_holders_with_a_remark() {
        let (mut seats, all) = (bundled::seats().unwrap(), members::bundled::institutions().unwrap());
        let at = seats.iter().position(|seat| seat.institution.is_some() && seat.last_day.year() > 2026).unwrap();
        let (before, after) = vacancy::cut(&seats[at], "2026-06-15".parse().unwrap(), SeatId::fresh(), None).unwrap();
        seats[at] = before;
        seats.push(after);
        assert_eq!(again(&seats, &all).0, seats.len() - 1);
        assert!(roster(&seats, &all, None).contains(" # from 15 June 2026 vacant\n"), "{}", roster(&seats, &all, None));
    }

    #[test]
    fn a_year_has_the_terms_of_that_year_and_names_are_quoted_where_they_must_be() {
        let (mut seats, mut all) = (bundled::seats().unwrap(), members::bundled::institutions().unwrap());
        let held = seats.iter().find_map(|seat| seat.institution.filter(|_| Span::Year(2026).has(seat))).unwrap();
        all.iter_mut().find(|one| one.id == held).unwrap().name = "Yes: a # Library".to_owned();
        let text = roster(&seats, &all, Some(Span::Year(2026)));
        assert!(text.contains("    - \"Yes: a # Library\"\n"), "{text}");
        assert_eq!(read(&text).unwrap().len(), seats.iter().filter(|seat| Span::Year(2026).has(seat)).count());
        seats.clear();
        assert_eq!(roster(&seats, &all, None), "[]\n");
        assert_eq!(read("[]\n").unwrap(), []);
    }

    proptest! {
        #[test]
        fn whatever_the_seats_the_roster_taken_over_again_changes_nothing(terms in prop::collection::btree_map((2018..2030_i32, 1..5_u8), (prop::collection::btree_set(0..40_usize, 0..4), 0..3_usize), 0..6)) {
            let all = members::bundled::institutions().unwrap();
            let mut seats = Vec::new();
            let mut taken: Vec<(i32, usize)> = Vec::new();
            for ((elected, years), (held, open)) in terms {
                let term = Term { elected, years };
                // Nobody holds two seats of terms that begin in one year.
                let free: Vec<usize> = held.into_iter().filter(|one| !taken.contains(&(elected, *one))).collect();
                taken.extend(free.iter().map(|one| (elected, *one)));
                let of = free.into_iter().map(Some).chain(std::iter::repeat_n(None, open));
                seats.extend(of.map(|one| Seat {
                    id: SeatId::fresh(),
                    institution: one.map(|one| all[one].id),
                    batch: format!("Batch {elected}"),
                    first_day: term.first_day(),
                    last_day: term.last_day(),
                }));
            }
            prop_assert_eq!(again(&seats, &all).0, seats.len());
        }
    }
}

//! The draw against a slow model, its fairness over time, and the due dates at their edges.

use super::*;
use chrono::TimeDelta;
use chrono_tz::America::New_York;
use proptest::prelude::*;

fn instant(text: &str) -> Instant {
    text.parse().unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The seat with number `n`: its id and its name sort by the number.
fn seat(n: u32) -> Candidate {
    Candidate {
        seat: format!("00000000-0000-7000-8000-{n:012}").parse().unwrap(),
        name: format!("Institution {n}"),
        open_assignments: 0,
        last_assigned: None,
        left_out: None,
    }
}

const TIME: ReviewTime = ReviewTime { days: 10, days_before_needed: 3, zone: New_York };

/// Whether the rule puts `a` before `b`, said as slowly as possible.
fn is_asked_before(a: &Candidate, b: &Candidate) -> bool {
    if a.open_assignments != b.open_assignments {
        return a.open_assignments < b.open_assignments;
    }
    match (a.last_assigned, b.last_assigned) {
        (None, Some(_)) => true,
        (Some(_), None) => false,
        (Some(x), Some(y)) if x != y => x < y,
        _ => a.seat < b.seat,
    }
}

fn model_draw(candidates: &[Candidate], wanted: usize) -> Vec<SeatId> {
    let mut left: Vec<&Candidate> = candidates.iter().filter(|seat| seat.left_out.is_none()).collect();
    let mut chosen = Vec::new();
    while chosen.len() < wanted && !left.is_empty() {
        let first = (0..left.len()).find(|&i| (0..left.len()).all(|j| i == j || is_asked_before(left[i], left[j])));
        chosen.push(left.remove(first.unwrap()).seat);
    }
    chosen
}

fn candidates() -> impl Strategy<Value = Vec<Candidate>> {
    let one = (0..3u32, proptest::option::of(0..3i64), proptest::option::weighted(0.3, 0..LeftOut::ALL.len()));
    let start = instant("2026-01-05T12:00:00Z");
    proptest::collection::vec(one, 0..14).prop_map(move |rows| {
        let numbered = (0u32..).zip(rows);
        let seats = numbered.map(|(n, (open, last, left_out))| Candidate {
            open_assignments: open,
            last_assigned: last.map(|days| start + TimeDelta::days(days)),
            left_out: left_out.map(|i| LeftOut::ALL[i]),
            ..seat(n)
        });
        seats.collect()
    })
}

proptest! {
    #[test]
    fn the_draw_agrees_with_the_slow_model(mut seats in candidates(), wanted in 0..5u32, turn in 0..13usize) {
        let drawn = draw(&seats, wanted, New_York);
        prop_assert_eq!(&drawn.chosen, &model_draw(&seats, wanted as usize));
        prop_assert_eq!(drawn.chosen.len() + drawn.short_by as usize, wanted as usize);
        prop_assert_eq!(next_in_line(&seats).map(|seat| seat.seat), model_draw(&seats, 1).first().copied());
        // The order in which the seats are handed over means nothing.
        let turn = turn.min(seats.len());
        seats.rotate_left(turn);
        prop_assert_eq!(draw(&seats, wanted, New_York).chosen, drawn.chosen);
    }

    #[test]
    fn over_time_no_seat_is_asked_more_than_once_more_often_than_another(seats in 3..14u32, requests in 1..40u32) {
        let mut seats: Vec<Candidate> = (0..seats).map(seat).collect();
        let mut times_asked = vec![0u32; seats.len()];
        for day in 0..requests {
            let now = instant("2026-01-05T12:00:00Z") + TimeDelta::days(day.into());
            for chosen in draw(&seats, 3, New_York).chosen {
                let place = seats.iter().position(|seat| seat.seat == chosen).unwrap();
                seats[place].open_assignments += 1;
                seats[place].last_assigned = Some(now);
                times_asked[place] += 1;
            }
            let most = times_asked.iter().max().unwrap();
            let fewest = times_asked.iter().min().unwrap();
            prop_assert!(most - fewest <= 1);
        }
    }

    #[test]
    fn a_review_is_due_between_routing_and_the_tenth_day(needed in -10..60i64) {
        let routed = instant("2026-03-02T15:00:00Z");
        let today = date("2026-03-02");
        let due = review_due(routed, today + TimeDelta::days(needed), TIME);
        prop_assert!(due.date >= today && due.date <= today + TimeDelta::days(10));
        prop_assert!(due.at > routed);
        if needed >= 3 {
            prop_assert!(due.date <= today + TimeDelta::days(needed - 3));
        }
    }
}

#[test]
fn the_draw_says_why_these_three() {
    let last = instant("2026-02-20T12:00:00Z");
    let seats = [
        Candidate { open_assignments: 1, ..seat(1) },
        Candidate { last_assigned: Some(last), ..seat(2) },
        seat(3),
        Candidate { left_out: Some(LeftOut::OwnInstitution), ..seat(4) },
        Candidate { open_assignments: 2, ..seat(5) },
    ];
    let drawn = draw(&seats, 3, New_York);
    assert_eq!(drawn.chosen, [seats[2].seat, seats[1].seat, seats[0].seat]);
    assert_eq!(
        drawn.explanation,
        "Drawn from 4 seats in office without a known conflict: fewest open assignments first, then the longest \
         since the last assignment. Reviewers: Institution 3 (0 open assignments, never assigned before); \
         Institution 2 (0 open assignments, last assigned on Friday 20 February 2026); \
         Institution 1 (1 open assignment, never assigned before). Left out: Institution 4 (the request is its own)."
    );
}

#[test]
fn too_few_free_seats_are_said_to_be_too_few() {
    let seats = [seat(1), Candidate { left_out: Some(LeftOut::Conflict), ..seat(2) }];
    let drawn = draw(&seats, 3, New_York);
    assert_eq!((drawn.chosen.len(), drawn.short_by), (1, 2));
    assert!(drawn.explanation.contains("3 reviewers wanted, so 2 could not be found."), "{}", drawn.explanation);
    assert!(draw(&[], 3, New_York).explanation.starts_with("No seat in office is free"));
}

#[test]
fn own_institution_is_left_out_when_the_policy_says_so() {
    let own = Standing { own_institution: true, manned: true, ..Standing::default() };
    assert_eq!(left_out(own, true), Some(LeftOut::OwnInstitution));
    assert_eq!(left_out(own, false), None);
    assert_eq!(left_out(Standing { conflict: true, ..own }, false), Some(LeftOut::Conflict));
    assert_eq!(left_out(Standing::default(), true), Some(LeftOut::Unmanned));
}

#[test]
fn reviews_are_due_after_ten_days_or_three_days_before_the_letter_is_needed() {
    let routed = instant("2026-03-02T15:00:00Z");
    let usual = review_due(routed, date("2026-04-30"), TIME);
    assert_eq!(usual.explanation, "Reviews are due on Thursday 12 March 2026, 10 days after routing.");
    // New York's summer time begins on 8 March: the day ends at 04:00 UTC.
    assert_eq!(usual.at, instant("2026-03-13T04:00:00Z"));
    let early = review_due(routed, date("2026-03-10"), TIME);
    assert_eq!(early.explanation, "Reviews are due on Saturday 7 March 2026, 3 days before the letter is needed.");
    let exact = review_due(routed, date("2026-03-05"), TIME);
    assert_eq!(exact.date, date("2026-03-02"));
    let none_left = review_due(routed, date("2026-03-04"), TIME);
    assert_eq!(
        none_left.explanation,
        "Reviews are due on Monday 2 March 2026, the day of routing: the letter is needed on \
         Wednesday 4 March 2026, which leaves fewer than 3 days."
    );
}

#[test]
fn staff_withdraw_any_conflict_but_the_one_that_the_policy_forces() {
    use ConflictSource::{Declared, OwnInstitution as Own, Staff};
    use OwnInstitution::{Allow, Declare, Recuse};
    for (conflict, own, rule, refused) in [
        (Some(Declared), false, Recuse, None),
        (Some(Staff), false, Recuse, None),
        (Some(Own), true, Recuse, Some("own-institution")),
        // It was taken for its own, and is not.
        (Some(Own), false, Recuse, None),
        // Declared before the rules could say it: still the own institution's request.
        (Some(Declared), true, Recuse, Some("own-institution")),
        (Some(Declared), true, Declare, None),
        (Some(Staff), true, Allow, None),
        (None, false, Recuse, Some("no-conflict-on-record")),
        (None, true, Allow, Some("no-conflict-on-record")),
    ] {
        let said = may_withdraw(conflict, own, rule).err().map(|refusal| refusal.code);
        assert_eq!(said, refused, "{conflict:?} {own} {rule}");
    }
}

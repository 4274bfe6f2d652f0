//! Consensus at its edges, and random histories of events against a slow model of the whole motion.

use super::*;
use crate::workflow::review::ballot::Choice;
use crate::workflow::review::consensus::consensus_until;
use crate::workflow::review::electorate::{SeatOfRecord, Stance};
use crate::workflow::review::reader::Reader;
use chrono::TimeDelta;
use chrono_tz::America::New_York;
use proptest::prelude::*;

fn instant(text: &str) -> Instant {
    text.parse().unwrap()
}

const RULE: MotionRule = MotionRule {
    quorum: 7,
    consensus_days: 5,
    short_consensus_days: 2,
    short_within_days: 14,
    tally_days: 5,
    no_needs_reason: true,
    zone: New_York,
};

/// Wednesday morning in New York.
fn routed() -> Instant {
    instant("2026-06-03T14:00:00Z")
}

fn seat(n: u32) -> SeatOfRecord {
    SeatOfRecord {
        seat: format!("00000000-0000-7000-8000-{n:012}").parse().unwrap(),
        name: format!("Institution {n}"),
        vacant: false,
        recused: false,
        assigned: n < 3,
        stance: None,
        open_objection: false,
        choice: None,
    }
}

fn motion(seats: u32) -> Motion {
    let terms = Terms {
        until: consensus_until(routed(), "2026-08-01".parse().unwrap(), &RULE),
        reviews_due: instant("2026-06-14T04:00:00Z"),
        zone: New_York,
    };
    let seats = Electorate((0..seats).map(seat).collect());
    Motion { state: MotionState::Consensus, rule: RULE, terms, seats, reopened_why: None }
}

fn support(motion: &mut Motion, seats: std::ops::Range<usize>) {
    for seat in &mut motion.seats.0[seats] {
        seat.stance = Some(Stance::Support);
    }
}

#[test]
fn the_rule_in_words_follows_its_values() {
    let usual = RULE.in_words();
    for words in [
        "a period of 5 working days has run since the routing, of 2 working days when",
        "within 14 days",
        "at least 7 seats",
    ] {
        assert!(usual.contains(words), "{words}: {usual}");
    }
    let other = MotionRule { quorum: 9, consensus_days: 1, tally_days: 3, ..RULE }.in_words();
    for words in ["period of 1 working day has run", "at least 9 seats", "closes after 3 working days"] {
        assert!(other.contains(words), "{words}: {other}");
    }
}

#[test]
fn the_period_is_five_working_days_and_two_when_the_letter_is_needed_within_14_days() {
    let until = |needed: &str| consensus_until(routed(), needed.parse().unwrap(), &RULE);
    assert_eq!(until("2026-06-18"), instant("2026-06-11T04:00:00Z"), "15 days: to the end of Wednesday");
    assert_eq!(until("2026-06-17"), instant("2026-06-06T04:00:00Z"), "14 days: to the end of Friday");
}

#[test]
fn three_supporting_reviewers_adopt_when_the_period_has_run_and_not_a_moment_before() {
    let mut motion = motion(13);
    support(&mut motion, 0..3);
    let until = motion.terms.until;
    assert_eq!(motion.due_step(until - TimeDelta::microseconds(1)), None);
    let path = ConsensusPath::Reviewers;
    assert_eq!(motion.due_step(until), Some(MotionStep::Adopt { at: until, path }));
    motion.state = MotionState::Adopted { at: until, path };
    assert_eq!(
        motion.explanation(until, &Reader::OF_ALL),
        "Adopted by consensus: every assigned reviewer supports it (Institution 0, Institution 1 and Institution 2), \
         no objection was open, and the consensus period had run at the end of Wednesday 10 June 2026."
    );
}

#[test]
fn every_eligible_seat_adopts_at_once() {
    let mut motion = motion(13);
    support(&mut motion, 0..12);
    assert_eq!(motion.due_step(routed()), None);
    motion.seats.0[12].recused = true;
    let path = ConsensusPath::EverySeat;
    assert_eq!(motion.due_step(routed()), Some(MotionStep::Adopt { at: routed(), path }));
}

#[test]
fn nothing_is_adopted_by_nobody() {
    let mut motion = motion(13);
    for seat in &mut motion.seats.0 {
        seat.recused = true;
    }
    assert_eq!(motion.due_step(motion.terms.until + TimeDelta::days(30)), None);
    let mut unread = super::tests::motion(13);
    for seat in &mut unread.seats.0 {
        seat.assigned = false;
    }
    assert_eq!(unread.due_step(unread.terms.until), None);
}

#[test]
fn an_objection_stops_consensus_and_starts_a_tally_when_the_reviews_are_due() {
    let mut motion = motion(13);
    support(&mut motion, 0..3);
    motion.seats.0[7].open_objection = true;
    let due = motion.terms.reviews_due;
    assert_eq!(motion.due_step(due - TimeDelta::microseconds(1)), None);
    let Some(MotionStep::Call(call)) = motion.due_step(due) else { panic!("a tally begins") };
    assert_eq!((call.cause, call.at), (Cause::Objection, due));
    // The reviews are due at the end of Saturday 13 June; five working days from then end with Friday 19 June.
    assert_eq!(deadline_in_words(call.closes, New_York), "the end of Friday 19 June 2026");
}

#[test]
fn the_objection_of_a_recused_seat_does_not_count() {
    let mut motion = motion(13);
    support(&mut motion, 0..3);
    motion.seats.0[7].open_objection = true;
    motion.seats.0[7].recused = true;
    assert!(matches!(motion.due_step(motion.terms.until), Some(MotionStep::Adopt { .. })));
}

#[test]
fn the_search_for_consensus_prints_its_rule_and_its_state() {
    let mut motion = motion(13);
    support(&mut motion, 0..2);
    motion.seats.0[7].open_objection = true;
    assert_eq!(
        motion.explanation(routed(), &Reader::OF_ALL),
        "The committee seeks consensus. The request is adopted when every assigned reviewer supports it, no objection \
         is open and the consensus period has run, at the end of Wednesday 10 June 2026; at once when every eligible \
         seat supports it. Any seat can call a tallied vote before that; an objection still open at the end of \
         Saturday 13 June 2026 starts one. 2 of 3 assigned reviewers support it; not yet: Institution 2. \
         An objection is open: Institution 7."
    );
}

#[test]
fn a_called_vote_says_who_called_it_and_when_it_closes() {
    let mut motion = motion(13);
    let caller = motion.seats.0[4].seat;
    motion.state = advance(motion.state, MotionStep::Call(motion.call(routed(), Cause::Seat(caller)))).unwrap();
    let words = motion.explanation(routed(), &Reader::OF_ALL);
    assert!(
        words.starts_with(
            "Institution 4 called a tallied vote. It closes at the end of Wednesday 10 June 2026, or as soon as the \
             missing votes cannot change the outcome. 13 seats of record: 0 yes"
        ),
        "{words}"
    );
    assert_eq!(
        advance(motion.state, MotionStep::Call(motion.call(routed(), Cause::Objection))).unwrap_err().code,
        "tally-called"
    );
}

#[test]
fn a_closed_motion_never_moves_again() {
    let at = routed();
    let call = motion(13).call(at, Cause::Objection);
    let path = ConsensusPath::Reviewers;
    let ends = [
        MotionState::Adopted { at, path },
        MotionState::Counted { call, at, result: CountedResult::Carried },
        MotionState::Counted { call, at, result: CountedResult::NotCarried },
        MotionState::Counted { call, at, result: CountedResult::NoQuorum },
        MotionState::Lapsed { at },
    ];
    let steps = [
        MotionStep::Adopt { at, path },
        MotionStep::Call(call),
        MotionStep::Close { at, result: CountedResult::Carried },
        MotionStep::Lapse { at },
    ];
    for end in ends {
        assert!(must_be_open(&end).is_err());
        for step in steps {
            assert_eq!(advance(end, step).unwrap_err().code, "motion-closed");
        }
    }
}

/// What can happen to a motion from outside.
#[derive(Debug, Clone)]
enum Event {
    Support(usize),
    Object(usize),
    Recuse(usize),
    Call(usize),
    Vote(usize, usize),
    Hours(i64),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => (0..13usize).prop_map(Event::Support),
        1 => (0..13usize).prop_map(Event::Object),
        1 => (0..13usize).prop_map(Event::Recuse),
        1 => (0..13usize).prop_map(Event::Call),
        9 => (0..13usize, 0..3usize).prop_map(|(seat, choice)| Event::Vote(seat, choice)),
        4 => (1..60i64).prop_map(Event::Hours),
    ]
}

/// Applies an event the way the commands do: a seat that may not act changes nothing.
fn happen(motion: &mut Motion, event: &Event, now: &mut Instant) {
    if let Event::Hours(hours) = event {
        *now += TimeDelta::hours(*hours);
        return;
    }
    let (Event::Support(n) | Event::Object(n) | Event::Recuse(n) | Event::Call(n) | Event::Vote(n, _)) = event else {
        return;
    };
    let n = *n % motion.seats.0.len();
    let seat = &mut motion.seats.0[n];
    if !motion.state.is_open() || !seat.is_eligible() {
        return;
    }
    match event {
        Event::Support(_) => (seat.stance, seat.open_objection) = (Some(Stance::Support), false),
        Event::Object(_) => (seat.stance, seat.open_objection) = (Some(Stance::Object), true),
        Event::Recuse(_) => seat.recused = true,
        Event::Vote(_, choice) if matches!(motion.state, MotionState::Tally(_)) => {
            seat.choice = Some(Choice::ALL[*choice]);
        }
        Event::Call(_) => {
            let cause = Cause::Seat(seat.seat);
            let call = motion.call(*now, cause);
            motion.state = advance(motion.state, MotionStep::Call(call)).unwrap_or(motion.state);
        }
        Event::Vote(..) | Event::Hours(_) => {}
    }
}

/// Whether the rule lets this motion end as it did, said as slowly as possible.
fn is_lawful(motion: &Motion, now: Instant) -> bool {
    let in_it: Vec<&SeatOfRecord> = motion.seats.0.iter().filter(|seat| !seat.vacant && !seat.recused).collect();
    let yes = in_it.iter().filter(|seat| seat.choice == Some(Choice::Yes)).count();
    let voted = in_it.iter().filter(|seat| seat.choice.is_some()).count();
    let all = motion.seats.0.len();
    match motion.state {
        MotionState::Adopted { path: ConsensusPath::EverySeat, .. } => {
            !in_it.is_empty() && in_it.iter().all(|seat| seat.stance == Some(Stance::Support) && !seat.open_objection)
        }
        MotionState::Adopted { path: ConsensusPath::Reviewers, .. } => {
            let reviewers: Vec<_> = in_it.iter().filter(|seat| seat.assigned).collect();
            !reviewers.is_empty()
                && reviewers.iter().all(|seat| seat.stance == Some(Stance::Support))
                && in_it.iter().all(|seat| !seat.open_objection)
                && now >= motion.terms.until
        }
        MotionState::Counted { result: CountedResult::Carried, .. } => yes > all - yes && voted >= 7,
        MotionState::Counted { result: CountedResult::NotCarried, call, .. } => {
            let can_still = in_it.len() - voted;
            yes <= all - yes && voted >= 7 && (now >= call.closes || 2 * (yes + can_still) <= all)
        }
        MotionState::Counted { result: CountedResult::NoQuorum, call, .. } => {
            voted < 7 && (now >= call.closes || in_it.len() < 7)
        }
        MotionState::Consensus | MotionState::Tally(_) | MotionState::Lapsed { .. } => true,
    }
}

/// Lives through a history of a motion of `size` seats, some of them vacant; what went against the rules, if anything.
fn live_through(size: u32, vacant: &[usize], events: &[Event]) -> Result<(), String> {
    let mut motion = motion(size);
    for n in vacant {
        motion.seats.0[n % size as usize].vacant = true;
    }
    let mut now = routed();
    let mut end: Option<(MotionState, String)> = None;
    for event in events {
        happen(&mut motion, event, &mut now);
        // A second step can be due in the same instant: a tally that begins with a majority out of reach.
        while let Some(step) = motion.due_step(now) {
            motion.state = advance(motion.state, step).map_err(|refusal| refusal.sentence)?;
            if !is_lawful(&motion, now) {
                return Err(format!("{:?} by {step:?}", motion.state));
            }
        }
        match &end {
            None if !motion.state.is_open() => end = Some((motion.state, motion.explanation(now, &Reader::OF_ALL))),
            None => {}
            Some((state, words)) if motion.state == *state && motion.explanation(now, &Reader::OF_ALL) == *words => {}
            Some((state, _)) => return Err(format!("{state:?} became {:?}, or is told otherwise", motion.state)),
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]
    #[test]
    fn no_history_adopts_without_its_rule_or_reaches_two_outcomes(
        size in 11..=13u32,
        vacant in proptest::collection::vec(0..13usize, 0..3),
        events in proptest::collection::vec(event(), 0..80),
    ) {
        prop_assert_eq!(live_through(size, &vacant, &events), Ok(()));
    }
}

/// Numbers that look random and come out the same each time (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % bound).unwrap()
    }

    fn event(&mut self) -> Event {
        let seat = self.below(13);
        match self.below(22) {
            0..6 => Event::Support(seat),
            6 => Event::Object(seat),
            7 => Event::Recuse(seat),
            8 => Event::Call(seat),
            9..18 => Event::Vote(seat, self.below(3)),
            _ => Event::Hours(1 + i64::try_from(self.below(59)).unwrap()),
        }
    }
}

/// As above without proptest, which would take minutes for as many. A history that fails is told by its number.
#[test]
fn of_a_hundred_thousand_histories_none_goes_against_the_rules() {
    const HISTORIES: u64 = 100_000;
    const HANDS: u8 = 4;
    std::thread::scope(|scope| {
        for hand in 0..HANDS {
            scope.spawn(move || {
                for history in (u64::from(hand)..HISTORIES).step_by(HANDS.into()) {
                    let mut chance = Chance(history);
                    let size = u32::try_from(11 + chance.below(3)).unwrap();
                    let vacant: Vec<usize> = (0..chance.below(3)).map(|_| chance.below(13)).collect();
                    let events: Vec<Event> = (0..chance.below(60)).map(|_| chance.event()).collect();
                    let lived = live_through(size, &vacant, &events);
                    assert_eq!(lived, Ok(()), "history {history}: {size} seats, {vacant:?} vacant, {events:?}");
                }
            });
        }
    });
}

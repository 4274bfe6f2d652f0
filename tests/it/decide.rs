//! The committee's rules under pressure: two at once, again and again, and random histories. Commands are given as the
//! pages give them, without the pages; at the end every record must hold against its journal, as after every test.

use chrono::TimeDelta;
use diesel::prelude::*;
use letters::clock::Instant;
use letters::ids::{RequestId, SeatId};
use letters::moment::Moment;
use letters::people::access::{Member, Recused, Voter};
use letters::policy::expectations::Expectation;
use letters::refusal::{Failure, Outcome};
use letters::store::schema::{ballots, motions};
use letters::store::{Store, Tx};
use letters::workflow::review::commands::{motion, review, vote};
use letters::workflow::review::electorate::Stance;
use letters::workflow::review::form::{Rating, Typed};
use letters::workflow::review::motion::{MotionStage, MotionState};
use letters::workflow::review::store::{motions as kept, reviews};
use letters::workflow::routing::rules::Said;

use crate::review::world::{ALTERNATE, Committee, member};

/// How often each race is run.
const ROUNDS: usize = 200;

/// Whether a command was let through; a fault is the test's failure.
fn acknowledged(outcome: Outcome<()>) -> bool {
    match outcome {
        Ok(()) => true,
        Err(Failure::Refusal(_) | Failure::Fields(_)) => false,
        Err(fault) => panic!("{fault:?}"),
    }
}

/// Commands to one committee at command level.
struct Table {
    committee: Committee,
    members: Vec<Member>,
}

impl Table {
    fn new() -> Self {
        let committee = Committee::new();
        let members = (1..=13).map(|n| committee.visitor(&member(n)).member().unwrap()).collect();
        Self { committee, members }
    }

    fn store(&self) -> &Store {
        self.committee.world.store()
    }

    fn at(&self, now: Instant) -> Moment {
        Moment { now, ..self.committee.world.app.service.moment() }
    }

    fn now(&self) -> Moment {
        self.committee.world.app.service.moment()
    }

    fn give(&self, command: impl FnOnce(&mut Tx<'_>) -> Outcome<()> + Send + 'static) -> bool {
        acknowledged(self.store().write_now(command))
    }

    /// Two commands at the same time; which of them were let through.
    fn race(
        &self,
        one: impl FnOnce(&mut Tx<'_>) -> Outcome<()> + Send + 'static,
        other: impl FnOnce(&mut Tx<'_>) -> Outcome<()> + Send + 'static,
    ) -> (bool, bool) {
        let (one_store, other_store) = (self.store(), self.store());
        std::thread::scope(|scope| {
            let one = scope.spawn(move || acknowledged(one_store.write_now(one)));
            let other = scope.spawn(move || acknowledged(other_store.write_now(other)));
            (one.join().unwrap(), other.join().unwrap())
        })
    }

    /// A request before the committee.
    fn routed(&self) -> RequestId {
        let (id, moment) = (self.committee.request(), self.now());
        assert!(self.give(move |tx| motion::start(tx, &moment, id)));
        id
    }

    fn voter(&self, seat: usize, id: RequestId) -> Voter {
        self.members[seat - 1].voter(id, true, &Recused::default()).unwrap()
    }

    /// The seat says that it has no conflict.
    fn declared(&self, seat: usize, id: RequestId) -> Voter {
        let (member, moment) = (self.members[seat - 1].clone(), self.now());
        assert!(self.give(move |tx| review::declare(tx, &moment, &member, id, &Said::NoConflict)));
        self.voter(seat, id)
    }

    fn supported_by_all_reviewers(&self, id: RequestId) {
        for seat in self.committee.reviewers(id) {
            let (voter, moment) = (self.declared(seat, id), self.now());
            assert!(self.give(move |tx| send(tx, &moment, &voter, id, Stance::Support)));
        }
    }

    fn motion(&self, id: RequestId) -> kept::KeptMotion {
        self.store().read_now(|view| kept::latest(view, id)).unwrap().unwrap()
    }

    /// The seat's ballot that counts.
    fn ballot(&self, id: RequestId, seat: SeatId) -> Option<String> {
        let counting = ballots::table
            .inner_join(motions::table.on(motions::id.eq(ballots::motion_id)))
            .filter(motions::request_id.eq(id).and(ballots::seat_id.eq(seat)).and(ballots::superseded_at.is_null()));
        let choices: Vec<String> =
            self.store().read_now(|view| Ok(counting.select(ballots::choice).load(view.connection())?)).unwrap();
        assert!(choices.len() < 2, "two ballots of one seat count: {choices:?}");
        choices.into_iter().next()
    }
}

/// Sends a review over whatever the seat has said so far.
fn send(tx: &mut Tx<'_>, moment: &Moment, voter: &Voter, id: RequestId, stance: Stance) -> Outcome<()> {
    let ratings = Expectation::ALL.iter().map(|of| (*of, Rating::Met)).collect();
    let typed = Typed { ratings, stance: Some(stance), reason: "It commits to nothing.".into(), ..Typed::default() };
    let kept = reviews::reviews_of(tx, id)?.into_iter().find(|kept| kept.seat == voter.seat());
    let seen = kept.map(|kept| kept.typed).unwrap_or_default().fingerprint();
    review::send(tx, moment, voter, review::Written { typed, seen: &seen })
}

#[test]
fn of_two_browsers_of_one_seat_the_representatives_ballot_counts() {
    let table = Table::new();
    let alternate = table.committee.visitor(ALTERNATE).member().unwrap();
    for round in 0..ROUNDS {
        let id = table.routed();
        let (voter, moment) = (table.declared(1, id), table.now());
        let at = moment.clone();
        let caller = voter.clone();
        assert!(table.give(move |tx| motion::call_tally(tx, &at, &caller)));
        let other = alternate.voter(id, true, &Recused::default()).unwrap();
        let choice = if round % 2 == 0 { "yes" } else { "abstain" };
        let at = moment.clone();
        let (by_representative, _) = table.race(
            move |tx| vote::cast(tx, &moment, &voter, choice, ""),
            move |tx| vote::cast(tx, &at, &other, "no", "Not now."),
        );
        assert!(by_representative, "the representative always may");
        assert_eq!(table.ballot(id, table.committee.seat(1)).as_deref(), Some(choice), "round {round}");
        table.committee.withdraw(id);
    }
}

#[test]
fn a_ballot_against_the_close_is_counted_or_refused() {
    let table = Table::new();
    for round in 0..ROUNDS {
        let id = table.routed();
        let (voter, moment) = (table.declared(2, id), table.now());
        let (caller, at) = (voter.clone(), moment.clone());
        assert!(table.give(move |tx| motion::call_tally(tx, &at, &caller)));
        let MotionState::Tally(call) = table.motion(id).motion.state else { panic!("no vote is open") };
        let (before, after) = (table.at(call.closes - TimeDelta::milliseconds(1)), table.at(call.closes));
        let (cast, _) =
            table.race(move |tx| vote::cast(tx, &before, &voter, "yes", ""), move |tx| motion::tick(tx, &after));
        let closed = table.motion(id);
        assert_eq!(closed.motion.state.stage(), MotionStage::NoQuorum, "round {round}");
        assert_eq!(table.ballot(id, table.committee.seat(2)).is_some(), cast, "round {round}");
        assert_eq!(closed.motion.seats.counts().yes, u32::from(cast), "round {round}: an acknowledged ballot was lost");
    }
}

#[test]
fn a_call_for_a_vote_against_adoption_leaves_one_of_them() {
    let table = Table::new();
    for round in 0..ROUNDS {
        let id = table.routed();
        table.supported_by_all_reviewers(id);
        let caller = (1..=13).find(|seat| !table.committee.reviewers(id).contains(seat)).unwrap();
        let voter = table.declared(caller, id);
        let until = table.motion(id).motion.terms.until;
        let (before, after) = (table.at(until - TimeDelta::milliseconds(1)), table.at(until));
        let (call, _) =
            table.race(move |tx| motion::call_tally(tx, &before, &voter), move |tx| motion::tick(tx, &after));
        let stage = table.motion(id).motion.state.stage();
        let expected = if call { MotionStage::Tally } else { MotionStage::Adopted };
        assert_eq!(stage, expected, "round {round}");
        table.committee.withdraw(id);
    }
}

#[test]
fn a_conflict_against_a_ballot_leaves_no_ballot_that_counts() {
    let table = Table::new();
    for round in 0..ROUNDS {
        let id = table.routed();
        let (voter, moment) = (table.declared(3, id), table.now());
        let (caller, at) = (voter.clone(), moment.clone());
        assert!(table.give(move |tx| motion::call_tally(tx, &at, &caller)));
        let (member, at) = (table.members[2].clone(), moment.clone());
        let (out, cast) = table.race(
            move |tx| review::declare(tx, &at, &member, id, &Said::Conflict("My project.".into())),
            move |tx| vote::cast(tx, &moment, &voter, "yes", ""),
        );
        assert!(out, "round {round}");
        let counts = table.motion(id).motion.seats.counts();
        assert_eq!((counts.yes, counts.recused), (0, 1), "round {round}");
        assert_eq!(table.ballot(id, table.committee.seat(3)).is_some(), cast, "what was cast stays on record");
        table.committee.withdraw(id);
    }
}

/// Numbers that look random and are the same in every run (SplitMix64).
struct Dice(u64);

impl Dice {
    /// A number below `n`.
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % n as u64).unwrap()
    }
}

/// One random command of a random person, or some time that passes.
fn anything(table: &Table, dice: &mut Dice, open: &[RequestId]) {
    let which = dice.below(open.len());
    let id = open[which];
    let seat = 1 + dice.below(13);
    let (member, moment, voter) = (table.members[seat - 1].clone(), table.now(), table.voter(seat, id));
    match dice.below(100) {
        0..8 => table.give(move |tx| review::declare(tx, &moment, &member, id, &Said::NoConflict)),
        8..9 => {
            let said = Said::Conflict("A partner.".into());
            table.give(move |tx| review::declare(tx, &moment, &member, id, &said))
        }
        9..30 => {
            let reviewers = table.committee.reviewers(id);
            let voter = reviewers.get(dice.below(6)).map_or(voter, |reviewer| table.voter(*reviewer, id));
            let stance = if dice.below(100) < 90 { Stance::Support } else { Stance::Object };
            table.give(move |tx| send(tx, &moment, &voter, id, stance))
        }
        30 => table.give(move |tx| motion::call_tally(tx, &moment, &voter)),
        31..88 => {
            // One of the requests is liked, the other is not.
            let usual = ["yes", "no"][which % 2];
            let choice = [usual, usual, usual, "abstain", "perhaps", ""][dice.below(6)];
            table.give(move |tx| vote::cast(tx, &moment, &voter, choice, "A reason."))
        }
        88 if dice.below(5) == 0 => {
            table.committee.withdraw(id);
            true
        }
        _ => {
            table.committee.world.wait(TimeDelta::hours(1 + i64::try_from(dice.below(40)).unwrap()));
            let moment = table.now();
            table.give(move |tx| motion::tick(tx, &moment))
        }
    };
}

type Outcomes = std::collections::BTreeMap<(RequestId, i32), MotionStage>;

/// Keeps how the motions about these requests ended; one that has ended must never end otherwise.
fn note_outcomes(table: &Table, about: &[RequestId], outcomes: &mut Outcomes) {
    for id in about {
        for kept in table.store().read_now(|view| kept::all_of(view, *id)).unwrap() {
            let stage = kept.motion.state.stage();
            if let Some(before) = outcomes.get(&(*id, kept.number)) {
                assert_eq!(*before, stage, "a closed motion changed");
            } else if !kept.motion.state.is_open() {
                outcomes.insert((*id, kept.number), stage);
            }
        }
    }
}

#[test]
fn whatever_anybody_does_in_any_order_no_motion_has_two_outcomes_and_every_record_holds() {
    let table = Table::new();
    let mut dice = Dice(7);
    let mut outcomes = Outcomes::new();
    let mut asked = Vec::new();
    for step in 0..1_200 {
        if step % 100 == 0 {
            for id in [table.routed(), table.routed()] {
                (1..=13).filter(|_| dice.below(10) > 1).for_each(|seat| drop(table.declared(seat, id)));
                asked.push(id);
            }
        }
        let recent = asked.len() - 2;
        anything(&table, &mut dice, &asked[recent..]);
        note_outcomes(&table, &asked[recent..], &mut outcomes);
        if step % 20 == 0 {
            table.committee.world.check_records();
        }
    }
    // In the end everything falls due.
    for _ in 0..2 {
        table.committee.world.wait(TimeDelta::days(20));
        let moment = table.now();
        assert!(table.give(move |tx| motion::tick(tx, &moment)));
    }
    note_outcomes(&table, &asked, &mut outcomes);
    let reached: std::collections::BTreeSet<MotionStage> = outcomes.values().copied().collect();
    let all = [MotionStage::Adopted, MotionStage::Carried, MotionStage::NotCarried, MotionStage::NoQuorum];
    assert!(all.iter().all(|stage| reached.contains(stage)), "the histories reach every outcome: {reached:?}");
}

//! A journal and the motions it must lead to; then each way in which the tables may have been changed behind its back.

use chrono_tz::America::New_York;
use serde_json::json;

use super::*;
use crate::workflow::review::consensus::{ConsensusPath, Terms};
use crate::workflow::review::motion::{Call, Cause, CountedResult, MotionRule};

fn instant(text: &str) -> Instant {
    text.parse().unwrap()
}

fn seat_id(n: usize) -> SeatId {
    format!("00000000-0000-7000-8000-{n:012}").parse().unwrap()
}

/// Thirteen seats; the first seven vote yes, the eighth no; seat 9 is vacant, seat 10 recused at the opening, seat 11
/// after its ballot.
fn carried() -> Motion {
    let seat = |n: usize| SeatOfRecord {
        seat: seat_id(n),
        name: format!("Institution {n}"),
        vacant: n == 9,
        recused: n == 10 || n == 11,
        assigned: n < 3,
        stance: None,
        open_objection: false,
        choice: match n {
            0..=6 => Some(Choice::Yes),
            7 | 11 => Some(Choice::No),
            _ => None,
        },
    };
    let call = Call {
        at: instant("2026-06-03T14:00:00Z"),
        cause: Cause::Seat(seat_id(0)),
        closes: instant("2026-06-11T04:00:00Z"),
    };
    Motion {
        state: MotionState::Counted { call, at: instant("2026-06-04T14:00:00Z"), result: CountedResult::Carried },
        rule: MotionRule {
            quorum: 7,
            consensus_days: 5,
            short_consensus_days: 2,
            short_within_days: 14,
            tally_days: 5,
            no_needs_reason: true,
            zone: New_York,
        },
        terms: Terms {
            until: instant("2026-06-11T04:00:00Z"),
            reviews_due: instant("2026-06-14T04:00:00Z"),
            zone: New_York,
        },
        seats: Electorate((0..13).map(seat).collect()),
        reopened_why: None,
    }
}

type Journal = Vec<(&'static str, String)>;

fn opened() -> (&'static str, String) {
    let electorate: Vec<_> =
        (0..13).map(|n| json!({ "seat": seat_id(n), "name": "", "vacant": n == 9, "recused": n == 10 })).collect();
    ("motion-opened", json!({ "number": 1, "electorate": electorate }).to_string())
}

fn ballot(seat: usize, choice: &str) -> (&'static str, String) {
    ("ballot-cast", json!({ "seat": seat_id(seat), "choice": choice, "capacity": "representative" }).to_string())
}

/// The journal of `carried`: seat 0 first votes no and changes its mind.
fn journal() -> Journal {
    let mut journal = vec![("request-routed", "{}".to_owned()), opened(), ballot(0, "no"), ballot(11, "no")];
    journal.push(("conflict-declared", json!({ "seat": seat_id(11) }).to_string()));
    journal.push(ballot(7, "no"));
    journal.extend((0..7).map(|n| ballot(n, "yes")));
    journal.push(("motion-closed", "{}".to_owned()));
    journal
}

fn counted(journal: &Journal, motion: &Motion) -> Result<usize, String> {
    recount(journal.iter().map(|(what, detail)| (*what, detail.as_str())), &[(1, motion)])
}

#[test]
fn a_vote_counts_again_as_it_was_counted() {
    assert_eq!(counted(&journal(), &carried()), Ok(1));
}

#[test]
fn an_adoption_by_consensus_follows_from_the_reviews() {
    let mut motion = carried();
    motion.state = MotionState::Adopted { at: motion.terms.until, path: ConsensusPath::Reviewers };
    for seat in &mut motion.seats.0 {
        seat.choice = None;
        seat.stance = seat.assigned.then_some(Stance::Support);
    }
    let sent = |n: usize, stance: &str| ("review-sent", json!({ "seat": seat_id(n), "stance": stance }).to_string());
    let mut journal = vec![opened(), ("conflict-declared", json!({ "seat": seat_id(11) }).to_string())];
    journal.extend([sent(0, "object"), sent(1, "support"), sent(2, "support"), sent(0, "support")]);
    journal.push(("motion-closed", "{}".to_owned()));
    assert_eq!(counted(&journal, &motion), Ok(1));

    motion.state = MotionState::Adopted { at: instant("2026-06-10T04:00:00Z"), path: ConsensusPath::Reviewers };
    assert_eq!(counted(&journal, &motion), Err("motion 1 should not have closed yet".to_owned()));
}

#[test]
fn what_was_changed_behind_the_journals_back_is_found() {
    let broken = |change: &dyn Fn(&mut Journal, &mut Motion)| {
        let (mut journal, mut motion) = (journal(), carried());
        change(&mut journal, &mut motion);
        counted(&journal, &motion).expect_err("the change is not noticed")
    };
    let turned = broken(&|_, motion| motion.seats.0[7].choice = Some(Choice::Yes));
    assert_eq!(turned, "motion 1: what Institution 7 said is not what the journal has");
    let outcome = broken(&|_, motion| {
        let MotionState::Counted { result, .. } = &mut motion.state else { unreachable!("it was counted") };
        *result = CountedResult::NotCarried;
    });
    assert_eq!(outcome, "motion 1 counts as carried, but is recorded as not_carried");
    let early = broken(&|journal, motion| {
        motion.seats.0[6].choice = None;
        journal.retain(|entry| *entry != ballot(6, "yes"));
    });
    assert_eq!(early, "motion 1 should not have closed yet");
    let fewer = broken(&|_, motion| motion.seats.0.truncate(12));
    assert_eq!(fewer, "motion 1 opened with 13 seats of record and now has 12");
    let other = broken(&|_, motion| motion.seats.0[12].seat = seat_id(99));
    assert_eq!(other, format!("motion 1 has lost the seat {}", seat_id(12)));
    let silent = broken(&|journal, _| journal.truncate(journal.len() - 1));
    assert_eq!(silent, "motion 1 has closed, of which the journal knows nothing");
    let reopened = broken(&|_, motion| motion.state = MotionState::Consensus);
    assert_eq!(reopened, "motion 1 has not closed");
    let unread = broken(&|journal, _| journal[2].1 = "{\"seat\": 5}".to_owned());
    assert!(unread.starts_with("entry ballot-cast: "), "{unread}");
}

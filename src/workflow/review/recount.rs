//! Counts closed motions again from the journal alone, by the rules that closed them. Ballots, reviews and conflicts of
//! interest are taken from the journal's entries, whose chain shows any change; what the tables say is held against it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::ballot::Choice;
use super::electorate::{Electorate, SeatOfRecord, Stance};
use super::motion::{Motion, MotionState, advance};
use crate::clock::Instant;
use crate::ids::SeatId;

/// A seat of record as the journal names it when a motion opens.
#[derive(Debug, Clone, Deserialize)]
struct OpenedSeat {
    seat: SeatId,
    vacant: bool,
    recused: bool,
}

/// The particulars that a recount reads from the entries of the journal; each entry has some of them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Particulars {
    number: Option<i32>,
    electorate: Vec<OpenedSeat>,
    seat: Option<SeatId>,
    stance: Option<Stance>,
    choice: Option<Choice>,
}

/// What the journal has said so far, up to some entry.
#[derive(Debug, Default)]
struct Replay {
    /// Which motion is open, by its number.
    number: i32,
    electorate: Vec<OpenedSeat>,
    conflicts: BTreeMap<SeatId, bool>,
    stances: BTreeMap<SeatId, Stance>,
    objections: BTreeMap<SeatId, bool>,
    ballots: BTreeMap<SeatId, Choice>,
}

impl Replay {
    /// Takes in one entry; says whether it closed the open motion.
    fn take(&mut self, what: &str, detail: &str) -> Result<bool, String> {
        let read = || serde_json::from_str::<Particulars>(detail).map_err(|error| format!("entry {what}: {error}"));
        let seat = |said: &Particulars| said.seat.ok_or_else(|| format!("entry {what} names no seat"));
        match what {
            "motion-opened" => {
                let said = read()?;
                self.number = said.number.ok_or("a motion was opened without its number")?;
                self.electorate = said.electorate;
                self.objections.clear();
                self.ballots.clear();
            }
            "conflict-declared" | "conflict-recorded" => {
                self.conflicts.insert(seat(&read()?)?, true);
            }
            "no-conflict-declared" | "conflict-withdrawn" => {
                self.conflicts.insert(seat(&read()?)?, false);
            }
            "review-sent" => {
                let said = read()?;
                let stance = said.stance.ok_or("a review was sent without a recommendation")?;
                self.stances.insert(seat(&said)?, stance);
                self.objections.insert(seat(&said)?, stance == Stance::Object);
            }
            "objection-closed" => {
                self.objections.insert(seat(&read()?)?, false);
            }
            "ballot-cast" | "ballot-recorded" => {
                let said = read()?;
                self.ballots.insert(seat(&said)?, said.choice.ok_or("a ballot came in without a choice")?);
            }
            "motion-closed" => return Ok(true),
            _ => {}
        }
        Ok(false)
    }

    /// A seat of record as it stands by the journal; who its reviewers are comes from the assignments.
    fn seat(&self, opened: &OpenedSeat, recorded: &SeatOfRecord) -> SeatOfRecord {
        SeatOfRecord {
            seat: opened.seat,
            name: recorded.name.clone(),
            vacant: opened.vacant,
            recused: self.conflicts.get(&opened.seat).copied().unwrap_or(opened.recused),
            assigned: recorded.assigned,
            stance: self.stances.get(&opened.seat).copied(),
            open_objection: self.objections.get(&opened.seat).copied().unwrap_or_default(),
            choice: self.ballots.get(&opened.seat).copied(),
        }
    }

    /// Holds a motion of the tables, which closed here, against the journal.
    fn hold_against(&self, recorded: &Motion) -> Result<(), String> {
        let number = self.number;
        let (before, at) = before(recorded.state).ok_or_else(|| format!("motion {number} has not closed"))?;
        if self.electorate.len() != recorded.seats.0.len() {
            let (then, now) = (self.electorate.len(), recorded.seats.0.len());
            return Err(format!("motion {number} opened with {then} seats of record and now has {now}"));
        }
        let mut seats = Vec::with_capacity(self.electorate.len());
        for opened in &self.electorate {
            let recorded = recorded.seats.seat(opened.seat);
            let recorded = recorded.ok_or_else(|| format!("motion {number} has lost the seat {}", opened.seat))?;
            let replayed = self.seat(opened, recorded);
            if (replayed.choice, replayed.stance) != (recorded.choice, recorded.stance) {
                return Err(format!("motion {number}: what {} said is not what the journal has", recorded.name));
            }
            seats.push(replayed);
        }
        let motion = Motion { state: before, seats: Electorate(seats), ..recorded.clone() };
        let step = motion.due_step(at).ok_or_else(|| format!("motion {number} should not have closed yet"))?;
        let counted = advance(before, step).map_err(|refusal| refusal.sentence)?;
        if counted == recorded.state {
            Ok(())
        } else {
            let (is, says) = (counted.stage(), recorded.state.stage());
            Err(format!("motion {number} counts as {is}, but is recorded as {says}"))
        }
    }
}

/// The state out of which a motion closed, and when.
const fn before(state: MotionState) -> Option<(MotionState, Instant)> {
    match state {
        MotionState::Counted { call, at, .. } => Some((MotionState::Tally(call), at)),
        MotionState::Adopted { at, .. } => Some((MotionState::Consensus, at)),
        MotionState::Consensus | MotionState::Tally(_) | MotionState::Lapsed { .. } => None,
    }
}

/// Counts the motions about one request again. `journal` is its journal as words and particulars, in order; `motions`
/// are its motions with their numbers, as the tables have them.
///
/// # Errors
/// The first motion that does not follow from the journal, and why, in words.
pub fn recount<'a>(
    journal: impl Iterator<Item = (&'a str, &'a str)>,
    motions: &[(i32, &Motion)],
) -> Result<usize, String> {
    let mut replay = Replay::default();
    let mut counted = Vec::new();
    for (what, detail) in journal {
        if replay.take(what, detail)? {
            let recorded = motions.iter().find(|(number, _)| *number == replay.number);
            let (number, recorded) = recorded.ok_or_else(|| format!("motion {} is missing", replay.number))?;
            replay.hold_against(recorded)?;
            counted.push(*number);
        }
    }
    let forgotten = motions.iter().find(|(number, motion)| before(motion.state).is_some() && !counted.contains(number));
    match forgotten {
        Some((number, _)) => Err(format!("motion {number} has closed, of which the journal knows nothing")),
        None => Ok(counted.len()),
    }
}

#[cfg(test)]
#[path = "recount_tests.rs"]
mod tests;

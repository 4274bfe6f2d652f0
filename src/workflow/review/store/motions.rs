//! Motions as rows: what was frozen when one opened, how far it has come, and all that its rules look at.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::super::consensus::{ConsensusPath, Terms};
use super::super::electorate::{Electorate, SeatOfRecord};
use super::super::motion::{Call, Cause, CountedResult, Motion, MotionRule, MotionStage, MotionState};
use crate::clock::Instant;
use crate::ids::{MotionId, RequestId, SeatId};
use crate::refusal::Outcome;
use crate::store::schema::{assignments, conflicts, motions};
use crate::store::{Tx, View, impossible};
use crate::workflow::routing::rules::AssignmentEnd;

#[derive(Queryable, Selectable)]
#[diesel(table_name = motions)]
struct Row {
    id: MotionId,
    request_id: RequestId,
    number: i32,
    state: String,
    opened_at: NaiveDateTime,
    frozen: String,
    consensus_until: NaiveDateTime,
    reviews_due_at: NaiveDateTime,
    tally_called_by: Option<SeatId>,
    tally_called_at: Option<NaiveDateTime>,
    tally_closes_at: Option<NaiveDateTime>,
    closed_at: Option<NaiveDateTime>,
    outcome: Option<String>,
    explanation: Option<String>,
}

/// What a motion keeps of the day on which it opened.
#[derive(Serialize, Deserialize)]
struct Frozen {
    rule: MotionRule,
    seats: Vec<FrozenSeat>,
}

#[derive(Serialize, Deserialize)]
struct FrozenSeat {
    seat: SeatId,
    name: String,
    vacant: bool,
    recused: bool,
}

/// A motion of the database.
#[derive(Debug, Clone)]
pub struct KeptMotion {
    /// The motion.
    pub id: MotionId,
    /// The request it would support.
    pub request: RequestId,
    /// Which motion about this request it is, from 1.
    pub number: i32,
    /// When it opened.
    pub opened_at: Instant,
    /// All that its rules look at.
    pub motion: Motion,
    /// How it ended, in the words of that moment; none while it is open.
    pub explanation: Option<String>,
}

impl KeptMotion {
    /// How the motion stands, with rule and arithmetic in words: the words of its end once it has closed.
    pub fn in_words(&self, now: Instant) -> String {
        self.explanation.clone().unwrap_or_else(|| self.motion.explanation(now))
    }

    /// When it closed, if it has.
    pub const fn closed_at(&self) -> Option<Instant> {
        match self.motion.state {
            MotionState::Consensus | MotionState::Tally(_) => None,
            MotionState::Adopted { at, .. } | MotionState::Counted { at, .. } | MotionState::Lapsed { at } => Some(at),
        }
    }
}

fn state_of(row: &Row) -> Outcome<MotionState> {
    let wrong = |what: &str| impossible("motions", row.id, format!("state {} {what}", row.state));
    let stage: MotionStage = row.state.parse().map_err(|_| wrong("is not known"))?;
    let call = || -> Outcome<Call> {
        let (at, closes) = row.tally_called_at.zip(row.tally_closes_at).ok_or_else(|| wrong("without a call"))?;
        let cause = match (row.tally_called_by, row.number) {
            (Some(seat), _) => Cause::Seat(seat),
            (None, 1) => Cause::Objection,
            (None, _) => Cause::PutAgain,
        };
        Ok(Call { at: at.and_utc(), cause, closes: closes.and_utc() })
    };
    let at = || -> Outcome<Instant> {
        row.closed_at.map(|at| at.and_utc()).ok_or_else(|| wrong("without the time of its end"))
    };
    let counted = |result| Ok(MotionState::Counted { call: call()?, at: at()?, result });
    match stage {
        MotionStage::Consensus if row.closed_at.is_none() && row.tally_called_at.is_none() => {
            Ok(MotionState::Consensus)
        }
        MotionStage::Tally if row.closed_at.is_none() => Ok(MotionState::Tally(call()?)),
        MotionStage::Consensus | MotionStage::Tally => Err(wrong("with evidence of a later one")),
        MotionStage::Adopted => {
            let path: Option<ConsensusPath> = row.outcome.as_deref().and_then(|word| word.parse().ok());
            Ok(MotionState::Adopted { at: at()?, path: path.ok_or_else(|| wrong("without how it was adopted"))? })
        }
        MotionStage::Carried => counted(CountedResult::Carried),
        MotionStage::NotCarried => counted(CountedResult::NotCarried),
        MotionStage::NoQuorum => counted(CountedResult::NoQuorum),
        MotionStage::Lapsed => Ok(MotionState::Lapsed { at: at()? }),
    }
}

/// The latest motion about a request, if there is one.
///
/// # Errors
/// A fault of the database.
pub fn latest(view: &mut View<'_>, request: RequestId) -> Outcome<Option<KeptMotion>> {
    let row = motions::table
        .filter(motions::request_id.eq(request))
        .order(motions::number.desc())
        .select(Row::as_select())
        .first(view.connection())
        .optional()?;
    row.map(|row| kept(view, row)).transpose()
}

/// All motions about a request, in order.
///
/// # Errors
/// A fault of the database.
pub fn all_of(view: &mut View<'_>, request: RequestId) -> Outcome<Vec<KeptMotion>> {
    let rows: Vec<Row> = motions::table
        .filter(motions::request_id.eq(request))
        .order(motions::number)
        .select(Row::as_select())
        .load(view.connection())?;
    rows.into_iter().map(|row| kept(view, row)).collect()
}

/// The requests whose motion is open.
///
/// # Errors
/// A fault of the database.
pub fn open(view: &mut View<'_>) -> Outcome<Vec<RequestId>> {
    Ok(motions::table
        .filter(motions::closed_at.is_null())
        .order(motions::opened_at)
        .select(motions::request_id)
        .load(view.connection())?)
}

fn kept(view: &mut View<'_>, row: Row) -> Outcome<KeptMotion> {
    let frozen: Frozen = serde_json::from_str(&row.frozen).map_err(|error| impossible("motions", row.id, error))?;
    let state = state_of(&row)?;
    let recused = recused_by(view, row.request_id, row.closed_at)?;
    let assigned = assigned(view, row.request_id)?;
    let stances = super::reviews::stances(view, row.request_id)?;
    let objecting = super::reviews::open_objectors(view, row.id)?;
    let ballots = super::votes::current(view, row.id)?;
    let of_record = |frozen: FrozenSeat| SeatOfRecord {
        recused: frozen.recused || recused.contains(&frozen.seat),
        assigned: assigned.contains(&frozen.seat),
        stance: stances.iter().find(|(seat, _)| *seat == frozen.seat).map(|(_, stance)| *stance),
        open_objection: objecting.contains(&frozen.seat),
        choice: ballots.iter().find(|ballot| ballot.seat == frozen.seat).map(|ballot| ballot.choice),
        seat: frozen.seat,
        name: frozen.name,
        vacant: frozen.vacant,
    };
    let terms = Terms {
        until: row.consensus_until.and_utc(),
        reviews_due: row.reviews_due_at.and_utc(),
        zone: frozen.rule.zone,
    };
    Ok(KeptMotion {
        id: row.id,
        request: row.request_id,
        number: row.number,
        opened_at: row.opened_at.and_utc(),
        motion: Motion {
            state,
            rule: frozen.rule,
            terms,
            seats: Electorate(frozen.seats.into_iter().map(of_record).collect()),
        },
        explanation: row.explanation,
    })
}

/// The seats whose conflict was on record before the motion closed; one that came to light later changes nothing.
fn recused_by(view: &mut View<'_>, request: RequestId, closed: Option<NaiveDateTime>) -> Outcome<Vec<SeatId>> {
    let rows: Vec<(SeatId, NaiveDateTime)> = conflicts::table
        .filter(conflicts::request_id.eq(request))
        .filter(conflicts::conflicted.eq(true))
        .select((conflicts::seat_id, conflicts::declared_at))
        .load(view.connection())?;
    let in_time = |(_, declared): &(SeatId, NaiveDateTime)| closed.is_none_or(|closed| *declared <= closed);
    Ok(rows.into_iter().filter(in_time).map(|(seat, _)| seat).collect())
}

fn assigned(view: &mut View<'_>, request: RequestId) -> Outcome<Vec<SeatId>> {
    let no_reviewer: Vec<&str> =
        AssignmentEnd::ALL.iter().filter(|end| !end.is_reviewer()).map(AssignmentEnd::as_str).collect();
    Ok(assignments::table
        .filter(assignments::request_id.eq(request))
        .filter(assignments::ended_why.is_null().or(assignments::ended_why.ne_all(no_reviewer)))
        .select(assignments::seat_id)
        .load(view.connection())?)
}

/// Opens `kept`, freezing its rule and its seats of record.
pub(in super::super) fn insert(tx: &mut Tx<'_>, kept: &KeptMotion) -> Outcome<()> {
    let frozen = Frozen {
        rule: kept.motion.rule,
        seats: kept
            .motion
            .seats
            .0
            .iter()
            .map(|seat| FrozenSeat {
                seat: seat.seat,
                name: seat.name.clone(),
                vacant: seat.vacant,
                recused: seat.recused,
            })
            .collect(),
    };
    let frozen = serde_json::to_string(&frozen).map_err(|error| impossible("motions", kept.id, error))?;
    let call = match kept.motion.state {
        MotionState::Tally(call) => Some(call),
        _ => None,
    };
    diesel::insert_into(motions::table)
        .values((
            motions::id.eq(kept.id),
            motions::request_id.eq(kept.request),
            motions::number.eq(kept.number),
            motions::state.eq(kept.motion.state.stage().as_str()),
            motions::opened_at.eq(kept.opened_at.naive_utc()),
            motions::frozen.eq(frozen),
            motions::consensus_until.eq(kept.motion.terms.until.naive_utc()),
            motions::reviews_due_at.eq(kept.motion.terms.reviews_due.naive_utc()),
            motions::tally_called_at.eq(call.map(|call| call.at.naive_utc())),
            motions::tally_closes_at.eq(call.map(|call| call.closes.naive_utc())),
        ))
        .execute(tx.connection())?;
    Ok(())
}

/// Keeps the state that a motion has come to; `explanation` tells of its end, once it has closed.
pub(in super::super) fn keep_state(
    tx: &mut Tx<'_>,
    motion: MotionId,
    state: MotionState,
    explanation: &str,
) -> Outcome<()> {
    let target = motions::table.find(motion);
    let stage = state.stage();
    let end = |at: Instant, outcome: &'static str| {
        (
            motions::state.eq(stage.as_str()),
            motions::closed_at.eq(at.naive_utc()),
            motions::outcome.eq(outcome),
            motions::explanation.eq(explanation.to_owned()),
        )
    };
    let connection = tx.connection();
    match state {
        MotionState::Consensus => return Err(impossible("motions", motion, "consensus begins with the motion")),
        MotionState::Tally(call) => {
            let by = match call.cause {
                Cause::Seat(seat) => Some(seat),
                Cause::Objection | Cause::PutAgain => None,
            };
            diesel::update(target)
                .set((
                    motions::state.eq(stage.as_str()),
                    motions::tally_called_by.eq(by),
                    motions::tally_called_at.eq(call.at.naive_utc()),
                    motions::tally_closes_at.eq(call.closes.naive_utc()),
                ))
                .execute(connection)?
        }
        MotionState::Adopted { at, path } => diesel::update(target).set(end(at, path.as_str())).execute(connection)?,
        MotionState::Counted { at, .. } | MotionState::Lapsed { at } => {
            diesel::update(target).set(end(at, stage.as_str())).execute(connection)?
        }
    };
    Ok(())
}

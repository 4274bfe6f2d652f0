//! Motions as rows: what was frozen when one opened, how far it has come, and all that its rules look at.

use std::collections::HashSet;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::super::ballot::Choice;
use super::super::consensus::{ConsensusPath, Terms};
use super::super::electorate::{Electorate, SeatOfRecord, Stance};
use super::super::motion::{Call, Cause, CountedResult, Motion, MotionRule, MotionStage, MotionState};
use super::super::reader::Reader;
use crate::clock::Instant;
use crate::ids::{MotionId, RequestId, SeatId};
use crate::refusal::Outcome;
use crate::store::schema::{assignments, motions, requests};
use crate::store::{Tx, View, impossible};
use crate::workflow::request::store::recused::seats_out;
use crate::workflow::routing::rules::AssignmentEnd;
use crate::workflow::stage::StageName;

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
    reopened_why: Option<String>,
}

/// What a motion keeps of the day on which it opened. Who is recused and what each review said is frozen once more when
/// it closes: both change while it is open, and what has closed stays as it was decided.
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
    stance: Option<Stance>,
}

impl Frozen {
    fn of(motion: &Motion) -> Self {
        let seat = |seat: &SeatOfRecord| FrozenSeat {
            seat: seat.seat,
            name: seat.name.clone(),
            vacant: seat.vacant,
            recused: seat.recused,
            stance: seat.stance,
        };
        Self { rule: motion.rule, seats: motion.seats.0.iter().map(seat).collect() }
    }
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
    /// How the motion stands, with rule and arithmetic in words, as far as `reader` may know: the words of its end once it
    /// has closed.
    pub fn in_words(&self, now: Instant, reader: &Reader) -> String {
        self.explanation.clone().unwrap_or_else(|| self.motion.explanation(now, reader))
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
            (None, _) if row.reopened_why.is_some() => Cause::Reopened,
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
    Ok(kept(view, row.into_iter().collect())?.pop())
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
    kept(view, rows)
}

/// What a list says of a request whose motion is open.
#[derive(Debug, Clone)]
pub struct Headline {
    /// Its reference.
    pub reference: String,
    /// The project's title.
    pub title: String,
}

/// The open motions on which the committee deliberates, the oldest first. A constant number of queries.
///
/// # Errors
/// A fault of the database.
pub fn deliberated(view: &mut View<'_>) -> Outcome<Vec<(KeptMotion, Headline)>> {
    let stages = StageName::ALL.iter().copied().filter(|stage| stage.is_with_committee());
    let rows: Vec<(Row, Option<String>, String)> = motions::table
        .inner_join(requests::table.on(requests::id.eq(motions::request_id)))
        .filter(motions::closed_at.is_null())
        .filter(requests::stage.eq_any(stages))
        .order((motions::opened_at, motions::id))
        .select((Row::as_select(), requests::reference, requests::title))
        .load(view.connection())?;
    let mut headlines = Vec::with_capacity(rows.len());
    let mut motions = Vec::with_capacity(rows.len());
    for (row, reference, title) in rows {
        headlines.push(Headline { reference: reference.unwrap_or_default(), title });
        motions.push(row);
    }
    Ok(kept(view, motions)?.into_iter().zip(headlines).collect())
}

/// The requests about which a motion was ever opened.
///
/// # Errors
/// A fault of the database.
pub fn ever_opened(view: &mut View<'_>) -> Outcome<Vec<RequestId>> {
    let requests = motions::table.select(motions::request_id).distinct().order(motions::request_id);
    Ok(requests.load(view.connection())?)
}

/// The motions whose tallied vote has closed, the oldest first. A constant number of queries.
///
/// # Errors
/// A fault of the database.
pub fn counted(view: &mut View<'_>) -> Outcome<Vec<KeptMotion>> {
    let counted = [MotionStage::Carried, MotionStage::NotCarried, MotionStage::NoQuorum].map(|stage| stage.as_str());
    let rows: Vec<Row> = motions::table
        .filter(motions::state.eq_any(counted))
        .order((motions::closed_at, motions::id))
        .select(Row::as_select())
        .load(view.connection())?;
    kept(view, rows)
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

/// What the rows come to with all that was said about them since, in the same order.
fn kept(view: &mut View<'_>, rows: Vec<Row>) -> Outcome<Vec<KeptMotion>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let since = Since::read(view, &rows)?;
    rows.into_iter().map(|row| since.applied_to(row)).collect()
}

/// What was said about motions after they opened.
struct Since {
    recused: HashSet<(RequestId, SeatId)>,
    assigned: Vec<(RequestId, SeatId)>,
    stances: Vec<(RequestId, SeatId, Stance)>,
    objecting: Vec<(MotionId, SeatId)>,
    ballots: Vec<(MotionId, SeatId, Choice)>,
}

impl Since {
    fn read(view: &mut View<'_>, rows: &[Row]) -> Outcome<Self> {
        let of_requests: Vec<RequestId> = rows.iter().map(|row| row.request_id).collect();
        let of_motions: Vec<MotionId> = rows.iter().map(|row| row.id).collect();
        let no_reviewer: Vec<&str> =
            AssignmentEnd::ALL.iter().filter(|end| !end.is_reviewer()).map(AssignmentEnd::as_str).collect();
        Ok(Self {
            recused: seats_out(view, &of_requests)?,
            assigned: assignments::table
                .filter(assignments::request_id.eq_any(&of_requests))
                .filter(assignments::ended_why.is_null().or(assignments::ended_why.ne_all(no_reviewer)))
                .select((assignments::request_id, assignments::seat_id))
                .load(view.connection())?,
            stances: super::reviews::stances(view, &of_requests)?,
            objecting: super::reviews::open_objectors(view, &of_motions)?,
            ballots: super::votes::choices(view, &of_motions)?,
        })
    }

    fn applied_to(&self, row: Row) -> Outcome<KeptMotion> {
        let frozen: Frozen = serde_json::from_str(&row.frozen).map_err(|error| impossible("motions", row.id, error))?;
        let state = state_of(&row)?;
        // While the motion is open, a seat is out as long as its conflict stands, and its review says what it last said.
        // What comes after it has closed changes nothing.
        let is_open = state.is_open();
        let out = |seat, vacant: bool| !vacant && self.recused.contains(&(row.request_id, seat));
        let of_record = |frozen: FrozenSeat| SeatOfRecord {
            recused: if is_open { out(frozen.seat, frozen.vacant) } else { frozen.recused },
            assigned: self.assigned.contains(&(row.request_id, frozen.seat)),
            stance: if is_open { said(&self.stances, &row.request_id, frozen.seat) } else { frozen.stance },
            open_objection: self.objecting.contains(&(row.id, frozen.seat)),
            choice: said(&self.ballots, &row.id, frozen.seat),
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
                reopened_why: row.reopened_why,
            },
            explanation: row.explanation,
        })
    }
}

/// What `seat` said about `what`.
fn said<W: PartialEq, T: Copy>(all: &[(W, SeatId, T)], what: &W, seat: SeatId) -> Option<T> {
    all.iter().find(|(about, by, _)| *about == *what && *by == seat).map(|(_, _, said)| *said)
}

/// Opens `kept`, freezing its rule and its seats of record.
pub(in super::super) fn insert(tx: &mut Tx<'_>, kept: &KeptMotion) -> Outcome<()> {
    let frozen = frozen_text(kept)?;
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
            motions::reopened_why.eq(&kept.motion.reopened_why),
        ))
        .execute(tx.connection())?;
    Ok(())
}

fn frozen_text(kept: &KeptMotion) -> Outcome<String> {
    serde_json::to_string(&Frozen::of(&kept.motion)).map_err(|error| impossible("motions", kept.id, error))
}

/// Keeps the state that a motion has come to; `explanation` tells of its end, once it has closed. With its end, who is
/// recused is frozen as it stands.
pub(in super::super) fn keep_state(tx: &mut Tx<'_>, kept: &KeptMotion, explanation: &str) -> Outcome<()> {
    let (motion, state) = (kept.id, kept.motion.state);
    let target = motions::table.find(motion);
    let stage = state.stage();
    let frozen = frozen_text(kept)?;
    let end = |at: Instant, outcome: &'static str| {
        (
            motions::state.eq(stage.as_str()),
            motions::closed_at.eq(at.naive_utc()),
            motions::outcome.eq(outcome),
            motions::explanation.eq(explanation.to_owned()),
            motions::frozen.eq(frozen.clone()),
        )
    };
    let connection = tx.connection();
    match state {
        MotionState::Consensus => return Err(impossible("motions", motion, "consensus begins with the motion")),
        MotionState::Tally(call) => {
            let by = match call.cause {
                Cause::Seat(seat) => Some(seat),
                Cause::Objection | Cause::PutAgain | Cause::Reopened => None,
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

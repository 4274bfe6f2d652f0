//! What waits for a member of the committee, the most urgent first, and how much that is.

use askama::Template;

use super::super::electorate::SeatOfRecord;
use super::super::motion::MotionState;
use super::super::store::motions;
use crate::clock::Instant;
use crate::ids::{RequestId, SeatId};
use crate::refusal::Outcome;
use crate::store::View;
use crate::web::frame::{Frame, Section};
use crate::web::page::{Page, show};
use crate::web::shell::Shell;
use crate::workday::{date_in, day_in_words};
use crate::workflow::request::store as requests;
use crate::workflow::routing::store as routes;
use crate::workflow::stage::{Step, advance};

/// What a seat is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Duty {
    /// To say whether it has a conflict, before its review.
    Declare,
    /// To review.
    Review,
    /// To vote.
    Vote,
}

/// One thing that waits.
struct Waits {
    request: RequestId,
    reference: String,
    title: String,
    duty: Duty,
    due: Instant,
    day: String,
    is_late: bool,
    seat: String,
}

impl Waits {
    const fn task(&self) -> &'static str {
        match self.duty {
            Duty::Declare => "Say whether there is a conflict of interest, then review",
            Duty::Review => "Review",
            Duty::Vote => "Vote",
        }
    }
}

#[derive(Template)]
#[template(path = "review/waiting.html")]
struct WaitingPage {
    frame: Frame,
    duties: Vec<Waits>,
}

/// What waits for the seats, the most urgent first.
fn duties(view: &mut View<'_>, seats: &[SeatId], now: Instant) -> Outcome<Vec<Waits>> {
    let mut found = Vec::new();
    for request in motions::open(view)? {
        found.extend(duties_about(view, request, seats, now)?);
    }
    found.sort_by_key(|waits| (waits.due, waits.request));
    Ok(found)
}

fn duties_about(view: &mut View<'_>, id: RequestId, seats: &[SeatId], now: Instant) -> Outcome<Vec<Waits>> {
    let (Some(request), Some(kept)) = (requests::find(view, id)?, motions::latest(view, id)?) else {
        return Ok(Vec::new());
    };
    if advance(request.stage, Step::Deliberate).is_err() {
        return Ok(Vec::new());
    }
    let zone = kept.motion.rule.zone;
    let declared = routes::declarations(view, id)?;
    let owed = routes::assignments_of(view, id)?;
    let mine = kept.motion.seats.0.iter().filter(|seat| seats.contains(&seat.seat) && seat.is_eligible());
    let waits = |seat: &SeatOfRecord| {
        let review = owed.iter().find(|one| one.seat == seat.seat && one.ended.is_none());
        let (duty, due) = match (kept.motion.state, review) {
            (MotionState::Tally(call), _) if seat.choice.is_none() => (Duty::Vote, call.closes),
            (MotionState::Consensus, Some(review)) => {
                let is_declared = declared.iter().any(|declared| declared.seat == seat.seat);
                (if is_declared { Duty::Review } else { Duty::Declare }, review.due_at)
            }
            _ => return None,
        };
        Some(Waits {
            request: id,
            reference: request.name().to_owned(),
            title: request.title.clone(),
            duty,
            due,
            day: day_in_words(date_in(due - chrono::TimeDelta::microseconds(1), zone)),
            is_late: now >= due,
            seat: seat.name.clone(),
        })
    };
    Ok(mine.filter_map(waits).collect())
}

/// How many things wait for these seats, for the navigation.
///
/// # Errors
/// A fault of the database.
pub fn count(view: &mut View<'_>, seats: &[SeatId]) -> Outcome<usize> {
    Ok(duties(view, seats, Instant::UNIX_EPOCH)?.len())
}

/// What waits for the person who asks.
///
/// # Errors
/// A refusal for whoever is not a member of the committee; a fault of the database.
pub async fn page(shell: Shell) -> Page {
    let visitor = shell.visitor()?;
    visitor.member()?;
    let seats: Vec<SeatId> = visitor.seats().iter().map(|held| held.seat).collect();
    let now = shell.service.clock.now();
    let duties = shell.service.store.read(move |view| duties(view, &seats, now)).await?;
    show(&WaitingPage { frame: shell.frame("Waiting for me").within(Section::Waiting), duties })
}

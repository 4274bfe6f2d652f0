//! What waits for seats, worked out from open motions, reviews that are owed, declarations and ballots.

use crate::clock::Instant;
use crate::ids::SeatId;
use crate::people::access::Onlooker;
use crate::refusal::Outcome;
use crate::store::View;
use crate::workday::last_day;
use crate::workflow::request::store::recused::closed_to;
use crate::workflow::review::motion::MotionState;
use crate::workflow::review::store::motions;
use crate::workflow::routing::store as routes;
use crate::workflow::waiting::duty::{Duty, Waits};

/// What waits for the seats, the most urgent first. A constant number of queries, however much waits. A seat that is out
/// of a request is waited for nowhere.
///
/// # Errors
/// A fault of the database.
pub fn of(view: &mut View<'_>, seats: &[SeatId], now: Instant) -> Outcome<Vec<Waits>> {
    let declared = routes::declared_by(view, seats)?;
    let owed = routes::owed_by(view, seats)?;
    let mut found = Vec::new();
    for (kept, headline) in motions::deliberated(view)? {
        let mine = kept.motion.seats.0.iter().filter(|seat| seats.contains(&seat.seat) && seat.is_eligible());
        for seat in mine {
            let review = owed.iter().find(|one| (one.request, one.seat) == (kept.request, seat.seat));
            let (duty, due) = match (kept.motion.state, review) {
                (MotionState::Tally(call), _) if seat.choice.is_none() => (Duty::Vote, call.closes),
                (MotionState::Consensus, Some(review)) => {
                    let is_declared = declared.contains(&(kept.request, seat.seat));
                    (if is_declared { Duty::Review } else { Duty::Declare }, review.due_at)
                }
                _ => continue,
            };
            found.push(Waits {
                request: kept.request,
                reference: headline.reference.clone(),
                title: headline.title.clone(),
                duty,
                due,
                day: last_day(due, kept.motion.rule.zone),
                is_late: now >= due,
                seat: seat.seat,
                institution: seat.name.clone(),
            });
        }
    }
    found.sort_by_key(|waits| (waits.due, waits.request));
    Ok(found)
}

/// What waits for somebody: for their seats, without what is closed to them. A constant number of queries.
///
/// # Errors
/// A fault of the database.
pub fn of_person(view: &mut View<'_>, onlooker: &Onlooker, now: Instant) -> Outcome<Vec<Waits>> {
    let seats: Vec<SeatId> = onlooker.seats.iter().map(|(seat, _)| *seat).collect();
    let mut found = of(view, &seats, now)?;
    if !found.is_empty() {
        let closed = closed_to(view, onlooker)?;
        found.retain(|one| !closed.contains(&one.request));
    }
    Ok(found)
}

/// How many things wait for somebody, for the navigation.
///
/// # Errors
/// A fault of the database.
pub fn count(view: &mut View<'_>, onlooker: &Onlooker) -> Outcome<usize> {
    Ok(of_person(view, onlooker, Instant::UNIX_EPOCH)?.len())
}

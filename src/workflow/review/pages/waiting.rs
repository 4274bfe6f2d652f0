//! What waits for a member of the committee, the most urgent first, and how much that is.

use askama::Template;

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
use crate::workflow::routing::store as routes;

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

/// What waits for the seats, the most urgent first. A constant number of queries, however much waits.
fn duties(view: &mut View<'_>, seats: &[SeatId], now: Instant) -> Outcome<Vec<Waits>> {
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
            let last_moment = due - chrono::TimeDelta::microseconds(1);
            found.push(Waits {
                request: kept.request,
                reference: headline.reference.clone(),
                title: headline.title.clone(),
                duty,
                due,
                day: day_in_words(date_in(last_moment, kept.motion.rule.zone)),
                is_late: now >= due,
                seat: seat.name.clone(),
            });
        }
    }
    found.sort_by_key(|waits| (waits.due, waits.request));
    Ok(found)
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

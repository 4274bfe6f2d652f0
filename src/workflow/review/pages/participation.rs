//! How the committee's institutions took part in its votes, for staff and the committee.

use askama::Template;

use super::super::participation::{Line, participation, parts, time_in_words};
use super::super::store::{motions, votes};
use crate::committee;
use crate::ids::{InstitutionId, SeatId};
use crate::refusal::Outcome;
use crate::store::View;
use crate::web::frame::{Frame, Section};
use crate::web::page::{Page, show};
use crate::web::shell::Shell;
use crate::workflow::routing::store as routes;

#[derive(Template)]
#[template(path = "review/participation.html")]
struct ParticipationPage {
    frame: Frame,
    votes: usize,
    has_seat: bool,
    lines: Vec<(Line, String)>,
}

/// The number of votes that have closed, and each institution's part in them, leaving out requests with which one of
/// the reader's `seats` has a conflict. A constant number of queries.
fn read(view: &mut View<'_>, seats: &[SeatId]) -> Outcome<(usize, Vec<Line>)> {
    let hidden = routes::closed_to(view, seats)?;
    let mut closed = motions::counted(view)?;
    closed.retain(|kept| !hidden.contains(&kept.request));
    let ids: Vec<_> = closed.iter().map(|kept| kept.id).collect();
    let first = votes::first_cast(view, &ids)?;
    let seats = committee::store::institutions_of_seats(view)?;
    let of_seats = closed.iter().flat_map(|kept| {
        let cast = |seat| first.iter().find(|(on, by, _)| (*on, *by) == (kept.id, seat)).map(|(_, _, at)| *at);
        parts(&kept.motion, cast)
    });
    let of_institutions = of_seats.filter_map(|(seat, part)| {
        let (_, institution, _) = seats.iter().find(|(known, ..)| *known == seat)?;
        Some((*institution, part))
    });
    let of_institutions: Vec<_> = of_institutions.collect();
    let mut names: Vec<(InstitutionId, String)> = seats.into_iter().map(|(_, id, name)| (id, name)).collect();
    names.dedup();
    Ok((closed.len(), participation(&names, &of_institutions)))
}

/// The part of each institution in the votes that have closed.
///
/// # Errors
/// A refusal for whoever is neither staff nor a member of the committee; a fault of the database.
pub async fn page(shell: Shell) -> Page {
    let visitor = shell.visitor()?;
    if visitor.staff().is_err() {
        visitor.member()?;
    }
    let seats: Vec<SeatId> = visitor.seats().iter().map(|held| held.seat).collect();
    let has_seat = !seats.is_empty();
    let (votes, lines) = shell.service.store.read(move |view| read(view, &seats)).await?;
    let with_median = |line: Line| {
        let median = line.median.map(time_in_words).unwrap_or_default();
        (line, median)
    };
    show(&ParticipationPage {
        frame: shell.frame("Participation in votes").within(Section::Committee),
        votes,
        has_seat,
        lines: lines.into_iter().map(with_median).collect(),
    })
}

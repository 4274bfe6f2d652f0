//! How the committee's institutions took part in its votes, for staff and the committee.

use askama::Template;

use super::super::participation::{Line, of_votes, time_in_words};
use super::super::store::{motions, votes};
use crate::committee;
use crate::people::access::Onlooker;
use crate::refusal::Outcome;
use crate::store::View;
use crate::table;
use crate::web::frame::{Frame, Section};
use crate::web::page::{Page, show, spreadsheet};
use crate::web::shell::Shell;
use crate::workflow::request::store::recused::closed_to;

#[derive(Template)]
#[template(path = "review/participation.html")]
struct ParticipationPage {
    frame: Frame,
    votes: usize,
    has_seat: bool,
    lines: Vec<(Line, String)>,
}

/// The number of votes that have closed, and each institution's part in them, leaving out requests that are closed to
/// whoever looks. A constant number of queries.
fn read(view: &mut View<'_>, onlooker: &Onlooker) -> Outcome<(usize, Vec<Line>)> {
    let hidden = closed_to(view, onlooker)?;
    let mut closed = motions::counted(view)?;
    closed.retain(|kept| !hidden.contains(&kept.request));
    let ids: Vec<_> = closed.iter().map(|kept| kept.id).collect();
    let first = votes::first_cast(view, &ids)?;
    let seats = committee::store::institutions_of_seats(view)?;
    let closed: Vec<_> = closed.iter().map(|kept| (kept.id, &kept.motion)).collect();
    Ok((closed.len(), of_votes(&closed, &first, &seats)))
}

/// What `read` finds for whoever asks, and whether they act for a seat.
async fn found(shell: &Shell) -> Outcome<(usize, Vec<Line>, bool)> {
    let visitor = shell.visitor()?;
    if visitor.staff().is_err() {
        visitor.member()?;
    }
    let onlooker = visitor.onlooker();
    let has_seat = !onlooker.seats.is_empty();
    let (votes, lines) = shell.service.store.read(move |view| read(view, &onlooker)).await?;
    Ok((votes, lines, has_seat))
}

/// `GET /participation.csv`: the same as a table for a spreadsheet, with the median in hours.
///
/// # Errors
/// As for the page.
pub async fn csv(shell: Shell) -> Page {
    let (_, lines, _) = found(&shell).await?;
    let rows = lines.into_iter().map(|line| {
        let counts = [line.called, line.voted, line.abstained, line.missed, line.not_needed, line.recused];
        let [called, voted, abstained, missed, not_needed, recused] = counts.map(|count| count.to_string());
        let median = line.median.map(|median| median.num_hours().to_string()).unwrap_or_default();
        [line.name, called, voted, abstained, missed, not_needed, recused, median]
    });
    let headings =
        ["Institution", "Called", "Voted", "Abstained", "Missed", "Not needed", "Recused", "Median response (hours)"];
    Ok(spreadsheet("participation.csv", table::csv(headings, rows)?))
}

/// The part of each institution in the votes that have closed.
///
/// # Errors
/// A refusal for whoever is neither staff nor a member of the committee; a fault of the database.
pub async fn page(shell: Shell) -> Page {
    let (votes, lines, has_seat) = found(&shell).await?;
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

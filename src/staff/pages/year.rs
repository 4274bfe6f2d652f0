//! `/year`: a year of requests in plots, each with its table, and all tables as one for a spreadsheet.

use actix_web::web;
use askama::Template;
use chrono::{Datelike, NaiveDate, TimeDelta};

use super::looking;
use crate::clock::Instant;
use crate::committee;
use crate::people::access::Onlooker;
use crate::policy::settings::Policy;
use crate::policy::store::in_force;
use crate::refusal::Outcome;
use crate::staff::plot::{Bars, Columns, Ranges, bars, columns, ranges};
use crate::staff::year::{BANDS, Course, Months, Stand, TOLD, Way, Year, share, totals};
use crate::store::View;
use crate::table;
use crate::web::frame::{Frame, Section};
use crate::web::page::{Page, show, spreadsheet};
use crate::web::shell::Shell;
use crate::workday::end_of_day;
use crate::workflow::outcome::store as outcomes;
use crate::workflow::request::store::queue::{self, Sight};
use crate::workflow::request::store::year::{Sent, first_and_last, sent};
use crate::workflow::review::participation::{Line as Seat, of_votes, time_in_words};
use crate::workflow::review::store::{motions, votes};

/// The months as the axis of a plot and the rows of its table name them.
const MONTHS: [(&str, &str); 12] = [
    ("Jan", "January"),
    ("Feb", "February"),
    ("Mar", "March"),
    ("Apr", "April"),
    ("May", "May"),
    ("Jun", "June"),
    ("Jul", "July"),
    ("Aug", "August"),
    ("Sep", "September"),
    ("Oct", "October"),
    ("Nov", "November"),
    ("Dec", "December"),
];

/// What of a vote a seat did, in the order of the bars of its plot.
const PARTS: [&str; 4] = ["Voted", "Abstained", "Missed", "Not needed"];

/// What the address asks for.
#[derive(Debug, Default, serde::Deserialize)]
pub struct AskedYear {
    /// The year; without one the present.
    of: Option<i32>,
}

/// A way as its table shows it.
struct WayLine {
    name: &'static str,
    count: usize,
    times: Option<[String; 3]>,
}

/// A part of a whole, as its table shows it.
struct Part {
    count: usize,
    share: String,
}

/// Counts by month: as a plot, and as a table of the months that have begun and of all together.
struct ByMonth {
    names: Vec<&'static str>,
    plot: Columns,
    months: Vec<(&'static str, Vec<usize>)>,
    parts: Vec<Part>,
    whole: usize,
}

impl ByMonth {
    fn of<const N: usize>(names: &[&'static str; N], counts: &Months<N>, begun: usize) -> Self {
        let labelled: Vec<_> =
            MONTHS.iter().zip(counts).map(|((short, _), counts)| (*short, counts.to_vec())).collect();
        let totals = totals(counts);
        let whole = totals.iter().sum();
        let part = |count: usize| Part { count, share: share(count, whole) };
        Self {
            names: names.to_vec(),
            plot: columns(&labelled),
            months: MONTHS.iter().zip(labelled).take(begun).map(|((_, name), (_, counts))| (*name, counts)).collect(),
            parts: totals.into_iter().map(part).collect(),
            whole,
        }
    }
}

#[derive(Template)]
#[template(path = "staff/year.html")]
struct YearPage {
    frame: Frame,
    number: i32,
    year: Year,
    with_letter: usize,
    in_work: usize,
    stands: ByMonth,
    ways: Vec<WayLine>,
    by_way: Ranges,
    /// From how many days to how many the whole is to take.
    promised: (u16, u16),
    /// How much time there was at sending.
    bands: ByMonth,
    /// How many of a hundred had not ample time.
    short: String,
    /// What the funders decided.
    told: ByMonth,
    parts: [&'static str; 4],
    /// How the seats took part in the votes of the year.
    seats: Vec<(Seat, String)>,
    by_seat: Bars,
    before: Option<i32>,
    after: Option<i32>,
}

/// A year as it is read.
struct Found {
    number: i32,
    /// The first and the last year there is.
    known: (i32, i32),
    policy: Policy,
    year: Year,
    seats: Vec<Seat>,
    /// How many months of the year have begun.
    begun: usize,
}

/// The year that is asked for, or the nearest there is, for whoever asks. A constant number of queries.
async fn found(shell: &Shell, asked: &AskedYear) -> Outcome<Found> {
    shell.staff()?;
    let (is_staff, onlooker) = looking(shell.visitor()?);
    let now = shell.service.clock.now();
    let wanted = asked.of;
    shell.service.store.read(move |view| read(view, (is_staff, &onlooker), wanted, now)).await
}

fn read(
    view: &mut View<'_>,
    (is_staff, onlooker): (bool, &Onlooker),
    wanted: Option<i32>,
    now: Instant,
) -> Outcome<Found> {
    let policy = in_force(view, now)?;
    let this = policy.today(now).year();
    let known = first_and_last(view)?.map_or((this, this), |(first, _)| (policy.today(first).year().min(this), this));
    let number = wanted.unwrap_or(this).clamp(known.0, known.1);
    let sight = queue::sight(view, is_staff, onlooker)?;
    let begins = |year: i32| {
        let eve = NaiveDate::from_ymd_opt(year - 1, 12, 31).unwrap_or_default();
        end_of_day(eve, policy.zone)
    };
    let span = (begins(number), begins(number + 1));
    let found = sent(view, &sight, span.0, span.1)?;
    Ok(Found {
        year: Year::of(&courses(view, found)?, policy.zone),
        seats: took_part(view, &sight, span)?,
        begun: if number < this { 12 } else { policy.today(now).month() as usize },
        number,
        known,
        policy,
    })
}

/// How the institutions took part in the votes that closed in this span of time.
fn took_part(view: &mut View<'_>, sight: &Sight, (from, until): (Instant, Instant)) -> Outcome<Vec<Seat>> {
    let mut closed = motions::counted(view)?;
    closed.retain(|kept| {
        !sight.hides(kept.request) && kept.closed_at().is_some_and(|closed| from <= closed && closed < until)
    });
    let ids: Vec<_> = closed.iter().map(|kept| kept.id).collect();
    let first = votes::first_cast(view, &ids)?;
    let closed: Vec<_> = closed.iter().map(|kept| (kept.id, &kept.motion)).collect();
    Ok(of_votes(&closed, &first, &committee::store::institutions_of_seats(view)?))
}

/// `GET /year`: the requests that were sent in a year.
///
/// # Errors
/// Staff only.
pub async fn page(shell: Shell, asked: web::Query<AskedYear>) -> Page {
    let Found { number, known, policy, year, seats, begun } = found(&shell, &asked).await?;
    let promised = (policy.minimum_lead_days, policy.normal_lead_days);
    let days: Vec<_> =
        year.ways.iter().map(|way| (way.name.to_owned(), way.times.map(|times| times.map(in_days)))).collect();
    let of_seats: Vec<_> = seats.iter().map(|seat| (seat.name.clone(), did(seat).to_vec())).collect();
    let with_median = |seat: Seat| {
        let median = seat.median.map(time_in_words).unwrap_or_default();
        (seat, median)
    };
    show(&YearPage {
        frame: shell.frame(format!("Requests of {number}")).within(Section::Queue),
        with_letter: year.standing(|stand| stand == Stand::Letter),
        in_work: year.standing(Stand::is_open),
        stands: ByMonth::of(&stands(), &year.stands, begun),
        ways: year.ways.iter().map(line).collect(),
        by_way: ranges(&days, (promised.0.into(), promised.1.into())),
        promised,
        bands: ByMonth::of(&BANDS.map(|(_, name)| name), &year.bands, begun),
        short: share(totals(&year.bands).iter().skip(1).sum(), year.sent()),
        told: ByMonth::of(&TOLD, &year.told, begun),
        parts: PARTS,
        by_seat: bars(&of_seats),
        seats: seats.into_iter().map(with_median).collect(),
        before: (number > known.0).then_some(number - 1),
        after: (number < known.1).then_some(number + 1),
        number,
        year,
    })
}

/// `GET /year.csv`: every number of the page in a line of its own: its table, its row, its column. Times are in hours.
///
/// # Errors
/// As for the page.
pub async fn csv(shell: Shell, asked: web::Query<AskedYear>) -> Page {
    let Found { number, year, seats, begun, .. } = found(&shell, &asked).await?;
    let mut rows = Vec::new();
    months(&mut rows, ("Sent by month", begun), &stands(), &year.stands);
    for Way { name, count, times } in &year.ways {
        rows.push(cells("How long it took", name, "Requests", count.to_string()));
        for (column, time) in
            ["Shortest (hours)", "Median (hours)", "Longest (hours)"].into_iter().zip(times.iter().flatten())
        {
            rows.push(cells("How long it took", name, column, time.num_hours().to_string()));
        }
    }
    months(&mut rows, ("Lead time", begun), &BANDS.map(|(_, name)| name), &year.bands);
    months(&mut rows, ("What the funders decided", begun), &TOLD, &year.told);
    for seat in &seats {
        let counts = PARTS.into_iter().zip(did(seat)).chain([("Recused", seat.recused)]);
        rows.extend(counts.map(|(column, count)| cells("Participation", &seat.name, column, count.to_string())));
        rows.extend(seat.median.map(|median| {
            cells("Participation", &seat.name, "Median response (hours)", median.num_hours().to_string())
        }));
    }
    Ok(spreadsheet(&format!("year-{number}.csv"), table::csv(["Table", "Of", "What", "Number"], rows.into_iter())?))
}

fn cells(table: &str, of: &str, what: &str, number: String) -> [String; 4] {
    [table.to_owned(), of.to_owned(), what.to_owned(), number]
}

fn months<const N: usize>(
    rows: &mut Vec<[String; 4]>,
    (table, begun): (&str, usize),
    names: &[&'static str; N],
    counts: &Months<N>,
) {
    for ((_, month), counts) in MONTHS.iter().zip(counts).take(begun) {
        rows.extend(names.iter().zip(counts).map(|(name, count)| cells(table, month, name, count.to_string())));
    }
}

/// What the stands are called, in their order.
fn stands() -> [&'static str; 6] {
    use Stand::{Declined, Letter, Received, Review, Withdrawn, Writing};
    [Letter, Writing, Declined, Withdrawn, Review, Received].map(|stand| stand.as_str())
}

/// What a seat did about the votes it was called to, in the order of [`PARTS`].
const fn did(seat: &Seat) -> [usize; 4] {
    [seat.voted, seat.abstained, seat.missed, seat.not_needed]
}

/// The courses of these requests, with what their applicants told.
fn courses(view: &mut View<'_>, found: Vec<Sent>) -> Outcome<Vec<Course>> {
    let ids: Vec<_> = found.iter().map(|one| one.id).collect();
    let known = outcomes::of(view, &ids)?;
    let course = |one: Sent| Course {
        sent: one.sent,
        routed: one.routed,
        decided: one.decided,
        issued: one.issued,
        stand: Stand::of(one.stage, one.answer),
        band: one.band,
        told: known.get(&one.id).and_then(|known| known.told.as_ref()).map(|(told, _)| told.answer),
    };
    Ok(found.into_iter().map(course).collect())
}

/// Whole days, rounded.
fn in_days(time: TimeDelta) -> u32 {
    u32::try_from((time.num_hours() + 12) / 24).unwrap_or(0)
}

fn line(way: &Way) -> WayLine {
    WayLine { name: way.name, count: way.count, times: way.times.map(|times| times.map(time_in_words)) }
}

//! `/year`: a year of requests in plots, each with its table.

use actix_web::web;
use askama::Template;
use chrono::{Datelike, NaiveDate, TimeDelta};

use super::looking;
use crate::policy::store::in_force;
use crate::refusal::Outcome;
use crate::staff::plot::{Columns, Ranges, columns, ranges};
use crate::staff::year::{Course, End, Way, Year, share};
use crate::store::View;
use crate::web::frame::{Frame, Section};
use crate::web::page::{Page, show};
use crate::web::shell::Shell;
use crate::workday::end_of_day;
use crate::workflow::outcome::store as outcomes;
use crate::workflow::request::store::queue;
use crate::workflow::request::store::year::{Sent, first_and_last, sent};
use crate::workflow::review::participation::time_in_words;

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
    name: &'static str,
    count: usize,
    share: String,
}

/// The parts of a whole, by name.
fn shares<const N: usize>(names: [&'static str; N], counts: [usize; N], whole: usize) -> Vec<Part> {
    names.into_iter().zip(counts).map(|(name, count)| Part { name, count, share: share(count, whole) }).collect()
}

#[derive(Template)]
#[template(path = "staff/year.html")]
struct YearPage {
    frame: Frame,
    year: Year,
    /// The months of the year that have begun.
    months: Vec<(&'static str, [usize; 4])>,
    by_month: Columns,
    ways: Vec<WayLine>,
    by_way: Ranges,
    /// From how many days to how many the whole is to take.
    promised: (u16, u16),
    /// How much time there was at sending.
    bands: Vec<Part>,
    /// How many of a hundred had not ample time.
    short: String,
    /// What the funders decided.
    told: Vec<Part>,
    before: Option<i32>,
    after: Option<i32>,
}

/// `GET /year`: the requests that were sent in a year.
///
/// # Errors
/// Staff only.
pub async fn page(shell: Shell, asked: web::Query<AskedYear>) -> Page {
    shell.staff()?;
    let (is_staff, onlooker) = looking(shell.visitor()?);
    let now = shell.service.clock.now();
    let wanted = asked.of;
    let read = shell.service.store.read(move |view| {
        let policy = in_force(view, now)?;
        let this = policy.today(now).year();
        let known =
            first_and_last(view)?.map_or((this, this), |(first, _)| (policy.today(first).year().min(this), this));
        let number = wanted.unwrap_or(this).clamp(known.0, known.1);
        let sight = queue::sight(view, is_staff, &onlooker)?;
        let begins = |year: i32| {
            let eve = NaiveDate::from_ymd_opt(year - 1, 12, 31).unwrap_or_default();
            end_of_day(eve, policy.zone)
        };
        let found = sent(view, &sight, begins(number), begins(number + 1))?;
        Ok((courses(view, found)?, policy, number, known, this))
    });
    let (courses, policy, number, known, this) = read.await?;
    let year = Year::of(&courses, policy.zone);
    let begun = if number < this { 12 } else { policy.today(now).month() as usize };
    let labelled: Vec<_> =
        MONTHS.iter().zip(&year.months).map(|((short, _), counts)| (*short, counts.to_vec())).collect();
    let promised = (policy.minimum_lead_days, policy.normal_lead_days);
    let days: Vec<_> =
        year.ways.iter().map(|way| (way.name.to_owned(), way.times.map(|times| times.map(in_days)))).collect();
    show(&YearPage {
        frame: shell.frame(format!("Requests of {number}")).within(Section::Queue),
        months: MONTHS.iter().zip(&year.months).take(begun).map(|((_, name), counts)| (*name, *counts)).collect(),
        by_month: columns(&labelled),
        ways: year.ways.iter().map(line).collect(),
        by_way: ranges(&days, (promised.0.into(), promised.1.into())),
        promised,
        bands: shares(["Ample", "At risk", "Late"], year.bands, year.sent()),
        short: share(year.bands.iter().skip(1).sum(), year.sent()),
        told: shares(["Funded", "Not funded", "Not known yet"], year.told, year.ended(End::Letter)),
        before: (number > known.0).then_some(number - 1),
        after: (number < known.1).then_some(number + 1),
        year,
    })
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
        end: End::of(one.stage, one.answer),
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

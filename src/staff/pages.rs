//! The queue of all requests for staff, and for the committee what it may read; its table for a spreadsheet.

mod asked;
pub mod chosen;
mod progress;
pub mod views;
pub mod year;

use actix_web::web;
use askama::Template;

use asked::Asked;
use progress::Progress;

use super::chosen::{Act, REQUEST, seen_field};
use super::pile::{self, Pile};
use super::search::{Key, completions};
use super::store::{self, Kept};
use crate::clock::Instant;
use crate::ids::RequestId;
use crate::people::access::{Onlooker, Role, Visitor};
use crate::plain;
use crate::refusal::{Failure, FieldErrors, Outcome, Refusal};
use crate::store::View;
use crate::table;
use crate::web::form::{Choice, FormView};
use crate::web::frame::{Frame, Section};
use crate::web::page::{Page, show, show_again, spreadsheet};
use crate::web::shell::Shell;
use crate::workflow::delivery::store::held as held_mails;
use crate::workflow::outcome::store as outcomes;
use crate::workflow::post::store::{self as posts, Waiting};
use crate::workflow::request::deadline::Zone;
use crate::workflow::request::fields::Field;
use crate::workflow::request::remaining;
use crate::workflow::request::rules::Band;
use crate::workflow::request::store::Request;
use crate::workflow::request::store::queue::{self, Sight};
use crate::workflow::routing::store as routes;

/// How many requests a page shows.
const PAGE: usize = 50;
/// How many requests a table holds at most.
const TABLE: i64 = 10_000;
/// How many funders the filter offers at most.
const FUNDERS: i64 = 300;

/// How many funders and how many institutions a search is completed with at most: the list is sent with every page.
const COMPLETED: usize = 60;

/// A request in the list.
struct Line {
    id: RequestId,
    reference: String,
    title: String,
    institution: String,
    funder: String,
    stage: &'static str,
    label: &'static str,
    band: String,
    deadline: String,
    left: String,
    /// What waits to be printed of it, as a field of the form and what is in it.
    to_print: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "staff/queue.html")]
struct QueuePage {
    frame: Frame,
    form: FormView,
    /// What is asked, field by field.
    fields: Vec<(&'static str, String)>,
    /// Whether the question could be read.
    is_asked: bool,
    /// The views that whoever looks keeps.
    kept: Vec<Kept>,
    /// What can be asked for, and what completes it.
    keys: &'static [Key],
    terms: Vec<String>,
    piles: Vec<Choice>,
    bands: Vec<Choice>,
    funders: Vec<Choice>,
    caption: String,
    lines: Vec<Line>,
    /// What can be done with some of them; nothing for whoever is not staff.
    acts: Vec<Act>,
    /// From where on the list is read; empty for its beginning.
    after: String,
    next: Option<String>,
    as_table: Option<String>,
    /// Whether the list is of physical copies, whose labels can be printed.
    has_labels: bool,
    /// How many mails wait for staff to look at them.
    held: i64,
}

impl QueuePage {
    /// Whether staff can write to somebody about one of them.
    fn writes(&self) -> bool {
        self.acts.contains(&Act::Write)
    }
}

/// The zone of the funder's clocks.
fn zone(request: &Request) -> Outcome<Option<Zone>> {
    Ok(request.typed()?.get(Field::DeadlineZone).parse().ok())
}

/// The days left to the deadline of a request, as its funder counts them.
fn days_left(request: &Request, now: Instant) -> Outcome<Option<i64>> {
    let zone = zone(request)?;
    Ok(request.deadline_at.map(|deadline| remaining::days_left(deadline, zone, now)))
}

/// The day of the deadline of a request, as its funder counts days.
fn deadline_day(request: &Request) -> Outcome<String> {
    let zone = zone(request)?;
    let day = request.deadline_at.map(|at| plain::day(remaining::date_in(at, zone)).to_string());
    Ok(day.unwrap_or_default())
}

fn line(request: Request, progress: &Progress, now: Instant) -> Outcome<Line> {
    let left = remaining::left_in_words(request.deadline_at, zone(&request)?, now);
    Ok(Line {
        id: request.id,
        deadline: deadline_day(&request)?,
        stage: request.stage.name().as_str(),
        label: progress.standing(&request).for_committee(now).as_str(),
        reference: request.name().to_owned(),
        band: request.lead_band.unwrap_or_default(),
        title: request.title,
        institution: request.institution_name,
        funder: request.funder,
        left,
        to_print: progress.to_print(request.id).map(|seen| (seen_field(request.id), seen)),
    })
}

/// Lets staff and members of the committee through.
fn reader(shell: &Shell) -> Result<&Visitor, Refusal> {
    let visitor = shell.visitor()?;
    if visitor.seats().is_empty() { visitor.staff().map(|_| visitor) } else { Ok(visitor) }
}

/// Who looks, and whether they are staff.
fn looking(visitor: &Visitor) -> (bool, Onlooker) {
    (visitor.has_role(Role::Staff), visitor.onlooker())
}

/// The physical copies that wait for staff, of requests within sight; none for whoever is not staff.
fn copies(view: &mut View<'_>, is_staff: bool, sight: &Sight) -> Outcome<Vec<Waiting>> {
    let mut waiting = if is_staff { posts::waiting(view)? } else { vec![] };
    waiting.retain(|one| !sight.hides(one.request));
    Ok(waiting)
}

/// `GET /queue`: requests by stage and by days to the deadline, to be searched and filtered.
///
/// # Errors
/// Staff and members of the committee only.
pub async fn list(shell: Shell, asked: web::Query<Asked>) -> Page {
    let page = page(&shell, &asked, FormView::new(), FieldErrors::default()).await?;
    if page.form.has_errors() { show_again(&page) } else { show(&page) }
}

/// The queue as it is asked; `view` is the form with the name of a view to be kept, and `errors` what is wrong with it.
async fn page(shell: &Shell, asked: &Asked, view: FormView, mut errors: FieldErrors) -> Outcome<QueuePage> {
    let visitor = reader(shell)?;
    let now = shell.service.clock.now();
    let question = asked.question(now).map_err(|wrong| errors.extend(wrong)).ok();
    let (person, is_asked) = (visitor.person(), question.is_some());
    let pile = question.as_ref().map_or_else(|| asked.pile(), |question| question.pile);
    let (is_staff, onlooker) = looking(visitor);
    let read = shell.service.store.read(move |view| {
        let sight = queue::sight(view, is_staff, &onlooker)?;
        let (copies, funders) = (copies(view, is_staff, &sight)?, queue::funders(view, &sight, FUNDERS)?);
        let mut found = match question {
            Some(question) => {
                let wanted = question.wanted(view, (&funders, &copies), now)?;
                queue::list(view, &sight, &wanted, question.order(), question.place, PAGE as i64 + 1)?
            }
            None => vec![],
        };
        let more = found.len() > PAGE;
        found.truncate(PAGE);
        let ids: Vec<RequestId> = found.iter().map(|request| request.id).collect();
        let progress = Progress::of(view, &ids, &copies, now)?;
        let kept = if is_staff { store::views(view, person)? } else { vec![] };
        let held = if is_staff { held_mails::count(view, sight.hidden())? } else { 0 };
        let terms = terms(view, &sight, &funders, now)?;
        Ok((found, more, progress, (queue::counts(view, &sight)?, copies.len(), held), funders, (kept, terms)))
    });
    let (found, more, progress, (counts, to_post, held), funders, (kept, terms)) = read.await?;
    let last = found.last().filter(|_| more);
    let next = last.map(|last| pile::place_in_words((last.deadline_at.map(|at| at.naive_utc()), last.id)));
    let acts = if is_staff { progress.acts(&found, now) } else { vec![] };
    let lines: Vec<Line> = found.into_iter().map(|request| line(request, &progress, now)).collect::<Outcome<_>>()?;
    let count = |pile: Pile| -> i64 {
        let copies = if pile.takes_copies() { i64::try_from(to_post).unwrap_or(i64::MAX) } else { 0 };
        let held = counts.iter().filter(|(stage, held, answer, _)| pile.holds(*stage, *held, *answer));
        held.map(|count| count.3).sum::<i64>() + copies
    };
    let theirs = Pile::ALL.iter().filter(|pile| is_staff || **pile != Pile::ToPost);
    let piles = theirs.map(|pile| match pile {
        Pile::Waiting => Choice::new(pile.as_str(), pile.label()),
        _ => Choice::new(pile.as_str(), format!("{} ({})", pile.label(), count(*pile))),
    });
    let sorted = if pile.is_open() { "nearest deadline first" } else { "latest deadline first" };
    Ok(QueuePage {
        frame: shell.frame("All requests").within(Section::Queue).failed_if(!errors.is_empty()),
        form: asked.form_with(view).failing(errors),
        fields: asked.fields(),
        is_asked,
        kept,
        keys: Key::ALL,
        terms,
        piles: piles.collect(),
        bands: vec![Choice::new(Band::AtRisk.as_str(), "At risk"), Choice::new(Band::Late.as_str(), "Late")],
        funders: funders.into_iter().map(|funder| Choice::new(funder.clone(), funder)).collect(),
        caption: format!("{}, {sorted}", pile.label()),
        has_labels: is_staff && pile == Pile::ToPost && !lines.is_empty(),
        held,
        lines,
        acts,
        after: asked.after().to_owned(),
        next: next.map(|place| asked.address("/queue", &place)),
        as_table: is_staff.then(|| asked.address("/queue.csv", "")),
    })
}

/// What completes a search: the seats in office, and the funders and institutions of requests within sight.
fn terms(view: &mut View<'_>, sight: &Sight, funders: &[String], now: Instant) -> Outcome<Vec<String>> {
    let seats = routes::seats_in_office(view, now.date_naive())?;
    let seats = seats.into_iter().filter(|seat| seat.institution.is_some()).map(|seat| seat.name);
    let institutions = queue::institutions(view, sight, COMPLETED as i64)?;
    let funders = funders.get(..COMPLETED).unwrap_or(funders);
    Ok(completions(&seats.collect::<Vec<_>>(), funders, &institutions))
}

/// `GET /queue.csv`: what the queue shows, whole, as a table for a spreadsheet.
///
/// # Errors
/// Staff only.
pub async fn csv(shell: Shell, asked: web::Query<Asked>) -> Page {
    shell.staff()?;
    let visitor = shell.visitor()?;
    let now = shell.service.clock.now();
    let question = asked.question(now).map_err(Failure::Fields)?;
    let (is_staff, onlooker) = looking(visitor);
    let read = shell.service.store.read(move |view| -> Outcome<_> {
        let sight = queue::sight(view, is_staff, &onlooker)?;
        let (copies, funders) = (copies(view, is_staff, &sight)?, queue::funders(view, &sight, FUNDERS)?);
        let wanted = question.wanted(view, (&funders, &copies), now)?;
        let found = queue::list(view, &sight, &wanted, question.order(), None, TABLE)?;
        let ids: Vec<RequestId> = found.iter().map(|request| request.id).collect();
        let progress = Progress::of(view, &ids, &copies, now)?;
        Ok((found, progress, outcomes::of(view, &ids)?))
    });
    let (found, progress, mut outcomes) = read.await?;
    let headings = [
        "Reference",
        "Stage",
        "Lead time",
        "Days left",
        "Deadline (UTC)",
        "Deadline",
        "Needed on",
        "Project",
        "Applicant",
        "Institution",
        "Funder",
        "Programme",
        "Kind of letter",
        "Sent (UTC)",
        "Decided (UTC)",
        "Outcome",
        "On the outcome",
    ];
    let instant = |at: Option<Instant>| at.map(table::instant).unwrap_or_default();
    let mut rows = Vec::with_capacity(found.len());
    for request in found {
        let label = progress.standing(&request).for_committee(now);
        let told = outcomes.remove(&request.id).and_then(|known| known.told).map(|(told, _)| told);
        rows.push([
            request.name().to_owned(),
            label.to_string(),
            request.lead_band.clone().unwrap_or_default(),
            days_left(&request, now)?.map(|days| days.to_string()).unwrap_or_default(),
            instant(request.deadline_at),
            request.deadline_words,
            request.needed_on.map(|day| day.to_string()).unwrap_or_default(),
            request.title,
            request.applicant_name,
            request.institution_name,
            request.funder,
            request.programme,
            request.letter_kind,
            instant(request.submitted_at),
            instant(request.decided_at),
            told.as_ref().map(|told| told.answer.label().to_owned()).unwrap_or_default(),
            told.map(|told| told.remark).unwrap_or_default(),
        ]);
    }
    let rows = table::csv(headings, rows.into_iter())?;
    Ok(spreadsheet(&format!("requests-{}.csv", now.format("%Y-%m-%d")), rows))
}

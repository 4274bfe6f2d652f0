//! The queue of all requests for staff, and for the committee what it may read; its table for a spreadsheet.

mod progress;

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use askama::Template;

use progress::Progress;

use super::pile::{self, Pile};
use super::table;
use crate::clock::Instant;
use crate::ids::RequestId;
use crate::people::access::{Role, Visitor};
use crate::refusal::{Outcome, Refusal};
use crate::web::form::{Choice, FormView};
use crate::web::frame::{Frame, Section};
use crate::web::page::{Page, show};
use crate::web::shell::Shell;
use crate::workflow::outcome::store as outcomes;
use crate::workflow::request::deadline::Zone;
use crate::workflow::request::fields::Field;
use crate::workflow::request::rules::Band;
use crate::workflow::request::store::Request;
use crate::workflow::request::store::queue::{self, Order, Wanted};

/// How many requests a page shows.
const PAGE: usize = 50;
/// How many requests a table holds at most.
const TABLE: i64 = 10_000;
/// How many funders the filter offers at most.
const FUNDERS: i64 = 300;

/// What is asked of the queue, as typed into its form.
#[derive(serde::Deserialize)]
#[serde(default)]
pub struct Asked {
    words: String,
    stage: String,
    band: String,
    funder: String,
    after: String,
}

impl Default for Asked {
    fn default() -> Self {
        let empty = String::new;
        Self { words: empty(), stage: Pile::Open.to_string(), band: empty(), funder: empty(), after: empty() }
    }
}

impl Asked {
    fn pile(&self) -> Pile {
        self.stage.parse().unwrap_or(Pile::Open)
    }

    fn order(&self) -> Order {
        if self.pile().is_open() { Order::NearestFirst } else { Order::LatestFirst }
    }

    /// What is asked, in the terms of the database, as `visitor` may see it.
    fn wanted(&self, visitor: &Visitor) -> Wanted {
        let pile = self.pile();
        let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let seats = visitor.seats().iter().map(|held| (held.seat, held.institution));
        Wanted {
            stages: pile.stages().to_vec(),
            held: pile.held(),
            declined: pile.declined(),
            asked: pile == Pile::Waiting,
            band: self.band.parse::<Band>().ok().map(|band| band.to_string()),
            funder: given(&self.funder),
            patterns: pile::search_words(&self.words).iter().map(|word| pile::like_pattern(word)).collect(),
            // What staff still hold, or turned down themselves, is for staff alone.
            routed: !visitor.has_role(Role::Staff),
            hidden_from: seats.collect(),
        }
    }

    /// The address of the same question, at `path`, from `after` on.
    fn address(&self, path: &str, after: &str) -> String {
        let fields = [
            ("words", self.words.as_str()),
            ("stage", &self.stage),
            ("band", &self.band),
            ("funder", &self.funder),
            ("after", after),
        ];
        let given: Vec<String> = fields
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", percent_encoded(value)))
            .collect();
        format!("{path}?{}", given.join("&"))
    }
}

/// A text as a value in an address (RFC 3986, section 2).
fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut address, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            address.push(char::from(byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
        address
    })
}

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
}

#[derive(Template)]
#[template(path = "staff/queue.html")]
struct QueuePage {
    frame: Frame,
    form: FormView,
    piles: Vec<Choice>,
    bands: Vec<Choice>,
    funders: Vec<Choice>,
    caption: String,
    lines: Vec<Line>,
    next: Option<String>,
    as_table: Option<String>,
}

/// The days left to the deadline of a request, as its funder counts them.
fn days_left(request: &Request, now: Instant) -> Outcome<Option<i64>> {
    let zone: Option<Zone> = request.typed()?.get(Field::DeadlineZone).parse().ok();
    Ok(request.deadline_at.map(|deadline| pile::days_left(deadline, zone, now)))
}

fn line(request: Request, progress: &Progress, now: Instant) -> Outcome<Line> {
    let passed = request.deadline_at.is_some_and(|deadline| now > deadline);
    let left = days_left(&request, now)?.map(|days| pile::days_in_words(days, passed)).unwrap_or_default();
    Ok(Line {
        id: request.id,
        reference: request.name().to_owned(),
        stage: request.stage.name().as_str(),
        label: progress.standing(&request).for_committee(now).as_str(),
        band: request.lead_band.unwrap_or_default(),
        title: request.title,
        institution: request.institution_name,
        funder: request.funder,
        deadline: request.deadline_words,
        left,
    })
}

/// Lets staff and members of the committee through.
fn reader(shell: &Shell) -> Result<&Visitor, Refusal> {
    let visitor = shell.visitor()?;
    if visitor.seats().is_empty() { visitor.staff().map(|_| visitor) } else { Ok(visitor) }
}

/// `GET /queue`: requests by stage and by days to the deadline, to be searched and filtered.
///
/// # Errors
/// Staff and members of the committee only.
pub async fn list(shell: Shell, asked: web::Query<Asked>) -> Page {
    let visitor = reader(&shell)?;
    let now = shell.service.clock.now();
    let (wanted, order, place) = (asked.wanted(visitor), asked.order(), pile::read_place(&asked.after));
    let read = shell.service.store.read(move |view| {
        let mut found = queue::list(view, &wanted, order, place, PAGE as i64 + 1)?;
        let more = found.len() > PAGE;
        found.truncate(PAGE);
        let ids: Vec<RequestId> = found.iter().map(|request| request.id).collect();
        let progress = Progress::of(view, &ids, now)?;
        Ok((found, more, progress, queue::counts(view)?, queue::funders(view, FUNDERS)?))
    });
    let (found, more, progress, counts, funders) = read.await?;
    let last = found.last().filter(|_| more);
    let next = last.map(|last| pile::place_in_words((last.deadline_at.map(|at| at.naive_utc()), last.id)));
    let lines: Vec<Line> = found.into_iter().map(|request| line(request, &progress, now)).collect::<Outcome<_>>()?;
    let count = |pile: Pile| -> i64 {
        counts.iter().filter(|(stage, held, answer, _)| pile.holds(*stage, *held, *answer)).map(|count| count.3).sum()
    };
    let piles = Pile::ALL.iter().map(|pile| match pile {
        Pile::Waiting => Choice::new(pile.as_str(), pile.label()),
        _ => Choice::new(pile.as_str(), format!("{} ({})", pile.label(), count(*pile))),
    });
    let form = FormView::filled([
        ("words", asked.words.as_str()),
        ("stage", asked.pile().as_str()),
        ("band", &asked.band),
        ("funder", &asked.funder),
    ]);
    let sorted = if asked.pile().is_open() { "nearest deadline first" } else { "latest deadline first" };
    show(&QueuePage {
        frame: shell.frame("All requests").within(Section::Queue),
        form,
        piles: piles.collect(),
        bands: vec![Choice::new(Band::AtRisk.as_str(), "At risk"), Choice::new(Band::Late.as_str(), "Late")],
        funders: funders.into_iter().map(|funder| Choice::new(funder.clone(), funder)).collect(),
        caption: format!("{}, {sorted}", asked.pile().label()),
        lines,
        next: next.map(|place| asked.address("/queue", &place)),
        as_table: visitor.has_role(Role::Staff).then(|| asked.address("/queue.csv", "")),
    })
}

/// `GET /queue.csv`: what the queue shows, whole, as a table for a spreadsheet.
///
/// # Errors
/// Staff only.
pub async fn csv(shell: Shell, asked: web::Query<Asked>) -> Page {
    shell.staff()?;
    let visitor = shell.visitor()?;
    let now = shell.service.clock.now();
    let (wanted, order) = (asked.wanted(visitor), asked.order());
    let read = shell.service.store.read(move |view| -> Outcome<_> {
        let found = queue::list(view, &wanted, order, None, TABLE)?;
        let ids: Vec<RequestId> = found.iter().map(|request| request.id).collect();
        let progress = Progress::of(view, &ids, now)?;
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
    let instant = |at: Option<Instant>| at.map(|at| at.format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default();
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
    let bytes = table::csv(headings, rows.into_iter())?;
    let name = format!("attachment; filename=\"requests-{}.csv\"", now.format("%Y-%m-%d"));
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, "text/csv; charset=utf-8")).insert_header((CONTENT_DISPOSITION, name));
    Ok(answer.insert_header(("cache-control", "no-store")).body(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_the_next_page_asks_the_same_question() {
        let asked = Asked { words: "50% & more".to_owned(), funder: "Éditions+".to_owned(), ..Asked::default() };
        let address = asked.address("/queue", "~x");
        assert_eq!(address, "/queue?words=50%25%20%26%20more&stage=open&funder=%C3%89ditions%2B&after=~x");
        let read = web::Query::<Asked>::from_query(address.split_once('?').unwrap().1).unwrap();
        assert_eq!((read.words.as_str(), read.funder.as_str()), ("50% & more", "Éditions+"));
    }
}

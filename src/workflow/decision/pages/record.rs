//! The decision record, ready to be printed for the minutes: request, motions with seats, ballots and objections, answer.

use actix_web::web::Path;
use askama::Template;

use super::super::minutes::{must_have_closed, no_answer, times};
use super::super::store::{self, Decision, Reopened};
use super::motion::id_of;
use crate::clock::Instant;
use crate::ids::RequestId;
use crate::people::access::{Member, no_such_request};
use crate::policy::settings::Policy;
use crate::refusal::Outcome;
use crate::store::View;
use crate::web::frame::{Frame, Section};
use crate::web::page::{Page, show};
use crate::web::shell::Shell;
use crate::workday::in_zone_and_utc;
use crate::workflow::request::store::recused::recused;
use crate::workflow::request::store::{self as requests, Request, lists};
use crate::workflow::review::form::Review;
use crate::workflow::review::reader::Reader as Looker;
use crate::workflow::review::record::{Done, Record};
use crate::workflow::review::store::motions::{self, KeptMotion};
use crate::workflow::review::store::{reviews, votes};
use crate::workflow::routing::rules::undeclared;
use crate::workflow::routing::store as routes;
use crate::workflow::stage::{Answer, Step, advance};

/// A motion as the minutes have it.
struct Minutes {
    number: i32,
    record: Record,
    rule: String,
    times: Vec<(&'static str, String)>,
}

/// The answer, key and value.
type Lines = Vec<(&'static str, String)>;

#[derive(Template)]
#[template(path = "decision/record.html")]
struct RecordPage {
    frame: Frame,
    reference: String,
    title: String,
    /// Who asked whom for what, key and value.
    request: Lines,
    motions: Vec<Minutes>,
    answer: Lines,
    /// The answers before it that were taken back.
    earlier: Vec<Lines>,
    as_of: String,
    back: String,
}

/// Everything the page is made of, read in one look.
struct Facts {
    request: Request,
    kept: Vec<KeptMotion>,
    records: Vec<(i32, Record)>,
    decision: Option<Decision>,
    reopened: Vec<Reopened>,
    /// Who released the answer.
    releaser: String,
}

/// The records of a request's motions as somebody sees them who sees everything, by number.
///
/// # Errors
/// A fault of the database.
pub(super) fn records(
    view: &mut View<'_>,
    kept: &[KeptMotion],
    reviews: &[Review],
    now: Instant,
) -> Outcome<Vec<(i32, Record)>> {
    let mut records = Vec::with_capacity(kept.len());
    for motion in kept {
        let objections = reviews::objections_to(view, motion.id)?;
        let ballots = votes::history(view, motion.id)?;
        let done = Done { reviews, objections: &objections, ballots: &ballots };
        let reader = Looker::OF_ALL;
        records.push((motion.number, Record::of(&motion.motion, motion.in_words(now, &reader), done, reader)));
    }
    Ok(records)
}

/// Reads the record for a member, or for staff when there is none.
fn read(view: &mut View<'_>, id: RequestId, member: Option<&Member>, now: Instant) -> Outcome<Facts> {
    let request = requests::find(view, id)?.filter(|request| request.reference.is_some());
    let request = request.ok_or_else(no_such_request)?;
    let kept = motions::all_of(view, id)?;
    if let Some(member) = member {
        member.voter(id, !kept.is_empty(), &recused(view, id)?)?;
        // As on the page of the review: as long as a seat can declare, it does so before it reads.
        let may_declare = advance(request.stage, Step::Deliberate).is_ok();
        if may_declare && !routes::declared_by(view, &[member.seat()])?.contains(&(id, member.seat())) {
            return Err(undeclared(id).into());
        }
    }
    must_have_closed(kept.last().map(|last| &last.motion))?;
    let reviews = reviews::reviews_of(view, id)?;
    let records = records(view, &kept, &reviews, now)?;
    let decision = store::of(view, id)?;
    let reopened = store::reopened(view, id)?;
    let releaser = match decision.as_ref().and_then(|decision| decision.released) {
        Some((_, person)) => lists::called(view, person)?,
        None => String::new(),
    };
    Ok(Facts { request, kept, records, decision, reopened, releaser })
}

impl Facts {
    /// The answers that were taken back, the oldest first.
    fn earlier(&self) -> Vec<Lines> {
        let lines = |one: &Reopened| {
            let released = one.released_at.map_or_else(|| "It was not.".to_owned(), |at| self.time(at));
            vec![
                ("Answer", said(one.answer).to_owned()),
                ("How it came about", one.explanation.clone()),
                ("Released to the applicant", released),
                ("Reopened", format!("{}, by {}", self.time(one.reopened_at), one.reopened_by)),
                ("Why it was reopened", one.reason.clone()),
            ]
        };
        self.reopened.iter().map(lines).collect()
    }

    /// The answer and its release.
    fn answer(&self) -> Lines {
        let Some(decision) = &self.decision else {
            let stage = self.kept.last().map(|last| last.motion.state.stage());
            return vec![("Answer", stage.map(no_answer).unwrap_or_default().to_owned())];
        };
        let mut lines =
            vec![("Answer", said(decision.answer).to_owned()), ("Prepared", self.time(decision.prepared_at))];
        match decision.released {
            None => lines.push(("Released to the applicant", "Not yet.".to_owned())),
            Some((at, _)) => {
                let release = format!("{}, by {}", self.time(at), self.releaser);
                lines.push(("Released to the applicant", release));
                lines.push(("Reasons given", decision.words.reasons.clone()));
                lines.push(("What would change it", decision.words.would_change.clone()));
            }
        }
        lines.retain(|(_, value)| !value.is_empty());
        lines
    }

    fn time(&self, at: Instant) -> String {
        let zone = self.kept.last().map_or_else(|| Policy::default().zone, |last| last.motion.rule.zone);
        in_zone_and_utc(at, zone)
    }

    fn request(&self) -> Lines {
        let request = &self.request;
        vec![
            ("Reference", request.name().to_owned()),
            ("Project", request.title.clone()),
            ("Applicant", request.applicant_name.clone()),
            ("Institution", request.institution_name.clone()),
            ("Funder", request.funder.clone()),
            ("Programme", request.programme.clone()),
            ("The funder’s deadline", request.deadline_words.clone()),
        ]
    }

    fn motions(&self) -> Vec<Minutes> {
        let minutes = |(kept, (number, record)): (&KeptMotion, &(i32, Record))| Minutes {
            number: *number,
            record: record.clone(),
            rule: kept.motion.rule.in_words(),
            times: times(&kept.motion, kept.opened_at),
        };
        self.kept.iter().zip(&self.records).map(minutes).collect()
    }
}

const fn said(answer: Answer) -> &'static str {
    match answer {
        Answer::Supported => "Supported: the Consortium writes a letter.",
        Answer::Declined => "Declined.",
    }
}

/// The decision record, for staff and for members whose seat has no conflict, once the motion has closed.
///
/// # Errors
/// A refusal for everybody else, and while the motion is open; a fault of the database.
pub async fn page(shell: Shell, path: Path<String>) -> Page {
    let id = id_of(&path)?;
    let visitor = shell.visitor()?;
    let member = if visitor.staff().is_ok() {
        shell.staff_on(id, recused).await?;
        None
    } else {
        Some(visitor.member()?)
    };
    let (section, back) = if member.is_some() { (Section::Waiting, "review") } else { (Section::Queue, "motion") };
    let now = shell.service.clock.now();
    let facts = shell.service.store.read(move |view| read(view, id, member.as_ref(), now)).await?;
    show(&RecordPage {
        // The title becomes the name of the file when the page is saved as a PDF.
        frame: shell.frame(format!("{} decision record", facts.request.name())).within(section),
        reference: facts.request.name().to_owned(),
        title: facts.request.title.clone(),
        request: facts.request(),
        motions: facts.motions(),
        answer: facts.answer(),
        earlier: facts.earlier(),
        as_of: facts.time(now),
        back: format!("/requests/{id}/{back}"),
    })
}

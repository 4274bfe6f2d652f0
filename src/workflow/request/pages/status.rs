//! The page of one request: a draft's task list, and for a sent one where it stands, who acts next, and all answers.

use std::cmp::Ordering;

use actix_web::web;
use askama::Template;

use super::draft;
use super::{check, insider};
use crate::audit;
use crate::audit::entry::Actor;
use crate::clock::{InUtc, Instant};
use crate::ids::{PersonId, QuestionId, RequestId};
use crate::people::access::{Insider, Role, Share, no_such_request};
use crate::plain;
use crate::policy::settings::Policy;
use crate::refusal::Outcome;
use crate::store::View;
use crate::web::frame::{self, Frame};
use crate::web::page::{Page, see_other, show};
use crate::web::shell::Shell;
use crate::workday::last_day;
use crate::workflow::decision::store as decisions;
use crate::workflow::discussion::audience::{Audience, Part, may_post};
use crate::workflow::discussion::store as posts;
use crate::workflow::discussion::thread::{Post, Reader, Thread};
use crate::workflow::labels::ApplicantLabel;
use crate::workflow::letter::life::Revocation;
use crate::workflow::letter::store::{life, seals};
use crate::workflow::outcome::store as outcomes;
use crate::workflow::post::rules::{Copies, Told};
use crate::workflow::post::store as copies;
use crate::workflow::request::attachment::file::{self, Attachment, Shown};
use crate::workflow::request::correction::may_correct;
use crate::workflow::request::difference::{Revision, Version, revisions};
use crate::workflow::request::form;
use crate::workflow::request::reading::{self, Part as Answers};
use crate::workflow::request::rules;
use crate::workflow::request::store::{self, Request, attachments, lists, questions, versions};
use crate::workflow::request::talk::Question;
use crate::workflow::request::timeline::{self, Noted};
use crate::workflow::review::store::motions;
use crate::workflow::stage::{self, Answer, Stage, StageName, Step};
use crate::workflow::turn::{Course, Known, Next, Turn};

#[derive(Template)]
#[template(path = "request/status.html")]
struct StatusPage {
    frame: Frame,
    id: RequestId,
    reference: String,
    title: String,
    stage: &'static str,
    label: ApplicantLabel,
    band: String,
    next: Next,
    /// Whether the deadline passed before there was an answer.
    is_overtaken: bool,
    steps: [(&'static str, String, String); 4],
    /// Whether the reader may act on it.
    may_edit: bool,
    /// Whose request it is; empty for the reader's own.
    whose: String,
    open: Vec<Asked>,
    answered: Vec<Asked>,
    /// Reasons of the answer and what would change it, once released.
    reasons: Option<(String, String)>,
    /// The day on which the letter was revoked, and why.
    revoked: Option<(String, String)>,
    deadline: String,
    elsewhere: Option<InUtc>,
    needed_on: String,
    events: Vec<Event>,
    parts: Vec<Answers>,
    attachments: Vec<Shown>,
    thread: Thread,
    /// Whether the applicant can write to the committee now.
    may_write: bool,
    /// What replies to questions and corrections changed.
    revisions: Vec<Revision>,
    has_letter: bool,
    /// How the physical copy stands; none where there is no letter and nobody asked for one.
    copy: Option<Told>,
    /// What the applicant told of what became of the proposal; empty when they have not.
    outcome: &'static str,
    /// Whether the letter has a signed original beside the file to submit.
    is_signed: bool,
    may_correct: bool,
    may_withdraw: bool,
    /// The reader's own reason; empty for everybody else of the applicant's side.
    why_withdrawn: String,
}

impl StatusPage {
    /// Whose turn it is, as a heading.
    fn turn(&self) -> &'static str {
        match self.next.turn {
            Turn::Applicant if !self.may_edit => "Next, the applicant acts",
            Turn::Applicant => "It is your turn",
            Turn::Staff => "Next, staff act",
            Turn::Committee => "Next, the committee acts",
            Turn::Nobody => "Nothing more to do",
        }
    }
}

struct Asked {
    id: QuestionId,
    text: String,
    reply_by: String,
    reply: String,
    /// The parts of the form that can be changed with the answer; empty for none.
    parts: String,
}

struct Event {
    at: InUtc,
    what: String,
}

/// What the page shows besides the request itself.
struct Around {
    questions: Vec<Question>,
    versions: Vec<Version>,
    posts: Vec<Post>,
    files: Vec<Attachment>,
    review_by: Option<chrono::NaiveDate>,
    course: Option<Course>,
    journal: Vec<audit::store::Written>,
    /// What to call whoever acted on the applicant's side.
    names: Vec<(PersonId, String)>,
    reasons: Option<(String, String)>,
    revocation: Option<Revocation>,
    is_signed: bool,
    outcome: &'static str,
    copies: Copies,
    /// What to call the person whose request it is.
    owner: String,
}

/// A request: for its applicant a draft's tasks or the status page; staff and committee are shown the way to theirs.
///
/// # Errors
/// A refusal when there is no such request of this person.
pub async fn show_request(shell: Shell, path: web::Path<String>) -> Page {
    if let Some(elsewhere) = others_page(&shell, &path).await? {
        return Ok(see_other(&elsewhere));
    }
    let (request, insider) = insider(&shell, &path).await?;
    if request.stage == Stage::Draft {
        return match insider.share() {
            Share::View => check::look(&shell, &request).await,
            share => draft::tasks(&shell, &request, share).await,
        };
    }
    let (held, now) = (request.clone(), shell.service.moment().now);
    let around = shell.service.store.read(move |view| around(view, &held, now)).await?;
    show(&status_page(&shell, &request, insider, around)?)
}

fn around(view: &mut View<'_>, request: &Request, now: Instant) -> Outcome<Around> {
    let id = request.id;
    let policy = request.frozen_policy()?.unwrap_or_default();
    let review_by = match (request.stage, request.needed_on) {
        (Stage::Submitted { .. }, Some(needed)) => Some(rules::review_by(now, &policy, needed)),
        _ => lists::reviews_due(view, id)?.map(|due| last_day(due, policy.zone)),
    };
    let revocation = match request.stage {
        Stage::Revoked { letter } => life::revocation(view, letter)?,
        _ => None,
    };
    let journal = audit::store::history(view, id.as_str())?;
    let mut names: Vec<(PersonId, String)> = Vec::new();
    for person in journal.iter().filter_map(applicant_of) {
        if !names.iter().any(|(known, _)| *known == person) {
            names.push((person, lists::called(view, person)?));
        }
    }
    Ok(Around {
        questions: questions::of(view, id)?,
        versions: versions::of(view, id)?,
        posts: posts::of(view, id)?,
        files: attachments::of(view, id)?,
        review_by,
        course: motions::latest(view, id)?.map(|kept| Course::of(&kept.motion)),
        journal,
        names,
        reasons: decisions::reasons(view, id)?,
        revocation,
        is_signed: seals::is_signed(view, id)?,
        outcome: outcomes::one(view, id)?.told.map_or("", |(told, _)| told.answer.label()),
        copies: copies::of(view, id, request.stage)?,
        owner: lists::called(view, request.applicant)?,
    })
}

/// Whoever did it, when it was somebody of the applicant's side.
fn applicant_of(entry: &audit::store::Written) -> Option<PersonId> {
    entry.actor_id.filter(|person| entry.actor == Actor::Applicant(*person).label())
}

/// Where staff and committee read a request that is not their own. Of a draft nobody else hears.
async fn others_page(shell: &Shell, id: &str) -> Outcome<Option<String>> {
    let visitor = shell.visitor()?;
    let id: RequestId = id.parse().map_err(|_| no_such_request())?;
    let is_member = !visitor.seats().is_empty();
    if !is_member && !visitor.has_role(Role::Staff) {
        return Ok(None);
    }
    let request = shell.service.store.read(move |view| store::find(view, id)).await?.ok_or_else(no_such_request)?;
    let theirs = request.applicant != visitor.person() && request.reference.is_some();
    // Whoever decides about requests has no share in somebody else's.
    Ok(theirs.then(|| format!("/requests/{id}/{}", if is_member { "review" } else { "motion" })))
}

fn status_page(shell: &Shell, request: &Request, insider: Insider, around: Around) -> Outcome<StatusPage> {
    let now = shell.service.moment().now;
    let reply_by = around.questions.iter().filter(|asked| asked.is_open()).map(|asked| asked.reply_by).min();
    let standing = request.standing(reply_by, around.review_by);
    let reader = Reader { part: Part::Applicant, person: insider.person(), seat: None, sees_others: true };
    let may_edit = insider.applicant().is_ok();
    let typed = request.typed()?;
    let may_answer = rules::may_talk(request.stage).is_ok();
    let events = events(&around, insider.person());
    let policy = request.frozen_policy()?.unwrap_or_default();
    let whose = if insider.share() == Share::Own { "" } else { around.owner.as_str() };
    let revoked =
        around.revocation.and_then(|revocation| Some((policy.today(revocation.confirmed_at?), revocation.reason)));
    let known = Known {
        today: policy.today(now),
        deadline_on: form::deadline(&typed).map(|deadline| deadline.date()),
        course: around.course,
        revoked_on: revoked.as_ref().map(|(on, _)| *on),
        whose,
    };
    let (label, next) = (standing.for_applicant(now), standing.next(now, &known));
    let has_letter = matches!(request.stage, Stage::Issued { .. } | Stage::Delivered { .. });
    let told = Told::of(&around.copies, |at| plain::day(policy.today(at)).to_string());
    let (open, over) = around.questions.into_iter().partition::<Vec<_>, _>(Question::is_open);
    let answered = over.into_iter().filter(|asked| asked.reply.is_some());
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| plain::day(day).to_string()).unwrap_or_default();
    Ok(StatusPage {
        frame: shell.frame(&request.title).within(frame::Section::Requests),
        id: request.id,
        reference: request.name().to_owned(),
        title: request.title.clone(),
        stage: request.stage.name().as_str(),
        label,
        is_overtaken: label == ApplicantLabel::Closed,
        band: request.lead_band.clone().unwrap_or_default(),
        next,
        steps: steps(request, &policy, known.revoked_on),
        open: open.into_iter().filter(|_| may_answer).map(asked_of).collect(),
        may_edit,
        whose: whose.to_owned(),
        answered: answered.map(asked_of).collect(),
        reasons: around.reasons.filter(|_| request.answer == Some(Answer::Declined)),
        revoked: revoked.map(|(on, why)| (plain::day(on).to_string(), why)),
        deadline: request.deadline_words.clone(),
        elsewhere: request.deadline_at.map(InUtc::from),
        needed_on: day(request.needed_on),
        events,
        thread: Thread::of(&around.posts, reader, now),
        may_write: may_edit && may_post(request.stage, Audience::Applicant).is_ok(),
        revisions: revisions(&around.versions, &typed, &request.institution()),
        parts: reading::sent(&typed, &request.institution()),
        attachments: file::sent(&around.files, request.submitted_at),
        has_letter,
        copy: Some(told).filter(|_| has_letter || around.copies.last().is_some()),
        is_signed: around.is_signed,
        outcome: around.outcome,
        may_correct: may_edit && may_correct(request.stage).is_ok(),
        may_withdraw: insider.owner().is_ok() && stage::advance(request.stage, Step::Withdraw { at: now }).is_ok(),
        why_withdrawn: request.withdrawn_why.clone().filter(|_| insider.owner().is_ok()).unwrap_or_default(),
    })
}

fn asked_of(asked: Question) -> Asked {
    Asked {
        id: asked.id,
        parts: asked.parts(),
        text: asked.text,
        reply_by: plain::day(asked.reply_by).to_string(),
        reply: asked.reply.map(|reply| reply.text).unwrap_or_default(),
    }
}

/// Reached when nothing more comes.
const OVER: i32 = 5;

/// What has happened, as `reader` is told it.
fn events(around: &Around, reader: PersonId) -> Vec<Event> {
    let called = |person: PersonId| match around.names.iter().find(|(known, _)| *known == person) {
        Some((known, name)) if *known != reader => name.clone(),
        _ => "You".to_owned(),
    };
    let noted = around.journal.iter().map(|entry| Noted {
        at: entry.at(),
        applicant: applicant_of(entry),
        what: &entry.what,
        detail: &entry.detail,
    });
    let event = |event: timeline::Event| Event { at: event.at.into(), what: event.what };
    timeline::events(noted, called).into_iter().map(event).collect()
}

/// The way from sending to letter: what is done, where it stands, what comes.
fn steps(
    request: &Request,
    policy: &Policy,
    revoked_on: Option<chrono::NaiveDate>,
) -> [(&'static str, String, String); 4] {
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| plain::day(day).to_string()).unwrap_or_default();
    let at = |at: Option<Instant>| day(at.map(|at| policy.today(at)));
    let reached = match request.stage.name() {
        StageName::Draft => 0,
        StageName::Submitted | StageName::Routed | StageName::InReview => 1,
        StageName::Decided if request.answer == Some(Answer::Supported) => 3,
        StageName::Decided => OVER,
        StageName::Revoked => 3,
        StageName::Issued | StageName::Delivered => 4,
        StageName::Withdrawn => OVER,
    };
    let state = |place: i32| match place.cmp(&reached) {
        _ if reached == OVER && place > 0 => "next",
        Ordering::Less => "done",
        Ordering::Equal => "now",
        Ordering::Greater => "next",
    };
    let answered = if reached == OVER && request.decided_at.is_some() { "done" } else { state(2) };
    [
        ("Sent", state(0).to_owned(), at(request.submitted_at)),
        ("Review", state(1).to_owned(), at(request.routed_at)),
        ("Answer", answered.to_owned(), at(request.decided_at)),
        match request.stage {
            Stage::Revoked { .. } => ("Letter revoked", state(3).to_owned(), day(revoked_on)),
            _ => ("Letter", state(3).to_owned(), at(request.issued_at)),
        },
    ]
}

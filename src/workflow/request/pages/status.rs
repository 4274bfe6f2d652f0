//! The page of one request: a draft's task list, and for a sent one where it stands, who acts next, and all answers.

use std::cmp::{Ordering, Reverse};

use actix_web::web;
use askama::Template;

use super::draft;
use super::{check, insider};
use crate::clock::InUtc;
use crate::ids::{QuestionId, RequestId};
use crate::people::access::{Insider, Role, Share, no_such_request};
use crate::plain;
use crate::refusal::Outcome;
use crate::web::frame::{self, Frame};
use crate::web::page::{Page, see_other, show};
use crate::web::shell::Shell;
use crate::workflow::decision::store as decisions;
use crate::workflow::discussion::audience::{Audience, Part, may_post};
use crate::workflow::discussion::store as posts;
use crate::workflow::discussion::thread::{Post, Reader, Thread};
use crate::workflow::labels::{ApplicantLabel, Next, Turn};
use crate::workflow::letter::store::seals;
use crate::workflow::outcome::store as outcomes;
use crate::workflow::post::rules::{Copies, Told};
use crate::workflow::post::store as copies;
use crate::workflow::request::attachment::file::{self, Attachment, Shown};
use crate::workflow::request::correction::may_correct;
use crate::workflow::request::difference::{Revision, Version, revisions};
use crate::workflow::request::reading::{self, Part as Answers};
use crate::workflow::request::rules;
use crate::workflow::request::store::{self, Request, attachments, lists, questions, versions};
use crate::workflow::request::talk::Question;
use crate::workflow::stage::{self, Answer, Stage, StageName, Step};

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
    steps: [(&'static str, String, String); 4],
    /// Whether the reader may act on it.
    may_edit: bool,
    /// Whose request it is; empty for the reader's own.
    whose: String,
    open: Vec<Asked>,
    answered: Vec<Asked>,
    /// Reasons of the answer and what would change it, once released.
    reasons: Option<(String, String)>,
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
    reasons: Option<(String, String)>,
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
    let (id, stage, owner) = (request.id, request.stage, request.applicant);
    let read = shell.service.store.read(move |view| {
        Ok(Around {
            questions: questions::of(view, id)?,
            versions: versions::of(view, id)?,
            posts: posts::of(view, id)?,
            files: attachments::of(view, id)?,
            review_by: lists::reviews_due(view, id)?.map(|due| due.date_naive()),
            reasons: decisions::reasons(view, id)?,
            is_signed: seals::is_signed(view, id)?,
            outcome: outcomes::one(view, id)?.told.map_or("", |(told, _)| told.answer.label()),
            copies: copies::of(view, id, stage)?,
            owner: lists::called(view, owner)?,
        })
    });
    show(&status_page(&shell, &request, insider, read.await?)?)
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
    let events = events(request, &around.questions, &around.versions, &around.copies);
    let policy = request.frozen_policy()?.unwrap_or_default();
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
        label: standing.for_applicant(now),
        band: request.lead_band.clone().unwrap_or_default(),
        next: standing.next(now),
        steps: steps(request),
        open: open.into_iter().filter(|_| may_answer).map(asked_of).collect(),
        may_edit,
        whose: if insider.share() == Share::Own { String::new() } else { around.owner },
        answered: answered.map(asked_of).collect(),
        reasons: around.reasons.filter(|_| request.answer == Some(Answer::Declined)),
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
        why_withdrawn: request.withdrawn_why.clone().unwrap_or_default(),
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

/// The way from sending to letter: what is done, where it stands, what comes.
fn steps(request: &Request) -> [(&'static str, String, String); 4] {
    let at =
        |at: Option<crate::clock::Instant>| at.map(|at| plain::day(at.date_naive()).to_string()).unwrap_or_default();
    let reached = match request.stage.name() {
        StageName::Draft => 0,
        StageName::Submitted | StageName::Routed | StageName::InReview => 1,
        StageName::Decided if request.answer == Some(Answer::Supported) => 3,
        StageName::Decided => OVER,
        StageName::Issued | StageName::Delivered | StageName::Revoked => 4,
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
        ("Letter", state(3).to_owned(), at(request.issued_at)),
    ]
}

/// What has happened, the newest first, as far as it concerns the applicant.
fn events(request: &Request, questions: &[Question], versions: &[Version], copies: &Copies) -> Vec<Event> {
    let answer = match request.answer {
        Some(Answer::Supported) => "The committee decided to support your proposal.",
        Some(Answer::Declined) => "The committee declined the request.",
        None => "",
    };
    let mut happened = vec![
        (Some(request.created_at), "You began the request."),
        (request.submitted_at, "You sent the request."),
        (request.routed_at, "The request went to its reviewers."),
        (request.decided_at, answer),
        (request.issued_at, "The letter was issued."),
        (request.delivered_at, "You downloaded the letter."),
        (request.withdrawn_at, "You withdrew the request."),
    ];
    for asked in questions {
        happened.push((Some(asked.asked_at), "We asked you a question."));
        happened.push((asked.reply.as_ref().map(|reply| reply.at), "You answered a question."));
        happened.push((asked.withdrawn_at, "We withdrew a question."));
    }
    for corrected in versions.iter().filter(|version| version.question.is_none()) {
        happened.push((Some(corrected.replaced_at), "You corrected the deadline or the addressee."));
    }
    happened.push((copies.all.first().map(|copy| copy.asked_at), "You asked for a physical copy of the letter."));
    for copy in &copies.all {
        happened.push((copy.posted.as_ref().map(|(_, at)| *at), "The physical copy was posted."));
        happened.push((copy.returned.as_ref().map(|(at, _)| *at), "The physical copy came back."));
    }
    let mut happened: Vec<_> = happened.into_iter().filter_map(|(at, what)| Some((at?, what))).collect();
    happened.sort_by_key(|(at, _)| Reverse(*at));
    let event = |(at, what): (_, &str)| Event { at: InUtc::from(at), what: what.to_owned() };
    happened.into_iter().map(event).collect()
}

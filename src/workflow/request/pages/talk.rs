//! Answering a question, with changes to the form where it reopens some of it; and taking a request back.

use actix_web::web;
use askama::Template;

use super::draft::path_of;
use super::{own, owned, present};
use crate::ids::{QuestionId, RequestId};
use crate::people::access::no_such_request;
use crate::plain;
use crate::refusal::{Failure, FieldError, FieldErrors, Outcome};
use crate::store::View;
use crate::web::flash::see_other_saying;
use crate::web::form::FormView;
use crate::web::frame::{self, Frame, Tone};
use crate::web::page::{Page, see_other, show, show_again, show_conflict};
use crate::web::post::Post;
use crate::web::shell::Shell;
use crate::workflow::request::attachment;
use crate::workflow::request::commands::{self, CHANGED_ELSEWHERE, Said};
use crate::workflow::request::difference::{self, Change, changed_sections};
use crate::workflow::request::fields::Section;
use crate::workflow::request::form;
use crate::workflow::request::rules;
use crate::workflow::request::store::{Request, attachments, changes, questions};
use crate::workflow::request::talk::{MEANWHILE, Question};
use crate::workflow::stage::{self, Stage, Step};

#[derive(Template)]
#[template(path = "request/question.html")]
struct QuestionPage {
    frame: Frame,
    id: RequestId,
    reference: String,
    question: QuestionId,
    text: String,
    reply_by: String,
    is_overdue: bool,
    /// The parts of the form that can be changed with the answer.
    parts: Vec<Reopened>,
    /// What keeps the changes from being sent, each with the page that mends it.
    missing: Vec<(String, String)>,
    /// What would change, as reviewers will see it.
    changes: Vec<Change>,
    seen: String,
    /// Whether the form was changed since this page was opened.
    is_stale: bool,
    filled: FormView,
}

impl QuestionPage {
    /// What happens until there is an answer, and without one.
    const fn meanwhile(&self) -> &'static str {
        MEANWHILE
    }
}

/// A part of the form that can be changed.
struct Reopened {
    name: &'static str,
    title: &'static str,
    href: String,
    is_changed: bool,
}

/// One open question, with room for the answer.
///
/// # Errors
/// A refusal when there is no such question to this person.
pub async fn question(shell: Shell, path: web::Path<(String, String)>) -> Page {
    let (id, question) = path.into_inner();
    let (request, _) = own(&shell, &id).await?;
    rules::may_talk(request.stage)?;
    let asked = asked(&shell, &request, &question).await?;
    if asked.reply.is_some() {
        return Ok(see_other(&format!("/requests/{}", request.id)));
    }
    asked.must_be_open()?;
    show(&question_page(&shell, &request, asked, FormView::new()).await?)
}

/// Answers the question.
///
/// # Errors
/// A refusal when it is over or the time for answers is.
pub async fn answer(shell: Shell, path: web::Path<(String, String)>, post: Post) -> Page {
    let (id, question) = path.into_inner();
    let (request, applicant) = own(&shell, &id).await?;
    let asked = asked(&shell, &request, &question).await?;
    let moment = shell.service.moment();
    let (target, question, key) = (format!("/requests/{}", request.id), asked.id, post.once.clone());
    let fields = post.fields.clone();
    let answering = shell.service.store.write(move |tx| {
        crate::store::once(tx, &key, moment.now, |tx| {
            let said = Said { answer: fields.get("answer"), seen: fields.get("seen") };
            commands::answer(tx, &moment, &applicant, question, said)?;
            Ok(target)
        })
    });
    let filled = || FormView::filled([("answer", post.fields.get("answer"))]);
    match answering.await {
        Ok(target) => Ok(see_other_saying(
            &shell.service,
            &target,
            Tone::Good,
            "Your answer was sent. Whoever reviews the request reads it.",
        )),
        Err(Failure::Fields(errors)) => {
            // What is wrong in the form is listed with the pages that mend it; here it is one line.
            let mut shown = FieldErrors::default();
            if errors.iter().any(|error| error.field != "answer") {
                shown.add("reopened", "Mend the answers in the form that are listed below.");
            }
            errors.iter().filter(|error| error.field == "answer").for_each(|error| shown.add("answer", &error.message));
            show_again(&question_page(&shell, &request, asked, filled().failing(shown)).await?)
        }
        Err(Failure::Refusal(refusal)) if refusal.code == CHANGED_ELSEWHERE => {
            let mut page = question_page(&shell, &request, asked, filled()).await?;
            page.is_stale = true;
            page.frame.failed = true;
            show_conflict(&page)
        }
        Err(failure) => Err(failure.into()),
    }
}

async fn asked(shell: &Shell, request: &Request, question: &str) -> Outcome<Question> {
    let (id, question) = (request.id, question.parse::<QuestionId>().map_err(|_| no_such_request())?);
    let all = shell.service.store.read(move |view| questions::of(view, id)).await?;
    Ok(all.into_iter().find(|asked| asked.id == question).ok_or_else(no_such_request)?)
}

async fn question_page(shell: &Shell, request: &Request, asked: Question, filled: FormView) -> Outcome<QuestionPage> {
    let (held, sections) = (request.clone(), asked.reopens.clone());
    let read =
        move |view: &mut View<'_>| Ok((changes::in_work(view, &held, &sections)?, attachments::of(view, held.id)?));
    let (typed, files) = shell.service.store.read(read).await?;
    let before = request.typed()?;
    let mut changed = changed_sections(&before, &typed, &request.institution());
    let mut changes = difference::changes(&before, &typed, &request.institution());
    if asked.reopens.contains(&Section::Attachments) {
        let of_files = attachment::file::change(&files);
        changed.extend(of_files.as_ref().map(|_| Section::Attachments));
        changes.extend(of_files);
    }
    let href = |section: Section| format!("{}?back={}", path_of(request.id, section), asked.id);
    let part = |section: &Section| Reopened {
        name: section.as_str(),
        title: section.title(),
        href: href(*section),
        is_changed: changed.contains(section),
    };
    let present = present(shell, request, &typed).await?;
    let missing = changed.iter().flat_map(|section| {
        let errors = form::errors_in(*section, &typed, &present.against());
        let missing = |error: &FieldError| (error.message.clone(), format!("{}#{}", href(*section), error.field));
        errors.iter().map(missing).collect::<Vec<_>>()
    });
    let title =
        if asked.reopens.is_empty() { "Answer a question" } else { "Answer a question and change your request" };
    let today = request.frozen_policy()?.unwrap_or_default().today(shell.service.clock.now());
    Ok(QuestionPage {
        frame: shell.frame(title).within(frame::Section::Requests).failed_if(filled.has_errors()),
        id: request.id,
        reference: request.name().to_owned(),
        question: asked.id,
        text: asked.text.clone(),
        reply_by: plain::day(asked.reply_by).to_string(),
        is_overdue: asked.is_overdue(today),
        parts: asked.reopens.iter().map(part).collect(),
        missing: missing.collect(),
        changes,
        seen: attachment::rules::fingerprint(&typed.fingerprint(Section::Send), &files),
        is_stale: false,
        filled,
    })
}

#[derive(Template)]
#[template(path = "request/withdraw.html")]
struct WithdrawPage {
    frame: Frame,
    id: RequestId,
    is_draft: bool,
    filled: FormView,
}

/// Asks whether the request is really to be withdrawn.
///
/// # Errors
/// A refusal when it is too late, or when there is no such request of this person.
pub async fn withdraw_form(shell: Shell, path: web::Path<String>) -> Page {
    let (request, _, _) = owned(&shell, &path).await?;
    let at = shell.service.moment().now;
    stage::advance(request.stage, Step::Withdraw { at })?;
    show(&withdraw_page(&shell, &request, FormView::new()))
}

/// Withdraws the request.
///
/// # Errors
/// A refusal when it is too late, or when there is no such request of this person.
pub async fn withdraw(shell: Shell, path: web::Path<String>, post: Post) -> Page {
    let (request, owner, _) = owned(&shell, &path).await?;
    let moment = shell.service.moment();
    let (id, why, key) = (request.id, post.fields.get("why").to_owned(), post.once.clone());
    let withdrawing = shell.service.store.write(move |tx| {
        crate::store::once(tx, &key, moment.now, |tx| {
            commands::withdraw(tx, &moment, &owner, &why)?;
            Ok(format!("/requests/{id}"))
        })
    });
    match withdrawing.await {
        Ok(target) => Ok(see_other_saying(&shell.service, &target, Tone::Good, "The request is withdrawn.")),
        Err(Failure::Fields(errors)) => {
            let filled = FormView::filled([("why", post.fields.get("why"))]).failing(errors);
            show_again(&withdraw_page(&shell, &request, filled))
        }
        Err(failure) => Err(failure.into()),
    }
}

fn withdraw_page(shell: &Shell, request: &Request, filled: FormView) -> WithdrawPage {
    let is_draft = request.stage == Stage::Draft;
    let title = if is_draft { "Throw the draft away" } else { "Withdraw the request" };
    WithdrawPage {
        frame: shell.frame(title).within(frame::Section::Requests).failed_if(filled.has_errors()),
        id: request.id,
        is_draft,
        filled,
    }
}

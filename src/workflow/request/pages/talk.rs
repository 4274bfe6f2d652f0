//! Answering a question, and taking a request back.

use actix_web::web;
use askama::Template;

use super::own;
use crate::ids::{QuestionId, RequestId};
use crate::people::access::no_such_request;
use crate::plain;
use crate::refusal::{Failure, Outcome};
use crate::web::flash::see_other_saying;
use crate::web::form::FormView;
use crate::web::frame::{self, Frame, Tone};
use crate::web::page::{Page, see_other, show, show_again};
use crate::web::post::Post;
use crate::web::shell::Shell;
use crate::workflow::request::commands;
use crate::workflow::request::rules;
use crate::workflow::request::store::Request;
use crate::workflow::request::store::questions::{self, Question};
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
    filled: FormView,
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
    show(&question_page(&shell, &request, asked, FormView::new()))
}

/// Answers the question.
///
/// # Errors
/// A refusal when it was answered already or the time for answers is over.
pub async fn answer(shell: Shell, path: web::Path<(String, String)>, post: Post) -> Page {
    let (id, question) = path.into_inner();
    let (request, applicant) = own(&shell, &id).await?;
    let asked = asked(&shell, &request, &question).await?;
    let moment = shell.service.moment();
    let typed = post.fields.get("answer").to_owned();
    let (target, question, key) = (format!("/requests/{}", request.id), asked.id, post.once.clone());
    let answering = shell.service.store.write(move |tx| {
        crate::store::once(tx, &key, moment.now, |tx| {
            commands::answer(tx, &moment, &applicant, question, &typed)?;
            Ok(target)
        })
    });
    match answering.await {
        Ok(target) => {
            Ok(see_other_saying(&shell.service, &target, Tone::Good, "Your answer was sent. The review goes on."))
        }
        Err(Failure::Fields(errors)) => {
            let filled = FormView::filled([("answer", post.fields.get("answer"))]).failing(errors);
            show_again(&question_page(&shell, &request, asked, filled))
        }
        Err(failure) => Err(failure.into()),
    }
}

async fn asked(shell: &Shell, request: &Request, question: &str) -> Outcome<Question> {
    let (id, question) = (request.id, question.parse::<QuestionId>().map_err(|_| no_such_request())?);
    let all = shell.service.store.read(move |view| questions::of(view, id)).await?;
    Ok(all.into_iter().find(|asked| asked.id == question).ok_or_else(no_such_request)?)
}

fn question_page(shell: &Shell, request: &Request, asked: Question, filled: FormView) -> QuestionPage {
    QuestionPage {
        frame: shell.frame("Answer a question").within(frame::Section::Requests).failed_if(filled.has_errors()),
        id: request.id,
        reference: request.name().to_owned(),
        question: asked.id,
        text: asked.text,
        reply_by: plain::day(asked.reply_by).to_string(),
        filled,
    }
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
    let (request, _) = own(&shell, &path).await?;
    let at = shell.service.moment().now;
    stage::advance(request.stage, Step::Withdraw { at })?;
    show(&withdraw_page(&shell, &request, FormView::new()))
}

/// Withdraws the request.
///
/// # Errors
/// A refusal when it is too late, or when there is no such request of this person.
pub async fn withdraw(shell: Shell, path: web::Path<String>, post: Post) -> Page {
    let (request, applicant) = own(&shell, &path).await?;
    let moment = shell.service.moment();
    let (id, why, key) = (request.id, post.fields.get("why").to_owned(), post.once.clone());
    let withdrawing = shell.service.store.write(move |tx| {
        crate::store::once(tx, &key, moment.now, |tx| {
            commands::withdraw(tx, &moment, &applicant, &why)?;
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

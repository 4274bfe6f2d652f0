//! What a member sends from the page of a request: a declaration, a review, a ballot, a call for a vote.
//! A form with errors comes back on the same page.

use actix_web::web::Path;

use super::super::ballot::{Choice, marked};
use super::super::commands::review::{Closer, Written};
use super::super::commands::{motion, review, vote};
use super::super::form::Typed;
use super::request::{Failed, id_of, show_to, voter};
use crate::ids::RequestId;
use crate::people::access::no_such_request;
use crate::refusal::{Failure, FieldErrors, Outcome};
use crate::store::once;
use crate::web::flash::see_other_saying;
use crate::web::form::FormView;
use crate::web::frame::Tone;
use crate::web::page::{AS_TYPED, Page, kept_as_typed};
use crate::web::post::Post;
use crate::web::shell::Shell;
use crate::workflow::request::commands::CHANGED_ELSEWHERE;
use crate::workflow::request::reopening::AskForm;
use crate::workflow::request::store::recused::recused;
use crate::workflow::routing::rules::Said;

fn form_of(post: &Post) -> FormView {
    FormView::filled(post.fields.iter())
}

/// The way on: back to the page with a message, or the form with its errors.
async fn answer(
    shell: &Shell,
    id: RequestId,
    outcome: Outcome<String>,
    said: &str,
    failed: impl FnOnce(FieldErrors) -> Failed,
) -> Page {
    match outcome {
        Ok(target) => Ok(see_other_saying(&shell.service, &target, Tone::Good, said)),
        Err(Failure::Fields(errors)) => show_to(shell, id, failed(errors)).await,
        Err(failure) => Err(failure.into()),
    }
}

fn page_of(id: RequestId) -> String {
    format!("/requests/{id}/review")
}

/// The seat declares whether it has a conflict of interest.
///
/// # Errors
/// Refusals of the command; a fault of the database.
pub async fn declare(shell: Shell, path: Path<String>, post: Post) -> Page {
    let id = id_of(&path)?;
    let member = shell.visitor()?.member()?;
    let moment = shell.service.moment();
    let form = form_of(&post);
    let reason = post.fields.get("conflict_reason").to_owned();
    // Whoever came by a link that marks a choice goes on to the ballot with it.
    let choice: Option<Choice> = post.fields.get("choice").parse().ok();
    let onward = choice.map_or_else(|| page_of(id), |choice| marked(id, choice));
    let (said, message, target) = match post.fields.get("conflict") {
        "none" => (Said::NoConflict, "Noted: no conflict of interest. You can read the request.", onward),
        "conflict" => (
            Said::Conflict(reason),
            "Noted: the seat has a conflict of interest and takes no further part in that request.",
            "/waiting".to_owned(),
        ),
        "later" => {
            let text = "Nothing was changed. The request waits for you here.";
            return Ok(see_other_saying(&shell.service, "/waiting", Tone::Info, text));
        }
        _ => {
            let errors = FieldErrors::one("conflict", "Choose whether the seat has a conflict of interest.");
            return show_to(&shell, id, Failed::Declaration(form.failing(errors))).await;
        }
    };
    let outcome = shell
        .service
        .store
        .write(move |tx| {
            once(tx, &post.once, moment.now, |tx| {
                review::declare(tx, &moment, &member, id, &said)?;
                Ok(target)
            })
        })
        .await;
    answer(&shell, id, outcome, message, |errors| Failed::Declaration(form.failing(errors))).await
}

/// The seat saves its review as a draft, by a button or while somebody types, or sends it, or goes back to what it sent.
///
/// # Errors
/// Refusals of the command; a fault of the database.
pub async fn send_review(shell: Shell, path: Path<String>, post: Post) -> Page {
    let id = id_of(&path)?;
    let voter = voter(&shell, id).await?;
    let moment = shell.service.moment();
    let form = form_of(&post);
    let is_typing = post.fields.has(AS_TYPED);
    let is_draft = is_typing || post.fields.has("save");
    let goes_back = post.fields.has("back");
    let typed = Typed::from_fields(post.fields.iter());
    let said_again = typed.clone();
    // No once-key here: sending the same review again changes nothing, and it may come back after other words.
    let outcome = shell
        .service
        .store
        .write(move |tx| {
            let written = Written { typed, seen: post.fields.get("seen") };
            if goes_back {
                review::drop_change(tx, &moment, &voter).map(|()| String::new())
            } else if is_draft {
                review::save(tx, &moment, &voter, written)
            } else {
                review::send(tx, &moment, &voter, written).map(|()| String::new())
            }
        })
        .await;
    let outcome = match outcome {
        Ok(seen) if is_typing => return Ok(kept_as_typed(&seen)),
        Err(Failure::Refusal(refusal)) if refusal.code == CHANGED_ELSEWHERE => {
            return show_to(&shell, id, Failed::Overtaken(said_again)).await;
        }
        outcome => outcome.map(|_| page_of(id)),
    };
    let said = match (goes_back, is_draft) {
        (true, _) => "The changes are gone. The review stands as it was sent.",
        (false, true) => "The draft is saved. Only people of your seat see it.",
        (false, false) => "Your review is in. Thank you.",
    };
    answer(&shell, id, outcome, said, |errors| Failed::Review(form.failing(errors))).await
}

/// The seat calls a tallied vote.
///
/// # Errors
/// Refusals of the command; a fault of the database.
pub async fn call_tally(shell: Shell, path: Path<String>, post: Post) -> Page {
    let id = id_of(&path)?;
    let voter = voter(&shell, id).await?;
    let moment = shell.service.moment();
    let outcome = shell
        .service
        .store
        .write(move |tx| {
            once(tx, &post.once, moment.now, |tx| motion::call_tally(tx, &moment, &voter).map(|()| page_of(id)))
        })
        .await?;
    Ok(see_other_saying(
        &shell.service,
        &outcome,
        Tone::Good,
        "The tallied vote is open. All seats that take part are told.",
    ))
}

/// The seat votes, or changes its vote.
///
/// # Errors
/// Refusals of the command; a fault of the database.
pub async fn cast(shell: Shell, path: Path<String>, post: Post) -> Page {
    let id = id_of(&path)?;
    let voter = voter(&shell, id).await?;
    let moment = shell.service.moment();
    let form = form_of(&post);
    let outcome = shell
        .service
        .store
        .write(move |tx| {
            once(tx, &post.once, moment.now, |tx| {
                let fields = &post.fields;
                vote::cast(tx, &moment, &voter, fields.get("choice"), fields.get("vote_reason"))?;
                Ok(page_of(id))
            })
        })
        .await;
    let said = "The seat's ballot is cast. You can change it until the vote closes.";
    answer(&shell, id, outcome, said, |errors| Failed::Ballot(form.failing(errors))).await
}

/// The author of an objection, or the chair, closes it.
///
/// # Errors
/// Refusals of the command; a fault of the database.
pub async fn close_objection(shell: Shell, path: Path<String>, post: Post) -> Page {
    let id = id_of(&path)?;
    let voter = voter(&shell, id).await?;
    let visitor = shell.visitor()?.clone();
    let moment = shell.service.moment();
    let form = form_of(&post);
    let outcome = shell
        .service
        .store
        .write(move |tx| {
            let chair = visitor.chair_on(&recused(tx, id)?).ok();
            let closer = Closer { voter: &voter, chair: chair.as_ref() };
            let objection = post.fields.get("objection").parse().ok();
            review::close_objection(tx, &moment, &closer, id, (objection, post.fields.get("close_reason")))?;
            Ok(page_of(id))
        })
        .await;
    answer(&shell, id, outcome, "The objection is closed.", |errors| Failed::Objection(form.failing(errors))).await
}

/// The seat asks the applicant a question.
///
/// # Errors
/// Refusals of the command; a fault of the database.
pub async fn ask(shell: Shell, path: Path<String>, post: Post) -> Page {
    let id = id_of(&path)?;
    let voter = voter(&shell, id).await?;
    let moment = shell.service.moment();
    let form = form_of(&post);
    let outcome = shell
        .service
        .store
        .write(move |tx| {
            once(tx, &post.once, moment.now, |tx| {
                let fields = &post.fields;
                let typed = AskForm::new(fields.get("question"), fields.all("reopens"), fields.get("reply_by"));
                review::ask(tx, &moment, &voter, &typed).map(|()| page_of(id))
            })
        })
        .await;
    let said = "The question is asked. The applicant finds it on the page of the request.";
    answer(&shell, id, outcome, said, |errors| Failed::Question(form.failing(errors))).await
}

/// The seat withdraws a question that it has asked.
///
/// # Errors
/// Refusals of the command; a fault of the database.
pub async fn withdraw_question(shell: Shell, path: Path<String>, post: Post) -> Page {
    let id = id_of(&path)?;
    let voter = voter(&shell, id).await?;
    let moment = shell.service.moment();
    let question = post.fields.get("withdrawn_question").parse().map_err(|_| no_such_request())?;
    let outcome = shell
        .service
        .store
        .write(move |tx| {
            once(tx, &post.once, moment.now, |tx| {
                review::withdraw_question(tx, &moment, &voter, question).map(|()| page_of(id))
            })
        })
        .await?;
    let said = "The question is withdrawn, and the applicant is told.";
    Ok(see_other_saying(&shell.service, &outcome, Tone::Good, said))
}

//! What staff do on the page of a request's way through the committee: admit it, turn it down, give a review to another
//! seat, record or withdraw a conflict of interest, record a ballot, put the question again, release the answer. A form
//! with faults comes back on the page, as it was filled.

use actix_web::web::Path;

use super::super::commands::{self, Recognised};
use super::motion::{id_of, show_to};
use crate::ids::{QuestionId, RequestId, SeatId};
use crate::moment::Moment;
use crate::people::access::{Staff, no_such_request};
use crate::refusal::{Failure, Outcome};
use crate::store::{Tx, once};
use crate::web::flash::see_other_saying;
use crate::web::form::FormView;
use crate::web::frame::Tone;
use crate::web::page::Page;
use crate::web::post::{Fields, Post};
use crate::web::shell::Shell;
use crate::workflow::request::reopening::AskForm;
use crate::workflow::request::store::recused::recused;
use crate::workflow::review::ballot::Told;
use crate::workflow::routing::store::suggestions::Key;

/// A command of staff about a request, with what was typed for it.
type Act = fn(&mut Tx<'_>, &Moment, &Staff, RequestId, &Fields) -> Outcome<()>;

/// Does `act` once for this form and says so; a form with faults is shown again.
async fn done(shell: &Shell, path: &str, post: Post, said: &str, act: Act) -> Page {
    let id = id_of(path)?;
    let (staff, moment) = (shell.staff_on(id, recused).await?, shell.service.moment());
    let form = FormView::filled(post.fields.iter());
    let target = format!("/requests/{id}/motion");
    let outcome = shell
        .service
        .store
        .write(move |tx| {
            once(tx, &post.once, moment.now, |tx| act(tx, &moment, &staff, id, &post.fields).map(|()| target))
        })
        .await;
    match outcome {
        Ok(target) => Ok(see_other_saying(&shell.service, &target, Tone::Good, said)),
        Err(Failure::Fields(errors)) => show_to(shell, id, Some(form.failing(errors))).await,
        Err(failure) => Err(failure.into()),
    }
}

/// Staff admit a late request.
///
/// # Errors
/// Refusals of the command; a fault of the database.
pub async fn admit(shell: Shell, path: Path<String>, post: Post) -> Page {
    let said = "The request is admitted and has gone to its reviewers.";
    done(&shell, &path, post, said, |tx, moment, staff, id, typed| {
        commands::admit(tx, moment, staff, id, typed.get("admit_reason"))
    })
    .await
}

/// Staff turn down a request before it goes to reviewers.
///
/// # Errors
/// Refusals of the command; a fault of the database.
pub async fn turn_down(shell: Shell, path: Path<String>, post: Post) -> Page {
    let said = "The request is turned down, and the applicant is told.";
    done(&shell, &path, post, said, |tx, moment, staff, id, typed| {
        commands::turn_down(tx, moment, staff, id, (typed.get("reasons"), typed.get("would_change")))
    })
    .await
}

/// Staff give a seat's review to the next seat in line.
///
/// # Errors
/// Refusals of the command; a fault of the database.
pub async fn reassign(shell: Shell, path: Path<String>, post: Post) -> Page {
    let said = "The review was given to the next seat in line.";
    done(&shell, &path, post, said, |tx, moment, staff, id, typed| {
        let seat: Option<SeatId> = typed.get("seat").parse().ok();
        commands::reassign(tx, moment, staff, id, (seat, typed.get("reassign_reason")))
    })
    .await
}

/// Staff ask the applicant a question.
///
/// # Errors
/// Refusals of the command; a fault of the database.
pub async fn ask(shell: Shell, path: Path<String>, post: Post) -> Page {
    let said = "The question is asked. The applicant finds it on the page of the request.";
    done(&shell, &path, post, said, |tx, moment, staff, id, typed| {
        let typed = AskForm::new(typed.get("question"), typed.all("reopens"), typed.get("reply_by"));
        commands::ask(tx, moment, staff, id, &typed)
    })
    .await
}

/// Staff withdraw a question to the applicant, whoever asked it.
///
/// # Errors
/// Refusals of the command; a fault of the database.
pub async fn withdraw_question(shell: Shell, path: Path<String>, post: Post) -> Page {
    let said = "The question is withdrawn, and the applicant is told.";
    done(&shell, &path, post, said, |tx, moment, staff, id, typed| {
        let question: QuestionId = typed.get("withdrawn_question").parse().map_err(|_| no_such_request())?;
        commands::withdraw_question(tx, moment, staff, id, question)
    })
    .await
}

/// Staff withdraw a seat's conflict of interest.
///
/// # Errors
/// Refusals of the command; a fault of the database.
pub async fn withdraw_conflict(shell: Shell, path: Path<String>, post: Post) -> Page {
    let said = "The conflict of interest is withdrawn, and the seat takes part again. It is told, and so is the chair.";
    done(&shell, &path, post, said, |tx, moment, staff, id, typed| {
        let seat: Option<SeatId> = typed.get("withdrawn_seat").parse().ok();
        commands::withdraw_conflict(tx, moment, staff, id, (seat, typed.get("withdraw_reason")))
    })
    .await
}

/// Staff record a seat's conflict of interest.
///
/// # Errors
/// Refusals of the command; a fault of the database.
pub async fn record_conflict(shell: Shell, path: Path<String>, post: Post) -> Page {
    let said = "The conflict of interest is recorded. The seat takes no further part, and its people are told.";
    done(&shell, &path, post, said, |tx, moment, staff, id, typed| {
        let seat: Option<SeatId> = typed.get("recorded_seat").parse().ok();
        commands::record_conflict(tx, moment, staff, id, (seat, typed.get("record_reason")))
    })
    .await
}

/// Staff dismiss a suggested conflict of interest.
///
/// # Errors
/// Refusals of the command; a fault of the database.
pub async fn dismiss_suggestion(shell: Shell, path: Path<String>, post: Post) -> Page {
    let said = "The suggestion is dismissed and does not come up again.";
    done(&shell, &path, post, said, |tx, moment, staff, id, typed| {
        let seat = typed.get("suggested_seat").parse().ok();
        let key = seat.zip(typed.get("ground").parse().ok());
        let key = key.map(|(seat, ground)| Key { seat, ground, matter: typed.get("matter").to_owned() });
        commands::dismiss_suggestion(tx, moment, staff, id, key.as_ref())
    })
    .await
}

/// Staff say which institution a request comes from whose applicant typed a name.
///
/// # Errors
/// Refusals of the command; a fault of the database.
pub async fn recognise(shell: Shell, path: Path<String>, post: Post) -> Page {
    let said = "The institution is known now. Conflicts, the letter and the lists go by it from now on.";
    done(&shell, &path, post, said, |tx, moment, staff, id, typed| {
        let is_other = typed.has("chosen");
        let institution = typed.get(if is_other { "institution" } else { "nearest" }).parse().ok();
        commands::recognise(tx, moment, staff, id, Recognised { institution, remember: typed.has("remember") })
    })
    .await
}

/// Staff record a ballot that a seat has given outside the service.
///
/// # Errors
/// Refusals of the command; a fault of the database.
pub async fn record_ballot(shell: Shell, path: Path<String>, post: Post) -> Page {
    let said = "The ballot is recorded. Whoever acts for the seat is told, and can change it while the vote is open.";
    done(&shell, &path, post, said, |tx, moment, staff, id, typed| {
        let told = Told {
            seat: typed.get("ballot_seat"),
            choice: typed.get("choice"),
            reason: typed.get("vote_reason"),
            source: typed.get("source"),
            witness: typed.get("witness"),
        };
        commands::record_given(tx, moment, staff, id, &told)
    })
    .await
}

/// Staff put the question again after a vote without a quorum.
///
/// # Errors
/// Refusals of the command; a fault of the database.
pub async fn put_again(shell: Shell, path: Path<String>, post: Post) -> Page {
    let said = "The question is put again. All seats that take part are asked to vote.";
    done(&shell, &path, post, said, |tx, moment, staff, id, _| commands::put_again(tx, moment, staff, id)).await
}

/// Staff take an answer back.
///
/// # Errors
/// Refusals of the command; a fault of the database.
pub async fn reopen(shell: Shell, path: Path<String>, post: Post) -> Page {
    let said = "The answer is reopened. Whoever decides anew is asked, and an applicant who had the answer is told.";
    done(&shell, &path, post, said, |tx, moment, staff, id, typed| {
        commands::reopen(tx, moment, staff, id, typed.get("reopen_reason"))
    })
    .await
}

/// Staff release the answer to the applicant.
///
/// # Errors
/// Refusals of the command; a fault of the database.
pub async fn release(shell: Shell, path: Path<String>, post: Post) -> Page {
    let said = "The answer is released, and the applicant is told.";
    done(&shell, &path, post, said, |tx, moment, staff, id, typed| {
        commands::release(tx, moment, staff, id, (typed.get("reasons"), typed.get("would_change"))).map(drop)
    })
    .await
}

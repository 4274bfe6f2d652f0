//! What staff send about a motion: admit a late request, give a review to another seat, put a question again.

use actix_web::web::Path;

use super::super::commands::motion;
use super::request::id_of;
use crate::ids::{RequestId, SeatId};
use crate::refusal::{FieldErrors, Outcome};
use crate::store::{Tx, once};
use crate::web::flash::see_other_saying;
use crate::web::frame::Tone;
use crate::web::page::Page;
use crate::web::post::Post;
use crate::web::shell::Shell;

/// Does `act` once for this form and goes back to the motion's page with a message.
async fn act(
    shell: &Shell,
    id: RequestId,
    key: String,
    said: &str,
    act: impl FnOnce(&mut Tx<'_>) -> Outcome<()> + Send + 'static,
) -> Page {
    let now = shell.service.clock.now();
    let target = format!("/requests/{id}/motion");
    let done = shell.service.store.write(move |tx| once(tx, &key, now, |tx| act(tx).map(|()| target))).await?;
    Ok(see_other_saying(&shell.service, &done, Tone::Good, said))
}

/// Staff admit a late request.
///
/// # Errors
/// Refusals and field errors of the command; a fault of the database.
pub async fn admit(shell: Shell, path: Path<String>, post: Post) -> Page {
    let (id, staff, moment) = (id_of(&path)?, shell.staff()?, shell.service.moment());
    let reason = post.fields.get("admit_reason").to_owned();
    let said = "The request is admitted and has gone to its reviewers.";
    act(&shell, id, post.once, said, move |tx| motion::admit(tx, &moment, &staff, id, &reason)).await
}

/// Staff give a seat's review to the next seat in line.
///
/// # Errors
/// Refusals and field errors of the command; a fault of the database.
pub async fn reassign(shell: Shell, path: Path<String>, post: Post) -> Page {
    let (id, staff, moment) = (id_of(&path)?, shell.staff()?, shell.service.moment());
    let reason = post.fields.get("reassign_reason").to_owned();
    let Ok(seat) = post.fields.get("seat").parse::<SeatId>() else {
        return Err(FieldErrors::one("seat", "Choose the seat whose review another seat takes over.").into());
    };
    let said = "The review was given to the next seat in line.";
    act(&shell, id, post.once, said, move |tx| motion::reassign(tx, &moment, &staff, id, (seat, &reason))).await
}

/// Staff put the question again after a vote without a quorum.
///
/// # Errors
/// Refusals of the command; a fault of the database.
pub async fn put_again(shell: Shell, path: Path<String>, post: Post) -> Page {
    let (id, staff, moment) = (id_of(&path)?, shell.staff()?, shell.service.moment());
    let said = "The question is put again. All seats that take part are asked to vote.";
    act(&shell, id, post.once, said, move |tx| motion::put_again(tx, &moment, &staff, id)).await
}

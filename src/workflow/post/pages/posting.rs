//! The staff's page of the physical copy of a request: what is to be done with it now, and what has happened to it.

use actix_web::web::Path;
use askama::Template;

use super::{Shown, request_id};
use crate::ids::{LetterId, RequestId};
use crate::moment::Moment;
use crate::people::access::{Staff, no_such_request};
use crate::refusal::{Failure, Outcome};
use crate::store::{Tx, once};
use crate::web::flash::see_other_saying;
use crate::web::form::FormView;
use crate::web::frame::{Frame, Section, Tone};
use crate::web::page::{Page, show, show_again};
use crate::web::post::{Fields, Post};
use crate::web::shell::Shell;
use crate::workflow::letter::store as letters;
use crate::workflow::post::address::fields;
use crate::workflow::post::commands::{self, Seen, posting_path};
use crate::workflow::post::rules::{Act, State, may, must_have_letter};
use crate::workflow::post::store;
use crate::workflow::request::store::recused::recused;
use crate::workflow::request::store::{self as requests, Request};

#[derive(Template)]
#[template(path = "post/posting.html")]
struct PostingPage {
    frame: Frame,
    request: Request,
    form: FormView,
    /// How the one asked for last stands; none when nobody has asked.
    state: Option<State>,
    last: Option<Shown>,
    /// Whether it was printed of a version that is no longer in force.
    is_outdated: bool,
    /// The letter in force, with its number.
    letter: Option<(LetterId, String)>,
    may_send_again: bool,
    earlier: Vec<Shown>,
}

/// `GET /requests/{id}/posting`: what staff do next about the physical copy.
///
/// # Errors
/// Refused for everybody but staff; there is nothing without a letter.
pub async fn page(shell: Shell, path: Path<String>) -> Page {
    let id = request_id(&path)?;
    shell.staff_on(id, recused).await?;
    show(&posting_page(&shell, id, None).await?)
}

async fn posting_page(shell: &Shell, id: RequestId, form: Option<FormView>) -> Outcome<PostingPage> {
    let now = shell.service.clock.now();
    let read = shell.service.store.read(move |view| {
        let request = requests::find(view, id)?.ok_or_else(no_such_request)?;
        let copies = store::of(view, id, request.stage)?;
        Ok((letters::in_force(view, id)?, copies, request))
    });
    let (letter, copies, request) = read.await?;
    if copies.last().is_none() {
        must_have_letter(request.stage).map_err(|_| no_letter(&request))?;
    }
    let policy = request.frozen_policy()?.unwrap_or_default();
    let last = copies.last();
    let today = policy.today(now).to_string();
    let failed = form.is_some();
    Ok(PostingPage {
        frame: shell.frame("Physical copy").within(Section::Queue).failed_if(failed),
        form: form.unwrap_or_else(|| FormView::new().with(fields::POSTED_ON, today)),
        state: copies.state(),
        is_outdated: last.is_some_and(|copy| copy.is_outdated(&copies.letters)),
        letter: letter.map(|letter| (letter.id, letter.register.number)),
        may_send_again: may(Act::SendAgain, copies.state()).is_ok() && must_have_letter(request.stage).is_ok(),
        earlier: copies.earlier().map(|copy| Shown::of(copy, &policy)).collect(),
        last: last.map(|copy| Shown::of(copy, &policy)),
        request,
    })
}

fn no_letter(request: &Request) -> crate::refusal::Refusal {
    if request.reference.is_none() {
        return no_such_request();
    }
    let sentence = "This request has no letter yet. Once it has, the applicant can ask for a physical copy of it.";
    crate::refusal::Refusal::not_found("no-letter", sentence).onward("The request", format!("/requests/{}", request.id))
}

/// A command of staff about the physical copy of a request, with what was typed for it.
type Deed = fn(&mut Tx<'_>, &Moment, Staff, RequestId, &Fields) -> Outcome<()>;

/// Does `deed` once for this form and says so; a form with faults is shown again.
async fn done(shell: &Shell, path: &str, post: Post, said: &str, deed: Deed) -> Page {
    let id = request_id(path)?;
    let (staff, moment) = (shell.staff_on(id, recused).await?, shell.service.moment());
    let form = FormView::filled(post.fields.iter());
    let write = move |tx: &mut Tx<'_>| {
        once(tx, &post.once, moment.now, |tx| deed(tx, &moment, staff, id, &post.fields).map(|()| posting_path(id)))
    };
    match shell.service.store.write(write).await {
        Ok(target) => Ok(see_other_saying(&shell.service, &target, Tone::Good, said)),
        Err(Failure::Fields(errors)) => show_again(&posting_page(shell, id, Some(form.failing(errors))).await?),
        Err(failure) => Err(failure.into()),
    }
}

/// `POST /requests/{id}/posting/printed`: the letter and its label are printed.
///
/// # Errors
/// Refused for everybody but staff, and when there is nothing to print (any more).
pub async fn printed(shell: Shell, path: Path<String>, post: Post) -> Page {
    let said = "Printed. The applicant can no longer change the address. Post it next, and say when.";
    done(&shell, &path, post, said, |tx, moment, staff, id, typed| {
        let seen = Seen { copy: typed.get(fields::COPY).to_owned(), letter: typed.get(fields::LETTER).to_owned() };
        commands::printed(tx, moment, staff, id, &seen)
    })
    .await
}

/// `POST /requests/{id}/posting/posted`: it is in the post.
///
/// # Errors
/// Refused for everybody but staff, and when it is not printed or posted already; every field that is wrong.
pub async fn posted(shell: Shell, path: Path<String>, post: Post) -> Page {
    let said = "Posted. The applicant gets a mail that says how.";
    done(&shell, &path, post, said, |tx, moment, staff, id, typed| {
        commands::posted(tx, moment, staff, id, |field| typed.get(field))
    })
    .await
}

/// `POST /requests/{id}/posting/returned`: it came back.
///
/// # Errors
/// Refused for everybody but staff, and when it is not in the post; a remark is needed.
pub async fn returned(shell: Shell, path: Path<String>, post: Post) -> Page {
    let said = "Noted that it came back. The applicant gets a mail and looks at the address.";
    done(&shell, &path, post, said, |tx, moment, staff, id, typed| {
        commands::returned(tx, moment, staff, id, (typed.get(fields::COPY), typed.get(fields::REMARK)))
    })
    .await
}

/// `POST /requests/{id}/posting/again`: what came back goes to the same address again.
///
/// # Errors
/// Refused for everybody but staff, and when it did not come back.
pub async fn again(shell: Shell, path: Path<String>, post: Post) -> Page {
    let said =
        "It goes to the same address again. Say so when it is printed, or when the print that came back can be used.";
    done(&shell, &path, post, said, |tx, moment, staff, id, typed| {
        commands::send_again(tx, moment, staff, id, typed.get(fields::COPY))
    })
    .await
}

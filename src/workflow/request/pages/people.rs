//! With whom a request is shared: the list for everybody of the applicant's side, inviting and removing for its owner.

use actix_web::web;
use askama::Template;

use super::{insider, owned};
use crate::ids::{PersonId, RequestId};
use crate::people::access::{Insider, Share};
use crate::refusal::{Failure, Outcome};
use crate::web::flash::see_other_saying;
use crate::web::form::{Choice, FormView};
use crate::web::frame::{self, Frame, Tone};
use crate::web::page::{Page, show, show_again};
use crate::web::post::Post;
use crate::web::shell::Shell;
use crate::workflow::request::commands::sharing as commands;
use crate::workflow::request::sharing::{ADDRESS, Colleague, LEVEL, Level, MOST, not_shared};
use crate::workflow::request::store::{Request, co_applicants, lists};

#[derive(Template)]
#[template(path = "request/people.html")]
struct PeoplePage {
    frame: Frame,
    id: RequestId,
    title: String,
    /// What to call the person whose request it is.
    owner: String,
    is_owner: bool,
    others: Vec<Colleague>,
    has_room: bool,
    most: usize,
    filled: FormView,
    levels: Vec<Choice>,
}

/// Whoever may read or change the request.
///
/// # Errors
/// A refusal when there is no such request of this person's side.
pub async fn list(shell: Shell, path: web::Path<String>) -> Page {
    let (request, insider) = insider(&shell, &path).await?;
    show(&people_page(&shell, &request, &insider, FormView::new()).await?)
}

/// Invites somebody, or lets them do more or less than before.
///
/// # Errors
/// A refusal for whoever is not the owner, and after too many invitations.
pub async fn invite(shell: Shell, path: web::Path<String>, post: Post) -> Page {
    let (request, owner, insider) = owned(&shell, &path).await?;
    let moment = shell.service.moment();
    let (fields, key, target) = (post.fields.clone(), post.once.clone(), here(request.id));
    let inviting = shell.service.store.write(move |tx| {
        crate::store::once(tx, &key, moment.now, |tx| {
            commands::invite(tx, &moment, &owner, (fields.get(ADDRESS), fields.get(LEVEL)))?;
            Ok(target)
        })
    });
    match inviting.await {
        Ok(target) => {
            let said = "The request is shared. Whoever is new to it has a mail that says how to find it.";
            Ok(see_other_saying(&shell.service, &target, Tone::Good, said))
        }
        Err(Failure::Fields(errors)) => {
            let filled = FormView::filled([ADDRESS, LEVEL].map(|name| (name, post.fields.get(name)))).failing(errors);
            show_again(&people_page(&shell, &request, &insider, filled).await?)
        }
        Err(failure) => Err(failure.into()),
    }
}

/// Shares the request with somebody no longer.
///
/// # Errors
/// A refusal for whoever is not the owner, and when it is not shared with them.
pub async fn remove(shell: Shell, path: web::Path<String>, post: Post) -> Page {
    let (request, owner, _) = owned(&shell, &path).await?;
    let moment = shell.service.moment();
    let person: PersonId = post.fields.get("person").parse().map_err(|_| not_shared())?;
    let (key, target) = (post.once, here(request.id));
    let removing = shell.service.store.write(move |tx| {
        crate::store::once(tx, &key, moment.now, |tx| {
            commands::remove(tx, &moment, &owner, person)?;
            Ok(target)
        })
    });
    let said = "The request is no longer shared with them.";
    Ok(see_other_saying(&shell.service, &removing.await?, Tone::Good, said))
}

async fn people_page(shell: &Shell, request: &Request, insider: &Insider, filled: FormView) -> Outcome<PeoplePage> {
    let (id, owner) = (request.id, request.applicant);
    let read = shell.service.store.read(move |view| Ok((co_applicants::of(view, id)?, lists::called(view, owner)?)));
    let (others, owner) = read.await?;
    Ok(PeoplePage {
        frame: shell.frame("People").within(frame::Section::Requests).failed_if(filled.has_errors()),
        id,
        title: if request.title.is_empty() { "Untitled".to_owned() } else { request.title.clone() },
        owner,
        is_owner: insider.share() == Share::Own,
        has_room: others.len() < MOST,
        others,
        most: MOST,
        filled,
        levels: Level::ALL.iter().map(|level| Choice::new(level.as_str(), level.label()).hint(level.hint())).collect(),
    })
}

fn here(id: RequestId) -> String {
    format!("/requests/{id}/people")
}

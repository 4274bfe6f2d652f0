//! Accepting an invitation: the link is opened, its token moves into a cookie, and the invited person asks for the
//! sign-in mail that gives the role.

use actix_web::{HttpRequest, web};
use askama::Template;
use chrono::TimeDelta;

use super::sign_in::{Asking, with_cookies};
use super::{INVITE, guarded, onward};
use crate::people::address::Address;
use crate::people::commands;
use crate::people::session::in_words;
use crate::people::store::Invite;
use crate::refusal::{Failure, FieldErrors};
use crate::web::form::FormView;
use crate::web::frame::Frame;
use crate::web::page::{Page, show, show_again};
use crate::web::post::Post;
use crate::web::problem::Problem;
use crate::web::service::Service;
use crate::web::session::{cookie, value};
use crate::web::shell::Shell;

#[derive(Template)]
#[template(path = "people/invite.html")]
struct InvitePage {
    frame: Frame,
    view: FormView,
    ends_at: String,
}

/// A link of an invitation was opened. Nothing is written.
pub async fn open_link(service: web::Data<Service>, token: web::Path<String>) -> Page {
    let token = token.into_inner();
    let (key, now, looked) = (service.key.clone(), service.clock.now(), token.clone());
    service.store.read(move |view| commands::open_invite(view, &key, &looked, now)).await?;
    with_cookies(onward("/invite"), [cookie(&service, INVITE, token, TimeDelta::minutes(30))])
}

/// What the invitation is for, and the form that accepts it.
pub async fn form(shell: Shell, request: HttpRequest) -> Page {
    let invite = opened(&shell, &request).await?;
    let view = FormView::filled([("address", invite.address.as_deref().unwrap_or_default())]);
    let frame = shell.frame("You are invited");
    show(&InvitePage { frame, view, ends_at: in_words(invite.expires_at) }).map(guarded)
}

/// Asks for the mail.
pub async fn accept(shell: Shell, request: HttpRequest, post: Post) -> Page {
    let invite = opened(&shell, &request).await?;
    let typed = post.fields.get("address");
    let address: Address = match typed.parse() {
        Ok(address) => address,
        Err(error) => return show_form_again(&shell, typed, &invite, FieldErrors::one("address", format!("{error}"))),
    };
    let token = value(&request, &shell.service, INVITE).unwrap_or_default();
    let asking = Asking::of(&request, &shell.service);
    let (key, moment, asker) = (shell.service.key.clone(), shell.service.moment(), asking.asker);
    let asked = shell
        .service
        .store
        .write(move |tx| commands::ask_as_invited(tx, &moment, &key, &asker, &token, &address))
        .await;
    match asked {
        Ok(attempt) => with_cookies(onward(&format!("/sign-in/wait?attempt={attempt}")), [asking.cookie]),
        Err(Failure::Fields(errors)) => show_form_again(&shell, typed, &invite, errors),
        Err(other) => Err(other.into()),
    }
}

async fn opened(shell: &Shell, request: &HttpRequest) -> Result<Invite, Problem> {
    let token = value(request, &shell.service, INVITE).unwrap_or_default();
    let (key, now) = (shell.service.key.clone(), shell.service.clock.now());
    Ok(shell.service.store.read(move |view| commands::open_invite(view, &key, &token, now)).await?)
}

fn show_form_again(shell: &Shell, typed: &str, invite: &Invite, errors: FieldErrors) -> Page {
    let view = FormView::filled([("address", typed)]).failing(errors);
    let frame = shell.frame("You are invited").failed_if(true);
    show_again(&InvitePage { frame, view, ends_at: in_words(invite.expires_at) }).map(guarded)
}

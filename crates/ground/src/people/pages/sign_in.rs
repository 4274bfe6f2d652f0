//! Signing in: ask for the mail, wait for it, open its link or type its code. Opening a link with GET looks and writes
//! nothing, since programs that check mail open links too; only the button signs in, in the browser that asked.

use actix_web::cookie::Cookie;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::TimeDelta;
use serde::Deserialize;

use super::{ATTEMPT, KNOWN, LINK, asker, guarded, onward};
use crate::ids::{AttemptId, nonce};
use crate::people::address::{Address, BadAddress};
use crate::people::commands::{self, Confirmed, LinkFound, SignedIn};
use crate::people::next::Next;
use crate::people::session::in_words;
use crate::people::store::attempts;
use crate::people::token::{cookie_text, digest};
use crate::refusal::{FieldErrors, Refusal};
use crate::web::form::FormView;
use crate::web::frame::Frame;
use crate::web::page::{Page, show, show_again};
use crate::web::post::Post;
use crate::web::problem::Problem;
use crate::web::service::Service;
use crate::web::session::{cookie, removal, secret, session_cookie, value};
use crate::web::shell::Shell;

#[derive(Template)]
#[template(path = "people/sign_in.html")]
struct SignInPage {
    frame: Frame,
    view: FormView,
    next: String,
}

#[derive(Template)]
#[template(path = "people/wait.html")]
struct WaitPage {
    frame: Frame,
    view: FormView,
    attempt: String,
    address: String,
}

#[derive(Template)]
#[template(path = "people/confirm.html")]
struct ConfirmPage {
    frame: Frame,
    masked: String,
    asked_at: String,
}

#[derive(Template)]
#[template(path = "people/other_browser.html")]
struct OtherBrowserPage {
    frame: Frame,
}

#[derive(Template)]
#[template(path = "people/dead_link.html")]
struct DeadLinkPage {
    frame: Frame,
}

/// Where to go on after signing in, as it stands in an address.
#[derive(Debug, Deserialize)]
pub struct NextQuery {
    #[serde(default)]
    next: String,
}

/// Which attempt is waited for.
#[derive(Debug, Deserialize)]
pub struct AttemptQuery {
    attempt: Option<String>,
}

/// The form that asks for a mail.
pub async fn form(shell: Shell, query: web::Query<NextQuery>) -> Page {
    let next = Next::asked(&query.next);
    if shell.visitor.is_some() {
        return Ok(onward(&next.path("/account")));
    }
    let (frame, view) = (shell.frame("Sign in"), FormView::new());
    show(&SignInPage { frame, view, next: next.to_string() }).map(guarded)
}

/// Asks for a mail. Every address that could be one gets the same answer.
pub async fn ask(shell: Shell, request: HttpRequest, post: Post) -> Page {
    let next = Next::asked(post.fields.get("next"));
    let address: Address = match post.fields.get("address").parse() {
        Ok(address) => address,
        Err(error) => return show_form_again(&shell, &post, next, error),
    };
    let asking = Asking::of(&request, &shell.service);
    let (key, moment, asker) = (shell.service.key.clone(), shell.service.moment(), asking.asker);
    let attempt = shell.service.store.write(move |tx| commands::ask(tx, &moment, &key, &asker, &address, next)).await?;
    with_cookies(onward(&format!("/sign-in/wait?attempt={attempt}")), [asking.cookie])
}

fn show_form_again(shell: &Shell, post: &Post, next: Next, error: BadAddress) -> Page {
    let view = FormView::filled([("address", post.fields.get("address"))])
        .failing(FieldErrors::one("address", error.to_string()));
    let frame = shell.frame("Sign in").failed_if(true);
    show_again(&SignInPage { frame, view, next: next.to_string() }).map(guarded)
}

/// A browser that is about to be bound to an attempt, and the cookie that binds it.
pub(super) struct Asking {
    pub(super) asker: commands::Asker,
    pub(super) cookie: Cookie<'static>,
}

impl Asking {
    /// An attempt cookie that is there already is kept, so that two tabs work.
    pub(super) fn of(request: &HttpRequest, service: &Service) -> Self {
        let known = value(request, service, ATTEMPT).filter(|secret| secret.len() == 43);
        let secret = known.unwrap_or_else(|| cookie_text(nonce()));
        let mut asker = asker(request, service);
        asker.browser_hash = digest(&secret);
        Self { asker, cookie: cookie(service, ATTEMPT, secret, TimeDelta::minutes(30)) }
    }
}

/// Waits for the mail, and takes its code.
pub async fn wait(shell: Shell, request: HttpRequest, query: web::Query<AttemptQuery>) -> Page {
    let asker = asker(&request, &shell.service);
    let named = query.attempt.as_deref().and_then(|id| id.parse::<AttemptId>().ok());
    let hash = asker.browser_hash.clone();
    let attempt = match named {
        Some(id) => Some(id),
        None if hash.is_empty() => None,
        None => shell.service.store.read(move |view| attempts::last_of_browser(view, &hash)).await?,
    };
    let Some(attempt) = attempt else {
        return Ok(onward("/sign-in"));
    };
    let frame = shell.frame("Look into your mailbox");
    show(&wait_page(&shell, frame, &request, FormView::new(), attempt).await?).map(guarded)
}

/// The address is shown only to the browser that typed it.
async fn wait_page(
    shell: &Shell,
    frame: Frame,
    request: &HttpRequest,
    view: FormView,
    attempt: AttemptId,
) -> Result<WaitPage, Problem> {
    let asker = asker(request, &shell.service);
    let found = shell.service.store.read(move |view| attempts::attempt(view, attempt)).await?;
    let address = found.filter(|attempt| asker.asked_for(attempt)).map(|attempt| attempt.address).unwrap_or_default();
    Ok(WaitPage { frame, view, attempt: attempt.to_string(), address })
}

/// Sends the mail once more.
pub async fn resend(shell: Shell, request: HttpRequest, post: Post) -> Page {
    let Ok(attempt) = post.fields.get("attempt").parse::<AttemptId>() else {
        return Ok(onward("/sign-in"));
    };
    let (key, moment) = (shell.service.key.clone(), shell.service.moment());
    let asker = asker(&request, &shell.service);
    shell.service.store.write(move |tx| commands::resend(tx, &moment, &key, &asker, attempt)).await?;
    Ok(onward(&format!("/sign-in/wait?attempt={attempt}")))
}

/// A link from a mail was opened: by a person, or by a program that checks mail. Nothing is written. A link that fits
/// moves from the address into a cookie.
pub async fn open_link(request: HttpRequest, service: web::Data<Service>, token: web::Path<String>) -> Page {
    let token = token.into_inner();
    let (key, now, asker) = (service.key.clone(), service.clock.now(), asker(&request, &service));
    let looked = token.clone();
    let found = service.store.read(move |view| commands::look_at_link(view, &key, &asker, &looked, now)).await?;
    let answer = onward("/sign-in/confirm");
    match found {
        LinkFound::Dead => Ok(answer),
        LinkFound::Fits(_) | LinkFound::OtherBrowser => {
            with_cookies(answer, [cookie(&service, LINK, token, TimeDelta::minutes(10))])
        }
    }
}

/// What an opened link is worth in this browser.
pub async fn confirm_form(shell: Shell, request: HttpRequest) -> Page {
    let token = value(&request, &shell.service, LINK).unwrap_or_default();
    let (key, now) = (shell.service.key.clone(), shell.service.clock.now());
    let asker = asker(&request, &shell.service);
    let found = shell.service.store.read(move |view| commands::look_at_link(view, &key, &asker, &token, now)).await?;
    match found {
        LinkFound::Fits(attempt) => {
            let masked = attempt.address.parse::<Address>().map(|address| address.masked()).unwrap_or_default();
            let asked_at = in_words(attempt.created_at);
            show(&ConfirmPage { frame: shell.frame("Sign in?"), masked, asked_at }).map(guarded)
        }
        LinkFound::OtherBrowser => other_browser(&shell),
        LinkFound::Dead => dead(&shell),
    }
}

fn other_browser(shell: &Shell) -> Page {
    show(&OtherBrowserPage { frame: shell.frame("Another browser asked for this mail") }).map(guarded)
}

fn dead(shell: &Shell) -> Page {
    show(&DeadLinkPage { frame: shell.frame("This link does not work any more") }).map(guarded)
}

/// The button was pressed.
pub async fn confirm(shell: Shell, request: HttpRequest, _post: Post) -> Page {
    let token = value(&request, &shell.service, LINK).unwrap_or_default();
    let (key, moment) = (shell.service.key.clone(), shell.service.moment());
    let asker = asker(&request, &shell.service);
    let before = secret(&request, &shell.service);
    let confirmed = shell
        .service
        .store
        .write(move |tx| {
            let confirmed = commands::confirm_link(tx, &moment, &key, &asker, &token)?;
            commands::leave_behind(tx, &confirmed, before.as_deref(), moment.now)?;
            Ok(confirmed)
        })
        .await?;
    match confirmed {
        Confirmed::In(signed_in) => enter(&shell.service, *signed_in),
        Confirmed::OtherBrowser => other_browser(&shell),
        Confirmed::No => dead(&shell),
        Confirmed::Closed => Err(closed(&shell.service).into()),
    }
}

/// A code was typed.
pub async fn code(shell: Shell, request: HttpRequest, post: Post) -> Page {
    let Ok(attempt) = post.fields.get("attempt").parse::<AttemptId>() else {
        return Ok(onward("/sign-in"));
    };
    let (key, moment) = (shell.service.key.clone(), shell.service.moment());
    let asker = asker(&request, &shell.service);
    let before = secret(&request, &shell.service);
    let typed = post.fields.get("code").to_owned();
    let confirmed = shell
        .service
        .store
        .write(move |tx| {
            let confirmed = commands::confirm_code(tx, &moment, &key, &asker, attempt, &typed)?;
            commands::leave_behind(tx, &confirmed, before.as_deref(), moment.now)?;
            Ok(confirmed)
        })
        .await?;
    match confirmed {
        Confirmed::In(signed_in) => enter(&shell.service, *signed_in),
        Confirmed::Closed => Err(closed(&shell.service).into()),
        Confirmed::OtherBrowser | Confirmed::No => {
            // The same words for wrong, expired and used up: whoever guesses learns nothing.
            let message = "This code does not work. Compare it with the newest mail, or ask for a new one.";
            let view = FormView::filled([("code", post.fields.get("code"))]).failing(FieldErrors::one("code", message));
            let frame = shell.frame("Look into your mailbox").failed_if(true);
            show_again(&wait_page(&shell, frame, &request, view, attempt).await?).map(guarded)
        }
    }
}

/// Hands the browser its web session and takes away what it needed to get it.
pub(super) fn enter(service: &Service, signed_in: SignedIn) -> Page {
    let known = cookie(service, KNOWN, signed_in.known_mark, TimeDelta::days(365));
    let session = session_cookie(service, signed_in.secret, signed_in.lives);
    with_cookies(onward(&signed_in.path), [session, known, removal(service, LINK), removal(service, ATTEMPT)])
}

fn closed(service: &Service) -> Refusal {
    let contact = &service.site.contact;
    Refusal::forbidden(
        "account-closed",
        format!("The account of this address was closed. Write to {contact} if that is a mistake."),
    )
}

/// The answer with `cookies` set.
pub(super) fn with_cookies(mut answer: HttpResponse, cookies: impl IntoIterator<Item = Cookie<'static>>) -> Page {
    for cookie in cookies {
        let unwritten = |error| crate::refusal::Fault::because("a cookie could not be written", error);
        answer.add_cookie(&cookie).map_err(|error| unwritten(Box::new(error)))?;
    }
    Ok(answer)
}

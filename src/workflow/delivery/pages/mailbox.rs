//! The mailbox of a service that has no mail server: all its mail, for whoever tries it out on their own machine.
//! A sign-in link is not kept with the mail but made for the reader, as it would be for a mail that is sent.

use actix_web::http::header::HOST;
use actix_web::{HttpRequest, web};
use askama::Template;

use super::{PAGE, alone, first_page};
use crate::clock::InUtc;
use crate::ids::MailId;
use crate::refusal::{Outcome, Refusal};
use crate::web::frame::Frame;
use crate::web::page::{Page, show};
use crate::web::shell::Shell;
use crate::workflow::delivery::commands;
use crate::workflow::delivery::store::{self, Kept, Wanted};

/// What is asked of the list.
#[derive(serde::Deserialize)]
pub struct Asked {
    #[serde(default)]
    before: String,
}

/// A mail in the list.
struct Line {
    href: String,
    subject: String,
    to: String,
    queued: InUtc,
}

/// A piece of a text: words, or a link into this service.
struct Piece<'t> {
    text: &'t str,
    is_link: bool,
}

#[derive(Template)]
#[template(path = "delivery/mailbox.html")]
struct MailboxPage {
    frame: Frame,
    lines: Vec<Line>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "delivery/mailbox_mail.html")]
struct MailPage<'m> {
    frame: Frame,
    mail: &'m Kept,
    queued: InUtc,
    pieces: Vec<Piece<'m>>,
}

/// Refuses unless there is no mail server, and the service is asked under its own name on this machine: nobody else's
/// mail is ever shown, neither over the network nor to a page that gave its own name this machine's address.
fn open_to(request: &HttpRequest, shell: &Shell) -> Result<(), Refusal> {
    let closed = |sentence: String| Refusal::not_found("no-mailbox", sentence);
    let url = &shell.service.site.public_url;
    let host = url.split_once("://").map_or(url.as_str(), |(_, host)| host);
    let name = host.rsplit_once(':').map_or(host, |(name, port)| if port.contains(']') { host } else { name });
    if shell.service.config.smtp.is_some() || !matches!(name, "localhost" | "127.0.0.1" | "[::1]") {
        return Err(closed("There is no mailbox here: this service sends its mail, or should.".to_owned()));
    }
    if request.headers().get(HOST).and_then(|host| host.to_str().ok()) != Some(host) {
        return Err(closed(format!("The mailbox opens only at {url}/mailbox, on the machine that serves it.")));
    }
    Ok(())
}

/// `GET /mailbox`: all mail, newest first.
///
/// # Errors
/// Refused where a mail server is set up or the service is public.
pub async fn list(request: HttpRequest, shell: Shell, asked: web::Query<Asked>) -> Page {
    open_to(&request, &shell)?;
    let wanted = Wanted { before: asked.before.parse().ok(), ..Wanted::default() };
    let found = shell.service.store.read(move |view| store::list(view, &wanted, &[], PAGE as i64 + 1)).await?;
    let (found, next) = first_page(found, |listed| listed.id);
    let lines = found.into_iter().map(|listed| Line {
        href: format!("/mailbox/{}", listed.id),
        to: listed.to_address,
        subject: listed.subject,
        queued: listed.queued_at.into(),
    });
    let lines = lines.collect();
    show(&MailboxPage { frame: shell.frame("Mailbox"), lines, next: next.map(|id| format!("/mailbox?before={id}")) })
}

/// `GET /mailbox/{mail}`: one mail as plain text, its links into this service to be clicked.
///
/// # Errors
/// As for the list; refused when there is no such mail.
pub async fn one(request: HttpRequest, shell: Shell, path: web::Path<String>) -> Page {
    open_to(&request, &shell)?;
    let mail = filled(&shell, &path).await?;
    show(&MailPage {
        frame: shell.frame(format!("Mailbox: {}", mail.subject)),
        queued: mail.queued_at.into(),
        pieces: pieces(&mail.text, &shell.service.site.public_url),
        mail: &mail,
    })
}

/// `GET /mailbox/{mail}/html`: one mail in its HTML form, alone in its window.
///
/// # Errors
/// As for the list; refused when there is no such mail or it has no such form.
pub async fn html(request: HttpRequest, shell: Shell, path: web::Path<String>) -> Page {
    open_to(&request, &shell)?;
    let html = filled(&shell, &path).await?.html.ok_or_else(no_such_mail)?;
    Ok(alone(html))
}

/// The mail with its link and code in it, as it was sent.
async fn filled(shell: &Shell, id: &str) -> Outcome<Kept> {
    let id: MailId = id.parse().map_err(|_| no_such_mail())?;
    let (key, site, now) = (shell.service.key.clone(), shell.service.site.clone(), shell.service.clock.now());
    let found = shell.service.store.read(move |view| {
        let Some(kept) = store::find(view, id)? else { return Ok(None) };
        // A link that is over leaves the mail with the place where it was.
        Ok(Some(commands::fill_in(view, &key, &site, kept.clone(), now)?.unwrap_or(kept)))
    });
    Ok(found.await?.ok_or_else(no_such_mail)?)
}

fn no_such_mail() -> Refusal {
    Refusal::not_found("no-such-mail", "There is no such mail.").onward("All mail", "/mailbox")
}

/// Splits a text at its links into this service.
fn pieces<'t>(text: &'t str, own: &str) -> Vec<Piece<'t>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, from)) = rest.find(own).and_then(|at| rest.split_at_checked(at)) {
        let end = from.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | ')')).unwrap_or(from.len());
        let (link, after) = from.split_at_checked(end).unwrap_or((from, ""));
        pieces.push(Piece { text: before, is_link: false });
        pieces.push(Piece { text: link, is_link: true });
        rest = after;
    }
    pieces.push(Piece { text: rest, is_link: false });
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_into_this_service_can_be_clicked() {
        let text = "Sign in:\nhttp://localhost:8080/s/abc\n(http://localhost:8080/x) https://evil.example/";
        let links: Vec<&str> =
            pieces(text, "http://localhost:8080").iter().filter(|p| p.is_link).map(|p| p.text).collect();
        assert_eq!(links, ["http://localhost:8080/s/abc", "http://localhost:8080/x"]);
        let whole: String = pieces(text, "http://localhost:8080").iter().map(|piece| piece.text).collect();
        assert_eq!(whole, text);
    }
}

//! The way into the demonstration: one page with a button for each of its people.

use actix_web::{HttpRequest, web};
use askama::Template;

use super::asker;
use super::sign_in::enter;
use crate::people::commands::{self, Confirmed};
use crate::people::demonstration::Demonstration;
use crate::refusal::Refusal;
use crate::web::frame::Frame;
use crate::web::page::{Page, show};
use crate::web::post::Post;
use crate::web::session::secret;
use crate::web::shell::Shell;

/// Who can be signed in as: the word in the address, what to call them, and their address.
pub const WALK_INS: [(&str, &str, &str); 5] = [
    ("applicant", "An applicant, whose request is under review", "noor.van.dam@applicant.example"),
    ("member", "A committee member, with reviews waiting", "amara.lindqvist@seat.example"),
    ("another-member", "Another committee member, who chairs the committee", "bruno.okafor@seat.example"),
    ("staff", "A member of staff, who sees everything", "staff@demo.example"),
    ("colleague", "A second member of staff, who issues what the first wrote", "colleague@demo.example"),
];

#[derive(Template)]
#[template(path = "people/walk_in.html")]
struct WalkIn {
    frame: Frame,
    people: [(&'static str, &'static str, &'static str); 5],
    chosen: String,
}

impl WalkIn {
    /// The button that the link asked for stands out.
    fn tone(&self, word: &str) -> &'static str {
        if self.chosen == word { "" } else { "quiet" }
    }
}

/// `GET /demo` and `GET /demo/{who}`: changes nothing; the buttons sign in.
///
/// # Errors
/// Not found in real use.
pub async fn form(shell: Shell, who: Option<web::Path<String>>) -> Page {
    Demonstration::of(&shell.service.config)?;
    let chosen = who.map(web::Path::into_inner).unwrap_or_default();
    show(&WalkIn { frame: shell.frame("Walk into the demonstration"), people: WALK_INS, chosen })
}

/// `POST /demo/{who}`: signs in as one of the demonstration's people.
///
/// # Errors
/// Not found in real use, and for anybody else.
pub async fn walk_in(shell: Shell, request: HttpRequest, who: web::Path<String>, _post: Post) -> Page {
    let demonstration = Demonstration::of(&shell.service.config)?;
    let nobody = || Refusal::not_found("no-such-person", "The demonstration has no such person.");
    let (_, _, address) = WALK_INS.iter().find(|(word, ..)| *word == who.as_str()).ok_or_else(nobody)?;
    let (key, moment) = (shell.service.key.clone(), shell.service.moment());
    let (asker, before) = (asker(&request, &shell.service), secret(&request, &shell.service));
    let confirmed = shell
        .service
        .store
        .write(move |tx| {
            let confirmed = commands::walk_in(tx, &moment, (&key, demonstration), &asker, address)?;
            commands::leave_behind(tx, &confirmed, before.as_deref(), moment.now)?;
            Ok(confirmed)
        })
        .await?;
    match confirmed {
        Confirmed::In(signed_in) => enter(&shell.service, *signed_in),
        Confirmed::OtherBrowser | Confirmed::No | Confirmed::Closed => Err(nobody().into()),
    }
}

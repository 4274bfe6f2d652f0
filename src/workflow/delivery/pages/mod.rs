//! The mail as people see it: the outbox for staff, the mails that they look at first, and the mailbox of a service that has
//! no mail server.

pub mod held;
pub mod mailbox;
pub mod outbox;

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_SECURITY_POLICY;

use crate::ids::MailId;

/// A mail in HTML brings its own styles. It may neither run nor load anything, and has no part in our pages.
const ALONE: &str = "sandbox allow-top-navigation-by-user-activation; default-src 'none'; style-src 'unsafe-inline'; \
     form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

/// A mail in its HTML form, alone in its window.
fn alone(html: String) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_SECURITY_POLICY, ALONE)).insert_header(("cache-control", "no-store"));
    answer.content_type("text/html; charset=utf-8").body(html)
}

/// How many mails a page shows.
const PAGE: usize = 50;

/// The reader of a mail, by name and address.
fn reader(name: &str, address: &str) -> String {
    if name.is_empty() { address.to_owned() } else { format!("{name} <{address}>") }
}

/// The first `PAGE` of the items found, and where the next page begins when there are more.
fn first_page<T>(mut found: Vec<T>, id: impl Fn(&T) -> MailId) -> (Vec<T>, Option<MailId>) {
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(id);
    (found, next)
}

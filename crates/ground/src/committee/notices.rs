//! Mail to the people who act for a seat.

use askama::Template;
use chrono::NaiveDate;

use crate::mail::outbox::Message;
use crate::moment::Site;
use crate::plain;
use crate::refusal::{Fault, Outcome};

#[derive(Template)]
#[template(path = "mail/committee_given_up.txt")]
struct GivenUpText<'m> {
    greeting: &'m str,
    institution: &'m str,
    last: &'m str,
    reason: &'m str,
    link: String,
}

/// Tells a person who acts for a seat, by address and name, that its institution gives it up; `from` is the first day
/// without it.
///
/// # Errors
/// A fault when the template cannot be rendered.
pub fn given_up(
    site: &Site,
    (address, name): (&str, &str),
    institution: &str,
    from: NaiveDate,
    reason: &str,
) -> Outcome<Message> {
    let last = plain::day(from.pred_opt().unwrap_or(from)).to_string();
    let greeting = if name.is_empty() { "colleague" } else { name };
    let text = GivenUpText { greeting, institution, last: &last, reason, link: site.link("/committee") }
        .render()
        .map_err(|error| Fault::because("a mail could not be written", error))?;
    Ok(Message {
        kind: "seat-given-up",
        request: None,
        attempt: None,
        co_signer: None,
        to_address: address.to_owned(),
        to_name: name.to_owned(),
        subject: format!("The seat of {institution} ends on {last}"),
        text,
        expires_at: None,
    })
}

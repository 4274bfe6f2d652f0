//! The mails of staff to whoever a request waits for: what is awaited, from whom, and by when.

use askama::Template;

use crate::moment::Site;
use crate::refusal::Fault;
use crate::workday::day_in_words;
use crate::workflow::delivery::outbox::Message;
use crate::workflow::routing::about::{About, greeting};
use crate::workflow::routing::rules::Reader;
use crate::workflow::waiting::duty::{Duty, Waits};

/// The kind of the mail to the applicant.
pub const ANSWER: &str = "awaited-answer";

fn render(text: &impl Template) -> Result<String, Fault> {
    text.render().map_err(|error| Fault::because("a mail cannot be rendered", error))
}

#[derive(Template)]
#[template(path = "mail/awaited_answer.txt")]
struct AnswerText<'a> {
    name: &'a str,
    about: &'a About,
    standing: &'a str,
    link: String,
    contact: &'a str,
}

/// To the applicant, or to a colleague who works on the request with them, greeted by `name`: their answer is awaited.
/// `standing` says by when.
///
/// # Errors
/// A fault when the mail cannot be written.
pub fn answer(
    site: &Site,
    about: &About,
    (to, name): (&(String, String), &str),
    standing: &str,
) -> Result<Message, Fault> {
    let link = site.link(&format!("/requests/{}", about.request));
    let text = render(&AnswerText { name, about, standing, link, contact: &site.contact })?;
    let subject = format!("[{}] Your answer is awaited: {}", about.reference, about.title);
    Ok(Message::about(about.request, ANSWER, (&to.0, &to.1), subject, text))
}

#[derive(Template)]
#[template(path = "mail/awaited_seat.txt")]
struct SeatText<'a> {
    greeting: &'a str,
    waits: &'a Waits,
    task: &'static str,
    day: String,
    link: String,
}

/// To whoever acts for a seat: what the committee waits for from it.
///
/// # Errors
/// A fault when the mail cannot be written.
pub fn seat(site: &Site, to: &Reader, waits: &Waits) -> Result<Message, Fault> {
    let text = render(&SeatText {
        greeting: greeting(&to.name),
        waits,
        task: waits.duty.task(),
        day: day_in_words(waits.day),
        link: site.link(&format!("/requests/{}/review", waits.request)),
    })?;
    let what = match waits.duty {
        Duty::Declare | Duty::Review => "review",
        Duty::Vote => "vote",
    };
    let subject = format!("{}: your seat’s {what} is awaited", waits.reference);
    Ok(Message::about(waits.request, "awaited-seat", (&to.address, &to.name), subject, text))
}

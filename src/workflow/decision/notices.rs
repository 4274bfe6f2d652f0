//! The mails of this step: an answer is ready to be released, and the answer itself.

use askama::Template;

use super::rules::Words;
use crate::moment::Site;
use crate::refusal::Fault;
use crate::workflow::delivery::outbox::Message;
use crate::workflow::routing::about::{About, greeting, link_for};
use crate::workflow::routing::rules::Reader;
use crate::workflow::stage::Answer;

fn render(subject: &impl Template, text: &impl Template) -> Result<(String, String), Fault> {
    let broken = |error| Fault::because("a mail cannot be rendered", error);
    Ok((subject.render().map_err(broken)?.trim_end().to_owned(), text.render().map_err(broken)?))
}

#[derive(Template)]
#[template(path = "mail/decision_ready.subject.txt")]
struct ReadySubject<'a> {
    reference: &'a str,
}

#[derive(Template)]
#[template(path = "mail/decision_ready.txt")]
struct ReadyText<'a> {
    greeting: &'a str,
    reference: &'a str,
    title: &'a str,
    words: &'a str,
    is_staff: bool,
    link: String,
}

/// Tells staff, and the chair, that the committee has decided and the answer waits for staff to release it.
///
/// # Errors
/// A fault when a template cannot be rendered.
pub fn ready(site: &Site, about: &About, to: &Reader, words: &str) -> Result<Message, Fault> {
    let text = ReadyText {
        greeting: greeting(&to.name),
        reference: &about.reference,
        title: &about.title,
        words,
        is_staff: to.seat.is_none(),
        link: link_for(site, about, to),
    };
    let (subject, text) = render(&ReadySubject { reference: &about.reference }, &text)?;
    Ok(Message::about(about.request, "decision-ready", (&to.address, &to.name), subject, text))
}

#[derive(Template)]
#[template(path = "mail/decision_reopened.txt")]
struct ReopenedText<'a> {
    greeting: &'a str,
    title: &'a str,
    reason: &'a str,
    is_vote: bool,
    link: String,
}

/// Tells the applicant, who is called `name` at `address`, that their answer no longer stands. `is_vote` when the
/// committee votes anew, not when the request goes to reviewers for the first time.
///
/// # Errors
/// A fault when the template cannot be rendered.
pub fn reopened(
    site: &Site,
    about: &About,
    (name, address): (&str, &str),
    is_vote: bool,
    reason: &str,
) -> Result<Message, Fault> {
    let link = site.link(&format!("/requests/{}", about.request));
    let text = ReopenedText { greeting: greeting(name), title: &about.title, reason, is_vote, link };
    let text = text.render().map_err(|error| Fault::because("a mail cannot be rendered", error))?;
    let subject = format!("{}: we look at your request again", about.reference);
    Ok(Message::about(about.request, "answer-reopened", (address, name), subject, text))
}

#[derive(Template)]
#[template(path = "mail/decision_answer.subject.txt")]
struct AnswerSubject<'a> {
    reference: &'a str,
    supported: bool,
}

#[derive(Template)]
#[template(path = "mail/decision_answer.txt")]
struct AnswerText<'a> {
    greeting: &'a str,
    title: &'a str,
    supported: bool,
    reasons: &'a str,
    would_change: &'a str,
    link: String,
}

/// The answer to the applicant, who is called `name` at `address`.
///
/// # Errors
/// A fault when a template cannot be rendered.
pub fn answer(
    site: &Site,
    about: &About,
    (name, address): (&str, &str),
    answer: Answer,
    words: &Words,
) -> Result<Message, Fault> {
    let supported = answer == Answer::Supported;
    let text = AnswerText {
        greeting: greeting(name),
        title: &about.title,
        supported,
        reasons: &words.reasons,
        would_change: &words.would_change,
        link: site.link(&format!("/requests/{}", about.request)),
    };
    let (subject, text) = render(&AnswerSubject { reference: &about.reference, supported }, &text)?;
    Ok(Message::about(about.request, "answer", (address, name), subject, text))
}

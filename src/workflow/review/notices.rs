//! The mails of this step: a vote was called, a ballot was cast or recorded for your seat, the motion has ended.

use askama::Template;

use super::ballot::{Ballot, Choice, Origin, marked};
use crate::moment::Site;
use crate::people::access::Capacity;
use crate::refusal::Fault;
use crate::workflow::delivery::outbox::Message;
use crate::workflow::routing::about::{About, greeting};
use crate::workflow::routing::rules::Reader;

fn render(subject: &impl Template, text: &impl Template) -> Result<(String, String), Fault> {
    let broken = |error| Fault::because("a mail cannot be rendered", error);
    Ok((subject.render().map_err(broken)?.trim_end().to_owned(), text.render().map_err(broken)?))
}

fn link(site: &Site, about: &About) -> String {
    site.link(&format!("/requests/{}/review", about.request))
}

#[derive(Template)]
#[template(path = "mail/review_tally.subject.txt")]
struct TallySubject<'a> {
    reference: &'a str,
}

#[derive(Template)]
#[template(path = "mail/review_tally.txt")]
struct TallyText<'a> {
    greeting: &'a str,
    institution: &'a str,
    reference: &'a str,
    title: &'a str,
    words: &'a str,
    link: String,
    yes: String,
    no: String,
    abstain: String,
}

/// Asks a seat to vote; `words` is the motion's own explanation.
///
/// # Errors
/// A fault when a template cannot be rendered.
pub fn tally_called(site: &Site, about: &About, to: &Reader, seat: &str, words: &str) -> Result<Message, Fault> {
    let marked = |choice| site.link(&marked(about.request, choice));
    let text = TallyText {
        greeting: greeting(&to.name),
        institution: seat,
        reference: &about.reference,
        title: &about.title,
        words,
        link: link(site, about),
        yes: marked(Choice::Yes),
        no: marked(Choice::No),
        abstain: marked(Choice::Abstain),
    };
    let (subject, text) = render(&TallySubject { reference: &about.reference }, &text)?;
    Ok(Message::about(about.request, "call-to-vote", (&to.address, &to.name), subject, text))
}

#[derive(Template)]
#[template(path = "mail/review_ballot.subject.txt")]
struct BallotSubject<'a> {
    reference: &'a str,
    institution: &'a str,
}

#[derive(Template)]
#[template(path = "mail/review_ballot.txt")]
struct BallotText<'a> {
    greeting: &'a str,
    institution: &'a str,
    reference: &'a str,
    capacity: &'a str,
    link: String,
}

/// Tells everyone who acts for a seat that its ballot was cast or changed; not what it says.
///
/// # Errors
/// A fault when a template cannot be rendered.
pub fn ballot_receipt(site: &Site, about: &About, to: &Reader, seat: &str, by: Capacity) -> Result<Message, Fault> {
    let subject = BallotSubject { reference: &about.reference, institution: seat };
    let text = BallotText {
        greeting: greeting(&to.name),
        institution: seat,
        reference: &about.reference,
        capacity: by.as_str(),
        link: link(site, about),
    };
    let (subject, text) = render(&subject, &text)?;
    Ok(Message::about(about.request, "ballot-receipt", (&to.address, &to.name), subject, text))
}

#[derive(Template)]
#[template(path = "mail/review_recorded.subject.txt")]
struct RecordedSubject<'a> {
    reference: &'a str,
    institution: &'a str,
}

#[derive(Template)]
#[template(path = "mail/review_recorded.txt")]
struct RecordedText<'a> {
    greeting: &'a str,
    institution: &'a str,
    reference: &'a str,
    title: &'a str,
    choice: &'a str,
    reason: &'a str,
    how: &'a str,
    witness: &'a str,
    recorder: &'a str,
    link: String,
    contact: &'a str,
}

/// Tells everyone who acts for a seat what staff have recorded as its ballot, who did, and how to change or contest it.
///
/// # Errors
/// A fault when a template cannot be rendered.
pub fn ballot_recorded(
    site: &Site,
    about: &About,
    to: &Reader,
    seat: &str,
    (ballot, recorder): (&Ballot, &str),
) -> Result<Message, Fault> {
    let Origin::Recorded(given) = &ballot.origin else {
        return Err(Fault::new("a ballot of the seat itself is no recorded one"));
    };
    let subject = RecordedSubject { reference: &about.reference, institution: seat };
    let text = RecordedText {
        greeting: greeting(&to.name),
        institution: seat,
        reference: &about.reference,
        title: &about.title,
        choice: ballot.choice.label(),
        reason: ballot.reason.as_deref().unwrap_or("none given"),
        how: given.source.in_words(),
        witness: &given.witness,
        recorder,
        link: link(site, about),
        contact: &site.contact,
    };
    let (subject, text) = render(&subject, &text)?;
    Ok(Message::about(about.request, "ballot-recorded", (&to.address, &to.name), subject, text))
}

#[derive(Template)]
#[template(path = "mail/review_result.subject.txt")]
struct ResultSubject<'a> {
    reference: &'a str,
}

#[derive(Template)]
#[template(path = "mail/review_result.txt")]
struct ResultText<'a> {
    greeting: &'a str,
    reference: &'a str,
    title: &'a str,
    words: &'a str,
    link: String,
}

/// Tells the committee how a motion ended; `words` is the motion's own explanation.
///
/// # Errors
/// A fault when a template cannot be rendered.
pub fn result(site: &Site, about: &About, to: &Reader, words: &str) -> Result<Message, Fault> {
    let text = ResultText {
        greeting: greeting(&to.name),
        reference: &about.reference,
        title: &about.title,
        words,
        link: link(site, about),
    };
    let (subject, text) = render(&ResultSubject { reference: &about.reference }, &text)?;
    Ok(Message::about(about.request, "motion-result", (&to.address, &to.name), subject, text))
}

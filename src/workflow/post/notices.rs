//! The mails about physical copies: one is asked for (staff), it is on its way, it came back (the applicant).

use askama::Template;

use crate::moment::Site;
use crate::plain;
use crate::refusal::{Fault, Outcome};
use crate::workflow::delivery::outbox::Message;
use crate::workflow::post::address::{Posting, Recipient};
use crate::workflow::routing::about::{About, greeting};
use crate::workflow::routing::rules::Reader;

fn render(mail: &impl Template) -> Result<String, Fault> {
    mail.render().map_err(|error| Fault::because("the mail about a physical copy cannot be written", error))
}

#[derive(Template)]
#[template(path = "mail/copy_asked.txt")]
struct Asked<'a> {
    greeting: &'a str,
    about: &'a About,
    link: String,
}

/// "A physical copy is to be posted", to one of staff.
///
/// # Errors
/// A fault when the mail cannot be written.
pub fn asked(site: &Site, about: &About, to: &Reader) -> Outcome<Message> {
    let link = site.link(&format!("/requests/{}/posting", about.request));
    let text = render(&Asked { greeting: greeting(&to.name), about, link })?;
    let subject = format!("{}: a physical copy is to be posted", about.reference);
    Ok(Message::about(about.request, "copy-asked", (&to.address, &to.name), subject, text))
}

#[derive(Template)]
#[template(path = "mail/copy_posted.txt")]
struct Posted<'a> {
    name: &'a str,
    about: &'a About,
    day: String,
    to: &'a Recipient,
    posting: &'a Posting,
    link: String,
    contact: &'a str,
}

/// "The physical copy is in the post", to the applicant by address and name.
///
/// # Errors
/// A fault when the mail cannot be written.
pub fn posted(
    site: &Site,
    about: &About,
    applicant: (&str, &str),
    (to, posting): (&Recipient, &Posting),
) -> Outcome<Message> {
    let link = site.link(&format!("/requests/{}", about.request));
    let day = plain::day(posting.day).to_string();
    let text = render(&Posted { name: applicant.1, about, day, to, posting, link, contact: &site.contact })?;
    let subject = format!("[{}] The physical copy of your letter is in the post", about.reference);
    Ok(Message::about(about.request, "copy-posted", applicant, subject, text))
}

#[derive(Template)]
#[template(path = "mail/copy_returned.txt")]
struct Returned<'a> {
    name: &'a str,
    about: &'a About,
    to: &'a Recipient,
    remark: &'a str,
    can_ask: bool,
    link: String,
    contact: &'a str,
}

/// "The physical copy came back", to the applicant by address and name; `can_ask`: the letter is in force, so that they
/// can ask for another one.
///
/// # Errors
/// A fault when the mail cannot be written.
pub fn returned(
    site: &Site,
    about: &About,
    applicant: (&str, &str),
    (to, remark, can_ask): (&Recipient, &str, bool),
) -> Outcome<Message> {
    let path =
        if can_ask { format!("/requests/{}/copy", about.request) } else { format!("/requests/{}", about.request) };
    let (link, contact) = (site.link(&path), site.contact.as_str());
    let text = render(&Returned { name: applicant.1, about, to, remark, can_ask, link, contact })?;
    let subject = format!("[{}] The physical copy of your letter came back", about.reference);
    Ok(Message::about(about.request, "copy-returned", applicant, subject, text))
}

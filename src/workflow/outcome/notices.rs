//! The one mail that asks what became of a proposal.

use askama::Template;

use crate::moment::Site;
use crate::refusal::{Fault, Outcome};
use crate::workflow::delivery::outbox::Message;
use crate::workflow::routing::about::About;

#[derive(Template)]
#[template(path = "mail/outcome_asked.txt")]
struct Asked<'a> {
    name: &'a str,
    title: &'a str,
    funder: &'a str,
    link: String,
    contact: &'a str,
}

/// "What became of your proposal?", to the applicant by address and name.
///
/// # Errors
/// A fault when the mail cannot be written.
pub fn asked(site: &Site, about: &About, to: (&str, &str)) -> Outcome<Message> {
    let mail = Asked {
        name: to.1,
        title: &about.title,
        funder: &about.funder,
        link: site.link(&format!("/requests/{}/outcome", about.request)),
        contact: &site.contact,
    };
    let text = mail.render().map_err(|error| Fault::because("the mail about an outcome cannot be written", error))?;
    let subject = format!("[{}] What became of your proposal?", about.reference);
    Ok(Message::about(about.request, "outcome-asked", to, subject, text))
}

//! The mails of the discussion. They say that there is something to read and where, and never what it says.

use askama::Template;

use crate::moment::Site;
use crate::refusal::Fault;
use crate::workflow::delivery::outbox::Message;
use crate::workflow::routing::about::{About, greeting};

#[derive(Template)]
#[template(path = "mail/discussion_post.txt")]
struct PostText<'a> {
    greeting: &'a str,
    whose: &'a str,
    about: &'a About,
    link: String,
}

/// Tells whoever works on the request that there is a post; `whose` says of whom, as the reader may know.
///
/// # Errors
/// A fault when the template cannot be rendered.
pub fn posted(site: &Site, about: &About, to: &(String, String), whose: &str) -> Result<Message, Fault> {
    message(site, about, to, ("discussion-post", whose))
}

/// Tells the applicant that the committee or staff have written a message; a kind of its own, so that staff can look at
/// these mails first.
///
/// # Errors
/// As for `posted`.
pub fn written(site: &Site, about: &About, to: &(String, String)) -> Result<Message, Fault> {
    message(site, about, to, ("discussion-message", "the IIIF Consortium"))
}

fn message(
    site: &Site,
    about: &About,
    to: &(String, String),
    (kind, whose): (&'static str, &str),
) -> Result<Message, Fault> {
    let link = site.link(&format!("/requests/{}/discussion", about.request));
    let text = PostText { greeting: greeting(&to.1), whose, about, link };
    let text = text.render().map_err(|error| Fault::because("a mail cannot be rendered", error))?;
    let subject = format!("[{}] A message from {whose}", about.reference);
    Ok(Message::about(about.request, kind, (&to.0, &to.1), subject, text))
}

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

/// Tells that there is a post; `whose` says of whom, as the reader may know.
///
/// # Errors
/// A fault when the template cannot be rendered.
pub fn posted(site: &Site, about: &About, to: &(String, String), whose: &str) -> Result<Message, Fault> {
    let link = site.link(&format!("/requests/{}/discussion", about.request));
    let text = PostText { greeting: greeting(&to.1), whose, about, link };
    let text = text.render().map_err(|error| Fault::because("a mail cannot be rendered", error))?;
    let subject = format!("[{}] A message from {whose}", about.reference);
    Ok(Message::about(about.request, "discussion-post", (&to.0, &to.1), subject, text))
}

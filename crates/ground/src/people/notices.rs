//! Mail about signing in. Nothing in it was typed by whoever asked, so nobody can send words of their own through us.
//! Link and code are not in the mail that is kept: their places are, and they are filled in when it is sent.

use askama::Template;

use crate::clock::Instant;
use crate::ids::AttemptId;
use crate::mail::outbox::{LINK_PLACE, Message};
use crate::moment::Site;
use crate::people::session::in_words;
use crate::refusal::{Fault, Outcome};

/// Stands for the code in a sign-in mail that is kept.
pub const CODE_PLACE: &str = "[the code]";

#[derive(Template)]
#[template(path = "mail/people_sign_in.txt")]
struct SignInText<'m> {
    site: &'m Site,
    link: &'m str,
    code: &'m str,
    browser: &'m str,
    asked_at: &'m str,
}

#[derive(Template)]
#[template(path = "mail/people_new_sign_in.txt")]
struct NewSignInText<'m> {
    site: &'m Site,
    browser: &'m str,
    at: &'m str,
}

/// The mail to sign in with; `browser` is the family of the browser that asked.
///
/// # Errors
/// A fault when the template cannot be rendered.
pub fn sign_in(
    site: &Site,
    attempt: AttemptId,
    address: &str,
    browser: &str,
    asked: Instant,
    ends: Instant,
) -> Outcome<Message> {
    let asked_at = &in_words(asked);
    let (link, code) = (LINK_PLACE, CODE_PLACE);
    let text = SignInText { site, link, code, browser, asked_at }.render().map_err(unwritten)?;
    Ok(Message {
        kind: "sign-in",
        request: None,
        attempt: Some(attempt),
        co_signer: None,
        to_address: address.to_owned(),
        to_name: String::new(),
        subject: "Sign in to Letters of support".to_owned(),
        text,
        expires_at: Some(ends),
    })
}

/// The mail after a sign-in from a browser that has not signed in to this address before.
///
/// # Errors
/// A fault when the template cannot be rendered.
pub fn new_sign_in(site: &Site, to: (&str, &str), browser: &str, at: Instant) -> Outcome<Message> {
    let text = NewSignInText { site, browser, at: &in_words(at) }.render().map_err(unwritten)?;
    Ok(Message {
        kind: "new-sign-in",
        request: None,
        attempt: None,
        co_signer: None,
        to_address: to.0.to_owned(),
        to_name: to.1.to_owned(),
        subject: "You signed in from another browser".to_owned(),
        text,
        expires_at: None,
    })
}

fn unwritten(error: askama::Error) -> Fault {
    Fault::because("a mail could not be written", error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::html;
    use crate::mail::outbox::frame;

    fn site() -> Site {
        Site {
            public_url: "https://letters.example".into(),
            mail_domain: "letters.example".into(),
            contact: "help@letters.example".into(),
        }
    }

    #[test]
    fn the_sign_in_mail_has_one_link_one_code_and_neither_in_the_subject() {
        let now = "2026-03-02T09:00:00Z".parse().unwrap();
        let mail = sign_in(&site(), AttemptId::fresh(), "a@uni.example", "Firefox on Linux", now, now).unwrap();
        let in_html = frame::html(&mail.subject, &html::blocks(&mail.text, &|_| true)).unwrap();
        for body in [&mail.text, &in_html] {
            assert_eq!(body.matches(CODE_PLACE).count(), 1, "{body}");
            assert!(body.contains("Firefox on Linux") && body.contains("2 March 2026, 09:00 UTC"), "{body}");
            assert!(!body.contains("a@uni.example"), "{body}");
        }
        assert_eq!(mail.text.matches(LINK_PLACE).count(), 1);
        assert_eq!(in_html.matches(&format!("<a href=\"{LINK_PLACE}\">")).count(), 1, "{in_html}");
        assert!(!mail.subject.contains('['));
    }
}

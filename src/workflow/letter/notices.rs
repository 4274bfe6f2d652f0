//! The mails of this step: a letter waits for a second person, it is there, it is to be or has been revoked. They carry a
//! link, never the file.

pub mod co_signers;

use askama::Template;

use crate::ids::RequestId;
use crate::moment::Site;
use crate::refusal::{Fault, Outcome};
use crate::workflow::delivery::outbox::Message;
use crate::workflow::letter::life::DATE_STANDS;
use crate::workflow::letter::rules::Register;
use crate::workflow::routing::about::{About, greeting};
use crate::workflow::routing::rules::Reader;

fn render(mail: &impl Template) -> Result<String, Fault> {
    mail.render().map_err(|error| Fault::because("the mail about a letter cannot be written", error))
}

#[derive(Template)]
#[template(path = "mail/letter_ready.txt")]
struct LetterReady<'a> {
    name: &'a str,
    register: &'a Register,
    /// The number of the letter that this one replaces; empty for the first.
    replaces: &'a str,
    link: String,
    contact: &'a str,
    is_signed: bool,
}

/// "Your letter is ready", to the applicant. `replaces` is the number of the version before, if there was one in force;
/// `is_signed`: there is a signed original beside the file to submit.
///
/// # Errors
/// A fault when the mail cannot be written.
pub fn letter_ready(
    site: &Site,
    request: RequestId,
    to: (&str, &str),
    register: &Register,
    replaces: Option<&str>,
    is_signed: bool,
) -> Outcome<Message> {
    let link = site.link(&format!("/requests/{request}"));
    let (replaces, contact) = (replaces.unwrap_or_default(), site.contact.as_str());
    let text = render(&LetterReady { name: to.1, register, replaces, link, contact, is_signed })?;
    let subject = if replaces.is_empty() {
        format!("[{}] Your letter of support is ready", register.number)
    } else {
        format!("[{}] A new version of your letter of support replaces {replaces}", register.number)
    };
    Ok(Message::about(request, "letter-ready", to, subject, text))
}

#[derive(Template)]
#[template(path = "mail/letter_second.txt")]
struct SecondWanted<'a> {
    greeting: &'a str,
    reference: &'a str,
    title: &'a str,
    link: String,
    date_stands: u64,
}

/// "A letter waits for a second person", to a colleague of whoever wrote it.
///
/// # Errors
/// A fault when the mail cannot be written.
pub fn second_wanted(site: &Site, about: &About, to: &Reader) -> Outcome<Message> {
    let text = render(&SecondWanted {
        greeting: greeting(&to.name),
        reference: &about.reference,
        title: &about.title,
        link: site.link(&format!("/requests/{}/letter/check", about.request)),
        date_stands: DATE_STANDS,
    })?;
    let subject = format!("{}: a letter waits for a second person", about.reference);
    Ok(Message::about(about.request, "letter-second", (&to.address, &to.name), subject, text))
}

#[derive(Template)]
#[template(path = "mail/letter_revocation.txt")]
struct RevocationWanted<'a> {
    greeting: &'a str,
    register: &'a Register,
    reason: &'a str,
    link: String,
}

/// "A letter is to be revoked", to a colleague of whoever asked for it.
///
/// # Errors
/// A fault when the mail cannot be written.
pub fn revocation_wanted(
    site: &Site,
    about: &About,
    to: &Reader,
    register: &Register,
    reason: &str,
) -> Outcome<Message> {
    let link = site.link(&format!("/requests/{}/letter", about.request));
    let text = render(&RevocationWanted { greeting: greeting(&to.name), register, reason, link })?;
    let subject = format!("{}: a letter is to be revoked; please confirm or keep it", register.number);
    Ok(Message::about(about.request, "letter-revocation", (&to.address, &to.name), subject, text))
}

#[derive(Template)]
#[template(path = "mail/letter_revoked.txt")]
struct Revoked<'a> {
    name: &'a str,
    register: &'a Register,
    reason: &'a str,
    link: String,
    contact: &'a str,
}

/// "Your letter has been revoked", to the applicant, with the reason.
///
/// # Errors
/// A fault when the mail cannot be written.
pub fn revoked(
    site: &Site,
    request: RequestId,
    to: (&str, &str),
    register: &Register,
    reason: &str,
) -> Outcome<Message> {
    let link = site.link(&format!("/requests/{request}"));
    let text = render(&Revoked { name: to.1, register, reason, link, contact: &site.contact })?;
    let subject = format!("[{}] Your letter of support has been revoked", register.number);
    Ok(Message::about(request, "letter-revoked", to, subject, text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::html;

    #[test]
    fn the_mail_links_to_the_request_and_names_the_letter() {
        let site = Site {
            public_url: "https://letters.example".into(),
            mail_domain: "letters.example".into(),
            contact: "help@letters.example".into(),
        };
        let register = Register {
            issuer: "IIIF Consortium".into(),
            number: "LOS-2026-0001".into(),
            date: "2026-03-02".parse().unwrap(),
            applicant: "Example University".into(),
            funder: "Fund <b>".into(),
            programme: "P".into(),
            title: "Scrolls & {{ x }}".into(),
            signed_as: "Managing Director".into(),
            pages: 1,
        };
        let request = RequestId::fresh();
        let mail = letter_ready(&site, request, ("a@b.example", "Ada"), &register, None, false).unwrap();
        assert!(mail.text.contains(&format!("https://letters.example/requests/{request}\n")));
        assert!(mail.text.contains("Scrolls & {{ x }}") && mail.text.contains("Fund <b>"), "{}", mail.text);
        assert_eq!(mail.subject, "[LOS-2026-0001] Your letter of support is ready");
        let later =
            letter_ready(&site, request, ("a@b.example", "Ada"), &register, Some("LOS-2026-0000"), true).unwrap();
        assert!(!mail.text.contains("signed original"), "{}", mail.text);
        assert!(later.text.contains("- Keep the signed original"), "{}", later.text);
        let read = html::plain(&later.text);
        assert!(read.contains("takes the place of LOS-2026-0000"), "{read}");
    }
}

//! The mail that tells an applicant their letter is there. It carries a link, never the file.

use askama::Template;

use crate::ids::RequestId;
use crate::moment::Site;
use crate::refusal::{Fault, Outcome};
use crate::workflow::delivery::outbox::Message;
use crate::workflow::letter::rules::Register;

#[derive(Template)]
#[template(path = "mail/letter_ready.txt")]
struct LetterReady<'a> {
    name: &'a str,
    register: &'a Register,
    link: String,
    contact: &'a str,
}

/// "Your letter is ready", to the applicant.
///
/// # Errors
/// A fault when the mail cannot be written.
pub fn letter_ready(site: &Site, request: RequestId, to: (&str, &str), register: &Register) -> Outcome<Message> {
    let mail =
        LetterReady { name: to.1, register, link: site.link(&format!("/requests/{request}")), contact: &site.contact };
    let text = mail.render().map_err(|error| Fault::because("the mail about a letter cannot be written", error))?;
    let subject = format!("[{}] Your letter of support is ready", register.number);
    Ok(Message::about(request, "letter-ready", to, subject, text))
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let mail = letter_ready(&site, request, ("a@b.example", "Ada"), &register).unwrap();
        assert!(mail.text.contains(&format!("https://letters.example/requests/{request}\n")));
        assert!(mail.text.contains("Scrolls & {{ x }}") && mail.text.contains("Fund <b>"), "{}", mail.text);
        assert_eq!(mail.subject, "[LOS-2026-0001] Your letter of support is ready");
    }
}

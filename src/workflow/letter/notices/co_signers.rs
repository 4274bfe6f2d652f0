//! The mails to co-signers, and to whoever of staff asked them. A co-signer's link is filled in when the mail is sent.

use askama::Template;

use super::render;
use crate::moment::Site;
use crate::plain;
use crate::refusal::Outcome;
use crate::workflow::delivery::outbox::{LINK_PLACE, Message};
use crate::workflow::letter::co_signers::{Answer, Asking, CoSigner, Standing};
use crate::workflow::routing::about::{About, greeting};

/// A mail to a co-signer; with a link to their page where `text` has its place.
fn to(about: &About, signer: &CoSigner, kind: &'static str, subject: String, text: String) -> Message {
    let mail = Message::about(about.request, kind, (&signer.address, &signer.name), subject, text);
    Message { co_signer: Some(signer.id).filter(|_| mail.text.contains(LINK_PLACE)), ..mail }
}

#[derive(Template)]
#[template(path = "mail/co_signer_asked.txt")]
struct Asked<'a> {
    name: &'a str,
    about: &'a About,
    organisation: &'a str,
    last_day: String,
    link: &'static str,
    contact: &'a str,
    /// Because the text was changed.
    anew: bool,
}

/// "Will you sign?", with the way to the letter. `anew`: the text has changed since they were asked or signed.
///
/// # Errors
/// A fault when the mail cannot be written.
pub fn asked(site: &Site, about: &About, signer: &CoSigner, asking: &Asking, anew: bool) -> Outcome<Message> {
    let text = render(&Asked {
        name: greeting(&signer.name),
        about,
        organisation: &signer.organisation,
        last_day: plain::day(asking.last_day).to_string(),
        link: LINK_PLACE,
        contact: &site.contact,
        anew,
    })?;
    let subject = if anew {
        format!("[{}] The letter has changed: please read and sign it again", about.reference)
    } else {
        format!("[{}] Will you co-sign a letter of support?", about.reference)
    };
    Ok(to(about, signer, "co-signer-asked", subject, text))
}

#[derive(Template)]
#[template(path = "mail/co_signer_reminder.txt")]
struct Reminder<'a> {
    name: &'a str,
    about: &'a About,
    last_day: String,
    link: &'static str,
    contact: &'a str,
    needed: bool,
}

/// "Your answer is awaited", shortly before the last day.
///
/// # Errors
/// A fault when the mail cannot be written.
pub fn reminder(site: &Site, about: &About, signer: &CoSigner, asking: &Asking) -> Outcome<Message> {
    let text = render(&Reminder {
        name: greeting(&signer.name),
        about,
        last_day: plain::day(asking.last_day).to_string(),
        link: LINK_PLACE,
        contact: &site.contact,
        needed: signer.needed,
    })?;
    let subject = format!("[{}] Reminder: please sign or decline by {}", about.reference, plain::day(asking.last_day));
    Ok(to(about, signer, "co-signer-reminder", subject, text))
}

#[derive(Template)]
#[template(path = "mail/co_signer_time.txt")]
struct MoreTime<'a> {
    name: &'a str,
    about: &'a About,
    last_day: String,
    link: &'static str,
}

/// "You have until another day", to somebody who was asked before.
///
/// # Errors
/// A fault when the mail cannot be written.
pub fn more_time(about: &About, signer: &CoSigner, asking: &Asking) -> Outcome<Message> {
    let last_day = plain::day(asking.last_day).to_string();
    let text = render(&MoreTime { name: greeting(&signer.name), about, last_day, link: LINK_PLACE })?;
    let subject = format!("[{}] You can sign until {}", about.reference, plain::day(asking.last_day));
    Ok(to(about, signer, "co-signer-time", subject, text))
}

#[derive(Template)]
#[template(path = "mail/co_signer_over.txt")]
struct Ended<'a> {
    name: &'a str,
    about: &'a About,
    contact: &'a str,
    /// What has happened.
    why: &'static str,
    /// What it means for the reader.
    what: &'static str,
}

/// Why nothing is asked of a co-signer any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// Staff took them off the list.
    Removed,
    /// The letter was thrown away.
    Dropped,
    /// The letter that they signed was revoked.
    Revoked,
}

/// "Nothing more is asked of you", and why.
///
/// # Errors
/// A fault when the mail cannot be written.
pub fn over(site: &Site, about: &About, signer: &CoSigner, over: Over) -> Outcome<Message> {
    let (why, what, subject) = match over {
        Over::Removed => (
            "the Consortium no longer asks you to co-sign its letter of support for",
            "You need to do nothing. If you had signed, your signature is not used.",
            "Your signature is not needed any more",
        ),
        Over::Dropped => (
            "the Consortium will not issue the letter that you were asked to co-sign, for",
            "You need to do nothing. If you had signed, your signature is not used.",
            "The letter is not issued",
        ),
        Over::Revoked => (
            "the Consortium has revoked the letter that you co-signed, for",
            "Whoever checks the letter is told so from now on.",
            "The letter you co-signed has been revoked",
        ),
    };
    let text = render(&Ended { name: greeting(&signer.name), about, contact: &site.contact, why, what })?;
    Ok(to(about, signer, "co-signer-over", format!("[{}] {subject}", about.reference), text))
}

/// "The text has changed, you are asked again when it is your turn", to somebody who was asked in turn.
///
/// # Errors
/// A fault when the mail cannot be written.
pub fn text_changed(site: &Site, about: &About, signer: &CoSigner) -> Outcome<Message> {
    let text = render(&Ended {
        name: greeting(&signer.name),
        about,
        contact: &site.contact,
        why: "the text has changed of the letter that you were asked to co-sign, for",
        what: "An answer that you gave no longer counts. You have mail as soon as it is your turn again.",
    })?;
    let subject = format!("[{}] The letter you were asked to co-sign has changed", about.reference);
    Ok(to(about, signer, "co-signer-over", subject, text))
}

#[derive(Template)]
#[template(path = "mail/co_signer_issued.txt")]
struct Issued<'a> {
    name: &'a str,
    about: &'a About,
    link: &'static str,
    is_signed: bool,
}

/// "The letter is out", with a copy for those who signed it.
///
/// # Errors
/// A fault when the mail cannot be written.
pub fn issued(about: &About, signer: &CoSigner, is_signed: bool) -> Outcome<Message> {
    let text = render(&Issued { name: greeting(&signer.name), about, link: LINK_PLACE, is_signed })?;
    let subject = format!("[{}] The letter of support is issued", about.reference);
    Ok(to(about, signer, "co-signer-issued", subject, text))
}

#[derive(Template)]
#[template(path = "mail/co_signer_answered.txt")]
struct Answered<'a> {
    greeting: &'a str,
    about: &'a About,
    signer: &'a CoSigner,
    /// Why they declined; empty when they signed.
    reason: &'a str,
    standing: String,
    link: String,
}

/// "Somebody has signed" or "has declined", to whoever asked.
///
/// # Errors
/// A fault when the mail cannot be written.
pub fn answered(
    site: &Site,
    about: &About,
    to: (&str, &str),
    signer: &CoSigner,
    standing: &Standing,
) -> Outcome<Message> {
    let reason = match &signer.answer {
        Answer::Declined(reason, _) => reason.as_str(),
        _ => "",
    };
    let text = render(&Answered {
        greeting: greeting(to.1),
        about,
        signer,
        reason,
        standing: standing.in_words(),
        link: site.link(&format!("/requests/{}/letter/co-signers", about.request)),
    })?;
    let what = if reason.is_empty() { "has signed" } else { "has declined to sign" };
    let subject = format!("{}: {} {what}", about.reference, signer.name);
    Ok(Message::about(about.request, "co-signer-answered", to, subject, text))
}

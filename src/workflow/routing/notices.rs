//! The mails of this step: a review is asked for, a conflict was declared or withdrawn, nobody is free.

use askama::Template;

use super::about::{About, greeting, link_for};
use super::rules::Reader;
use super::silence::Reminder;
use crate::moment::Site;
use crate::refusal::Fault;
use crate::workflow::delivery::outbox::Message;

fn render(subject: &impl Template, text: &impl Template) -> Result<(String, String), Fault> {
    let broken = |error| Fault::because("a mail cannot be rendered", error);
    Ok((subject.render().map_err(broken)?.trim_end().to_owned(), text.render().map_err(broken)?))
}

#[derive(Template)]
#[template(path = "mail/routing_assigned.subject.txt")]
struct AssignedSubject<'a> {
    reference: &'a str,
    due: &'a str,
}

#[derive(Template)]
#[template(path = "mail/routing_assigned.txt")]
struct AssignedText<'a> {
    greeting: &'a str,
    institution: &'a str,
    reference: &'a str,
    title: &'a str,
    applicant: &'a str,
    applicant_institution: &'a str,
    funder: &'a str,
    due: &'a str,
    link: String,
    why: &'a str,
}

/// Asks whoever acts for a seat to review a request. `due` is the last day in words.
///
/// # Errors
/// A fault when a template cannot be rendered.
pub fn assigned(site: &Site, about: &About, to: &Reader, seat: &str, due: &str, why: &str) -> Result<Message, Fault> {
    let subject = AssignedSubject { reference: &about.reference, due };
    let text = AssignedText {
        greeting: greeting(&to.name),
        institution: seat,
        reference: &about.reference,
        title: &about.title,
        applicant: &about.applicant,
        applicant_institution: &about.institution,
        funder: &about.funder,
        due,
        link: site.link(&format!("/requests/{}/review", about.request)),
        why,
    };
    let (subject, text) = render(&subject, &text)?;
    Ok(Message::about(about.request, "routing-assigned", (&to.address, &to.name), subject, text))
}

#[derive(Template)]
#[template(path = "mail/routing_reminder.subject.txt")]
struct ReminderSubject<'a> {
    reference: &'a str,
    overdue: bool,
}

#[derive(Template)]
#[template(path = "mail/routing_reminder.txt")]
struct ReminderText<'a> {
    greeting: &'a str,
    reference: &'a str,
    title: &'a str,
    due: &'a str,
    link: String,
    overdue: bool,
}

/// Reminds whoever acts for a seat of the review it owes. `due` is the end of its time in words.
///
/// # Errors
/// A fault when a template cannot be rendered.
pub fn reminder(site: &Site, about: &About, to: &Reader, due: &str, reminder: Reminder) -> Result<Message, Fault> {
    let overdue = reminder == Reminder::Overdue;
    let subject = ReminderSubject { reference: &about.reference, overdue };
    let text = ReminderText {
        greeting: greeting(&to.name),
        reference: &about.reference,
        title: &about.title,
        due,
        link: site.link(&format!("/requests/{}/review", about.request)),
        overdue,
    };
    let (subject, text) = render(&subject, &text)?;
    Ok(Message::about(about.request, "routing-reminder", (&to.address, &to.name), subject, text))
}

#[derive(Template)]
#[template(path = "mail/routing_conflict.subject.txt")]
struct ConflictSubject<'a> {
    reference: &'a str,
    institution: &'a str,
}

#[derive(Template)]
#[template(path = "mail/routing_conflict.txt")]
struct ConflictText<'a> {
    greeting: &'a str,
    by_staff: bool,
    institution: &'a str,
    reference: &'a str,
    consequence: &'a str,
    link: String,
}

/// Who put a conflict of interest on record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The seat itself declared it.
    Seat,
    /// Staff recorded it.
    Staff,
}

/// Tells staff and chair that a seat has a conflict, and what follows for the reviewers.
///
/// # Errors
/// A fault when a template cannot be rendered.
pub fn conflict(
    site: &Site,
    about: &About,
    to: &Reader,
    seat: &str,
    (by, consequence): (By, &str),
) -> Result<Message, Fault> {
    let subject = ConflictSubject { reference: &about.reference, institution: seat };
    let text = ConflictText {
        greeting: greeting(&to.name),
        by_staff: by == By::Staff,
        institution: seat,
        reference: &about.reference,
        consequence,
        link: link_for(site, about, to),
    };
    let (subject, text) = render(&subject, &text)?;
    Ok(Message::about(about.request, "routing-conflict", (&to.address, &to.name), subject, text))
}

#[derive(Template)]
#[template(path = "mail/routing_recorded.txt")]
struct RecordedText<'a> {
    greeting: &'a str,
    institution: &'a str,
    reference: &'a str,
    reason: &'a str,
    link: String,
}

/// Tells whoever acts for a seat that staff have recorded a conflict of interest of it, and why. What the request is about
/// is theirs to read no longer.
///
/// # Errors
/// A fault when a template cannot be rendered.
pub fn conflict_recorded(site: &Site, about: &About, to: &Reader, seat: &str, reason: &str) -> Result<Message, Fault> {
    let subject = ConflictSubject { reference: &about.reference, institution: seat };
    let text = RecordedText {
        greeting: greeting(&to.name),
        institution: seat,
        reference: &about.reference,
        reason,
        link: site.link("/waiting"),
    };
    let (subject, text) = render(&subject, &text)?;
    Ok(Message::about(about.request, "routing-recorded", (&to.address, &to.name), subject, text))
}

#[derive(Template)]
#[template(path = "mail/routing_withdrawn.subject.txt")]
struct WithdrawnSubject<'a> {
    reference: &'a str,
    institution: &'a str,
}

#[derive(Template)]
#[template(path = "mail/routing_withdrawn.txt")]
struct WithdrawnText<'a> {
    greeting: &'a str,
    institution: &'a str,
    reference: &'a str,
    title: &'a str,
    reason: &'a str,
    link: String,
}

/// Tells whoever acts for a seat, and the chair, that staff have withdrawn the seat's conflict of interest, and why.
///
/// # Errors
/// A fault when a template cannot be rendered.
pub fn conflict_withdrawn(site: &Site, about: &About, to: &Reader, seat: &str, reason: &str) -> Result<Message, Fault> {
    let subject = WithdrawnSubject { reference: &about.reference, institution: seat };
    let text = WithdrawnText {
        greeting: greeting(&to.name),
        institution: seat,
        reference: &about.reference,
        title: &about.title,
        reason,
        link: site.link(&format!("/requests/{}/review", about.request)),
    };
    let (subject, text) = render(&subject, &text)?;
    Ok(Message::about(about.request, "routing-withdrawn", (&to.address, &to.name), subject, text))
}

#[derive(Template)]
#[template(path = "mail/routing_stuck.subject.txt")]
struct StuckSubject<'a> {
    reference: &'a str,
}

#[derive(Template)]
#[template(path = "mail/routing_stuck.txt")]
struct StuckText<'a> {
    greeting: &'a str,
    reference: &'a str,
    why: &'a str,
    is_unrouted: bool,
    link: String,
}

/// What a request is without when nobody is left to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stuck {
    /// Any reviewer: it waits to be routed.
    Unrouted,
    /// One of its reviewers.
    ShortOfReviewers,
}

/// Tells staff and chair that nobody is left to review a request, and why.
///
/// # Errors
/// A fault when a template cannot be rendered.
pub fn stuck(site: &Site, about: &About, to: &Reader, (why, stuck): (&str, Stuck)) -> Result<Message, Fault> {
    let text = StuckText {
        greeting: greeting(&to.name),
        reference: &about.reference,
        why,
        is_unrouted: stuck == Stuck::Unrouted,
        link: link_for(site, about, to),
    };
    let (subject, text) = render(&StuckSubject { reference: &about.reference }, &text)?;
    Ok(Message::about(about.request, "routing-stuck", (&to.address, &to.name), subject, text))
}

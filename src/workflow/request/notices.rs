//! The mails of the first step: receipt, question, answer, correction, withdrawal. They say what happened and where to go on, and
//! nothing that only the page should say. Who gets them is decided by the commands.

use askama::Template;

use super::answers::NewRequest;
use super::correction::{Corrected, Correction};
use super::reference::Reference;
use super::rules::{self, Band};
use super::sharing::Level;
use super::talk::{MEANWHILE, Question};
use crate::clock::InUtc;
use crate::ids::RequestId;
use crate::moment::Moment;
use crate::plain;
use crate::policy::settings::Policy;
use crate::refusal::{Fault, Outcome};
use crate::workflow::delivery::outbox::Message;

/// What every mail about a request says.
#[derive(Debug, Clone)]
pub struct About {
    request: RequestId,
    reference: String,
    title: String,
    link: String,
    contact: String,
}

impl About {
    /// The request `reference` with this title.
    pub fn new(moment: &Moment, request: RequestId, reference: impl Into<String>, title: &str) -> Self {
        Self {
            request,
            reference: reference.into(),
            title: title.to_owned(),
            link: moment.site.link(&format!("/requests/{request}")),
            contact: moment.site.contact.clone(),
        }
    }

    fn mail(&self, kind: &'static str, to: &(String, String), says: &str, text: &impl Template) -> Outcome<Message> {
        let text = text.render().map_err(|error| Fault::because("a mail could not be written", error))?;
        let subject = format!("[{}] {says}: {}", self.reference, self.title);
        Ok(Message::about(self.request, kind, (&to.0, &to.1), subject, text))
    }
}

/// What the mails about a request that was just sent have in common.
pub struct Sent<'a> {
    /// The request.
    pub about: About,
    /// Its answers.
    pub request: &'a NewRequest,
    /// The institution's name.
    pub institution: &'a str,
    /// The policy it was sent under.
    pub policy: &'a Policy,
}

impl<'a> Sent<'a> {
    /// The request that got this reference.
    pub fn new(
        moment: &Moment,
        id: RequestId,
        reference: Reference,
        (request, institution): (&'a NewRequest, &'a str),
        policy: &'a Policy,
    ) -> Self {
        let about = About::new(moment, id, reference.to_string(), &request.project.title);
        Self { about, request, institution, policy }
    }
}

#[derive(Template)]
#[template(path = "mail/request_receipt.txt")]
struct Receipt<'a> {
    name: &'a str,
    about: &'a About,
    funder: &'a str,
    programme: &'a str,
    deadline: String,
    needed_by: String,
    risk: Option<String>,
    steps: Vec<String>,
}

/// To the applicant: the request has arrived, and what happens next.
///
/// # Errors
/// A fault when the mail cannot be written.
pub fn receipt(moment: &Moment, sent: &Sent<'_>, to: &(String, String), name: &str) -> Outcome<Message> {
    let Sent { about, request, policy, .. } = sent;
    let (call, lead) = (&request.call, &request.lead);
    let text = Receipt {
        name,
        about,
        funder: &call.funder,
        programme: &call.programme,
        deadline: format!("{} ({})", call.deadline, InUtc::from(call.deadline.at()).words),
        needed_by: plain::day(call.needed_by).to_string(),
        risk: (lead.band != Band::Normal).then(|| lead.explanation(policy)),
        steps: rules::next_steps(lead.band, moment.now, policy, call.needed_by),
    };
    about.mail("request-receipt", to, "Received", &text)
}

#[derive(Template)]
#[template(path = "mail/request_arrived.txt")]
struct Arrived<'a> {
    about: &'a About,
    institution: &'a str,
    funder: &'a str,
    programme: &'a str,
    deadline: String,
    needed_by: String,
    days: String,
    held: bool,
    at_risk: bool,
}

/// To staff: a request has arrived, or is held until they admit it.
///
/// # Errors
/// A fault when the mail cannot be written.
pub fn arrived(sent: &Sent<'_>, to: &(String, String)) -> Outcome<Message> {
    let Sent { about, request, institution, .. } = sent;
    let (call, lead) = (&request.call, &request.lead);
    let held = lead.band == Band::Late;
    let text = Arrived {
        about,
        institution,
        funder: &call.funder,
        programme: &call.programme,
        deadline: format!("{} ({})", call.deadline, InUtc::from(call.deadline.at()).words),
        needed_by: plain::day(call.needed_by).to_string(),
        days: rules::before_deadline(lead.days),
        held,
        at_risk: lead.band == Band::AtRisk,
    };
    let (kind, says) = if held { ("request-held", "Held for you") } else { ("request-arrived", "New request") };
    about.mail(kind, to, says, &text)
}

#[derive(Template)]
#[template(path = "mail/request_question.txt")]
struct Asked<'a> {
    name: &'a str,
    about: &'a About,
    reply_by: String,
    parts: String,
    meanwhile: &'static str,
}

/// To the applicant: there is a question.
///
/// # Errors
/// A fault when the mail cannot be written.
pub fn question(about: &About, to: &(String, String), name: &str, asked: &Question) -> Outcome<Message> {
    let (reply_by, parts) = (plain::day(asked.reply_by).to_string(), asked.parts());
    let text = Asked { name, about, reply_by, parts, meanwhile: MEANWHILE };
    about.mail("request-question", to, "A question for you", &text)
}

#[derive(Template)]
#[template(path = "mail/request_question_withdrawn.txt")]
struct QuestionWithdrawn<'a> {
    name: &'a str,
    about: &'a About,
}

/// To the applicant: a question needs no answer any more.
///
/// # Errors
/// A fault when the mail cannot be written.
pub fn question_withdrawn(about: &About, to: &(String, String), name: &str) -> Outcome<Message> {
    about.mail("request-question-withdrawn", to, "Question withdrawn", &QuestionWithdrawn { name, about })
}

#[derive(Template)]
#[template(path = "mail/request_answered.txt")]
struct Answered<'a> {
    about: &'a About,
    changed: &'a str,
}

/// To whoever asked, reviews or is staff: the applicant has answered, and changed these parts of the form.
///
/// # Errors
/// A fault when the mail cannot be written.
pub fn answered(about: &About, to: &(String, String), changed: &str) -> Outcome<Message> {
    about.mail("request-answered", to, "A question is answered", &Answered { about, changed })
}

#[derive(Template)]
#[template(path = "mail/request_corrected.txt")]
struct CorrectedMail<'a> {
    about: &'a About,
    corrected: &'a [Corrected],
    /// The time that is left; empty where it is ample or was judged before.
    time: String,
    held: bool,
    is_with_letter: bool,
    is_with_committee: bool,
}

/// To staff and whoever reviews the request: what was corrected, as it was and as it is now.
///
/// # Errors
/// A fault when the mail cannot be written.
pub fn corrected(
    about: &About,
    to: &(String, String),
    correction: &Correction,
    is_with_letter: bool,
) -> Outcome<Message> {
    let text = CorrectedMail {
        about,
        corrected: &correction.corrected,
        time: correction.warning(),
        held: correction.held,
        is_with_letter,
        is_with_committee: correction.is_with_committee(),
    };
    let says = if correction.held { "Held for you" } else { "Corrected" };
    about.mail("request-corrected", to, says, &text)
}

#[derive(Template)]
#[template(path = "mail/request_withdrawn_applicant.txt")]
struct TakenBack<'a> {
    name: &'a str,
    /// Who has done it; empty for the reader themselves.
    by: &'a str,
    about: &'a About,
}

#[derive(Template)]
#[template(path = "mail/request_withdrawn.txt")]
struct Withdrawn<'a> {
    about: &'a About,
}

/// To the applicant: you have withdrawn the request; to whoever worked on it with them: `by` has.
///
/// # Errors
/// A fault when the mail cannot be written.
pub fn withdrawn_by_applicant(about: &About, to: &(String, String), (name, by): (&str, &str)) -> Outcome<Message> {
    about.mail("request-withdrawn-by-you", to, "Withdrawn", &TakenBack { name, by, about })
}

#[derive(Template)]
#[template(path = "mail/co_applicant_invited.txt")]
struct InvitedMail<'a> {
    about: &'a About,
    by: &'a str,
    may_edit: bool,
}

/// To somebody with whom a request is shared: what it is, and how to find it.
///
/// # Errors
/// A fault when the mail cannot be written.
pub fn invited(about: &About, to: &(String, String), by: &str, level: Level) -> Outcome<Message> {
    let title = if about.title.is_empty() { "A request without a title yet" } else { &about.title };
    let about = About { title: title.to_owned(), ..about.clone() };
    let text = InvitedMail { about: &about, by, may_edit: level == Level::Edit };
    about.mail("co-applicant-invited", to, "Shared with you", &text)
}

/// To reviewers and staff: the request is withdrawn.
///
/// # Errors
/// A fault when the mail cannot be written.
pub fn withdrawn(about: &About, to: &(String, String)) -> Outcome<Message> {
    about.mail("request-withdrawn", to, "Withdrawn", &Withdrawn { about })
}

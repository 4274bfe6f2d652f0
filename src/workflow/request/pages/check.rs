//! The last look before sending, the sending itself, and the page that confirms it.

use actix_web::web;
use askama::Template;

use super::draft::{Remark, lead, path_of};
use super::{insider, own, present};
use crate::clock::InUtc;
use crate::ids::RequestId;
use crate::plain;
use crate::refusal::{Failure, FieldErrors, Outcome};
use crate::web::flash::see_other_saying;
use crate::web::form::FormView;
use crate::web::frame::{self, Frame, Tone};
use crate::web::page::{Page, see_other, show, show_again};
use crate::web::post::Post;
use crate::web::shell::Shell;
use crate::workflow::delivery::store as mails;
use crate::workflow::request::attachment::{self, file::Shown};
use crate::workflow::request::commands::{self, CHANGED_ELSEWHERE};
use crate::workflow::request::fields::{Field, Section};
use crate::workflow::request::form;
use crate::workflow::request::funder::About;
use crate::workflow::request::raw::RawForm;
use crate::workflow::request::reading::{self, Part};
use crate::workflow::request::rules;
use crate::workflow::request::store::{Request, attachments};

#[derive(Template)]
#[template(path = "request/check.html")]
struct CheckPage {
    frame: Frame,
    id: RequestId,
    /// Whether the reader may change and send it.
    may_edit: bool,
    parts: Vec<Part>,
    /// What keeps it from being sent, each with the page that mends it.
    missing: Vec<Missing>,
    lead: Option<Remark>,
    /// What is told of the funder.
    funder: Option<About>,
    /// What is to be confirmed: the field and its words.
    confirmations: Vec<(&'static str, &'static str)>,
    filled: FormView,
    seen: String,
    attachments: Vec<Shown>,
    /// The page on which the files are changed.
    change_files: String,
}

struct Missing {
    message: String,
    href: String,
}

/// All answers on one page, with a link to change each, and the button that sends.
///
/// # Errors
/// A refusal when there is no such draft of this person.
pub async fn check(shell: Shell, path: web::Path<String>) -> Page {
    let (request, _) = own(&shell, &path).await?;
    if rules::may_edit(request.stage).is_err() {
        return Ok(see_other(&format!("/requests/{}", request.id)));
    }
    show(&check_page(&shell, &request, (&request.typed()?, true), FieldErrors::default()).await?)
}

/// Sends the request. A double click or a retry sends it once.
///
/// # Errors
/// A refusal when it was sent already, and when there is no such draft of this person.
pub async fn send(shell: Shell, path: web::Path<String>, post: Post) -> Page {
    let (request, applicant) = own(&shell, &path).await?;
    let moment = shell.service.moment();
    let (id, fields, key) = (request.id, post.fields.clone(), post.once.clone());
    let sending = shell.service.store.write(move |tx| {
        crate::store::once(tx, &key, moment.now, |tx| {
            commands::submit(tx, &moment, &applicant, fields.iter(), fields.get("seen"))?;
            Ok(format!("/requests/{id}/sent"))
        })
    });
    match sending.await {
        Ok(target) => Ok(see_other(&target)),
        Err(Failure::Fields(errors)) => {
            let mut typed = request.typed()?;
            typed.take(Section::Send, post.fields.iter());
            show_again(&check_page(&shell, &request, (&typed, true), errors).await?)
        }
        Err(Failure::Refusal(refusal)) if refusal.code == CHANGED_ELSEWHERE => {
            let said =
                "The answers were changed after you opened this page, so nothing was sent. Check them once more.";
            Ok(see_other_saying(&shell.service, &path_of(id, Section::Send), Tone::Warn, said))
        }
        Err(failure) => Err(failure.into()),
    }
}

/// A draft for somebody who may read it and not change it.
///
/// # Errors
/// A fault of the database.
pub(super) async fn look(shell: &Shell, request: &Request) -> Page {
    let mut page = check_page(shell, request, (&request.typed()?, false), FieldErrors::default()).await?;
    page.frame = shell.frame(if request.title.is_empty() { "A request" } else { &request.title });
    show(&page)
}

async fn check_page(
    shell: &Shell,
    request: &Request,
    (typed, may_edit): (&RawForm, bool),
    errors: FieldErrors,
) -> Outcome<CheckPage> {
    let present = present(shell, request, typed).await?;
    let against = present.against();
    let edit = |section, field: Field| {
        if may_edit { format!("{}?back=check#{field}", path_of(request.id, section)) } else { String::new() }
    };
    let missing = Section::FILLED.iter().flat_map(|section| {
        let errors = form::errors_in(*section, typed, &against);
        let missing = |error: &crate::refusal::FieldError| Missing {
            message: error.message.clone(),
            href: format!("{}?back=check#{}", path_of(request.id, *section), error.field),
        };
        errors.iter().map(missing).collect::<Vec<_>>()
    });
    let missing: Vec<Missing> = missing.collect();
    let band = form::deadline(typed).map(|deadline| rules::lead_time(&deadline, against.now, against.policy));
    let at_risk = band.and_then(|lead| lead.confirmation()).map(|words| (Field::AtRisk, words));
    let confirmations = at_risk.into_iter().chain(present.doubt(typed).map(|words| (Field::FunderRules, words)));
    let confirmations = confirmations.map(|(field, words)| (field.as_str(), words)).collect();
    let id = request.id;
    let files = shell.service.store.read(move |view| attachments::of(view, id)).await?;
    let failed = !errors.is_empty();
    let ticked = FormView::filled(Section::Send.fields().map(|field| (field.as_str(), typed.get(field))));
    Ok(CheckPage {
        frame: shell.frame(Section::Send.title()).within(frame::Section::Requests).failed_if(failed),
        id: request.id,
        may_edit,
        parts: reading::parts(typed, present.institution.as_ref(), edit),
        lead: lead(typed, &against),
        funder: present.about_funder(typed),
        confirmations: if missing.is_empty() { confirmations } else { Vec::new() },
        filled: if missing.is_empty() { ticked.failing(errors) } else { ticked },
        missing,
        seen: attachment::rules::fingerprint(&request.typed()?.fingerprint(Section::Send), &files),
        attachments: attachment::file::in_work(&files),
        change_files: format!("{}?back=check", path_of(id, Section::Attachments)),
    })
}

/// The kind of mail that says that the request has arrived.
const RECEIPT: &str = "request-receipt";

#[derive(Template)]
#[template(path = "request/sent.html")]
struct SentPage {
    frame: Frame,
    id: RequestId,
    reference: String,
    /// Where the reader's receipt goes, if they are sent one.
    address: Option<String>,
    risk: Option<String>,
    steps: Vec<String>,
    deadline: String,
    elsewhere: InUtc,
    needed_by: String,
}

/// The page after sending: reference, what happens next and when. It can be opened again at any time.
///
/// # Errors
/// A refusal when there is no such request of this person.
pub async fn sent(shell: Shell, path: web::Path<String>) -> Page {
    let (request, _) = insider(&shell, &path).await?;
    let (id, address) = (request.id, shell.visitor()?.address().to_owned());
    let reader = address.clone();
    let mailed = shell.service.store.read(move |view| mails::is_mailed(view, id, RECEIPT, &reader)).await?;
    let (Some(answers), Some(policy), Some(at)) = (request.sent()?, request.frozen_policy()?, request.submitted_at)
    else {
        return Ok(see_other(&format!("/requests/{}", request.id)));
    };
    let lead = answers.lead;
    show(&SentPage {
        frame: shell.frame("Request sent").within(frame::Section::Requests),
        id: request.id,
        reference: request.name().to_owned(),
        address: Some(address).filter(|_| mailed),
        risk: lead.confirmation().map(|_| lead.explanation(&policy)),
        steps: rules::next_steps(lead.band, at, &policy, answers.call.needed_by),
        deadline: answers.call.deadline.to_string(),
        elsewhere: answers.call.deadline.at().into(),
        needed_by: plain::day(answers.call.needed_by).to_string(),
    })
}

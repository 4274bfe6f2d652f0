//! The last look before a letter goes out, and letting it go. What is issued are the bytes that were looked at.

use actix_web::web;
use askama::Template;

use super::edit::letter_path;
use super::printing::Printing;
use super::{as_issued, load, request_id};
use crate::clock::Instant;
use crate::ids::RequestId;
use crate::refusal::{Failure, FieldErrors, Outcome};
use crate::store::once;
use crate::web::flash::see_other_saying;
use crate::web::form::FormView;
use crate::web::frame::{Frame, Section, Tone};
use crate::web::page::{Page, show, show_again};
use crate::web::post::Post;
use crate::web::service::Service;
use crate::web::shell::Shell;
use crate::workflow::letter::commands::{self, Release};
use crate::workflow::letter::form::fields;
use crate::workflow::letter::pdf::{Printed, Unprintable};
use crate::workflow::letter::rules::{self, Check, Register};
use crate::workflow::letter::store::{self, Open};
use crate::workflow::letter::text::LetterText;
use crate::workflow::request::store::{Request, lists};
use crate::workflow::routing::store as routes;

#[derive(Template)]
#[template(path = "letter/check.html")]
struct Checklist {
    frame: Frame,
    request: Request,
    form: FormView,
    revision: i64,
    checks: Vec<Check>,
    /// Why the letter cannot be set; empty when it can.
    unprintable: String,
    fingerprint: String,
    applicant: (String, String),
}

impl Checklist {
    fn may_issue(&self) -> bool {
        self.unprintable.is_empty() && self.checks.iter().all(|check| check.wrong.is_empty())
    }
}

/// `GET /requests/{id}/letter/check`: everything there is to look at, with the PDF.
///
/// # Errors
/// Refused for everybody but staff, and when the request can have no letter.
pub async fn check(shell: Shell, printing: web::Data<Printing>, path: web::Path<String>) -> Page {
    let id = request_id(&path)?;
    shell.staff_on(id, routes::recused).await?;
    let page = checklist(&shell, &printing, id, FormView::new()).await?;
    show(&page)
}

/// `POST /requests/{id}/letter/issue`: lets the letter go.
///
/// # Errors
/// Refused for everybody but staff, when the letter is not the one that was looked at, and when the request can have no
/// letter.
pub async fn issue(shell: Shell, printing: web::Data<Printing>, path: web::Path<String>, post: Post) -> Page {
    let id = request_id(&path)?;
    let staff = shell.staff_on(id, routes::recused).await?;
    if !post.fields.has(fields::CHECKED) {
        let errors = FieldErrors::one(fields::CHECKED, "Look at the letter, then tick this box.");
        let page = checklist(&shell, &printing, id, FormView::new().failing(errors)).await?;
        return show_again(&page);
    }
    let (request, open) = shell.service.store.read(move |view| load(view, id)).await?;
    // Without a draft the command says why there is none: most often the letter has just been issued.
    let release = match open {
        Some(open) => Some(release(&shell, &printing, &request, &open, &post).await?),
        None => None,
    };
    let moment = shell.service.moment();
    let target = shell
        .service
        .store
        .write(move |tx| {
            once(tx, &post.once, moment.now, |tx| {
                let release =
                    release.ok_or_else(|| rules::not_what_was_checked().onward("See the letter", letter_path(id)))?;
                commands::issue(tx, &moment, staff, id, &release)?;
                Ok(letter_path(id))
            })
        })
        .await?;
    Ok(see_other_saying(&shell.service, &target, Tone::Good, "The letter is issued. The applicant has mail."))
}

/// The letter as it is now, to be compared with what was looked at.
async fn release(shell: &Shell, printing: &Printing, request: &Request, open: &Open, post: &Post) -> Outcome<Release> {
    let text = as_issued(&shell.service, request, open, shell.service.clock.now())?;
    let printed = printing.print(text.clone()).await?.map_err(Failure::from)?;
    if rules::checks(&text, printed.pages).iter().any(|check| !check.wrong.is_empty()) {
        let refusal =
            rules::not_what_was_checked().onward("Look at the letter again", commands::check_path(request.id));
        return Err(refusal.into());
    }
    Ok(Release {
        revision: post.fields.get(fields::REVISION).parse().unwrap_or_default(),
        approved: post.fields.get(fields::FINGERPRINT).to_owned(),
        register: register(&text, request, printed.pages),
        pdf: printed.bytes,
    })
}

/// The release of a request's letter as it stands, without anybody having looked: for the made-up letters of the
/// demonstration.
///
/// # Errors
/// A refusal when there is no draft, a fault when it cannot be set.
pub async fn release_unseen(service: &Service, printing: &Printing, id: RequestId, now: Instant) -> Outcome<Release> {
    let (request, open) = service.store.read(move |view| load(view, id)).await?;
    let open = open.ok_or_else(commands::no_letter)?;
    let text = as_issued(service, &request, &open, now)?;
    let printed = printing.print(text.clone()).await?.map_err(Failure::from)?;
    let register = register(&text, &request, printed.pages);
    let approved = rules::fingerprint(&printed.bytes);
    Ok(Release { revision: open.revision, approved, register, pdf: printed.bytes })
}

fn register(text: &LetterText, request: &Request, pages: usize) -> Register {
    Register {
        issuer: text.letterhead.name.clone(),
        number: text.number.clone(),
        date: text.date,
        applicant: text.subject.applicant().to_owned(),
        funder: request.funder.clone(),
        programme: request.programme.clone(),
        title: text.subject.title.clone(),
        signed_as: text.signed_by.capacity.clone(),
        pages,
    }
}

async fn checklist(shell: &Shell, printing: &Printing, id: RequestId, form: FormView) -> Outcome<Checklist> {
    let (request, open, motion, applicant) = shell
        .service
        .store
        .read(move |view| {
            let (request, open) = load(view, id)?;
            let applicant = lists::mailbox(view, request.applicant)?;
            Ok((request, open, store::carried_motion(view, id)?, applicant))
        })
        .await?;
    let motion = rules::may_draft(request.stage, motion)?;
    let open = open.ok_or_else(commands::no_letter)?;
    rules::must_rest_on(open.motion, motion).map_err(|refusal| refusal.onward("Open the text", letter_path(id)))?;
    let text = as_issued(&shell.service, &request, &open, shell.service.clock.now())?;
    let (pages, unprintable, fingerprint) = match printing.print(text.clone()).await? {
        Ok(Printed { bytes, pages }) => (pages, String::new(), rules::fingerprint(&bytes)),
        Err(Unprintable::Fault(fault)) => return Err(fault.into()),
        Err(why) => (0, why.to_string(), String::new()),
    };
    Ok(Checklist {
        frame: shell.frame("Check and issue the letter").within(Section::Queue).failed_if(form.has_errors()),
        checks: rules::checks(&text, pages),
        revision: open.revision,
        request,
        form,
        unprintable,
        fingerprint,
        applicant,
    })
}

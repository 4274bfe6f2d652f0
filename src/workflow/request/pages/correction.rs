//! Correcting the deadline or the addressee of a request that was sent: a page with the fields, a look at what follows, and
//! the saving.

use actix_web::web;
use askama::Template;

use super::draft::{Remark, tone_of};
use super::inputs::{self, Input};
use super::own;
use crate::ids::RequestId;
use crate::refusal::{Failure, FieldErrors, Outcome, Refusal};
use crate::web::flash::see_other_saying;
use crate::web::form::FormView;
use crate::web::frame::{self, Frame, Tone};
use crate::web::page::{Page, show, show_again, show_conflict};
use crate::web::post::Post;
use crate::web::shell::Shell;
use crate::workflow::request::commands::CHANGED_ELSEWHERE;
use crate::workflow::request::commands::correction::{self as commands, JUDGED_ANEW, Shown};
use crate::workflow::request::correction::{self, Correction, is_correctable, may_correct};
use crate::workflow::request::difference::{self, Change};
use crate::workflow::request::fields::{Field, Section};
use crate::workflow::request::raw::RawForm;
use crate::workflow::request::reading::{self, Said};
use crate::workflow::request::store::Request;

/// The hidden field with how the page told that the correction is judged.
const JUDGEMENT: &str = "judgement";

#[derive(Template)]
#[template(path = "request/correct.html")]
struct CorrectPage {
    frame: Frame,
    id: RequestId,
    reference: String,
    filled: FormView,
    inputs: Vec<Input>,
    /// Fingerprint of the section as it was when the page was opened.
    seen: String,
    /// What is kept instead, where somebody changed it in the meantime.
    kept: Vec<Said>,
}

#[derive(Template)]
#[template(path = "request/correct_check.html")]
struct LookPage {
    frame: Frame,
    id: RequestId,
    reference: String,
    changes: Vec<Change>,
    /// The time that is left; none where the deadline stays.
    lead: Option<Remark>,
    follows: Vec<&'static str>,
    confirmation: Option<&'static str>,
    filled: FormView,
    /// The fields as they were typed.
    typed: Vec<(Field, String)>,
    seen: String,
    judgement: String,
    /// Whether it was judged otherwise when the page was opened.
    is_judged_anew: bool,
}

/// The page with the fields as they are.
///
/// # Errors
/// A refusal when the request can no longer be corrected, or when there is none of this person.
pub async fn form(shell: Shell, path: web::Path<String>) -> Page {
    let (request, _) = own(&shell, &path).await?;
    may_correct(request.stage).map_err(|refusal| back_to(refusal, request.id))?;
    let typed = request.typed()?;
    let seen = typed.fingerprint(Section::Funder);
    show(&correct_page(&shell, &request, &typed, seen))
}

/// Shows what follows from the correction; once that was looked at, saves it. The same form twice saves once.
///
/// # Errors
/// A refusal when the request can no longer be corrected, or when there is none of this person.
pub async fn take(shell: Shell, path: web::Path<String>, post: Post) -> Page {
    let (request, applicant) = own(&shell, &path).await?;
    if post.fields.has("again") {
        return show(&correct_page(&shell, &request, &typed(&request, &post)?, post.fields.get("seen").to_owned()));
    }
    let moment = shell.service.moment();
    if !post.fields.has(JUDGEMENT) {
        return match weighed(&shell, &request, &post) {
            Ok(correction) => show(&look_page(&shell, &request, &correction, &post)?),
            Err(failure) => failed(&shell, &path, &post, failure).await,
        };
    }
    let (id, fields, key) = (request.id, post.fields.clone(), post.once.clone());
    let saving = shell.service.store.write(move |tx| {
        crate::store::once(tx, &key, moment.now, |tx| {
            let shown = Shown { seen: fields.get("seen"), judgement: fields.get(JUDGEMENT) };
            commands::correct(tx, &moment, &applicant, |field| fields.get(field.as_str()), shown)?;
            Ok(format!("/requests/{id}"))
        })
    });
    match saving.await {
        Ok(target) => {
            let said = "Your correction is saved. Whoever works on your request sees it.";
            Ok(see_other_saying(&shell.service, &target, Tone::Good, said))
        }
        Err(Failure::Fields(errors)) if errors.of(Field::AtRisk.as_str()).is_some() => {
            let mut page = look_page(&shell, &request, &weighed(&shell, &request, &post)?, &post)?;
            page.filled = FormView::new().failing(errors);
            page.frame.failed = true;
            show_again(&page)
        }
        Err(Failure::Refusal(refusal)) if refusal.code == JUDGED_ANEW => {
            let mut page = look_page(&shell, &request, &weighed(&shell, &request, &post)?, &post)?;
            page.is_judged_anew = true;
            page.frame.failed = true;
            show_conflict(&page)
        }
        Err(failure) => failed(&shell, &path, &post, failure).await,
    }
}

fn typed(request: &Request, post: &Post) -> Outcome<RawForm> {
    Ok(correction::typed(&request.typed()?, |field| post.fields.get(field.as_str())))
}

fn weighed(shell: &Shell, request: &Request, post: &Post) -> Outcome<Correction> {
    let field = |field: Field| post.fields.get(field.as_str());
    commands::weigh(&shell.service.moment(), request, field, post.fields.get("seen"))
}

/// The page with the fields as typed, and with what is wrong or what somebody else kept in the meantime.
async fn failed(shell: &Shell, path: &str, post: &Post, failure: Failure) -> Page {
    let (request, _) = own(shell, path).await?;
    let typed = typed(&request, post)?;
    let wrong = |errors: FieldErrors, seen: String| {
        let mut page = correct_page(shell, &request, &typed, seen);
        page.filled = page.filled.failing(errors);
        page.frame.failed = true;
        page
    };
    match failure {
        Failure::Fields(errors) => show_again(&wrong(errors, post.fields.get("seen").to_owned())),
        Failure::Refusal(refusal) if refusal.code == CHANGED_ELSEWHERE => {
            let kept = request.typed()?;
            let mut page = wrong(FieldErrors::default(), kept.fingerprint(Section::Funder));
            let differs = |said: &Said| {
                correction::fields().any(|field| field.as_str() == said.field && kept.get(field) != typed.get(field))
            };
            let said = reading::sent(&kept, &request.institution()).into_iter().flat_map(|part| part.said);
            page.kept = said.filter(differs).collect();
            show_conflict(&page)
        }
        failure => Err(failure.into()),
    }
}

fn correct_page(shell: &Shell, request: &Request, typed: &RawForm, seen: String) -> CorrectPage {
    let mut inputs = inputs::inputs(Section::Funder, typed, &[]);
    inputs.retain(|input| is_correctable(input.field));
    CorrectPage {
        frame: shell.frame("Correct the deadline or the addressee").within(frame::Section::Requests),
        id: request.id,
        reference: request.name().to_owned(),
        filled: inputs::filled(Section::Funder, typed),
        inputs,
        seen,
        kept: Vec::new(),
    }
}

fn look_page(shell: &Shell, request: &Request, correction: &Correction, post: &Post) -> Outcome<LookPage> {
    let policy = request.frozen_policy()?.unwrap_or_default();
    let deadline = correction.answers.call.deadline;
    let note = deadline.note().map(|note| format!(" {note}")).unwrap_or_default();
    let lead = correction.lead.map(|lead| Remark {
        tone: tone_of(lead.band),
        text: correction.explanation(&policy) + &note,
        needed: String::new(),
        deadline: deadline.at().into(),
    });
    Ok(LookPage {
        frame: shell.frame("Check the correction").within(frame::Section::Requests),
        id: request.id,
        reference: request.name().to_owned(),
        changes: difference::changes(&request.typed()?, &correction.typed, &request.institution()),
        lead,
        follows: correction.follows(),
        confirmation: correction.confirmation(),
        filled: FormView::new(),
        typed: correction::fields().map(|field| (field, correction.typed.get(field).to_owned())).collect(),
        seen: post.fields.get("seen").to_owned(),
        judgement: correction.judgement(),
        is_judged_anew: false,
    })
}

fn back_to(refusal: Refusal, id: RequestId) -> Refusal {
    refusal.onward("Back to the request", format!("/requests/{id}"))
}

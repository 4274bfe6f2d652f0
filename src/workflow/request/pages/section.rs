//! The page of one section of the form: of a draft, or of a sent request while a question reopens the section.

use actix_web::web;
use askama::Template;

use super::draft::{Remark, lead, path_of};
use super::inputs::{self, Input};
use super::{in_work, own, present};
use crate::ids::{QuestionId, RequestId};
use crate::members;
use crate::people::access::no_such_request;
use crate::refusal::{Failure, FieldErrors, Outcome, Refusal};
use crate::web::flash::see_other_saying;
use crate::web::form::FormView;
use crate::web::frame::{self, Frame, Tone};
use crate::web::page::{
    AS_TYPED, Page, kept_as_typed, kept_as_typed_telling, see_other, sending, show, show_again, show_conflict,
};
use crate::web::post::{Fields, Post};
use crate::web::shell::Shell;
use crate::workflow::request::commands::{self, CHANGED_ELSEWHERE};
use crate::workflow::request::fields::Section;
use crate::workflow::request::form;
use crate::workflow::request::funder::About;
use crate::workflow::request::raw::RawForm;
use crate::workflow::request::reading::{self, Said};
use crate::workflow::request::reopening;
use crate::workflow::request::store::Request;
use crate::workflow::stage::Stage;

#[derive(Template)]
#[template(path = "request/section.html")]
struct SectionPage {
    frame: Frame,
    id: RequestId,
    section: Section,
    place: usize,
    filled: FormView,
    inputs: Vec<Input>,
    /// Fingerprint of the section as it is kept.
    seen: String,
    back: String,
    /// The page of the question that reopened it; empty without one.
    question: String,
    /// Whether the request was sent, so that only what a question reopened can change.
    is_sent: bool,
    /// What stays of the section although it is reopened; empty when nothing does.
    stays: &'static str,
    lead: Option<Remark>,
    /// Whether the section is told the time that is left, as it is typed.
    tells_time: bool,
    /// What is told of the funder, in the parts where it matters.
    funder: Option<About>,
    /// What is kept instead, where somebody changed it in the meantime.
    kept: Vec<Said>,
}

impl SectionPage {
    /// What the button says.
    const fn button(&self) -> &'static str {
        if self.is_sent { "Save the changes" } else { "Save and continue" }
    }
}

/// Where a section's page leads after saving.
#[derive(serde::Deserialize)]
pub struct SectionQuery {
    /// `check` leads back to the check of answers, the id of a question to that question.
    back: Option<String>,
}

/// The page of one section.
///
/// # Errors
/// A refusal when there is no such draft of this person.
pub async fn open(shell: Shell, path: web::Path<(String, String)>, query: web::Query<SectionQuery>) -> Page {
    let (id, name) = path.into_inner();
    let (request, _) = own(&shell, &id).await?;
    let section = section_named(&name)?;
    let (typed, reopened) = in_work(&shell, &request).await?;
    reopening::may_edit(request.stage, section, &reopened).map_err(|refusal| back_to(refusal, request.id))?;
    let page = section_page(&shell, &request, section, &typed, &Back::of(query.back.as_deref())).await?;
    sending(show(&page))
}

/// Saves one section as typed. Wrong answers are kept too, and shown again with what is wrong.
///
/// # Errors
/// A refusal when there is no such draft of this person.
pub async fn save(shell: Shell, path: web::Path<(String, String)>, post: Post) -> Page {
    let (id, name) = path.into_inner();
    let (request, applicant) = own(&shell, &id).await?;
    let section = section_named(&name)?;
    let back = Back::of(Some(post.fields.get("back")));
    let moment = shell.service.moment();
    let fields = post.fields.clone();
    let saving = shell
        .service
        .store
        .write(move |tx| commands::save(tx, &moment, &applicant, section, fields.iter(), fields.get("seen")));
    match saving.await {
        Ok(seen) if post.fields.has(AS_TYPED) && tells_time(&request, section) => {
            let (request, _) = own(&shell, &id).await?;
            let typed = request.typed()?;
            let lead = lead(&typed, &present(&shell, &request, &typed).await?.against());
            return kept_as_typed_telling(&seen, &TimeLeft { lead });
        }
        Ok(seen) if post.fields.has(AS_TYPED) => return Ok(kept_as_typed(&seen)),
        Ok(_) => {}
        Err(Failure::Refusal(refusal)) if refusal.code == CHANGED_ELSEWHERE => {
            return conflict(&shell, &id, section, &post.fields, &back).await;
        }
        Err(Failure::Refusal(refusal)) => return Err(back_to(refusal, request.id).into()),
        Err(failure) => return Err(failure.into()),
    }
    let tasks = format!("/requests/{}", request.id);
    if post.fields.has("later") {
        return Ok(see_other_saying(&shell.service, &tasks, Tone::Good, "Saved. You can go on from any device."));
    }
    let (request, _) = own(&shell, &id).await?;
    let (typed, _) = in_work(&shell, &request).await?;
    let present = present(&shell, &request, &typed).await?;
    let errors = form::errors_in(section, &typed, &present.against());
    if !errors.is_empty() {
        return wrong(&shell, &request, section, &typed, errors, &back).await;
    }
    let target = match back {
        _ if request.stage != Stage::Draft => back.question(request.id).unwrap_or(tasks),
        Back::Check => path_of(request.id, Section::Send),
        Back::Next | Back::Question(_) => path_of(request.id, section.next()),
    };
    // The check shows the time that is left itself; the next part does not.
    let hurry =
        lead(&typed, &present.against()).filter(|_| tells_time(&request, section) && !matches!(back, Back::Check));
    match hurry.and_then(|remark| remark.alarm()) {
        Some((tone, text)) => Ok(see_other_saying(&shell.service, &target, tone, &text)),
        None => Ok(see_other(&target)),
    }
}

/// Whether the section has the deadline, and what is typed there still decides how the request is judged.
fn tells_time(request: &Request, section: Section) -> bool {
    section == Section::Funder && request.stage == Stage::Draft
}

#[derive(Template)]
#[template(path = "request/time_left.html")]
struct TimeLeft {
    lead: Option<Remark>,
}

/// Where a section's page leads after saving.
enum Back {
    /// To the section that follows.
    Next,
    /// To the check of answers.
    Check,
    /// To the question that reopened the section.
    Question(QuestionId),
}

impl Back {
    fn of(asked: Option<&str>) -> Self {
        match asked {
            Some("check") => Self::Check,
            other => other.and_then(|id| id.parse().ok()).map_or(Self::Next, Self::Question),
        }
    }

    fn word(&self) -> String {
        match self {
            Self::Next => String::new(),
            Self::Check => "check".to_owned(),
            Self::Question(question) => question.to_string(),
        }
    }

    /// The page of the question.
    fn question(&self, request: RequestId) -> Option<String> {
        match self {
            Self::Question(question) => Some(format!("/requests/{request}/questions/{question}")),
            Self::Next | Self::Check => None,
        }
    }
}

async fn wrong(
    shell: &Shell,
    request: &Request,
    section: Section,
    typed: &RawForm,
    errors: FieldErrors,
    back: &Back,
) -> Page {
    let mut page = section_page(shell, request, section, typed, back).await?;
    page.filled = page.filled.failing(errors);
    page.frame.failed = true;
    sending(show_again(&page))
}

/// The section as typed, beside what somebody kept in the meantime. Saving again takes what is typed here.
async fn conflict(shell: &Shell, id: &str, section: Section, fields: &Fields, back: &Back) -> Page {
    let (request, _) = own(shell, id).await?;
    let (kept, _) = in_work(shell, &request).await?;
    let mut typed = kept.clone();
    typed.take(section, fields.iter());
    let institution = present(shell, &request, &kept).await?.institution;
    let mut page = section_page(shell, &request, section, &typed, back).await?;
    page.seen = kept.fingerprint(section);
    page.frame.failed = true;
    let changed = |said: &Said| section.fields().any(|f| f.as_str() == said.field && kept.get(f) != typed.get(f));
    page.kept = reading::parts(&kept, institution.as_ref(), |_, _| String::new())
        .into_iter()
        .flat_map(|part| part.said)
        .filter(changed)
        .collect();
    sending(show_conflict(&page))
}

async fn section_page(
    shell: &Shell,
    request: &Request,
    section: Section,
    typed: &RawForm,
    back: &Back,
) -> Outcome<SectionPage> {
    let institutions =
        if section == Section::About { shell.service.store.read(members::store::listed).await? } else { Vec::new() };
    let (lead, funder) = match section {
        Section::Funder | Section::Letter if request.stage == Stage::Draft => {
            let present = present(shell, request, typed).await?;
            let lead = if section == Section::Funder { lead(typed, &present.against()) } else { None };
            (lead, present.about_funder(typed))
        }
        _ => (None, None),
    };
    let is_sent = request.stage != Stage::Draft;
    let mut inputs = inputs::inputs(section, typed, &institutions);
    if is_sent {
        inputs.retain(|input| reopening::stays(input.field).is_none());
    }
    Ok(SectionPage {
        frame: shell.frame(section.title()).within(frame::Section::Requests),
        id: request.id,
        section,
        place: Section::BEFORE_SENDING.iter().position(|each| *each == section).map_or(0, |place| place + 1),
        filled: inputs::filled(section, typed),
        inputs,
        seen: typed.fingerprint(section),
        back: back.word(),
        question: if is_sent { back.question(request.id).unwrap_or_default() } else { String::new() },
        is_sent,
        stays: reopening::stays_of(section).filter(|_| is_sent).unwrap_or_default(),
        lead,
        tells_time: tells_time(request, section),
        funder,
        kept: Vec::new(),
    })
}

/// The section that a path names; attachments and the check have pages of their own.
fn section_named(name: &str) -> Result<Section, Refusal> {
    name.parse().ok().filter(|section| Section::FILLED.contains(section)).ok_or_else(no_such_request)
}

fn back_to(refusal: Refusal, id: RequestId) -> Refusal {
    refusal.onward("Back to the request", format!("/requests/{id}"))
}

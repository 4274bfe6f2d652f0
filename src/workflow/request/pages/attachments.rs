//! The page of a request's files: what is attached, room for one more, and taking one off the list. Downloads are in
//! `download`, files on their way in in `arrival`.

mod arrival;
pub mod download;

use actix_web::{HttpRequest, web};
use askama::Template;

use super::draft::path_of;
use super::{in_work, own};
use crate::ids::{AttachmentId, QuestionId, RequestId};
use crate::people::access::Applicant;
use crate::refusal::{Failure, FieldErrors, Outcome, Refusal};
use crate::store::{Tx, once};
use crate::web::flash::see_other_saying;
use crate::web::form::{Choice, FormView};
use crate::web::frame::{self, Frame, Tone};
use crate::web::page::{Page, sending, show, show_again};
use crate::web::post::Post;
use crate::web::shell::Shell;
use crate::workflow::request::attachment::file::{Attachment, Kind, Standing};
use crate::workflow::request::attachment::name;
use crate::workflow::request::attachment::rules::{self, FILE, KIND, MOST_BYTES, MOST_FILES};
use crate::workflow::request::commands::attachments::{self as commands, New, no_such_file};
use crate::workflow::request::fields::Section;
use crate::workflow::request::store::depot::Depot;
use crate::workflow::request::store::{Request, attachments};
use crate::workflow::stage::Stage;
use arrival::blocking;

#[derive(Template)]
#[template(path = "request/attachments.html")]
struct AttachmentsPage {
    frame: Frame,
    id: RequestId,
    files: Vec<Listed>,
    filled: FormView,
    kinds: Vec<Choice>,
    limits: String,
    most_bytes: usize,
    /// How many more files there may be.
    room: usize,
    back: String,
    /// Where it goes on, and how that is called.
    onward: (String, &'static str),
    /// The page of the question that reopened it; empty without one.
    question: String,
    /// Whether the request was sent, so that changes go with the answer.
    is_sent: bool,
}

/// A file on the list.
struct Listed {
    id: AttachmentId,
    name: String,
    about: String,
    kind: &'static str,
    standing: Standing,
}

impl Listed {
    const fn is_off(&self) -> bool {
        matches!(self.standing, Standing::Dropped(_))
    }

    const fn is_new(&self) -> bool {
        matches!(self.standing, Standing::Pending)
    }
}

/// Where the page was come to from.
#[derive(serde::Deserialize)]
pub struct AttachmentsQuery {
    /// `check` leads back to the check of answers, the id of a question to that question.
    back: Option<String>,
}

/// The files of a request, for its applicant.
///
/// # Errors
/// A refusal when there is no such request of this person, or when its files cannot be changed.
pub async fn page(shell: Shell, path: web::Path<String>, query: web::Query<AttachmentsQuery>) -> Page {
    let (request, _) = changeable(&shell, &path).await?;
    let back = query.back.as_deref().unwrap_or_default();
    sending(show(&attachments_page(&shell, &request, back, FormView::new()).await?))
}

/// Adds a file. The same form sent twice adds one.
///
/// # Errors
/// A refusal when there is no such request of this person, or when its files cannot be changed.
pub async fn add(
    shell: Shell,
    request: HttpRequest,
    path: web::Path<String>,
    depot: web::Data<Depot>,
    payload: web::Payload,
) -> Page {
    let (held, applicant) = changeable(&shell, &path).await?;
    let arrival = arrival::read(&depot, &request, payload).await?;
    let (given, key) = (arrival.name.clone(), arrival.post.once.clone());
    let [back, kind] = ["back", KIND].map(|name| arrival.post.fields.get(name).to_owned());
    let (format, file) = arrival.look(&depot).await?;
    let mut errors = FieldErrors::default();
    let chosen = rules::kind(&kind).map_err(|wrong| errors.extend(wrong)).ok();
    let format = format.map_err(|why| errors.add(FILE, why)).ok();
    let added = match chosen.zip(format) {
        None => Err(errors.into()),
        Some((kind, format)) => {
            let name = name::clean(&given, format);
            let new = New { kind, name: name.clone(), format, size: file.size, sha256: file.sha256.clone() };
            let (moment, target) = (shell.service.moment(), here(held.id, &back));
            let (depot, now) = (depot.clone(), moment.now);
            let busy = blocking(move || {
                let busy = depot.busy()?;
                depot.keep(&busy, file, now)?;
                Ok(busy)
            });
            // Held until the row is committed.
            let _busy = busy.await?;
            let adding = shell.service.store.write(move |tx| {
                once(tx, &key, moment.now, |tx| {
                    commands::attach(tx, &moment, &applicant, new)?;
                    Ok(target)
                })
            });
            adding.await.map(|target| (target, name))
        }
    };
    match added {
        Ok((target, name)) => {
            Ok(see_other_saying(&shell.service, &target, Tone::Good, &format!("“{name}” is attached.")))
        }
        Err(Failure::Fields(errors)) => {
            let filled = FormView::filled([(KIND, kind)]).failing(errors);
            sending(show_again(&attachments_page(&shell, &held, &back, filled).await?))
        }
        Err(failure) => Err(failure.into()),
    }
}

/// Takes a file off the list.
///
/// # Errors
/// A refusal when there is no such file of this person, or when the files cannot be changed.
pub async fn take_off(shell: Shell, path: web::Path<(String, String)>, post: Post) -> Page {
    change(shell, &path, &post, commands::take_off, |file| match file.standing {
        Standing::Pending => format!("“{}” is removed.", file.name),
        _ => format!("“{}” will be removed when you send your answer.", file.name),
    })
    .await
}

/// Puts a file back on the list.
///
/// # Errors
/// A refusal when there is no such file of this person, or when the files cannot be changed.
pub async fn put_back(shell: Shell, path: web::Path<(String, String)>, post: Post) -> Page {
    change(shell, &path, &post, commands::put_back, |file| format!("“{}” stays.", file.name)).await
}

type Command = fn(&mut Tx<'_>, &crate::moment::Moment, &Applicant, AttachmentId) -> Outcome<Attachment>;

async fn change(
    shell: Shell,
    path: &(String, String),
    post: &Post,
    command: Command,
    said: impl Fn(&Attachment) -> String,
) -> Page {
    let (request, applicant) = changeable(&shell, &path.0).await?;
    let file: AttachmentId = path.1.parse().map_err(|_| no_such_file())?;
    let id = request.id;
    // Looked at before: the second press of a button is answered like the first one, when the file is gone.
    let known = shell.service.store.read(move |view| attachments::of(view, id)).await?;
    let known = known.into_iter().find(|one| one.id == file);
    let (moment, key, back) = (shell.service.moment(), post.once.clone(), post.fields.get("back"));
    let target = here(id, back);
    let changing = shell.service.store.write(move |tx| {
        once(tx, &key, moment.now, |tx| {
            command(tx, &moment, &applicant, file)?;
            Ok(target)
        })
    });
    match changing.await {
        Ok(target) => {
            let said = known.map_or_else(|| "That was done already.".to_owned(), |file| said(&file));
            Ok(see_other_saying(&shell.service, &target, Tone::Good, &said))
        }
        Err(Failure::Fields(errors)) => {
            let filled = FormView::new().failing(errors);
            sending(show_again(&attachments_page(&shell, &request, back, filled).await?))
        }
        Err(failure) => Err(failure.into()),
    }
}

/// The request of the path and the permission of its applicant, if its files may be changed now.
async fn changeable(shell: &Shell, id: &str) -> Outcome<(Request, Applicant)> {
    let (request, applicant) = own(shell, id).await?;
    let (_, reopened) = in_work(shell, &request).await?;
    let onward = |refusal: Refusal| refusal.onward("Back to the request", format!("/requests/{}", request.id));
    rules::may_change(request.stage, &reopened).map_err(onward)?;
    Ok((request, applicant))
}

async fn attachments_page(shell: &Shell, request: &Request, back: &str, filled: FormView) -> Outcome<AttachmentsPage> {
    let id = request.id;
    let all = shell.service.store.read(move |view| attachments::of(view, id)).await?;
    let is_sent = request.stage != Stage::Draft;
    let question = back.parse::<QuestionId>().ok().filter(|_| is_sent);
    let question = question.map(|question| format!("/requests/{id}/questions/{question}"));
    let onward = match (&question, is_sent) {
        (Some(question), _) => (question.clone(), "Go on to your answer"),
        (None, true) => (format!("/requests/{id}"), "Back to the request"),
        (None, false) => (path_of(id, Section::Send), "Check your answers"),
    };
    let listed = |one: &Attachment| Listed {
        id: one.id,
        name: one.name.clone(),
        about: one.about(),
        kind: one.kind.label(),
        standing: one.standing,
    };
    let is_shown = |one: &&Attachment| one.is_in_work() || one.is_sent();
    let title = Section::Attachments.title();
    Ok(AttachmentsPage {
        frame: shell.frame(title).within(frame::Section::Requests).failed_if(filled.has_errors()),
        id,
        files: all.iter().filter(is_shown).map(listed).collect(),
        filled,
        kinds: Kind::ALL.iter().map(|kind| Choice::new(kind.as_str(), kind.label())).collect(),
        limits: rules::limits(),
        most_bytes: MOST_BYTES,
        room: MOST_FILES.saturating_sub(all.iter().filter(|one| one.is_in_work()).count()),
        back: if back == "check" || question.is_some() { back.to_owned() } else { String::new() },
        onward,
        question: question.unwrap_or_default(),
        is_sent,
    })
}

/// The page again, on the same way.
fn here(id: RequestId, back: &str) -> String {
    let page = path_of(id, Section::Attachments);
    let is_known = back == "check" || back.parse::<QuestionId>().is_ok();
    if is_known { format!("{page}?back={back}") } else { page }
}

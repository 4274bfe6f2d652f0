//! The outbox for staff: what was sent, what waits, what failed and why, and a second chance for what failed.

use actix_web::HttpResponse;
use actix_web::web;
use askama::Template;

use super::{PAGE, alone, first_page, held, reader};
use crate::clock::InUtc;
use crate::ids::{MailId, RequestId};
use crate::people::access::Staff;
use crate::refusal::Outcome;
use crate::table;
use crate::web::flash::see_other_saying;
use crate::web::frame::{Frame, Section, Tone};
use crate::web::page::{Page, show, spreadsheet};
use crate::web::post::Post;
use crate::web::problem::Problem;
use crate::web::shell::Shell;
use crate::workflow::delivery::message::MailState;
use crate::workflow::delivery::store::{self, Kept, Listed, Wanted};
use crate::workflow::delivery::{commands, retry};
use crate::workflow::request::store::recused::{closed_to, recused};
use crate::workflow::waiting::daily;

/// How many mails a table holds at most.
const IN_TABLE: i64 = 10_000;

/// What is asked of the list.
#[derive(serde::Deserialize)]
pub struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    before: String,
    /// The request that the mails are about; empty for all.
    #[serde(default)]
    about: String,
}

impl Asked {
    /// What it asks for: mails of this state, about this request, older than that mail.
    fn wanted(&self) -> Wanted {
        Wanted { state: self.state.parse().ok(), about: self.about.parse().ok(), before: self.before.parse().ok() }
    }
}

/// The address of a list with these settings of its own; those that are empty are left out.
fn address(path: &str, wanted: &Wanted) -> String {
    let Wanted { state, about, before } = wanted;
    let settings = [
        state.map(|state| format!("state={state}")),
        about.map(|about| format!("about={about}")),
        before.map(|before| format!("before={before}")),
    ];
    let settings: Vec<String> = settings.into_iter().flatten().collect();
    if settings.is_empty() { path.to_owned() } else { format!("{path}?{}", settings.join("&")) }
}

/// A state as a way to filter.
struct Filter {
    label: &'static str,
    href: String,
    count: i64,
    current: bool,
}

/// A mail in the list.
struct Line {
    href: String,
    subject: String,
    to: String,
    reference: Option<String>,
    state: &'static str,
    tone: &'static str,
    queued: InUtc,
}

#[derive(Template)]
#[template(path = "delivery/outbox.html")]
struct OutboxPage {
    frame: Frame,
    /// The request that they are about, if only those about one are shown.
    about: Option<RequestId>,
    /// Where the list is as a table.
    csv: String,
    filters: Vec<Filter>,
    lines: Vec<Line>,
    stuck: Option<String>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "delivery/outbox_mail.html")]
struct MailPage {
    frame: Frame,
    mail: Kept,
    to: String,
    request: Option<RequestId>,
    state: &'static str,
    tone: &'static str,
    queued: InUtc,
    happened: String,
    /// What the last answer of the mail server is called, or what stood in the way.
    reply_is: &'static str,
    can_retry: bool,
}

fn line(mail: Listed) -> Line {
    let (state, tone) = mail.state.in_words();
    Line {
        href: format!("/outbox/{}", mail.id),
        to: reader(&mail.to_name, &mail.to_address),
        subject: mail.subject,
        reference: mail.reference,
        state,
        tone,
        queued: mail.queued_at.into(),
    }
}

/// What happened to a mail and what happens next, in a sentence.
fn happened(mail: &Kept) -> String {
    let at = |at| InUtc::from(at).words;
    match (mail.state, mail.sent_at) {
        (MailState::Sent, sent_at) => {
            format!("The mail server took it on {}.", at(sent_at.unwrap_or(mail.queued_at)))
        }
        (MailState::Queued, _) if mail.tries == 0 => "It goes out within seconds.".to_owned(),
        (MailState::Queued, _) => format!(
            "It was tried {} and goes again on {}. {}",
            if mail.tries == 1 { "once".to_owned() } else { format!("{} times", mail.tries) },
            at(mail.not_before),
            retry::PATIENCE
        ),
        (MailState::Failed, _) => "Nobody has received it, and it is not tried again unless you say so.".to_owned(),
        (MailState::Dropped, _) => "It was not sent, and will not be.".to_owned(),
        (MailState::Held, _) => "It waits for one of staff to look at it.".to_owned(),
    }
}

/// `GET /outbox`: the mails, newest first.
///
/// # Errors
/// Staff only.
pub async fn list(shell: Shell, asked: web::Query<Asked>) -> Page {
    shell.staff()?;
    let onlooker = shell.visitor()?.onlooker();
    let (wanted, now) = (asked.wanted(), shell.service.clock.now());
    let (found, counts, oldest) = shell
        .service
        .store
        .read(move |view| {
            let closed = closed_to(view, &onlooker)?;
            let found = store::list(view, &wanted, &closed, PAGE as i64 + 1)?;
            let counts = store::count_by_state(view, wanted.about, &closed)?;
            Ok((found, counts, store::waiting_since(view, now)?))
        })
        .await?;
    let all: i64 = counts.iter().map(|(_, count)| count).sum();
    let of = |state: Option<MailState>| address("/outbox", &Wanted { state, before: None, ..wanted });
    let mut filters = vec![Filter { label: "All", href: of(None), count: all, current: wanted.state.is_none() }];
    filters.extend(counts.into_iter().map(|(known, count)| Filter {
        label: known.in_words().0,
        href: of(Some(known)),
        count,
        current: wanted.state == Some(known),
    }));
    let (found, next) = first_page(found, |listed| listed.id);
    show(&OutboxPage {
        frame: shell.frame("Mail").within(Section::Outbox),
        about: wanted.about,
        csv: address("/outbox.csv", &Wanted { before: None, ..wanted }),
        filters,
        lines: found.into_iter().map(line).collect(),
        stuck: oldest.and_then(|since| retry::alarm(since, now)),
        next: next.map(|id| address("/outbox", &Wanted { before: Some(id), ..wanted })),
    })
}

/// `GET /outbox.csv`: the mails of one state or of all, about one request or any, as a table for a spreadsheet, newest first, without their words.
///
/// # Errors
/// Staff only.
pub async fn csv(shell: Shell, asked: web::Query<Asked>) -> Page {
    shell.staff()?;
    let onlooker = shell.visitor()?.onlooker();
    let wanted = Wanted { before: None, ..asked.wanted() };
    let found = shell.service.store.read(move |view| {
        let closed = closed_to(view, &onlooker)?;
        store::list(view, &wanted, &closed, IN_TABLE)
    });
    let rows = found.await?.into_iter().map(|mail| {
        let state = mail.state.in_words().0.to_owned();
        let (queued, sent) = (table::instant(mail.queued_at), mail.sent_at.map(table::instant).unwrap_or_default());
        [
            mail.subject,
            mail.kind,
            mail.to_name,
            mail.to_address,
            mail.reference.unwrap_or_default(),
            state,
            queued,
            sent,
        ]
    });
    let headings = ["Subject", "Kind", "Name", "Address", "Request", "State", "Written (UTC)", "Sent (UTC)"];
    Ok(spreadsheet("mails.csv", table::csv(headings, rows)?))
}

/// The mail as it stands, for whoever may read it.
pub(super) async fn find(shell: &Shell, id: MailId) -> Outcome<Kept> {
    Ok(shell.service.store.read(move |view| store::find(view, id)).await?.ok_or_else(commands::no_such_mail)?)
}

/// A mail that whoever asks may read: one about a request only if no conflict of interest closes the request to them, and
/// one about everything that waits for somebody only if they act for no seat.
pub(super) async fn readable(shell: &Shell, id: MailId) -> Outcome<(Staff, Kept)> {
    let staff = shell.staff()?;
    let mail = find(shell, id).await?;
    if let Some(request) = mail.request {
        shell.staff_on(request, recused).await?;
    }
    daily::must_be_for(&mail.kind, shell.visitor()?)?;
    Ok((staff, mail))
}

/// `GET /outbox/{mail}`: one mail, with the words of the mail server; one that is held with what can be done with it.
///
/// # Errors
/// Staff only; refused when there is no such mail.
pub async fn one(shell: Shell, path: web::Path<String>) -> Page {
    let id: MailId = path.parse().map_err(|_| commands::no_such_mail())?;
    let (_, mail) = readable(&shell, id).await?;
    if mail.state == MailState::Held {
        return show(&held::page(&shell, mail, None));
    }
    let (state, tone) = mail.state.in_words();
    show(&MailPage {
        frame: shell.frame(format!("Mail: {}", mail.subject)).within(Section::Outbox),
        to: reader(&mail.to_name, &mail.to_address),
        request: mail.request,
        state,
        tone,
        queued: mail.queued_at.into(),
        happened: happened(&mail),
        reply_is: if mail.state == MailState::Dropped { "Why" } else { "Last answer" },
        can_retry: mail.state == MailState::Failed,
        mail,
    })
}

/// `GET /outbox/{mail}/html`: one mail in its HTML form, alone in its window. Links that are kept nowhere are places.
///
/// # Errors
/// As for the mail; refused when it has no such form.
pub async fn html(shell: Shell, path: web::Path<String>) -> Page {
    let id: MailId = path.parse().map_err(|_| commands::no_such_mail())?;
    let (_, mail) = readable(&shell, id).await?;
    Ok(alone(mail.html.ok_or_else(commands::no_such_mail)?))
}

/// `POST /outbox/{mail}/again`: tries a failed mail again.
///
/// # Errors
/// Staff only; refused when the mail has not failed.
pub async fn again(shell: Shell, path: web::Path<String>, _post: Post) -> Result<HttpResponse, Problem> {
    let id: MailId = path.parse().map_err(|_| commands::no_such_mail())?;
    let (staff, _) = readable(&shell, id).await?;
    let moment = shell.service.moment();
    shell.service.store.write(move |tx| commands::try_again(tx, &moment, &staff, id)).await?;
    let said = "The mail is on its way again. Reload this page in a moment to see what the mail server says.";
    Ok(see_other_saying(&shell.service, &format!("/outbox/{id}"), Tone::Good, said))
}

//! A person's own requests, the start of a new one, and the form's list of tasks. Its sections are in `section`.

use actix_web::{HttpRequest, web};
use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;

use super::present;
use crate::clock::InUtc;
use crate::ids::RequestId;
use crate::people::access::{Share, no_such_request};
use crate::policy;
use crate::policy::expectations::Expectation;
use crate::policy::settings::Policy;
use crate::web::form::{Choice, FormView};
use crate::web::frame::{self, Frame, Tone};
use crate::web::page::{Page, see_other, show};
use crate::web::post::Post;
use crate::web::session::{cookie, removal, value};
use crate::web::shell::Shell;
use crate::workflow::labels::ApplicantLabel;
use crate::workflow::request::commands;
use crate::workflow::request::fields::{Field, Section};
use crate::workflow::request::form::{self, Progress};
use crate::workflow::request::raw::RawForm;
use crate::workflow::request::rules::{self, Band};
use crate::workflow::request::store::lists::{self, After};
use crate::workflow::request::store::{self, Request, attachments, co_applicants, questions};
use crate::workflow::request::suitability::Carried;

/// Requests on one page of the list.
const PER_PAGE: usize = 20;
/// The newest requests among which an earlier one is offered.
const OFFERED: i64 = 40;

#[derive(Template)]
#[template(path = "request/list.html")]
struct ListPage {
    frame: Frame,
    rows: Vec<ListRow>,
    /// The last request shown, when there are more.
    after: Option<RequestId>,
}

struct ListRow {
    id: RequestId,
    title: String,
    name: String,
    /// Who shares it; empty for the reader's own.
    whose: String,
    funder: String,
    deadline: String,
    stage: &'static str,
    label: ApplicantLabel,
    band: String,
}

/// How far the list has been read.
#[derive(serde::Deserialize)]
pub struct ListQuery {
    /// The last request of the page before.
    after: Option<String>,
}

/// The person's own requests.
///
/// # Errors
/// Whoever is not signed in is sent to do so.
pub async fn list(shell: Shell, query: web::Query<ListQuery>) -> Page {
    let visitor = shell.visitor()?;
    let (person, with_shared) = (visitor.person(), !visitor.has_powers());
    let now = shell.service.moment().now;
    let after: Option<RequestId> = query.after.as_deref().and_then(|after| after.parse().ok());
    let read = shell.service.store.read(move |view| {
        let last = after.map(|id| store::find(view, id)).transpose()?.flatten();
        let after = match last {
            Some(last) if co_applicants::share(view, &last, person)?.is_some() => {
                Some(After { created_at: last.created_at, id: last.id })
            }
            _ => None,
        };
        let limit = i64::try_from(PER_PAGE + 1).unwrap_or(i64::MAX);
        let requests = lists::of_applicant(view, (person, with_shared), after, limit)?;
        let ids: Vec<RequestId> = requests.iter().map(|request| request.id).collect();
        Ok((requests, questions::open_until(view, &ids)?))
    });
    let (requests, open) = read.await?;
    let row = |request: &Request| {
        let reply_by = open.iter().find(|(id, _)| *id == request.id).map(|(_, day)| *day);
        ListRow {
            id: request.id,
            title: if request.title.is_empty() { "Untitled".to_owned() } else { request.title.clone() },
            name: request.reference.clone().unwrap_or_else(|| "Draft".to_owned()),
            whose: match request.applicant_name.as_str() {
                _ if request.applicant == person => String::new(),
                "" => "a colleague".to_owned(),
                name => name.to_owned(),
            },
            funder: request.funder.clone(),
            deadline: request.deadline_words.clone(),
            stage: request.stage.name().as_str(),
            label: request.standing(reply_by, None).for_applicant(now),
            band: request.lead_band.clone().unwrap_or_default(),
        }
    };
    let rows: Vec<ListRow> = requests.iter().take(PER_PAGE).map(row).collect();
    let after = rows.last().map(|row| row.id).filter(|_| requests.len() > PER_PAGE);
    show(&ListPage { frame: shell.frame("Your requests").within(frame::Section::Requests), rows, after })
}

#[derive(Template)]
#[template(path = "request/new.html")]
struct NewPage {
    frame: Frame,
    policy: Policy,
    expectations: &'static [Expectation],
    /// What was answered before the form, and goes into it.
    carried: Carried,
    /// The requests with whose answers it can begin, the newest first.
    earlier: Vec<Choice>,
    filled: FormView,
}

/// The cookie that carries what was answered before the form over the signing in.
const ANSWERS: &str = "answers";

/// What to have ready, and the button that begins a request.
///
/// # Errors
/// Whoever is not signed in is sent to do so.
pub async fn new(shell: Shell, asked: HttpRequest, query: web::Query<Vec<(String, String)>>) -> Page {
    let query = FormView::filled(query.into_inner());
    let answered = Carried::of(|name| query.value(name));
    if shell.visitor.is_none() && !answered.is_empty() {
        return carry_over_signing_in(&shell, &answered);
    }
    let visitor = shell.visitor()?;
    let carried = if answered.is_empty() { carried_over(&shell, &asked) } else { answered };
    let (person, with_shared) = (visitor.person(), !visitor.has_powers());
    let now = shell.service.moment().now;
    let read = shell.service.store.read(move |view| {
        let theirs = lists::of_applicant(view, (person, with_shared), None, OFFERED)?;
        Ok((policy::store::in_force(view, now)?, theirs))
    });
    let (policy, theirs) = read.await?;
    let sent = theirs.iter().filter(|request| request.reference.is_some());
    let earlier = sent.map(|one| Choice::new(one.id.as_str(), format!("{}, {}", one.name(), one.title))).collect();
    let frame = shell.frame("Ask for a letter of support").within(frame::Section::Requests);
    let filled = FormView::filled([("from", query.value("from"))]);
    show(&NewPage { frame, policy, expectations: Expectation::ALL, carried, earlier, filled })
}

/// Sends whoever is not signed in to do so, and keeps what they answered in their browser meanwhile: the way back is a
/// page of a list, without anything chosen on it.
fn carry_over_signing_in(shell: &Shell, answered: &Carried) -> Page {
    let mut answer = see_other("/sign-in?next=/requests/new");
    if let Ok(text) = serde_json::to_string(answered) {
        let cookie = cookie(&shell.service, ANSWERS, URL_SAFE_NO_PAD.encode(text), TimeDelta::minutes(30));
        // Without it the form begins empty.
        let _ = answer.add_cookie(&cookie);
    }
    Ok(answer)
}

/// What was answered before the signing in; nothing where the browser brings nothing that can be read.
fn carried_over(shell: &Shell, asked: &HttpRequest) -> Carried {
    let read = || {
        let text = URL_SAFE_NO_PAD.decode(value(asked, &shell.service, ANSWERS)?).ok()?;
        let kept: Carried = serde_json::from_slice(&text).ok()?;
        let fields = kept.fields();
        Some(Carried::of(|name| fields.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)))
    };
    read().unwrap_or_default()
}

/// Begins a request. The same button pressed twice begins one.
///
/// # Errors
/// A refusal when the person begins too many, and when the request that it is to begin with is not theirs.
pub async fn begin(shell: Shell, post: Post) -> Page {
    let visitor = shell.visitor()?.clone();
    let moment = shell.service.moment();
    let said = Carried::of(|name| post.fields.get(name)).form();
    let from = Some(post.fields.get("from")).filter(|from| !from.is_empty());
    let from = from.map(str::parse).transpose().map_err(|_| no_such_request())?;
    let write = shell.service.store.write(move |tx| {
        crate::store::once(tx, &post.once, moment.now, |tx| {
            Ok(format!("/requests/{}", commands::begin(tx, &moment, &visitor, from, &said)?))
        })
    });
    let mut answer = see_other(&write.await?);
    // What was answered goes into one request. A cookie that stays runs out by itself.
    let _ = answer.add_cookie(&removal(&shell.service, ANSWERS));
    Ok(answer)
}

#[derive(Template)]
#[template(path = "request/tasks.html")]
struct TasksPage {
    frame: Frame,
    id: RequestId,
    tasks: Vec<Task>,
    /// The files, none of which is needed.
    attachments: Task,
    /// How many there are, in words.
    files: String,
    check: String,
    all_done: bool,
    lead: Option<Remark>,
    is_owner: bool,
}

/// The time left until the deadline, and until the letter is needed where that is sooner; in words and with a tone.
pub(super) struct Remark {
    pub(super) tone: &'static str,
    pub(super) text: String,
    /// What it means that the letter is needed sooner; empty where that makes no difference.
    pub(super) needed: String,
    pub(super) deadline: InUtc,
}

impl Remark {
    /// The message in which it is told at once, where time is short, and its tone.
    pub(super) fn alarm(&self) -> Option<(Tone, String)> {
        let tone = match self.tone {
            "warn" => Tone::Warn,
            "bad" => Tone::Bad,
            _ => return None,
        };
        Some((tone, format!("{} {}", self.text, self.needed).trim_end().to_owned()))
    }
}

struct Task {
    section: Section,
    href: String,
    /// As the task list counts: 0 not started, 1 in progress, 2 completed, 4 optional.
    done: u8,
}

/// A draft as a list of tasks.
pub(super) async fn tasks(shell: &Shell, request: &Request, share: Share) -> Page {
    let typed = request.typed()?;
    let present = present(shell, request, &typed).await?;
    let against = present.against();
    let task = |section: &Section| Task {
        section: *section,
        href: path_of(request.id, *section),
        done: match form::progress(*section, &typed, &against) {
            Progress::NotStarted => 0,
            Progress::InProgress => 1,
            Progress::Completed => 2,
            Progress::Optional => 4,
        },
    };
    let tasks: Vec<Task> = Section::FILLED.iter().map(task).collect();
    let id = request.id;
    let files = shell.service.store.read(move |view| attachments::of(view, id)).await?;
    let count = files.iter().filter(|one| one.is_in_work()).count();
    let title = if request.title.is_empty() { "Your request" } else { &request.title };
    show(&TasksPage {
        frame: shell.frame(title).within(frame::Section::Requests),
        id,
        attachments: Task {
            section: Section::Attachments,
            href: path_of(id, Section::Attachments),
            done: if count == 0 { 4 } else { 2 },
        },
        files: match count {
            0 => "A draft proposal, a draft letter, the text of the call. None is needed.".to_owned(),
            1 => "One file".to_owned(),
            _ => format!("{count} files"),
        },
        check: path_of(id, Section::Send),
        all_done: tasks.iter().all(|task| matches!(task.done, 2 | 4)),
        tasks,
        lead: lead(&typed, &against),
        is_owner: share == Share::Own,
    })
}

/// The time left, as far as the draft names a deadline that is still ahead.
pub(super) fn lead(typed: &RawForm, against: &form::Against<'_>) -> Option<Remark> {
    let deadline = form::deadline(typed).filter(|deadline| rules::deadline_ahead(deadline, against.now).is_ok())?;
    let lead = rules::lead_time(&deadline, against.now, against.policy);
    let needed = form::read_date(typed.get(Field::NeededBy))
        .filter(|needed| rules::needed_by(*needed, &deadline, against.now).is_ok())
        .and_then(|needed| rules::needed_soon(needed, &deadline, against.now, against.policy));
    let (band, needed) = needed.unwrap_or_else(|| (lead.band, String::new()));
    let note = deadline.note().map(|note| format!(" {note}")).unwrap_or_default();
    Some(Remark {
        tone: tone_of(band),
        text: lead.explanation(against.policy) + &note,
        needed,
        deadline: deadline.at().into(),
    })
}

/// The tone in which a band is told.
pub(super) const fn tone_of(band: Band) -> &'static str {
    match band {
        Band::Normal => "info",
        Band::AtRisk => "warn",
        Band::Late => "bad",
    }
}

/// The page of a section.
pub(super) fn path_of(id: RequestId, section: Section) -> String {
    match section {
        Section::Attachments => format!("/requests/{id}/attachments"),
        Section::Send => format!("/requests/{id}/check"),
        _ => format!("/requests/{id}/edit/{section}"),
    }
}

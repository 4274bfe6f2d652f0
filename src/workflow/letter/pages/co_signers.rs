//! Who signs a letter beside the Consortium, for staff: the list, how it stands, and asking.

use actix_web::web;
use askama::Template;

use super::act::{self, Act};
use super::{load, request_id};
use crate::ids::RequestId;
use crate::plain;
use crate::refusal::Outcome;
use crate::web::form::{Choice, FormView};
use crate::web::frame::{Frame, Section};
use crate::web::page::{Page, show, show_again};
use crate::web::post::Post;
use crate::web::shell::Shell;
use crate::workday::date_in;
use crate::workflow::letter::co_signers::form::fields;
use crate::workflow::letter::co_signers::{
    Answer, CoSigner, MOST, REMINDED_BEFORE, Standing, Way, not_on_the_list, standing,
};
use crate::workflow::letter::commands::{self, co_signers as acts};
use crate::workflow::request::store::Request;
use crate::workflow::request::store::recused::recused;

#[derive(Template)]
#[template(path = "letter/co_signers.html")]
struct CoSigners {
    frame: Frame,
    request: Request,
    form: FormView,
    rows: Vec<Row>,
    standing: String,
    tone: &'static str,
    /// Whether they have been asked.
    is_asked: bool,
    has_room: bool,
    ways: Vec<Choice>,
    most: usize,
    reminded_before: u64,
}

/// A co-signer, as a row of the table.
struct Row {
    id: String,
    name: String,
    address: String,
    organisation: String,
    needed: bool,
    answer: String,
    /// Name and capacity as they signed, or why they declined.
    said: String,
}

/// `GET /requests/{id}/letter/co-signers`: the list, and how it stands.
///
/// # Errors
/// Refused for everybody but staff, and when no letter is being written.
pub async fn list(shell: Shell, path: web::Path<String>) -> Page {
    let id = request_id(&path)?;
    shell.staff_on(id, recused).await?;
    show(&page(&shell, id, FormView::new()).await?)
}

/// `POST /requests/{id}/letter/co-signers`: puts somebody on the list.
///
/// # Errors
/// As for the list, and every field that is wrong.
pub async fn add(shell: Shell, path: web::Path<String>, post: Post) -> Page {
    let said = "They are on the list.";
    send(shell, &path, post, said, |tx, moment, staff, id, fields| {
        acts::add(tx, moment, staff, id, |name| fields.get(name))
    })
    .await
}

/// `POST /requests/{id}/letter/co-signers/ask`: asks them to sign, or gives them more time.
///
/// # Errors
/// As for the list, and every field that is wrong.
pub async fn ask(shell: Shell, path: web::Path<String>, post: Post) -> Page {
    let said = "Asked. They have mail with the way to the letter.";
    send(shell, &path, post, said, |tx, moment, staff, id, fields| {
        acts::ask(tx, moment, staff, id, (fields.get(fields::WAY), fields.get(fields::LAST_DAY)))
    })
    .await
}

/// `POST /requests/{id}/letter/co-signers/remove`: takes somebody off the list.
///
/// # Errors
/// As for the list, and when nobody like this is on it.
pub async fn remove(shell: Shell, path: web::Path<String>, post: Post) -> Page {
    let said = "They are off the list. If they were asked, they have mail that says so.";
    send(shell, &path, post, said, |tx, moment, staff, id, fields| {
        let signer = fields.get("co_signer").parse().map_err(|_| not_on_the_list())?;
        acts::remove(tx, moment, staff, id, signer)
    })
    .await
}

async fn send(shell: Shell, path: &str, post: Post, said: &str, act: Act) -> Page {
    match act::done(&shell, path, post, (acts::co_signers_path, said), act).await? {
        Ok(response) => Ok(response),
        Err((id, form)) => show_again(&page(&shell, id, form).await?),
    }
}

async fn page(shell: &Shell, id: RequestId, form: FormView) -> Outcome<CoSigners> {
    let (request, open) = shell.service.store.read(move |view| load(view, id)).await?;
    let open = open.ok_or_else(commands::no_letter)?;
    let now = shell.service.clock.now();
    let standing = standing(open.asking.as_ref(), &open.co_signers, commands::today(&request, now)?);
    let zone = request.frozen_policy()?.unwrap_or_default().zone;
    let day = |at| plain::day(date_in(at, zone)).to_string();
    let row = |one: &CoSigner| Row {
        id: one.id.to_string(),
        name: one.name.clone(),
        address: one.address.clone(),
        organisation: one.organisation.clone(),
        needed: one.needed,
        answer: one.in_words(day),
        said: match &one.answer {
            Answer::Signed(signature, _) => format!("{}, {}", signature.name, signature.capacity),
            Answer::Declined(reason, _) => reason.clone(),
            _ => String::new(),
        },
    };
    // The form to ask starts from how they were asked, unless it is the one that comes back.
    let form = match &open.asking {
        _ if form.has(fields::LAST_DAY) => form,
        Some(asking) => form.with(fields::WAY, asking.way.as_str()).with(fields::LAST_DAY, asking.last_day.to_string()),
        None => form.with(fields::WAY, Way::Together.as_str()),
    };
    Ok(CoSigners {
        frame: shell.frame("Co-signers").within(Section::Queue).failed_if(form.has_errors()),
        rows: open.co_signers.iter().map(row).collect(),
        tone: match standing {
            Standing::Done => "good",
            Standing::Refused(_) | Standing::Late(_) => "warn",
            _ => "info",
        },
        standing: standing.in_words(),
        is_asked: open.asking.is_some(),
        has_room: open.co_signers.len() < MOST,
        ways: Way::ALL.iter().map(|way| Choice::new(way.as_str(), way.label())).collect(),
        most: MOST,
        reminded_before: REMINDED_BEFORE,
        request,
        form,
    })
}

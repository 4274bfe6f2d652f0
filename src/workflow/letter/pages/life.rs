//! The page of a letter that is out: its versions, a new one, and taking it back with a second person.

use actix_web::web;
use askama::Template;

use super::act::{self, Act};
use super::edit::letter_path;
use super::{load, request_id};
use crate::ids::RequestId;
use crate::plain;
use crate::refusal::Outcome;
use crate::web::form::FormView;
use crate::web::frame::{Frame, Section};
use crate::web::page::{Page, show, show_again};
use crate::web::post::Post;
use crate::web::shell::Shell;
use crate::workday::date_in;
use crate::workflow::letter::commands;
use crate::workflow::letter::life::{Revocation, is_second};
use crate::workflow::letter::rules::{self, LetterState};
use crate::workflow::letter::store::life::{self as lives, Version};
use crate::workflow::letter::store::seals::{self, Seal};
use crate::workflow::letter::store::{self, Issued, call};
use crate::workflow::outcome::store as outcomes;
use crate::workflow::post::rules::State;
use crate::workflow::post::store as copies;
use crate::workflow::request::store::Request;
use crate::workflow::request::store::recused::recused;

#[derive(Template)]
#[template(path = "letter/issued.html")]
struct Out {
    frame: Frame,
    request: Request,
    form: FormView,
    /// The last version that was issued.
    last: Issued,
    /// What became of the proposal, in words.
    outcome: String,
    /// How the physical copy stands; empty when nobody asked for one.
    copy: &'static str,
    file_name: String,
    seal: Option<Seal>,
    signed_name: String,
    versions: Vec<Line>,
    /// Whether a new version is being written.
    in_work: bool,
    /// The wish to take the letter back, with its day; none while nobody wishes it.
    wish: Option<(Revocation, String)>,
    /// Whether who looks may confirm that wish.
    may_confirm: bool,
}

impl Out {
    fn in_force(&self) -> bool {
        self.last.state == LetterState::Issued
    }
}

/// One version, as a line of the table.
struct Line {
    number: String,
    state: String,
    issued: String,
    why: String,
}

/// `GET /requests/{id}/letter/versions`: the letter that is out, and what can become of it.
///
/// # Errors
/// Refused for everybody but staff, and when no letter has been issued.
pub async fn versions(shell: Shell, path: web::Path<String>) -> Page {
    let id = request_id(&path)?;
    shell.staff_on(id, recused).await?;
    show(&page(&shell, id, FormView::new()).await?)
}

/// The page, for whoever was let in.
pub(super) async fn page(shell: &Shell, id: RequestId, form: FormView) -> Outcome<impl Template + use<>> {
    let (request, last, versions, wish, (file_name, seal), (outcome, copy)) = shell
        .service
        .store
        .read(move |view| {
            let (request, _) = load(view, id)?;
            let last = store::last_issued(view, id)?;
            let wish = last.as_ref().map(|last| lives::revocation(view, last.id)).transpose()?.flatten();
            let file_name = last.as_ref().map(|last| call::file_name(view, last.id)).transpose()?.flatten();
            let seal = last.as_ref().map(|last| seals::of(view, last.id)).transpose()?.flatten();
            let after = (outcomes::one(view, id)?, copies::of(view, id, request.stage)?.state());
            Ok((request, last, lives::versions(view, id)?, wish, (file_name, seal), after))
        })
        .await?;
    let last = last.ok_or_else(commands::no_letter)?;
    let zone = request.frozen_policy()?.unwrap_or_default().zone;
    let day = |at| plain::day(date_in(at, zone)).to_string();
    let line = |version: &Version| Line {
        number: version.number.clone().unwrap_or_else(|| rules::number(request.name(), version.version)),
        state: match version.ended_at {
            Some(at) => format!("{} on {}", version.state.label(), day(at)),
            None => version.state.label().to_owned(),
        },
        issued: version.issued_at.map(day).unwrap_or_default(),
        why: version.begun_why.clone().unwrap_or_default(),
    };
    let person = shell.visitor()?.person();
    Ok(Out {
        frame: shell
            .frame(format!("Letter {}", last.register.number))
            .within(Section::Queue)
            .failed_if(form.has_errors()),
        file_name: file_name.unwrap_or_else(|| rules::file_name(&last.register.number)),
        signed_name: rules::signed_name(&last.register.number),
        outcome: outcome.in_words(day),
        copy: copy.map_or("", State::label),
        seal,
        in_work: versions.iter().any(|version| version.state == LetterState::Draft),
        versions: versions.iter().map(line).collect(),
        may_confirm: wish.as_ref().is_some_and(|wish| is_second(wish.proposed_by, person)),
        wish: wish.map(|wish| {
            let day = day(wish.proposed_at);
            (wish, day)
        }),
        request,
        form,
        last,
    })
}

/// Does `act` once for this form and says so; a form with faults is shown again.
async fn done(shell: &Shell, path: &str, post: Post, way: (fn(RequestId) -> String, &str), act: Act) -> Page {
    match act::done(shell, path, post, way, act).await? {
        Ok(response) => Ok(response),
        Err((id, form)) => show_again(&page(shell, id, form).await?),
    }
}

fn versions_path(id: RequestId) -> String {
    format!("/requests/{id}/letter/versions")
}

/// `POST /requests/{id}/letter/version`: begins a new version.
///
/// # Errors
/// Refused for everybody but staff, and when no letter has been issued.
pub async fn begin_version(shell: Shell, path: web::Path<String>, post: Post) -> Page {
    let said = "The new version is begun, with the words of the last one. That one counts until you issue this one.";
    done(&shell, &path, post, (letter_path, said), |tx, moment, staff, id, typed| {
        commands::begin_version(tx, moment, staff, id, typed.get(commands::VERSION_REASON))
    })
    .await
}

/// `POST /requests/{id}/letter/version/drop`: throws the new version away.
///
/// # Errors
/// Refused for everybody but staff, and when none is being written.
pub async fn drop_version(shell: Shell, path: web::Path<String>, post: Post) -> Page {
    let said = "The new version is thrown away. The letter stays as it was.";
    done(&shell, &path, post, (versions_path, said), |tx, moment, staff, id, _| {
        commands::drop_version(tx, moment, staff, id)
    })
    .await
}

/// `POST /requests/{id}/letter/revoke`: asks for the letter to be taken back.
///
/// # Errors
/// Refused for everybody but staff, and when no letter is in force.
pub async fn propose_revocation(shell: Shell, path: web::Path<String>, post: Post) -> Page {
    let said = "Your colleagues are asked to confirm it. Until one does, the letter stays in force.";
    done(&shell, &path, post, (versions_path, said), |tx, moment, staff, id, typed| {
        commands::propose_revocation(tx, moment, staff, id, typed.get(commands::REVOKE_REASON))
    })
    .await
}

/// `POST /requests/{id}/letter/revoke/confirm`: a second person takes the letter back.
///
/// # Errors
/// Refused for everybody but staff, and for whoever asked for it.
pub async fn revoke(shell: Shell, path: web::Path<String>, post: Post) -> Page {
    let said = "The letter is revoked. Whoever checks it is told so from now on, and the applicant has mail.";
    done(&shell, &path, post, (versions_path, said), |tx, moment, staff, id, _| commands::revoke(tx, moment, staff, id))
        .await
}

/// `POST /requests/{id}/letter/revoke/drop`: keeps the letter in force.
///
/// # Errors
/// Refused for everybody but staff, and when nobody wishes to take it back.
pub async fn keep_in_force(shell: Shell, path: web::Path<String>, post: Post) -> Page {
    let said = "The letter stays in force.";
    done(&shell, &path, post, (versions_path, said), |tx, moment, staff, id, _| {
        commands::keep_in_force(tx, moment, staff, id)
    })
    .await
}

//! The staff's page on which an institution is merged with another: choose the other, see what moves, do it.

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use super::commands::{Preview, merge, preview};
use crate::ids::InstitutionId;
use crate::members::institution::{Institution, Period};
use crate::members::{history, store};
use crate::refusal::{Failure, FieldErrors, Outcome, Refusal};
use crate::store::{Tx, View, once};
use crate::web::flash::see_other_saying;
use crate::web::form::{Choice, FormView};
use crate::web::frame::{Frame, Section, Tone};
use crate::web::page::{Page, show, show_again};
use crate::web::post::Post;
use crate::web::shell::Shell;

/// Which other institution was chosen.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    with: String,
}

#[derive(Template)]
#[template(path = "members/merge.html")]
struct MergePage {
    frame: Frame,
    form: FormView,
    stays: Institution,
    others: Vec<Choice>,
    shown: Option<Preview>,
    /// Whose memberships may hold, where they contradict each other.
    memberships: Vec<Choice>,
    /// Whether the number of requests may be told: to somebody who acts for a seat it could tell of one that is closed
    /// to them.
    counts_requests: bool,
}

impl MergePage {
    fn requests_in_words(&self) -> String {
        match &self.shown {
            Some(shown) if self.counts_requests => shown.requests.to_string(),
            _ => "All of them".to_owned(),
        }
    }
}

/// What the page is made of.
struct Facts {
    stays: Institution,
    others: Vec<Choice>,
    shown: Option<Preview>,
    errors: Option<FieldErrors>,
}

fn read(view: &mut View<'_>, id: InstitutionId, with: &str, today: NaiveDate) -> Outcome<Facts> {
    let no_such =
        || Refusal::not_found("no-such-institution", "There is no such institution.").onward("All members", "/members");
    let stays = store::institution(view, id)?.ok_or_else(no_such)?;
    let others = store::names(view)?.into_iter().filter(|(other, _)| *other != id);
    let others = others.map(|(other, name)| Choice::new(other.to_string(), name)).collect();
    let (shown, errors) = match with {
        "" => (None, None),
        with => match preview(view, &stays, with.parse().ok(), today) {
            Ok(shown) => (Some(shown), None),
            Err(Failure::Fields(errors)) => (None, Some(errors)),
            Err(failure) => return Err(failure),
        },
    };
    Ok(Facts { stays, others, shown, errors })
}

/// Kinds and days of memberships on one line.
fn in_words(institution: &Institution) -> String {
    let line = |period: &Period| format!("{}: {}", period.kind.label(), history::days(period));
    institution.periods.iter().map(line).collect::<Vec<_>>().join("; ")
}

async fn page_of(shell: &Shell, id: InstitutionId, form: FormView) -> Outcome<(MergePage, StatusCode)> {
    let (with, today) = (form.value("with").to_owned(), shell.service.clock.now().date_naive());
    let facts = shell.service.store.read(move |view| read(view, id, &with, today)).await?;
    let form = match facts.errors {
        Some(errors) => form.failing(errors),
        None => form,
    };
    let choices = |shown: &Preview| {
        [("stays", &shown.stays), ("goes", &shown.goes)]
            .map(|(value, one)| Choice::new(value, format!("Those of {}", one.name)).hint(in_words(one)))
            .to_vec()
    };
    let status = if form.has_errors() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = MergePage {
        frame: shell.frame("Merge two institutions").within(Section::Members).failed_if(form.has_errors()),
        memberships: facts.shown.as_ref().filter(|shown| shown.asks).map(choices).unwrap_or_default(),
        counts_requests: shell.visitor.as_ref().is_some_and(|visitor| visitor.seats().is_empty()),
        form,
        stays: facts.stays,
        others: facts.others,
        shown: facts.shown,
    };
    Ok((page, status))
}

/// The choice of the other institution, and with one what a merge would do.
///
/// # Errors
/// Refused for everybody but staff, and for an institution that does not exist.
pub async fn form(shell: Shell, path: web::Path<InstitutionId>, asked: web::Query<Asked>) -> Page {
    shell.staff()?;
    let form = FormView::new().with("with", &asked.with);
    let (page, status) = page_of(&shell, path.into_inner(), form).await?;
    if status == StatusCode::OK { show(&page) } else { show_again(&page) }
}

/// Merges the two.
///
/// # Errors
/// Refused for everybody but staff; refusals of the command; a form with errors comes back.
pub async fn take(shell: Shell, path: web::Path<InstitutionId>, post: Post) -> Page {
    let (staff, moment) = (shell.staff()?, shell.service.moment());
    let stays = path.into_inner();
    let form = FormView::filled(post.fields.iter());
    let Ok(goes) = post.fields.get("with").parse::<InstitutionId>() else {
        let (page, _) = page_of(&shell, stays, form.with("with", "none")).await?;
        return show_again(&page);
    };
    let said = post.fields.get("memberships").parse().ok();
    let seen = post.fields.get("version").parse().unwrap_or_default();
    let write = move |tx: &mut Tx<'_>| {
        once(tx, &post.once, moment.now, |tx| {
            merge(tx, &moment, &staff, (stays, goes), said, seen).map(|()| format!("/members/{stays}"))
        })
    };
    match shell.service.store.write(write).await {
        Ok(path) => {
            let said = "The two are one now. Letters that were issued stay as they are.";
            Ok(see_other_saying(&shell.service, &path, Tone::Good, said))
        }
        Err(Failure::Fields(errors)) => {
            let (mut page, _) = page_of(&shell, stays, form).await?;
            page.form = page.form.failing(errors);
            page.frame.failed = true;
            show_again(&page)
        }
        Err(failure) => Err(failure.into()),
    }
}

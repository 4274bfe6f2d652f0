//! The page of one institution, for everybody: its names, where to find it, and its memberships by date.

use std::sync::Arc;

use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::{Read, members};
use crate::ids::InstitutionId;
use crate::members::commands::no_such;
use crate::members::history::{days, standing};
use crate::members::institution::Institution;
use crate::members::store;
use crate::people::access::Role;
use crate::plain;
use crate::web::frame::{Frame, Section};
use crate::web::open::show_open;
use crate::web::page::Page;
use crate::web::service::Service;
use crate::web::shell::Shell;

/// One membership: its kind, whether it carries the mark of a founder, its days.
struct Line {
    kind: &'static str,
    is_founding: bool,
    days: String,
}

#[derive(Template)]
#[template(path = "members/one.html")]
struct OnePage<'p> {
    frame: Frame,
    institution: &'p Institution,
    standing: String,
    /// The names it was listed under before, each with its last day; the latest first.
    former: Vec<(&'p str, String)>,
    /// The latest first.
    memberships: Vec<Line>,
    is_staff: bool,
}

/// Where an institution went that is not in the list: to the one that it was merged with, at the same `page` of it.
pub(super) async fn moved(service: &Service, id: InstitutionId, page: &str) -> Page {
    let into = service.store.read(move |view| store::merged::into(view, id)).await?.ok_or_else(no_such)?;
    Ok(HttpResponse::MovedPermanently().insert_header((LOCATION, format!("/members/{into}{page}"))).finish())
}

/// An institution's page. The address of one that was merged with another leads to that one.
///
/// # Errors
/// Refused for an institution that does not exist; a fault of the database.
pub async fn page(shell: Shell, path: web::Path<String>) -> Page {
    let id: InstitutionId = path.parse().map_err(|_| no_such())?;
    let read: Arc<Read> = members(&shell.service).await?;
    let Some(institution) = read.all.iter().find(|one| one.id == id) else {
        return moved(&shell.service, id, "").await;
    };
    let today = shell.service.clock.now().date_naive();
    let memberships = institution.periods.iter().rev().map(|period| Line {
        kind: period.kind.label(),
        is_founding: period.kind.is_founding(),
        days: days(period),
    });
    let former = institution.former.iter().rev().map(|one| (one.name.as_str(), plain::day(one.until).to_string()));
    let page = OnePage {
        frame: shell.frame(&institution.name).within(Section::Members),
        standing: standing(institution, today),
        former: former.collect(),
        memberships: memberships.collect(),
        is_staff: shell.visitor.as_ref().is_some_and(|visitor| visitor.has_role(Role::Staff)),
        institution,
    };
    show_open(&shell, &page)
}

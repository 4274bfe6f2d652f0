//! The FAQ as a page, made anew when the members or the day change.

use std::sync::Arc;

use askama::Template;

use super::BUNDLED;
use super::fill::listed;
use super::links::Links;
use super::render::{Page as Rendered, render};
use crate::members::store;
use crate::refusal::{Fault, Outcome};
use crate::web::frame::{Frame, Section};
use crate::web::page::{Page, show};
use crate::web::service::Service;
use crate::web::shell::Shell;

#[derive(Template)]
#[template(path = "faq/page.html")]
struct FaqPage<'p> {
    frame: Frame,
    page: &'p Rendered,
}

/// Questions and answers.
///
/// # Errors
/// A fault of the database, or when the source cannot be rendered.
pub async fn page(shell: Shell) -> Page {
    let page = rendered(&shell.service).await?;
    let title = page.title.as_deref().unwrap_or("Questions");
    show(&FaqPage { frame: shell.frame(title).within(Section::Faq), page: &page })
}

async fn rendered(service: &Service) -> Outcome<Arc<Rendered>> {
    let day = service.clock.now().date_naive();
    let version = service.store.read(store::version).await?;
    if let Some(page) = service.kept.get("faq", &format!("{version} {day}")) {
        return Ok(page);
    }
    let (version, all) = service.store.read(|view| Ok((store::version(view)?, store::all(view)?))).await?;
    let page = render(BUNDLED, &listed(&all, day), &Links::default())
        .map_err(|faulty| Fault::because("the FAQ cannot be rendered", faulty))?;
    Ok(service.kept.keep("faq", format!("{version} {day}"), page))
}

//! The FAQ as a page, made anew when its source, the members or the day change. What staff change has its own file.

pub mod edit;

use std::sync::Arc;

use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::fill::{Listed, listed};
use super::finding::{holds, json_ld};
use super::links::Links;
use super::render::{Page as Rendered, Question, render};
use super::{BUNDLED, store};
use crate::audit;
use crate::faq::commands::JOURNAL;
use crate::members;
use crate::people::access::Role;
use crate::refusal::{Fault, Outcome};
use crate::store::View;
use crate::web::form::FormView;
use crate::web::frame::{Frame, Section};
use crate::web::open::{Edition, open_data, show_open};
use crate::web::page::Page;
use crate::web::service::Service;
use crate::web::shell::Shell;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
}

/// The page as it was made, with its data for search engines.
struct Made {
    page: Rendered,
    data: String,
}

#[derive(Template)]
#[template(path = "faq/page.html")]
struct FaqPage<'p> {
    frame: Frame,
    form: FormView,
    made: &'p Made,
    found: Vec<&'p Question>,
    words: String,
    is_staff: bool,
}

/// Questions and answers: all, or those with the words asked for.
///
/// # Errors
/// A fault of the database.
pub async fn page(shell: Shell, asked: web::Query<Asked>) -> Page {
    let made = made(&shell.service).await?;
    let words: String = asked.q.trim().chars().take(100).collect();
    let found = made.page.questions.iter().filter(|question| holds(question, &words)).collect();
    let title = made.page.title.as_deref().unwrap_or("Questions");
    let page = FaqPage {
        frame: shell.frame(title).within(Section::Faq),
        form: FormView::filled([("q", words.as_str())]),
        made: &made,
        found,
        words,
        is_staff: shell.visitor.as_ref().is_some_and(|visitor| visitor.has_role(Role::Staff)),
    };
    show_open(&shell, &page)
}

async fn made(service: &Service) -> Outcome<Arc<Made>> {
    let day = service.clock.now().date_naive();
    let versions = |view: &mut View<'_>| Ok((store::number(view)?, members::store::version(view)?));
    let (number, list) = service.store.read(versions).await?;
    if let Some(made) = service.kept.get("faq", &format!("{number} {list} {day}")) {
        return Ok(made);
    }
    let read = move |view: &mut View<'_>| {
        let (number, list) = versions(view)?;
        let members = listed(&members::store::all(view)?, day);
        Ok((number, list, last_good(view, &members)?))
    };
    let (number, list, page) = service.store.read(read).await?;
    let data = json_ld(&page);
    Ok(service.kept.keep("faq", format!("{number} {list} {day}"), Made { page, data }))
}

/// The newest version that can be rendered. Each could when it was saved; should the program have learnt to refuse
/// something since, the page before it stays.
fn last_good(view: &mut View<'_>, members: &[Listed]) -> Outcome<Rendered> {
    let mut number = store::number(view)?;
    while number > 0 {
        let text = store::text(view, number)?.unwrap_or_default();
        match render(&text, members, &Links::default()) {
            Ok(page) => return Ok(page),
            Err(faulty) => tracing::error!(number, %faulty, "a version of the FAQ cannot be rendered"),
        }
        number -= 1;
    }
    let page = render(BUNDLED, members, &Links::default());
    Ok(page.map_err(|faulty| Fault::because("the FAQ cannot be rendered", faulty))?)
}

/// The source in force, as the Consortium's website takes it.
///
/// # Errors
/// A fault of the database.
pub async fn source(request: HttpRequest, service: web::Data<Service>) -> Page {
    let read = |view: &mut View<'_>| Ok((store::latest(view)?, audit::store::last_at(view, JOURNAL)?));
    let (latest, changed) = service.store.read(read).await?;
    let (number, text) = latest.unwrap_or_else(|| (0, BUNDLED.to_owned()));
    let edition = Edition::of(format!("faq {number}"), changed, true, service.clock.now());
    let mut answer = open_data(&request, &edition, "text/markdown; charset=utf-8", || Ok(text.into_bytes()))?;
    let headers = answer.headers_mut();
    headers
        .insert(CONTENT_DISPOSITION, actix_web::http::header::HeaderValue::from_static("inline; filename=\"faq.md\""));
    Ok(answer)
}

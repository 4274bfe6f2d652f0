//! The members for everybody: the page, CSV and JSON.

pub mod edit;

use std::sync::Arc;

use actix_web::{HttpRequest, web};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use super::institution::{Institution, Membership};
use super::listing::{Filter, Listing, MOST, OTHER_LETTER, listing};
use super::{export, store};
use crate::people::access::Role;
use crate::plain;
use crate::refusal::{Outcome, Refusal};
use crate::web::form::{Choice, FormView};
use crate::web::frame::{Frame, Section};
use crate::web::open::open_data;
use crate::web::page::{Page, show};
use crate::web::service::Service;
use crate::web::shell::Shell;

/// All institutions with the version of the list, from memory while the version stands.
async fn members(service: &Service) -> Outcome<(i64, Arc<Vec<Institution>>)> {
    let version = service.store.read(store::version).await?;
    if let Some(all) = service.kept.get("members", &version.to_string()) {
        return Ok((version, all));
    }
    let (version, all) = service.store.read(|view| Ok((store::version(view)?, store::all(view)?))).await?;
    Ok((version, service.kept.keep("members", version.to_string(), all)))
}

/// The filter as the address has it.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    letter: String,
    #[serde(default)]
    q: String,
    #[serde(default)]
    on: String,
}

impl Asked {
    fn day(&self, today: NaiveDate) -> Result<NaiveDate, Refusal> {
        if self.on.is_empty() {
            return Ok(today);
        }
        self.on.parse().map_err(|_| {
            let sentence = "A day is written as year, month and day, for example 2026-01-31.";
            Refusal::not_found("no-such-day", sentence).onward("Members today", "/members")
        })
    }

    fn filter(&self, today: NaiveDate) -> Result<Filter, Refusal> {
        let letter = self.letter.chars().next().map(|letter| letter.to_ascii_uppercase());
        Ok(Filter {
            on: self.day(today)?,
            kind: self.kind.parse().ok(),
            letter: letter.map(|letter| if letter.is_ascii_uppercase() { letter } else { OTHER_LETTER }),
            words: self.q.chars().take(100).collect(),
        })
    }
}

struct Letter {
    label: String,
    href: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "members/list.html")]
struct ListPage<'p> {
    frame: Frame,
    form: FormView,
    kinds: Vec<Choice>,
    list: Listing<'p>,
    letters: Vec<Letter>,
    filter: Filter,
    day: String,
    is_today: bool,
    is_staff: bool,
}

/// The members of the Consortium.
///
/// # Errors
/// A fault of the database.
pub async fn list(shell: Shell, asked: web::Query<Asked>) -> Page {
    let (_, all) = members(&shell.service).await?;
    let today = shell.service.clock.now().date_naive();
    let filter = asked.filter(today)?;
    let list = listing(&all, &filter);
    let kinds = Membership::ALL.iter().map(|kind| Choice::new(kind.as_str(), kind.label())).collect();
    let mut form = FormView::filled([("kind", asked.kind.as_str()), ("q", &filter.words)]);
    if let Some(letter) = filter.letter {
        form = form.with("letter", letter);
    }
    if filter.on != today {
        form = form.with("on", filter.on.to_string());
    }
    let letters = std::iter::once(letter_link(None, &asked, &filter))
        .chain(list.letters.iter().map(|letter| letter_link(Some(*letter), &asked, &filter)))
        .collect();
    show(&ListPage {
        frame: shell.frame("Members").within(Section::Members),
        form,
        kinds,
        letters,
        day: plain::day(filter.on).to_string(),
        is_today: filter.on == today,
        is_staff: shell.visitor.as_ref().is_some_and(|visitor| visitor.has_role(Role::Staff)),
        list,
        filter,
    })
}

fn letter_link(letter: Option<char>, asked: &Asked, filter: &Filter) -> Letter {
    let label = match letter {
        None => "All".to_owned(),
        Some(OTHER_LETTER) => "0–9 and other scripts".to_owned(),
        Some(letter) => letter.to_string(),
    };
    let mut address = Vec::new();
    if let Some(kind) = filter.kind {
        address.push(format!("kind={kind}"));
    }
    match letter {
        Some(OTHER_LETTER) => address.push("letter=0".to_owned()),
        Some(letter) => address.push(format!("letter={letter}")),
        None => {}
    }
    if !asked.on.is_empty() {
        address.push(format!("on={}", filter.on));
    }
    let query = if address.is_empty() { String::new() } else { format!("?{}", address.join("&")) };
    Letter { label, href: format!("/members{query}"), is_chosen: letter == filter.letter }
}

/// The institutions as JSON, for any program and any other site.
///
/// # Errors
/// A refusal for a day that is none; a fault of the database.
pub async fn json(request: HttpRequest, service: web::Data<Service>, asked: web::Query<Asked>) -> Page {
    let (version, all) = members(&service).await?;
    let on = asked.day(service.clock.now().date_naive())?;
    let make = || export::json(&all, on).map(String::into_bytes);
    open_data(&request, &format!("{version} {on}"), "application/json", make)
}

/// The institutions as CSV, for spreadsheets.
///
/// # Errors
/// A refusal for a day that is none; a fault of the database.
pub async fn csv(request: HttpRequest, service: web::Data<Service>, asked: web::Query<Asked>) -> Page {
    let (version, all) = members(&service).await?;
    let on = asked.day(service.clock.now().date_naive())?;
    open_data(&request, &format!("{version} {on}"), "text/csv; charset=utf-8", || export::csv(&all, on))
}

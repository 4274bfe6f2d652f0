//! The members for everybody, as a page. The same list as data, and what staff change, have their own files.

pub mod data;
pub mod edit;
pub mod import;
pub mod one;

use std::sync::Arc;

use actix_web::web;
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use super::commands::JOURNAL;
use super::former_name::on_day;
use super::institution::{Institution, Membership};
use super::listing::{Filter, Listing, MOST, OTHER_LETTER, listing};
use super::store;
use super::website::LastFile;
use crate::audit;
use crate::clock::Instant;
use crate::people::access::Role;
use crate::plain;
use crate::refusal::{Outcome, Refusal};
use crate::store::View;
use crate::web::form::{Choice, FormView};
use crate::web::frame::{Frame, Section};
use crate::web::open::show_open;
use crate::web::page::Page;
use crate::web::service::Service;
use crate::web::shell::Shell;

/// The list as it was read at one moment.
pub(super) struct Read {
    /// The version of the list.
    pub(super) version: i64,
    /// When it was changed last.
    pub(super) changed: Option<Instant>,
    /// All institutions, in the order people look for names.
    pub(super) all: Vec<Institution>,
    /// The website's file as it was last imported.
    pub(super) file: Option<LastFile>,
}

/// The list, from memory while its version stands.
async fn members(service: &Service) -> Outcome<Arc<Read>> {
    let version = service.store.read(store::version).await?;
    if let Some(read) = service.kept.get("members", &version.to_string()) {
        return Ok(read);
    }
    let read = |view: &mut View<'_>| {
        let (version, changed) = (store::version(view)?, audit::store::last_at(view, JOURNAL)?);
        Ok(Read { version, changed, all: store::all(view)?, file: store::file::last(view)? })
    };
    let read = service.store.read(read).await?;
    Ok(service.kept.keep("members", read.version.to_string(), read))
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
    /// Whether a day was asked for.
    fn is_dated(&self) -> bool {
        !self.on.is_empty()
    }

    fn day(&self, today: NaiveDate) -> Result<NaiveDate, Refusal> {
        if !self.is_dated() {
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
    /// What leads to the same day: "?on=2026-01-31", or nothing for today.
    dated: String,
}

/// The members of the Consortium.
///
/// # Errors
/// A fault of the database.
pub async fn list(shell: Shell, asked: web::Query<Asked>) -> Page {
    let read = members(&shell.service).await?;
    let today = shell.service.clock.now().date_naive();
    let filter = asked.filter(today)?;
    let all = on_day(&read.all, filter.on);
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
    let page = ListPage {
        frame: shell.frame("Members").within(Section::Members),
        form,
        kinds,
        letters,
        day: plain::day(filter.on).to_string(),
        is_today: filter.on == today,
        dated: if filter.on == today { String::new() } else { format!("?on={}", filter.on) },
        is_staff: shell.visitor.as_ref().is_some_and(|visitor| visitor.has_role(Role::Staff)),
        list,
        filter,
    };
    show_open(&shell, &page)
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

//! The committee for everybody, on any day or in any year. The same as data, and what staff change, have their own files.

pub mod data;
pub mod officers;
pub mod roster;
pub mod seat;
pub mod vacancy;

use std::collections::HashMap;

use actix_web::web;
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use super::officers::{Officer, seat_of};
use super::rules::{Seat, vacancies, warnings, who_may_act};
use super::span::Span;
use super::store;
use crate::ids::{InstitutionId, PersonId, SeatId};
use crate::members;
use crate::members::institution::Institution;
use crate::people::access::{Capacity, Role};
use crate::plain;
use crate::refusal::{FieldErrors, Outcome};
use crate::store::View;
use crate::web::form::FormView;
use crate::web::frame::{Frame, Section};
use crate::web::page::{Page, show, show_again};
use crate::web::shell::Shell;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    on: String,
}

/// A person as this reader may see them.
#[derive(Debug, Clone, Default)]
struct Person {
    name: String,
    address: String,
}

impl Person {
    /// The name, or the address of somebody who gave none yet.
    fn called(&self) -> &str {
        if self.name.is_empty() { &self.address } else { &self.name }
    }
}

/// A seat with all that pages show of it.
struct Row {
    id: SeatId,
    institution: String,
    is_vacant: bool,
    /// Whether it is in office no more, or not for a day that anybody can change.
    is_over: bool,
    membership: &'static str,
    term: String,
    /// Whether the term is named by its years alone.
    is_whole_years: bool,
    first_day: NaiveDate,
    last_day: NaiveDate,
    representative: Option<Person>,
    alternate: Option<Person>,
}

/// An officer as everybody may see them: by name, never by address.
struct OfficerRow {
    office: &'static str,
    name: String,
    institution: String,
    days: String,
}

struct Committee {
    rows: Vec<Row>,
    officers: Vec<OfficerRow>,
    vacancies: usize,
    warnings: Vec<String>,
}

/// Everything that is known of seats and people, read in a constant number of queries.
struct Known {
    seats: Vec<Seat>,
    holders: Vec<super::rules::Holder>,
    officers: Vec<Officer>,
    institutions: HashMap<InstitutionId, Institution>,
    people: HashMap<PersonId, Person>,
}

impl Known {
    fn read(view: &mut View<'_>, day: NaiveDate) -> Outcome<Self> {
        let mut people = store::people(view, day)?;
        people.extend(store::officers::people(view)?);
        Ok(Self {
            seats: store::seats(view)?,
            holders: store::holders(view)?,
            officers: store::officers::all(view)?,
            institutions: members::store::all(view)?.into_iter().map(|one| (one.id, one)).collect(),
            people: people.into_iter().map(|(id, name, address)| (id, Person { name, address })).collect(),
        })
    }

    fn name_of(&self, seat: &Seat) -> String {
        let institution = seat.institution.and_then(|id| self.institutions.get(&id));
        institution.map_or_else(|| "Vacant".to_owned(), |one| one.name.clone())
    }

    fn row(&self, seat: &Seat, span: Span) -> Row {
        let day = span.first().max(seat.first_day);
        let institution = seat.institution.and_then(|id| self.institutions.get(&id));
        let acting = who_may_act(seat, &self.holders, day);
        let person = |capacity: Capacity| {
            let holder = acting.iter().find(|holder| holder.capacity == capacity)?;
            self.people.get(&holder.person).cloned()
        };
        Row {
            id: seat.id,
            institution: self.name_of(seat),
            is_vacant: seat.institution.is_none(),
            is_over: false,
            membership: institution.and_then(|one| one.membership_on(day)).map_or("", |kind| kind.label()),
            term: seat.term_in_words(),
            is_whole_years: seat.is_whole_years(),
            first_day: seat.first_day,
            last_day: seat.last_day,
            representative: person(Capacity::Representative),
            alternate: person(Capacity::Alternate),
        }
    }

    /// The officer's row, when they act for a seat on the first day of the span that is in their time.
    fn officer(&self, officer: &Officer, span: Span) -> Option<OfficerRow> {
        let seat = seat_of(officer.person, &self.seats, &self.holders, span.first().max(officer.since))?;
        let since = plain::day(officer.since);
        Some(OfficerRow {
            office: officer.office.label(),
            name: self.people.get(&officer.person).map_or_else(String::new, |one| one.name.clone()),
            institution: self.name_of(seat),
            days: officer
                .until
                .map_or_else(|| format!("since {since}"), |until| format!("{since} to {}", plain::day(until))),
        })
    }
}

/// The seats of record in `span`, with the people who act for them and the officers of that time.
fn committee(view: &mut View<'_>, span: Span) -> Outcome<Committee> {
    let known = Known::read(view, span.first())?;
    let mut officers: Vec<&Officer> =
        known.officers.iter().filter(|one| one.overlaps(span.first(), Some(span.last()))).collect();
    officers.sort_by_key(|officer| (officer.office, officer.since));
    let (vacancies, warnings) = match span {
        Span::Day(day) => (vacancies(&known.seats, day), warnings(&known.seats, &known.institutions, day)),
        Span::Year(_) => (0, Vec::new()),
    };
    Ok(Committee {
        rows: known.seats.iter().filter(|seat| span.has(seat)).map(|seat| known.row(seat, span)).collect(),
        officers: officers.into_iter().filter_map(|officer| known.officer(officer, span)).collect(),
        vacancies,
        warnings,
    })
}

#[derive(Template)]
#[template(path = "committee/list.html")]
struct ListPage {
    frame: Frame,
    committee: Committee,
    /// "on 31 January 2026", "in 2026".
    when: String,
    form: FormView,
    is_today: bool,
    /// What leads to the same day or year: "?on=2026", or nothing for today.
    dated: String,
    sees_people: bool,
    sees_votes: bool,
    is_staff: bool,
}

/// The seats of the Executive Committee and its officers. Who acts for the seats is shown to the committee and the staff
/// only, and for a day.
///
/// # Errors
/// A fault of the database. What is neither a day nor a year comes back with the committee of today.
pub async fn list(shell: Shell, asked: web::Query<Asked>) -> Page {
    let today = shell.service.clock.now().date_naive();
    let typed = asked.on.trim();
    let read = if typed.is_empty() { Ok(Span::Day(today)) } else { typed.parse() };
    let (span, form) = match &read {
        Ok(span) => (*span, FormView::filled([("on", typed)])),
        Err(none) => {
            (Span::Day(today), FormView::filled([("on", typed)]).failing(FieldErrors::one("on", none.to_string())))
        }
    };
    let mut committee = shell.service.store.read(move |view| committee(view, span)).await?;
    for row in &mut committee.rows {
        row.is_over = row.last_day < today;
    }
    let is_staff = shell.visitor.as_ref().is_some_and(|visitor| visitor.has_role(Role::Staff));
    let is_member = shell.visitor.as_ref().is_some_and(|visitor| !visitor.seats().is_empty());
    let page = ListPage {
        frame: shell.frame("Executive Committee").within(Section::Committee).failed_if(form.has_errors()),
        committee,
        when: span.in_words(),
        form,
        is_today: span == Span::Day(today),
        dated: span.in_address(today),
        sees_people: (is_staff || is_member) && matches!(span, Span::Day(_)),
        sees_votes: is_staff || is_member,
        is_staff,
    };
    if read.is_ok() { show(&page) } else { show_again(&page) }
}

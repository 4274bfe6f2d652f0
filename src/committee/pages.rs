//! The committee for everybody, and the staff's editor for the people of a seat.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use super::commands::{no_such_seat, seat_people};
use super::form::judged;
use super::rules::{Seat, seats_of_record, vacancies, warnings, who_may_act};
use super::store;
use crate::ids::{InstitutionId, PersonId, SeatId};
use crate::members;
use crate::members::institution::Institution;
use crate::people::access::{Capacity, Role};
use crate::plain;
use crate::refusal::{Failure, Outcome, Refusal};
use crate::store::View;
use crate::web::flash::see_other_saying;
use crate::web::form::FormView;
use crate::web::frame::{Frame, Section, Tone};
use crate::web::page::{Page, show, show_again};
use crate::web::post::Post;
use crate::web::problem::Problem;
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
    membership: &'static str,
    term: String,
    representative: Option<Person>,
    alternate: Option<Person>,
}

struct Committee {
    rows: Vec<Row>,
    vacancies: usize,
    warnings: Vec<String>,
}

/// The seats of record on `day` with the people who act for them then.
fn committee(view: &mut View<'_>, day: NaiveDate) -> Outcome<Committee> {
    let (seats, holders) = (store::seats(view)?, store::holders(view)?);
    let institutions: HashMap<InstitutionId, Institution> =
        members::store::all(view)?.into_iter().map(|one| (one.id, one)).collect();
    let people: HashMap<PersonId, Person> =
        store::people(view, day)?.into_iter().map(|(id, name, address)| (id, Person { name, address })).collect();
    let row = |seat: &Seat| {
        let institution = seat.institution.and_then(|id| institutions.get(&id));
        let acting = who_may_act(seat, &holders, day);
        let person = |capacity: Capacity| {
            let holder = acting.iter().find(|holder| holder.capacity == capacity)?;
            people.get(&holder.person).cloned()
        };
        Row {
            id: seat.id,
            institution: institution.map_or_else(|| "Vacant".to_owned(), |one| one.name.clone()),
            membership: institution.and_then(|one| one.membership_on(day)).map_or("", |kind| kind.label()),
            term: seat.term_in_words(),
            representative: person(Capacity::Representative),
            alternate: person(Capacity::Alternate),
        }
    };
    Ok(Committee {
        rows: seats_of_record(&seats, day).into_iter().map(row).collect(),
        vacancies: vacancies(&seats, day),
        warnings: warnings(&seats, &institutions, day),
    })
}

#[derive(Template)]
#[template(path = "committee/list.html")]
struct ListPage {
    frame: Frame,
    committee: Committee,
    day: String,
    is_today: bool,
    sees_people: bool,
    is_staff: bool,
}

/// The seats of the Executive Committee. Who acts for them is shown to the committee and the staff only.
///
/// # Errors
/// A refusal for a day that is none; a fault of the database.
pub async fn list(shell: Shell, asked: web::Query<Asked>) -> Page {
    let today = shell.service.clock.now().date_naive();
    let day: NaiveDate = if asked.on.is_empty() { today } else { asked.on.parse().map_err(|_| no_such_day())? };
    let committee = shell.service.store.read(move |view| committee(view, day)).await?;
    let is_staff = shell.visitor.as_ref().is_some_and(|visitor| visitor.has_role(Role::Staff));
    let is_member = shell.visitor.as_ref().is_some_and(|visitor| !visitor.seats().is_empty());
    show(&ListPage {
        frame: shell.frame("Executive Committee").within(Section::Committee),
        committee,
        day: plain::day(day).to_string(),
        is_today: day == today,
        sees_people: is_staff || is_member,
        is_staff,
    })
}

fn no_such_day() -> Refusal {
    let sentence = "A day is written as year, month and day, for example 2026-01-31.";
    Refusal::not_found("no-such-day", sentence).onward("The committee today", "/committee")
}

#[derive(Template)]
#[template(path = "committee/seat.html")]
struct SeatPage {
    frame: Frame,
    row: Row,
    form: FormView,
}

/// The editor for the people of a seat.
///
/// # Errors
/// Refused for everybody but staff, and for a seat that does not exist or is not in office.
pub async fn seat(shell: Shell, path: web::Path<SeatId>) -> Page {
    shell.staff()?;
    let row = row_of(&shell, path.into_inner()).await?;
    let mut form = FormView::new();
    for (capacity, person) in [("representative", &row.representative), ("alternate", &row.alternate)] {
        let person = person.clone().unwrap_or_default();
        form = form.with(format!("{capacity}_name"), person.name).with(format!("{capacity}_address"), person.address);
    }
    show(&SeatPage { frame: seat_frame(&shell, &row), row, form })
}

fn seat_frame(shell: &Shell, row: &Row) -> Frame {
    shell.frame(format!("Seat of {}", row.institution)).within(Section::Committee)
}

/// One seat as it is today, or as it begins when it is not yet in office.
async fn row_of(shell: &Shell, id: SeatId) -> Result<Row, Problem> {
    let today = shell.service.clock.now().date_naive();
    let row = shell.service.store.read(move |view| {
        let seat = store::one(view, id)?.ok_or_else(no_such_seat)?;
        let committee = committee(view, today.max(seat.first_day))?;
        Ok(committee.rows.into_iter().find(|row| row.id == id))
    });
    Ok(row.await?.ok_or_else(no_such_seat)?)
}

/// Takes the form of the editor.
///
/// # Errors
/// As for the editor; a form with errors comes back.
pub async fn save(shell: Shell, path: web::Path<SeatId>, post: Post) -> Result<HttpResponse, Problem> {
    let staff = shell.staff()?;
    let id = path.into_inner();
    let now = shell.service.clock.now();
    let outcome = match judged(|name| post.fields.get(name)) {
        Ok(people) => shell.service.store.write(move |tx| seat_people(tx, id, &people, Some(staff), now)).await,
        Err(errors) => Err(errors.into()),
    };
    match outcome {
        Ok(()) => Ok(see_other_saying(&shell.service, "/committee", Tone::Good, "Saved. It holds from today on.")),
        Err(Failure::Fields(errors)) => {
            let row = row_of(&shell, id).await?;
            let form = FormView::filled(post.fields.iter()).failing(errors);
            show_again(&SeatPage { frame: seat_frame(&shell, &row).failed_if(true), row, form })
        }
        Err(failure) => Err(failure.into()),
    }
}

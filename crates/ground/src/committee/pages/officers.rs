//! The staff's page for the officers: who holds which office, appointing and ending.

use std::collections::HashMap;

use askama::Template;

use super::Person;
use crate::committee::commands::officers::{Typed, appoint, end};
use crate::committee::officers::{Officer, seat_of};
use crate::committee::rules::Seat;
use crate::committee::store;
use crate::ids::PersonId;
use crate::people::access::Office;
use crate::plain;
use crate::refusal::{Failure, Outcome};
use crate::store::{View, once};
use crate::web::flash::see_other_saying;
use crate::web::form::{Choice, FormView};
use crate::web::frame::{Frame, Section, Tone};
use crate::web::page::{Page, show, show_again};
use crate::web::post::Post;
use crate::web::problem::Problem;
use crate::web::shell::Shell;
use chrono::NaiveDate;

/// A time in office as the page shows it.
struct Line {
    office: &'static str,
    name: String,
    days: String,
    /// Why it gives no office today, though its days have not ended; empty when it does.
    remark: &'static str,
}

#[derive(Template)]
#[template(path = "committee/officers.html")]
struct OfficersPage {
    frame: Frame,
    lines: Vec<Line>,
    offices: Vec<Choice>,
    people: Vec<Choice>,
    /// The times in office that can be ended.
    lasting: Vec<Choice>,
    form: FormView,
}

/// All that the page shows.
struct Facts {
    lines: Vec<Line>,
    people: Vec<Choice>,
    lasting: Vec<Choice>,
}

fn read(view: &mut View<'_>, today: NaiveDate) -> Outcome<Facts> {
    let (seats, holders) = (store::seats(view)?, store::holders(view)?);
    let officers = store::officers::all(view)?;
    let mut names: HashMap<PersonId, Person> = HashMap::new();
    for (id, name, address) in store::people(view, today)?.into_iter().chain(store::officers::people(view)?) {
        names.insert(id, Person { name, address });
    }
    let institutions: HashMap<_, _> =
        store::institutions_of_seats(view)?.into_iter().map(|(seat, _, name)| (seat, name)).collect();
    let called = |person: PersonId| names.get(&person).map_or_else(String::new, |one| one.called().to_owned());
    let of = |seat: &Seat| institutions.get(&seat.id).cloned().unwrap_or_default();
    let line = |officer: &Officer| {
        let acts = seat_of(officer.person, &seats, &holders, today).is_some();
        Line {
            office: officer.office.label(),
            name: called(officer.person),
            days: days(officer),
            remark: if officer.holds(today) && !acts { "Acts for no seat today, so the office rests." } else { "" },
        }
    };
    let mut acting: Vec<PersonId> = Vec::new();
    for holder in holders.iter().filter(|holder| holder.until.is_none_or(|until| today <= until)) {
        if !acting.contains(&holder.person) && seat_of(holder.person, &seats, &holders, today).is_some() {
            acting.push(holder.person);
        }
    }
    let mut people: Vec<Choice> = acting
        .into_iter()
        .filter_map(|person| {
            let seat = seat_of(person, &seats, &holders, today)?;
            Some(Choice::new(person.to_string(), format!("{}, {}", called(person), of(seat))))
        })
        .collect();
    people.sort_by(|one, other| one.label.cmp(&other.label));
    let mut sorted = officers.clone();
    sorted.sort_by_key(|officer| (officer.office, std::cmp::Reverse(officer.since)));
    let lasts = |officer: &&Officer| officer.until.is_none_or(|until| today <= until);
    let lasting = sorted.iter().filter(lasts).map(|officer| {
        Choice::new(officer.id.to_string(), format!("{}: {}", officer.office.label(), called(officer.person)))
    });
    Ok(Facts { lines: sorted.iter().map(line).collect(), lasting: lasting.collect(), people })
}

fn days(officer: &Officer) -> String {
    match officer.until {
        None => format!("since {}", plain::day(officer.since)),
        Some(until) => format!("{} to {}", plain::day(officer.since), plain::day(until)),
    }
}

async fn page(shell: &Shell, form: FormView) -> Result<OfficersPage, Problem> {
    let today = shell.service.clock.now().date_naive();
    let Facts { lines, people, lasting } = shell.service.store.read(move |view| read(view, today)).await?;
    let frame = shell.frame("Officers of the committee").within(Section::Committee).failed_if(form.has_errors());
    let offices = Office::ALL.iter().map(|office| Choice::new(office.as_str(), office.label())).collect();
    Ok(OfficersPage { frame, lines, offices, people, lasting, form })
}

fn fresh(shell: &Shell) -> FormView {
    FormView::new().with("since", shell.service.clock.now().date_naive().to_string())
}

/// The officers, with the forms to appoint and to end.
///
/// # Errors
/// Refused for everybody but staff.
pub async fn show_officers(shell: Shell) -> Page {
    shell.staff()?;
    let page = page(&shell, fresh(&shell)).await?;
    show(&page)
}

/// Appoints an officer.
///
/// # Errors
/// Refused for everybody but staff; a form with errors comes back.
pub async fn save(shell: Shell, post: Post) -> Page {
    let staff = shell.staff()?;
    let now = shell.service.clock.now();
    let form = FormView::filled(post.fields.iter());
    let outcome = shell
        .service
        .store
        .write(move |tx| {
            once(tx, &post.once, now, |tx| {
                let get = |name: &str| post.fields.get(name);
                let (office, person, since, until) = (get("office"), get("person"), get("since"), get("until"));
                appoint(tx, &Typed { office, person, since, until }, Some(staff), now).map(|()| HERE.to_owned())
            })
        })
        .await;
    answer(&shell, outcome, "The appointment is saved.", form).await
}

/// Ends a time in office.
///
/// # Errors
/// Refused for everybody but staff; a form with errors comes back.
pub async fn finish(shell: Shell, post: Post) -> Page {
    let staff = shell.staff()?;
    let now = shell.service.clock.now();
    let form = FormView::filled(post.fields.iter());
    let outcome = shell
        .service
        .store
        .write(move |tx| {
            once(tx, &post.once, now, |tx| {
                end(tx, post.fields.get("ending"), post.fields.get("last_day"), staff, now).map(|()| HERE.to_owned())
            })
        })
        .await;
    answer(&shell, outcome, "The end is saved.", form).await
}

const HERE: &str = "/committee/officers";

async fn answer(shell: &Shell, outcome: Outcome<String>, said: &str, form: FormView) -> Page {
    match outcome {
        Ok(path) => Ok(see_other_saying(&shell.service, &path, Tone::Good, said)),
        Err(Failure::Fields(errors)) => show_again(&page(shell, form.failing(errors)).await?),
        Err(failure) => Err(failure.into()),
    }
}

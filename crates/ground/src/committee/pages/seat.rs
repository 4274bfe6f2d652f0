//! The staff's editor for the people of a seat.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::{Row, committee};
use crate::committee::commands::{no_such_seat, seat_people};
use crate::committee::form::judged;
use crate::committee::span::Span;
use crate::committee::store;
use crate::ids::SeatId;
use crate::refusal::Failure;
use crate::web::flash::see_other_saying;
use crate::web::form::FormView;
use crate::web::frame::{Frame, Section, Tone};
use crate::web::page::{Page, see_other, show, show_again};
use crate::web::post::Post;
use crate::web::problem::Problem;
use crate::web::shell::Shell;

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
    if row.is_vacant {
        // A vacant seat has no people before it has an institution.
        return Ok(see_other(&format!("/committee/{}/fill", row.id)));
    }
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
pub(super) async fn row_of(shell: &Shell, id: SeatId) -> Result<Row, Problem> {
    let today = shell.service.clock.now().date_naive();
    let row = shell.service.store.read(move |view| {
        let seat = store::one(view, id)?.ok_or_else(no_such_seat)?;
        let committee = committee(view, Span::Day(today.max(seat.first_day)))?;
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

//! What staff do with a seat in the middle of its term: record that it is given up, fill it when it is vacant.

use actix_web::web::Path;
use askama::Template;

use super::Row;
use super::seat::row_of;
use crate::committee::commands::vacancy::{fill, give_up, held, vacant};
use crate::committee::vacancy::NOTICE_DAYS;
use crate::ids::SeatId;
use crate::members;
use crate::plain;
use crate::refusal::{Failure, Outcome};
use crate::store::once;
use crate::web::flash::see_other_saying;
use crate::web::form::{Choice, FormView};
use crate::web::frame::{Frame, Section, Tone};
use crate::web::page::{Page, show, show_again};
use crate::web::post::Post;
use crate::web::problem::Problem;
use crate::web::shell::Shell;
use crate::workday::add_days;

#[derive(Template)]
#[template(path = "committee/give_up.html")]
struct GiveUpPage {
    frame: Frame,
    row: Row,
    form: FormView,
    notice_days: u64,
}

#[derive(Template)]
#[template(path = "committee/fill.html")]
struct FillPage {
    frame: Frame,
    row: Row,
    form: FormView,
    institutions: Vec<Choice>,
}

fn give_up_page(shell: &Shell, row: Row, form: FormView) -> GiveUpPage {
    let frame = shell.frame(format!("{} gives up its seat", row.institution)).within(Section::Committee);
    GiveUpPage { frame: frame.failed_if(form.has_errors()), row, form, notice_days: NOTICE_DAYS }
}

/// The form with which staff record that an institution gives up its seat.
///
/// # Errors
/// Refused for everybody but staff, and for a seat that does not exist, is vacant or not in office.
pub async fn give_up_form(shell: Shell, path: Path<SeatId>) -> Page {
    shell.staff()?;
    let id = path.into_inner();
    let row = row_of(&shell, id).await?;
    let today = shell.service.clock.now().date_naive();
    shell.service.store.read(move |view| held(view, id, today)).await?;
    let form = FormView::new().with("notice", today.to_string()).with("from", add_days(today, NOTICE_DAYS).to_string());
    show(&give_up_page(&shell, row, form))
}

/// Records that an institution gives up its seat.
///
/// # Errors
/// As for the form; a form with errors comes back.
pub async fn record_give_up(shell: Shell, path: Path<SeatId>, post: Post) -> Page {
    let staff = shell.staff()?;
    let id = path.into_inner();
    let moment = shell.service.moment();
    let form = FormView::filled(post.fields.iter());
    let outcome: Outcome<String> = shell
        .service
        .store
        .write(move |tx| {
            once(tx, &post.once, moment.now, |tx| {
                give_up(tx, &moment, id, |name| post.fields.get(name), staff)?;
                Ok("/committee".to_owned())
            })
        })
        .await;
    match outcome {
        Ok(path) => {
            let said = "The seat is given up. The people who act for it are told by mail.";
            Ok(see_other_saying(&shell.service, &path, Tone::Good, said))
        }
        Err(Failure::Fields(errors)) => {
            let row = row_of(&shell, id).await?;
            show_again(&give_up_page(&shell, row, form.failing(errors)))
        }
        Err(failure) => Err(failure.into()),
    }
}

async fn fill_page(shell: &Shell, id: SeatId, form: FormView) -> Result<FillPage, Problem> {
    let row = row_of(shell, id).await?;
    let day = shell.service.clock.now().date_naive();
    let members = shell.service.store.read(members::store::all).await?;
    let members = members.into_iter().filter(|one| one.membership_on(day).is_some_and(|kind| kind.may_hold_seat()));
    let institutions = members.map(|one| Choice::new(one.id.to_string(), one.name)).collect();
    let frame = shell.frame("Fill a vacant seat").within(Section::Committee).failed_if(form.has_errors());
    Ok(FillPage { frame, row, form, institutions })
}

/// The form with which staff record who takes a vacant seat.
///
/// # Errors
/// Refused for everybody but staff, and for a seat that does not exist, is held or not in office.
pub async fn fill_form(shell: Shell, path: Path<SeatId>) -> Page {
    shell.staff()?;
    let id = path.into_inner();
    let today = shell.service.clock.now().date_naive();
    let mut page = fill_page(&shell, id, FormView::new()).await?;
    shell.service.store.read(move |view| vacant(view, id, today)).await?;
    page.form = page.form.with("from", today.max(page.row.first_day).to_string());
    show(&page)
}

/// Records who takes a vacant seat.
///
/// # Errors
/// As for the form; a form with errors comes back.
pub async fn record_fill(shell: Shell, path: Path<SeatId>, post: Post) -> Page {
    let staff = shell.staff()?;
    let id = path.into_inner();
    let moment = shell.service.moment();
    let form = FormView::filled(post.fields.iter());
    let outcome: Outcome<String> = shell
        .service
        .store
        .write(move |tx| {
            once(tx, &post.once, moment.now, |tx| {
                let seat = fill(tx, &moment, id, |name| post.fields.get(name), staff)?;
                Ok(format!("/committee/{seat}"))
            })
        })
        .await;
    match outcome {
        Ok(path) => Ok(see_other_saying(&shell.service, &path, Tone::Good, "The seat is filled. Say who acts for it.")),
        Err(Failure::Fields(errors)) => show_again(&fill_page(&shell, id, form.failing(errors)).await?),
        Err(failure) => Err(failure.into()),
    }
}

impl FillPage {
    /// Until when the seat is to be filled.
    fn last(&self) -> String {
        plain::day(self.row.last_day).to_string()
    }
}

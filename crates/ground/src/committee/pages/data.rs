//! The committee as data, for other programs and spreadsheets.

use actix_web::{HttpRequest, web};

use super::Asked;
use crate::clock::Instant;
use crate::committee::commands::JOURNAL;
use crate::committee::export::Seated;
use crate::committee::rules::Seat;
use crate::committee::span::{NoSpan, Span};
use crate::committee::{store, website};
use crate::members::institution::Institution;
use crate::refusal::{Fault, Outcome, Refusal};
use crate::store::View;
use crate::web::open::{Edition, open_data};
use crate::web::page::Page;
use crate::web::service::Service;
use crate::{audit, members};

/// Seats and institutions as they were read at one moment.
struct Read {
    seats: Vec<Seat>,
    institutions: Vec<Institution>,
    version: String,
    changed: Option<Instant>,
}

/// The day or year that was asked for, if one was.
fn span(asked: &Asked) -> Result<Option<Span>, Refusal> {
    let typed = asked.on.trim();
    let read = (!typed.is_empty()).then(|| typed.parse()).transpose();
    read.map_err(|none: NoSpan| {
        Refusal::not_found("no-such-day", none.to_string()).onward("The committee today", "/committee")
    })
}

async fn read(service: &Service) -> Outcome<Read> {
    let read = |view: &mut View<'_>| {
        let version = format!("{}-{}", store::version(view)?, members::store::version(view)?);
        let (of_seats, of_names) =
            (audit::store::last_at(view, JOURNAL)?, audit::store::last_at(view, members::commands::JOURNAL)?);
        let (seats, institutions) = (store::seats(view)?, members::store::all(view)?);
        Ok(Read { seats, institutions, version, changed: of_seats.max(of_names) })
    };
    service.store.read(read).await
}

async fn answer(
    request: HttpRequest,
    service: &Service,
    asked: &Asked,
    media_type: &str,
    make: impl FnOnce(&Seated<'_>) -> Result<Vec<u8>, Fault>,
) -> Page {
    let now = service.clock.now();
    let asked = span(asked)?;
    let span = asked.unwrap_or(Span::Day(now.date_naive()));
    let read = read(service).await?;
    let version = format!("{} {} {}", read.version, span.first(), span.last());
    let edition = Edition::of(version, read.changed, asked.is_some(), now);
    open_data(&request, &edition, media_type, || make(&Seated::new(&read.seats, &read.institutions, span)))
}

/// The seats as JSON, for any program and any other site.
///
/// # Errors
/// A refusal for what is neither a day nor a year; a fault of the database.
pub async fn json(request: HttpRequest, service: web::Data<Service>, asked: web::Query<Asked>) -> Page {
    answer(request, &service, &asked, "application/json", |seated| seated.json().map(String::into_bytes)).await
}

/// The seats as CSV, for spreadsheets.
///
/// # Errors
/// A refusal for what is neither a day nor a year; a fault of the database.
pub async fn csv(request: HttpRequest, service: web::Data<Service>, asked: web::Query<Asked>) -> Page {
    answer(request, &service, &asked, "text/csv; charset=utf-8", |seated| seated.csv()).await
}

/// The seats as linked data.
///
/// # Errors
/// A refusal for what is neither a day nor a year; a fault of the database.
pub async fn json_ld(request: HttpRequest, service: web::Data<Service>, asked: web::Query<Asked>) -> Page {
    answer(request, &service, &asked, "application/ld+json", |seated| seated.json_ld().map(String::into_bytes)).await
}

/// The website's roster, for Jekyll: every term there ever was, or those of a day or year.
///
/// # Errors
/// A refusal for what is neither a day nor a year; a fault of the database.
pub async fn yml(request: HttpRequest, service: web::Data<Service>, asked: web::Query<Asked>) -> Page {
    let now = service.clock.now();
    let span = span(&asked)?;
    let read = read(&service).await?;
    let of = span.map_or_else(|| "all".to_owned(), |span| format!("{} {}", span.first(), span.last()));
    // It says nothing of today, so it is the same tomorrow.
    let edition = Edition::of(format!("{} {of}", read.version), read.changed, true, now);
    open_data(&request, &edition, "application/yaml", || {
        Ok(website::roster(&read.seats, &read.institutions, span).into_bytes())
    })
}

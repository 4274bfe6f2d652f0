//! The members as data, for other programs, spreadsheets and the Consortium's website.

use actix_web::{HttpRequest, web};
use chrono::NaiveDate;

use super::{Asked, Read, members};
use crate::members::former_name::on_day;
use crate::members::institution::Institution;
use crate::members::{export, website};
use crate::refusal::Fault;
use crate::web::open::{Edition, open_data};
use crate::web::page::Page;
use crate::web::service::Service;

async fn answer(
    request: HttpRequest,
    service: &Service,
    asked: &Asked,
    media_type: &str,
    make: impl FnOnce(&Read, &[Institution], NaiveDate) -> Result<Vec<u8>, Fault>,
) -> Page {
    let now = service.clock.now();
    let on = asked.day(now.date_naive())?;
    let read = members(service).await?;
    let edition = Edition::of(format!("{} {on}", read.version), read.changed, asked.is_dated(), now);
    open_data(&request, &edition, media_type, || make(&read, &on_day(&read.all, on), on))
}

/// The institutions as JSON, for any program and any other site.
///
/// # Errors
/// A refusal for a day that is none; a fault of the database.
pub async fn json(request: HttpRequest, service: web::Data<Service>, asked: web::Query<Asked>) -> Page {
    let make = |_: &Read, all: &[Institution], on| export::json(all, on).map(String::into_bytes);
    answer(request, &service, &asked, "application/json", make).await
}

/// The institutions as CSV, for spreadsheets.
///
/// # Errors
/// A refusal for a day that is none; a fault of the database.
pub async fn csv(request: HttpRequest, service: web::Data<Service>, asked: web::Query<Asked>) -> Page {
    answer(request, &service, &asked, "text/csv; charset=utf-8", |_, all, on| export::csv(all, on)).await
}

/// The members of the Consortium as linked data.
///
/// # Errors
/// A refusal for a day that is none; a fault of the database.
pub async fn json_ld(request: HttpRequest, service: web::Data<Service>, asked: web::Query<Asked>) -> Page {
    let make = |_: &Read, all: &[Institution], on| export::json_ld(all, on).map(String::into_bytes);
    answer(request, &service, &asked, "application/ld+json", make).await
}

/// The website's file, for Jekyll.
///
/// # Errors
/// A refusal for a day that is none; a fault of the database.
pub async fn yml(request: HttpRequest, service: web::Data<Service>, asked: web::Query<Asked>) -> Page {
    let make = |read: &Read, all: &[Institution], on| Ok(website::file(all, read.file.as_ref(), on).into_bytes());
    answer(request, &service, &asked, "application/yaml", make).await
}

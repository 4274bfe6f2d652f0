//! The calendar that a member's program fetches. Programs cannot sign in, so the address itself is the secret.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::Path;

use super::super::calendar::calendar;
use super::super::commands::{self, duties};
use crate::web::page::Page;
use crate::web::shell::Shell;

/// `GET /calendar/{token}`: what waits for the owner of the address at this moment.
///
/// # Errors
/// There is nothing at an address that was never made or has ended; a fault of the database.
pub async fn feed(shell: Shell, token: Path<String>) -> Page {
    let (service, key, now) = (shell.service.clone(), shell.service.key.clone(), shell.service.clock.now());
    let waits = service
        .store
        .read(move |view| {
            let onlooker = commands::reader_of(view, &key, &token, now)?;
            duties::of_person(view, &onlooker, now)
        })
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/calendar; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(calendar(&waits, &service.site, now)))
}

//! Taking letters away: one PDF for its applicant and for staff, many in one ZIP for staff.

use std::io::{Cursor, Write};

use actix_web::http::Method;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ContentEncoding};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{load, request_id};
use crate::ids::{LetterId, SeatId};
use crate::people::access::Role;
use crate::refusal::{Fault, FieldErrors, Outcome};
use crate::web::frame::{Frame, Section};
use crate::web::page::{Page, show};
use crate::web::shell::Shell;
use crate::workflow::letter::commands::{self, Reader};
use crate::workflow::letter::rules;
use crate::workflow::letter::store::{self, Issued};
use crate::workflow::routing::store as routes;

/// The most letters in one ZIP: some ten megabytes.
const MOST_IN_ZIP: usize = 200;

/// `GET /requests/{id}/letter.pdf`: the issued bytes, noted in the journal. HEAD tells of them and notes nothing.
///
/// # Errors
/// To anyone but the applicant and staff there is no such request.
pub async fn letter(shell: Shell, request: HttpRequest, path: web::Path<String>) -> Page {
    let id = request_id(&path)?;
    let visitor = shell.visitor()?.clone();
    let (row, issued, bytes) = shell
        .service
        .store
        .read(move |view| {
            let (row, _) = load(view, id)?;
            let issued = store::in_force(view, id)?;
            let bytes = issued.as_ref().map(|issued| store::bytes(view, issued.id)).transpose()?;
            Ok((row, issued, bytes))
        })
        .await?;
    let reader = match visitor.applicant(id, row.applicant) {
        Ok(applicant) => Reader::Applicant(applicant),
        Err(_) if visitor.has_role(Role::Staff) => Reader::Staff(shell.staff_on(id, routes::recused).await?),
        Err(refusal) => return Err(refusal.into()),
    };
    let (issued, bytes) = issued.zip(bytes).ok_or_else(|| commands::missing(row.stage))?;
    if request.method() != Method::HEAD {
        let moment = shell.service.moment();
        shell.service.store.write(move |tx| commands::download(tx, &moment, reader, id)).await?;
    }
    Ok(attached("application/pdf", &rules::file_name(&issued.register.number), bytes))
}

#[derive(Template)]
#[template(path = "letter/list.html")]
struct List {
    frame: Frame,
    letters: Vec<Issued>,
    most: usize,
}

/// `GET /letters`: the latest issued letters, to pick from.
///
/// # Errors
/// Refused for everybody but staff.
pub async fn list(shell: Shell) -> Page {
    shell.staff()?;
    let seats = seats_of(&shell)?;
    let letters = shell
        .service
        .store
        .read(move |view| {
            let closed = routes::closed_to(view, &seats)?;
            let mut letters = store::latest(view, MOST_IN_ZIP as i64)?;
            letters.retain(|letter| !closed.contains(&letter.request));
            Ok(letters)
        })
        .await?;
    show(&List { frame: shell.frame("Issued letters").within(Section::Queue), letters, most: MOST_IN_ZIP })
}

/// `GET /letters.zip?letter=…&letter=…`: the picked letters in one file; each download is noted.
///
/// # Errors
/// Refused for everybody but staff, and for more than 200 letters.
pub async fn zip(shell: Shell, query: web::Query<Vec<(String, String)>>) -> Page {
    let staff = shell.staff()?;
    let ids: Vec<LetterId> =
        query.iter().filter(|(name, _)| name == "letter").filter_map(|(_, id)| id.parse().ok()).collect();
    if ids.is_empty() || ids.len() > MOST_IN_ZIP {
        let sentence = format!("Pick at least one letter and at most {MOST_IN_ZIP}.");
        return Err(FieldErrors::one("letter", sentence).into());
    }
    let moment = shell.service.moment();
    let seats = seats_of(&shell)?;
    let (letters, bytes) = shell
        .service
        .store
        .read(move |view| {
            let closed = routes::closed_to(view, &seats)?;
            let mut letters = store::of(view, &ids)?;
            letters.retain(|letter| !closed.contains(&letter.request));
            let chosen: Vec<LetterId> = letters.iter().map(|letter| letter.id).collect();
            let bytes = store::bytes_of(view, &chosen)?;
            let files: Vec<(String, Vec<u8>)> = bytes
                .into_iter()
                .filter_map(|(id, bytes)| {
                    let letter = letters.iter().find(|letter| letter.id == id)?;
                    Some((rules::file_name(&letter.register.number), bytes))
                })
                .collect();
            Ok((letters, pack(&files)?))
        })
        .await?;
    shell
        .service
        .store
        .write(move |tx| {
            letters.iter().try_for_each(|letter| commands::download(tx, &moment, Reader::Staff(staff), letter.request))
        })
        .await?;
    Ok(attached("application/zip", "IIIF_letters.zip", bytes))
}

/// The seats that the person acts for, whose conflicts close letters to them.
fn seats_of(shell: &Shell) -> Outcome<Vec<SeatId>> {
    Ok(shell.visitor()?.seats().iter().map(|held| held.seat).collect())
}

/// Files with their names in one ZIP. They are packed already, so they are stored as they are.
fn pack(files: &[(String, Vec<u8>)]) -> Outcome<Vec<u8>> {
    let failed = |error: zip::result::ZipError| Fault::because("the ZIP file cannot be written", error);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in files {
        archive.start_file(name.as_str(), stored).map_err(failed)?;
        archive.write_all(bytes).map_err(|error| failed(error.into()))?;
    }
    Ok(archive.finish().map_err(failed)?.into_inner())
}

/// A file to keep. The name is plain ASCII, so the simple form says it all (RFC 6266, 4.3).
fn attached(kind: &'static str, name: &str, bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, kind))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(ContentEncoding::Identity)
        .body(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zip_holds_the_very_bytes_under_their_names() {
        let files = [("IIIF_LOS-2026-0001.pdf".to_owned(), b"one".to_vec()), ("b.pdf".to_owned(), vec![0; 1000])];
        let packed = pack(&files).unwrap();
        let mut archive = zip::ZipArchive::new(Cursor::new(packed)).unwrap();
        for (name, bytes) in &files {
            let mut read = Vec::new();
            std::io::Read::read_to_end(&mut archive.by_name(name).unwrap(), &mut read).unwrap();
            assert_eq!(&read, bytes);
        }
    }
}

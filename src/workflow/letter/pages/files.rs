//! Taking letters away: one PDF for its applicant and for staff, many in one ZIP for staff.

use std::str::FromStr;

use actix_web::http::Method;
use actix_web::{HttpRequest, web};
use askama::Template;

use super::{archive, load, part, request_id};
use crate::ids::{LetterId, RequestId};
use crate::people::access::Role;
use crate::refusal::{Failure, FieldErrors, Refusal};
use crate::store::Tx;
use crate::table;
use crate::web::frame::{Frame, Section};
use crate::web::page::{Page, download, show, spreadsheet};
use crate::web::shell::Shell;
use crate::workflow::letter::commands::{self, Reader, Rendition};
use crate::workflow::letter::rules::{self, LetterState, Register};
use crate::workflow::letter::store::{self, Issued, seals};
use crate::workflow::request::store::co_applicants;
use crate::workflow::request::store::recused::{closed_to, recused};

/// The most letters in one ZIP: some twenty megabytes with their signed originals.
const MOST_IN_ZIP: usize = 200;
/// How many letters a table holds at most.
const IN_TABLE: i64 = 10_000;

/// `GET /requests/{id}/letter.pdf`: the issued bytes or the part of them that is asked for, noted in the journal. HEAD
/// tells of them and notes nothing.
///
/// # Errors
/// To anyone but the applicant and staff there is no such request.
pub async fn letter(shell: Shell, request: HttpRequest, path: web::Path<String>) -> Page {
    take(shell, &request, &path, Rendition::Flat).await
}

/// `GET /requests/{id}/letter-signed.pdf`: the signed original, in the same way.
///
/// # Errors
/// To anyone but the applicant and staff there is no such request; a letter may have no signed original.
pub async fn signed(shell: Shell, request: HttpRequest, path: web::Path<String>) -> Page {
    take(shell, &request, &path, Rendition::Signed).await
}

async fn take(shell: Shell, request: &HttpRequest, path: &str, rendition: Rendition) -> Page {
    let id = request_id(path)?;
    let visitor = shell.visitor()?.clone();
    let person = visitor.person();
    let (row, issued, file, name, share) = shell
        .service
        .store
        .read(move |view| {
            let (row, _) = load(view, id)?;
            let issued = store::in_force(view, id)?;
            let name = issued.as_ref().map(|issued| store::call::file_name(view, issued.id)).transpose()?.flatten();
            let file = match (&issued, rendition) {
                (None, _) => None,
                (Some(issued), Rendition::Flat) => Some((issued.sha256.clone(), store::bytes(view, issued.id)?)),
                (Some(issued), Rendition::Signed) => {
                    seals::of(view, issued.id)?.map(|seal| seal.sha256).zip(seals::bytes(view, issued.id)?)
                }
            };
            let share = co_applicants::share(view, &row, person)?;
            Ok((row, issued, file, name, share))
        })
        .await?;
    let reader = match visitor.insider(id, share) {
        Ok(insider) => Reader::Applicant(insider),
        Err(_) if visitor.has_role(Role::Staff) => Reader::Staff(shell.staff_on(id, recused).await?),
        Err(refusal) => return Err(refusal.into()),
    };
    let issued = issued.ok_or_else(|| commands::missing(row.stage))?;
    let onward = |refusal: Refusal| refusal.onward("Download the file to submit", format!("/requests/{id}/letter.pdf"));
    let (sha256, bytes) = file.ok_or_else(|| onward(commands::unsigned()))?;
    let part = part::asked(request, &sha256, bytes.len());
    // Whoever goes on with a download that broke off has been noted already.
    if request.method() != Method::HEAD && part.is_beginning() {
        let moment = shell.service.moment();
        shell.service.store.write(move |tx| commands::download(tx, &moment, reader, id, rendition)).await?;
    }
    let name = match rendition {
        // The name that the funder prescribes is for what is submitted.
        Rendition::Flat => name.unwrap_or_else(|| rules::file_name(&issued.register.number)),
        Rendition::Signed => rules::signed_name(&issued.register.number),
    };
    Ok(part.answer("application/pdf", &name, bytes))
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
    let onlooker = shell.visitor()?.onlooker();
    let letters = shell
        .service
        .store
        .read(move |view| {
            let closed = closed_to(view, &onlooker)?;
            let mut letters = store::latest(view, MOST_IN_ZIP as i64)?;
            letters.retain(|letter| !closed.contains(&letter.request));
            Ok(letters)
        })
        .await?;
    show(&List { frame: shell.frame("Issued letters").within(Section::Queue), letters, most: MOST_IN_ZIP })
}

/// `GET /letters.csv`: every letter that was issued, whatever became of it, as a table for a spreadsheet.
///
/// # Errors
/// Refused for everybody but staff.
pub async fn csv(shell: Shell) -> Page {
    shell.staff()?;
    let onlooker = shell.visitor()?.onlooker();
    let letters = shell.service.store.read(move |view| {
        let closed = closed_to(view, &onlooker)?;
        let mut letters = store::latest(view, IN_TABLE)?;
        letters.retain(|letter| !closed.contains(&letter.request));
        Ok(letters)
    });
    let rows = letters.await?.into_iter().map(|letter| {
        let (issued, ended) = (table::instant(letter.at), letter.ended_at.map(table::instant).unwrap_or_default());
        let Register { number, date, applicant, funder, programme, title, pages, .. } = letter.register;
        let (date, pages) = (date.to_string(), pages.to_string());
        [number, date, letter.state.label().to_owned(), title, applicant, funder, programme, pages, issued, ended]
    });
    let headings = [
        "Number",
        "Date",
        "State",
        "Project",
        "Applicant",
        "Funder",
        "Programme",
        "Pages",
        "Issued (UTC)",
        "Superseded or revoked (UTC)",
    ];
    Ok(spreadsheet("letters.csv", table::csv(headings, rows)?))
}

/// `GET /letters.zip?letter=…&request=…`: the picked letters and those in force of the picked requests, with their signed
/// originals, in one file; each download is noted.
///
/// # Errors
/// Refused for everybody but staff, for more than 200 letters, and when none of them is in force.
pub async fn zip(shell: Shell, query: web::Query<Vec<(String, String)>>) -> Page {
    let staff = shell.staff()?;
    let ids: Vec<LetterId> = picked(&query, "letter");
    let requests: Vec<RequestId> = picked(&query, "request");
    if !(1..=MOST_IN_ZIP).contains(&(ids.len() + requests.len())) {
        let sentence = format!("Pick at least one letter and at most {MOST_IN_ZIP}.");
        return Err(FieldErrors::one("letter", sentence).into());
    }
    let moment = shell.service.moment();
    let onlooker = shell.visitor()?.onlooker();
    let read = shell.service.store.read(move |view| {
        let closed = closed_to(view, &onlooker)?;
        let mut letters = store::of(view, &ids)?;
        for request in requests {
            letters.extend(store::in_force(view, request)?);
        }
        letters.retain(|letter| letter.state == LetterState::Issued && !closed.contains(&letter.request));
        letters.sort_by(|one, other| one.register.number.cmp(&other.register.number));
        letters.dedup_by_key(|letter| letter.id);
        Ok(letters)
    });
    let mut letters = Vec::new();
    for letter in read.await? {
        let (moment, request) = (moment.clone(), letter.request);
        let note =
            move |tx: &mut Tx<'_>| commands::download(tx, &moment, Reader::Staff(staff), request, Rendition::Flat);
        match shell.service.store.write(note).await {
            Ok(()) => letters.push(letter),
            // It was revoked a moment ago; the others are taken all the same.
            Err(Failure::Refusal(_)) => {}
            Err(failure) => return Err(failure.into()),
        }
    }
    if letters.is_empty() {
        let sentence = "None of these letters is in force, so there is no file.";
        return Err(Refusal::not_found("no-letter", sentence).onward("Issued letters", "/letters").into());
    }
    let archive = archive::stream(shell.service.store.clone(), letters);
    Ok(download("application/zip", "IIIF_letters.zip").body(archive))
}

/// The ids that an address picks under `name`.
fn picked<T: FromStr>(query: &[(String, String)], name: &str) -> Vec<T> {
    query.iter().filter(|(known, _)| known == name).filter_map(|(_, id)| id.parse().ok()).collect()
}

//! One attachment as a download, piece by piece: always a file to keep, never something that a browser shows.

use std::fs::File;
use std::io::{self, Read};

use actix_web::body::SizedStream;
use actix_web::http::Method;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ContentEncoding, HeaderName,
};
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream::{self, Stream};

use super::arrival::blocking;
use crate::ids::{AttachmentId, RequestId};
use crate::people::access::{Role, Visitor, no_such_request};
use crate::refusal::{Outcome, Refusal};
use crate::store::View;
use crate::web::page::Page;
use crate::web::shell::Shell;
use crate::workflow::request::attachment::file::Attachment;
use crate::workflow::request::attachment::name::disposition;
use crate::workflow::request::attachment::rules::{Reader, may_download};
use crate::workflow::request::commands::attachments::no_such_file;
use crate::workflow::request::store::depot::Depot;
use crate::workflow::request::store::recused::recused;
use crate::workflow::request::store::{self, Request, attachments, co_applicants};
use crate::workflow::review::store::motions;
use crate::workflow::routing::rules::undeclared;
use crate::workflow::routing::store as routes;
use crate::workflow::stage::StageName;

/// How many bytes are read at once.
const PIECE: usize = 1 << 16;

/// `GET /requests/{id}/attachments/{attachment}`: the bytes as they were attached; HEAD tells of them.
///
/// # Errors
/// To whoever may not read the request there is no such request, or a refusal that says why; not found without such a
/// file; a fault when a file is not there that should be.
pub async fn download(
    shell: Shell,
    request: HttpRequest,
    depot: web::Data<Depot>,
    path: web::Path<(String, String)>,
) -> Page {
    let (id, file) = path.into_inner();
    must_be_to_keep(&request)?;
    let visitor = shell.visitor()?.clone();
    let id: RequestId = id.parse().map_err(|_| no_such_request())?;
    let file: Option<AttachmentId> = file.parse().ok();
    let found = shell.service.store.read(move |view| find(view, id, file, &visitor)).await?;
    let (sha256, size) = (found.sha256.clone(), found.size);
    let opened = blocking(move || depot.open(&sha256, size)).await?;
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((CONTENT_TYPE, found.format.media_type()))
        .insert_header((CONTENT_DISPOSITION, disposition(&found.name)))
        .insert_header((CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'; frame-ancestors 'none'"))
        .insert_header((HeaderName::from_static("cross-origin-resource-policy"), "same-origin"))
        .insert_header((CACHE_CONTROL, "private, no-store"))
        .insert_header(ContentEncoding::Identity);
    if request.method() == Method::HEAD {
        return Ok(answer.body(SizedStream::new(size, stream::empty::<io::Result<Bytes>>())));
    }
    Ok(answer.body(SizedStream::new(size, pieces(opened))))
}

/// Refuses to be loaded as a part of a page: as its picture, its frame, its script.
fn must_be_to_keep(request: &HttpRequest) -> Result<(), Refusal> {
    let purpose = request.headers().get("sec-fetch-dest").and_then(|purpose| purpose.to_str().ok());
    if purpose.is_none_or(|purpose| matches!(purpose, "document" | "empty")) {
        return Ok(());
    }
    Err(Refusal::forbidden("download-only", "An attachment can be downloaded, and is never shown inside a page."))
}

/// The file, for whoever may read it.
fn find(view: &mut View<'_>, id: RequestId, file: Option<AttachmentId>, visitor: &Visitor) -> Outcome<Attachment> {
    let request = store::find(view, id)?.ok_or_else(no_such_request)?;
    let reader = reader_of(view, &request, visitor)?;
    let all = attachments::of(view, id)?;
    let found = all.into_iter().find(|one| Some(one.id) == file && may_download(one, reader));
    Ok(found.ok_or_else(no_such_file)?)
}

/// In which charge the person reads the request: their own; else for a seat that has declared, or as staff. A conflict of
/// interest of any of their seats closes it.
pub(in crate::workflow::request::pages) fn reader_of(
    view: &mut View<'_>,
    request: &Request,
    visitor: &Visitor,
) -> Outcome<Reader> {
    let id = request.id;
    if visitor.insider(id, co_applicants::share(view, request, visitor.person())?).is_ok() {
        return Ok(Reader::Applicant);
    }
    let (seats, is_staff) = (visitor.seats(), visitor.has_role(Role::Staff));
    let is_sent = request.stage.name() != StageName::Draft && request.reference.is_some();
    if !is_sent || (seats.is_empty() && !is_staff) {
        return Err(no_such_request().into());
    }
    let declared = routes::declarations(view, id)?;
    let recused = recused(view, id)?;
    for held in seats {
        visitor.member_for(held.seat)?.voter(id, true, &recused)?;
    }
    let is_routed = motions::latest(view, id)?.is_some();
    if is_routed && seats.iter().any(|held| declared.iter().any(|one| one.seat == held.seat)) {
        return Ok(Reader::Reviewer);
    }
    if is_staff {
        return Ok(visitor.staff_on(&recused).map(|_| Reader::Reviewer)?);
    }
    Err(if is_routed { undeclared(id) } else { no_such_request() }.into())
}

/// The pieces of a file as they are asked for. One that cannot be read breaks the download off.
fn pieces(file: File) -> impl Stream<Item = io::Result<Bytes>> {
    stream::try_unfold(file, |mut file| async move {
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = vec![0; PIECE];
            let length = file.read(&mut piece)?;
            piece.truncate(length);
            io::Result::Ok((Bytes::from(piece), file))
        });
        let (piece, file) = read.await.map_err(io::Error::other)??;
        Ok((!piece.is_empty()).then_some((piece, file)))
    })
}

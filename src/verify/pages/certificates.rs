//! `GET /verify/certificate.pem`: every certificate that letters are or were signed with, so that a signed original can
//! be checked without trusting the file itself. None is ever taken off.

use std::fmt::Write as _;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};

use crate::refusal::Refusal;
use crate::web::page::Page;
use crate::web::shell::Shell;
use crate::workflow::letter::store::seals;

/// The file: the latest certificate first, each with its particulars above it.
///
/// # Errors
/// There is none when no letter was ever signed.
pub async fn certificates(shell: Shell) -> Page {
    let certificates = shell.service.store.read(seals::certificates).await?;
    if certificates.is_empty() {
        let sentence = "The Consortium has signed no letter digitally yet. Check letters by their code.";
        return Err(Refusal::not_found("no-certificate", sentence).onward("Check a letter", "/verify").into());
    }
    let mut text = String::new();
    for certificate in &certificates {
        let (subject, vouched, validity) = (&certificate.subject, certificate.vouched(), certificate.validity());
        let _ = writeln!(text, "{subject}, {vouched}\nValid {validity}\nSHA-256 {}", certificate.fingerprint());
        let _ = writeln!(text, "{}", certificate.pem());
    }
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/x-pem-file"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"IIIF_letters.pem\""))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(text))
}

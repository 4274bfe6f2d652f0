//! What a house of the letter looks like: its made-up letter as the real PDF, and its pictures. For staff alone.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use actix_web::{HttpResponse, web};

use super::{named, no_such_version};
use crate::web::page::Page;
use crate::web::shell::Shell;
use crate::workflow::letter::commands::house::sample;
use crate::workflow::letter::pages::edit::inline_pdf;
use crate::workflow::letter::pages::place;
use crate::workflow::letter::pages::printing::Printing;
use crate::workflow::letter::{pdf, rules};

/// `GET /letters/house/{which}/letter.pdf`: a made-up letter of a version, or of what who asks is changing.
///
/// # Errors
/// Refused for everybody but staff, and for a version that does not exist.
pub async fn letter(shell: Shell, printing: web::Data<Printing>, which: web::Path<String>) -> Page {
    let house = named(&shell, &which).await?;
    let text = sample(&house, &place(&shell.service), shell.service.clock.now().date_naive())?;
    let name = rules::file_name(&text.number);
    let printed = printing.print(text).await?.map_err(pdf::failure)?;
    Ok(inline_pdf(&name, printed.bytes))
}

/// `GET /letters/house/{which}/{picture}`: the logo or the signature.
///
/// # Errors
/// Refused for everybody but staff; not found without such a picture.
pub async fn picture(shell: Shell, path: web::Path<(String, String)>) -> Page {
    let (which, picture) = path.into_inner();
    let house = named(&shell, &which).await?;
    let picture = match picture.as_str() {
        "logo" => house.pictures.logo,
        "signature" => house.pictures.signature,
        _ => None,
    };
    let picture = picture.ok_or_else(no_such_version)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, picture.format.media_type()))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"))
        .body(picture.bytes.to_vec()))
}

//! Data that is open to everybody: other programs, other sites and caches on the way.

use actix_web::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse};

use super::page::Page;
use crate::refusal::Fault;

/// How long others may keep the data without asking again, in seconds.
const KEPT_FOR: u32 = 300;

/// Answers with data of this media type. Whoever has the `version` already is told so (RFC 9110, 13.1.2), and the data
/// is not made. The tag is a weak one, because compression changes the bytes.
///
/// # Errors
/// What `make` fails with.
pub fn open_data(
    request: &HttpRequest,
    version: &str,
    media_type: &str,
    make: impl FnOnce() -> Result<Vec<u8>, Fault>,
) -> Page {
    let tag = format!("\"{version}\"");
    let known = request.headers().get(IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_known = known.split(',').map(|one| one.trim().trim_start_matches("W/")).any(|one| one == tag || one == "*");
    let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer
        .insert_header((ETAG, format!("W/{tag}")))
        .insert_header((CACHE_CONTROL, format!("public, max-age={KEPT_FOR}")))
        .insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, "*"));
    if is_known { Ok(answer.finish()) } else { Ok(answer.content_type(media_type).body(make()?)) }
}

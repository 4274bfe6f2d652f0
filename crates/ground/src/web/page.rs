//! Answers: a page, a page that came back with errors, a way onward.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ContentEncoding, HeaderValue, LOCATION,
};
use actix_web::{HttpResponse, HttpResponseBuilder};
use askama::Template;

use super::guard::SENDING_POLICY;
use super::problem::Problem;
use crate::refusal::Fault;

/// What a page's handler returns.
pub type Page = Result<HttpResponse, Problem>;

/// A page that is as it should be. It is not kept by caches, since most pages are somebody's own.
///
/// # Errors
/// A fault when the template cannot be rendered.
pub fn show(template: &impl Template) -> Page {
    answer(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")), template)
}

/// A form that came back with errors: status 422.
///
/// # Errors
/// A fault when the template cannot be rendered.
pub fn show_again(template: &impl Template) -> Page {
    answer(HttpResponse::build(StatusCode::UNPROCESSABLE_ENTITY).insert_header((CACHE_CONTROL, "no-store")), template)
}

/// A form that came back because somebody else was faster: status 409.
///
/// # Errors
/// A fault when the template cannot be rendered.
pub fn show_conflict(template: &impl Template) -> Page {
    answer(HttpResponse::build(StatusCode::CONFLICT).insert_header((CACHE_CONTROL, "no-store")), template)
}

fn answer(builder: &mut HttpResponseBuilder, template: &impl Template) -> Page {
    Ok(builder.content_type(HTML).body(rendered(template)?))
}

/// The media type of pages.
pub(super) const HTML: &str = "text/html; charset=utf-8";

pub(super) fn rendered(template: &impl Template) -> Result<String, Fault> {
    template.render().map_err(|error| Fault::because("a page could not be rendered", error))
}

/// A file to keep, called `name`, which is plain ASCII (RFC 6266, 4.3). It is not kept by caches, and not compressed.
pub fn download(media_type: &str, name: &str) -> HttpResponseBuilder {
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((CONTENT_TYPE, media_type))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(ContentEncoding::Identity);
    answer
}

/// A table to keep, called `name`, for a spreadsheet.
pub fn spreadsheet(name: &str, rows: Vec<u8>) -> HttpResponse {
    download("text/csv; charset=utf-8", name).body(rows)
}

/// A page whose script sends its form itself: to show how far it has come, or to keep what is typed.
///
/// # Errors
/// As for `page`.
pub fn sending(page: Page) -> Page {
    let mut page = page?;
    page.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(SENDING_POLICY));
    Ok(page)
}

/// The field of a form that its page sends by itself while somebody types.
pub const AS_TYPED: &str = "as_typed";

/// What was typed is kept, and the page stays as it is. `seen` is the fingerprint of what is kept now, for its form.
pub fn kept_as_typed(seen: &str) -> HttpResponse {
    HttpResponse::NoContent().insert_header(("seen", seen)).insert_header((CACHE_CONTROL, "no-store")).finish()
}

/// The same with a piece of the page that has changed with what was typed.
///
/// # Errors
/// A fault when the piece cannot be rendered.
pub fn kept_as_typed_telling(seen: &str, piece: &impl Template) -> Page {
    let mut answer = HttpResponse::Ok();
    answer.insert_header(("seen", seen)).insert_header((CACHE_CONTROL, "no-store"));
    Ok(answer.content_type(HTML).body(rendered(piece)?))
}

/// After a form was accepted: go to `path` (RFC 9110, 15.4.4).
pub fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, path)).finish()
}

//! Answers: a page, a page that came back with errors, a way onward.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use actix_web::{HttpResponse, HttpResponseBuilder};
use askama::Template;

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

/// After a form was accepted: go to `path` (RFC 9110, 15.4.4).
pub fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, path)).finish()
}

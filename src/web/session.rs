//! The web session: who is asking, by the cookie of their browser.

use actix_web::HttpRequest;

use super::service::Service;
use crate::people::access::Visitor;
use crate::refusal::Outcome;

/// Who is asking, if they are signed in.
///
/// # Errors
/// A fault of the database.
pub async fn visitor(_request: &HttpRequest, _service: &Service) -> Outcome<Option<Visitor>> {
    Ok(None)
}

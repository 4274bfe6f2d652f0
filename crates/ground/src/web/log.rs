//! One line in the log for each request: its route, not its address, because addresses can hold the token of a sign-in
//! link; and nothing of who asks. The request's id ties the lines of one request together.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::{Error, HttpMessage};
use tracing::Span;
use tracing::field::{Empty, display};
use tracing_actix_web::{RequestId, RootSpanBuilder};

/// Begins and ends the log of a request.
pub struct ByRoute;

impl RootSpanBuilder for ByRoute {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let route = request.match_pattern().unwrap_or_else(|| "none".to_owned());
        let span = tracing::info_span!("request", id = Empty, method = %request.method(), route);
        if let Some(id) = request.extensions().get::<RequestId>() {
            span.record("id", display(id));
        }
        span
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let status = match outcome {
            Ok(response) => response.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        span.in_scope(|| tracing::info!(status = status.as_u16(), "answered"));
    }
}

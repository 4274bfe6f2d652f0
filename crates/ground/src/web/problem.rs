//! The three kinds of failure as answers. The only place that knows which status each has.

use std::error::Error;
use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue, LOCATION, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};
use askama::Template;

use super::frame::Frame;
use crate::ids::FaultId;
use crate::refusal::{Failure, Fault, FieldErrors, Onward, Refusal, RefusalKind};

/// A failure on its way to the person.
#[derive(Debug)]
pub struct Problem {
    failure: Failure,
    reference: FaultId,
}

impl<F: Into<Failure>> From<F> for Problem {
    fn from(failure: F) -> Self {
        let problem = Self { failure: failure.into(), reference: FaultId::fresh() };
        if let Failure::Fault(fault) = &problem.failure {
            tracing::error!(reference = %problem.reference, cause = %chain(fault), "fault");
        }
        problem
    }
}

/// A fault with all its causes in one line.
fn chain(fault: &Fault) -> String {
    let mut line = fault.to_string();
    let mut cause = fault.source();
    while let Some(error) = cause {
        line.push_str(": ");
        line.push_str(&error.to_string());
        cause = error.source();
    }
    line
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "problem {}", self.reference)
    }
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'p> {
    frame: Frame,
    sentence: &'p str,
    reference: &'p str,
    onward: &'p [Onward],
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        match &self.failure {
            Failure::Fields(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Failure::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Failure::Refusal(refusal) => match refusal.kind {
                RefusalKind::NotFound => StatusCode::NOT_FOUND,
                RefusalKind::Forbidden => StatusCode::FORBIDDEN,
                RefusalKind::Conflict => StatusCode::CONFLICT,
                RefusalKind::TooMany => StatusCode::TOO_MANY_REQUESTS,
                RefusalKind::SignIn => StatusCode::SEE_OTHER,
                RefusalKind::Busy => StatusCode::SERVICE_UNAVAILABLE,
            },
        }
    }

    /// The answer as far as it needs no database; the guard draws it again in the frame of the person who asks.
    fn error_response(&self) -> HttpResponse {
        self.answer(Frame::new(""))
    }
}

impl Problem {
    /// The answer, drawn in `frame`.
    pub(super) fn answer(&self, frame: Frame) -> HttpResponse {
        match &self.failure {
            Failure::Fields(errors) => {
                self.page(frame.titled("Something is missing or wrong"), &listed(errors), "", &[])
            }
            Failure::Refusal(refusal) => self.refusal(frame, refusal),
            Failure::Fault(_) => self.page(
                frame.titled("Something broke on our side"),
                "Nothing you entered was used half-way: the step was either done completely or not at all. Go back and look, then try again.",
                &self.reference.to_string(),
                &[],
            ),
        }
    }

    fn refusal(&self, frame: Frame, refusal: &Refusal) -> HttpResponse {
        let title = match refusal.kind {
            RefusalKind::SignIn => {
                let href = refusal.onward.first().map_or("/sign-in", |onward| onward.href.as_str());
                return HttpResponse::SeeOther().insert_header((LOCATION, href)).finish();
            }
            RefusalKind::NotFound => "Nothing here",
            RefusalKind::Forbidden => "Not for you to do",
            RefusalKind::Conflict => "Not possible now",
            RefusalKind::TooMany => "Too often",
            RefusalKind::Busy => "Very busy",
        };
        let mut answer = self.page(frame.titled(title), &refusal.sentence, "", &refusal.onward);
        if matches!(refusal.kind, RefusalKind::TooMany | RefusalKind::Busy) {
            let seconds = if refusal.kind == RefusalKind::Busy { "5" } else { "60" };
            answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(seconds));
        }
        answer
    }

    fn page(&self, frame: Frame, sentence: &str, reference: &str, onward: &[Onward]) -> HttpResponse {
        let page = ProblemPage { frame, sentence, reference, onward };
        let html = page.render().unwrap_or_else(|_| format!("{}. {sentence} {reference}", page.frame.title));
        HttpResponse::build(self.status_code())
            .insert_header((CACHE_CONTROL, "no-store"))
            .content_type("text/html; charset=utf-8")
            .body(html)
    }
}

fn listed(errors: &FieldErrors) -> String {
    errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join(" ")
}

/// The answer for an address that leads nowhere.
pub async fn nowhere() -> Result<HttpResponse, Problem> {
    Err(Refusal::not_found("no-page", "There is no page at this address. Check it, or start from one of these.")
        .onward("Questions and answers", "/faq")
        .onward("Check a letter", "/verify")
        .into())
}

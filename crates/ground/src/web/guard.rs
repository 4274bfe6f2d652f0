//! What stands before every page: requests from other sites are refused, every browser has a name to tie its forms to,
//! and every answer carries the security headers.

use actix_web::body::MessageBody;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY};
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest, web};

use super::flash;
use super::problem::Problem;
use super::service::Service;
use super::session;
use super::shell::Shell;
use crate::ids::nonce;
use crate::people::token::cookie_text;
use crate::refusal::Refusal;

const BROWSER: &str = "browser";

/// The random name of a browser; form tokens are tied to it.
#[derive(Debug, Clone)]
pub struct BrowserName(pub String);

/// Noted by a page that showed the message after an action.
pub(super) struct FlashShown;

/// What a page may load and where its forms go.
macro_rules! policy {
    ($more:literal) => {
        concat!(
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; ",
            "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'",
            $more
        )
    };
}

const POLICY: &str = policy!("");

/// The policy of a page whose script sends its form itself.
pub(super) const SENDING_POLICY: &str = policy!("; connect-src 'self'");

const HEADERS: [(&str, &str); 4] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=()"),
];

/// The middleware. Answers that set a stricter or other policy of their own keep it.
///
/// # Errors
/// A refusal for a form sent from another site.
pub async fn guard(request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse, Error> {
    let Some(service) = request.app_data::<web::Data<Service>>().cloned() else {
        return Err(Problem::from(crate::refusal::Fault::new("the service is not there")).into());
    };
    let foreign = changes_something(request.method()) && !comes_from_here(request.request(), &service);
    let cookie_name = service.cookie_name(BROWSER);
    let known = request.cookie(&cookie_name).map(|cookie| cookie.value().to_owned()).filter(|name| name.len() == 43);
    let is_new = known.is_none();
    let name = known.unwrap_or_else(|| cookie_text(nonce()));
    request.extensions_mut().insert(BrowserName(name.clone()));

    let response =
        if foreign { request.error_response(other_site()) } else { next.call(request).await?.map_into_boxed_body() };
    let mut response = in_frame(response).await;
    let asked = response.request().clone();
    session::hand_over(&asked, response.response_mut());
    let shown = response.request().extensions().get::<FlashShown>().is_some();
    if is_new {
        let mut cookie = Cookie::new(cookie_name, name);
        cookie.set_path("/");
        cookie.set_http_only(true);
        cookie.set_secure(service.config.is_https());
        cookie.set_same_site(SameSite::Lax);
        response.response_mut().add_cookie(&cookie)?;
    }
    if shown {
        response.response_mut().add_cookie(&flash::taken(&service))?;
    }
    add_headers(&mut response, &service);
    Ok(response)
}

fn other_site() -> Problem {
    let sentence = "This form was not sent from our own page. Open the page again and send it from there.";
    Refusal::forbidden("other-site", sentence).into()
}

/// A page that tells of a problem, drawn again with the navigation and the notices of the person who asks.
/// When they cannot be found out either, the plain page stays.
async fn in_frame(response: ServiceResponse) -> ServiceResponse {
    let is_problem = response.response().error().is_some_and(|error| error.as_error::<Problem>().is_some());
    if !is_problem || response.status().is_redirection() {
        return response;
    }
    let Ok(shell) = Shell::extract(response.request()).await else { return response };
    let problem = response.response().error().and_then(Error::as_error::<Problem>);
    let Some(answer) = problem.map(|problem| problem.answer(shell.frame(""))) else { return response };
    ServiceResponse::new(response.request().clone(), answer)
}

fn add_headers<B>(response: &mut ServiceResponse<B>, service: &Service) {
    let headers = response.headers_mut();
    let mut add = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    add(CONTENT_SECURITY_POLICY, POLICY);
    // Not `no-referrer`: browsers then send `Origin: null` with our own forms.
    add(REFERRER_POLICY, "same-origin");
    for (name, value) in HEADERS {
        add(HeaderName::from_static(name), value);
    }
    if service.config.is_https() {
        add(HeaderName::from_static("strict-transport-security"), "max-age=63072000; includeSubDomains");
    }
}

fn changes_something(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether a browser says that the form was sent from one of our own pages. A client that says neither is refused.
fn comes_from_here(request: &HttpRequest, service: &Service) -> bool {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    match header("sec-fetch-site") {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => header("origin") == Some(service.site.public_url.as_str()),
    }
}

/// The name of the asking browser.
pub fn browser_name(request: &HttpRequest) -> String {
    request.extensions().get::<BrowserName>().map(|name| name.0.clone()).unwrap_or_default()
}

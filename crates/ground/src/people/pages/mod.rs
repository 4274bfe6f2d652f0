//! The pages of sign-in and of the account. What they share: nothing of them is kept by browsers or found by search
//! engines, and no address that holds a token is told to another site.

pub mod account;
pub mod invite;
pub mod sign_in;
pub mod walk_in;

use actix_web::http::header::{CACHE_CONTROL, HeaderName, HeaderValue, REFERRER_POLICY};
use actix_web::{HttpRequest, HttpResponse};

use super::browser::family;
use super::commands::Asker;
use super::token::digest;
use crate::web::client;
use crate::web::page::see_other;
use crate::web::service::Service;
use crate::web::session::value;

/// Ties an attempt to the browser that asked; half an hour.
const ATTEMPT: &str = "attempt";
/// Holds the token of an opened link until the button is pressed; ten minutes.
const LINK: &str = "link";
/// Holds the token of an invitation until the mail is asked for; half an hour.
const INVITE: &str = "invite";
/// The mark of a browser that has signed in before; a year.
const KNOWN: &str = "known";

/// The browser that asks.
fn asker(request: &HttpRequest, service: &Service) -> Asker {
    let header = request.headers().get("user-agent").and_then(|value| value.to_str().ok());
    let network = client::network(client::address(request, service));
    Asker {
        browser_hash: value(request, service, ATTEMPT).map(|secret| digest(&secret)).unwrap_or_default(),
        known_mark: value(request, service, KNOWN).unwrap_or_default(),
        network: service.key.fingerprint("network", &network),
        family: family(header.unwrap_or_default()),
    }
}

/// The same answer with the headers of a page about signing in. The referrer is not left out altogether: browsers
/// would then send `Origin: null` with the form, and our own form would look like another site's.
fn guarded(mut answer: HttpResponse) -> HttpResponse {
    let headers = answer.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("strict-origin"));
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    answer
}

/// On to `path`.
fn onward(path: &str) -> HttpResponse {
    guarded(see_other(path))
}

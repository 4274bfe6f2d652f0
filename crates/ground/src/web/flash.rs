//! The message after an action: a cookie set with the redirect, shown once and taken away by the next page.

use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::frame::{Flash, Tone};
use super::page::see_other;
use super::service::Service;

const NAME: &str = "flash";

/// After a form was accepted: go to `path` and say there what happened.
pub fn see_other_saying(service: &Service, path: &str, tone: Tone, text: &str) -> HttpResponse {
    let mut answer = see_other(path);
    let value = URL_SAFE_NO_PAD.encode(format!("{}|{text}", tone.as_str()));
    let cookie = Cookie::build(service.cookie_name(NAME), value)
        .path("/")
        .http_only(true)
        .secure(service.config.is_https())
        .same_site(SameSite::Lax)
        .finish();
    // A message too long for a cookie is left out; the page it leads to shows the new state anyway.
    let _ = answer.add_cookie(&cookie);
    answer
}

/// The message waiting for this browser, if any.
pub(super) fn waiting(request: &HttpRequest, service: &Service) -> Option<Flash> {
    let cookie = request.cookie(&service.cookie_name(NAME))?;
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cookie.value()).ok()?).ok()?;
    let (tone, text) = text.split_once('|')?;
    let tone = [Tone::Info, Tone::Good, Tone::Warn, Tone::Bad].into_iter().find(|known| known.as_str() == tone)?;
    Some(Flash { tone, text: text.to_owned() })
}

/// The cookie that takes the message away once it was shown.
pub(super) fn taken(service: &Service) -> Cookie<'static> {
    let mut cookie = Cookie::new(service.cookie_name(NAME), "");
    cookie.set_path("/");
    cookie.set_secure(service.config.is_https());
    cookie.make_removal();
    cookie
}

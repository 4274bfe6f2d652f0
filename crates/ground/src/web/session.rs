//! The web session: who is asking, by the cookie of their browser. How long a web session lives is people's rule; here
//! is only the cookie.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use chrono::TimeDelta;

use super::service::Service;
use crate::ids::nonce;
use crate::people::access::Visitor;
use crate::people::commands;
use crate::people::session::{Standing, lifetime};
use crate::people::token::cookie_text;
use crate::refusal::Outcome;

/// The cookie that holds the web session's secret.
const SESSION: &str = "session";

/// A secret that replaces the one the browser has; noted for `hand_over`.
struct Renewed(Cookie<'static>);

/// Who is asking, if they are signed in. Notes that the web session is in use, and renews its secret once a day.
///
/// # Errors
/// A fault of the database.
pub async fn visitor(request: &HttpRequest, service: &Service) -> Outcome<Option<Visitor>> {
    let Some(secret) = secret(request, service) else {
        return Ok(None);
    };
    let now = service.clock.now();
    let old = secret.clone();
    let found = service.store.read(move |view| commands::recognise(view, &secret, now)).await?;
    let Some((visitor, standing)) = found else {
        return Ok(None);
    };
    let session = visitor.session();
    match standing {
        Standing::Good | Standing::Ended => {}
        Standing::Note => service.store.write(move |tx| commands::note_use(tx, session, now)).await?,
        Standing::Renew => {
            let new = cookie_text(nonce());
            let lives = lifetime(visitor.level(), visitor.has_powers()).whole;
            let cookie = session_cookie(service, new.clone(), lives);
            if service.store.write(move |tx| commands::renew(tx, session, &old, &new, now)).await? {
                request.extensions_mut().insert(Renewed(cookie));
            }
        }
    }
    Ok(Some(visitor))
}

/// The secret this browser brings, whether or not it opens anything.
pub fn secret(request: &HttpRequest, service: &Service) -> Option<String> {
    value(request, service, SESSION)
}

/// The cookie for a new web session.
pub fn session_cookie(service: &Service, secret: String, lives: TimeDelta) -> Cookie<'static> {
    cookie(service, SESSION, secret, lives)
}

/// The cookie that takes the web session away from the browser.
pub fn signed_out_cookie(service: &Service) -> Cookie<'static> {
    removal(service, SESSION)
}

/// Hands the browser its renewed secret, if there is one.
pub(super) fn hand_over<B>(request: &HttpRequest, answer: &mut HttpResponse<B>) {
    if let Some(Renewed(cookie)) = request.extensions_mut().remove::<Renewed>() {
        // A cookie that cannot be written leaves the old secret, which still opens the web session for a moment.
        let _ = answer.add_cookie(&cookie);
    }
}

/// A cookie that scripts and other sites cannot read, and that comes along when a link from a mail is opened.
pub fn cookie(service: &Service, name: &str, value: String, lives: TimeDelta) -> Cookie<'static> {
    Cookie::build(service.cookie_name(name), value)
        .path("/")
        .http_only(true)
        .secure(service.config.is_https())
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(lives.num_seconds()))
        .finish()
}

/// The cookie that takes away the one called `name`.
pub fn removal(service: &Service, name: &str) -> Cookie<'static> {
    let mut cookie = cookie(service, name, String::new(), TimeDelta::zero());
    cookie.make_removal();
    cookie
}

/// What the browser brings under `name`.
pub fn value(request: &HttpRequest, service: &Service, name: &str) -> Option<String> {
    request.cookie(&service.cookie_name(name)).map(|cookie| cookie.value().to_owned())
}

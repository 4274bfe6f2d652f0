//! `GET /verify`: the form, and with a code the answer. Thirty checks an hour and network address; nothing is kept.

use std::net::IpAddr;
use std::num::NonZeroU32;

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpRequest, web};
use askama::Template;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::answer::{self, Answer, Standing};
use crate::clock::Instant;
use crate::policy;
use crate::refusal::{Outcome, Refusal};
use crate::store::View;
use crate::web::client;
use crate::web::form::FormView;
use crate::web::frame::{Frame, Section};
use crate::web::page::{Page, show};
use crate::web::shell::Shell;
use crate::workflow::letter::store;

/// Checks an hour and address (sign-in.md).
const AN_HOUR: NonZeroU32 = NonZeroU32::MIN.saturating_add(29);

/// Who has checked how often in the last hour; in memory only.
#[derive(Debug)]
pub struct Checks(DefaultKeyedRateLimiter<IpAddr>);

impl Default for Checks {
    fn default() -> Self {
        Self(RateLimiter::keyed(Quota::per_hour(AN_HOUR)))
    }
}

impl Checks {
    fn spend(&self, from: IpAddr) -> Result<(), Refusal> {
        if self.0.len() > 10_000 {
            self.0.retain_recent();
        }
        let sentence = "Many codes have been checked from your network in the last hour. Try again in a few minutes, or \
             write to us and name the letter\u{2019}s number.";
        self.0.check_key(&network(from)).map_err(|_| Refusal::too_many("too-many-checks", sentence))
    }
}

/// The address itself; of IPv6 the network of one subscriber (/64).
fn network(from: IpAddr) -> IpAddr {
    match from {
        IpAddr::V4(_) => from,
        IpAddr::V6(long) => {
            let [a, b, c, d, ..] = long.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
    }
}

#[derive(Template)]
#[template(path = "verify/verify.html")]
struct Verify {
    frame: Frame,
    form: FormView,
    answer: Option<Answer>,
}

/// The page.
///
/// # Errors
/// Refused after too many checks from one network.
pub async fn verify(
    shell: Shell,
    request: HttpRequest,
    checks: web::Data<Checks>,
    query: web::Query<Vec<(String, String)>>,
) -> Page {
    let typed = query.iter().find(|(name, _)| name == "code").map(|(_, code)| code.trim().to_owned());
    let answer = match typed.as_deref().filter(|code| !code.is_empty()) {
        None => None,
        Some(code) => {
            checks.spend(client::address(&request, &shell.service))?;
            let (code, now) = (code.to_owned(), shell.service.clock.now());
            Some(
                shell
                    .service
                    .store
                    .read(move |view| answer::answer(&code, |code| look_up(view, code.as_str(), now)))
                    .await?,
            )
        }
    };
    let form = FormView::new().with("code", typed.unwrap_or_default());
    let mut page = show(&Verify { frame: shell.frame("Check a letter").within(Section::Verify), form, answer })?;
    let robots = HeaderName::from_static("x-robots-tag");
    page.headers_mut().insert(robots, HeaderValue::from_static("noindex, nofollow"));
    Ok(page)
}

fn look_up(view: &mut View<'_>, code: &str, now: Instant) -> Outcome<Option<Standing>> {
    let Some(letter) = store::by_code(view, code)? else { return Ok(None) };
    let policy = policy::store::in_force(view, now)?;
    Ok(Some(Standing {
        state: letter.state,
        register: letter.register,
        sha256: letter.sha256,
        ended_on: letter.ended_at.map(|at| policy.today(at)),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thirty_first_check_of_an_hour_is_refused_and_other_networks_are_not() {
        let checks = Checks::default();
        let from: IpAddr = "2001:db8::1".parse().unwrap();
        assert!((0..30).all(|_| checks.spend(from).is_ok()));
        assert_eq!(checks.spend("2001:db8::2".parse().unwrap()).unwrap_err().code, "too-many-checks");
        assert!(checks.spend("192.0.2.7".parse().unwrap()).is_ok());
    }
}

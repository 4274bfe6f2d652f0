//! `/verify`: the forms, and the answer to a code or to a letter's file. Thirty checks an hour and network address; nothing
//! is kept.

pub mod certificates;
mod upload;

use std::net::IpAddr;
use std::num::NonZeroU32;

use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpRequest, web};
use askama::Template;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::answer::{self, Answer, Seal, Standing};
use crate::clock::Instant;
use crate::policy;
use crate::refusal::{Outcome, Refusal};
use crate::store::View;
use crate::web::client;
use crate::web::form::FormView;
use crate::web::frame::{Frame, Section};
use crate::web::page::{Page, show};
use crate::web::shell::Shell;
use crate::workflow::letter::store::{self, Issued, seals};

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
    /// Whether a file was compared, not a code.
    by_file: bool,
}

/// `GET /verify`: the page; with `code` the answer to a code, with `sha256` the answer to a file that the browser hashed.
///
/// # Errors
/// Refused after too many checks from one network.
pub async fn verify(
    shell: Shell,
    request: HttpRequest,
    checks: web::Data<Checks>,
    query: web::Query<Vec<(String, String)>>,
) -> Page {
    let asked = |name: &str| query.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim().to_owned());
    let typed = asked("code").unwrap_or_default();
    let mut by = By::Code;
    let answer = if let Some(sha256) = asked("sha256").as_deref().and_then(answer::fingerprint) {
        checks.spend(client::address(&request, &shell.service))?;
        by = By::File;
        Some(answer_file(&shell, sha256).await?)
    } else if typed.is_empty() {
        None
    } else {
        checks.spend(client::address(&request, &shell.service))?;
        let (code, now) = (typed.clone(), shell.service.clock.now());
        let find = move |view: &mut View<'_>| {
            answer::answer(&code, |code| {
                let letter = store::by_code(view, code.as_str())?;
                letter.map(|letter| standing(view, letter, now)).transpose()
            })
        };
        Some(shell.service.store.read(find).await?)
    };
    page(&shell, FormView::new().with("code", typed), answer, by)
}

/// `POST /verify`: the answer to a file that is handed in. It is hashed as it arrives and never kept.
///
/// # Errors
/// Refused after too many checks from one network.
pub async fn verify_file(shell: Shell, request: HttpRequest, checks: web::Data<Checks>, form: Multipart) -> Page {
    checks.spend(client::address(&request, &shell.service))?;
    match upload::fingerprint(form).await {
        Ok(sha256) => {
            let answer = answer_file(&shell, sha256).await?;
            page(&shell, FormView::new(), Some(answer), By::File)
        }
        Err(errors) => {
            let mut page = page(&shell, FormView::new().failing(errors), None, By::File)?;
            *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(page)
        }
    }
}

async fn answer_file(shell: &Shell, sha256: String) -> Outcome<Answer> {
    let now = shell.service.clock.now();
    let find = move |view: &mut View<'_>| {
        let letter = match store::by_sha256(view, &sha256)? {
            Some(letter) => Some(letter),
            None => seals::by_sha256(view, &sha256)?,
        };
        Ok(answer::of_file(letter.map(|letter| standing(view, letter, now)).transpose()?))
    };
    shell.service.store.read(find).await
}

/// What somebody holds against what was issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Code,
    File,
}

fn page(shell: &Shell, form: FormView, answer: Option<Answer>, by: By) -> Page {
    let frame = shell.frame("Check a letter").within(Section::Verify).failed_if(form.has_errors());
    let by_file = by == By::File;
    let mut page = show(&Verify { frame, form, answer, by_file })?;
    let robots = HeaderName::from_static("x-robots-tag");
    page.headers_mut().insert(robots, HeaderValue::from_static("noindex, nofollow"));
    Ok(page)
}

/// What the holder of a letter is told about it on the day it is.
fn standing(view: &mut View<'_>, letter: Issued, now: Instant) -> Outcome<Standing> {
    let policy = policy::store::in_force(view, now)?;
    let seal = seals::of(view, letter.id)?.map(|seal| Seal {
        stamped: seal.stamped(),
        fingerprint: seal.certificate.fingerprint(),
        certificate: format!("{}, {}", seal.certificate.subject, seal.certificate.vouched()),
        sha256: seal.sha256,
    });
    Ok(Standing {
        state: letter.state,
        register: letter.register,
        sha256: letter.sha256,
        seal,
        ended_on: letter.ended_at.map(|at| policy.today(at)),
    })
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

//! What is open to everybody: data for other programs, other sites and caches on the way, and pages that browsers keep
//! and ask about again.

use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, ETAG, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, VARY,
};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveTime, SubsecRound};
use sha2::{Digest, Sha256};

use super::page::{HTML, Page, rendered, show};
use super::shell::Shell;
use crate::clock::Instant;
use crate::refusal::Fault;

/// How long others may keep the data without asking again, in seconds.
const KEPT_FOR: u32 = 300;

/// Which state of the data an answer holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// What no other state is called.
    version: String,
    /// Since when the answer has been what it is, in whole seconds.
    since: Option<Instant>,
}

impl Edition {
    /// The edition of a list that was last changed at `changed`. One that is not for a given day (`is_dated`) is that of
    /// today, and another every day from midnight UTC on.
    pub fn of(version: String, changed: Option<Instant>, is_dated: bool, now: Instant) -> Self {
        let midnight = now.date_naive().and_time(NaiveTime::MIN).and_utc();
        let since = if is_dated { changed } else { changed.map(|at| at.max(midnight)) };
        Self { version, since: since.map(|at| at.trunc_subsecs(0)) }
    }

    /// Whether whoever asks has this edition already (RFC 9110, 13.1: the tag goes before the date).
    fn is_known(&self, request: &HttpRequest) -> bool {
        let header = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
        if let Some(tags) = header(IF_NONE_MATCH) {
            let tag = format!("\"{}\"", self.version);
            return tags.split(',').map(|one| one.trim().trim_start_matches("W/")).any(|one| one == tag || one == "*");
        }
        let asked = header(IF_MODIFIED_SINCE).and_then(|date| DateTime::parse_from_rfc2822(date).ok());
        matches!((self.since, asked), (Some(since), Some(asked)) if since <= asked)
    }
}

/// A page that is the same for everybody who is not signed in. Their browsers keep it and ask each time whether it is still
/// the same; whoever is signed in, or has a message waiting, gets one of their own.
///
/// # Errors
/// A fault when the template cannot be rendered.
pub fn show_open(shell: &Shell, template: &impl Template) -> Page {
    if !shell.is_like_all_others() {
        return show(template);
    }
    let html = rendered(template)?;
    let version = URL_SAFE_NO_PAD.encode(Sha256::digest(&html));
    let edition = Edition { version, since: None };
    let is_known = edition.is_known(shell.request());
    let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer
        .insert_header((ETAG, format!("W/\"{}\"", edition.version)))
        .insert_header((CACHE_CONTROL, "private, no-cache"))
        .append_header((VARY, "cookie"));
    if is_known { Ok(answer.finish()) } else { Ok(answer.content_type(HTML).body(html)) }
}

/// Answers with data of this media type. Whoever has the edition already is told so, and the data is not made. The tag
/// is a weak one, because compression changes the bytes.
///
/// # Errors
/// What `make` fails with.
pub fn open_data(
    request: &HttpRequest,
    edition: &Edition,
    media_type: &str,
    make: impl FnOnce() -> Result<Vec<u8>, Fault>,
) -> Page {
    let is_known = edition.is_known(request);
    let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer
        .insert_header((ETAG, format!("W/\"{}\"", edition.version)))
        .insert_header((CACHE_CONTROL, format!("public, max-age={KEPT_FOR}")))
        .insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, "*"));
    if let Some(since) = edition.since {
        answer.insert_header((LAST_MODIFIED, since.format("%a, %d %b %Y %H:%M:%S GMT").to_string()));
    }
    if is_known { Ok(answer.finish()) } else { Ok(answer.content_type(media_type).body(make()?)) }
}

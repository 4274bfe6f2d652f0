//! Where a person goes on after signing in. What travels with a form is a key from this list, never an address, so that
//! nobody can be led to another site.

use std::fmt;
use std::str::FromStr;

use crate::ids::{InviteId, RequestId};

/// Pages that stand alone: key and path.
const PLACES: &[(&str, &str)] = &[
    ("requests", "/requests"),
    ("new-request", "/requests/new"),
    ("waiting", "/waiting"),
    ("queue", "/queue"),
    ("outbox", "/outbox"),
    ("committee", "/committee"),
    ("participation", "/participation"),
    ("account", "/account"),
];

/// Pages about one request: key, and what stands before and after the request's id in the address. A page with something
/// chosen on it stands before the plain one.
const ABOUT_A_REQUEST: &[(&str, &str, &str)] = &[
    ("request", "/requests/", ""),
    ("about-you", "/requests/", "/edit/about-you"),
    ("funder", "/requests/", "/edit/funder"),
    ("project", "/requests/", "/edit/project"),
    ("expectations", "/requests/", "/edit/expectations"),
    ("letter-wish", "/requests/", "/edit/letter"),
    // Before the check of a request's form, whose path its own ends with.
    ("letter-check", "/requests/", "/letter/check"),
    ("letter", "/requests/", "/letter"),
    ("check", "/requests/", "/check"),
    ("vote-yes", "/requests/", "/review?choice=yes#vote"),
    ("vote-no", "/requests/", "/review?choice=no#vote"),
    ("vote-abstain", "/requests/", "/review?choice=abstain#vote"),
    ("review", "/requests/", "/review"),
    ("motion", "/requests/", "/motion"),
    ("record", "/requests/", "/record"),
    ("withdraw", "/requests/", "/withdraw"),
];

/// Where to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Next {
    /// Where this person's work begins.
    #[default]
    Start,
    /// A page that stands alone; the index in the list of them.
    Place(usize),
    /// A page about a request; the index in the list of them.
    About(usize, RequestId),
    /// The invitation that the person is about to accept. Only the service itself sets this one.
    Invite(InviteId),
}

impl Next {
    /// What somebody may ask for with `?next=` or a form field: a key, or the path of a page to come back to.
    /// Anything unknown leads to the start.
    pub fn asked(text: &str) -> Self {
        if text.starts_with('/') {
            return Self::back_to(text);
        }
        match text.parse() {
            Ok(Self::Invite(_)) | Err(_) => Self::Start,
            Ok(next) => next,
        }
    }

    /// The page at this address, if it is on a list; else the page of the request it is about; else the start.
    /// Of what stands after a question mark only what a listed page has is kept.
    fn back_to(address: &str) -> Self {
        let address = address.split('#').next().unwrap_or_default();
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        if let Some(place) = PLACES.iter().position(|(_, known)| *known == path) {
            return Self::Place(place);
        }
        let about = ABOUT_A_REQUEST.iter().enumerate().find_map(|(kind, (_, before, after))| {
            let (after, chosen) = after.split_once('?').unwrap_or((after, ""));
            let chosen = chosen.split('#').next().unwrap_or_default();
            let id = path.strip_prefix(before)?.strip_suffix(after)?;
            let is_chosen = chosen.is_empty() || query.split('&').any(|one| one == chosen);
            is_chosen.then_some(Self::About(kind, id.parse().ok()?))
        });
        let whole = || {
            let id = path.strip_prefix("/requests/")?.split('/').next()?;
            Some(Self::About(0, id.parse().ok()?))
        };
        about.or_else(whole).unwrap_or_default()
    }

    /// The path to go to; `start` is where this person's work begins.
    pub fn path(&self, start: &str) -> String {
        match self {
            Self::Start => start.to_owned(),
            Self::Place(at) => PLACES.get(*at).map_or(start, |(_, path)| path).to_owned(),
            Self::About(at, request) => match ABOUT_A_REQUEST.get(*at) {
                Some((_, before, after)) => format!("{before}{request}{after}"),
                None => start.to_owned(),
            },
            Self::Invite(_) => "/account".to_owned(),
        }
    }
}

impl fmt::Display for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => f.write_str("start"),
            Self::Place(at) => f.write_str(PLACES.get(*at).map_or("start", |(key, _)| key)),
            Self::About(at, request) => match ABOUT_A_REQUEST.get(*at) {
                Some((key, ..)) => write!(f, "{key}:{request}"),
                None => f.write_str("start"),
            },
            Self::Invite(invite) => write!(f, "invite:{invite}"),
        }
    }
}

/// A key that is on no list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such place to go on to")]
pub struct NoSuchPlace;

impl FromStr for Next {
    type Err = NoSuchPlace;

    fn from_str(key: &str) -> Result<Self, NoSuchPlace> {
        if key == "start" {
            return Ok(Self::Start);
        }
        if let Some(place) = PLACES.iter().position(|(known, _)| *known == key) {
            return Ok(Self::Place(place));
        }
        let (kind, id) = key.split_once(':').ok_or(NoSuchPlace)?;
        if kind == "invite" {
            return id.parse().map(Self::Invite).map_err(|_| NoSuchPlace);
        }
        let about = ABOUT_A_REQUEST.iter().position(|(known, ..)| *known == kind).ok_or(NoSuchPlace)?;
        id.parse().map(|id| Self::About(about, id)).map_err(|_| NoSuchPlace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ID: &str = "0192f0c1-2345-7abc-8def-0123456789ab";

    #[test]
    fn every_listed_page_can_be_left_and_come_back_to() {
        let about = ABOUT_A_REQUEST.iter().map(|(_, before, after)| format!("{before}{ID}{after}"));
        for path in PLACES.iter().map(|(_, path)| (*path).to_owned()).chain(about) {
            let key = Next::asked(&path).to_string();
            assert_eq!(Next::asked(&key).path("/start"), path, "{key}");
        }
    }

    #[test]
    fn from_a_page_on_no_list_one_comes_back_to_its_request() {
        let path = format!("/requests/{ID}/questions/{ID}");
        assert_eq!(Next::asked(&path).path("/start"), format!("/requests/{ID}"));
    }

    #[test]
    fn a_choice_on_the_ballot_comes_along_and_nothing_else_does() {
        let back = |query: &str| Next::asked(&format!("/requests/{ID}/review{query}")).path("/start");
        assert_eq!(back("?from=mail&choice=no"), format!("/requests/{ID}/review?choice=no#vote"));
        for query in ["?choice=maybe", "?choice=", "?choice=yes%20no", "?Choice=yes", "#choice=yes"] {
            assert_eq!(back(query), format!("/requests/{ID}/review"), "{query}");
        }
        assert_eq!(Next::asked("/queue?words=a&next=/waiting").path("/start"), "/queue");
    }

    #[test]
    fn an_invitation_cannot_be_asked_for() {
        assert_eq!(Next::asked(&format!("invite:{ID}")), Next::Start);
    }

    #[test]
    fn next_key_never_leaves_origin() {
        let tries = [
            "//evil.example",
            "/\\evil.example",
            "https:evil.example",
            "\t//evil.example",
            "request://evil",
            "javascript:alert(1)",
        ];
        for key in tries.iter().chain(&["request:../../x", "request:", "", "REQUESTS"]) {
            assert_eq!(Next::asked(key).path("/start"), "/start", "{key}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_asked_for_the_path_is_one_of_ours(key in "\\PC*") {
            let path = Next::asked(&key).path("/start");
            prop_assert!(path.starts_with('/') && !path.starts_with("//") && !path.contains('\\'), "{}", path);
        }
    }
}

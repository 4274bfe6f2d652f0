//! What is known of funders, for everybody.

use askama::Template;

use super::bundled::funders;
use super::profile::{Fact, Profile};
use crate::web::frame::{Frame, Section};
use crate::web::page::{Page, show};
use crate::web::shell::Shell;

/// One profile as the page shows it.
struct Entry {
    profile: &'static Profile,
    known: Vec<(&'static str, String)>,
    sources: Vec<(&'static str, &'static str)>,
}

impl Entry {
    /// What the profile is about within the funder, and what more there is to say; empty where nothing is.
    fn scope(&self) -> &str {
        text(&self.profile.scope)
    }

    fn condition(&self) -> &str {
        text(&self.profile.condition)
    }

    fn note(&self) -> &str {
        text(&self.profile.note)
    }
}

fn text(fact: &Fact<String>) -> &str {
    fact.known().map_or("", String::as_str)
}

#[derive(Template)]
#[template(path = "funders/page.html")]
struct FundersPage {
    frame: Frame,
    entries: Vec<Entry>,
}

/// `GET /funders`: every profile, what is known, what is not, and from where.
///
/// # Errors
/// A fault when the bundled profiles cannot be read.
pub async fn list(shell: Shell) -> Page {
    let all = funders()?;
    let address = |key: &'static String| Some((key.as_str(), all.sources.get(key)?.as_str()));
    let entry = |profile: &'static Profile| Entry {
        profile,
        known: profile.known(),
        sources: profile.sources.iter().filter_map(address).collect(),
    };
    let mut entries: Vec<Entry> = all.profiles.iter().map(entry).collect();
    entries.sort_by_key(|entry| crate::members::institution::name_key(&entry.profile.name));
    show(&FundersPage { frame: shell.frame("What funders want of letters").within(Section::Faq), entries })
}

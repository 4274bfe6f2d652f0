//! Letterhead and signatory, for staff: what is in force, its history, and a change that is looked at before it counts.

pub mod change;
pub mod pictures;
pub mod wording;

use actix_web::web;
use askama::Template;
use serde::Deserialize;

use super::bundled;
use super::edit::with_preview;
use crate::refusal::{Outcome, Refusal};
use crate::web::frame::{Frame, Section};
use crate::web::page::{Page, show};
use crate::web::shell::Shell;
use crate::workflow::letter::commands::house::HOUSE_PATH;
use crate::workflow::letter::house::House;
use crate::workflow::letter::store::house as store;
use crate::written::Version;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// A version; without one that in force.
    version: Option<i64>,
}

#[derive(Template)]
#[template(path = "letter/house.html")]
struct HousePage {
    frame: Frame,
    house: House,
    /// The version in force.
    in_force: i64,
    /// Since when the version shown, and by whom.
    about: String,
    versions: Vec<Version>,
    /// Whether who looks is changing it.
    in_work: bool,
}

impl HousePage {
    fn is_in_force(&self) -> bool {
        self.house.number == self.in_force
    }
}

/// `GET /letters/house`: the version in force or an earlier one, with a made-up letter, and the history.
///
/// # Errors
/// Refused for everybody but staff, and for a version that does not exist.
pub async fn page(shell: Shell, asked: web::Query<Asked>) -> Page {
    let person = shell.staff()?.person();
    let (bundled, wanted) = (bundled(&shell.service), asked.version);
    let (house, in_force, versions, in_work) = shell
        .service
        .store
        .read(move |view| {
            let in_force = store::number(view)?;
            let house = store::version(view, wanted.unwrap_or(in_force), &bundled)?.ok_or_else(no_such_version)?;
            Ok((house, in_force, store::versions(view)?, store::change_of(view, person)?.is_some()))
        })
        .await?;
    let about = versions.iter().find(|version| version.number == house.number).map(Version::to_string);
    with_preview(show(&HousePage {
        frame: shell.frame("Letterhead and signatory").within(Section::Queue),
        about: about.unwrap_or_else(|| "what this service came with; who signs is in its configuration".to_owned()),
        versions,
        house,
        in_force,
        in_work,
    }))
}

fn no_such_version() -> Refusal {
    let sentence = "There is no such version of the letterhead.";
    Refusal::not_found("no-such-house", sentence).onward("The version in force", HOUSE_PATH)
}

/// Which house a path speaks of: a version by its number, or what who asks is changing.
async fn named(shell: &Shell, which: &str) -> Outcome<House> {
    let person = shell.staff()?.person();
    let bundled = bundled(&shell.service);
    let number: Option<i64> = which.parse().ok();
    let is_change = which == "change";
    let found = shell.service.store.read(move |view| {
        Ok(match number {
            Some(number) => store::version(view, number, &bundled)?,
            None if is_change => store::change_of(view, person)?.map(|change| change.house),
            None => None,
        })
    });
    Ok(found.await?.ok_or_else(no_such_version)?)
}

//! The start page: in ten seconds, what this is, what to have ready, how long it takes, and a button to begin.

use askama::Template;

use crate::policy::settings::Policy;
use crate::policy::store;
use crate::web::frame::Frame;
use crate::web::page::{Page, show};
use crate::web::shell::Shell;

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    frame: Frame,
    /// How long a review usually takes (policy.md).
    usual_weeks: &'static str,
    /// The policy in force.
    policy: Policy,
}

/// `GET /`
pub async fn page(shell: Shell) -> Page {
    let now = shell.service.clock.now();
    let policy = shell.service.store.read(move |view| store::in_force(view, now)).await?;
    show(&Home { frame: shell.frame(""), usual_weeks: "2 to 4 weeks", policy })
}

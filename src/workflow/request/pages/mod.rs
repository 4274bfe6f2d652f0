//! The applicant's pages: own requests, the form section by section, the check before sending, and the status page.

pub mod check;
pub mod draft;
mod inputs;
pub mod status;
pub mod talk;

use super::card::Institution;
use super::commands;
use super::form::Against;
use super::raw::RawForm;
use super::store::{self, Request};
use crate::clock::Instant;
use crate::ids::RequestId;
use crate::people::access::{Applicant, no_such_request};
use crate::policy;
use crate::policy::settings::Policy;
use crate::refusal::Outcome;
use crate::web::shell::Shell;

/// The request with this id in its path, and the permission of its applicant. Whoever is not signed in is sent to do
/// so; somebody else's request is answered like one that does not exist.
async fn own(shell: &Shell, id: &str) -> Outcome<(Request, Applicant)> {
    let visitor = shell.visitor()?;
    let id: RequestId = id.parse().map_err(|_| no_such_request())?;
    let request = shell.service.store.read(move |view| store::find(view, id)).await?.ok_or_else(no_such_request)?;
    let applicant = visitor.applicant(id, request.applicant)?;
    Ok((request, applicant))
}

/// What a draft is read against at this moment.
struct Present {
    now: Instant,
    policy: Policy,
    institution: Option<Institution>,
}

impl Present {
    fn against(&self) -> Against<'_> {
        let institution = self.institution.as_ref().and_then(|institution| institution.id);
        Against { now: self.now, policy: &self.policy, institution }
    }
}

async fn present(shell: &Shell, typed: &RawForm) -> Outcome<Present> {
    let now = shell.service.moment().now;
    let typed = typed.clone();
    let read = shell
        .service
        .store
        .read(move |view| Ok((policy::store::in_force(view, now)?, commands::known_institution(view, &typed)?)));
    let (policy, institution) = read.await?;
    Ok(Present { now, policy, institution })
}

/// An instant as the timeline shows it.
fn when(at: Instant) -> String {
    at.format("%-d %B %Y, %H:%M UTC").to_string()
}

/// An instant for a machine, RFC 3339.
fn machine(at: Instant) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

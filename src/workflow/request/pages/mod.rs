//! The applicant's pages: own requests, the form section by section, the check before sending, the status page, and
//! the request as a file to keep.

pub mod archive;
pub mod attachments;
pub mod check;
pub mod correction;
pub mod draft;
mod inputs;
pub mod pdf;
pub mod people;
pub mod section;
pub mod status;
pub mod suitability;
pub mod talk;

use super::card::Institution;
use super::commands;
use super::fields::Section;
use super::form::Against;
use super::raw::RawForm;
use super::store::{self, Request, co_applicants};
use crate::clock::Instant;
use crate::funders::bundled::funders;
use crate::funders::profile::Funders;
use crate::ids::RequestId;
use crate::people::access::{Applicant, Insider, Owner, no_such_request};
use crate::policy;
use crate::policy::settings::Policy;
use crate::refusal::Outcome;
use crate::web::shell::Shell;
use crate::workflow::request::funder::{self, About};
use crate::workflow::stage::Stage;

/// The request with this id in its path, and the permission to read it as its applicant does. Whoever is not signed in is
/// sent to do so; somebody else's request is answered like one that does not exist.
async fn insider(shell: &Shell, id: &str) -> Outcome<(Request, Insider)> {
    let visitor = shell.visitor()?;
    let person = visitor.person();
    let id: RequestId = id.parse().map_err(|_| no_such_request())?;
    let read = shell.service.store.read(move |view| {
        let request = store::find(view, id)?.ok_or_else(no_such_request)?;
        let share = co_applicants::share(view, &request, person)?;
        Ok((request, share))
    });
    let (request, share) = read.await?;
    Ok((request, visitor.insider(id, share)?))
}

/// The same with the permission to act on it.
async fn own(shell: &Shell, id: &str) -> Outcome<(Request, Applicant)> {
    let (request, insider) = insider(shell, id).await?;
    Ok((request, insider.applicant()?))
}

/// The same with the permission of the person whose request it is.
async fn owned(shell: &Shell, id: &str) -> Outcome<(Request, Owner, Insider)> {
    let (request, insider) = insider(shell, id).await?;
    Ok((request, insider.owner()?, insider))
}

/// The form of a request as its applicant works on it, and the sections that open questions reopen.
async fn in_work(shell: &Shell, request: &Request) -> Outcome<(RawForm, Vec<Section>)> {
    let request = request.clone();
    shell.service.store.read(move |view| commands::in_work(view, &request)).await
}

/// What a form is read against: a draft at this moment; a request that was sent, as it was then.
struct Present {
    now: Instant,
    policy: Policy,
    institution: Option<Institution>,
    /// None once the request is sent.
    funders: Option<&'static Funders>,
}

impl Present {
    fn against(&self) -> Against<'_> {
        let institution = self.institution.as_ref().and_then(|institution| institution.id);
        Against {
            now: self.now,
            policy: &self.policy,
            institution,
            funders: self.funders,
            is_sent: self.funders.is_none(),
        }
    }
}

impl Present {
    /// What is told of the funder beside the form of a draft.
    fn about_funder(&self, typed: &RawForm) -> Option<About> {
        funder::about(typed, self.funders?, self.policy.today(self.now))
    }

    /// What is to be confirmed where the funder may not take the letter.
    fn doubt(&self, typed: &RawForm) -> Option<&'static str> {
        funder::confirmation(typed, self.funders?, self.policy.today(self.now))
    }
}

async fn present(shell: &Shell, request: &Request, typed: &RawForm) -> Outcome<Present> {
    let now = request.submitted_at.unwrap_or_else(|| shell.service.moment().now);
    let frozen = request.frozen_policy()?;
    let typed = typed.clone();
    let read = shell.service.store.read(move |view| {
        let policy = frozen.map_or_else(|| policy::store::in_force(view, now), Ok)?;
        Ok((policy, commands::known_institution(view, &typed)?))
    });
    let (policy, institution) = read.await?;
    let funders = if request.stage == Stage::Draft { Some(funders()?) } else { None };
    Ok(Present { now, policy, institution, funders })
}

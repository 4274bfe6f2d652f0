//! Staff write, check and issue a letter; staff and the applicant take its file away.

mod act;
mod archive;
pub mod call;
pub mod co_sign;
pub mod co_signers;
pub mod edit;
pub mod files;
pub mod house;
pub mod life;
mod part;
pub mod printing;
pub mod release;

use chrono::NaiveDate;

use crate::clock::Instant;
use crate::config::Signatory;
use crate::ids::RequestId;
use crate::people::access::no_such_request;
use crate::refusal::{Fault, Outcome};
use crate::store::View;
use crate::web::service::Service;
use crate::workday::date_in;
use crate::workflow::letter::co_signers::signatures;
use crate::workflow::letter::commands::{self, call::profile_of};
use crate::workflow::letter::house::{House, Place};
use crate::workflow::letter::rules;
use crate::workflow::letter::store::{self, Open};
use crate::workflow::letter::text::LetterText;
use crate::workflow::request::store::{self as requests, Request};

/// What letters need to know of the service itself.
fn place(service: &Service) -> Place {
    Place { contact: service.site.contact.clone(), check_address: service.site.link("/verify") }
}

/// The house that the program and its configuration bring along.
pub fn bundled(service: &Service) -> House {
    let Signatory { name, capacity } = &service.config.signatory;
    House::bundled(name, capacity, &service.site.contact)
}

/// The house in force.
async fn house_in_force(service: &Service) -> Outcome<House> {
    let bundled = bundled(service);
    service.store.read(move |view| store::house::in_force(view, &bundled)).await
}

/// The id in a path; what is no id leads to no request.
fn request_id(path: &str) -> Outcome<RequestId> {
    path.parse().map_err(|_| no_such_request().into())
}

/// A request and, if staff have begun, its open letter.
fn load(view: &mut View<'_>, id: RequestId) -> Outcome<(Request, Option<Open>)> {
    let request =
        requests::find(view, id)?.filter(|request| request.reference.is_some()).ok_or_else(no_such_request)?;
    let open = store::open(view, id)?;
    Ok((request, open))
}

/// The letter as it would be set at `now`, with the house in force.
async fn as_issued(service: &Service, request: &Request, open: &Open, now: Instant) -> Outcome<LetterText> {
    let house = house_in_force(service).await?;
    dated(service, request, open, (&house, commands::today(request, now)?))
}

/// The letter as it would be set with this house and this date.
fn dated(service: &Service, request: &Request, open: &Open, (house, date): (&House, NaiveDate)) -> Outcome<LetterText> {
    let number = rules::number(request.name(), open.version);
    let zone = request.frozen_policy()?.unwrap_or_default().zone;
    let co_signed = signatures(&open.co_signers, |at| date_in(at, zone));
    let has_links = profile_of(request)?.and_then(|profile| profile.links.known()).is_some_and(|may| *may);
    let text = open.draft.text((house, &place(service)), number, date, co_signed);
    let text = text.map(|text| LetterText { has_links, ..text });
    text.ok_or_else(|| Fault::new(format!("letter {} has a code that is none", open.id)).into())
}

//! Asking an applicant what became of the proposal, once, and keeping what they tell.

use serde_json::json;

use super::{notices, rules, store};
use crate::audit::entry::{Actor, Entry};
use crate::audit::store::record;
use crate::moment::Moment;
use crate::people::access::Applicant;
use crate::policy::store::in_force;
use crate::refusal::Outcome;
use crate::store::{Tx, done_already, is_done};
use crate::workflow::delivery::outbox;
use crate::workflow::outcome::rules::Told;
use crate::workflow::request::commands::sharing::applicants;
use crate::workflow::request::store::{self as requests, Request};
use crate::workflow::routing::commands::about;

/// Asks the applicants for whom the day has come, each once and never again. Only days count, so it looks once a day.
///
/// # Errors
/// A fault of the database.
pub fn tick(tx: &mut Tx<'_>, moment: &Moment) -> Outcome<()> {
    let mark = format!("outcomes {}", in_force(tx, moment.now)?.today(moment.now));
    if is_done(tx, &mark)? || done_already(tx, &mark, moment.now)? {
        return Ok(());
    }
    for id in store::unasked(tx, rules::latest_asked_about(moment.now))? {
        let request = requests::touch(tx, id)?;
        if !is_due(tx, moment, &request)? {
            continue;
        }
        store::asked(tx, id, moment.now)?;
        for told in applicants(tx, &request, moment.now)? {
            let to = (told.to.0.as_str(), told.to.1.as_str());
            outbox::queue(tx, moment, &notices::asked(&moment.site, &about(&request), to)?)?;
        }
        let (at, actor) = (moment.now, Actor::Service);
        record(tx, &Entry { subject: id.to_string(), at, actor, what: "outcome-asked", detail: json!({}) })?;
    }
    Ok(())
}

fn is_due(tx: &mut Tx<'_>, moment: &Moment, request: &Request) -> Outcome<bool> {
    let policy = request.frozen_policy()?.unwrap_or_default();
    let Some(issued) = request.issued_at.map(|at| policy.today(at)) else { return Ok(false) };
    let known = store::one(tx, request.id)?;
    let asked_on = rules::asked_on(request.deadline_at.map(|at| policy.today(at)), issued, policy.outcome_months);
    let told = known.told.map(|(told, _)| told.answer);
    Ok(rules::is_due(request.stage, known.asked_at.is_some(), told, asked_on, policy.today(moment.now)))
}

/// Keeps what the applicant tells.
///
/// # Errors
/// A refusal when there is no letter in force; a fault of the database.
pub fn tell(tx: &mut Tx<'_>, moment: &Moment, applicant: &Applicant, told: &Told) -> Outcome<()> {
    let request = requests::touch(tx, applicant.request())?;
    rules::may_tell(request.stage).map_err(|refusal| refusal.onward("Your request", path(&request)))?;
    if store::one(tx, request.id)?.told.is_some_and(|(before, _)| before == *told) {
        return Ok(());
    }
    store::tell(tx, request.id, told, moment.now)?;
    let (at, actor) = (moment.now, Actor::Applicant(applicant.person()));
    let detail = json!({ "answer": told.answer });
    record(tx, &Entry { subject: request.id.to_string(), at, actor, what: "outcome-told", detail })
}

fn path(request: &Request) -> String {
    format!("/requests/{}", request.id)
}

//! Staff take an answer back, with a reason, as long as no letter is out. The answer stays on record as it stood; the
//! committee votes anew, or a request that staff turned down goes to its reviewers after all.

use serde_json::json;

use super::prepared;
use crate::audit::entry::{Actor, Entry};
use crate::audit::store::record;
use crate::ids::RequestId;
use crate::moment::Moment;
use crate::people::access::Staff;
use crate::refusal::{FieldErrors, Outcome};
use crate::store::{Tx, impossible};
use crate::workflow::decision::notices;
use crate::workflow::decision::rules::{may_reopen, read_reopen_reason};
use crate::workflow::decision::store::{self, Decision};
use crate::workflow::delivery::outbox;
use crate::workflow::request::commands::sharing::applicants;
use crate::workflow::request::store::{self as requests, Request};
use crate::workflow::review::commands::motion;
use crate::workflow::routing::commands::about;
use crate::workflow::stage::Step;

/// Reopens the answer to a request. An applicant who had the answer is told that it no longer stands, and why.
///
/// # Errors
/// A field error without a reason; a refusal when there is no answer or a letter is out; a fault of the database.
pub fn reopen(tx: &mut Tx<'_>, moment: &Moment, staff: &Staff, id: RequestId, reason: &str) -> Outcome<()> {
    let request = requests::touch(tx, id)?;
    prepared(tx, moment, &request)?;
    let decision = may_reopen(request.stage, store::of(tx, id)?)?;
    let reason = read_reopen_reason(reason).map_err(|message| FieldErrors::one("reopen_reason", message))?;
    let sent = request.submitted_at.ok_or_else(|| impossible("requests", id, "answered without having been sent"))?;
    let step = match decision.motion {
        Some(_) => Step::ReopenVote { at: moment.now },
        None => Step::ReopenRouting { sent },
    };
    requests::advance(tx, &request, step, moment.now)?;
    store::set_aside(tx, &decision, &reason, (moment.now, staff.person()))?;
    let entry = Entry {
        subject: id.to_string(),
        at: moment.now,
        actor: Actor::Staff(staff.person()),
        what: "answer-reopened",
        detail: json!({ "answer": decision.answer, "released": decision.released.is_some(), "reason": reason }),
    };
    record(tx, &entry)?;
    tell(tx, moment, &request, &decision, &reason)?;
    let request = requests::touch(tx, id)?;
    match decision.motion {
        Some(_) => motion::put_reopened(tx, moment, &request, &reason),
        // It waits as any request that was sent: the periodic job routes it.
        None => Ok(()),
    }
}

fn tell(tx: &mut Tx<'_>, moment: &Moment, request: &Request, decision: &Decision, reason: &str) -> Outcome<()> {
    if decision.released.is_none() {
        return Ok(());
    }
    for told in applicants(tx, request, moment.now)? {
        let to = (told.name.as_str(), told.to.0.as_str());
        let message = notices::reopened(&moment.site, &about(request), to, decision.motion.is_some(), reason)?;
        outbox::queue(tx, moment, &message)?;
    }
    Ok(())
}

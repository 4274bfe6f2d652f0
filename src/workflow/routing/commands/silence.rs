//! What the service does about reviewers who do not answer: each reminder once, then the next seat in line.

use serde_json::json;

use super::{about, hand_on, policy_of};
use crate::audit::entry::{Actor, Entry};
use crate::audit::store::record;
use crate::clock::Instant;
use crate::ids::RequestId;
use crate::moment::Moment;
use crate::refusal::Outcome;
use crate::store::{Tx, View, done_already, is_done};
use crate::workday::{date_in, deadline_in_words};
use crate::workflow::delivery::outbox;
use crate::workflow::request::store::{self as requests, Request};
use crate::workflow::routing::notices;
use crate::workflow::routing::rules::AssignmentEnd;
use crate::workflow::routing::silence::{Due, Reminder, due};
use crate::workflow::routing::store::{self, Assignment};

/// Reminds the seats that owe a review of `id`, each reminder once, and passes the place of a silent one on.
///
/// # Errors
/// A fault of the database.
pub fn see_to_silence(tx: &mut Tx<'_>, moment: &Moment, id: RequestId) -> Outcome<()> {
    // Looked at first, so that a request about which nothing is due is not touched at every look.
    if silent(tx, id, moment.now)?.is_empty() {
        return Ok(());
    }
    let request = requests::touch(tx, id)?;
    for (owed, due) in silent(tx, id, moment.now)? {
        match due {
            Due::Nothing => {}
            Due::Remind(reminder) => remind(tx, moment, &request, &owed, reminder)?,
            Due::PassOn => {
                let why = "A reviewer before did not answer in time.";
                let outcome = hand_on(tx, moment, &request, &owed, AssignmentEnd::Silent, why)?;
                let detail = json!({ "from": owed.seat, "outcome": outcome });
                let subject = id.to_string();
                record(
                    tx,
                    &Entry { subject, at: moment.now, actor: Actor::Service, what: "review-passed-on", detail },
                )?;
            }
        }
    }
    Ok(())
}

/// The reviews of a request about which something is due that has not been done.
fn silent(view: &mut View<'_>, id: RequestId, now: Instant) -> Outcome<Vec<(Assignment, Due)>> {
    let mut found = Vec::new();
    for owed in store::assignments_of(view, id)?.into_iter().filter(|one| one.ended.is_none()) {
        let due = due(owed.assigned_at, owed.due_at, now);
        let is_settled = match due {
            Due::Nothing => true,
            Due::Remind(reminder) => is_done(view, &reminder_name(&owed, reminder))?,
            Due::PassOn => false,
        };
        if !is_settled {
            found.push((owed, due));
        }
    }
    Ok(found)
}

fn reminder_name(owed: &Assignment, reminder: Reminder) -> String {
    format!("reminder {} {reminder}", owed.id)
}

fn remind(tx: &mut Tx<'_>, moment: &Moment, request: &Request, owed: &Assignment, reminder: Reminder) -> Outcome<()> {
    if done_already(tx, &reminder_name(owed, reminder), moment.now)? {
        return Ok(());
    }
    let zone = policy_of(request)?.zone;
    let day = date_in(moment.now, zone);
    let due = deadline_in_words(owed.due_at, zone);
    for reader in store::who_acts_on(tx, request.id, day)?.iter().filter(|reader| reader.seat == Some(owed.seat)) {
        let message = notices::reminder(&moment.site, &about(request), reader, &due, reminder)?;
        outbox::queue(tx, moment, &message)?;
    }
    Ok(())
}

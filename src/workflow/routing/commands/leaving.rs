//! What the service does about the reviews of a seat that nobody holds any more: the next seat in line takes over.

use serde_json::json;

use super::{hand_on, policy_of};
use crate::audit::entry::{Actor, Entry};
use crate::audit::store::record;
use crate::ids::RequestId;
use crate::moment::Moment;
use crate::refusal::Outcome;
use crate::store::Tx;
use crate::workday::date_in;
use crate::workflow::request::store as requests;
use crate::workflow::routing::rules::AssignmentEnd;
use crate::workflow::routing::store;

/// Passes on the reviews of `id` that are owed by seats whose term is over or that were given up.
///
/// # Errors
/// A fault of the database.
pub fn see_to_leaving(tx: &mut Tx<'_>, moment: &Moment, id: RequestId) -> Outcome<()> {
    let request = requests::touch(tx, id)?;
    let seats = store::seats_in_office(tx, date_in(moment.now, policy_of(&request)?.zone))?;
    let is_held = |seat| seats.iter().any(|one| one.seat == seat && one.institution.is_some());
    for owed in store::assignments_of(tx, id)?.into_iter().filter(|one| one.ended.is_none() && !is_held(one.seat)) {
        let why = "The institution of a reviewer before holds its seat no longer.";
        let outcome = hand_on(tx, moment, &request, &owed, AssignmentEnd::Left, why)?;
        let detail = json!({ "from": owed.seat, "outcome": outcome });
        let subject = id.to_string();
        record(tx, &Entry { subject, at: moment.now, actor: Actor::Service, what: "reviewer-left", detail })?;
    }
    Ok(())
}

//! A request turns out to come from a seat's own institution after it was routed: the seat is out, as it would have been
//! from the beginning.

use serde_json::json;

use super::conflict::step_out;
use super::{OWN, about, acting_for, policy_of};
use crate::audit::entry::{Actor, Entry};
use crate::audit::store::record;
use crate::moment::Moment;
use crate::people::access::Staff;
use crate::policy::settings::OwnInstitution;
use crate::refusal::Outcome;
use crate::store::Tx;
use crate::workday::date_in;
use crate::workflow::delivery::outbox;
use crate::workflow::request::store::Request;
use crate::workflow::routing::notices::{self, By};
use crate::workflow::routing::rules::ConflictSource;
use crate::workflow::routing::store::{self, Declaration};

/// Takes the seats of the institution that asks out of a held request that has been routed, as far as its policy says so
/// and they are not out yet. `is_open`: whether its motion is; then the next seats in line take over their reviews.
/// Whoever acts for such a seat is told.
///
/// # Errors
/// A fault of the database.
pub fn recuse_own(tx: &mut Tx<'_>, moment: &Moment, staff: &Staff, request: &Request, is_open: bool) -> Outcome<()> {
    // Before the routing there is nothing to take back: the draw leaves them out.
    if request.routed_at.is_none() || policy_of(request)?.own_institution != OwnInstitution::Recuse {
        return Ok(());
    }
    let out = store::recused(tx, request.id)?;
    let seats = store::seats_in_office(tx, date_in(moment.now, policy_of(request)?.zone))?;
    for seat in seats.iter().filter(|seat| seat.is_of(request.institution) && !out.contains(&seat.seat)) {
        let declaration = Declaration {
            seat: seat.seat,
            person: None,
            conflicted: true,
            source: ConflictSource::OwnInstitution,
            reason: OWN.to_owned(),
            declared_at: moment.now,
        };
        store::declare(tx, request.id, &declaration)?;
        let entry = Entry {
            subject: request.id.to_string(),
            at: moment.now,
            actor: Actor::Staff(staff.person()),
            what: "conflict-recorded",
            detail: json!({ "seat": seat.seat, "reason": OWN }),
        };
        record(tx, &entry)?;
        if is_open {
            step_out(tx, moment, request, (seat.seat, &seat.name), By::Staff)?;
        }
        for reader in acting_for(tx, request, moment.now, seat.seat)? {
            let message = notices::conflict_recorded(&moment.site, &about(request), &reader, &seat.name, OWN)?;
            outbox::queue(tx, moment, &message)?;
        }
    }
    Ok(())
}

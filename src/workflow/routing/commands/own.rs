//! A seat is out of a request of its own institution, where the policy says so: before the draw, or as soon as the request
//! turns out to come from there.

use serde_json::json;

use super::conflict::step_out;
use super::{about, acting_for, policy_of};
use crate::audit::entry::{Actor, Entry};
use crate::audit::store::record;
use crate::ids::SeatId;
use crate::moment::Moment;
use crate::people::access::Staff;
use crate::policy::settings::{OwnInstitution, Policy};
use crate::refusal::Outcome;
use crate::store::{Tx, View};
use crate::workday::date_in;
use crate::workflow::delivery::outbox;
use crate::workflow::request::store::Request;
use crate::workflow::routing::notices::{self, By};
use crate::workflow::routing::rules::ConflictSource;
use crate::workflow::routing::store::{self, Declaration, SeatInOffice};

/// Why a seat is out of a request of its own institution.
const OWN: &str = "The request comes from the seat's own institution.";

/// Takes the seats of the institution that asks out of a request that is about to be routed.
///
/// # Errors
/// A fault of the database.
pub(super) fn recuse_before_the_draw(
    tx: &mut Tx<'_>,
    moment: &Moment,
    request: &Request,
    policy: &Policy,
) -> Outcome<()> {
    if policy.own_institution == OwnInstitution::Recuse {
        for seat in own_seats(tx, moment, request, policy)? {
            declare(tx, moment, request, seat.seat)?;
        }
    }
    Ok(())
}

/// Takes the seats of the institution that asks out of a held request that has been routed, as far as its policy says so
/// and they are not out yet. `is_open`: whether its motion is; then the next seats in line take over their reviews.
/// Whoever acts for such a seat is told.
///
/// # Errors
/// A fault of the database.
pub fn recuse_own(tx: &mut Tx<'_>, moment: &Moment, staff: &Staff, request: &Request, is_open: bool) -> Outcome<()> {
    // Before the routing there is nothing to take back: the draw leaves them out.
    if request.routed_at.is_none() {
        return Ok(());
    }
    let policy = policy_of(request)?;
    if policy.own_institution != OwnInstitution::Recuse {
        return Ok(());
    }
    let known = store::declarations(tx, request.id)?;
    let is_out = |seat| known.iter().any(|one| one.seat == seat && one.conflicted);
    for seat in own_seats(tx, moment, request, &policy)?.into_iter().filter(|seat| !is_out(seat.seat)) {
        declare(tx, moment, request, seat.seat)?;
        let entry = Entry {
            subject: request.id.to_string(),
            at: moment.now,
            actor: Actor::Staff(staff.person()),
            what: "conflict-recorded",
            detail: json!({ "seat": seat.seat, "reason": OWN }),
        };
        record(tx, &entry)?;
        if is_open {
            step_out(tx, moment, request, (seat.seat, &seat.name), By::Staff, true)?;
        }
        for reader in acting_for(tx, request, moment.now, seat.seat)? {
            let message = notices::conflict_recorded(&moment.site, &about(request), &reader, &seat.name, OWN)?;
            outbox::queue(tx, moment, &message)?;
        }
    }
    Ok(())
}

/// The seats in office that are the institution's that asks.
fn own_seats(view: &mut View<'_>, moment: &Moment, request: &Request, policy: &Policy) -> Outcome<Vec<SeatInOffice>> {
    let mut seats = store::seats_in_office(view, date_in(moment.now, policy.zone))?;
    seats.retain(|seat| seat.is_of(request.institution));
    Ok(seats)
}

fn declare(tx: &mut Tx<'_>, moment: &Moment, request: &Request, seat: SeatId) -> Outcome<()> {
    let declaration = Declaration {
        seat,
        person: None,
        conflicted: true,
        source: ConflictSource::OwnInstitution,
        reason: OWN.to_owned(),
        declared_at: moment.now,
    };
    store::declare(tx, request.id, &declaration)
}

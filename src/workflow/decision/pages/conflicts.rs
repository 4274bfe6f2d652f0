//! The conflicts of interest with a request as staff see them: those that stand, those that were withdrawn, and which of
//! them staff can withdraw.

use crate::ids::SeatId;
use crate::policy::settings::OwnInstitution;
use crate::web::form::Choice;
use crate::workflow::request::store::Request;
use crate::workflow::routing::rules::{ConflictSource, may_withdraw};
use crate::workflow::routing::store::{Declaration, SeatInOffice};
use crate::workflow::stage::{Step, advance};

/// What is known of the conflicts with a request.
pub(super) struct Known<'a> {
    /// The request.
    pub request: &'a Request,
    /// What its policy makes of a seat whose own institution asks.
    pub rule: OwnInstitution,
    /// What the seats declared, and what staff recorded or withdrew.
    pub declarations: &'a [Declaration],
    /// The seats in office.
    pub seats: &'a [SeatInOffice],
}

/// The section of the page.
pub(super) struct Conflicts {
    /// Seat and reason of every conflict that stands.
    pub standing: Vec<(String, String)>,
    /// Seat and reason of those that staff withdrew.
    pub withdrawn: Vec<(String, String)>,
    /// The seats whose conflict staff can withdraw now.
    pub to_withdraw: Vec<Choice>,
}

impl Conflicts {
    /// The section for a request; `name` tells the name of a seat.
    pub(super) fn of(known: &Known<'_>, name: impl Fn(SeatId) -> String) -> Self {
        let line = |one: &Declaration| (name(one.seat), one.reason.clone());
        let standing = || known.declarations.iter().filter(|one| one.conflicted);
        let withdrawn = known.declarations.iter().filter(|one| !one.conflicted && one.source == ConflictSource::Staff);
        let is_open = advance(known.request.stage, Step::Deliberate).is_ok();
        Self {
            standing: standing().map(line).collect(),
            withdrawn: withdrawn.map(line).collect(),
            to_withdraw: standing()
                .filter(|one| is_open && known.may_withdraw(one))
                .map(|one| Choice::new(one.seat.to_string(), name(one.seat)))
                .collect(),
        }
    }
}

impl Known<'_> {
    fn may_withdraw(&self, one: &Declaration) -> bool {
        let seat = self.seats.iter().find(|seat| seat.seat == one.seat);
        let own = seat.is_some_and(|seat| seat.is_of(self.request.institution));
        may_withdraw(Some(one.source), own, self.rule).is_ok()
    }
}

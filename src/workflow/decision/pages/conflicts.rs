//! The conflicts of interest with a request as staff see them: those that stand, those that were withdrawn, those that are
//! only suggested, and what staff can do about each.

use crate::ids::SeatId;
use crate::policy::settings::OwnInstitution;
use crate::web::form::Choice;
use crate::workflow::request::store::Request;
use crate::workflow::routing::rules::{ConflictSource, may_withdraw};
use crate::workflow::routing::store::{Declaration, SeatInOffice};
use crate::workflow::routing::suggestion::{Ground, Suggestion};
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
    /// What is suggested and waits for a person.
    pub suggested: &'a [Suggestion],
    /// Whether the latest motion is open, so that a conflict still changes who decides.
    pub is_open: bool,
}

/// A suggested conflict.
pub(super) struct Suggested {
    /// The seat.
    pub seat: SeatId,
    /// Its institution.
    pub name: String,
    /// What it rests on.
    pub ground: Ground,
    /// The institution or mail domain.
    pub matter: String,
    /// Why it may be a conflict, as the rest of a sentence.
    pub reason: String,
    /// Whether the seat has declared that there is none.
    pub is_denied: bool,
}

/// The section of the page.
pub(super) struct Conflicts {
    /// Seat and reason of every conflict that stands.
    pub standing: Vec<(String, String)>,
    /// Seat and reason of those that staff withdrew.
    pub withdrawn: Vec<(String, String)>,
    /// The seats whose conflict staff can withdraw now.
    pub to_withdraw: Vec<Choice>,
    /// The seats of which staff can record a conflict now.
    pub to_record: Vec<Choice>,
    /// What is suggested and waits for a person.
    pub suggested: Vec<Suggested>,
}

impl Conflicts {
    /// The section for a request; `name` tells the name of a seat.
    pub(super) fn of(known: &Known<'_>, name: impl Fn(SeatId) -> String) -> Self {
        let line = |one: &Declaration| (name(one.seat), one.reason.clone());
        let standing = || known.declarations.iter().filter(|one| one.conflicted);
        let withdrawn = known.declarations.iter().filter(|one| !one.conflicted && one.source == ConflictSource::Staff);
        let is_deliberated = advance(known.request.stage, Step::Deliberate).is_ok();
        let is_open = known.is_open && is_deliberated;
        let is_out = |seat: SeatId| standing().any(|one| one.seat == seat);
        let free = known.seats.iter().filter(|seat| is_open && seat.institution.is_some() && !is_out(seat.seat));
        let denied = |seat: SeatId| known.declarations.iter().any(|one| one.seat == seat && !one.conflicted);
        Self {
            standing: standing().map(line).collect(),
            withdrawn: withdrawn.map(line).collect(),
            to_withdraw: standing()
                .filter(|one| is_deliberated && known.may_withdraw(one))
                .map(|one| Choice::new(one.seat.to_string(), name(one.seat)))
                .collect(),
            to_record: free.map(|seat| Choice::new(seat.seat.to_string(), seat.name.clone())).collect(),
            suggested: known
                .suggested
                .iter()
                .filter(|_| is_open)
                .map(|one| Suggested {
                    seat: one.seat,
                    name: name(one.seat),
                    ground: one.ground,
                    matter: one.matter.clone(),
                    reason: one.reason.clone(),
                    is_denied: denied(one.seat),
                })
                .collect(),
        }
    }

    /// Whether there is nothing to show and nothing to do.
    pub(super) fn is_empty(&self) -> bool {
        self.standing.is_empty() && self.withdrawn.is_empty() && self.suggested.is_empty() && self.to_record.is_empty()
    }
}

impl Known<'_> {
    fn may_withdraw(&self, one: &Declaration) -> bool {
        let seat = self.seats.iter().find(|seat| seat.seat == one.seat);
        let own = seat.is_some_and(|seat| seat.is_of(self.request.institution));
        may_withdraw(Some(one.source), own, self.rule).is_ok()
    }
}

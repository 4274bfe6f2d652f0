//! Who is out of a request, and as whom somebody looks at many of them.

use super::{HeldSeat, Visitor, closed_by_conflict};
use crate::ids::{InstitutionId, PersonId, SeatId};
use crate::refusal::Refusal;

/// Who is out of one request: nobody of these decides about it, whatever else they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recused {
    /// The seats with a conflict of interest: those of an institution that has one, of every term.
    pub seats: Vec<SeatId>,
    /// The people who ask for the letter.
    pub applicants: Vec<PersonId>,
}

/// As whom somebody looks at a list of requests: what they are out of is not there for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Onlooker {
    /// The person.
    pub person: PersonId,
    /// The seats they act for, and whose these are.
    pub seats: Vec<(SeatId, InstitutionId)>,
}

impl Recused {
    /// Lets nobody through who is out, for whichever of their seats.
    pub(super) fn must_not_hold(&self, person: PersonId, seats: &[HeldSeat]) -> Result<(), Refusal> {
        if self.applicants.contains(&person) {
            let sentence = "You are one of those who ask for this letter, so others decide about it.";
            return Err(Refusal::forbidden("own-request", sentence).onward("My requests", "/requests"));
        }
        match seats.iter().find(|held| self.seats.contains(&held.seat)) {
            Some(held) => Err(closed_by_conflict(&held.institution_name)),
            None => Ok(()),
        }
    }
}

impl Visitor {
    /// As whom the person looks at lists.
    pub fn onlooker(&self) -> Onlooker {
        let seats = self.0.seats.iter().map(|held| (held.seat, held.institution)).collect();
        Onlooker { person: self.0.person, seats }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{RequestId, SessionId};
    use crate::people::access::{Capacity, Level, Office, Role, VisitorFacts};

    fn seat(capacity: Capacity) -> HeldSeat {
        let (seat, institution) = (SeatId::fresh(), InstitutionId::fresh());
        HeldSeat { seat, institution, institution_name: "Example Library".into(), capacity }
    }

    #[test]
    fn nobody_decides_for_one_seat_what_another_of_theirs_is_out_of_or_what_they_ask_for() {
        let (first, second) = (seat(Capacity::Representative), seat(Capacity::Alternate));
        let visitor = Visitor::new(VisitorFacts {
            person: PersonId::fresh(),
            name: String::new(),
            address: "marie@uni.example".into(),
            session: SessionId::fresh(),
            level: Level::Email,
            roles: vec![Role::Staff],
            seats: vec![first.clone(), second.clone()],
            offices: vec![Office::Chair],
        });
        let refused = |recused: &Recused| {
            let voter = visitor.member_for(first.seat).unwrap().voter(RequestId::fresh(), true, recused);
            [voter.err(), visitor.chair_on(recused).err(), visitor.staff_on(recused).err()]
                .map(|refusal| refusal.map_or("let in", |refusal| refusal.code))
        };
        assert_eq!(refused(&Recused::default()), ["let in"; 3]);
        assert_eq!(refused(&Recused { seats: vec![second.seat], ..Recused::default() }), ["recused"; 3]);
        assert_eq!(refused(&Recused { applicants: vec![visitor.person()], ..Recused::default() }), ["own-request"; 3]);
    }
}

//! Who may do what: facts about a signed-in person go in, a permission or a refusal comes out. Permissions have private
//! fields and are made only here, so a command that takes one cannot be called without the check.
//! Rules about a stage (may this be edited now?) are not here; they belong to the steps.

mod applicant;
mod recused;

use crate::ids::{InstitutionId, PersonId, RequestId, SeatId, SessionId};
use crate::refusal::Refusal;

pub use crate::people::role::{Capacity, Level, Office, Role};
pub use applicant::{Applicant, Insider, Owner, Share};
pub use recused::{Onlooker, Recused};

/// What somebody wants to act as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Power {
    Applicant,
    Member,
    Chair,
    Staff,
}

/// The table of sign-in levels: the least sure way of signing in that gives a power.
const fn required_level(power: Power) -> Level {
    match power {
        Power::Applicant => Level::Email,
        Power::Member => Level::Email,
        Power::Chair => Level::Email,
        Power::Staff => Level::Email,
    }
}

/// A seat in office that the person acts for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldSeat {
    /// The seat.
    pub seat: SeatId,
    /// The institution whose seat it is.
    pub institution: InstitutionId,
    /// The institution's name.
    pub institution_name: String,
    /// As its representative or as the alternate.
    pub capacity: Capacity,
}

/// What is known about a signed-in person; read from the database once per page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitorFacts {
    /// The person.
    pub person: PersonId,
    /// The name they gave; empty when they gave none yet.
    pub name: String,
    /// Their e-mail address in canonical form.
    pub address: String,
    /// The web session this page was asked for with.
    pub session: SessionId,
    /// How they signed in.
    pub level: Level,
    /// Their roles.
    pub roles: Vec<Role>,
    /// The seats they act for at this moment, those as representative first.
    pub seats: Vec<HeldSeat>,
    /// The offices of the committee that are theirs at this moment, if they act for a seat.
    pub offices: Vec<Office>,
}

/// A signed-in person, from whom permissions are taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor(VisitorFacts);

/// May act for a seat of the Executive Committee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    person: PersonId,
    held: HeldSeat,
    /// Every seat the person acts for, this one too.
    all: Vec<HeldSeat>,
}

/// May read, review and vote on one request for a seat that has no conflict with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voter {
    member: Member,
    request: RequestId,
}

/// May act as chair of the committee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chair {
    person: PersonId,
}

/// May act as staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Staff {
    person: PersonId,
}

impl Visitor {
    /// The visitor these facts describe.
    pub const fn new(facts: VisitorFacts) -> Self {
        Self(facts)
    }

    /// The person.
    pub const fn person(&self) -> PersonId {
        self.0.person
    }

    /// The web session this page was asked for with.
    pub const fn session(&self) -> SessionId {
        self.0.session
    }

    /// The name the person gave, else the address.
    pub fn name(&self) -> &str {
        if self.0.name.is_empty() { &self.0.address } else { &self.0.name }
    }

    /// The name the person gave; empty when they gave none yet.
    pub fn given_name(&self) -> &str {
        &self.0.name
    }

    /// The person's e-mail address in canonical form.
    pub fn address(&self) -> &str {
        &self.0.address
    }

    /// How the person signed in.
    pub const fn level(&self) -> Level {
        self.0.level
    }

    /// The seats the person acts for at this moment, those as representative first.
    pub fn seats(&self) -> &[HeldSeat] {
        &self.0.seats
    }

    /// Whether the person has the role; for what a page offers. What a person may do is asked with the functions below.
    pub fn has_role(&self, role: Role) -> bool {
        self.0.roles.contains(&role)
    }

    /// Whether the person holds the office: it is theirs, and they act for a seat.
    pub fn holds(&self, office: Office) -> bool {
        !self.0.seats.is_empty() && self.0.offices.contains(&office)
    }

    /// Whether the person has any role or acts for any seat.
    pub fn has_powers(&self) -> bool {
        !(self.0.roles.is_empty() && self.0.seats.is_empty())
    }

    /// The permission to act for one's seat; for several seats, the one held as representative.
    ///
    /// # Errors
    /// Refused without a seat in office.
    pub fn member(&self) -> Result<Member, Refusal> {
        let held = self.0.seats.first().ok_or_else(members_only)?;
        self.member_with(held)
    }

    /// The permission to act for this very seat.
    ///
    /// # Errors
    /// Refused when the person does not act for the seat.
    pub fn member_for(&self, seat: SeatId) -> Result<Member, Refusal> {
        let held = self.0.seats.iter().find(|held| held.seat == seat).ok_or_else(members_only)?;
        self.member_with(held)
    }

    fn member_with(&self, held: &HeldSeat) -> Result<Member, Refusal> {
        self.need(Power::Member)?;
        Ok(Member { person: self.0.person, held: held.clone(), all: self.0.seats.clone() })
    }

    /// The permission to act as chair on one request, out of which `recused` are.
    ///
    /// # Errors
    /// Refused for everybody else, and for a chair who is one of those.
    pub fn chair_on(&self, recused: &Recused) -> Result<Chair, Refusal> {
        if !self.holds(Office::Chair) {
            return Err(Refusal::forbidden("chair-only", "Only the committee's chair can do this."));
        }
        self.need(Power::Chair)?;
        recused.must_not_hold(self.0.person, &self.0.seats)?;
        Ok(Chair { person: self.0.person })
    }

    /// The permission to act as staff.
    ///
    /// # Errors
    /// Refused for everybody else.
    pub fn staff(&self) -> Result<Staff, Refusal> {
        if !self.has_role(Role::Staff) {
            return Err(Refusal::forbidden("staff-only", "Only the Consortium's staff can do this."));
        }
        self.need(Power::Staff)?;
        Ok(Staff { person: self.0.person })
    }

    /// The permission to act as staff on one request, out of which `recused` are. Whoever also acts for a seat that is
    /// out, or asks for the letter themselves, loses the request as staff too: a conflict belongs to the person, whatever
    /// door they come through.
    ///
    /// # Errors
    /// Refused for everybody but staff, and for staff who are out of the request.
    pub fn staff_on(&self, recused: &Recused) -> Result<Staff, Refusal> {
        let staff = self.staff()?;
        recused.must_not_hold(self.0.person, &self.0.seats)?;
        Ok(staff)
    }

    fn need(&self, power: Power) -> Result<(), Refusal> {
        if self.0.level >= required_level(power) {
            return Ok(());
        }
        let sentence = "This needs your passkey. Sign in with it and come back.";
        Err(Refusal::forbidden("passkey-needed", sentence).onward("Sign in", "/sign-in"))
    }
}

impl Member {
    /// The person.
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// The seat acted for.
    pub const fn seat(&self) -> SeatId {
        self.held.seat
    }

    /// The institution whose seat it is.
    pub const fn institution(&self) -> InstitutionId {
        self.held.institution
    }

    /// The institution's name.
    pub fn institution_name(&self) -> &str {
        &self.held.institution_name
    }

    /// As representative or as alternate.
    pub const fn capacity(&self) -> Capacity {
        self.held.capacity
    }

    /// The permission to read, review and vote on a request.
    ///
    /// # Errors
    /// Refused when the person, or any seat they act for, is among those who are out of the request. A draft is nobody's
    /// business but the applicant's: for a request that was never `sent` the answer is that there is none.
    pub fn voter(&self, request: RequestId, sent: bool, recused: &Recused) -> Result<Voter, Refusal> {
        if !sent {
            return Err(no_such_request());
        }
        recused.must_not_hold(self.person, &self.all)?;
        Ok(Voter { member: self.clone(), request })
    }
}

impl Voter {
    /// The member who acts.
    pub const fn member(&self) -> &Member {
        &self.member
    }

    /// The person.
    pub const fn person(&self) -> PersonId {
        self.member.person
    }

    /// The seat acted for.
    pub const fn seat(&self) -> SeatId {
        self.member.held.seat
    }

    /// The request this is about.
    pub const fn request(&self) -> RequestId {
        self.request
    }
}

impl Chair {
    /// The person.
    pub const fn person(&self) -> PersonId {
        self.person
    }
}

impl Staff {
    /// The person.
    pub const fn person(&self) -> PersonId {
        self.person
    }
}

/// The answer for a request that does not exist and for one that this person may not know of.
pub fn no_such_request() -> Refusal {
    let sentence = "There is no request at this address. If it is yours, sign in with the address you sent it from.";
    Refusal::not_found("no-such-request", sentence).onward("My requests", "/requests")
}

fn closed_by_conflict(institution: &str) -> Refusal {
    let sentence = format!(
        "The seat of {institution} has a conflict of interest with this request, so its discussion and votes are closed to you."
    );
    Refusal::forbidden("recused", sentence).onward("What waits for me", "/waiting")
}

fn members_only() -> Refusal {
    Refusal::forbidden(
        "members-only",
        "Only members of the Executive Committee can do this, for a seat that is in office.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visitor(roles: &[Role], seats: &[HeldSeat]) -> Visitor {
        officer(roles, seats, &[])
    }

    fn officer(roles: &[Role], seats: &[HeldSeat], offices: &[Office]) -> Visitor {
        Visitor::new(VisitorFacts {
            person: PersonId::fresh(),
            name: String::new(),
            address: "marie@uni.example".into(),
            session: SessionId::fresh(),
            level: Level::Email,
            roles: roles.to_vec(),
            seats: seats.to_vec(),
            offices: offices.to_vec(),
        })
    }

    fn nobody() -> Recused {
        Recused::default()
    }

    fn out(seats: &[SeatId]) -> Recused {
        Recused { seats: seats.to_vec(), ..nobody() }
    }

    fn seat(capacity: Capacity) -> HeldSeat {
        let (seat, institution) = (SeatId::fresh(), InstitutionId::fresh());
        HeldSeat { seat, institution, institution_name: "Example Library".into(), capacity }
    }

    #[test]
    fn each_power_comes_from_its_own_fact_and_from_no_other() {
        let held = [seat(Capacity::Representative)];
        let cases = [
            (visitor(&[], &[]), (false, false, false)),
            (visitor(&[Role::Staff], &[]), (true, false, false)),
            (officer(&[], &[], &[Office::Chair]), (false, false, false)),
            (visitor(&[], &held), (false, false, true)),
            (officer(&[], &held, &[Office::Secretary]), (false, false, true)),
            (officer(&[Role::Staff], &held, &[Office::Chair]), (true, true, true)),
        ];
        for (visitor, powers) in cases {
            let has = (visitor.staff().is_ok(), visitor.chair_on(&nobody()).is_ok(), visitor.member().is_ok());
            assert_eq!(has, powers, "{visitor:?}");
        }
    }

    #[test]
    fn a_member_acts_only_for_a_seat_they_hold() {
        let (first, second) = (seat(Capacity::Representative), seat(Capacity::Alternate));
        let member = visitor(&[], &[first.clone(), second.clone()]);
        assert_eq!(member.member().map(|m| m.seat()), Ok(first.seat));
        let acting = member.member_for(second.seat).unwrap();
        assert_eq!((acting.seat(), acting.capacity()), (second.seat, Capacity::Alternate));
        assert!(member.member_for(SeatId::fresh()).is_err());
    }

    #[test]
    fn a_recused_seat_gets_no_voter_and_a_draft_has_none() {
        let held = seat(Capacity::Representative);
        let member = visitor(&[], std::slice::from_ref(&held)).member().unwrap();
        let request = RequestId::fresh();
        assert_eq!(member.voter(request, true, &nobody()).map(|v| v.request()), Ok(request));
        assert_eq!(
            member.voter(request, true, &out(&[SeatId::fresh(), held.seat])).map_err(|r| r.code),
            Err("recused")
        );
        assert_eq!(member.voter(request, false, &nobody()), Err(no_such_request()));
    }

    #[test]
    fn staff_who_act_for_a_recused_seat_lose_the_request_as_staff_too() {
        let held = seat(Capacity::Alternate);
        let both = visitor(&[Role::Staff], std::slice::from_ref(&held));
        assert!(both.staff_on(&out(&[SeatId::fresh()])).is_ok());
        assert_eq!(both.staff_on(&out(&[SeatId::fresh(), held.seat])).map_err(|refusal| refusal.code), Err("recused"));
        assert!(visitor(&[Role::Staff], &[]).staff_on(&out(&[held.seat])).is_ok());
        assert!(visitor(&[], &[]).staff_on(&nobody()).is_err());
    }

    #[test]
    fn a_chair_whose_seat_is_recused_is_no_chair_of_that_request() {
        let held = seat(Capacity::Representative);
        let chair = officer(&[], std::slice::from_ref(&held), &[Office::Chair]);
        assert!(chair.chair_on(&out(&[SeatId::fresh()])).is_ok());
        assert_eq!(chair.chair_on(&out(&[held.seat])).map_err(|refusal| refusal.code), Err("recused"));
    }

    #[test]
    fn a_passkey_is_surer_than_a_mailbox() {
        assert!(Level::Passkey > Level::Email);
    }
}

//! The applicant's side of a request: whose it is, and whoever they share it with. Reading it, changing it and having it are
//! permissions of their own, so that a command that changes a request cannot be called for somebody who may only read it.

use super::{Power, Visitor, no_such_request};
use crate::ids::{PersonId, RequestId};
use crate::refusal::Refusal;
use crate::worded;

worded! {
    /// What somebody of the applicant's side may do with a request.
    pub enum Share {
        /// All of it: it is theirs.
        Own = "own",
        /// Read and change it, answer for it and send it.
        Edit = "edit",
        /// Read it.
        View = "view",
    }
}

/// May read one request as its applicant does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Insider {
    person: PersonId,
    request: RequestId,
    share: Share,
}

/// May act on one request for its applicant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applicant {
    person: PersonId,
    request: RequestId,
}

/// May take one request back, and say who else may read or change it: the person whose request it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    person: PersonId,
    request: RequestId,
}

impl Visitor {
    /// The permission to read a request in which the person has this `share`. Whoever decides about requests, for a seat or
    /// as staff, has no share in one of somebody else's, also when it was shared with them before.
    ///
    /// # Errors
    /// Somebody else's request does not exist for this person, and the answer is the same as for a made-up one.
    pub fn insider(&self, request: RequestId, share: Option<Share>) -> Result<Insider, Refusal> {
        let share = share.filter(|share| *share == Share::Own || !self.has_powers()).ok_or_else(no_such_request)?;
        self.need(Power::Applicant)?;
        Ok(Insider { person: self.person(), request, share })
    }

    /// The permission to act on a request in which the person has this `share`.
    ///
    /// # Errors
    /// As for [`Visitor::insider`]; refused for whoever may only read it.
    pub fn applicant(&self, request: RequestId, share: Option<Share>) -> Result<Applicant, Refusal> {
        self.insider(request, share)?.applicant()
    }
}

impl Insider {
    /// The person.
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// The request this is about.
    pub const fn request(&self) -> RequestId {
        self.request
    }

    /// What the person may do with it.
    pub const fn share(&self) -> Share {
        self.share
    }

    /// The permission to act on it.
    ///
    /// # Errors
    /// Refused for whoever may only read it.
    pub fn applicant(&self) -> Result<Applicant, Refusal> {
        if self.share == Share::View {
            let sentence = "You can read this request, and cannot change it or answer for it. Whoever asks for the letter \
                            can let you, on the request’s page of people.";
            return Err(self.refused("view-only", sentence));
        }
        Ok(Applicant { person: self.person, request: self.request })
    }

    /// The permission of the person whose request it is.
    ///
    /// # Errors
    /// Refused for everybody it is shared with.
    pub fn owner(&self) -> Result<Owner, Refusal> {
        if self.share != Share::Own {
            let sentence = "Only the person who began this request can do this.";
            return Err(self.refused("owner-only", sentence));
        }
        Ok(Owner { person: self.person, request: self.request })
    }

    fn refused(&self, code: &'static str, sentence: &str) -> Refusal {
        Refusal::forbidden(code, sentence).onward("Back to the request", format!("/requests/{}", self.request))
    }
}

impl Applicant {
    /// The person.
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// The request this is about.
    pub const fn request(&self) -> RequestId {
        self.request
    }
}

/// Whoever may act on a request may read it.
impl From<Applicant> for Insider {
    fn from(Applicant { person, request }: Applicant) -> Self {
        Self { person, request, share: Share::Edit }
    }
}

impl Owner {
    /// The person.
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// The request this is about.
    pub const fn request(&self) -> RequestId {
        self.request
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SessionId;
    use crate::people::access::{Level, Role, VisitorFacts};

    fn visitor(roles: &[Role]) -> Visitor {
        Visitor::new(VisitorFacts {
            person: PersonId::fresh(),
            name: String::new(),
            address: "marie@uni.example".into(),
            session: SessionId::fresh(),
            level: Level::Email,
            roles: roles.to_vec(),
            seats: Vec::new(),
            offices: Vec::new(),
        })
    }

    #[test]
    fn each_share_gives_its_own_and_no_more() {
        let visitor = visitor(&[]);
        for (share, permissions) in [
            (None, [false, false, false]),
            (Some(Share::View), [true, false, false]),
            (Some(Share::Edit), [true, true, false]),
            (Some(Share::Own), [true, true, true]),
        ] {
            let insider = visitor.insider(RequestId::fresh(), share);
            let has = [
                insider.is_ok(),
                insider.as_ref().is_ok_and(|insider| insider.applicant().is_ok()),
                insider.as_ref().is_ok_and(|insider| insider.owner().is_ok()),
            ];
            assert_eq!(has, permissions, "{share:?}");
        }
    }

    #[test]
    fn another_persons_request_looks_like_one_that_does_not_exist() {
        let refusal = visitor(&[]).applicant(RequestId::fresh(), None).unwrap_err();
        assert_eq!(refusal, no_such_request());
    }

    #[test]
    fn whoever_decides_about_requests_shares_none() {
        let staff = visitor(&[Role::Staff]);
        for share in [Share::Edit, Share::View] {
            assert_eq!(staff.insider(RequestId::fresh(), Some(share)), Err(no_such_request()));
        }
        assert!(staff.insider(RequestId::fresh(), Some(Share::Own)).is_ok());
    }
}

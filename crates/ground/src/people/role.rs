//! The words for who a person is to us: how they signed in, their roles and offices, and in which capacity they act for
//! a seat.

use crate::worded;

worded! {
    /// How surely we know who it is; later ones are surer.
    pub enum Level {
        /// The person reads the mailbox of the address.
        Email = "email",
        /// The person holds a passkey and unlocked it.
        Passkey = "passkey",
    }
}

worded! {
    /// A role of a person. It hangs on the person, never on an address.
    pub enum Role {
        /// Runs the service: admits late requests, issues letters, keeps seats and settings.
        Staff = "staff",
    }
}

worded! {
    /// An office of the Executive Committee (governance.md, "Seats"). Whoever holds one acts for a seat as well.
    pub enum Office {
        /// Chairs the committee: the only office that is a power here.
        Chair = "chair",
        /// Stands in for the chair in meetings.
        ViceChair = "vice_chair",
        /// Looks after the funds.
        Treasurer = "treasurer",
        /// Keeps the minutes.
        Secretary = "secretary",
    }
}

impl Office {
    /// The office as a list names it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Chair => "Chair",
            Self::ViceChair => "Vice-chair",
            Self::Treasurer => "Treasurer",
            Self::Secretary => "Secretary",
        }
    }
}

worded! {
    /// In which capacity a person acts for a seat (`governance.md`: one representative, at most one alternate).
    pub enum Capacity {
        /// The seat's representative.
        Representative = "representative",
        /// The representative's alternate.
        Alternate = "alternate",
    }
}

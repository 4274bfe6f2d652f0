//! The words for who a person is to us: how they signed in, their roles, and in which capacity they act for a seat.

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
        /// Chairs the Executive Committee.
        Chair = "chair",
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

//! What people do with their accounts: ask for a sign-in mail, confirm it, end web sessions, invite staff.

pub mod account;
pub mod invite;
pub mod sign_in;
pub mod walk_in;

pub use account::*;
pub use invite::*;
pub use sign_in::*;
pub use walk_in::*;

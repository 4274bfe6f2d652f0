//! People: accounts, sign-in by e-mail, web sessions, and who may do what.

pub mod access;
pub mod address;
pub mod browser;
pub mod limits;
pub mod next;
pub mod role;
pub mod session;
pub mod store;
pub mod token;

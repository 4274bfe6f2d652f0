//! People: accounts, sign-in by e-mail, web sessions, and who may do what.

pub mod access;
pub mod address;
pub mod limits;
pub mod session;
pub mod token;

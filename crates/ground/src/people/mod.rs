//! People: accounts, sign-in by e-mail, web sessions, and who may do what.

pub mod access;
pub mod address;
pub mod browser;
pub mod commands;
pub mod demonstration;
pub mod limits;
pub mod next;
pub mod notices;
pub mod pages;
pub mod role;
pub mod session;
pub mod store;
pub mod token;

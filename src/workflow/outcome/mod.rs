//! After the letter: what became of the proposal. The applicant is asked once, when the funder should have decided, and can
//! tell at any time.

pub mod commands;
pub mod notices;
pub mod pages;
pub mod rules;
pub mod store;

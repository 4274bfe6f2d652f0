//! The Executive Committee: seats of institutions, their terms, and who acts for a seat.

pub mod bundled;
pub mod roster;
pub mod rules;

//! The Executive Committee: seats of institutions, their terms, and who acts for a seat.

pub mod bundled;
pub mod commands;
pub mod form;
pub mod pages;
pub mod roster;
pub mod rules;
pub mod store;

//! The Executive Committee: seats of institutions, their terms, who acts for a seat, and the officers.

pub mod bundled;
pub mod commands;
pub mod export;
pub mod form;
pub mod notices;
pub mod officers;
pub mod pages;
pub mod plan;
pub mod roster;
pub mod rules;
pub mod span;
pub mod store;
pub mod vacancy;
pub mod website;

//! Step 5: the committee's answer becomes a letter that a funder can read, keep and check.

pub mod co_signers;
pub mod code;
pub mod commands;
pub mod corrected;
pub mod draft;
pub mod fitting;
pub mod form;
pub mod house;
pub mod language;
pub mod life;
pub mod notices;
pub mod pages;
pub mod pdf;
pub mod prose;
pub mod rules;
pub mod said;
pub mod seal;
pub mod store;
pub mod text;

//! Step 4: the committee's answer.

pub mod commands;
pub mod minutes;
pub mod notices;
pub mod pages;
pub mod rules;
pub mod store;

//! Step 2: a request reaches seats without a conflict.

pub mod about;
pub mod commands;
pub mod domain;
pub mod notices;
pub mod rules;
pub mod silence;
pub mod store;
pub mod suggestion;

//! Whoever holds a letter checks it here, without an account.

pub mod answer;
pub mod pages;

//! What the Consortium has laid down: dated settings, how they change, and the expectations of a proposal.

pub mod change;
pub mod commands;
pub mod expectations;
pub mod kind;
pub mod pages;
pub mod settings;
pub mod store;
pub mod words;

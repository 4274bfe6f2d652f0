//! What the Consortium has laid down: dated settings and the expectations of a proposal.

pub mod expectations;
pub mod pages;
pub mod settings;
pub mod store;
pub mod words;

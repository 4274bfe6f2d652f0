//! What the Consortium has laid down: dated settings and the expectations of a proposal.

pub mod expectations;
pub mod settings;

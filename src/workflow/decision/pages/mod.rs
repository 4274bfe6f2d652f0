//! The staff's page about a request's way through the committee, and what staff do on it.

pub mod acts;
mod conflicts;
pub mod motion;

//! The staff's page about a request's way through the committee, what staff do on it, and the decision record.

pub mod acts;
mod conflicts;
mod facts;
mod institution;
pub mod motion;
pub mod record;

//! The pages of the committee: a request with its motion, and how each institution takes part.

pub mod acts;
pub mod brief;
pub mod participation;
pub mod request;

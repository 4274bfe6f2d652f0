//! The pages of the committee: what waits for a member, and a request with its motion.

pub mod acts;
pub mod participation;
pub mod request;
pub mod waiting;

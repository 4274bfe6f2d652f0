//! The pages of the committee: what waits for a member, a request with its motion, and what staff do with a motion.

pub mod acts;
pub mod request;
pub mod staff;
pub mod waiting;

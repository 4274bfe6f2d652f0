//! What seats and staff do with a motion, and what becomes of it when its time has come.

pub mod motion;
pub mod recognition;
pub mod review;
pub mod vote;

//! The page of what waits, and the calendar that other programs read.

pub mod calendar;
pub mod waiting;

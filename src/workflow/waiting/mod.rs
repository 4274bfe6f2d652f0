//! What waits for a member of the committee: on a page, in their calendar, and in one mail a day.

pub mod calendar;
pub mod commands;
pub mod daily;
pub mod duty;
pub mod notices;
pub mod pages;
pub mod store;

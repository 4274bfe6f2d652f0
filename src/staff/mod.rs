//! The staff's view over all requests: the queue by stage and by days to the deadline with its search, its table for a
//! spreadsheet, and a year at a glance; and what staff do with several requests at once.
//! What is done with one request belongs to the steps.

pub mod awaited;
pub mod chosen;
pub mod commands;
pub mod notices;
pub mod pages;
pub mod pile;
pub mod plot;
pub mod search;
pub mod store;
pub mod year;

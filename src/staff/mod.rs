//! The staff's view over all requests: the queue by stage and by days to the deadline, and its table for a spreadsheet.
//! What is done with a request belongs to the steps.

pub mod pages;
pub mod pile;
pub mod table;

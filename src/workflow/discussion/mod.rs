//! The discussion of a request, beside its steps: posts of the committee, of staff and of the applicant, each with the
//! readers that its author chose.

pub mod audience;
pub mod commands;
pub mod notices;
pub mod pages;
pub mod store;
pub mod thread;

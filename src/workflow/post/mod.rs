//! After the letter: some funders still want paper. The applicant asks for a physical copy, staff print and post it, and
//! what comes back is posted again.

pub mod address;
pub mod commands;
pub mod notices;
pub mod pages;
pub mod pdf;
pub mod rules;
pub mod store;

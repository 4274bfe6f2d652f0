//! Step 1: an applicant asks for a letter.

pub mod store;

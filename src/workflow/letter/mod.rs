//! Step 5: the committee's answer becomes a letter that a funder can read, keep and check.

pub mod code;
pub mod draft;
pub mod pdf;
pub mod text;

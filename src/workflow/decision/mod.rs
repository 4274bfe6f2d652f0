//! Step 4: the committee's answer.

pub mod rules;

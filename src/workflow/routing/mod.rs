//! Step 2: a request reaches seats without a conflict.

pub mod rules;

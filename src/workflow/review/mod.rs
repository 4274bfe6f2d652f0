//! Step 3: reviewers read, object and vote.

pub mod ballot;
pub mod consensus;
pub mod electorate;
pub mod motion;
pub mod tally;

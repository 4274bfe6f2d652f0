//! Step 3: reviewers read, object and vote.

pub mod ballot;
pub mod commands;
pub mod consensus;
pub mod electorate;
pub mod form;
pub mod motion;
pub mod notices;
pub mod pages;
pub mod participation;
pub mod reader;
pub mod record;
pub mod recount;
pub mod store;
pub mod tally;

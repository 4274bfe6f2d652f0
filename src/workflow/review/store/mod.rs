//! Motions, reviews, objections and ballots as rows.

pub mod motions;
pub mod reviews;
pub mod votes;

//! What funders want of letters: profiles of facts, each with how well it is known and from when. The rules of a funder
//! that the program does not know are unknown, never absent.

pub mod bundled;
pub mod intake;
pub mod matching;
pub mod pages;
pub mod profile;
pub mod words;

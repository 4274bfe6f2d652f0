//! Institutions and their membership: the one list behind the public pages, requests, letters, seats and the FAQ.

pub mod bundled;
pub mod difference;
pub mod institution;
pub mod matching;
pub mod yaml;

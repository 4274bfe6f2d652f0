//! Institutions and their membership: the one list behind the public pages, requests, letters, seats and the FAQ.

pub mod bundled;
pub mod commands;
pub mod country;
pub mod difference;
pub mod example;
pub mod export;
pub mod form;
pub mod former_name;
pub mod history;
pub mod institution;
pub mod listing;
pub mod matching;
pub mod merge;
pub mod other_name;
pub mod pages;
pub mod ror;
pub mod scalar;
pub mod store;
pub mod website;
pub mod yaml;

//! Step 1: an applicant asks for a letter.

pub mod answers;
pub mod attachment;
pub mod card;
pub mod commands;
pub mod correction;
pub mod cosigners;
pub mod currency;
pub mod deadline;
pub mod difference;
pub mod fields;
pub mod form;
pub mod funder;
pub mod notices;
pub mod pages;
pub mod pdf;
pub mod raw;
pub mod reading;
pub mod recognition;
pub mod reference;
pub mod reopening;
pub mod rules;
pub mod sharing;
pub mod span;
pub mod store;
pub mod suitability;
pub mod talk;

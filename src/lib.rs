//! Letters of support for the IIIF Consortium.

pub mod clock;
pub mod ids;
pub mod people;
pub mod refusal;
pub mod words;

pub mod config;
pub mod moment;

pub mod store;

pub mod audit;
pub mod workflow;

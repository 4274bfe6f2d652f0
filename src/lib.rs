//! Letters of support for the IIIF Consortium.

pub mod clock;
pub mod ids;
pub mod refusal;
pub mod words;
pub mod workflow;

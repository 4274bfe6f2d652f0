//! Letters of support for the IIIF Consortium: an applicant asks, seats of the Executive Committee review and decide,
//! staff issue the letter, a funder checks it. `workflow` tells the six steps in running order; what the
//! steps share is the crate `ground`. Arrows point down only; `tests/architecture.rs` keeps it so.

pub use ground::{
    audit, clock, committee, config, faq, fingerprint, funders, ids, mail, members, moment, people, plain, policy,
    refusal, store, table, web, worded, words, workday, written,
};

pub mod workflow;

pub mod merging;
pub mod staff;
pub mod verify;

pub mod health;
pub mod home;
pub mod styleguide;

pub mod app;
pub mod check;
pub mod demo;
pub mod routes;

//! Letters of support for the IIIF Consortium: an applicant asks, seats of the Executive Committee review and decide,
//! staff issue the letter, a funder checks it. `workflow` tells the six steps in running order; the concepts around it
//! are what the steps share. Arrows point down only; `tests/architecture.rs` keeps it so.

pub mod clock;
pub mod ids;
pub mod plain;
pub mod refusal;
pub mod words;
pub mod workday;

pub mod config;
pub mod moment;

pub mod store;

pub mod audit;
pub mod people;
pub mod policy;

pub mod committee;
pub mod faq;
pub mod funders;
pub mod members;

pub mod workflow;

pub mod staff;
pub mod verify;

pub mod health;
pub mod home;
pub mod styleguide;
pub mod web;

pub mod app;
pub mod check;
pub mod demo;
pub mod routes;

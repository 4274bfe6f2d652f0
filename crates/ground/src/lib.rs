//! What the workflow stands on: times, ids, refusals and configuration; the store, the journal and the mails; people and
//! what they may do; the policy, the committee, the members, the funders and the FAQ; the HTTP toolkit. It knows no step,
//! and is a crate of its own so that a change to a step does not compile it again.

pub mod clock;
pub mod fingerprint;
pub mod ids;
pub mod plain;
pub mod refusal;
pub mod table;
pub mod words;
pub mod workday;
pub mod written;

pub mod config;
pub mod moment;

pub mod store;

pub mod audit;
pub mod mail;
pub mod people;
pub mod policy;

pub mod committee;
pub mod faq;
pub mod funders;
pub mod members;

pub mod web;

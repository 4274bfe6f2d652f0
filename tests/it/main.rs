//! The service as people meet it: every test starts it on a database of its own and uses it through HTTP.
#![allow(
    missing_docs,
    unreachable_pub,
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod harness;

mod account;
mod as_typed;
mod attachments;
mod ballots;
mod basics;
mod chosen;
mod co_signing;
mod committee;
mod conflicts;
mod corrections;
mod decide;
mod delivery;
mod demo;
mod discussion;
mod every_form;
mod facts;
mod faq;
mod funders;
mod held_mails;
mod house;
mod institutions;
mod letter;
mod letter_life;
mod mail_forms;
mod markup;
mod matrix;
mod members;
mod members_file;
mod members_many;
mod merging;
mod month;
mod others_views;
mod outcome;
mod parts;
mod people;
mod policy;
mod post;
mod questions;
mod recognition;
mod recused;
mod reopen;
mod request;
mod request_pdf;
mod reuse;
mod review;
mod seal;
mod sharing;
mod sink;
mod smtp;
mod staff;
mod standing;
mod suitability;
mod waiting;
mod whole_story;
mod wording;

//! The HTTP toolkit: forms, frames, problems, guards. It knows no step of the workflow.

pub mod assets;
pub mod client;
pub mod flash;
pub mod form;
pub mod frame;
pub mod guard;
pub mod kept;
pub mod log;
pub mod open;
pub mod page;
pub mod pieces;
pub mod post;
pub mod problem;
pub mod service;
pub mod session;
pub mod shell;
pub mod stream;
pub mod turns;
pub mod upload;

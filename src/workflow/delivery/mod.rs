//! Step 6: mail reaches its reader, or someone is told why not.
//! A command queues a mail in its own transaction; the worker sends it later, with no transaction open. Staff may look at
//! mails to applicants before that.

pub mod commands;
pub mod guard;
pub mod held;
pub mod kinds;
pub mod pages;
pub mod retry;
pub mod store;
pub mod transport;
pub mod worker;

pub use ground::mail::{html, message, outbox};

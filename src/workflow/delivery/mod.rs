//! Step 6: mail reaches its reader, or someone is told why not.

pub mod outbox;

//! The journal: who did what to what, when. Append-only, in the transaction of the change it tells of.

pub mod entry;
pub mod store;

//! What any change may leave behind: a mail, queued in its transaction. Step 6 of the workflow delivers it.

pub mod html;
pub mod message;
pub mod outbox;

//! The circumstances of a command: when it happens, and where the links in its mails lead.

use std::sync::Arc;

use crate::clock::Instant;

/// What mails and letters need to know of the service itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// What people type, without a slash at the end.
    pub public_url: String,
    /// The domain of our Message-IDs.
    pub mail_domain: String,
    /// Address for questions.
    pub contact: String,
}

impl Site {
    /// An absolute link to a path of this service.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }
}

/// When a command happens, and on which site.
#[derive(Debug, Clone)]
pub struct Moment {
    /// When, in UTC.
    pub now: Instant,
    /// Where.
    pub site: Arc<Site>,
}

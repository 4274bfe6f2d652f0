//! What mails about a request say of it, and how they address their reader.

use crate::ids::RequestId;

/// What every mail about a request says of it. A seat may know this much before it has declared.
#[derive(Debug, Clone)]
pub struct About {
    /// The request.
    pub request: RequestId,
    /// `LOS-2026-0001`.
    pub reference: String,
    /// The project's title.
    pub title: String,
    /// The applicant's name.
    pub applicant: String,
    /// The applicant's institution.
    pub institution: String,
    /// The funder.
    pub funder: String,
}

/// How a mail addresses its reader.
pub fn greeting(name: &str) -> &str {
    if name.is_empty() { "colleague" } else { name }
}

//! What mails about a request say of it, and how they address their reader.

use super::rules::Reader;
use crate::ids::RequestId;
use crate::moment::Site;

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

/// Where a reader finds the request: members of the committee on its page for them, staff on theirs.
pub fn link_for(site: &Site, about: &About, to: &Reader) -> String {
    let page = if to.seat.is_some() { "review" } else { "motion" };
    site.link(&format!("/requests/{}/{page}", about.request))
}

/// How a mail addresses its reader.
pub fn greeting(name: &str) -> &str {
    if name.is_empty() { "colleague" } else { name }
}

//! Where a link in the source leads on this site. The source is also a page of the Consortium's website, so a path
//! means the website's unless this service answers it.

use super::render::Shown;

/// Where links of the source lead: the Consortium's website, except what this service answers itself.
#[derive(Debug, Clone)]
pub struct Links {
    /// The address in front of a path that this service does not have: `https://iiif.io`.
    pub website: String,
    /// Paths of the website with the path of this service that answers in their place.
    pub ours: Vec<(String, String)>,
    /// The beginnings of this service's own paths.
    pub own: Vec<String>,
}

impl Default for Links {
    fn default() -> Self {
        let pair = |theirs: &str, ours: &str| (theirs.to_owned(), ours.to_owned());
        Self {
            website: "https://iiif.io".to_owned(),
            ours: vec![pair("/community/policy/support", "/policy"), pair("/community/consortium/faq", "/faq")],
            own: ["/faq", "/members", "/committee", "/policy", "/funders", "/verify", "/requests", "/sign-in"]
                .map(str::to_owned)
                .to_vec(),
        }
    }
}

impl Links {
    /// The address to write for a link of the source.
    ///
    /// # Errors
    /// When it is neither a path, an anchor, a web address nor a mail address.
    pub fn address(&self, link: &str) -> Result<String, Shown> {
        let link = link.trim();
        let lower = link.to_ascii_lowercase();
        if ["https://", "http://", "mailto:", "#"].iter().any(|start| lower.starts_with(start)) {
            return Ok(link.to_owned());
        }
        if !link.starts_with('/') || link.starts_with("//") || link.contains('\\') {
            let what =
                format!("the link {link:?} is not allowed. Use https, http, mailto, or a path that begins with /.");
            return Err(Shown::at(link, what));
        }
        let (path, rest) = link.split_at(link.find(['?', '#']).unwrap_or(link.len()));
        let path = path.trim_end_matches('/');
        if let Some((_, ours)) = self.ours.iter().find(|(theirs, _)| theirs == path) {
            return Ok(format!("{ours}{rest}"));
        }
        let own = self
            .own
            .iter()
            .any(|own| path == own || path.strip_prefix(own.as_str()).is_some_and(|p| p.starts_with('/')));
        if own || path.is_empty() { Ok(link.to_owned()) } else { Ok(format!("{}{link}", self.website)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_the_website_except_those_this_service_answers() {
        let links = Links::default();
        for (link, address) in [
            ("/community/", "https://iiif.io/community/"),
            ("/community/policy/support/", "/policy"),
            ("/community/policy/support/#process", "/policy#process"),
            ("/members", "/members"),
            ("/members?kind=full", "/members?kind=full"),
            ("/members-only/", "https://iiif.io/members-only/"),
            ("/", "/"),
            ("#why", "#why"),
            ("HTTPS://a.example", "HTTPS://a.example"),
            ("mailto:a@b.example", "mailto:a@b.example"),
        ] {
            assert_eq!(links.address(link).as_deref(), Ok(address));
        }
    }

    #[test]
    fn other_schemes_and_addresses_that_leave_the_site_unseen_are_refused() {
        for link in ["javascript:alert(1)", "data:text/html,x", "//evil.example", "/\\evil.example", "page.html", ""] {
            assert!(Links::default().address(link).is_err(), "{link}");
        }
    }
}

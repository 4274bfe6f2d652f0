//! Where a link in the source leads on this site. The source is also a page of the Consortium's website, so a path
//! means the website's unless this service answers it.

use super::fill::Leads;
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
    /// These with what the source's front matter says instead.
    ///
    /// # Errors
    /// When it leads to what is neither a path nor a web address.
    pub fn led(&self, leads: &Leads) -> Result<Self, Shown> {
        let is_web = |address: &str| address.starts_with("https://") || address.starts_with("http://");
        let mut links = self.clone();
        if let Some(website) = &leads.website {
            if !is_web(website) {
                return Err(Shown::at(website, format!("website is {website:?}. It begins with https://.")));
            }
            website.trim_end_matches('/').clone_into(&mut links.website);
        }
        for (theirs, ours) in &leads.links {
            if !is_web(ours) && (!ours.starts_with('/') || ours.starts_with("//") || ours.contains('\\')) {
                let what =
                    format!("the link {theirs:?} leads to {ours:?}. Use https, http, or a path that begins with /.");
                return Err(Shown::at(theirs, what));
            }
            links.ours.insert(0, (theirs.trim_end_matches('/').to_owned(), ours.clone()));
        }
        Ok(links)
    }

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
    fn the_front_matter_says_where_links_lead() {
        let leads = |website: &str, ours: &str| Leads {
            website: Some(website.to_owned()),
            links: [("/apps-demos/".to_owned(), ours.to_owned())].into(),
        };
        let links = Links::default().led(&leads("https://www.example.org/", "https://apps.example/")).unwrap();
        for (link, address) in [
            ("/apps-demos", "https://apps.example/"),
            ("/community/", "https://www.example.org/community/"),
            ("/community/policy/support/", "/policy"),
        ] {
            assert_eq!(links.address(link).as_deref(), Ok(address));
        }
        for wrong in [
            leads("ftp://x", "/faq"),
            leads("https://x.example", "javascript:alert(1)"),
            leads("https://x.example", "//x"),
        ] {
            assert!(Links::default().led(&wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn other_schemes_and_addresses_that_leave_the_site_unseen_are_refused() {
        for link in ["javascript:alert(1)", "data:text/html,x", "//evil.example", "/\\evil.example", "page.html", ""] {
            assert!(Links::default().address(link).is_err(), "{link}");
        }
    }
}

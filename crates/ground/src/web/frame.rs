//! What every page shows around its own content: title, person, navigation, notices, the message after an action.
//! Pages fill it in; `templates/frame.html` draws it. Who the person is and what they may do is decided elsewhere.

use crate::web::assets::asset_url;

/// The name of the product, as the banner and every page title carry it.
pub const PRODUCT: &str = "Letters of support";

/// The signed-in person, as far as a page needs to know them to draw its frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// How the banner calls them: the name, or the address while there is no name.
    pub name: String,
    /// Whether they see the staff's pages in the navigation.
    pub is_staff: bool,
    /// Whether they act for a seat of the Executive Committee.
    pub is_member: bool,
    /// How many declarations, reviews, ballots and signatures wait for them.
    pub waiting_count: usize,
}

/// The part of the service that a page belongs to; its link is marked as current in the navigation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Section {
    /// None of those below: the start page, sign-in, a problem.
    #[default]
    Elsewhere,
    /// The applicant's own requests.
    Requests,
    /// What waits for a member of the committee.
    Waiting,
    /// The staff's queue of all requests.
    Queue,
    /// The staff's outgoing mail.
    Outbox,
    /// Questions and answers.
    Faq,
    /// The policy in force.
    Policy,
    /// The Consortium's members.
    Members,
    /// The Executive Committee's seats.
    Committee,
    /// The check of a letter by its code.
    Verify,
}

impl Section {
    const fn link(self) -> (&'static str, &'static str) {
        match self {
            Self::Elsewhere => ("Start", "/"),
            Self::Requests => ("Your requests", "/requests"),
            Self::Waiting => ("Waiting for me", "/waiting"),
            Self::Queue => ("All requests", "/queue"),
            Self::Outbox => ("Mail", "/outbox"),
            Self::Faq => ("Questions", "/faq"),
            Self::Policy => ("Policy", "/policy"),
            Self::Members => ("Members", "/members"),
            Self::Committee => ("Committee", "/committee"),
            Self::Verify => ("Check a letter", "/verify"),
        }
    }
}

/// One link of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NavLink {
    /// What it says.
    pub label: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// Whether the page shown belongs to it.
    pub current: bool,
    /// How many things wait there; 0 shows no number.
    pub count: usize,
}

/// How a message is meant; it picks colour and symbol, the words say the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something to know.
    Info,
    /// It worked.
    Good,
    /// Take care.
    Warn,
    /// It did not work.
    Bad,
}

impl Tone {
    /// The word that the style sheet knows it by.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}

/// A standing remark for every page, such as "mail is not sent from here".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How it is meant.
    pub tone: Tone,
    /// What it says.
    pub text: String,
    /// A link that belongs to it: what it says, where it leads.
    pub link: Option<(String, String)>,
}

/// The message after an action, shown once on the next page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    /// How it is meant.
    pub tone: Tone,
    /// What happened, and what follows.
    pub text: String,
}

/// What every page shows around its own content. Each page template holds one in a field called `frame`.
#[derive(Debug, Clone)]
pub struct Frame {
    /// What this page is, unique in the service; the product's name is added behind it.
    pub title: String,
    /// Who is signed in.
    pub visitor: Option<Visitor>,
    /// The part of the service that this page belongs to.
    pub section: Section,
    /// Standing remarks.
    pub notices: Vec<Notice>,
    /// The message after an action.
    pub flash: Option<Flash>,
    /// The token that every form of this page carries against requests from other sites.
    pub token: String,
    /// The address that answers questions.
    pub help: String,
    /// Whether a form on this page came back with errors; the title then begins with "Error:".
    pub failed: bool,
}

impl Frame {
    /// The frame of a page called `title`, for nobody in particular.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            visitor: None,
            section: Section::default(),
            notices: Vec::new(),
            flash: None,
            token: String::new(),
            help: "admin@iiif.io".to_owned(),
            failed: false,
        }
    }

    /// The same frame for a page called `title`.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// The same frame for a page in `section`.
    #[must_use]
    pub fn within(mut self, section: Section) -> Self {
        self.section = section;
        self
    }

    /// The same frame around a form that came back with errors, if it did.
    #[must_use]
    pub fn failed_if(mut self, failed: bool) -> Self {
        self.failed = failed;
        self
    }

    /// The whole title of the document.
    pub fn document_title(&self) -> String {
        let error = if self.failed { "Error: " } else { "" };
        let consortium = "IIIF Consortium";
        if self.title.is_empty() || self.title == PRODUCT {
            format!("{error}{PRODUCT} – {consortium}")
        } else {
            format!("{error}{} – {PRODUCT} – {consortium}", self.title)
        }
    }

    /// The links of the navigation for this person.
    pub fn navigation(&self) -> Vec<NavLink> {
        let sections: &[Section] = match &self.visitor {
            None => &[Section::Faq, Section::Policy, Section::Members, Section::Verify],
            Some(Visitor { is_staff: true, is_member: true, .. }) => &[
                Section::Queue,
                Section::Waiting,
                Section::Outbox,
                Section::Requests,
                Section::Committee,
                Section::Faq,
            ],
            Some(Visitor { is_staff: true, .. }) => {
                &[Section::Queue, Section::Outbox, Section::Requests, Section::Committee, Section::Faq]
            }
            Some(Visitor { is_member: true, .. }) => {
                &[Section::Waiting, Section::Queue, Section::Requests, Section::Committee, Section::Faq]
            }
            Some(_) => &[Section::Requests, Section::Faq, Section::Policy, Section::Verify],
        };
        sections.iter().map(|section| self.link_to(*section)).collect()
    }

    /// The links at the foot of every page.
    pub fn foot_links(&self) -> Vec<NavLink> {
        [Section::Faq, Section::Policy, Section::Committee, Section::Members, Section::Verify]
            .map(|section| self.link_to(section))
            .to_vec()
    }

    fn link_to(&self, section: Section) -> NavLink {
        let (label, href) = section.link();
        let waiting = self.visitor.as_ref().map_or(0, |visitor| visitor.waiting_count);
        let count = if section == Section::Waiting { waiting } else { 0 };
        NavLink { label, href, current: section == self.section, count }
    }

    /// The address of the file `name` in `templates/assets`, with a hash of its content.
    pub fn asset(&self, name: &str) -> String {
        asset_url(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visitor(is_staff: bool, is_member: bool) -> Frame {
        let mut frame = Frame::new("A page").within(Section::Waiting);
        frame.visitor = Some(Visitor { name: "Ada".to_owned(), is_staff, is_member, waiting_count: 3 });
        frame
    }

    #[test]
    fn a_form_with_errors_says_so_first_in_the_title() {
        let frame = Frame::new("Your details").failed_if(true);
        assert_eq!(frame.document_title(), "Error: Your details – Letters of support – IIIF Consortium");
    }

    #[test]
    fn an_applicant_is_not_shown_the_ways_of_staff_and_committee() {
        let hrefs: Vec<_> = visitor(false, false).navigation().iter().map(|link| link.href).collect();
        assert!(hrefs.contains(&"/requests"));
        assert!(!hrefs.contains(&"/queue") && !hrefs.contains(&"/waiting") && !hrefs.contains(&"/outbox"));
    }

    #[test]
    fn a_member_sees_how_many_things_wait_and_where_they_are() {
        let links = visitor(false, true).navigation();
        let waiting = links.iter().find(|link| link.href == "/waiting").unwrap();
        assert_eq!((waiting.count, waiting.current), (3, true));
        assert!(links.iter().filter(|link| link.current).count() == 1);
    }
}

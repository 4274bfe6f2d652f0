//! What a mail is: one recipient, headers that cannot be broken out of, a fixed Message-ID, and where it stands.
//! How it is kept is left to the store, how it travels to the transport.

use std::fmt;
use std::str::FromStr;

use crate::clock::Instant;
use crate::ids::MailId;
use crate::refusal::Fault;
use crate::worded;

/// Stands in a mail that is kept for the link that is filled in when it is sent, and kept nowhere.
pub const LINK_PLACE: &str = "[the link]";

worded! {
    /// Where a mail stands.
    pub enum MailState {
        /// Waits for one of staff to look at it.
        Held = "held",
        /// Waits for the worker.
        Queued = "queued",
        /// The mail server has accepted it.
        Sent = "sent",
        /// The mail server will not have it, or nobody could be reached for too long.
        Failed = "failed",
        /// Its reason has passed; it was never sent.
        Dropped = "dropped",
    }
}

impl MailState {
    /// The state in words, as staff read it, and the tone of its badge.
    pub const fn in_words(self) -> (&'static str, &'static str) {
        match self {
            Self::Held => ("To look at", "warn"),
            Self::Queued => ("Waiting", "info"),
            Self::Sent => ("Sent", "good"),
            Self::Failed => ("Failed", "bad"),
            Self::Dropped => ("Not sent", ""),
        }
    }
}

/// A text that may not stand in the header of a mail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAHeader {
    /// It would end the header, or hide part of it.
    #[error("{0:?} has a line break or control character, which no mail header may hold")]
    Breaks(String),
    /// It is not the address of exactly one mailbox.
    #[error("{0:?} is not one mail address")]
    NotOneAddress(String),
}

impl From<NotAHeader> for Fault {
    fn from(cause: NotAHeader) -> Self {
        Self::because("a mail could not be written", cause)
    }
}

/// A text without line breaks and control characters: the only thing that becomes a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneLine(String);

impl OneLine {
    /// `text` as the content of one header, spaces at its ends removed.
    ///
    /// # Errors
    /// `text` holds a line break (also U+0085, U+2028, U+2029) or another control character.
    pub fn new(text: impl Into<String>) -> Result<Self, NotAHeader> {
        let text: String = text.into();
        if text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
            return Err(NotAHeader::Breaks(text));
        }
        Ok(Self(text.trim().to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OneLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One mailbox: an address and, if known, whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    address: OneLine,
    name: Option<OneLine>,
}

impl Mailbox {
    /// The mailbox at `address`, shown with `name` unless that is empty.
    ///
    /// # Errors
    /// `address` is not exactly one address, or one of the two would break the header.
    pub fn new(address: impl Into<String>, name: &str) -> Result<Self, NotAHeader> {
        let address = OneLine::new(address)?;
        let local_and_domain = address.as_str().rsplit_once('@');
        let several = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '"' | '(' | ')');
        if address.as_str().contains(several)
            || !local_and_domain.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
        {
            return Err(NotAHeader::NotOneAddress(address.0));
        }
        let name = Some(OneLine::new(name)?).filter(|name| !name.as_str().is_empty());
        Ok(Self { address, name })
    }

    /// The address.
    pub fn address(&self) -> &str {
        self.address.as_str()
    }

    /// Whose mailbox it is, if known.
    pub fn name(&self) -> Option<&str> {
        self.name.as_ref().map(OneLine::as_str)
    }

    /// The part of the address after its last `@`.
    pub fn domain(&self) -> &str {
        self.address().rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

impl fmt::Display for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "{name} <{}>", self.address),
            None => write!(f, "{}", self.address),
        }
    }
}

impl FromStr for Mailbox {
    type Err = NotAHeader;

    /// Reads `Anne O'Brien <anne@uni.example>`, or the address alone.
    fn from_str(text: &str) -> Result<Self, NotAHeader> {
        match text.trim().strip_suffix('>').and_then(|text| text.split_once('<')) {
            Some((name, address)) => Self::new(address, name),
            None => Self::new(text.trim(), ""),
        }
    }
}

/// A mail ready to travel. Every try sends the same, so that a receiver can recognise a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Its row in the outbox.
    pub id: MailId,
    /// The mailbox it comes from.
    pub from: Mailbox,
    /// Its only recipient.
    pub to: Mailbox,
    /// The subject.
    pub subject: OneLine,
    /// The text; complete in itself.
    pub text: String,
    /// The same in HTML.
    pub html: Option<String>,
    /// The Message-ID with its angle brackets, fixed when the mail was queued.
    pub message_id: OneLine,
    /// What In-Reply-To and References name: a root shared by all mail about one request. No mail has that id itself,
    /// since each reader has another first mail; mail programs join those that name the same root.
    pub thread: Option<OneLine>,
    /// When it was queued, UTC: the Date of the mail, on every try.
    pub queued_at: Instant,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_with_any_kind_of_line_break_or_control_character_is_refused() {
        for bad in ["a\r\nBcc: x@y.example", "a\nb", "a\rb", "a\0b", "a\u{85}b", "a\u{2028}b", "a\u{2029}b", "a\tb"] {
            assert!(OneLine::new(bad).is_err(), "{bad:?}");
            assert!(Mailbox::new("a@b.example", bad).is_err(), "{bad:?}");
            assert!(Mailbox::new(format!("{bad}@b.example"), "").is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_title_in_any_script_makes_a_subject() {
        for good in ["Écrire l'histoire", "تاريخ المخطوطات", "写本 <b>{{x}}</b>"] {
            assert_eq!(OneLine::new(good).unwrap().as_str(), good);
        }
    }

    #[test]
    fn a_mail_goes_to_exactly_one_address() {
        for bad in [
            "",
            "a",
            "@b.example",
            "a@",
            "a@b.example, c@d.example",
            "a@b.example;c@d.example",
            "<a@b.example>",
            "a b@c",
        ] {
            assert!(Mailbox::new(bad, "").is_err(), "{bad:?}");
        }
        let good = Mailbox::new("o'brien@uni.example", "Anne O'Brien").unwrap();
        assert_eq!(good.to_string(), "Anne O'Brien <o'brien@uni.example>");
        assert_eq!(good.domain(), "uni.example");
    }

    #[test]
    fn a_sender_is_read_with_or_without_a_name() {
        let named: Mailbox = "IIIF Consortium letters <letters@iiif.example>".parse().unwrap();
        assert_eq!((named.name(), named.address()), (Some("IIIF Consortium letters"), "letters@iiif.example"));
        let plain: Mailbox = " letters@iiif.example ".parse().unwrap();
        assert_eq!((plain.name(), plain.domain()), (None, "iiif.example"));
        assert!("letters".parse::<Mailbox>().is_err());
    }
}

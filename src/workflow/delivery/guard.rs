//! Outside production, mail reaches only the addresses on a list, and says that it is a trial.

use super::html;
use super::message::{Mailbox, NotAHeader, OneLine, Outgoing};

/// What every mail of a trial installation says before anything else.
const SENTENCE: &str = "This mail comes from a trial installation. Nothing in it counts.";

/// The addresses and domains that mail of a trial installation may reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowList(Vec<String>);

/// An entry of the list that is neither an address nor a domain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither an address (anne@uni.example) nor a domain (@uni.example)")]
pub struct NotAnEntry(String);

impl AllowList {
    /// The list written as `anne@uni.example, @iiif.example`: addresses, and domains with an `@` before them.
    ///
    /// # Errors
    /// The first entry that is neither.
    pub fn parse(list: &str) -> Result<Self, NotAnEntry> {
        let entries = list.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        entries
            .map(|entry| {
                let domain = entry.rsplit_once('@').map(|(_, domain)| domain);
                match domain {
                    Some(domain) if !domain.is_empty() => Ok(entry.to_lowercase()),
                    _ => Err(NotAnEntry(entry.to_owned())),
                }
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Whether mail may reach `to`. Letter case is ignored; a domain does not speak for its subdomains.
    pub fn permits(&self, to: &Mailbox) -> bool {
        let address = to.address().to_lowercase();
        let domain = format!("@{}", to.domain().to_lowercase());
        self.0.iter().any(|entry| *entry == address || *entry == domain)
    }

    /// Why mail to `to` is kept here.
    pub fn refusal(&self, to: &Mailbox) -> String {
        format!(
            "This is a trial installation, and {} is not on its list of addresses that mail may reach.",
            to.address()
        )
    }
}

/// `mail` with its subject and both its forms saying that it comes from a trial installation.
///
/// # Errors
/// Never for a mail whose subject was valid before.
pub fn mark(mut mail: Outgoing) -> Result<Outgoing, NotAHeader> {
    mail.subject = OneLine::new(format!("[Trial] {}", mail.subject))?;
    mail.text.insert_str(0, &format!("{SENTENCE}\n\n"));
    mail.html = mail.html.map(|html| html::with_sentence(&html, SENTENCE));
    Ok(mail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mailbox(address: &str) -> Mailbox {
        Mailbox::new(address, "").unwrap()
    }

    #[test]
    fn only_listed_addresses_and_domains_are_reached() {
        let list = AllowList::parse("Anne@uni.example, @IIIF.example").unwrap();
        for permitted in ["anne@uni.example", "ANNE@UNI.EXAMPLE", "anybody@iiif.example"] {
            assert!(list.permits(&mailbox(permitted)), "{permitted}");
        }
        for kept in ["bob@uni.example", "x@sub.iiif.example", "x@notiiif.example", "anne@uni.example.org"] {
            assert!(!list.permits(&mailbox(kept)), "{kept}");
        }
    }

    #[test]
    fn an_empty_list_reaches_nobody_and_a_wrong_one_is_refused() {
        assert!(!AllowList::parse(" ").unwrap().permits(&mailbox("anne@uni.example")));
        assert!(AllowList::parse("anne@uni.example, uni.example").is_err());
        assert!(AllowList::parse("anne@").is_err());
    }
}

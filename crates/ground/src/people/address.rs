//! One canonical form of an e-mail address, so that one mailbox is one account.
//! The domain is lower-cased and written in ASCII (IDNA, UTS 46), the local part is lower-cased. Dots and plus signs
//! stay as they are: only some mail systems ignore them, and guessing wrong would join two people.

use std::fmt;
use std::str::FromStr;

use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};

/// The longest address that fits into an SMTP path (RFC 5321, 4.5.3.1.3), in bytes.
pub const LONGEST: usize = 254;
/// The longest local part (RFC 5321, 4.5.3.1.1), in bytes.
const LONGEST_LOCAL: usize = 64;

/// An e-mail address in its canonical form: plain ASCII, lower case, without quotes, comments or control characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address(String);

/// Why a text is no e-mail address; the words are for the person who typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// Nothing was typed.
    #[error("Type your e-mail address.")]
    Missing,
    /// Not of the form name@domain.
    #[error("Type a whole e-mail address, such as name@university.example.")]
    Shape,
    /// Longer than mail allows.
    #[error("This e-mail address is too long: mail allows 254 characters, and 64 before the @.")]
    TooLong,
    /// A character before the @ that our mail cannot be sent to.
    #[error("The part before the @ may have the letters a to z, digits, dots and signs such as - _ +.")]
    Local,
    /// The part after the @ is no domain name.
    #[error("The part after the @ is not the name of a mail domain. Check it for typing errors.")]
    Domain,
}

impl Address {
    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part after the @, in ASCII.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// The address as it may be shown to somebody who might not be its owner: `m…@uni.example`.
    pub fn masked(&self) -> String {
        format!("{}…@{}", self.0.chars().take(1).collect::<String>(), self.domain())
    }
}

impl FromStr for Address {
    type Err = BadAddress;

    fn from_str(typed: &str) -> Result<Self, BadAddress> {
        let typed = typed.trim_matches([' ', '\t']);
        if typed.is_empty() {
            return Err(BadAddress::Missing);
        }
        if typed.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(BadAddress::Shape);
        }
        let (local, domain) = typed.rsplit_once('@').ok_or(BadAddress::Shape)?;
        if local.is_empty() || domain.is_empty() {
            return Err(BadAddress::Shape);
        }
        if local.len() > LONGEST_LOCAL || domain.len() > LONGEST * 4 {
            return Err(BadAddress::TooLong);
        }
        if !is_dot_atom(local) {
            return Err(BadAddress::Local);
        }
        let address = format!("{}@{}", local.to_ascii_lowercase(), ascii_domain(domain)?);
        if address.len() > LONGEST { Err(BadAddress::TooLong) } else { Ok(Self(address)) }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Words of RFC 5322 `atext`, separated by single dots. Other scripts are left out: SMTPUTF8 is too rare to rely on.
fn is_dot_atom(local: &str) -> bool {
    let is_atext = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    local.split('.').all(|word| !word.is_empty() && word.chars().all(is_atext))
}

/// The domain in lower-case ASCII; it has at least two labels, and the last one is not a number (no IP addresses).
fn ascii_domain(domain: &str) -> Result<String, BadAddress> {
    let ascii = Uts46::new()
        .to_ascii(domain.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast, DnsLength::Verify)
        .map_err(|_| BadAddress::Domain)?;
    match ascii.rsplit_once('.') {
        Some((_, last)) if !last.bytes().all(|b| b.is_ascii_digit()) => Ok(ascii.into_owned()),
        _ => Err(BadAddress::Domain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn canonical(typed: &str) -> Result<String, BadAddress> {
        typed.parse::<Address>().map(|address| address.to_string())
    }

    #[test]
    fn spellings_of_one_mailbox_meet_in_one_form() {
        let same = [
            "marie@bücher.example",
            " Marie@BÜCHER.example\t",
            "marie@xn--bcher-kva.example",
            "marie@ｂücher。example",
        ];
        for typed in same {
            assert_eq!(canonical(typed).as_deref(), Ok("marie@xn--bcher-kva.example"), "{typed:?}");
        }
    }

    #[test]
    fn dots_and_plus_signs_make_another_mailbox() {
        assert_ne!(canonical("m.curie@uni.example"), canonical("mcurie@uni.example"));
        assert_ne!(canonical("curie+iiif@uni.example"), canonical("curie@uni.example"));
    }

    #[test]
    fn what_could_break_a_mail_header_is_refused() {
        for c in ['\r', '\n', '\0', '\u{2028}', '\u{85}', ' ', '<', '>', ',', ';', '"', '(', '\\', '\u{202e}'] {
            for typed in [format!("a{c}b@uni.example"), format!("ab@uni{c}.example"), format!("ab@uni.example{c}x")] {
                assert!(canonical(&typed).is_err(), "{typed:?}");
            }
        }
        assert!(canonical("a@uni.example\r\nBcc: all@uni.example").is_err());
    }

    #[test]
    fn each_fault_has_its_own_words() {
        let long_local = format!("{}@uni.example", "a".repeat(65));
        let cases = [
            ("", BadAddress::Missing),
            ("  ", BadAddress::Missing),
            ("marie", BadAddress::Shape),
            ("@uni.example", BadAddress::Shape),
            ("marie@", BadAddress::Shape),
            (&*long_local, BadAddress::TooLong),
            ("a@b@uni.example", BadAddress::Local),
            (".marie@uni.example", BadAddress::Local),
            ("ma..rie@uni.example", BadAddress::Local),
            ("用户@uni.example", BadAddress::Local),
            ("marie@localhost", BadAddress::Domain),
            ("marie@192.0.2.1", BadAddress::Domain),
            ("marie@[192.0.2.1]", BadAddress::Domain),
            ("marie@uni..example", BadAddress::Domain),
            ("marie@-uni.example", BadAddress::Domain),
            ("marie@uni_x.example", BadAddress::Domain),
            ("marie@uni.example.", BadAddress::Domain),
        ];
        for (typed, why) in cases {
            assert_eq!(canonical(typed), Err(why), "{typed:?}");
        }
    }

    #[test]
    fn the_masked_form_keeps_one_letter_and_the_domain() {
        assert_eq!("Marie.Curie@Uni.example".parse::<Address>().unwrap().masked(), "m…@uni.example");
    }

    proptest! {
        #[test]
        fn an_accepted_address_is_plain_text_and_its_own_canonical_form(typed in r"\PC{0,8}[a-zA-Z0-9.+]{0,8}@?\PC{0,12}(\.example)?") {
            if let Ok(address) = typed.parse::<Address>() {
                prop_assert!(address.as_str().bytes().all(|b| b.is_ascii_graphic()), "{address}");
                prop_assert_eq!(address.as_str().parse::<Address>(), Ok(address.clone()));
            }
        }
    }
}

//! One entry of the journal and the hash chain that ties the entries of a subject together.

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::clock::Instant;
use crate::ids::PersonId;

/// In whose name something was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// The applicant of the request.
    Applicant(PersonId),
    /// A person acting for a seat; the text names the institution.
    Seat(PersonId, String),
    /// A member of staff.
    Staff(PersonId),
    /// The committee's chair.
    Chair(PersonId),
    /// Somebody who signs a letter beside the Consortium; they have no account.
    CoSigner,
    /// Somebody signed in, acting for themselves (sign-in, account).
    Person(PersonId),
    /// The service itself: a period ran out, a file was loaded.
    Service,
}

impl Actor {
    /// The person behind it, if any.
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Self::Applicant(id) | Self::Seat(id, _) | Self::Staff(id) | Self::Chair(id) | Self::Person(id) => Some(*id),
            Self::CoSigner | Self::Service => None,
        }
    }

    /// What the journal shows: the charge in which it was done, never a person's name.
    pub fn label(&self) -> String {
        match self {
            Self::Applicant(_) => "applicant".to_owned(),
            Self::Seat(_, institution) => format!("seat of {institution}"),
            Self::Staff(_) => "staff".to_owned(),
            Self::Chair(_) => "chair".to_owned(),
            Self::CoSigner => "co-signer".to_owned(),
            Self::Person(_) => "person".to_owned(),
            Self::Service => "service".to_owned(),
        }
    }
}

/// What is to be written down.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What it is about: a request's id, or a word such as `members`.
    pub subject: String,
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: Actor,
    /// What was done, in kebab-case: `request-submitted`.
    pub what: &'static str,
    /// Particulars as JSON; no free text about persons.
    pub detail: Value,
}

/// The hash that begins a chain.
pub const BEGINNING: &str = "";

/// The hash of an entry: SHA-256 in hex over the one before it and every field.
pub fn chain_hash(previous: &str, seq: i64, at: Instant, entry: [&str; 4]) -> String {
    let mut hasher = Sha256::new();
    let micros = at.timestamp_micros().to_string();
    let seq = seq.to_string();
    for part in [previous, &seq, &micros].into_iter().chain(entry) {
        hasher.update(part.len().to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hex(&hasher.finalize())
}

/// Bytes as lower-case hex digits.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_text_between_fields_changes_the_hash() {
        let at = "2026-03-01T12:00:00Z".parse().unwrap();
        let one = chain_hash(BEGINNING, 1, at, ["ab", "c", "", ""]);
        let other = chain_hash(BEGINNING, 1, at, ["a", "bc", "", ""]);
        assert_ne!(one, other);
    }
}

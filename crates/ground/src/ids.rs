//! Identifiers. The only maker of ids and of random bytes.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// A text that is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an identifier")]
pub struct NotAnId(pub String);

/// Declares identifier types. Each keeps the 36 characters of a UUID, so that it can be copied and bound as text.
macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name([u8; 36]);

        impl $name {
            /// A new identifier; later ones sort after earlier ones.
            pub fn fresh() -> Self {
                Self::of(fresh_uuid())
            }

            fn of(uuid: Uuid) -> Self {
                let mut text = [0; 36];
                uuid.hyphenated().encode_lower(&mut text);
                Self(text)
            }

            /// The identifier as the 16 bytes of its UUID.
            pub fn to_bytes(self) -> [u8; 16] {
                Uuid::try_parse(self.as_str()).unwrap_or_default().into_bytes()
            }

            /// The identifier with these 16 bytes.
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self::of(Uuid::from_bytes(bytes))
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                std::str::from_utf8(&self.0).unwrap_or_default()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                Uuid::try_parse(text).map(Self::of).map_err(|_| NotAnId(text.to_owned()))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = String::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}

ids! {
    /// A request for a letter of support.
    RequestId,
    /// A question of the reviewers to the applicant.
    QuestionId,
    /// A file that an applicant attached to a request.
    AttachmentId,
    /// A post in the discussion of a request.
    PostId,
    /// A seat's assignment as reviewer of a request.
    AssignmentId,
    /// A seat's conflict of interest with a request.
    ConflictId,
    /// The motion to support a request.
    MotionId,
    /// A seat's review of a request.
    ReviewId,
    /// A named objection to a motion.
    ObjectionId,
    /// One cast or changed ballot.
    BallotId,
    /// The committee's answer to a request.
    DecisionId,
    /// One version of a letter.
    LetterId,
    /// Somebody who signs a letter beside the Consortium.
    CoSignerId,
    /// An institution: member of the Consortium or of the community.
    InstitutionId,
    /// A stretch of time in which an institution has one kind of membership.
    MembershipId,
    /// A seat on the Executive Committee for one term.
    SeatId,
    /// A person's charge as representative or alternate of a seat.
    SeatHolderId,
    /// A person's time in an office of the committee.
    OfficerId,
    /// A person with an account.
    PersonId,
    /// A role of a person.
    RoleId,
    /// An attempt to sign in by e-mail.
    AttemptId,
    /// A web session.
    SessionId,
    /// A mail in the outbox.
    MailId,
    /// An entry of the audit journal.
    EntryId,
    /// One fault, as shown on the page and found in the log.
    FaultId,
    /// A one-time invitation to set up an account.
    InviteId,
    /// A place where a person's calendar reads what waits for them.
    FeedId,
}

#[allow(clippy::disallowed_methods, reason = "the one place that makes ids")]
fn fresh_uuid() -> Uuid {
    Uuid::now_v7()
}

/// `N` bytes nobody can guess, from the operating system.
///
/// # Panics
/// When the operating system has no random bytes to give: nothing safe can be done then.
#[allow(clippy::expect_used, reason = "without random bytes nothing safe can be done")]
pub fn nonce<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_the_way_through_text() {
        let id = RequestId::fresh();
        assert_eq!(id.as_str().parse(), Ok(id));
        assert_eq!(RequestId::from_bytes(id.to_bytes()), id);
    }

    #[test]
    fn what_is_no_id_is_refused() {
        assert!("../etc/passwd".parse::<RequestId>().is_err());
    }
}

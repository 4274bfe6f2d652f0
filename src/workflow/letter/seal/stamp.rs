//! Time stamps (RFC 3161): a service confirms that a signature was there at a time, so that it can still be checked when
//! the certificate has expired. Its answer is itself signed, so plain HTTP will do.

use std::time::Duration;

use super::cms::{self, Signed};
use super::der::{self, Malformed, tag};
use super::oid;
use crate::clock::Instant;
use crate::ids::nonce;

/// How long the service may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest answer that is read.
const LONGEST: u64 = 64 * 1024;

/// Why there is no time stamp.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoStamp {
    /// The service cannot be reached, or answers something else: what went wrong.
    #[error("The time-stamp service did not answer: {0}.")]
    NoAnswer(String),
    /// The service says no.
    #[error("The time-stamp service refused.")]
    Refused,
    /// The answer is no time stamp on this signature, or not properly signed.
    #[error("The time-stamp service\u{2019}s answer is not a proper time stamp.")]
    Improper,
    /// The time stamp is longer than the room for it.
    #[error("The time-stamp service\u{2019}s answer is too long.")]
    TooLong,
}

/// A time stamp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamp {
    /// The time.
    pub(super) at: Instant,
    /// The service's signed word for it.
    pub(super) token: Vec<u8>,
}

/// A time-stamp service.
#[derive(Debug, Clone)]
pub struct Stamps {
    address: String,
}

impl Stamps {
    /// The service at this address, which begins with `http://`.
    pub const fn at(address: String) -> Self {
        Self { address }
    }

    /// Where it is.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Has a signature stamped; it takes as long as the service takes, at most ten seconds.
    pub(super) fn stamp(&self, signature: &[u8]) -> Result<Stamp, NoStamp> {
        let chance = der::integer(&nonce::<8>());
        let question = request(signature, &chance);
        let answer = self.ask(&question).map_err(|error| NoStamp::NoAnswer(error.to_string()))?;
        let token = granted(&answer).map_err(|_| NoStamp::Improper)?.ok_or(NoStamp::Refused)?;
        let info = checked(token, signature).map_err(|_| NoStamp::Improper)?;
        // Our own number in the answer says that it is no earlier one.
        if info.nonce != Some(chance) {
            return Err(NoStamp::Improper);
        }
        Ok(Stamp { at: info.at, token: token.to_vec() })
    }

    fn ask(&self, question: &[u8]) -> Result<Vec<u8>, ureq::Error> {
        let config = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).max_redirects(0).proxy(None).build();
        let agent = ureq::Agent::from(config);
        let mut answer = agent.post(&self.address).content_type("application/timestamp-query").send(question)?;
        answer.body_mut().with_config().limit(LONGEST).read_to_vec()
    }
}

/// The question to the service: a stamp on the SHA-256 of `signature`, with its certificates.
fn request(signature: &[u8], chance: &[u8]) -> Vec<u8> {
    let imprint = imprint(signature);
    der::sequence(&[&der::integer(&[1]), &imprint, chance, &[tag::BOOLEAN, 1, 0xff]])
}

fn imprint(signature: &[u8]) -> Vec<u8> {
    let digest = cms::hashed(oid::SHA256, signature).unwrap_or_default();
    der::sequence(&[&der::sequence(&[&der::oid(oid::SHA256), &[tag::NULL, 0]]), &der::octets(&digest)])
}

/// The time stamp in an answer; none when the service refuses.
fn granted(answer: &[u8]) -> Result<Option<&[u8]>, Malformed> {
    der::all_of(answer, |outer| {
        outer.expect(tag::SEQUENCE)?.inside(|parts| {
            let status = parts.expect(tag::SEQUENCE)?.inside(|status| {
                let number = status.number()?;
                status.rest().map(|_| number)
            })?;
            let token = parts.optional(tag::SEQUENCE)?.map(|token| token.whole);
            // 0: granted, 1: granted with changes.
            Ok(token.filter(|_| status <= 1))
        })
    })
}

/// What a time stamp says.
struct Info {
    at: Instant,
    nonce: Option<Vec<u8>>,
}

/// The time that a time stamp on `signature` confirms.
pub(super) fn read(token: &[u8], signature: &[u8]) -> Result<Instant, Malformed> {
    checked(token, signature).map(|info| info.at)
}

/// Reads a time stamp and checks it: it is on this signature, and a certificate for time stamps, valid then, signed it.
/// Whether that certificate's issuer is to be trusted is for the reader to say.
fn checked(token: &[u8], signature: &[u8]) -> Result<Info, Malformed> {
    let signed = Signed::read(token)?;
    let content = signed.content.filter(|_| signed.kind == oid::TIME_STAMP_INFO).ok_or(Malformed)?;
    let info = read_info(content, signature)?;
    let certificate = signed.certificate()?;
    let purpose = der::sequence(&[&der::oid(oid::FOR_TIME_STAMPS)]);
    let may_stamp = certificate.extensions.contains(&(oid::EXTENDED_KEY_USAGE, purpose));
    if may_stamp && certificate.wrong_at(info.at).is_none() && signed.holds_for(content, &certificate.key)? {
        Ok(info)
    } else {
        Err(Malformed)
    }
}

fn read_info(content: &[u8], signature: &[u8]) -> Result<Info, Malformed> {
    der::all_of(content, |outer| {
        outer.expect(tag::SEQUENCE)?.inside(|parts| {
            parts.number()?;
            parts.oid()?;
            let (function, digest) = parts.expect(tag::SEQUENCE)?.inside(|imprint| {
                let function = imprint.expect(tag::SEQUENCE)?.inside(|parts| {
                    let id = parts.oid()?;
                    parts.rest().map(|_| id)
                })?;
                Ok((function, imprint.expect(tag::OCTETS)?.content))
            })?;
            if cms::hashed(function, signature).is_none_or(|hash| hash != digest) {
                return Err(Malformed);
            }
            parts.expect(tag::INTEGER)?;
            let at = parts.time()?;
            parts.optional(tag::SEQUENCE)?;
            parts.optional(tag::BOOLEAN)?;
            let nonce = parts.optional(tag::INTEGER)?.map(|number| number.whole.to_vec());
            parts.rest().map(|_| Info { at, nonce })
        })
    })
}

//! X.509 certificates: what a reader wants to know of one, and the self-made one for trying out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use const_oid::ObjectIdentifier;
use sha2::{Digest as _, Sha256};

use super::der::{self, Malformed, tag};
use super::oid;
use crate::clock::Instant;
use crate::plain;
use crate::workflow::letter::rules::fingerprint;

/// What the subject of a self-made certificate says, so that nobody takes it for the Consortium's.
pub const TRIAL_NAME: &str = "IIIF Consortium letters, for trying out, not for real letters";

/// A certificate, with what is asked of it most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The certificate itself.
    pub der: Vec<u8>,
    /// Whose it is: the common name, else the organisation.
    pub subject: String,
    /// Who made it, in the same way.
    pub issuer: String,
    /// From when on it is valid.
    pub from: Instant,
    /// Until when it is valid.
    pub until: Instant,
    pub(super) issuer_der: Vec<u8>,
    pub(super) subject_der: Vec<u8>,
    pub(super) serial: Vec<u8>,
    pub(super) key: PublicKey,
    pub(super) extensions: Vec<(ObjectIdentifier, Vec<u8>)>,
    /// What is signed, and with what.
    pub(super) signed: Vec<u8>,
    pub(super) algorithm: ObjectIdentifier,
    pub(super) signature: Vec<u8>,
}

/// The public key of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PublicKey {
    /// What kind of key it is.
    pub(super) kind: ObjectIdentifier,
    /// The curve, of a key on one.
    pub(super) curve: Option<ObjectIdentifier>,
    /// The key itself: a point, or the RSA numbers.
    pub(super) bytes: Vec<u8>,
}

impl Certificate {
    /// Reads one certificate.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        der::all_of(bytes, |outer| {
            outer.expect(tag::SEQUENCE)?.inside(|outer| {
                let signed = outer.expect(tag::SEQUENCE)?;
                let algorithm = outer.expect(tag::SEQUENCE)?;
                let signature = whole_bytes(outer.expect(tag::BIT_STRING)?)?;
                signed.inside(|body| {
                    body.optional(tag::context(0))?;
                    let serial = body.expect(tag::INTEGER)?;
                    if body.expect(tag::SEQUENCE)?.whole != algorithm.whole {
                        return Err(Malformed);
                    }
                    let issuer = body.expect(tag::SEQUENCE)?;
                    let (from, until) =
                        body.expect(tag::SEQUENCE)?.inside(|times| Ok((times.time()?, times.time()?)))?;
                    let subject = body.expect(tag::SEQUENCE)?;
                    let key = PublicKey::read(body.expect(tag::SEQUENCE)?)?;
                    let mut extensions = Vec::new();
                    for more in body.rest()?.into_iter().filter(|more| more.tag == tag::context(3)) {
                        extensions = more.inside(|list| list.expect(tag::SEQUENCE)?.inside(extension_list))?;
                    }
                    Ok(Self {
                        der: bytes.to_vec(),
                        subject: called(subject)?,
                        issuer: called(issuer)?,
                        from,
                        until,
                        issuer_der: issuer.whole.to_vec(),
                        subject_der: subject.whole.to_vec(),
                        serial: serial.whole.to_vec(),
                        key,
                        extensions,
                        signed: signed.whole.to_vec(),
                        algorithm: algorithm.inside(|parts| {
                            let id = parts.oid()?;
                            parts.rest().map(|_| id)
                        })?,
                        signature: signature.to_vec(),
                    })
                })
            })
        })
    }

    /// The SHA-256 of the certificate, in hexadecimal.
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.der)
    }

    /// Whether it was made by whoever it is for, so that nobody else vouches for it.
    pub fn is_self_made(&self) -> bool {
        self.issuer_der == self.subject_der
    }

    /// Whether it says of itself that it is for trying out.
    pub fn is_for_trying_out(&self) -> bool {
        self.subject == TRIAL_NAME
    }

    /// Who vouches for it, in words.
    pub fn vouched(&self) -> String {
        match (self.is_for_trying_out(), self.is_self_made()) {
            (true, _) => "self-made, for trying out".to_owned(),
            (false, true) => "self-made: nobody else vouches for it".to_owned(),
            (false, false) => format!("issued by {}", self.issuer),
        }
    }

    /// What is wrong with signing at `now`, if anything is.
    pub fn wrong_at(&self, now: Instant) -> Option<String> {
        let day = |at: Instant| plain::day(at.date_naive());
        if now > self.until {
            Some(format!("The certificate expired on {}.", day(self.until)))
        } else if now < self.from {
            Some(format!("The certificate is valid only from {} on.", day(self.from)))
        } else {
            None
        }
    }

    /// From when until when it is valid, in words.
    pub fn validity(&self) -> String {
        format!("{} to {}", plain::day(self.from.date_naive()), plain::day(self.until.date_naive()))
    }

    /// The certificate as text (RFC 7468).
    pub fn pem(&self) -> String {
        let text = STANDARD.encode(&self.der);
        let lines: Vec<&str> =
            (0..text.len()).step_by(64).filter_map(|at| text.get(at..(at + 64).min(text.len()))).collect();
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
    }

    /// The certificates in a text, in its order; what stands around them is passed over.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub fn read_pem(text: &str) -> Result<Vec<Self>, Malformed> {
        let blocks = text.split("-----BEGIN CERTIFICATE-----").skip(1);
        blocks
            .map(|block| {
                let (body, _) = block.split_once("-----END CERTIFICATE-----").ok_or(Malformed)?;
                let body: String = body.split_whitespace().collect();
                Self::read(&STANDARD.decode(body).map_err(|_| Malformed)?)
            })
            .collect()
    }
}

impl PublicKey {
    fn read(element: der::Element<'_>) -> Result<Self, Malformed> {
        element.inside(|parts| {
            let (kind, curve) = parts.expect(tag::SEQUENCE)?.inside(|algorithm| {
                let kind = algorithm.oid()?;
                let curve = algorithm.optional(tag::OID)?.map(der::Element::oid).transpose()?;
                algorithm.rest().map(|_| (kind, curve))
            })?;
            Ok(Self { kind, curve, bytes: whole_bytes(parts.expect(tag::BIT_STRING)?)?.to_vec() })
        })
    }
}

/// Bits that are whole bytes.
fn whole_bytes(element: der::Element<'_>) -> Result<&[u8], Malformed> {
    element.content.strip_prefix(&[0]).ok_or(Malformed)
}

fn extension_list(list: &mut der::Reader<'_>) -> Result<Vec<(ObjectIdentifier, Vec<u8>)>, Malformed> {
    let extension = |element: der::Element<'_>| {
        element.inside(|parts| {
            let id = parts.oid()?;
            parts.optional(tag::BOOLEAN)?;
            Ok((id, parts.expect(tag::OCTETS)?.content.to_vec()))
        })
    };
    list.rest()?.into_iter().map(extension).collect()
}

/// The common name in a name, else the organisation; empty when it has neither.
fn called(name: der::Element<'_>) -> Result<String, Malformed> {
    let parts = name.inside(|sets| {
        let mut parts = Vec::new();
        for set in sets.rest()? {
            for pair in set.inside(der::Reader::rest)? {
                parts.push(pair.inside(|pair| Ok((pair.oid()?, pair.any()?.content)))?);
            }
        }
        Ok(parts)
    })?;
    let of =
        |id| parts.iter().find(|(kind, _)| *kind == id).map(|(_, text)| String::from_utf8_lossy(text).into_owned());
    Ok(of(oid::COMMON_NAME).or_else(|| of(oid::ORGANISATION)).unwrap_or_default())
}

/// The certificate for trying out, still to be signed: what is signed of it. `point` is the public key,
/// uncompressed.
pub(super) fn trial(point: &[u8], serial: [u8; 16], (from, until): (Instant, Instant)) -> Vec<u8> {
    let name = der::sequence(&[&der::element(
        tag::SET,
        &[&der::sequence(&[&der::oid(oid::COMMON_NAME), &der::element(tag::UTF8, &[TRIAL_NAME.as_bytes()])])],
    )]);
    let key = der::sequence(&[&der::sequence(&[&der::oid(oid::EC_KEY), &der::oid(oid::P256)]), &der::bits(point)]);
    let extension = |id, critical: bool, value: &[u8]| {
        let mark: &[u8] = if critical { &[tag::BOOLEAN, 1, 0xff] } else { &[] };
        der::sequence(&[&der::oid(id), mark, &der::octets(value)])
    };
    // Digital signature and non-repudiation: the first two bits.
    let usage = extension(oid::KEY_USAGE, true, &[tag::BIT_STRING, 2, 6, 0xc0]);
    let key_id = Sha256::digest(point);
    let extensions = der::sequence(&[
        &extension(oid::BASIC_CONSTRAINTS, true, &der::sequence(&[])),
        &usage,
        &extension(oid::SUBJECT_KEY, false, &der::octets(key_id.get(..20).unwrap_or_default())),
    ]);
    der::sequence(&[
        &der::element(tag::context(0), &[&der::integer(&[2])]),
        &der::integer(&serial),
        &der::algorithm(oid::ECDSA_SHA256),
        &name,
        &der::sequence(&[&der::time(from), &der::time(until)]),
        &name,
        &key,
        &der::element(tag::context(3), &[&extensions]),
    ])
}

/// A certificate of what is signed of it and its signature.
pub(super) fn signed(body: &[u8], signature: &[u8]) -> Vec<u8> {
    der::sequence(&[body, &der::algorithm(oid::ECDSA_SHA256), &der::bits(signature)])
}

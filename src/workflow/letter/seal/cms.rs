//! Signatures in the Cryptographic Message Syntax (RFC 5652): ours, written in one way only as CAdES wants it
//! (ETSI EN 319 122-1, level B), and anybody's, read and checked. The time is not in it: a PDF says it by itself.

use const_oid::ObjectIdentifier;
use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::certificate::{Certificate, PublicKey};
use super::der::{self, Element, Malformed, tag};
use super::key::Key;
use super::oid;

/// What is signed beside the document: its digest, and which certificates belong to the signature. The elements of a
/// set.
fn attributes(chain: &[Certificate], digest: &[u8]) -> Vec<u8> {
    let attribute = |kind, value: &[u8]| der::sequence(&[&der::oid(kind), &der::element(tag::SET, &[value])]);
    let named: Vec<Vec<u8>> =
        chain.iter().map(|certificate| der::sequence(&[&der::octets(&Sha256::digest(&certificate.der))])).collect();
    der::sorted(&[
        attribute(oid::CONTENT_TYPE, &der::oid(oid::DATA)),
        attribute(oid::MESSAGE_DIGEST, &der::octets(digest)),
        attribute(oid::SIGNING_CERTIFICATE_V2, &der::sequence(&[&der::sequence(&[&named.concat()])])),
    ])
}

/// The signature of a document with this SHA-256.
pub(super) fn sign(key: &Key, digest: &[u8]) -> Vec<u8> {
    key.sign(&der::element(tag::SET, &[&attributes(key.chain(), digest)]))
}

/// A signature with all that belongs to it; `stamp` is the time stamp on it.
pub(super) fn assemble(chain: &[Certificate], digest: &[u8], signature: &[u8], stamp: Option<&[u8]>) -> Vec<u8> {
    let sha256 = der::algorithm(oid::SHA256);
    let (issuer, serial) =
        chain.first().map_or((&[][..], &[][..]), |own| (own.issuer_der.as_slice(), own.serial.as_slice()));
    let stamped = stamp.map_or_else(Vec::new, |stamp| {
        let attribute = der::sequence(&[&der::oid(oid::TIME_STAMP), &der::element(tag::SET, &[stamp])]);
        der::element(tag::context(1), &[&attribute])
    });
    let signer = der::sequence(&[
        &der::integer(&[1]),
        &der::sequence(&[issuer, serial]),
        &sha256,
        &der::element(tag::context(0), &[&attributes(chain, digest)]),
        &der::algorithm(oid::ECDSA_SHA256),
        &der::octets(signature),
        &stamped,
    ]);
    let certificates: Vec<Vec<u8>> = chain.iter().map(|certificate| certificate.der.clone()).collect();
    let signed_data = der::sequence(&[
        &der::integer(&[1]),
        &der::element(tag::SET, &[&sha256]),
        &der::sequence(&[&der::oid(oid::DATA)]),
        &der::element(tag::context(0), &[&der::sorted(&certificates)]),
        &der::element(tag::SET, &[&signer]),
    ]);
    der::sequence(&[&der::oid(oid::SIGNED_DATA), &der::element(tag::context(0), &[&signed_data])])
}

/// A signature by one signer, as it was found.
pub(super) struct Signed<'a> {
    /// What kind of thing is signed.
    pub(super) kind: ObjectIdentifier,
    /// What is signed, where it is inside.
    pub(super) content: Option<&'a [u8]>,
    /// The certificates that came along.
    pub(super) certificates: Vec<Element<'a>>,
    /// Who signed: issuer and serial number, or the key's mark.
    signer: Element<'a>,
    digest: ObjectIdentifier,
    attributes: Element<'a>,
    algorithm: ObjectIdentifier,
    /// The signature itself.
    pub(super) signature: &'a [u8],
    unsigned: Option<Element<'a>>,
}

impl<'a> Signed<'a> {
    /// Reads a signature by one signer, with signed attributes.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Malformed> {
        der::all_of(bytes, |outer| {
            outer.expect(tag::SEQUENCE)?.inside(|info| {
                if info.oid()? != oid::SIGNED_DATA {
                    return Err(Malformed);
                }
                info.expect(tag::context(0))?.inside(|inner| inner.expect(tag::SEQUENCE)?.inside(Self::body))
            })
        })
    }

    fn body(parts: &mut der::Reader<'a>) -> Result<Self, Malformed> {
        parts.number()?;
        parts.expect(tag::SET)?;
        let (kind, content) = parts.expect(tag::SEQUENCE)?.inside(|parts| {
            let kind = parts.oid()?;
            let content = parts.optional(tag::context(0))?;
            let content = content.map(|held| held.inside(|inner| Ok(inner.expect(tag::OCTETS)?.content)));
            Ok((kind, content.transpose()?))
        })?;
        let certificates = parts.optional(tag::context(0))?;
        let certificates = certificates.map_or(Ok(Vec::new()), |set| set.inside(der::Reader::rest))?;
        parts.optional(tag::context(1))?;
        parts.expect(tag::SET)?.inside(|signers| {
            signers.expect(tag::SEQUENCE)?.inside(|parts| {
                parts.number()?;
                Ok(Self {
                    kind,
                    content,
                    certificates,
                    signer: parts.any()?,
                    digest: named(parts.expect(tag::SEQUENCE)?)?,
                    attributes: parts.expect(tag::context(0))?,
                    algorithm: named(parts.expect(tag::SEQUENCE)?)?,
                    signature: parts.expect(tag::OCTETS)?.content,
                    unsigned: parts.optional(tag::context(1))?,
                })
            })
        })
    }

    /// The certificate of the signer, among those that came along.
    pub(super) fn certificate(&self) -> Result<Certificate, Malformed> {
        let all = self.certificates.iter().filter_map(|element| Certificate::read(element.whole).ok());
        all.into_iter().find(|certificate| self.is_signer(certificate)).ok_or(Malformed)
    }

    fn is_signer(&self, certificate: &Certificate) -> bool {
        if self.signer.tag == tag::SEQUENCE {
            return self.signer.content == [certificate.issuer_der.as_slice(), &certificate.serial].concat();
        }
        let mark = certificate.extensions.iter().find(|(id, _)| *id == oid::SUBJECT_KEY);
        mark.is_some_and(|(_, value)| *value == der::octets(self.signer.content))
    }

    /// Whether the signed attributes name the content's kind and digest, and `key` has signed them.
    pub(super) fn holds_for(&self, content: &[u8], key: &PublicKey) -> Result<bool, Malformed> {
        let kind = self.attribute(oid::CONTENT_TYPE)?.ok_or(Malformed)?;
        let digest = self.attribute(oid::MESSAGE_DIGEST)?.ok_or(Malformed)?;
        let fits =
            kind == der::oid(self.kind) && hashed(self.digest, content).is_some_and(|is| der::octets(&is) == digest);
        let message = der::element(tag::SET, &[self.attributes.content]);
        Ok(fits && is_signed(key, (self.algorithm, self.digest), &message, self.signature))
    }

    /// The one value of a signed attribute.
    pub(super) fn attribute(&self, kind: ObjectIdentifier) -> Result<Option<&'a [u8]>, Malformed> {
        only(self.attributes, kind)
    }

    /// The one value of an attribute that is not signed.
    pub(super) fn unsigned(&self, kind: ObjectIdentifier) -> Result<Option<&'a [u8]>, Malformed> {
        self.unsigned.map_or(Ok(None), |attributes| only(attributes, kind))
    }
}

/// The one value of the attribute of this kind; two attributes of a kind, or two values, are an error.
fn only<'a>(attributes: Element<'a>, kind: ObjectIdentifier) -> Result<Option<&'a [u8]>, Malformed> {
    let mut found = None;
    for attribute in attributes.inside(der::Reader::rest)? {
        let (id, values) = attribute.inside(|parts| Ok((parts.oid()?, parts.expect(tag::SET)?)))?;
        if id == kind && found.replace(values.inside(|values| Ok(values.any()?.whole))?).is_some() {
            return Err(Malformed);
        }
    }
    Ok(found)
}

/// The name of an algorithm.
fn named(algorithm: Element<'_>) -> Result<ObjectIdentifier, Malformed> {
    algorithm.inside(|parts| {
        let id = parts.oid()?;
        parts.rest().map(|_| id)
    })
}

/// The digest of `bytes` by the function of this name.
pub(super) fn hashed(function: ObjectIdentifier, bytes: &[u8]) -> Option<Vec<u8>> {
    match function {
        oid::SHA256 => Some(Sha256::digest(bytes).to_vec()),
        oid::SHA384 => Some(Sha384::digest(bytes).to_vec()),
        oid::SHA512 => Some(Sha512::digest(bytes).to_vec()),
        _ => None,
    }
}

/// Whether `key` has signed `message`; no for an algorithm that is not known.
pub(super) fn is_signed(
    key: &PublicKey,
    (algorithm, digest): (ObjectIdentifier, ObjectIdentifier),
    message: &[u8],
    signature: &[u8],
) -> bool {
    // RSA's name alone means: with the digest that is named beside it (RFC 3370, 3.2).
    let how: &dyn VerificationAlgorithm = match (key.kind, key.curve, algorithm, digest) {
        (oid::RSA, _, oid::RSA_SHA256, _) | (oid::RSA, _, oid::RSA, oid::SHA256) => {
            &signature::RSA_PKCS1_2048_8192_SHA256
        }
        (oid::RSA, _, oid::RSA_SHA384, _) | (oid::RSA, _, oid::RSA, oid::SHA384) => {
            &signature::RSA_PKCS1_2048_8192_SHA384
        }
        (oid::RSA, _, oid::RSA_SHA512, _) | (oid::RSA, _, oid::RSA, oid::SHA512) => {
            &signature::RSA_PKCS1_2048_8192_SHA512
        }
        (oid::EC_KEY, Some(oid::P256), oid::ECDSA_SHA256, _) => &signature::ECDSA_P256_SHA256_ASN1,
        (oid::EC_KEY, Some(oid::P256), oid::ECDSA_SHA384, _) => &signature::ECDSA_P256_SHA384_ASN1,
        (oid::EC_KEY, Some(oid::P384), oid::ECDSA_SHA256, _) => &signature::ECDSA_P384_SHA256_ASN1,
        (oid::EC_KEY, Some(oid::P384), oid::ECDSA_SHA384, _) => &signature::ECDSA_P384_SHA384_ASN1,
        _ => return false,
    };
    UnparsedPublicKey::new(how, &key.bytes).verify(message, signature).is_ok()
}

/// Whether the key of `own` has signed a document with this SHA-256, naming these certificates.
pub(super) fn is_signed_by(own: &Certificate, digest: &[u8], chain: &[Certificate], signature: &[u8]) -> bool {
    let message = der::element(tag::SET, &[&attributes(chain, digest)]);
    is_signed(&own.key, (oid::ECDSA_SHA256, oid::SHA256), &message, signature)
}

//! The Consortium's key, read from a PKCS#12 file (RFC 7292) outside the database, and a self-made one for trying out.
//! The file's only kind of encryption is the one that programs write today: PBES2 with AES-256 (RFC 8018).

use hmac::{Hmac, KeyInit as _, Mac as _};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use sha2::Sha256;

use super::certificate::{self, Certificate};
use super::der::{self, Malformed, tag};
use super::{oid, password};
use crate::clock::Instant;
use crate::ids::nonce;

/// How often the password is hashed in a file that we write; other files say it themselves.
const ROUNDS: u32 = 100_000;
/// The most rounds that a file may ask for: some seconds.
const MOST_ROUNDS: u64 = 10_000_000;

/// Why a key file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// It is no PKCS#12 file, or has parts that we do not know.
    #[error("is not a PKCS#12 file (.p12, .pfx) with a key and its certificate")]
    Malformed,
    /// It is encrypted in a way that we do not read.
    #[error(
        "is protected in an old way. Write it anew with today\u{2019}s: `openssl pkcs12 -legacy -in OLD -nodes -out \
         key.pem`, then `openssl pkcs12 -export -in key.pem -out NEW`, and remove key.pem"
    )]
    Legacy,
    /// The password does not fit.
    #[error("does not open with the password given")]
    Password,
    /// The key is of another kind than we sign with.
    #[error(
        "holds a key of another kind. Letters are signed with ECDSA on the curve P-256; ask for such a certificate"
    )]
    Kind,
    /// No certificate in it belongs to the key.
    #[error("holds no certificate that belongs to its key")]
    NoCertificate,
}

impl From<Malformed> for Unusable {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

/// A key with its certificate and those of its issuers, as far as the file holds them.
#[derive(Clone)]
pub struct Key {
    signing: SigningKey,
    chain: Vec<Certificate>,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key({})", self.certificate().map_or("", |certificate| &certificate.subject))
    }
}

impl Key {
    /// Reads the key in a PKCS#12 file.
    ///
    /// # Errors
    /// Why the file cannot be used.
    pub fn read(file: &[u8], password: &str) -> Result<Self, Unusable> {
        let (content, mac) = der::all_of(file, |outer| {
            outer.expect(tag::SEQUENCE)?.inside(|pfx| {
                if pfx.number()? != 3 {
                    return Err(Malformed);
                }
                let content = pfx.expect(tag::SEQUENCE)?.inside(data)?;
                Ok((content, pfx.optional(tag::SEQUENCE)?.ok_or(Malformed)?))
            })
        })?;
        check(mac, content, password)?;
        let (mut secret, mut certificates) = (None, Vec::new());
        for safe in der::all_of(content, |outer| outer.expect(tag::SEQUENCE)?.inside(der::Reader::rest))? {
            let opened = open(safe, password)?;
            for bag in der::all_of(&opened, |outer| outer.expect(tag::SEQUENCE)?.inside(der::Reader::rest))? {
                match Bag::read(bag)? {
                    Bag::Certificate(bytes) => certificates.push(Certificate::read(bytes)?),
                    Bag::Shrouded(bytes) => {
                        let key = der::all_of(bytes, |outer| {
                            outer
                                .expect(tag::SEQUENCE)?
                                .inside(|parts| Ok((parts.expect(tag::SEQUENCE)?, parts.expect(tag::OCTETS)?.content)))
                        })?;
                        secret = Some(private_key(&password::decrypt(key.0, key.1, password, MOST_ROUNDS)?)?);
                    }
                    Bag::Plain(bytes) => secret = Some(private_key(bytes)?),
                    Bag::Other => {}
                }
            }
        }
        let signing = SigningKey::from_slice(&secret.ok_or(Unusable::Malformed)?).map_err(|_| Unusable::Malformed)?;
        let chain = chain(&point(&signing), certificates).ok_or(Unusable::NoCertificate)?;
        Ok(Self { signing, chain })
    }

    /// A new key with a self-made certificate that is valid from one instant until another.
    pub fn for_trying_out(from: Instant, until: Instant) -> Self {
        let signing = loop {
            if let Ok(key) = SigningKey::from_slice(&nonce::<32>()) {
                break key;
            }
        };
        // A serial number is positive (RFC 5280, 4.1.2.2).
        let mut serial = nonce::<16>();
        serial[0] = (serial[0] & 0x7f) | 0x40;
        let body = certificate::trial(&point(&signing), serial, (from, until));
        let certificate = certificate::signed(&body, &sign(&signing, &body));
        let chain = Certificate::read(&certificate).into_iter().collect();
        Self { signing, chain }
    }

    /// The key as a PKCS#12 file.
    pub fn to_file(&self, password: &str) -> Vec<u8> {
        let private = der::sequence(&[
            &der::integer(&[0]),
            &der::sequence(&[&der::oid(oid::EC_KEY), &der::oid(oid::P256)]),
            &der::octets(&der::sequence(&[
                &der::integer(&[1]),
                &der::octets(&self.signing.to_bytes()),
                &der::element(tag::context(1), &[&der::bits(&point(&self.signing))]),
            ])),
        ]);
        let shrouded = password::encrypt(&private, password, ROUNDS, nonce(), nonce());
        // The same mark on both says that the certificate is the key's.
        let mark = der::element(
            tag::SET,
            &[&der::sequence(&[&der::oid(oid::LOCAL_KEY_ID), &der::element(tag::SET, &[&der::octets(&[1])])])],
        );
        let bag = |kind, value: &[u8], mark: &[u8]| {
            der::sequence(&[&der::oid(kind), &der::element(tag::context(0), &[value]), mark])
        };
        let mut bags = vec![bag(oid::SHROUDED_KEY_BAG, &shrouded, &mark)];
        for (place, certificate) in self.chain.iter().enumerate() {
            let held = der::element(tag::context(0), &[&der::octets(&certificate.der)]);
            let value = der::sequence(&[&der::oid(oid::X509_CERTIFICATE), &held]);
            bags.push(bag(oid::CERTIFICATE_BAG, &value, if place == 0 { &mark } else { &[] }));
        }
        let safe = der::sequence(&[&bags.concat()]);
        let content = der::sequence(&[&wrapped(&safe)]);
        let salt = nonce::<16>();
        let mac = password::mac(&content, password, &salt, u64::from(ROUNDS));
        let digest = der::sequence(&[&der::sequence(&[&der::oid(oid::SHA256), &[tag::NULL, 0]]), &der::octets(&mac)]);
        let mac = der::sequence(&[&digest, &der::octets(&salt), &der::integer(&ROUNDS.to_be_bytes())]);
        der::sequence(&[&der::integer(&[3]), &wrapped(&content), &mac])
    }

    /// The certificate that signs.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.chain.first()
    }

    /// The certificate that signs, then those of its issuers.
    pub fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    /// The signature of `message` as DER. The same message has the same signature (RFC 6979).
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        sign(&self.signing, message)
    }
}

fn sign(key: &SigningKey, message: &[u8]) -> Vec<u8> {
    let signature: Signature = key.sign(message);
    let bytes = signature.to_bytes();
    let (r, s) = bytes.split_at(bytes.len() / 2);
    der::sequence(&[&der::integer(r), &der::integer(s)])
}

/// The public key as certificates hold it.
fn point(key: &SigningKey) -> Vec<u8> {
    key.verifying_key().to_sec1_point(false).as_bytes().to_vec()
}

/// The certificate of the key with this `point`, then each one's issuer, as far as they are there.
fn chain(point: &[u8], mut certificates: Vec<Certificate>) -> Option<Vec<Certificate>> {
    let own = certificates.iter().position(|certificate| certificate.key.bytes == point)?;
    let mut chain = vec![certificates.swap_remove(own)];
    while let Some(last) = chain.last().filter(|last| !last.is_self_made()) {
        let Some(next) = certificates.iter().position(|other| other.subject_der == last.issuer_der) else { break };
        chain.push(certificates.swap_remove(next));
    }
    Some(chain)
}

/// The content of `data` in a content info (RFC 5652, 4).
fn data<'a>(parts: &mut der::Reader<'a>) -> Result<&'a [u8], Malformed> {
    if parts.oid()? != oid::DATA {
        return Err(Malformed);
    }
    parts.expect(tag::context(0))?.inside(|inner| Ok(inner.expect(tag::OCTETS)?.content))
}

/// Bytes as `data` in a content info.
fn wrapped(bytes: &[u8]) -> Vec<u8> {
    der::sequence(&[&der::oid(oid::DATA), &der::element(tag::context(0), &[&der::octets(bytes)])])
}

/// Checks the file's own seal, which tells a wrong password from a broken file.
fn check(mac: der::Element<'_>, content: &[u8], password: &str) -> Result<(), Unusable> {
    let (kind, digest, salt, rounds) = mac.inside(|parts| {
        let (kind, digest) = parts.expect(tag::SEQUENCE)?.inside(|info| {
            let kind = info.expect(tag::SEQUENCE)?.inside(|parts| {
                let id = parts.oid()?;
                parts.rest().map(|_| id)
            })?;
            Ok((kind, info.expect(tag::OCTETS)?.content))
        })?;
        let salt = parts.expect(tag::OCTETS)?.content;
        let rounds =
            parts.optional(tag::INTEGER)?.map_or(Ok(1), |element| der::all_of(element.whole, der::Reader::number))?;
        Ok((kind, digest, salt, rounds))
    })?;
    if kind != oid::SHA256 {
        return Err(Unusable::Legacy);
    }
    if rounds > MOST_ROUNDS {
        return Err(Unusable::Malformed);
    }
    let key = password::mac_key(password, salt, rounds);
    let mut hash = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| Unusable::Malformed)?;
    hash.update(content);
    hash.verify_slice(digest).map_err(|_| Unusable::Password)
}

/// What a content info of the file holds, decrypted where it is encrypted.
fn open(safe: der::Element<'_>, password: &str) -> Result<Vec<u8>, Unusable> {
    let kind = safe.inside(|parts| {
        let kind = parts.oid()?;
        parts.rest().map(|_| kind)
    })?;
    if kind != oid::ENCRYPTED_DATA {
        return Ok(safe.inside(data)?.to_vec());
    }
    let (algorithm, sealed) = safe.inside(|parts| {
        parts.oid()?;
        parts.expect(tag::context(0))?.inside(|inner| {
            inner.expect(tag::SEQUENCE)?.inside(|encrypted| {
                encrypted.number()?;
                encrypted.expect(tag::SEQUENCE)?.inside(|content| {
                    content.oid()?;
                    // `[0]` around the bytes themselves.
                    Ok((content.expect(tag::SEQUENCE)?, content.expect(0x80)?.content))
                })
            })
        })
    })?;
    password::decrypt(algorithm, sealed, password, MOST_ROUNDS)
}

/// One thing in the file.
enum Bag<'a> {
    Certificate(&'a [u8]),
    Shrouded(&'a [u8]),
    Plain(&'a [u8]),
    Other,
}

impl<'a> Bag<'a> {
    fn read(bag: der::Element<'a>) -> Result<Self, Malformed> {
        bag.inside(|parts| {
            let kind = parts.oid()?;
            let value = parts.expect(tag::context(0))?.content;
            parts.rest()?;
            Ok(match kind {
                oid::SHROUDED_KEY_BAG => Self::Shrouded(value),
                oid::KEY_BAG => Self::Plain(value),
                oid::CERTIFICATE_BAG => der::all_of(value, |outer| {
                    outer.expect(tag::SEQUENCE)?.inside(|parts| match parts.oid()? {
                        oid::X509_CERTIFICATE => parts
                            .expect(tag::context(0))?
                            .inside(|inner| Ok(Self::Certificate(inner.expect(tag::OCTETS)?.content))),
                        _ => parts.rest().map(|_| Self::Other),
                    })
                })?,
                _ => Self::Other,
            })
        })
    }
}

/// The secret number in a private key (RFC 5958, 5915).
fn private_key(bytes: &[u8]) -> Result<Vec<u8>, Unusable> {
    let (kind, curve, key) = der::all_of(bytes, |outer| {
        outer.expect(tag::SEQUENCE)?.inside(|parts| {
            parts.number()?;
            let (kind, curve) = parts.expect(tag::SEQUENCE)?.inside(|algorithm| {
                let kind = algorithm.oid()?;
                let curve = algorithm.optional(tag::OID)?.map(der::Element::oid).transpose()?;
                algorithm.rest().map(|_| (kind, curve))
            })?;
            let key = parts.expect(tag::OCTETS)?.content;
            parts.rest().map(|_| (kind, curve, key))
        })
    })?;
    if (kind, curve) != (oid::EC_KEY, Some(oid::P256)) {
        return Err(Unusable::Kind);
    }
    Ok(der::all_of(key, |outer| {
        outer.expect(tag::SEQUENCE)?.inside(|parts| {
            parts.number()?;
            let secret = parts.expect(tag::OCTETS)?.content.to_vec();
            parts.rest().map(|_| secret)
        })
    })?)
}

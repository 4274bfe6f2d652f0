//! Protection by a password: PBES2 with PBKDF2 and AES-256-CBC (RFC 8018), and the seal on a PKCS#12 file (RFC 7292, B).

use std::num::NonZeroU32;

use aes::Aes256;
use aes::cipher::{Block, BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use ring::pbkdf2;
use sha2::{Digest as _, Sha256};

use super::der::{self, Malformed, tag};
use super::key::Unusable;
use super::oid;

/// Bytes in a block of AES.
const BLOCK: usize = 16;

/// Decrypts what `algorithm` says it is encrypted with.
pub(super) fn decrypt(
    algorithm: der::Element<'_>,
    sealed: &[u8],
    password: &str,
    most_rounds: u64,
) -> Result<Vec<u8>, Unusable> {
    let kind = algorithm.inside(|parts| {
        let kind = parts.oid()?;
        parts.rest().map(|_| kind)
    })?;
    if kind != oid::PBES2 {
        return Err(Unusable::Legacy);
    }
    let (derivation, cipher) = algorithm.inside(|parts| {
        parts.oid()?;
        parts.expect(tag::SEQUENCE)?.inside(|parts| Ok((parts.expect(tag::SEQUENCE)?, parts.expect(tag::SEQUENCE)?)))
    })?;
    let (cipher, iv) = cipher.inside(|parts| Ok((parts.oid()?, parts.expect(tag::OCTETS)?.content)))?;
    let (hash, salt, rounds) = derivation.inside(|parts| {
        if parts.oid()? != oid::PBKDF2 {
            return parts.rest().map(|_| (None, &[][..], 0));
        }
        parts.expect(tag::SEQUENCE)?.inside(|parts| {
            let salt = parts.expect(tag::OCTETS)?.content;
            let rounds = parts.number()?;
            parts.optional(tag::INTEGER)?;
            let hash = parts.optional(tag::SEQUENCE)?.map(|hash| {
                hash.inside(|parts| {
                    let id = parts.oid()?;
                    parts.rest().map(|_| id)
                })
            });
            Ok((hash.transpose()?, salt, rounds))
        })
    })?;
    if (hash, cipher) != (Some(oid::HMAC_SHA256), oid::AES256_CBC) {
        return Err(Unusable::Legacy);
    }
    if rounds > most_rounds {
        return Err(Unusable::Malformed);
    }
    let rounds = u32::try_from(rounds).ok().and_then(NonZeroU32::new).ok_or(Malformed)?;
    unlocked(&key(password, salt, rounds), iv, sealed).ok_or(Unusable::Password)
}

/// Encrypts `bytes`: an algorithm with its parameters, then what is encrypted, in one sequence.
pub(super) fn encrypt(bytes: &[u8], password: &str, rounds: u32, salt: [u8; 16], iv: [u8; BLOCK]) -> Vec<u8> {
    let rounds = NonZeroU32::new(rounds).unwrap_or(NonZeroU32::MIN);
    let sealed = locked(&key(password, &salt, rounds), &iv, bytes).unwrap_or_default();
    let hash = der::sequence(&[&der::oid(oid::HMAC_SHA256), &[tag::NULL, 0]]);
    let parameters = der::sequence(&[&der::octets(&salt), &der::integer(&rounds.get().to_be_bytes()), &hash]);
    let derivation = der::sequence(&[&der::oid(oid::PBKDF2), &parameters]);
    let cipher = der::sequence(&[&der::oid(oid::AES256_CBC), &der::octets(&iv)]);
    let algorithm = der::sequence(&[&der::oid(oid::PBES2), &der::sequence(&[&derivation, &cipher])]);
    der::sequence(&[&algorithm, &der::octets(&sealed)])
}

fn key(password: &str, salt: &[u8], rounds: NonZeroU32) -> [u8; 32] {
    let mut key = [0; 32];
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, rounds, salt, password.as_bytes(), &mut key);
    key
}

/// AES-256-CBC backwards, and the padding off (RFC 8018, 6.1.1); nothing when the padding is wrong.
fn unlocked(key: &[u8], iv: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let mut cipher = cbc::Decryptor::<Aes256>::new_from_slices(key, iv).ok()?;
    let mut opened = Vec::with_capacity(sealed.len());
    for chunk in sealed.chunks(BLOCK) {
        let mut block = Block::<cbc::Decryptor<Aes256>>::try_from(chunk).ok()?;
        cipher.decrypt_block(&mut block);
        opened.extend_from_slice(&block);
    }
    let padding = *opened.last()?;
    let kept = opened.len().checked_sub(usize::from(padding))?;
    let whole = (1..=BLOCK).contains(&usize::from(padding)) && opened.get(kept..)?.iter().all(|byte| *byte == padding);
    opened.truncate(kept);
    whole.then_some(opened)
}

/// AES-256-CBC with padding.
fn locked(key: &[u8], iv: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    let mut cipher = cbc::Encryptor::<Aes256>::new_from_slices(key, iv).ok()?;
    let padding = BLOCK - bytes.len() % BLOCK;
    let padded = [bytes, &vec![u8::try_from(padding).ok()?; padding]].concat();
    let mut sealed = Vec::with_capacity(padded.len());
    for chunk in padded.chunks(BLOCK) {
        let mut block = Block::<cbc::Encryptor<Aes256>>::try_from(chunk).ok()?;
        cipher.encrypt_block(&mut block);
        sealed.extend_from_slice(&block);
    }
    Some(sealed)
}

/// The seal on a file with this content.
pub(super) fn mac(content: &[u8], password: &str, salt: &[u8], rounds: u64) -> Vec<u8> {
    let Ok(mut hash) = Hmac::<Sha256>::new_from_slice(&mac_key(password, salt, rounds)) else { return Vec::new() };
    hash.update(content);
    hash.finalize().into_bytes().to_vec()
}

/// The key of a file's seal from its password (RFC 7292, B.2, with SHA-256 and the purpose 3; its first 32 bytes are all
/// that is needed).
pub(super) fn mac_key(password: &str, salt: &[u8], rounds: u64) -> Vec<u8> {
    /// Bytes in a block of SHA-256.
    const WIDE: usize = 64;
    let stretched = |bytes: &[u8]| -> Vec<u8> {
        let length = bytes.len().div_ceil(WIDE) * WIDE;
        bytes.iter().copied().cycle().take(if bytes.is_empty() { 0 } else { length }).collect()
    };
    let secret: Vec<u8> = password.encode_utf16().chain([0]).flat_map(u16::to_be_bytes).collect();
    let mut hash = Sha256::digest([&[3; WIDE][..], &stretched(salt), &stretched(&secret)].concat());
    for _ in 1..rounds {
        hash = Sha256::digest(hash);
    }
    hash.to_vec()
}

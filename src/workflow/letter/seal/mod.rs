//! The signed original: the letter's file with the Consortium's signature appended, for the records and for anyone who
//! wants to check it without asking us. The flat file stays as it is; funders who refuse signatures get that one.

pub mod certificate;
mod cms;
mod der;
mod file;
pub mod key;
mod oid;
mod pades;
mod password;
pub mod stamp;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::clock::Instant;
use crate::config::SealSettings;
use crate::ids::nonce;
use crate::refusal::Fault;
use crate::workflow::letter::rules::{Check, fingerprint};
use certificate::Certificate;
use key::Key;
use stamp::{NoStamp, Stamps};

/// Bytes that the signature needs beside the certificates and the time stamp.
const ROOM: usize = 1_024;
/// Bytes that are kept for a time stamp with its certificates; they take some 3,000 to 7,000.
const ROOM_FOR_STAMP: usize = 16_384;

/// The signed original of a letter, ready to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
    /// The SHA-256 of the certificate, in hexadecimal.
    pub certificate: String,
    /// The certificate and those of its issuers, as text.
    pub chain: String,
    /// When it was signed.
    pub at: Instant,
    /// The time that a time-stamp service has confirmed, if one was asked.
    pub stamped_at: Option<Instant>,
}

/// Why a letter was not signed.
#[derive(Debug, thiserror::Error)]
pub enum NotSealed {
    /// The certificate does not hold at this time: why, in words.
    #[error("{0}")]
    Certificate(String),
    /// The time-stamp service gave no stamp.
    #[error(transparent)]
    NoStamp(#[from] NoStamp),
    /// Something of ours broke.
    #[error("signing the letter failed")]
    Fault(#[source] Fault),
}

/// Signs letters with the Consortium's key.
#[derive(Debug)]
pub struct Sealer {
    key: Key,
    stamps: Option<Stamps>,
}

impl Sealer {
    /// With this key, asking `stamps` for the time.
    pub const fn new(key: Key, stamps: Option<Stamps>) -> Self {
        Self { key, stamps }
    }

    /// With the key that the settings name.
    ///
    /// # Errors
    /// What is wrong with the key file, in words that begin with the setting's name.
    pub fn open(settings: &SealSettings) -> Result<Self, String> {
        let file = settings.file.display();
        let bytes =
            std::fs::read(&settings.file).map_err(|error| format!("SEAL_FILE: {file} cannot be read: {error}"))?;
        let key = Key::read(&bytes, settings.password.reveal()).map_err(|why| format!("SEAL_FILE: {file} {why}"))?;
        Ok(Self::new(key, settings.timestamp_url.clone().map(Stamps::at)))
    }

    /// What is wrong with the files that the settings name, if anything is. That a certificate has run out is no fault of
    /// them: everything but issuing goes on.
    pub fn fault(settings: &SealSettings) -> Option<String> {
        Self::open(settings).err()
    }

    /// The certificate that signs.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.key.certificate()
    }

    /// The time-stamp service's address, when one is asked.
    pub fn stamps_by(&self) -> Option<&str> {
        self.stamps.as_ref().map(Stamps::address)
    }

    /// What is wrong with signing at `now`, if anything is.
    pub fn wrong_at(&self, now: Instant) -> Option<String> {
        self.key.chain().iter().find_map(|certificate| certificate.wrong_at(now))
    }

    /// Signs a file at `now`. With `stamped` a time-stamp service is asked, which can take some seconds; the service that
    /// has none to ask signs without.
    ///
    /// # Errors
    /// Why it was not signed.
    pub fn seal(&self, flat: &[u8], now: Instant, stamped: bool) -> Result<Sealed, NotSealed> {
        if let Some(why) = self.wrong_at(now) {
            return Err(NotSealed::Certificate(why));
        }
        let stamps = self.stamps.as_ref().filter(|_| stamped);
        let chain = self.key.chain();
        let room = ROOM + chain.iter().map(|certificate| certificate.der.len() + 40).sum::<usize>();
        let room = if stamps.is_some() { room + ROOM_FOR_STAMP } else { room };
        let name = self.certificate().map_or("", |certificate| certificate.subject.as_str());
        let prepared = pades::Prepared::of(flat, room, name, now)
            .map_err(|error| NotSealed::Fault(Fault::because("the letter cannot be signed", error)))?;
        let digest = prepared.digest();
        let signature = cms::sign(&self.key, &digest);
        let stamp = stamps.map(|stamps| stamps.stamp(&signature)).transpose()?;
        let whole = cms::assemble(chain, &digest, &signature, stamp.as_ref().map(|stamp| stamp.token.as_slice()));
        let bytes = prepared.fill(&whole).ok_or(NoStamp::TooLong)?;
        Ok(Sealed {
            sha256: fingerprint(&bytes),
            bytes,
            certificate: self.certificate().map(Certificate::fingerprint).unwrap_or_default(),
            chain: chain.iter().map(Certificate::pem).collect(),
            at: now,
            stamped_at: stamp.map(|stamp| stamp.at),
        })
    }
}

/// The line of the release checklist about the digital signature: which certificate will sign, or that none will.
pub fn check(sealer: Option<&Sealer>, now: Instant) -> Check {
    let check = |says, wrong| Check { field: "", what: "Digital signature", says, wrong };
    let Some((sealer, certificate)) = sealer.and_then(|sealer| Some((sealer, sealer.certificate()?))) else {
        let says = "none, since no key is set up, so only the file to submit is made (setting SEAL_FILE)";
        return check(says.to_owned(), String::new());
    };
    let (subject, vouched, validity) = (&certificate.subject, certificate.vouched(), certificate.validity());
    let stamps = sealer.stamps_by().map_or_else(String::new, |address| format!(", time stamp from {address}"));
    let wrong = sealer.wrong_at(now).map(|why| {
        format!(
            "{why} Whoever runs the service sets SEAL_FILE to a valid one, or to nothing to issue letters unsigned."
        )
    });
    check(format!("\u{201c}{subject}\u{201d}, {vouched}, valid {validity}{stamps}"), wrong.unwrap_or_default())
}

/// What is wrong with a signed original.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// It does not begin with the flat file.
    #[error("it is not the letter\u{2019}s file with a signature after it")]
    OtherFile,
    /// There is no signature that covers all of it.
    #[error("it has no signature that covers the whole file")]
    Uncovered,
    /// The file or something about the signature was changed.
    #[error("it was changed after it was signed")]
    Changed,
    /// The key of the certificate has not signed it.
    #[error("the signature is not the certificate\u{2019}s")]
    Signature,
    /// The time stamp is not one on this signature.
    #[error("its time stamp does not hold")]
    Stamp,
}

/// Checks the signed original of `flat` against the certificates that it was signed with, the signer's first: it covers
/// the whole file, and everything in it but the inside of a time stamp is exactly what signing it would write.
///
/// # Errors
/// What is wrong with it. Else the time that its time stamp confirms, if it has one.
pub fn verify(file: &[u8], flat: &[u8], chain: &[Certificate]) -> Result<Option<Instant>, Broken> {
    if !file.starts_with(flat) {
        return Err(Broken::OtherFile);
    }
    let found = pades::find_signature(file).ok_or(Broken::Uncovered)?;
    let signed = cms::Signed::read(&found.signature).map_err(|_| Broken::Changed)?;
    let stamp = signed.unsigned(oid::TIME_STAMP).map_err(|_| Broken::Changed)?;
    if cms::assemble(chain, &found.digest, signed.signature, stamp) != found.signature {
        return Err(Broken::Changed);
    }
    // There is no content inside: the digest of the file is what the attributes name, as `assemble` has shown.
    let own = chain.first().ok_or(Broken::Signature)?;
    if !cms::is_signed_by(own, &found.digest, chain, signed.signature) {
        return Err(Broken::Signature);
    }
    stamp.map(|token| stamp::read(token, signed.signature)).transpose().map_err(|_| Broken::Stamp)
}

/// Makes a key for trying out, valid from one instant until another, and writes it to a new file, and its password to
/// another beside it; both are readable by their owner alone.
///
/// # Errors
/// A fault when one of the files is there already or cannot be written.
pub fn write_new(path: &Path, (from, until): (Instant, Instant)) -> Result<Certificate, Fault> {
    let key = Key::for_trying_out(from, until);
    let password = fingerprint(&nonce::<32>());
    write_private(path, &key.to_file(&password))?;
    write_private(&password_file(path), format!("{password}\n").as_bytes())?;
    key.certificate().cloned().ok_or_else(|| Fault::new("the new key has no certificate"))
}

/// Where the password of a new key file is written.
pub fn password_file(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".password");
    name.into()
}

/// Writes a new file that its owner alone can read.
fn write_private(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.map_err(|error| Fault::because(format!("{} cannot be written", path.display()), error))
}

#[cfg(test)]
mod seal_tests;

//! Signed originals as rows, and the certificates they were signed with.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::Issued;
use crate::clock::{InUtc, Instant};
use crate::ids::{LetterId, RequestId};
use crate::refusal::Outcome;
use crate::store::schema::{letters, seal_certificates, seals};
use crate::store::{Tx, View, impossible};
use crate::workflow::letter::rules::{LetterState, fingerprint};
use crate::workflow::letter::seal::certificate::Certificate;
use crate::workflow::letter::seal::{Sealed, verify};

/// What is told of a signed original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// The SHA-256 of its file, in hexadecimal.
    pub sha256: String,
    /// The certificate that signed.
    pub certificate: Certificate,
    /// When it was signed.
    pub at: Instant,
    /// The time that a time-stamp service has confirmed, if one was asked.
    pub stamped_at: Option<Instant>,
}

impl Seal {
    /// What is told of its time stamp.
    pub fn stamped(&self) -> String {
        match self.stamped_at {
            Some(at) => {
                let at = InUtc::from(at).words;
                format!("{at}: the signature can still be checked when the certificate has expired")
            }
            None => "None: the signature can be checked until the certificate expires".to_owned(),
        }
    }
}

/// What is told of the signed original of a letter, if it has one.
///
/// # Errors
/// A fault of the database.
pub fn of(view: &mut View<'_>, letter: LetterId) -> Outcome<Option<Seal>> {
    type Row = (String, NaiveDateTime, Option<NaiveDateTime>, String);
    let row: Option<Row> = seals::table
        .inner_join(seal_certificates::table.on(seal_certificates::sha256.eq(seals::certificate)))
        .filter(seals::letter_id.eq(letter))
        .select((seals::sha256, seals::sealed_at, seals::stamped_at, seal_certificates::chain))
        .first(view.connection())
        .optional()?;
    row.map(|(sha256, at, stamped_at, chain)| {
        let certificate = read(&chain, letter)?.into_iter().next();
        let certificate = certificate.ok_or_else(|| impossible("seals", letter, "signed without a certificate"))?;
        Ok(Seal { sha256, certificate, at: at.and_utc(), stamped_at: stamped_at.map(|at| at.and_utc()) })
    })
    .transpose()
}

/// Whether the letter of a request that is in force has a signed original.
///
/// # Errors
/// A fault of the database.
pub fn is_signed(view: &mut View<'_>, request: RequestId) -> Outcome<bool> {
    let found: i64 = seals::table
        .inner_join(letters::table.on(letters::id.eq(seals::letter_id)))
        .filter(letters::request_id.eq(request).and(letters::state.eq(LetterState::Issued)))
        .count()
        .get_result(view.connection())?;
    Ok(found > 0)
}

/// The issued letter whose signed original has this SHA-256, in hexadecimal.
///
/// # Errors
/// A fault of the database.
pub fn by_sha256(view: &mut View<'_>, sha256: &str) -> Outcome<Option<Issued>> {
    let query = seals::table.filter(seals::sha256.eq(sha256)).select(seals::letter_id);
    let letter: Option<LetterId> = query.first(view.connection()).optional()?;
    letter.map_or(Ok(None), |letter| Ok(super::of(view, &[letter])?.pop()))
}

/// The signed original of a letter, if it has one.
///
/// # Errors
/// A fault of the database.
pub fn bytes(view: &mut View<'_>, letter: LetterId) -> Outcome<Option<Vec<u8>>> {
    Ok(seals::table.find(letter).select(seals::pdf).first(view.connection()).optional()?)
}

/// Every certificate that a letter was ever signed with, the latest first.
///
/// # Errors
/// A fault of the database.
pub fn certificates(view: &mut View<'_>) -> Outcome<Vec<Certificate>> {
    let chains: Vec<String> = seal_certificates::table
        .order((seal_certificates::first_used_at.desc(), seal_certificates::sha256))
        .select(seal_certificates::chain)
        .load(view.connection())?;
    chains
        .iter()
        .filter_map(|chain| read(chain, "seal_certificates").map(|all| all.into_iter().next()).transpose())
        .collect()
}

/// Checks every signed original again, one at a time: its bytes, that it begins with the letter's own file, and its
/// signature. How many there are.
///
/// # Errors
/// A fault that names the first letter whose signed original does not hold; a fault of the database.
pub fn check(view: &mut View<'_>) -> Outcome<usize> {
    type Row = (LetterId, String, Vec<u8>, Vec<u8>, String, Option<NaiveDateTime>);
    let rows = seals::table
        .inner_join(letters::table.on(letters::id.eq(seals::letter_id)))
        .inner_join(seal_certificates::table.on(seal_certificates::sha256.eq(seals::certificate)))
        .order(seals::letter_id)
        .select((
            seals::letter_id,
            seals::sha256,
            seals::pdf,
            letters::pdf.assume_not_null(),
            seal_certificates::chain,
            seals::stamped_at,
        ))
        .load_iter::<Row, diesel::connection::DefaultLoadingMode>(view.connection())?;
    let mut count = 0;
    for row in rows {
        let (letter, sha256, pdf, flat, chain, stamped_at) = row?;
        if fingerprint(&pdf) != sha256 {
            return Err(impossible("seals", letter, "its signed original is not the file that was kept"));
        }
        let stamped = verify(&pdf, &flat, &read(&chain, letter)?)
            .map_err(|why| impossible("seals", letter, format!("its signed original does not hold: {why}")))?;
        if stamped != stamped_at.map(|at| at.and_utc()) {
            return Err(impossible("seals", letter, "its time stamp tells another time than was kept"));
        }
        count += 1;
    }
    Ok(count)
}

/// Keeps the signed original of a letter.
///
/// # Errors
/// A fault of the database.
pub(in crate::workflow::letter) fn keep(tx: &mut Tx<'_>, letter: LetterId, sealed: &Sealed) -> Outcome<()> {
    tx.insert_unless_there(|connection| {
        diesel::insert_into(seal_certificates::table)
            .values((
                seal_certificates::sha256.eq(&sealed.certificate),
                seal_certificates::chain.eq(&sealed.chain),
                seal_certificates::first_used_at.eq(sealed.at.naive_utc()),
            ))
            .execute(connection)
    })?;
    diesel::insert_into(seals::table)
        .values((
            seals::letter_id.eq(letter),
            seals::certificate.eq(&sealed.certificate),
            seals::sha256.eq(&sealed.sha256),
            seals::pdf.eq(&sealed.bytes),
            seals::sealed_at.eq(sealed.at.naive_utc()),
            seals::stamped_at.eq(sealed.stamped_at.map(|at| at.naive_utc())),
        ))
        .execute(tx.connection())?;
    Ok(())
}

fn read(chain: &str, of: impl std::fmt::Display) -> Outcome<Vec<Certificate>> {
    Certificate::read_pem(chain).map_err(|error| impossible("seal_certificates", of, error))
}

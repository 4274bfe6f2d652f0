//! Links and codes that are derived when they are needed and never stored: from a key that lies outside the database
//! and from the id and nonce of a row. Whoever reads only the database, or only the key, can make none.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::ids::{AttemptId, CoSignerId, FeedId, InviteId};

/// Crockford's base32: no i, l, o, u.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Bytes in a code: 40 bits, eight characters.
const CODE_BYTES: usize = 5;

/// Random bytes of one row; worthless without the key.
pub type Nonce = [u8; 32];

/// The key all links and codes are derived from. It never shows its bytes.
#[derive(Clone)]
pub struct TokenKey([u8; 32]);

impl TokenKey {
    /// The key made of these bytes.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A keyed fingerprint of `value` for `purpose`, in hex. Equal values give equal fingerprints; nobody can find the
    /// value again without the key. For counting by address or network without keeping either.
    pub fn fingerprint(&self, purpose: &str, value: &str) -> String {
        hex(&self.mac(purpose, &[value.as_bytes()]).finalize().into_bytes())
    }

    #[allow(clippy::expect_used, reason = "HMAC takes a key of any length")]
    fn mac(&self, label: &str, parts: &[&[u8]]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(label.as_bytes());
        mac.update(&[0]);
        parts.iter().for_each(|part| mac.update(part));
        mac
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenKey(hidden)")
    }
}

/// What a link or code belongs to.
pub trait Keyed: Copy {
    /// Keeps links of different kinds apart: one never opens the other.
    const LABEL: &'static str;
    /// The identifier as 16 bytes.
    fn bytes(self) -> [u8; 16];
    /// The identifier with these bytes.
    fn of(bytes: [u8; 16]) -> Self;
}

/// Makes an identifier the owner of links.
macro_rules! keyed {
    ($($id:ty, $label:literal);+ $(;)?) => {$(
        impl Keyed for $id {
            const LABEL: &'static str = $label;
            fn bytes(self) -> [u8; 16] {
                self.to_bytes()
            }
            fn of(bytes: [u8; 16]) -> Self {
                Self::from_bytes(bytes)
            }
        }
    )+};
}

keyed! {
    AttemptId, "link";
    InviteId, "invite";
    FeedId, "calendar";
    CoSignerId, "co-signer";
}

/// The token in a link: `base64url(id | HMAC-SHA256(key, label | id | nonce))`, 64 characters.
pub fn link_token<I: Keyed>(key: &TokenKey, id: I, nonce: &Nonce) -> String {
    let id = id.bytes();
    let seal = key.mac(I::LABEL, &[&id, nonce]).finalize().into_bytes();
    URL_SAFE_NO_PAD.encode([id.as_slice(), seal.as_slice()].concat())
}

/// A token as it came in with a link: it names a row, and may or may not fit it.
#[derive(Clone, Copy)]
pub struct PresentedLink<I> {
    /// The row it names.
    pub id: I,
    seal: [u8; 32],
}

impl<I: Keyed> PresentedLink<I> {
    /// Reads a token; none when it has not the shape of one.
    pub fn read(token: &str) -> Option<Self> {
        let bytes: [u8; 48] = URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?;
        let (id, seal) = bytes.split_at(16);
        Some(Self { id: I::of(id.try_into().ok()?), seal: seal.try_into().ok()? })
    }

    /// Whether the token was made for the row with this nonce; compared in constant time.
    pub fn fits(&self, key: &TokenKey, nonce: &Nonce) -> bool {
        key.mac(I::LABEL, &[&self.id.bytes(), nonce]).verify_slice(&self.seal).is_ok()
    }
}

impl<I: fmt::Debug> fmt::Debug for PresentedLink<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PresentedLink").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The code of an attempt, to be typed by hand: eight characters, shown as `ABCD-EFGH`.
pub fn sign_in_code(key: &TokenKey, id: AttemptId, nonce: &Nonce) -> String {
    let code = key.mac("code", &[&id.bytes(), nonce]).finalize().into_bytes();
    let bits = code.iter().take(CODE_BYTES).fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
    let letter = |place: u32| ALPHABET.get((bits >> (5 * place) & 31) as usize).copied().map_or('0', char::from);
    let letters: String = (0..8).rev().map(letter).collect();
    let (left, right) = letters.split_at(4);
    format!("{left}-{right}")
}

/// A code as it was typed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TypedCode([u8; CODE_BYTES]);

impl TypedCode {
    /// Reads a typed code forgivingly: any case, spaces and hyphens ignored, i and l read as 1, o as 0.
    /// None when it cannot be a code.
    pub fn read(typed: &str) -> Option<Self> {
        let letters = typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '‐' | '.'));
        let (mut bits, mut count) = (0u64, 0);
        for letter in letters {
            let plain = match letter.to_ascii_uppercase() {
                'I' | 'L' => '1',
                'O' => '0',
                other => other,
            };
            let value = ALPHABET.iter().position(|known| char::from(*known) == plain)?;
            bits = bits << 5 | u64::try_from(value).ok()?;
            count += 1;
            if count > 8 {
                return None;
            }
        }
        let [_, _, _, code @ ..] = bits.to_be_bytes();
        (count == 8).then_some(Self(code))
    }

    /// Whether this is the code of the attempt; compared in constant time.
    pub fn fits(&self, key: &TokenKey, id: AttemptId, nonce: &Nonce) -> bool {
        key.mac("code", &[&id.bytes(), nonce]).verify_truncated_left(&self.0).is_ok()
    }
}

impl fmt::Debug for TypedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TypedCode(hidden)")
    }
}

/// The SHA-256 of a cookie's value in hex: what is stored of a secret that is random in full.
pub fn digest(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// 256 random bits as the text of a cookie.
pub fn cookie_text(random: [u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(random)
}

/// Bytes as lower-case hex digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A nonce from its hex digits; none when it is not one.
pub fn unhex(text: &str) -> Option<Nonce> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let bytes: Option<Vec<u8>> =
        (0..64).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect();
    bytes?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: TokenKey = TokenKey::new([7; 32]);
    const NONCE: Nonce = [9; 32];

    fn attempt() -> AttemptId {
        "0192f0c1-2345-7abc-8def-0123456789ab".parse().unwrap()
    }

    #[test]
    fn link_and_code_keep_their_form_from_release_to_release() {
        assert_eq!(
            link_token(&KEY, attempt(), &NONCE),
            "AZLwwSNFeryN7wEjRWeJqy1ATv3I5XZXUu6B8bsMzAcb_WG6ygdKd2PMVV5GQlgV"
        );
        assert_eq!(sign_in_code(&KEY, attempt(), &NONCE), "7KB8-AC2G");
    }

    #[test]
    fn a_link_opens_only_its_own_row() {
        let token = link_token(&KEY, attempt(), &NONCE);
        let link = PresentedLink::<AttemptId>::read(&token).unwrap();
        assert_eq!(link.id, attempt());
        assert!(link.fits(&KEY, &NONCE));
        assert!(!link.fits(&KEY, &[8; 32]));
        assert!(!link.fits(&TokenKey::new([6; 32]), &NONCE));
        let other = PresentedLink { id: AttemptId::fresh(), ..link };
        assert!(!other.fits(&KEY, &NONCE));
    }

    #[test]
    fn every_changed_character_of_a_link_closes_it() {
        let token = link_token(&KEY, attempt(), &NONCE);
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            let opens = PresentedLink::<AttemptId>::read(&changed)
                .is_some_and(|link| link.id == attempt() && link.fits(&KEY, &NONCE));
            assert!(!opens, "{changed}");
        }
        for broken in ["", "AAAA", &token[1..], &format!("{token}A"), &format!("{token}="), "../../etc/passwd"] {
            assert!(PresentedLink::<AttemptId>::read(broken).is_none(), "{broken}");
        }
    }

    #[test]
    fn an_invitation_is_no_sign_in_link() {
        let invite: InviteId = attempt().as_str().parse().unwrap();
        let token = link_token(&KEY, invite, &NONCE);
        assert!(PresentedLink::<InviteId>::read(&token).unwrap().fits(&KEY, &NONCE));
        assert!(!PresentedLink::<AttemptId>::read(&token).unwrap().fits(&KEY, &NONCE));
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = sign_in_code(&KEY, attempt(), &NONCE);
        let lower = code.to_lowercase();
        for typed in [
            code.clone(),
            lower.replace('-', ""),
            lower.replace('-', " "),
            format!(" {code}\n"),
            code.replace('-', "–"),
        ] {
            assert!(TypedCode::read(&typed).unwrap().fits(&KEY, attempt(), &NONCE), "{typed:?}");
        }
        assert_eq!(TypedCode::read("i1Lo-0OIl"), TypedCode::read("1110-0011"));
        for typed in ["", "ABCD", "ABCD-EFG", "ABCD-EFGHJ", "ABCD-EFGU", "ABCD-EFG!", "ＡＢＣＤ-EFGH"] {
            assert!(TypedCode::read(typed).is_none(), "{typed:?}");
        }
    }

    #[test]
    fn another_code_does_not_fit() {
        let code = TypedCode::read(&sign_in_code(&KEY, attempt(), &NONCE)).unwrap();
        for bit in 0..40 {
            let mut other = code;
            other.0[bit / 8] ^= 1 << (bit % 8);
            assert!(!other.fits(&KEY, attempt(), &NONCE));
        }
        assert!(!code.fits(&KEY, AttemptId::fresh(), &NONCE));
    }

    #[test]
    fn nothing_shows_a_secret_when_it_is_logged() {
        let token = link_token(&KEY, attempt(), &NONCE);
        let shown = format!(
            "{KEY:?} {:?} {:?}",
            PresentedLink::<AttemptId>::read(&token).unwrap(),
            TypedCode::read("ABCD-EFGH")
        );
        assert_eq!(
            shown,
            format!("TokenKey(hidden) PresentedLink {{ id: {:?}, .. }} Some(TypedCode(hidden))", attempt())
        );
    }

    #[test]
    fn a_nonce_survives_the_way_through_text() {
        assert_eq!(unhex(&hex(&NONCE)), Some(NONCE));
        for broken in ["", "ab", &"g".repeat(64), &"é".repeat(32)] {
            assert_eq!(unhex(broken), None);
        }
    }

    #[test]
    fn fingerprints_differ_by_key_and_purpose() {
        let print = KEY.fingerprint("address", "a@uni.example");
        assert_eq!(print, KEY.fingerprint("address", "a@uni.example"));
        assert_ne!(print, KEY.fingerprint("network", "a@uni.example"));
        assert_ne!(print, TokenKey::new([6; 32]).fingerprint("address", "a@uni.example"));
        assert_eq!(print.len(), 64);
    }
}

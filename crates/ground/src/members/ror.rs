//! The id of an institution in the Research Organization Registry (<https://ror.org>), read in every form that people
//! paste and kept in one. Who has which id is for others to know.

use std::fmt;
use std::str::FromStr;

/// Where every id leads. The id as a web address is its one form.
const REGISTRY: &str = "https://ror.org/";

/// The letters of its base 32, which is Crockford's: no i, l, o or u.
const DIGITS: &str = "0123456789abcdefghjkmnpqrstvwxyz";

/// An id: a zero, six digits to base 32, and two check digits by ISO/IEC 7064, MOD 97-10, over the number that the six
/// spell (ROR, "ROR identifier"; the registry's own `generate_ror_id`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Ror(String);

/// Why a text is no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoRor {
    /// It has another shape.
    #[error("Enter the ROR id as https://ror.org/02mhbdp94 or as its last part, 02mhbdp94.")]
    Shape,
    /// It has the shape, but its check digits are another id's.
    #[error("The ROR id has a slip in it: its last two digits do not fit the rest. Copy it again from ror.org.")]
    Check,
}

impl Ror {
    /// The id as a web address: `https://ror.org/02mhbdp94`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its last part, which tells it from every other: `02mhbdp94`.
    pub fn bare(&self) -> &str {
        self.0.trim_start_matches(REGISTRY)
    }
}

impl fmt::Display for Ror {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Ror {
    type Err = NoRor;

    fn from_str(typed: &str) -> Result<Self, NoRor> {
        let typed = typed.trim().to_lowercase();
        let rest = typed.strip_prefix("https://").or_else(|| typed.strip_prefix("http://")).unwrap_or(&typed);
        let rest = rest.strip_prefix("www.").unwrap_or(rest);
        let bare = rest.strip_prefix("ror.org/").unwrap_or(rest).trim_end_matches('/');
        // Without its registry before it, it is not the address of a page anywhere.
        let number = bare.strip_prefix('0').filter(|rest| rest.len() == 8).ok_or(NoRor::Shape)?;
        let (spelled, check) = number.split_at_checked(6).ok_or(NoRor::Shape)?;
        let digit = |letter| DIGITS.chars().zip(0_u64..).find(|(known, _)| *known == letter).map(|(_, value)| value);
        let value = spelled.chars().try_fold(0, |value, letter| Some(value * 32 + digit(letter)?));
        let value = value.ok_or(NoRor::Shape)?;
        let is_number = check.bytes().all(|byte| byte.is_ascii_digit());
        let check: u64 = check.parse().ok().filter(|_| is_number).ok_or(NoRor::Shape)?;
        // 98 less the rest is what the registry gives, so a check of 00, 01 or 99 never occurs.
        if 98 - value * 100 % 97 == check { Ok(Self(format!("{REGISTRY}{bare}"))) } else { Err(NoRor::Check) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_way_to_write_it_becomes_one() {
        for typed in [
            "https://ror.org/02mhbdp94",
            " http://ror.org/02mhbdp94/ ",
            "https://www.ror.org/02mhbdp94",
            "ror.org/02mhbdp94",
            "02mhbdp94",
            "02MHBDP94",
        ] {
            let ror: Ror = typed.parse().unwrap();
            assert_eq!((ror.as_str(), ror.bare()), ("https://ror.org/02mhbdp94", "02mhbdp94"), "{typed}");
            assert_eq!(ror.as_str().parse(), Ok(ror.clone()));
        }
    }

    #[test]
    fn ids_that_the_registry_gave_out_are_taken() {
        for known in ["05dxps055", "03vek6s52", "04rq5mt64", "052gg0110", "05nywn832", "05bnh6r87"] {
            assert!(known.parse::<Ror>().is_ok(), "{known}");
        }
    }

    #[test]
    fn what_is_no_id_is_told_from_one_with_a_slip() {
        for typed in [
            "",
            "02mhbdp9",
            "02mhbdp944",
            "12mhbdp94",
            "02mhbdu94",
            "02mhbdpx4",
            "02mhbdp+4",
            "https://example.org/02mhbdp94",
            "https://ror.org/",
            "https://ror.org/02mhbdp94?x",
            "0２mhbdp94",
            "grid.5386.8",
        ] {
            assert_eq!(typed.parse::<Ror>(), Err(NoRor::Shape), "{typed}");
        }
        for typed in ["02mhbdp95", "02mhbpd94", "02nhbdp94", "000000000", "000000001"] {
            assert_eq!(typed.parse::<Ror>(), Err(NoRor::Check), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn one_letter_changed_is_another_check(value in 0..1_073_741_824_u64, at in 0..6_usize, other in 0..32_usize) {
            let digits: Vec<char> = DIGITS.chars().collect();
            let letters: Vec<char> = (0..6).rev().map(|place| digits[usize::try_from(value >> (5 * place) & 31).unwrap()]).collect();
            let spell = |letters: &[char]| format!("0{}{:02}", letters.iter().collect::<String>(), 98 - value * 100 % 97);
            prop_assert!(spell(&letters).parse::<Ror>().is_ok());
            let mut slipped = letters.clone();
            slipped[at] = digits[other];
            prop_assert_eq!(spell(&slipped).parse::<Ror>().is_ok(), slipped == letters);
        }

        #[test]
        fn whatever_is_typed_nothing_breaks(typed in "\\PC{0,40}") {
            let _ = typed.parse::<Ror>();
        }
    }
}

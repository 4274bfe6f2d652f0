//! The verification code of a letter: its form, its check character, and reading what a person typed.
//! Whether a letter bears the code is `verify`'s question.

use std::fmt;

/// Crockford's base 32: the digits and the letters without i, l, o and u.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters that carry chance; 5 bits each.
const RANDOM: usize = 16;
/// Crockford's modulus for the check character: the smallest prime above 32.
const MODULUS: u32 = 37;

/// A verification code: 16 characters by chance (80 bits) and one that checks them.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Code([u8; RANDOM + 1]);

/// What was typed cannot be a verification code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Mistyped {
    /// It has too few or too many characters; how many it has.
    #[error("a code has 17 letters and digits, and this has {0}")]
    Length(usize),
    /// A character that no code holds.
    #[error("no code holds the character {0:?}")]
    Character(char),
    /// The check character does not fit the others.
    #[error("one character is wrong or two have changed places")]
    Check,
}

impl Code {
    /// The code of these 80 bits, or `None` when its check character would be one of Crockford's five extra symbols;
    /// then draw again, so that every code is plain letters and digits.
    pub fn from_chance(bits: [u8; 10]) -> Option<Self> {
        let mut value = bits.iter().fold(0u128, |value, byte| value << 8 | u128::from(*byte));
        let mut code = [b'0'; RANDOM + 1];
        for place in code.iter_mut().take(RANDOM).rev() {
            *place = symbol((value & 31) as u32)?;
            value >>= 5;
        }
        let check = symbol(check_value(&code[..RANDOM])?)?;
        *code.last_mut()? = check;
        Some(Self(code))
    }

    /// Reads what a person typed: any case; spaces, hyphens and dashes ignored; i and l read as 1, o as 0.
    ///
    /// # Errors
    /// Why it cannot be a code.
    pub fn read(typed: &str) -> Result<Self, Mistyped> {
        let mut code = [b'0'; RANDOM + 1];
        let mut length = 0;
        for letter in typed.chars().filter(|letter| !separates(*letter)) {
            let symbol = canonical(letter).ok_or(Mistyped::Character(letter))?;
            if let Some(place) = code.get_mut(length) {
                *place = symbol;
            }
            length += 1;
        }
        if length != code.len() {
            return Err(Mistyped::Length(length));
        }
        let (random, check) = code.split_at(RANDOM);
        let fits = check_value(random).and_then(symbol).is_some_and(|expected| check == [expected]);
        if fits { Ok(Self(code)) } else { Err(Mistyped::Check) }
    }

    /// The 17 characters without hyphens, as the database keeps them.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// The printed form, `XXXX-XXXX-XXXX-XXXX-C`.
impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, letter) in self.as_str().chars().enumerate() {
            if index > 0 && index % 4 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{letter}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Code({self})")
    }
}

fn separates(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '-' | '\u{2010}'..='\u{2015}' | '\u{200b}' | '.' | '_')
}

fn symbol(value: u32) -> Option<u8> {
    ALPHABET.get(value as usize).copied()
}

fn value_of(symbol: u8) -> Option<u32> {
    ALPHABET.iter().position(|known| *known == symbol).and_then(|position| u32::try_from(position).ok())
}

fn canonical(letter: char) -> Option<u8> {
    let letter = match letter.to_ascii_uppercase() {
        'I' | 'L' => '1',
        'O' => '0',
        other => other,
    };
    u8::try_from(letter).ok().filter(|symbol| ALPHABET.contains(symbol))
}

/// The number written by `symbols`, modulo 37.
fn check_value(symbols: &[u8]) -> Option<u32> {
    symbols.iter().try_fold(0, |rest, symbol| Some((rest * 32 + value_of(*symbol)?) % MODULUS))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 80 bits that make a code.
    fn codes() -> impl Strategy<Value = Code> {
        any::<[u8; 10]>().prop_filter_map("the check is an extra symbol", Code::from_chance)
    }

    #[test]
    fn a_known_number_has_a_known_code() {
        // 2^80 - 3 is 31 modulo 37, the letter Z; 2^80 - 1 is 33, an extra symbol.
        let mut bits = [0xff; 10];
        assert_eq!(Code::from_chance(bits), None);
        bits[9] = 0xfd;
        assert_eq!(Code::from_chance(bits).unwrap().to_string(), "ZZZZ-ZZZZ-ZZZZ-ZZZX-Z");
        assert_eq!(Code::from_chance([0; 10]).unwrap().to_string(), "0000-0000-0000-0000-0");
    }

    #[test]
    fn a_check_beyond_the_alphabet_is_drawn_again() {
        let mut bits = [0; 10];
        bits[9] = 32;
        assert_eq!(Code::from_chance(bits), None);
        bits[9] = 31;
        assert!(Code::from_chance(bits).is_some());
    }

    #[test]
    fn what_is_far_from_a_code_says_why() {
        assert_eq!(Code::read("0000-0000"), Err(Mistyped::Length(8)));
        assert_eq!(Code::read("0000-0000-0000-0000-00"), Err(Mistyped::Length(18)));
        assert_eq!(Code::read("0000-0000-0000-0000-U"), Err(Mistyped::Character('U')));
        assert_eq!(Code::read("0000-0000-0000-000\u{0660}-0"), Err(Mistyped::Character('\u{0660}')));
        assert_eq!(Code::read("0000-0000-0000-0001-0"), Err(Mistyped::Check));
    }

    #[test]
    fn a_million_codes_by_chance_hit_none_of_a_thousand_letters() {
        let draw = || std::iter::repeat_with(crate::ids::nonce).filter_map(Code::from_chance);
        let issued: std::collections::HashSet<Code> = draw().take(1_000).collect();
        assert_eq!(issued.len(), 1_000, "no two letters bear the same code");
        assert!(draw().take(1_000_000).all(|code| !issued.contains(&code)));
    }

    proptest! {
        #[test]
        fn a_code_survives_paper_and_a_careless_typist(code in codes()) {
            let typed = format!("  {}", code.to_string().to_lowercase().replace('1', "l").replace('0', "O").replace('-', " \u{2013}"));
            prop_assert_eq!(Code::read(&typed), Ok(code));
        }

        #[test]
        fn every_single_slip_is_noticed(code in codes(), place in 0..17usize, other in 0..32usize) {
            let mut typed = code.as_str().as_bytes().to_vec();
            prop_assume!(typed[place] != ALPHABET[other]);
            typed[place] = ALPHABET[other];
            prop_assert_eq!(Code::read(std::str::from_utf8(&typed).unwrap()), Err(Mistyped::Check));
        }

        #[test]
        fn two_neighbours_that_changed_places_are_noticed(code in codes(), place in 0..16usize) {
            let mut typed = code.as_str().as_bytes().to_vec();
            prop_assume!(typed[place] != typed[place + 1]);
            typed.swap(place, place + 1);
            prop_assert_eq!(Code::read(std::str::from_utf8(&typed).unwrap()), Err(Mistyped::Check));
        }

        #[test]
        fn nothing_that_is_typed_brings_the_reader_down(typed in ".{0,60}") {
            let _ = Code::read(&typed);
        }
    }
}

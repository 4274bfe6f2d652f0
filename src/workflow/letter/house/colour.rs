//! The accent colour of a letterhead, and whether it can be read on paper.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The least contrast on white (WCAG 2.2, success criterion 1.4.3).
pub const LEAST_CONTRAST: f64 = 4.5;

/// A colour of the sRGB space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

/// What is wrong with a text that is to be a colour.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Write the colour as # and six digits from 0 to 9 and a to f, as #0f5c78.")]
pub struct NoColour;

impl Colour {
    /// The colour that the program brings along.
    pub const BUNDLED: Self = Self { red: 0x0f, green: 0x5c, blue: 0x78 };

    /// Its contrast on white, from 1 (white) to 21 (black) (WCAG 2.2, "contrast ratio").
    pub fn contrast_on_white(self) -> f64 {
        let light = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let luminance = 0.2126 * light(self.red) + 0.7152 * light(self.green) + 0.0722 * light(self.blue);
        1.05 / (luminance + 0.05)
    }

    /// Its contrast on white as people read it, never rounded up: "7.2:1".
    pub fn ratio(self) -> String {
        format!("{:.1}:1", (self.contrast_on_white() * 10.0).floor() / 10.0)
    }

    /// A colour that can be read on white paper.
    ///
    /// # Errors
    /// What is wrong with it, and what to do about it.
    pub fn readable(typed: &str) -> Result<Self, String> {
        let colour: Self = typed.trim().parse().map_err(|none: NoColour| none.to_string())?;
        if colour.contrast_on_white() < LEAST_CONTRAST {
            return Err(format!(
                "Choose a darker colour. {colour} has a contrast of {} on white, and {LEAST_CONTRAST}:1 is the least \
                 that everybody can see.",
                colour.ratio()
            ));
        }
        Ok(colour)
    }
}

impl FromStr for Colour {
    type Err = NoColour;

    fn from_str(typed: &str) -> Result<Self, NoColour> {
        let digits = typed.strip_prefix('#').unwrap_or(typed);
        if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(NoColour);
        }
        let number = u32::from_str_radix(digits, 16).map_err(|_| NoColour)?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Self { red, green, blue })
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

impl TryFrom<String> for Colour {
    type Error = NoColour;

    fn try_from(text: String) -> Result<Self, NoColour> {
        text.parse()
    }
}

impl From<Colour> for String {
    fn from(colour: Colour) -> Self {
        colour.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contrast_of_known_colours_is_the_known_one() {
        for (colour, ratio) in [("#000000", "21.0:1"), ("#ffffff", "1.0:1"), ("#767676", "4.5:1"), ("#777777", "4.4:1")]
        {
            assert_eq!(colour.parse::<Colour>().unwrap().ratio(), ratio, "{colour}");
        }
        assert!(Colour::BUNDLED.contrast_on_white() >= LEAST_CONTRAST);
    }

    #[test]
    fn a_colour_that_is_too_light_is_refused_with_its_ratio() {
        let why = Colour::readable("#FF9900").unwrap_err();
        assert!(why.contains("#ff9900 has a contrast of 2.1:1 on white") && why.contains("4.5:1"), "{why}");
        assert_eq!(Colour::readable(" 0F5C78 "), Ok(Colour::BUNDLED));
    }

    #[test]
    fn what_is_no_colour_is_refused() {
        for text in ["", "#fff", "#12345", "#1234567", "teal", "#12345g", "#\u{e9}1234", "#+12345"] {
            assert!(Colour::readable(text).unwrap_err().contains("six digits"), "{text}");
        }
    }
}

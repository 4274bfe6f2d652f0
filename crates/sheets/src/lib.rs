//! What is handed to the typesetter, and what comes back. It names no typesetter: the service is compiled against this
//! alone, beside the typesetter and not after it.

pub mod escape;

use std::fmt::Debug;

use chrono::NaiveDate;

/// The families that letters are set in, the first that has a character wins. Only these are used, so that a folder with
/// other fonts does not change a letter. The first and the last are inside the program; Debian has the others in
/// `fonts-noto-core` and `fonts-noto-cjk`.
pub const FAMILIES: [&str; 17] = [
    "Libertinus Serif",
    "Noto Serif",
    "Noto Naskh Arabic",
    "Noto Serif Hebrew",
    "Noto Serif Devanagari",
    "Noto Serif Bengali",
    "Noto Serif Tamil",
    "Noto Serif Thai",
    "Noto Serif Armenian",
    "Noto Serif Georgian",
    "Noto Serif Ethiopic",
    "Noto Serif Khmer",
    "Noto Serif Sinhala",
    "Noto Serif CJK JP",
    "Noto Serif CJK KR",
    "Noto Serif CJK SC",
    "New Computer Modern",
];

/// How many missing characters a message names.
const NAMED_AT_MOST: usize = 12;

/// One document to be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its source as Typst markup.
    pub sheet: String,
    /// The pictures that a sheet may show.
    pub pictures: Pictures,
    /// What tells the document from every other; it becomes the PDF's identifier.
    pub ident: String,
    /// Who made it.
    pub creator: String,
    /// Its date; noon in UTC becomes the PDF's time.
    pub date: NaiveDate,
    /// The most pages it may have.
    pub most_pages: usize,
}

/// The pictures that a sheet may show, each under a name of its own. One that is not there is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pictures {
    /// `check.svg`: the square that opens the page for checking the letter.
    pub check: String,
    /// `logo`: a PNG or JPEG.
    pub logo: Vec<u8>,
    /// `signature`: a PNG or JPEG.
    pub signature: Vec<u8>,
}

/// A document that was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The PDF.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
}

/// Why a document cannot be set as it is.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unprintable {
    /// No font has these characters.
    #[error("The letter\u{2019}s fonts have no glyph for {}. Write these characters in another way, for example in Latin letters; or whoever runs the service adds a font that has them (FONTS_FOLDER).", named(.0))]
    MissingGlyphs(Vec<char>),
    /// It has more pages than it may.
    #[error("The letter has {pages} pages; a letter has {most} at most. Shorten its paragraphs.")]
    TooLong {
        /// Its pages.
        pages: usize,
        /// The most it may have.
        most: usize,
    },
    /// A word without a break is wider than the page.
    #[error("\u{201c}{0}\u{201d} runs off the page. Divide it by a space or a line break.")]
    OffThePage(String),
    /// The source or the typesetter is broken, and how.
    #[error("setting the letter failed: {0}")]
    Broken(String),
}

/// Sets documents, from any thread.
pub trait Typesetter: Debug + Send + Sync {
    /// Sets a document: PDF/A-2u and PDF/UA-1 at once, fonts embedded, equal jobs equal bytes.
    ///
    /// # Errors
    /// Why it cannot be set as it is.
    fn set(&self, job: &Job) -> Result<Printed, Unprintable>;
}

/// The characters by name; a text in a script without a font would name hundreds.
pub fn named(missing: &[char]) -> String {
    let name = |letter: &char| format!("{letter} (U+{:04X})", u32::from(*letter));
    let names: Vec<String> = missing.iter().take(NAMED_AT_MOST).map(name).collect();
    match missing.len().checked_sub(NAMED_AT_MOST) {
        None | Some(0) => names.join(", "),
        Some(others) => format!("{} and {others} more", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_missing_characters_are_named_and_the_others_counted() {
        let many = Unprintable::MissingGlyphs(('\u{3042}'..='\u{3093}').collect()).to_string();
        assert!(many.contains("\u{3042} (U+3042)") && many.contains(" and 70 more") && many.len() < 500, "{many}");
    }
}

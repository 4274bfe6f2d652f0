//! What a letter says, part by part, ready to be set: letterhead, addressee, subject, paragraphs, signature,
//! the limitation that nobody can edit out, and how to check the letter. How it looks is the template's;
//! which words a new letter starts with is `draft`'s.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::worded;
use crate::workflow::letter::code::Code;
use crate::workflow::letter::house::colour::Colour;
use crate::workflow::letter::house::picture::Picture;
use crate::workflow::letter::language::Language;
use crate::workflow::letter::prose::{self, Block};

/// The longest single field, in characters. Longer values are cut.
pub const LONGEST_FIELD: usize = 300;
/// The longest paragraph, in characters. Longer paragraphs are cut; forms refuse them first.
pub const LONGEST_PARAGRAPH: usize = 8_000;
/// Marks that may sit on one letter. Endless stacks of marks break text shaping.
const MARKS_ON_ONE_LETTER: usize = 8;

worded! {
    /// The paper a letter is set on.
    pub enum Paper {
        /// 210 by 297 mm.
        A4 = "a4",
        /// 8½ by 11 inches.
        UsLetter = "us-letter",
    }
}

impl Paper {
    /// What people call it.
    pub const fn label(&self) -> &'static str {
        match self {
            Self::A4 => "A4",
            Self::UsLetter => "US Letter",
        }
    }
}

/// Who writes: the same on every letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letterhead {
    /// The organisation's name, as its wordmark shows it.
    pub name: String,
    /// The name in full, or a motto; small, under the wordmark.
    pub full_name: String,
    /// Postal address, web and mail address; one line each.
    pub lines: Vec<String>,
    /// The colour of its line and its mark.
    pub accent: Colour,
    /// What stands beside the name; none for the mark that the program brings along.
    pub logo: Option<Picture>,
}

/// Whose name stands under the letter, and where questions go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedBy {
    /// The printed name.
    pub name: String,
    /// In which capacity: "Managing Director".
    pub capacity: String,
    /// A mail address or telephone number for questions; may be empty.
    pub contact: String,
    /// A picture of the signature above the name; without one there is room to sign by hand.
    pub signature: Option<Picture>,
}

/// Somebody who signs beside the Consortium.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoSigned {
    /// The name.
    pub name: String,
    /// In which capacity.
    pub capacity: String,
    /// For whom; empty for themselves.
    pub organisation: String,
    /// On which day, in the Consortium's zone.
    pub day: NaiveDate,
}

/// To whom the letter goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addressee {
    /// Name, office, street, town, country; one line each.
    pub lines: Vec<String>,
    /// "Dear Dr Jansen" or "Dear members of the review panel", without the comma.
    pub salutation: String,
}

impl Addressee {
    /// The close that fits the salutation: to a person by name, or to a body.
    pub fn close(&self, language: Language) -> &'static str {
        let unnamed = ["Sir", "Madam", "members", "panel", "committee"];
        let (named, body) = language.fixed().close;
        if self.salutation.split_whitespace().any(|word| unnamed.contains(&word)) { body } else { named }
    }
}

/// What the letter is about: the line that a grant officer files it by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The project's exact title.
    pub title: String,
    /// The rest of the reference, as label and value: applicant, principal investigator, programme, call.
    pub particulars: Vec<(String, String)>,
}

/// How a reader checks the letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// The address of the page that checks letters, as a person types it, for example `https://letters.example/verify`.
    pub address: String,
    /// The letter's code.
    pub code: Code,
}

impl Verification {
    /// The address that the QR code opens.
    pub fn link(&self) -> String {
        format!("{}?code={}", self.address, self.code)
    }

    /// The address without `https://`, shorter to read and to type.
    pub fn short_address(&self) -> &str {
        self.address.strip_prefix("https://").unwrap_or(&self.address)
    }
}

/// A whole letter in words. Equal texts make equal PDFs, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterText {
    /// The language it is written in.
    pub language: Language,
    /// The paper.
    pub paper: Paper,
    /// The version of the house that writes.
    pub house: i64,
    /// Who writes.
    pub letterhead: Letterhead,
    /// To whom.
    pub addressee: Addressee,
    /// Our number, "LOS-2026-0001".
    pub number: String,
    /// The date on the letter.
    pub date: NaiveDate,
    /// What it is about.
    pub subject: Subject,
    /// The body as it is typed (see [`prose`]); one string per paragraph, line breaks kept.
    pub paragraphs: Vec<String>,
    /// Whether web addresses in it can be followed: only where the funder is known to take links.
    pub has_links: bool,
    /// Who signs.
    pub signed_by: SignedBy,
    /// Who signs beside them.
    pub co_signed: Vec<CoSigned>,
    /// How to check it.
    pub verification: Verification,
}

impl Subject {
    /// The label of the applying institution among the particulars.
    pub const APPLICANT: &str = "Applicant";

    /// The label of the principal investigator among the particulars.
    pub const INVESTIGATOR: &str = "Principal investigator";

    /// The institution that applies; empty when the letter names none.
    pub fn applicant(&self) -> &str {
        self.particular(Self::APPLICANT)
    }

    /// For whom the letter is: the principal investigator and the institution that applies, as far as it names them.
    pub fn people(&self) -> String {
        let named = [self.particular(Self::INVESTIGATOR), self.applicant()];
        named.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(", ")
    }

    /// The particulars as the letter shows them, in its language.
    pub fn particulars_in(&self, language: Language) -> Vec<(&str, &str)> {
        let own = Language::English.fixed().particulars;
        let shown = |label: &String| {
            let place = own.iter().position(|known| known == label);
            place.and_then(|place| language.fixed().particulars.get(place).copied())
        };
        self.particulars.iter().map(|(label, value)| (shown(label).unwrap_or(label), value.as_str())).collect()
    }

    fn particular(&self, label: &str) -> &str {
        self.particulars.iter().find(|(known, _)| known == label).map_or("", |(_, value)| value)
    }
}

impl LetterText {
    /// The particulars as the letter shows them, in its language.
    pub fn particulars(&self) -> Vec<(&str, &str)> {
        self.subject.particulars_in(self.language)
    }

    /// The close that fits the salutation, in its language.
    pub fn close(&self) -> &'static str {
        self.addressee.close(self.language)
    }

    /// What the logo is, for those who do not see it.
    pub fn logo_alt(&self) -> String {
        let (before, after) = self.language.fixed().logo;
        format!("{before}{}{after}", self.letterhead.name)
    }

    /// What the picture of the signature is, for those who do not see it.
    pub fn signature_alt(&self) -> String {
        let (before, after) = self.language.fixed().signature;
        format!("{before}{}{after}", self.signed_by.name)
    }

    /// The PDF's title, which a reader's window shows.
    pub fn title(&self) -> String {
        self.language.heading(&self.subject.title)
    }

    /// The body, paragraph by paragraph, as it is read.
    pub fn body(&self) -> Vec<Vec<Block>> {
        self.paragraphs.iter().map(|paragraph| prose::read(paragraph)).collect()
    }

    /// The links of the letter: the web addresses in its body, and the page that checks it.
    pub fn links(&self) -> usize {
        if !self.has_links {
            return 0;
        }
        self.paragraphs.iter().map(|paragraph| prose::addresses(paragraph)).sum::<usize>() + 1
    }

    /// The body's words, for the limit of the drafting page.
    pub fn words(&self) -> usize {
        self.paragraphs.iter().map(|paragraph| prose::plain(paragraph).split_whitespace().count()).sum()
    }

    /// The same letter with every value tidied (see [`line()`] and [`paragraphs`]).
    #[must_use]
    pub fn tidied(self) -> Self {
        let lines = |lines: Vec<String>| lines.iter().map(|text| line(text)).filter(|text| !text.is_empty()).collect();
        Self {
            letterhead: Letterhead {
                name: line(&self.letterhead.name),
                full_name: line(&self.letterhead.full_name),
                lines: lines(self.letterhead.lines),
                ..self.letterhead
            },
            addressee: Addressee { lines: lines(self.addressee.lines), salutation: line(&self.addressee.salutation) },
            number: line(&self.number),
            subject: Subject {
                title: line(&self.subject.title),
                particulars: self
                    .subject
                    .particulars
                    .into_iter()
                    .map(|(label, value)| (label, line(&value)))
                    .filter(|(_, value)| !value.is_empty())
                    .collect(),
            },
            paragraphs: self.paragraphs.iter().flat_map(|text| paragraphs(text)).collect(),
            signed_by: SignedBy {
                name: line(&self.signed_by.name),
                capacity: line(&self.signed_by.capacity),
                contact: line(&self.signed_by.contact),
                ..self.signed_by
            },
            co_signed: self
                .co_signed
                .into_iter()
                .map(|one| CoSigned {
                    name: line(&one.name),
                    capacity: line(&one.capacity),
                    organisation: line(&one.organisation),
                    ..one
                })
                .collect(),
            ..self
        }
    }
}

/// One line of text: NFC, no control or direction characters, runs of blanks made one, at most [`LONGEST_FIELD`] long.
pub fn line(raw: &str) -> String {
    let words = clean(raw);
    let words: Vec<&str> = words.split_whitespace().collect();
    words.join(" ").chars().take(LONGEST_FIELD).collect()
}

/// Lines of an address: one per line of `raw`, the empty ones left out.
pub fn lines(raw: &str) -> Vec<String> {
    clean(raw).lines().map(line).filter(|text| !text.is_empty()).collect()
}

/// Paragraphs of plain text: a blank line separates them, a single line break stays.
pub fn paragraphs(raw: &str) -> Vec<String> {
    let text = clean(raw);
    let mut found = vec![String::new()];
    for row in text.lines().map(str::trim) {
        match found.last_mut() {
            Some(open) if !row.is_empty() => {
                if !open.is_empty() {
                    open.push('\n');
                }
                open.push_str(row);
            }
            Some(open) if open.is_empty() => {}
            _ => found.push(String::new()),
        }
    }
    found.retain(|paragraph| !paragraph.is_empty());
    found.into_iter().map(|paragraph| paragraph.chars().take(LONGEST_PARAGRAPH).collect()).collect()
}

/// Text in NFC with one kind of line break, and without what a letter cannot show: control characters, direction
/// overrides, byte order marks, and stacks of marks without end.
fn clean(raw: &str) -> String {
    let mut marks = 0;
    raw.replace("\r\n", "\n")
        .nfc()
        .filter_map(|letter| match letter {
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
            '\t' => Some(' '),
            '\u{feff}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => None,
            other if other.is_control() => None,
            other => Some(other),
        })
        .filter(|letter| {
            marks = if is_combining_mark(*letter) { marks + 1 } else { 0 };
            marks <= MARKS_ON_ONE_LETTER
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_line_separates_paragraphs_and_a_line_break_stays() {
        let typed = "\r\n First line \r\nsecond line\r\n\r\n \r\nNext paragraph\r\n";
        assert_eq!(paragraphs(typed), ["First line\nsecond line", "Next paragraph"]);
        assert!(paragraphs(" \n\n ").is_empty());
    }

    #[test]
    fn a_line_is_one_line_without_controls_or_direction_tricks() {
        assert_eq!(line("  Jos\u{65}\u{301}\u{7}\tde\nla \u{202e}Cruz "), "Jos\u{e9} de la Cruz");
        assert_eq!(line(&"x".repeat(1000)).len(), LONGEST_FIELD);
    }

    #[test]
    fn a_stack_of_marks_ends() {
        let tower: String = std::iter::once('a').chain(std::iter::repeat_n('\u{30a}', 70_000)).collect();
        assert!(line(&tower).chars().count() <= MARKS_ON_ONE_LETTER + 1);
    }
}

/// A letter for tests, as short as one can be.
#[cfg(test)]
pub mod sample {
    use super::*;

    /// A letter whose every part is filled.
    pub fn letter() -> LetterText {
        LetterText {
            language: Language::English,
            paper: Paper::A4,
            house: 0,
            letterhead: Letterhead {
                name: "IIIF Consortium".into(),
                full_name: "International Image Interoperability Framework".into(),
                lines: vec!["iiif.io".into(), "admin@iiif.io".into()],
                accent: Colour::BUNDLED,
                logo: None,
            },
            addressee: Addressee {
                lines: vec!["Review panel".into(), "Shared Collections".into(), "National Heritage Fund".into()],
                salutation: "Dear members of the review panel".into(),
            },
            number: "LOS-2026-0001".into(),
            date: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
            subject: Subject {
                title: "Scrolls in Motion".into(),
                particulars: vec![("Applicant".into(), "Example University".into()), ("Call".into(), "SC-2026".into())],
            },
            paragraphs: vec!["We support this project.".into(), "We will gladly answer questions.".into()],
            has_links: false,
            signed_by: SignedBy {
                name: "Robin Example".into(),
                capacity: "Managing Director".into(),
                contact: "robin@example.org".into(),
                signature: None,
            },
            co_signed: vec![],
            verification: Verification {
                address: "https://letters.example/verify".into(),
                code: Code::from_chance([7; 10]).unwrap(),
            },
        }
    }
}

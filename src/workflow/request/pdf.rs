//! A sent request as a document for the typesetter: for the records of whoever asks, and for whoever reads on paper.

use askama::Template;
use chrono::NaiveDate;
use sheets::escape::filters;
use sheets::{FAMILIES, Job, Pictures};
use unicode_normalization::char::is_combining_mark;

use crate::plain;
use crate::refusal::Fault;
use crate::workflow::request::reading::Part;

/// The most pages it may have. Forms take far less than this.
const MOST_PAGES: usize = 60;
/// After how many letters a word may be divided; nobody writes longer ones, but addresses are.
const LONGEST_WORD: usize = 40;
/// What stands for a character that no font has.
const UNSHOWN: char = '?';

/// What it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// The reference: `LOS-2026-0001`.
    pub reference: String,
    /// The project's title.
    pub title: String,
    /// Who asks.
    pub asked_by: String,
    /// When this was read, in words.
    pub as_of: String,
    /// What is known beside the form: when it was sent, the deadline.
    pub facts: Vec<(&'static str, String)>,
    /// The answers.
    pub parts: Vec<Part>,
    /// The attachments: what for, and the name with format and size.
    pub files: Vec<(&'static str, String)>,
    /// Questions with their answers.
    pub asked: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "request/request.typ")]
struct Sheet<'a> {
    title: String,
    copy: &'a Copied,
    unshown: String,
    families: [&'static str; FAMILIES.len()],
}

impl Sheet<'_> {
    /// The lines of a text, each of which is a paragraph.
    #[allow(clippy::unused_self, reason = "templates call functions as methods")]
    fn rows(&self, text: &str) -> Vec<String> {
        let rows: Vec<String> = text.lines().filter(|row| !row.trim().is_empty()).map(loose).collect();
        if rows.is_empty() { vec!["–".to_owned()] } else { rows }
    }

    /// A text on one line.
    #[allow(clippy::unused_self, reason = "templates call functions as methods")]
    fn loose(&self, text: &str) -> String {
        loose(text)
    }
}

/// The document, as of the day `date`. `missing` are characters that no font has: each is shown as a question mark, and
/// the document says so.
///
/// # Errors
/// A fault when its source cannot be written.
pub fn job(copy: &Copied, missing: &[char], date: NaiveDate) -> Result<Job, Fault> {
    let shown = shown(copy, missing);
    let sheet = Sheet {
        title: format!("{}, {}", shown.reference, shown.title),
        copy: &shown,
        unshown: missing.iter().map(|letter| format!("U+{:04X}", u32::from(*letter))).collect::<Vec<_>>().join(" "),
        families: FAMILIES,
    };
    let sheet = sheet.render().map_err(|error| Fault::because("a request cannot be written as a document", error))?;
    Ok(Job {
        sheet,
        pictures: Pictures::default(),
        ident: format!("request {} {date}", shown.reference),
        creator: "Letters of support".to_owned(),
        date,
        most_pages: MOST_PAGES,
    })
}

/// What the file is called: plain ASCII, since references are.
pub fn file_name(reference: &str) -> String {
    format!("request-{reference}.pdf")
}

/// The same with `missing` replaced.
fn shown(copy: &Copied, missing: &[char]) -> Copied {
    let can = |text: &str| text.chars().map(|c| if missing.contains(&c) { UNSHOWN } else { c }).collect::<String>();
    let mut shown = copy.clone();
    let said = shown.parts.iter_mut().flat_map(|part| &mut part.said).map(|said| &mut said.value);
    let facts = shown.facts.iter_mut().chain(&mut shown.files).map(|(_, value)| value);
    let asked = shown.asked.iter_mut().flat_map(|(question, reply)| [question, reply]);
    for text in said.chain(facts).chain(asked).chain([&mut shown.title, &mut shown.asked_by]) {
        *text = can(text);
    }
    shown
}

/// `text` with places at which long words may be divided, so that none runs off the page.
fn loose(text: &str) -> String {
    let mut length = 0;
    let mut loose = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() {
            length = 0;
        } else if length >= LONGEST_WORD && !(is_combining_mark(c) || plain::is_invisible(c)) {
            loose.push('\u{200b}');
            length = 0;
        }
        length += 1;
        loose.push(c);
    }
    loose
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::request::reading::Said;

    fn copied(value: &str) -> Copied {
        let said = Said { field: "summary", key: "Summary", value: value.to_owned(), change: String::new() };
        Copied {
            reference: "LOS-2026-0001".into(),
            title: "Maps".into(),
            asked_by: "Ada".into(),
            as_of: "1 March 2026".into(),
            facts: vec![("Sent", "1 March 2026".into())],
            parts: vec![Part { title: "Project", said: vec![said] }],
            files: vec![],
            asked: vec![],
        }
    }

    #[test]
    fn what_is_typed_is_never_markup() {
        let source = job(&copied("#panic(1)\n\"]) #read(\"/etc/passwd\")"), &[], NaiveDate::default()).unwrap().sheet;
        assert!(!source.contains("#panic") && !source.contains("/etc/passwd"), "{source:?}");
    }

    #[test]
    fn a_long_word_may_be_divided_and_a_short_one_is_left_alone() {
        assert_eq!(loose("short words stay"), "short words stay");
        let long = loose(&"x".repeat(100));
        assert_eq!(long.matches('\u{200b}').count(), 2);
        assert_eq!(long.replace('\u{200b}', ""), "x".repeat(100));
        let accents = loose(&"e\u{301}".repeat(60));
        assert!(!accents.contains("\u{200b}\u{301}"), "a letter is divided from its accent");
    }

    #[test]
    fn a_character_without_a_glyph_is_replaced_and_told() {
        let source = job(&copied("a ሀ b"), &['ሀ'], NaiveDate::default()).unwrap().sheet;
        assert!(source.contains("U\\u{2b}1200") && !source.contains('ሀ'), "{source}");
        assert!(source.contains("a \\u{3f} b"), "{source}");
    }
}

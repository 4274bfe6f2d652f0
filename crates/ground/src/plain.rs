//! Text as people type and paste it: cleaned where nothing is lost, refused in plain words where something is hidden.
//! Also the shapes of e-mail and web addresses. What a field is for and how long it may be is said by its form.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest run of combining marks: more than any living script stacks on one letter.
const MARKS_AT_MOST: usize = 8;

/// What is wrong with a typed text. [`Flaw::sentence`] says it to the person, with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// Nothing visible was typed.
    Empty,
    /// More characters than the field takes.
    TooLong {
        /// How many the field takes.
        most: usize,
        /// How many were typed.
        has: usize,
    },
    /// More words than the field takes.
    TooManyWords {
        /// How many the field takes.
        most: usize,
        /// How many were typed.
        has: usize,
    },
    /// A line break in a field of one line.
    LineBreak,
    /// A character that cannot be seen and could mislead a reader.
    Hidden {
        /// The character.
        character: char,
        /// The line it is on, counted from 1.
        line: usize,
    },
    /// More accents on one letter than any script uses.
    StackedMarks {
        /// The line they are on, counted from 1.
        line: usize,
    },
    /// Not the shape of an e-mail address.
    NotAnAddress,
    /// Not a web address that starts with `http://` or `https://`.
    NotAWebAddress,
}

impl Flaw {
    /// The flaw in words, for a field that is called `what` in the middle of a sentence ("the project title").
    pub fn sentence(&self, what: &str) -> String {
        match self {
            Self::Empty => format!("Enter {what}."),
            Self::TooLong { most, has } => {
                format!("Shorten {what} to {} characters or fewer. It has {}.", grouped(*most), grouped(*has))
            }
            Self::TooManyWords { most, has } => {
                format!("Shorten {what} to {} words or fewer. It has {}.", grouped(*most), grouped(*has))
            }
            Self::LineBreak => format!("Put {what} on one line, without line breaks."),
            Self::Hidden { character, line } => format!(
                "Line {line} of {what} holds a hidden character (U+{:04X}) that could mislead a reader. \
                 Delete it, or type that line again by hand.",
                u32::from(*character)
            ),
            Self::StackedMarks { line } => format!(
                "Line {line} of {what} has more than {MARKS_AT_MOST} accents on one letter. Type that line again by hand."
            ),
            Self::NotAnAddress => format!("Enter {what} in the form name@example.org."),
            Self::NotAWebAddress => {
                format!(
                    "Enter {what} in full, starting with https:// or http://, for example https://example.org/call."
                )
            }
        }
    }
}

/// One line of text in normal form C, without space around it; tabs become spaces.
///
/// # Errors
/// The first flaw: empty, a line break, hidden characters, stacked marks, or more than `most` characters.
pub fn line(typed: &str, most: usize) -> Result<String, Flaw> {
    let typed = typed.trim();
    if typed.contains(['\n', '\r', '\u{2028}', '\u{2029}']) {
        return Err(Flaw::LineBreak);
    }
    clean(typed, most)
}

/// Several lines of text in normal form C; line breaks are `\n`, tabs become spaces, and the space around the text
/// and at the ends of its lines is dropped.
///
/// # Errors
/// The first flaw: empty, hidden characters, stacked marks, or more than `most` characters.
pub fn text(typed: &str, most: usize) -> Result<String, Flaw> {
    let broken = typed.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = broken.trim().lines().map(str::trim_end).collect();
    clean(&lines.join("\n"), most)
}

/// As [`text`], for one that may be left out: then it is empty.
///
/// # Errors
/// The first flaw but [`Flaw::Empty`].
pub fn text_or_none(typed: &str, most: usize) -> Result<String, Flaw> {
    if is_blank(typed) { Ok(String::new()) } else { text(typed, most) }
}

/// Whether nothing visible was typed.
pub fn is_blank(typed: &str) -> bool {
    typed.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

/// How many words a text has. Scripts that write no spaces count as one word a line; a limit in characters bounds them.
pub fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Refuses a text of more than `most` words.
///
/// # Errors
/// [`Flaw::TooManyWords`].
pub fn at_most_words(text: String, most: usize) -> Result<String, Flaw> {
    let has = words(&text);
    if has > most { Err(Flaw::TooManyWords { most, has }) } else { Ok(text) }
}

/// An e-mail address as typed, without space around it. Only the shape is checked: a dot-atom before the `@` (RFC 5321,
/// at most 64 characters) and a host name with a dot after it. Quoted local parts and addresses beyond ASCII are
/// refused, because too many mail servers still bounce them.
///
/// # Errors
/// [`Flaw::Empty`] or [`Flaw::NotAnAddress`].
pub fn email(typed: &str) -> Result<String, Flaw> {
    let typed = typed.trim();
    if is_blank(typed) {
        return Err(Flaw::Empty);
    }
    let shape = typed.rsplit_once('@').is_some_and(|(local, host)| {
        (1..=64).contains(&local.len())
            && local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atom_byte))
            && is_host(host)
    });
    if shape && typed.len() <= 254 { Ok(typed.to_owned()) } else { Err(Flaw::NotAnAddress) }
}

/// A web address as typed, without space around it: `http` or `https`, a host name with a dot, no user name or password,
/// nothing that a browser would silently drop.
///
/// # Errors
/// [`Flaw::Empty`], [`Flaw::TooLong`] or [`Flaw::NotAWebAddress`].
pub fn web_address(typed: &str, most: usize) -> Result<String, Flaw> {
    let address = line(typed, most).map_err(|flaw| match flaw {
        Flaw::LineBreak | Flaw::Hidden { .. } | Flaw::StackedMarks { .. } => Flaw::NotAWebAddress,
        other => other,
    })?;
    let Some((scheme, rest)) = address.split_once("://") else {
        return Err(Flaw::NotAWebAddress);
    };
    let web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    let odd = |c: char| c.is_whitespace() || is_invisible(c) || matches!(c, '<' | '>' | '"' | '\\' | '`' | '{' | '}');
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    if web && !rest.contains(odd) && is_host(host) && port.parse::<u16>().is_ok() {
        Ok(address)
    } else {
        Err(Flaw::NotAWebAddress)
    }
}

/// A day as people write it: `3 March 2026`.
pub fn day(date: chrono::NaiveDate) -> impl fmt::Display {
    date.format("%-d %B %Y")
}

/// A whole number with a comma between thousands: `200,000`.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// What one line and several lines have in common. Every pass is linear in the text.
fn clean(typed: &str, most: usize) -> Result<String, Flaw> {
    if is_blank(typed) {
        return Err(Flaw::Empty);
    }
    let has = typed.chars().count();
    // A text in normal form C may be shorter than typed, but never to a quarter: such a text need not be read further.
    if has > most.saturating_mul(4) {
        return Err(Flaw::TooLong { most, has });
    }
    look(typed)?;
    let text: String = typed.nfc().map(|c| if c == '\t' { ' ' } else { c }).collect();
    let has = text.chars().count();
    if has > most { Err(Flaw::TooLong { most, has }) } else { Ok(text) }
}

/// Looks for characters and piles of marks that are refused.
fn look(typed: &str) -> Result<(), Flaw> {
    let mut line = 1;
    let mut marks = 0;
    for character in typed.chars() {
        if character == '\n' {
            line += 1;
        } else if is_hidden(character) {
            return Err(Flaw::Hidden { character, line });
        }
        marks = if is_combining_mark(character) { marks + 1 } else { 0 };
        if marks > MARKS_AT_MOST {
            return Err(Flaw::StackedMarks { line });
        }
    }
    Ok(())
}

/// Characters that can hide or reorder what a reader sees, or that mean nothing in exchanged text: controls except tab,
/// line and paragraph separators, the byte order mark, bidirectional embeddings, overrides and isolates, interlinear
/// annotation, private use, tags and noncharacters. Joiners and the plain direction marks stay, as scripts need them.
pub fn is_hidden(c: char) -> bool {
    (c.is_control() && c != '\t')
        || matches!(c,
            '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{E000}'..='\u{F8FF}' | '\u{FDD0}'..='\u{FDEF}'
            | '\u{E0000}'..='\u{E007F}' | '\u{F0000}'..='\u{10FFFF}')
        || u32::from(c) & 0xFFFE == 0xFFFE
}

/// Characters that show nothing on their own but are no white space either.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180E}'
        | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FFA0}')
}

/// RFC 5322 atext.
fn is_atom_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

/// A host name of at least two labels (RFC 1123), the last of them not a number.
fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.len() <= 253
        && host.split('.').all(label)
        && host.rsplit_once('.').is_some_and(|(_, top)| !top.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn space_around_a_line_goes_and_its_inside_stays() {
        assert_eq!(line("  Ada\tLovelace \u{a0}", 50), Ok("Ada Lovelace".to_owned()));
    }

    #[test]
    fn windows_line_breaks_become_plain_ones_and_trailing_space_goes() {
        assert_eq!(text("\r\none  \r\n\r\ntwo\rthree \n", 50), Ok("one\n\ntwo\nthree".to_owned()));
    }

    #[test]
    fn letters_are_composed() {
        assert_eq!(line("Bibliothe\u{300}que", 50), Ok("Bibliothèque".to_owned()));
    }

    #[test]
    fn the_limit_counts_characters_not_bytes() {
        assert_eq!(line("東京大学", 4), Ok("東京大学".to_owned()));
        assert_eq!(line("東京大学", 3), Err(Flaw::TooLong { most: 3, has: 4 }));
    }

    #[test]
    fn what_shows_nothing_counts_as_empty() {
        assert_eq!(line(" \u{200b}\u{2060}\u{3164} ", 9), Err(Flaw::Empty));
        assert_eq!(text("\r\n \n", 9), Err(Flaw::Empty));
    }

    #[test]
    fn hidden_characters_are_refused_by_name_and_line() {
        for hidden in
            "\0\u{7}\u{1b}\u{7f}\u{85}\u{feff}\u{202e}\u{2066}\u{2028}\u{e000}\u{fdd0}\u{ffff}\u{e0041}\u{f0000}"
                .chars()
        {
            let flaw = text(&format!("fine\nnot {hidden} fine"), 50).unwrap_err();
            assert_eq!(flaw, Flaw::Hidden { character: hidden, line: 2 });
        }
        assert!(Flaw::Hidden { character: '\u{202e}', line: 2 }.sentence("the title").contains("Line 2 of the title"));
    }

    #[test]
    fn a_line_break_in_a_line_is_refused() {
        for mark in ["\n", "\r", "\u{2028}"] {
            assert_eq!(line(&format!("To: a{mark}Bcc: b"), 50), Err(Flaw::LineBreak));
        }
    }

    #[test]
    fn joiners_and_direction_marks_of_living_scripts_pass() {
        for name in ["می\u{200c}خواهم", "\u{200f}שלום\u{200f}", "क्\u{200d}ष", "👩\u{200d}🔬"] {
            assert!(line(name, 50).is_ok(), "{name:?}");
        }
    }

    #[test]
    fn eight_marks_on_a_letter_pass_and_nine_do_not() {
        assert!(line(&format!("a{}", "\u{323}".repeat(8)), 50).is_ok());
        assert_eq!(line(&format!("a{}", "\u{323}".repeat(9)), 50), Err(Flaw::StackedMarks { line: 1 }));
    }

    #[test]
    fn two_hundred_thousand_characters_are_counted_and_refused_at_once() {
        for filler in ["a", "\u{301}", "word ", "\r", "\u{202e}"] {
            let flaw = text(&format!("a{}b", filler.repeat(200_000)), 3_000).unwrap_err();
            assert!(matches!(flaw, Flaw::TooLong { most: 3_000, .. }), "{filler:?}: {flaw:?}");
        }
    }

    #[test]
    fn words_over_the_limit_are_counted() {
        assert_eq!(at_most_words("one two  three".into(), 2), Err(Flaw::TooManyWords { most: 2, has: 3 }));
    }

    #[test]
    fn addresses_of_people_pass() {
        for address in ["ada@example.org", "a.b+los@sub.example.co.uk", "o'brien@xn--bcher-kva.example"] {
            assert_eq!(email(&format!(" {address} ")).as_deref(), Ok(address));
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@example.org", "a".repeat(65));
        for typed in [
            "ada",
            "ada@",
            "@example.org",
            "ada@example",
            "a da@example.org",
            "ada@exa mple.org",
            "ada@example..org",
            ".ada@example.org",
            "ada@-example.org",
            "ada@example.org\nBcc: b@example.org",
            "ada@127.0.0.1",
            "<ada@example.org>",
            "ada@example.org, b@example.org",
            "ada@ex\u{e4}mple.org",
            &long,
        ] {
            assert_eq!(email(typed), Err(Flaw::NotAnAddress), "{typed:?}");
        }
        assert_eq!(email("  "), Err(Flaw::Empty));
    }

    #[test]
    fn web_addresses_of_calls_pass() {
        for address in [
            "https://www.neh.gov/grants?x=1#apply",
            "HTTP://example.org",
            "https://example.org:8443/a/b",
            "https://example.org/é",
        ] {
            assert_eq!(web_address(address, 500).as_deref(), Ok(address));
        }
    }

    #[test]
    fn what_is_no_web_address_is_refused() {
        for typed in [
            "www.neh.gov",
            "javascript:alert(1)",
            "javascript://example.org/%0aalert(1)",
            "data:text/html,x",
            "https://",
            "https://user:word@example.org",
            "https://example.org@evil.example",
            "https://exa\tmple.org",
            "https://example.org/\u{202e}",
            "https://localhost/",
            "https://example.org:99999/",
            "https:/example.org",
            "https://example.org/\"><script>",
            "ftp://example.org",
            "https://[::1]/",
            "https://a.example\\@b.example",
        ] {
            assert_eq!(web_address(typed, 500), Err(Flaw::NotAWebAddress), "{typed:?}");
        }
    }

    #[test]
    fn big_numbers_have_commas() {
        assert_eq!([grouped(0), grouped(999), grouped(1_000), grouped(1_234_567)], ["0", "999", "1,000", "1,234,567"]);
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing_more(typed in "\\PC{0,60}|[a-z\\u{300}-\\u{310}\\s]{0,60}") {
            if let Ok(once) = text(&typed, 100) {
                prop_assert_eq!(text(&once, 100), Ok(once.clone()));
            }
        }

        #[test]
        fn no_line_ever_holds_a_control_character(typed in any::<String>()) {
            if let Ok(kept) = line(&typed, 1_000) {
                prop_assert!(!kept.chars().any(|c| c.is_control() || is_hidden(c)), "{:?}", kept);
            }
        }
    }
}

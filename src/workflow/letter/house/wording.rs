//! The words that a new letter begins with, as staff may change them for each kind and language: plain text with
//! placeholders that are declared here. The limitation of endorsement is none of it; it is fixed in every language.

use crate::plain::{self, grouped};
use crate::worded;
use crate::workflow::letter::rules::MOST_WORDS;
use crate::workflow::request::answers::LetterKind;

/// The most characters of a wording.
const LONGEST: usize = 8_000;

worded! {
    /// What is filled in when a letter is begun.
    pub enum Placeholder {
        /// The project's title.
        Title = "title",
        /// The institution that applies.
        Institution = "institution",
        /// Its membership.
        Standing = "standing",
        /// The principal investigator.
        Investigator = "investigator",
        /// The funder.
        Funder = "funder",
        /// Funder and programme.
        Funding = "funding",
        /// The day of the decision.
        Decided = "decided",
        /// From the summary.
        Summary = "summary",
        /// From the answer on relevance.
        Relevance = "relevance",
        /// From the answer on enrichment.
        Enrichment = "enrichment",
        /// From the answer on participation.
        Participation = "participation",
        /// What the applicant would like the Consortium to say or do.
        Points = "points",
    }
}

impl Placeholder {
    /// What it stands for, in words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Title => "title of the project",
            Self::Institution => "name of the institution that applies",
            Self::Standing => "its membership, as \u{201c}a Full Member of the IIIF Consortium\u{201d}",
            Self::Investigator => "name of the principal investigator",
            Self::Funder => "name of the funder",
            Self::Funding => "funder and programme",
            Self::Decided => "day of the committee\u{2019}s decision",
            Self::Summary => "first sentences of the summary",
            Self::Relevance => "first sentences on relevance to IIIF",
            Self::Enrichment => "first sentences on what the project adds to IIIF",
            Self::Participation => "first sentences on taking part in the community",
            Self::Points => "what the applicant suggests that the Consortium says or does",
        }
    }

    /// What a blank in its place says, where the request has nothing to fill in.
    const fn blank(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Institution => "institution",
            Self::Standing => "membership",
            Self::Investigator => "principal investigator",
            Self::Funder => "funder",
            Self::Funding => "funder and programme",
            Self::Decided => "day of the decision",
            Self::Summary => "purpose",
            Self::Relevance => "relevance",
            Self::Enrichment => "enrichment",
            Self::Participation => "participation",
            Self::Points => "what, how much, and by when",
        }
    }

    /// How it is written in a text.
    pub fn written(self) -> String {
        format!("{{{self}}}")
    }

    /// Whether a letter of this kind cannot do without it: what it supports and for whom; a promise says of what, a letter
    /// of collaboration by whose money.
    pub const fn is_needed(self, kind: LetterKind) -> bool {
        match self {
            Self::Title => true,
            Self::Institution => !matches!(kind, LetterKind::Collaboration),
            Self::Points => matches!(kind, LetterKind::Commitment),
            Self::Investigator | Self::Funder => matches!(kind, LetterKind::Collaboration),
            _ => false,
        }
    }
}

/// A part of a text with placeholders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'t> {
    Words(&'t str),
    Place(Placeholder),
    /// Something in braces, or a brace alone, that is no placeholder.
    Unknown(&'t str),
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find(['{', '}']) {
        let (words, brace) = rest.split_at(at);
        found.push(Piece::Words(words));
        let end = brace.find('}').map_or(1, |end| end + 1);
        let end = if brace.get(1..end).unwrap_or_default().contains(['{', '\n']) { 1 } else { end };
        let (braced, after) = brace.split_at(end);
        let name = braced.strip_prefix('{').and_then(|name| name.strip_suffix('}')).unwrap_or_default();
        found.push(name.parse().map_or(Piece::Unknown(braced), Piece::Place));
        rest = after;
    }
    found.push(Piece::Words(rest));
    found
}

/// A wording for letters of `kind` as typed.
///
/// # Errors
/// All that is wrong with it, in a sentence each: placeholders that are none, those that are missing, its length.
pub fn read(kind: LetterKind, typed: &str) -> Result<String, String> {
    let text = plain::text(typed, LONGEST).map_err(|flaw| flaw.sentence("the text"))?;
    let pieces = pieces(&text);
    let mut wrong: Vec<String> = Vec::new();
    let mut add = |sentence: String| {
        if !wrong.contains(&sentence) {
            wrong.push(sentence);
        }
    };
    for piece in &pieces {
        if let Piece::Unknown(braced) = piece {
            add(match *braced {
                "{" | "}" => format!("A brace ({braced}) stands alone. Braces only enclose a placeholder."),
                braced => format!("{braced} is no placeholder. Those there are stand beside the text."),
            });
        }
    }
    for place in Placeholder::ALL.iter().filter(|place| place.is_needed(kind)) {
        if !pieces.contains(&Piece::Place(*place)) {
            add(format!("The text needs {}: {}.", place.written(), place.label()));
        }
    }
    let words = plain::words(&text);
    if words > MOST_WORDS {
        add(format!("Shorten the text to {MOST_WORDS} words or fewer. It has {}.", grouped(words)));
    }
    if wrong.is_empty() { Ok(text) } else { Err(wrong.join(" ")) }
}

/// The text with its placeholders filled in, in one pass: a value is never read for placeholders. Where there is no value
/// stands a blank in square brackets, with which no letter goes out.
pub fn fill<'v>(text: &str, value: impl Fn(Placeholder) -> &'v str) -> String {
    let filled = |piece: Piece<'_>| match piece {
        Piece::Words(words) | Piece::Unknown(words) => words.to_owned(),
        Piece::Place(place) => match value(place) {
            "" => format!("[{}]", place.blank()),
            value => value.to_owned(),
        },
    };
    pieces(text).into_iter().map(filled).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_placeholder_is_filled_once_and_what_is_missing_is_a_blank() {
        let value = |place| match place {
            Placeholder::Title => "{funder} in Motion",
            Placeholder::Institution => "Example University",
            _ => "",
        };
        let text = "We support \u{201c}{title}\u{201d} of {institution}, decided {decided}.";
        let filled = fill(text, value);
        assert_eq!(
            filled,
            "We support \u{201c}{funder} in Motion\u{201d} of Example University, decided [day of the decision]."
        );
    }

    #[test]
    fn what_is_no_placeholder_and_what_is_missing_is_named_all_at_once() {
        let why =
            read(LetterKind::Commitment, "We support {titel} of {institution} {, and {x\n} {titel}.").unwrap_err();
        for says in [
            "{titel} is no placeholder.",
            "A brace ({) stands alone.",
            "A brace (}) stands alone.",
            "The text needs {title}: title of the project.",
            "The text needs {points}",
        ] {
            assert_eq!(why.matches(says).count(), 1, "{says} in {why}");
        }
        assert!(!why.contains("{institution}"), "{why}");
    }

    #[test]
    fn each_kind_needs_what_it_is_about() {
        assert!(read(LetterKind::Support, "{title}, {institution}").is_ok());
        assert!(read(LetterKind::Commitment, "{title}, {institution}").is_err());
        assert!(read(LetterKind::Collaboration, "{title} by {investigator}, {funder}").is_ok());
        assert!(read(LetterKind::Support, " ").unwrap_err().contains("Enter the text"));
        assert!(read(LetterKind::Support, &format!("{{title}} {{institution}} {}", "word ".repeat(900))).is_err());
    }
}

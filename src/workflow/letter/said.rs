//! What a program can tell of a letter's text by its words alone: what it names, promises, praises, and how many
//! sentences it has. It reads words, not meaning: what it finds, a person judges.

use crate::members::institution::folded;
use crate::workflow::letter::prose;

/// Words of endorsement and praise.
const PRAISE: [&str; 17] = [
    "endorse",
    "endorses",
    "endorsement",
    "support",
    "supports",
    "recommend",
    "recommends",
    "excellent",
    "outstanding",
    "exceptional",
    "important",
    "unique",
    "enthusiastic",
    "enthusiastically",
    "strongly",
    "pleased",
    "delighted",
];
/// Words of recommendation.
const RECOMMENDATION: [&str; 4] = ["recommend", "recommends", "recommendation", "recommended"];
/// Words of a promise.
const PROMISE: [&str; 8] =
    ["commit", "commits", "contribute", "contributes", "provide", "provides", "undertake", "undertakes"];
/// Words before a full stop that ends no sentence.
const ABBREVIATIONS: [&str; 9] = ["dr", "prof", "mr", "mrs", "ms", "st", "jr", "sr", "no"];

/// A letter's body, ready to be searched.
#[derive(Debug, Clone)]
pub struct Body {
    folded: String,
    sentences: usize,
}

impl Body {
    /// Reads paragraphs as they were typed. What stands in `title` is no sentence of the letter's own.
    pub fn of(paragraphs: &[String], title: &str) -> Self {
        let paragraphs: Vec<String> = paragraphs.iter().map(|paragraph| prose::plain(paragraph)).collect();
        let without =
            |paragraph: &String| if title.is_empty() { paragraph.clone() } else { paragraph.replace(title, "x") };
        let sentences = paragraphs.iter().map(|paragraph| sentences(&without(paragraph))).sum();
        Self { folded: format!(" {} ", folded(&paragraphs.join(" "))), sentences }
    }

    /// Whether `phrase` stands in it as whole words, whatever the case and accents; an empty phrase does not.
    pub fn has(&self, phrase: &str) -> bool {
        let phrase = folded(phrase);
        !phrase.is_empty() && self.folded.contains(&format!(" {phrase} "))
    }

    /// Whether one of `phrases` stands in it.
    pub fn has_any(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.has(phrase))
    }

    /// Whether it holds only if the proposal is selected.
    pub fn is_conditional(&self) -> bool {
        self.has("if") && self.has_any(&["selected", "funded", "awarded"])
    }

    /// Whether it promises something. "This letter commits no funds" is the opposite.
    pub fn commits(&self) -> bool {
        self.has_any(&PROMISE) && !self.has_any(&["commits no", "commit no", "promises nothing"])
    }

    /// The words of praise in it.
    pub fn praise(&self) -> Vec<&'static str> {
        PRAISE.into_iter().filter(|word| self.has(word)).collect()
    }

    /// The words of recommendation in it.
    pub fn recommendation(&self) -> Vec<&'static str> {
        RECOMMENDATION.into_iter().filter(|word| self.has(word)).collect()
    }

    /// How many sentences it has.
    pub const fn sentences(&self) -> usize {
        self.sentences
    }
}

/// A sentence ends with a paragraph, or where a stop is followed by a capital letter or a quotation.
fn sentences(paragraph: &str) -> usize {
    let words: Vec<&str> = paragraph.split_whitespace().collect();
    let ends = words.windows(2).filter(|pair| match pair {
        [word, next] => {
            ends_sentence(word) && next.trim_start_matches(['“', '"', '‘', '(']).starts_with(char::is_uppercase)
        }
        _ => false,
    });
    if words.is_empty() { 0 } else { ends.count() + 1 }
}

fn ends_sentence(word: &str) -> bool {
    let bare = word.trim_end_matches(['”', '"', '’', ')']);
    let Some(stem) = bare.strip_suffix(['.', '!', '?']) else { return false };
    let is_initial = stem.chars().count() == 1;
    !is_initial && !ABBREVIATIONS.contains(&stem.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> Body {
        Body::of(&text.split("\n\n").map(str::to_owned).collect::<Vec<_>>(), "Maps. A Story")
    }

    #[test]
    fn sentences_are_counted_and_titles_names_and_initials_are_none() {
        for (text, sentences) in [
            ("If “Maps. A Story” by Dr. G. Hopper is selected, we intend to collaborate.", 1),
            ("We know them. We like them.", 2),
            ("One.\n\nTwo.", 2),
            ("", 0),
        ] {
            assert_eq!(body(text).sentences(), sentences, "{text}");
        }
    }

    #[test]
    fn words_are_found_whole_whatever_their_accents() {
        let body = body("If José Núñez is selected, the unimportant rest follows.");
        assert!(body.has("Jose NUNEZ") && body.is_conditional());
        assert!(!body.has("Nu") && !body.has(""));
        assert_eq!(body.praise(), [""; 0]);
    }

    #[test]
    fn a_refusal_to_commit_is_no_promise() {
        assert!(body("The Consortium will contribute two days.").commits());
        assert!(!body("This letter commits no funds and no staff time.").commits());
    }

    #[test]
    fn praise_and_recommendation_are_named() {
        let body = body("We strongly endorse and recommend it.");
        assert_eq!(body.praise(), ["endorse", "recommend", "strongly"]);
        assert_eq!(body.recommendation(), ["recommend"]);
    }
}

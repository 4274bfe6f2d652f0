//! Anchors of headings, made as the website's Markdown makes them (kramdown with GitHub's flavour), so that a link to
//! a question holds on both sites.

use std::collections::HashMap;

/// The anchors given on one page so far.
#[derive(Debug, Default)]
pub struct Anchors(HashMap<String, u32>);

impl Anchors {
    /// The anchor for a heading with this text; a second heading with the same one gets "-1".
    pub fn for_heading(&mut self, text: &str) -> String {
        let kept = text.to_lowercase();
        let kept = kept.trim().chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | ' '));
        let anchor: String = kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect();
        let anchor = if anchor.is_empty() { "section".to_owned() } else { anchor };
        self.take(anchor)
    }

    /// The anchor that the source itself asks for.
    pub fn take(&mut self, anchor: String) -> String {
        let seen = self.0.entry(anchor.clone()).and_modify(|count| *count += 1).or_insert(0);
        if *seen == 0 { anchor } else { format!("{anchor}-{seen}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_those_of_the_website() {
        let mut anchors = Anchors::default();
        for (text, anchor) in [
            ("Why join?", "why-join"),
            ("Who decides – and how?", "who-decides--and-how"),
            ("Why join?", "why-join-1"),
            ("Größe: 10,000 “bytes”", "größe-10000-bytes"),
            ("?!", "section"),
        ] {
            assert_eq!(anchors.for_heading(text), anchor);
        }
    }
}

//! Another name of an institution, with the language it is in where somebody said so. In a form it is a line of its own:
//! "Bibliothèque nationale de France @fr".

use std::fmt;
use std::str::FromStr;

/// A language tag (BCP 47, RFC 5646) of a language with a script, a region and variants, each as far as it is given.
/// Extensions and private tags say nothing about a name and are not taken.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Language(String);

/// A text that is no language tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is no language tag; tags look like fr, pt-BR or zh-Hant")]
pub struct NoLanguage;

impl Language {
    /// The tag in its usual spelling: `fr`, `pt-BR`, `zh-Hant-TW`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Language {
    type Err = NoLanguage;

    fn from_str(typed: &str) -> Result<Self, NoLanguage> {
        let tag = typed.trim().to_ascii_lowercase();
        let mut parts = tag.split('-').peekable();
        let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_lowercase());
        let language = parts.next().filter(|part| matches!(part.len(), 2 | 3) && letters(part)).ok_or(NoLanguage)?;
        let mut spelled = language.to_owned();
        if let Some(script) = parts.next_if(|part| part.len() == 4 && letters(part)) {
            let (first, rest) = script.split_at(1);
            spelled.extend(["-", &first.to_ascii_uppercase(), rest]);
        }
        let is_region = |part: &&str| {
            (part.len() == 2 && letters(part)) || (part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit()))
        };
        if let Some(region) = parts.next_if(is_region) {
            spelled.extend(["-", &region.to_ascii_uppercase()]);
        }
        for variant in parts {
            let is_long =
                (5..=8).contains(&variant.len()) || (variant.len() == 4 && variant.starts_with(char::is_numeric));
            if !is_long || !variant.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                return Err(NoLanguage);
            }
            spelled.extend(["-", variant]);
        }
        Ok(Self(spelled))
    }
}

/// Another name that people know an institution by, or a spelling that was once matched to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherName {
    /// The name.
    pub name: String,
    /// Its language, where somebody said it.
    pub language: Option<Language>,
}

impl OtherName {
    /// Takes a line of a form apart: the name as typed, and the language after the last `@`. Without a space before it, an
    /// `@` that no tag follows is part of the name ("library@esplanade").
    ///
    /// # Errors
    /// When a space and an `@` stand before something that is no tag.
    pub fn typed(line: &str) -> Result<(&str, Option<Language>), NoLanguage> {
        let Some((name, tag)) = line.trim().rsplit_once('@') else { return Ok((line, None)) };
        match tag.parse() {
            Ok(language) if !tag.starts_with(' ') => Ok((name.trim_end(), Some(language))),
            _ if name.ends_with(' ') && !tag.contains(' ') => Err(NoLanguage),
            _ => Ok((line, None)),
        }
    }
}

/// The name as a line of a form.
impl fmt::Display for OtherName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        self.language.as_ref().map_or(Ok(()), |language| write!(f, " @{language}"))
    }
}

impl<T: Into<String>> From<T> for OtherName {
    fn from(name: T) -> Self {
        Self { name: name.into(), language: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tags_come_in_their_usual_spelling_and_nothing_else_is_one() {
        for (typed, tag) in [
            ("FR", "fr"),
            (" pt-br ", "pt-BR"),
            ("ZH-hant-tw", "zh-Hant-TW"),
            ("es-419", "es-419"),
            ("gsw", "gsw"),
            ("sl-ROZAJ-1994", "sl-rozaj-1994"),
        ] {
            assert_eq!(typed.parse::<Language>().map(|tag| tag.to_string()).as_deref(), Ok(tag), "{typed}");
        }
        for typed in ["", "f", "french", "fr-", "fr_FR", "fr--FR", "x-private", "en-u-ca", "日本", "fr-\u{301}"] {
            assert_eq!(typed.parse::<Language>(), Err(NoLanguage), "{typed}");
        }
    }

    #[test]
    fn a_line_is_a_name_with_or_without_its_language() {
        let read = |line| OtherName::typed(line).map(|(name, tag)| (name, tag.map(|tag| tag.to_string())));
        assert_eq!(read("国立国会図書館 @ja"), Ok(("国立国会図書館", Some("ja".into()))));
        assert_eq!(read("BnF@FR "), Ok(("BnF", Some("fr".into()))));
        for name in ["BnF", "library@esplanade", "Museum @ Work and Play", "Museum @ Work"] {
            assert_eq!(read(name), Ok((name, None)), "{name}");
        }
        assert_eq!(read("Nationalbibliothek @deutsch"), Err(NoLanguage));
        assert_eq!(read("Nationalbibliothek @"), Err(NoLanguage));
    }

    proptest! {
        #[test]
        fn a_name_with_a_language_is_the_same_once_written_and_read(name in "[a-zA-Zé漢]{1,8}( [a-zé漢]{1,8}){0,3}", tag in "[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?") {
            let known = OtherName { name, language: Some(tag.parse().unwrap()) };
            let line = known.to_string();
            let (name, language) = OtherName::typed(&line).unwrap();
            prop_assert_eq!(OtherName { name: name.to_owned(), language }, known);
        }
    }
}

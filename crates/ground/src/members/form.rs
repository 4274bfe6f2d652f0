//! The staff's form for an institution: what was typed, judged at once.

use super::institution::{Institution, Membership, name_key};
use crate::plain;
use crate::refusal::FieldErrors;

/// The longest name and other name, in characters.
const LONGEST_NAME: usize = 200;
/// The longest website, in characters.
const LONGEST_WEBSITE: usize = 500;

/// What was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// The listed name.
    pub name: String,
    /// Other names, one a line.
    pub other_names: String,
    /// The website; may be empty.
    pub website: String,
    /// The country as a code of two letters; may be empty.
    pub country: String,
    /// The kind of membership, as [`Membership`] spells it; empty for one that has left.
    pub membership: String,
    /// Whether it is a company.
    pub commercial: bool,
}

/// What was typed, found good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The listed name.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// The website.
    pub website: Option<String>,
    /// The country as a code of two letters.
    pub country: Option<String>,
    /// The kind of membership; `None`: it has left.
    pub membership: Option<Membership>,
    /// Whether it is a company.
    pub commercial: bool,
}

impl Typed {
    /// Judges what was typed.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the fields.
    pub fn judged(&self) -> Result<Facts, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = plain::line(&self.name, LONGEST_NAME).unwrap_or_else(|flaw| {
            errors.add("name", flaw.sentence("the institution’s name"));
            String::new()
        });
        let aliases = self.aliases(&name, &mut errors);
        let website =
            optional(&self.website, |typed| plain::web_address(typed, LONGEST_WEBSITE)).unwrap_or_else(|flaw| {
                errors.add("website", flaw.sentence("the website"));
                None
            });
        let country = self.country.trim().to_uppercase();
        if !country.is_empty() && (country.len() != 2 || !country.chars().all(|letter| letter.is_ascii_uppercase())) {
            errors.add("country", "Type the country as its code of two letters, such as FR.");
        }
        let membership = match self.membership.as_str() {
            "" => None,
            word => word.parse().map(Some).unwrap_or_else(|_| {
                errors.add("membership", "Choose a kind of membership from the list.");
                None
            }),
        };
        let country = Some(country).filter(|code| !code.is_empty());
        errors.unless_any(Facts { name, aliases, website, country, membership, commercial: self.commercial })
    }

    fn aliases(&self, name: &str, errors: &mut FieldErrors) -> Vec<String> {
        let mut keys = vec![name_key(name)];
        let mut aliases = Vec::new();
        for typed in self.other_names.lines().filter(|line| !plain::is_blank(line)) {
            match plain::line(typed, LONGEST_NAME) {
                Ok(alias) if keys.contains(&name_key(&alias)) => {}
                Ok(alias) => {
                    keys.push(name_key(&alias));
                    aliases.push(alias);
                }
                Err(flaw) => {
                    errors.add("other_names", flaw.sentence("another name"));
                    break;
                }
            }
        }
        aliases
    }
}

fn optional<E>(typed: &str, read: impl FnOnce(&str) -> Result<String, E>) -> Result<Option<String>, E> {
    if plain::is_blank(typed) { Ok(None) } else { read(typed).map(Some) }
}

/// Who among `others` has one of these names already; the field it was typed into and a sentence about it.
pub fn taken(facts: &Facts, others: &[Institution]) -> FieldErrors {
    let mut errors = FieldErrors::default();
    let names = std::iter::once(("name", &facts.name)).chain(facts.aliases.iter().map(|alias| ("other_names", alias)));
    for (field, name) in names {
        let key = name_key(name);
        let has =
            |one: &&Institution| std::iter::once(&one.name).chain(&one.aliases).any(|known| name_key(known) == key);
        if let Some(other) = others.iter().find(has) {
            errors.add(field, format!("“{name}” is a name of {} already.", other.name));
        }
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> Typed {
        Typed {
            name: " Example  Library ".into(),
            other_names: "EL\n\nThe Example Library\n el \nBibliothèque d’Exemple".into(),
            website: "https://library.example/".into(),
            country: "fr".into(),
            membership: "full".into(),
            commercial: false,
        }
    }

    #[test]
    fn what_is_good_is_tidied_and_other_names_come_once() {
        let facts = typed().judged().unwrap();
        assert_eq!(facts.aliases, ["EL", "Bibliothèque d’Exemple"]);
        assert_eq!((facts.country.as_deref(), facts.membership), (Some("FR"), Some(Membership::Full)));
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let wrong = Typed {
            name: String::new(),
            other_names: "a\u{202e}b".into(),
            website: "javascript:alert(1)".into(),
            country: "France".into(),
            membership: "golden".into(),
            commercial: true,
        };
        let errors = wrong.judged().unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["name", "other_names", "website", "country", "membership"]);
    }

    #[test]
    fn what_may_be_left_empty_may_be_left_empty() {
        let bare = Typed { name: "Example".into(), ..Typed::default() };
        let facts = bare.judged().unwrap();
        assert_eq!((facts.website, facts.country, facts.membership), (None, None, None));
    }
}

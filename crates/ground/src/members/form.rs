//! The staff's form for an institution: what was typed, judged at once.

use super::country;
use super::institution::{Institution, Membership, name_key};
use super::other_name::OtherName;
use super::ror::{NoRor, Ror};
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
    /// The id in the Research Organization Registry, in any form; may be empty.
    pub ror: String,
    /// Where the logo is: an address, or a path of the Consortium's website; may be empty.
    pub logo: String,
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
    pub aliases: Vec<OtherName>,
    /// The website.
    pub website: Option<String>,
    /// The id in the Research Organization Registry.
    pub ror: Option<Ror>,
    /// Where the logo is: an address, or a path of the Consortium's website.
    pub logo: Option<String>,
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
        let ror = optional(&self.ror, str::parse).unwrap_or_else(|flaw: NoRor| {
            errors.add("ror", flaw.to_string());
            None
        });
        let logo = optional(&self.logo, logo).unwrap_or_else(|flaw| {
            errors.add("logo", flaw);
            None
        });
        let country =
            optional(&self.country, |code| if country::is_code(code) { Ok(code.to_owned()) } else { Err(()) });
        let country = country.unwrap_or_else(|()| {
            errors.add("country", "Choose a country from the list.");
            None
        });
        let membership = match self.membership.as_str() {
            "" => None,
            word => word.parse().map(Some).unwrap_or_else(|_| {
                errors.add("membership", "Choose a kind of membership from the list.");
                None
            }),
        };
        errors.unless_any(Facts { name, aliases, website, ror, logo, country, membership, commercial: self.commercial })
    }

    fn aliases(&self, name: &str, errors: &mut FieldErrors) -> Vec<OtherName> {
        let mut keys = vec![name_key(name)];
        let mut aliases = Vec::new();
        for typed in self.other_names.lines().filter(|line| !plain::is_blank(line)) {
            let (typed, language) = match OtherName::typed(typed) {
                Ok(read) => read,
                Err(wrong) => {
                    errors.add("other_names", format!("Look at what follows the @ in “{}”: {wrong}.", typed.trim()));
                    break;
                }
            };
            match plain::line(typed, LONGEST_NAME) {
                Ok(name) if keys.contains(&name_key(&name)) => {}
                Ok(name) => {
                    keys.push(name_key(&name));
                    aliases.push(OtherName { name, language });
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

fn optional<T, E>(typed: &str, read: impl FnOnce(&str) -> Result<T, E>) -> Result<Option<T>, E> {
    if plain::is_blank(typed) { Ok(None) } else { read(typed).map(Some) }
}

/// An address of the web, or a path of the Consortium's website as its file has it (`assets/uploads/logos/x.svg`).
fn logo(typed: &str) -> Result<String, String> {
    let what = "the logo’s address";
    let line = plain::line(typed, LONGEST_WEBSITE).map_err(|flaw| flaw.sentence(what))?;
    let has_scheme = line.split('/').next().is_some_and(|first| first.contains(':'));
    if has_scheme || line.starts_with("//") {
        return plain::web_address(&line, LONGEST_WEBSITE).map_err(|flaw| flaw.sentence(what));
    }
    let is_path = line.contains('/') && !line.contains(['<', '>', '"', '\\']);
    is_path.then_some(line).ok_or_else(|| {
        "Enter an address that begins with https://, or a path of the website such as assets/uploads/logos/name.svg."
            .to_owned()
    })
}

/// Who among `others` has one of these names or the ROR id already; the field it was typed into and a sentence about it.
pub fn taken(facts: &Facts, others: &[Institution]) -> FieldErrors {
    let mut errors = FieldErrors::default();
    let names =
        std::iter::once(("name", &facts.name)).chain(facts.aliases.iter().map(|alias| ("other_names", &alias.name)));
    for (field, name) in names {
        let key = name_key(name);
        let has = |one: &&Institution| one.names().any(|known| name_key(known) == key);
        if let Some(other) = others.iter().find(has) {
            errors.add(field, format!("“{name}” is a name of {} already.", other.name));
        }
    }
    if let Some(ror) = &facts.ror
        && let Some(other) = others.iter().find(|one| one.ror.as_ref() == Some(ror))
    {
        errors.add("ror", format!("{ror} is the ROR id of {} already.", other.name));
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> Typed {
        Typed {
            name: " Example  Library ".into(),
            other_names: "EL\n\nThe Example Library\n el @en\nBibliothèque d’Exemple @FR".into(),
            website: "https://library.example/".into(),
            ror: "02MHBDP94".into(),
            logo: " assets/uploads/logos/A&M, Libraries.png ".into(),
            country: "FR".into(),
            membership: "full".into(),
            commercial: false,
        }
    }

    #[test]
    fn what_is_good_is_tidied_and_other_names_come_once() {
        let facts = typed().judged().unwrap();
        let aliases: Vec<String> = facts.aliases.iter().map(ToString::to_string).collect();
        assert_eq!(aliases, ["EL", "Bibliothèque d’Exemple @fr"]);
        assert_eq!((facts.country.as_deref(), facts.membership), (Some("FR"), Some(Membership::Full)));
        assert_eq!(facts.ror.map(|ror| ror.to_string()).as_deref(), Some("https://ror.org/02mhbdp94"));
        assert_eq!(facts.logo.as_deref(), Some("assets/uploads/logos/A&M, Libraries.png"));
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let wrong = Typed {
            name: String::new(),
            other_names: "a\u{202e}b".into(),
            website: "javascript:alert(1)".into(),
            ror: "02mhbdp95".into(),
            logo: "javascript:alert(1)".into(),
            country: "France".into(),
            membership: "golden".into(),
            commercial: true,
        };
        let errors = wrong.judged().unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["name", "other_names", "website", "ror", "logo", "country", "membership"]);
    }

    #[test]
    fn a_logo_is_an_address_or_a_path_of_the_website() {
        for (typed, good) in [
            ("https://library.example/logo.svg", true),
            ("assets/logo.svg", true),
            ("/assets/logo.svg", true),
            ("logo", false),
            ("//elsewhere.example/logo.svg", false),
            ("data:image/png;base64,AAAA", false),
            ("assets/<logo>.svg", false),
        ] {
            assert_eq!(logo(typed).is_ok(), good, "{typed}");
        }
    }

    #[test]
    fn what_may_be_left_empty_may_be_left_empty() {
        let bare = Typed { name: "Example".into(), ..Typed::default() };
        let facts = bare.judged().unwrap();
        assert_eq!((facts.website, facts.country, facts.membership), (None, None, None));
    }
}

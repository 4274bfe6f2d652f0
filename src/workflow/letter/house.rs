//! The house of the letter: what the Consortium puts on every one, whatever it says. Letterhead and signatory are
//! settings with versions; the limitation of endorsement is none of them, so nobody can edit it out.

pub mod colour;
pub mod form;
pub mod picture;
pub mod wording;

use serde::{Deserialize, Serialize};

use crate::workflow::letter::house::colour::Colour;
use crate::workflow::letter::house::picture::Picture;
use crate::workflow::letter::text::{Letterhead, SignedBy};

/// The words and the colour of the letterhead, and who signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The organisation's name, as the letterhead shows it large.
    pub name: String,
    /// The name in full, or a motto; may be empty.
    pub full_name: String,
    /// Postal address, web and mail address; one line each.
    pub lines: Vec<String>,
    /// The accent colour.
    pub accent: Colour,
    /// The name of who signs; empty only in what the program brings along, and then no letter can be issued.
    pub signatory: String,
    /// In what capacity they sign.
    pub capacity: String,
}

/// The pictures of a house.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pictures {
    /// In the letterhead, in the place of the mark that the program brings along.
    pub logo: Option<Picture>,
    /// Above the signatory's name.
    pub signature: Option<Picture>,
}

/// One version of the house.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct House {
    /// Which; 0 is what the program and its configuration bring along.
    pub number: i64,
    /// Its words and its colour.
    pub settings: Settings,
    /// Its pictures.
    pub pictures: Pictures,
}

/// What letters need to know of the service itself, which is no setting of the house.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Where questions about a letter go: a mail address.
    pub contact: String,
    /// The page that checks letters, as a person types it.
    pub check_address: String,
}

impl House {
    /// What the program and its configuration bring along: used until staff put a version in force.
    pub fn bundled(signatory: &str, capacity: &str, contact: &str) -> Self {
        let settings = Settings {
            name: "IIIF Consortium".to_owned(),
            full_name: "International Image Interoperability Framework".to_owned(),
            lines: vec!["iiif.io".to_owned(), contact.to_owned()],
            accent: Colour::BUNDLED,
            signatory: signatory.to_owned(),
            capacity: capacity.to_owned(),
        };
        Self { number: 0, settings, pictures: Pictures::default() }
    }

    /// Who writes, as a letter shows it.
    pub fn letterhead(&self) -> Letterhead {
        let Settings { name, full_name, lines, accent, .. } = &self.settings;
        Letterhead {
            name: name.clone(),
            full_name: full_name.clone(),
            lines: lines.clone(),
            accent: *accent,
            logo: self.pictures.logo.clone(),
        }
    }

    /// Who signs, as a letter shows it; questions go to `contact`.
    pub fn signed_by(&self, contact: &str) -> SignedBy {
        SignedBy {
            name: self.settings.signatory.clone(),
            capacity: self.settings.capacity.clone(),
            contact: contact.to_owned(),
            signature: self.pictures.signature.clone(),
        }
    }

    /// What this house changes of `before`: the name of each part, as it was and as it is.
    pub fn changes(&self, before: &Self) -> Vec<Change> {
        let (old, new) = (&before.settings, &self.settings);
        let picture = |picture: &Option<Picture>| match picture {
            None => "none".to_owned(),
            Some(picture) => format!("a picture of {} by {} pixels", picture.width, picture.height),
        };
        let texts = [
            ("Name", old.name.clone(), new.name.clone()),
            ("Name in full", old.full_name.clone(), new.full_name.clone()),
            ("Address", old.lines.join(", "), new.lines.join(", ")),
            ("Accent colour", old.accent.to_string(), new.accent.to_string()),
            ("Who signs", old.signatory.clone(), new.signatory.clone()),
            ("Capacity", old.capacity.clone(), new.capacity.clone()),
        ];
        let texts = texts.into_iter().filter(|(_, old, new)| old != new);
        let (was, is) = (&before.pictures, &self.pictures);
        let pictures = [("Logo", &was.logo, &is.logo), ("Signature", &was.signature, &is.signature)];
        let pictures = pictures
            .into_iter()
            .filter(|(_, old, new)| old != new)
            .map(|(what, old, new)| (what, picture(old), picture(new)));
        texts.chain(pictures).map(|(what, before, after)| Change { what, before, after }).collect()
    }
}

/// One part of the house that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which part.
    pub what: &'static str,
    /// As it was.
    pub before: String,
    /// As it is.
    pub after: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::letter::language::Language;

    fn house() -> House {
        House::bundled("Robin Ashe", "Managing Director", "admin@iiif.io")
    }

    #[test]
    fn a_house_survives_the_database() {
        let kept = serde_json::to_string(&house().settings).unwrap();
        assert!(kept.contains("\"#0f5c78\""), "{kept}");
        assert_eq!(serde_json::from_str::<Settings>(&kept).unwrap(), house().settings);
    }

    #[test]
    fn no_setting_holds_the_limitation_so_none_can_take_it_away() {
        let kept = serde_json::to_string(&house().settings).unwrap();
        let (heading, words) = Language::English.fixed().limitation;
        assert!(!kept.contains(heading) && !kept.contains(words));
        let named: serde_json::Value = serde_json::from_str(&kept).unwrap();
        let named: Vec<&String> = named.as_object().unwrap().keys().collect();
        assert_eq!(named, ["accent", "capacity", "full_name", "lines", "name", "signatory"]);
    }

    #[test]
    fn a_change_names_the_part_and_both_its_states() {
        let mut other = house();
        assert_eq!(other.changes(&house()), []);
        other.settings.signatory = "Ines Castellan".to_owned();
        other.pictures.signature = Some(Picture::read(picture::sample::PNG, 10).unwrap());
        let changes = other.changes(&house());
        assert_eq!(changes.iter().map(|change| change.what).collect::<Vec<_>>(), ["Who signs", "Signature"]);
        assert_eq!((changes[0].before.as_str(), changes[1].before.as_str()), ("Robin Ashe", "none"));
    }
}

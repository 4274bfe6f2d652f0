//! The form for letterhead and signatory: read with every error at once.

use sheets::Unprintable;

use crate::plain::{self, Flaw};
use crate::refusal::FieldErrors;
use crate::workflow::letter::house::colour::Colour;
use crate::workflow::letter::house::picture::Picture;
use crate::workflow::letter::house::{House, Pictures, Settings};

/// The most lines of the address.
const MOST_LINES: usize = 6;
/// The most characters of a line of the address: it stands beside the name.
const LONGEST_LINE: usize = 50;
/// The most characters of the name.
const LONGEST_NAME: usize = 50;
/// The most characters of the name in full, of the signatory and of the capacity.
const LONGEST_TEXT: usize = 100;

/// The names of the form's fields.
pub mod fields {
    /// The organisation's name.
    pub const NAME: &str = "name";
    /// The name in full.
    pub const FULL_NAME: &str = "full_name";
    /// The address, one line each.
    pub const LINES: &str = "lines";
    /// The accent colour.
    pub const ACCENT: &str = "accent";
    /// Who signs.
    pub const SIGNATORY: &str = "signatory";
    /// In what capacity.
    pub const CAPACITY: &str = "capacity";
    /// The file with the logo.
    pub const LOGO: &str = "logo";
    /// Whether the logo is taken away.
    pub const NO_LOGO: &str = "no_logo";
    /// The file with the signature.
    pub const SIGNATURE: &str = "signature";
    /// Whether the signature is taken away.
    pub const NO_SIGNATURE: &str = "no_signature";
}

/// What was done with the place of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chosen<'f> {
    /// Nothing: the picture stays, or its absence.
    Nothing,
    /// It is taken away.
    None,
    /// Another file: the first of its bytes, and how many it has.
    File(&'f [u8], usize),
}

/// What was chosen for both pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChosenPictures<'f> {
    /// For the logo.
    pub logo: Chosen<'f>,
    /// For the signature.
    pub signature: Chosen<'f>,
}

/// The values of the form for `settings`.
pub fn values(settings: &Settings) -> [(&'static str, String); 6] {
    [
        (fields::NAME, settings.name.clone()),
        (fields::FULL_NAME, settings.full_name.clone()),
        (fields::LINES, settings.lines.join("\n")),
        (fields::ACCENT, settings.accent.to_string()),
        (fields::SIGNATORY, settings.signatory.clone()),
        (fields::CAPACITY, settings.capacity.clone()),
    ]
}

/// The house as typed, with the pictures of `before` where nothing else was chosen.
///
/// # Errors
/// Every field that is wrong. A file that was right is asked for again too: browsers do not keep it.
pub fn read<'f>(
    typed: impl Fn(&str) -> &'f str,
    chosen: ChosenPictures<'_>,
    before: &House,
) -> Result<House, FieldErrors> {
    let mut errors = FieldErrors::default();
    let mut line = |field: &'static str, what: &str, most, needed: bool| match plain::line(typed(field), most) {
        Ok(text) => text,
        Err(Flaw::Empty) if !needed => String::new(),
        Err(flaw) => {
            errors.add(field, flaw.sentence(what));
            String::new()
        }
    };
    let name = line(fields::NAME, "the name", LONGEST_NAME, true);
    let full_name = line(fields::FULL_NAME, "the name in full", LONGEST_TEXT, false);
    let lines = read_lines(typed(fields::LINES)).unwrap_or_else(|why| {
        errors.add(fields::LINES, why);
        vec![]
    });
    let accent = Colour::readable(typed(fields::ACCENT)).unwrap_or_else(|why| {
        errors.add(fields::ACCENT, why);
        Colour::BUNDLED
    });
    let logo = picture(fields::LOGO, chosen.logo, before.pictures.logo.as_ref(), &mut errors);
    let mut line = |field: &'static str, what: &str| {
        plain::line(typed(field), LONGEST_TEXT).unwrap_or_else(|flaw| {
            errors.add(field, flaw.sentence(what));
            String::new()
        })
    };
    let signatory = line(fields::SIGNATORY, "the name of who signs");
    let capacity = line(fields::CAPACITY, "in what capacity they sign");
    let signature = picture(fields::SIGNATURE, chosen.signature, before.pictures.signature.as_ref(), &mut errors);
    if !errors.is_empty() {
        for (field, chosen) in [(fields::LOGO, chosen.logo), (fields::SIGNATURE, chosen.signature)] {
            if matches!(chosen, Chosen::File(..)) && errors.of(field).is_none() {
                errors.add(field, "The file is fine. Choose it once more: a browser does not keep files.");
            }
        }
    }
    let settings = Settings { name, full_name, lines, accent, signatory, capacity };
    errors.unless_any(House { number: before.number, settings, pictures: Pictures { logo, signature } })
}

fn read_lines(typed: &str) -> Result<Vec<String>, String> {
    let what = "the address";
    let text = plain::text(typed, MOST_LINES * LONGEST_LINE).map_err(|flaw| flaw.sentence(what))?;
    let lines: Vec<String> = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    if lines.len() > MOST_LINES {
        return Err(format!("The address may have {MOST_LINES} lines, and this has {}.", lines.len()));
    }
    match lines.iter().find(|line| line.chars().count() > LONGEST_LINE) {
        Some(long) => Err(format!("Shorten the line \u{201c}{long}\u{201d} to {LONGEST_LINE} characters or fewer.")),
        None => Ok(lines),
    }
}

fn picture(
    field: &'static str,
    chosen: Chosen<'_>,
    before: Option<&Picture>,
    errors: &mut FieldErrors,
) -> Option<Picture> {
    match chosen {
        Chosen::Nothing => before.cloned(),
        Chosen::None => None,
        Chosen::File(bytes, size) => match Picture::read(bytes, size) {
            Ok(picture) => Some(picture),
            Err(why) => {
                errors.add(field, why);
                None
            }
        },
    }
}

/// What is wrong with a house whose made-up letter cannot be set, at the field that is to blame. `None`: the typesetter
/// itself is broken.
pub fn blame(house: &House, why: &Unprintable) -> Option<FieldErrors> {
    let values = values(&house.settings);
    let mut errors = FieldErrors::default();
    match why {
        Unprintable::MissingGlyphs(missing) => {
            for (field, value) in &values {
                let here: Vec<char> = missing.iter().copied().filter(|letter| value.contains(*letter)).collect();
                if !here.is_empty() {
                    errors.add(*field, Unprintable::MissingGlyphs(here).to_string());
                }
            }
        }
        Unprintable::OffThePage(text) => {
            let field = values.iter().find(|(_, value)| value.contains(text.as_str()));
            errors.add(field.map_or(fields::NAME, |(field, _)| field), why.to_string());
        }
        Unprintable::TooLong { .. } => errors.add(fields::LINES, why.to_string()),
        Unprintable::Broken(_) => {
            let Pictures { logo, signature } = &house.pictures;
            for (field, picture) in [(fields::LOGO, logo), (fields::SIGNATURE, signature)] {
                if picture.is_some() {
                    errors.add(field, "A letter cannot be set with this picture. Save it again, as a plain PNG.");
                }
            }
        }
    }
    (!errors.is_empty()).then_some(errors)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::letter::house::picture::sample;

    const UNTOUCHED: ChosenPictures<'static> = ChosenPictures { logo: Chosen::Nothing, signature: Chosen::Nothing };

    fn house() -> House {
        House::bundled("Robin Ashe", "Managing Director", "admin@iiif.io")
    }

    #[test]
    fn a_house_survives_its_own_form() {
        let (house, values) = (house(), values(&house().settings));
        let typed = |name: &str| values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value);
        assert_eq!(read(typed, UNTOUCHED, &house), Ok(house.clone()));
        let with =
            read(typed, ChosenPictures { logo: Chosen::File(sample::PNG, sample::PNG.len()), ..UNTOUCHED }, &house);
        let with = with.unwrap();
        assert!(with.pictures.logo.is_some() && with.pictures.signature.is_none());
        assert_eq!(read(typed, UNTOUCHED, &with), Ok(with.clone()), "a picture stays");
        assert_eq!(read(typed, ChosenPictures { logo: Chosen::None, ..UNTOUCHED }, &with), Ok(house));
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let chosen = ChosenPictures { logo: Chosen::File(b"<svg/>", 6), ..UNTOUCHED };
        let errors = read(|_| "", chosen, &house()).unwrap_err();
        let named: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(named, ["name", "lines", "accent", "logo", "signatory", "capacity"]);
    }

    #[test]
    fn a_file_that_was_right_is_asked_for_again_when_something_else_is_wrong() {
        let chosen = ChosenPictures { signature: Chosen::File(sample::PNG, sample::PNG.len()), ..UNTOUCHED };
        let errors = read(|_| "", chosen, &house()).unwrap_err();
        assert!(errors.of(fields::SIGNATURE).unwrap().contains("Choose it once more"));
    }

    #[test]
    fn a_letter_that_cannot_be_set_is_told_at_the_field_that_is_to_blame() {
        let mut house = house();
        house.settings.signatory = "\u{5c71}\u{7530} Taro".to_owned();
        let errors = blame(&house, &Unprintable::MissingGlyphs(vec!['\u{5c71}', '\u{7530}'])).unwrap();
        assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), [fields::SIGNATORY]);
        let broken = Unprintable::Broken("no".to_owned());
        assert!(blame(&house, &broken).is_none());
        house.pictures.logo = Picture::read(sample::PNG, sample::PNG.len()).ok();
        assert!(blame(&house, &broken).unwrap().of(fields::LOGO).is_some());
    }
}

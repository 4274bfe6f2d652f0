//! The staff's form for the people of a seat: what was typed, judged at once.

use crate::people::access::Capacity;
use crate::people::address::Address;
use crate::plain;
use crate::refusal::FieldErrors;

/// The longest name of a person, in characters.
const LONGEST_NAME: usize = 120;

/// A person by name and address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The name, for an account that is new.
    pub name: String,
    /// The address, by which the person is known.
    pub address: Address,
}

/// Who is to act for a seat.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    /// The representative, if there is one.
    pub representative: Option<Named>,
    /// The alternate, if there is one.
    pub alternate: Option<Named>,
}

impl People {
    /// Who is to act in this capacity.
    pub const fn in_capacity(&self, capacity: Capacity) -> Option<&Named> {
        match capacity {
            Capacity::Representative => self.representative.as_ref(),
            Capacity::Alternate => self.alternate.as_ref(),
        }
    }
}

/// Judges what was typed; `typed` gives a field's text by its name: `representative_name`, `representative_address`,
/// `alternate_name`, `alternate_address`.
///
/// # Errors
/// Everything that is wrong, in the order of the fields.
pub fn judged<'t>(typed: impl Fn(&str) -> &'t str) -> Result<People, FieldErrors> {
    let mut errors = FieldErrors::default();
    let representative = named(Capacity::Representative, &typed, &mut errors);
    let alternate = named(Capacity::Alternate, &typed, &mut errors);
    if let (Some(one), Some(other)) = (&representative, &alternate)
        && one.address == other.address
    {
        errors.add("alternate_address", "The alternate is somebody other than the representative.");
    }
    errors.unless_any(People { representative, alternate })
}

fn named<'t>(capacity: Capacity, typed: &impl Fn(&str) -> &'t str, errors: &mut FieldErrors) -> Option<Named> {
    let fields = (format!("{capacity}_name"), format!("{capacity}_address"));
    let (name, address) = (typed(&fields.0), typed(&fields.1));
    if plain::is_blank(name) && plain::is_blank(address) {
        return None;
    }
    let name = plain::line(name, LONGEST_NAME);
    let address = address.parse::<Address>();
    if let Err(flaw) = &name {
        errors.add(fields.0, flaw.sentence(&format!("the {capacity}’s name")));
    }
    if let Err(bad) = &address {
        errors.add(fields.1, bad.to_string());
    }
    Some(Named { name: name.ok()?, address: address.ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(fields: &[(&'static str, &'static str)]) -> Result<People, FieldErrors> {
        judged(|name| fields.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value))
    }

    #[test]
    fn a_seat_may_have_both_one_or_nobody() {
        assert_eq!(judge(&[]).unwrap(), People::default());
        let one = judge(&[("representative_name", " Ada Example "), ("representative_address", "Ada@Lib.Example")]);
        let representative = one.unwrap().representative.unwrap();
        assert_eq!((representative.name.as_str(), representative.address.as_str()), ("Ada Example", "ada@lib.example"));
    }

    #[test]
    fn half_a_person_and_one_person_twice_are_refused_at_their_fields() {
        let half = judge(&[("representative_name", "Ada"), ("alternate_address", "bo@lib.example")]).unwrap_err();
        assert!(half.of("representative_address").is_some() && half.of("alternate_name").is_some());
        let twice = judge(&[
            ("representative_name", "Ada"),
            ("representative_address", "ada@lib.example"),
            ("alternate_name", "Ada again"),
            ("alternate_address", "ADA@lib.example"),
        ]);
        assert!(twice.unwrap_err().of("alternate_address").is_some());
    }
}

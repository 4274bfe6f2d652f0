//! Which profile a typed funder and programme mean. Only a whole name counts: many funders are called nearly alike
//! ("Swiss National Science Foundation"), and rules of the wrong one would be worse than none.

use super::profile::{Funders, Profile};
use crate::members::institution::{folded, name_key};

/// What a typed funder and programme were found to mean.
#[derive(Debug, Clone, PartialEq)]
pub enum Found<'f> {
    /// Nothing was typed.
    Nothing,
    /// This profile, and why.
    Known(&'f Profile, String),
    /// The funder is known, but only for other programmes: these.
    OtherProgramme(Vec<&'f Profile>),
    /// No rules of this funder are known.
    Unknown,
}

impl<'f> Found<'f> {
    /// The profile, if one was found.
    pub const fn profile(&self) -> Option<&'f Profile> {
        match self {
            Self::Known(profile, _) => Some(profile),
            _ => None,
        }
    }
}

/// What separates a funder's name from more of it: "UKRI / AHRC", "NSF (US)", "European Commission: Horizon Europe".
const BREAKS: [char; 12] = [',', '(', ')', '[', ']', ':', ';', '/', '|', '–', '—', '\n'];

/// The profile that `funder` and `programme` mean, as an applicant typed them.
pub fn find<'f>(funders: &'f Funders, funder: &str, programme: &str) -> Found<'f> {
    let whole = name_key(funder);
    if whole.trim().is_empty() {
        return Found::Nothing;
    }
    let (first, rest) = funder.split_once(BREAKS).unwrap_or((funder, ""));
    let first_key = name_key(first);
    let named = |names: &[String]| {
        let keys: Vec<String> = names.iter().map(|name| name_key(name)).collect();
        keys.contains(&whole) || keys.contains(&first_key)
    };
    let said = format!(" {} ", folded(&format!("{rest} {programme}")));
    let mut others = Vec::new();
    for profile in &funders.profiles {
        let own = name_key(&profile.name) == whole;
        let by_name = own || named(&profile.other_names) || name_key(&profile.name) == first_key;
        if !by_name && !named(&profile.under) {
            continue;
        }
        let programme = profile.programmes.iter().find(|phrase| said.contains(&format!(" {} ", folded(phrase))));
        if own || (by_name && profile.programmes.is_empty()) {
            return Found::Known(profile, format!("You named “{}” as the funder.", first.trim()));
        }
        // A funder's own name needs the programme only where the profile is about some of its programmes.
        let all_programmes = by_name && !profile.under.is_empty();
        match programme {
            Some(phrase) => {
                return Found::Known(profile, format!("You named “{}” and “{phrase}”.", first.trim()));
            }
            None if all_programmes => {
                return Found::Known(profile, format!("You named “{}” as the funder.", first.trim()));
            }
            None => others.push(profile),
        }
    }
    if others.is_empty() { Found::Unknown } else { Found::OtherProgramme(others) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::bundled::funders;
    use super::*;

    fn id(funder: &str, programme: &str) -> &'static str {
        match find(funders().unwrap(), funder, programme) {
            Found::Known(profile, _) => Box::leak(profile.id.clone().into_boxed_str()),
            Found::OtherProgramme(_) => "other programme",
            Found::Unknown => "unknown",
            Found::Nothing => "nothing",
        }
    }

    #[test]
    fn names_and_abbreviations_mean_the_funder() {
        for (funder, programme, means) in [
            ("NEH", "", "neh"),
            ("the national endowment for the humanities", "Fellowships", "neh"),
            ("NSF", "CISE", "nsf"),
            ("US National Science Foundation (NSF)", "", "nsf"),
            ("Academy of Finland", "", "rcf"),
            ("Deutsche Forschungsgemeinschaft", "Digitisation", "dfg"),
            ("", "Horizon Europe", "nothing"),
            ("Example Endowment", "Collections", "unknown"),
        ] {
            assert_eq!(id(funder, programme), means, "{funder}, {programme}");
        }
    }

    #[test]
    fn the_programme_picks_the_scheme() {
        for (funder, programme, means) in [
            ("European Commission", "Horizon Europe, ERC Starting Grant", "erc"),
            ("European Commission", "Horizon Europe", "horizon-europe"),
            ("European Commission (Horizon Europe)", "CL2-2026", "horizon-europe"),
            ("European Commission", "Creative Europe", "other programme"),
            ("European Research Council", "Consolidator Grant", "erc"),
            ("UKRI", "AHRC Catalyst", "ahrc"),
            ("UKRI / AHRC", "", "ahrc"),
            ("AHRC", "", "ahrc"),
            ("UKRI", "Future Leaders Fellowships", "ukri"),
            ("IMLS", "National Leadership Grants for Libraries", "imls-nlgl"),
            ("IMLS", "Save America’s Treasures", "other programme"),
            ("CLIR", "Recordings at Risk", "clir-rar"),
            ("Marie Skłodowska-Curie Actions", "Doctoral Networks", "horizon-europe"),
        ] {
            assert_eq!(id(funder, programme), means, "{funder}, {programme}");
        }
    }

    #[test]
    fn a_funder_that_is_called_nearly_alike_is_another_one() {
        for other in [
            "Swiss National Science Foundation",
            "National Science Foundation of Sri Lanka",
            "National Natural Science Foundation of China",
            "Fondo Nacional (NSF)",
            "National Heritage Fund",
        ] {
            assert!(!["nsf", "nlhf"].contains(&id(other, "")), "{other}");
        }
    }

    #[test]
    fn every_profile_is_found_by_each_of_its_names() {
        for profile in &funders().unwrap().profiles {
            assert_eq!(id(&profile.name, ""), profile.id);
            for name in &profile.other_names {
                let programme = profile.programmes.first().map_or("", String::as_str);
                assert_eq!(id(name, programme), profile.id, "{name}");
            }
        }
    }

    proptest! {
        #[test]
        fn case_accents_and_blanks_make_no_other_funder(at in 0_usize..28, blanks in 1_usize..4, upper: bool) {
            let profile = &funders().unwrap().profiles[at];
            let name = profile.name.replace(' ', &" ".repeat(blanks));
            let name = if upper { name.to_uppercase() } else { name.to_lowercase() };
            prop_assert_eq!(id(&name, ""), profile.id.as_str());
        }

        #[test]
        fn whatever_is_typed_is_read(funder in ".{0,60}", programme in ".{0,60}") {
            let _ = find(funders().unwrap(), &funder, &programme);
        }
    }
}

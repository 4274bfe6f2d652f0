//! The profiles that the program brings along: `content/funders.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::profile::{Funders, Profile};
use crate::refusal::Fault;

const FUNDERS: &str = include_str!("../../../../content/funders.toml");

static BUNDLED: LazyLock<Result<Funders, String>> = LazyLock::new(|| read(FUNDERS));

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    sources: BTreeMap<String, String>,
    funder: Vec<Profile>,
}

/// The bundled profiles.
///
/// # Errors
/// A fault when the bundled file is damaged, which a test rules out.
pub fn funders() -> Result<&'static Funders, Fault> {
    let damaged = |why: &String| Fault::new(format!("the bundled profiles of funders cannot be read: {why}"));
    BUNDLED.as_ref().map_err(damaged)
}

fn read(text: &str) -> Result<Funders, String> {
    let File { sources, funder: own } = toml::from_str(text).map_err(|error| error.to_string())?;
    let profiles = own.iter().map(|profile| resolved(profile, &own)).collect::<Result<Vec<_>, _>>()?;
    for profile in &profiles {
        if profile.id.is_empty() || profile.name.is_empty() {
            return Err(format!("the profile {:?} has no id or no name", profile.id));
        }
        if own.iter().filter(|other| other.id == profile.id).count() > 1 {
            return Err(format!("two profiles are called {}", profile.id));
        }
        if let Some(unknown) = profile.sources.iter().find(|source| !sources.contains_key(*source)) {
            return Err(format!("{} names the source {unknown}, which is not listed", profile.id));
        }
    }
    Ok(Funders { profiles, sources })
}

/// `profile` with everything it takes over from its base, the base's base, and so on.
fn resolved(profile: &Profile, all: &[Profile]) -> Result<Profile, String> {
    let mut whole = profile.clone();
    let mut seen = vec![profile.id.as_str()];
    let mut next = profile.base.as_deref();
    while let Some(id) = next {
        if seen.contains(&id) {
            return Err(format!("{} is its own base", profile.id));
        }
        seen.push(id);
        let base = all.iter().find(|other| other.id == id);
        let base = base.ok_or_else(|| format!("{} has the base {id}, which is not there", profile.id))?;
        whole.inherit(base);
        next = base.base.as_deref();
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::super::profile::{Evidence, Fact, Kind, NameSet};
    use super::*;

    const SOURCES: &str = "[sources]\nA1 = \"https://a.example\"\n";

    fn two(base_of_a: &str, base_of_b: &str) -> String {
        let one = |id: &str, base: &str| {
            format!("[[funder]]\nid = \"{id}\"\nname = \"{id}\"\nbase = \"{base}\"\nevidence = \"none\"\n")
        };
        format!("{SOURCES}{}{}", one("a", base_of_a), one("b", base_of_b))
    }

    #[test]
    fn the_bundled_file_is_sound_and_every_source_is_used() {
        let funders = funders().unwrap();
        assert!(funders.profiles.len() >= 28);
        for profile in &funders.profiles {
            assert!(!profile.sources.is_empty(), "{} says where it is from", profile.id);
            let dated = profile.as_of.is_some() || profile.note.known().is_some();
            assert!(dated || profile.evidence == Evidence::Secondary, "{} says from when it is", profile.id);
            if profile.evidence == Evidence::Nothing {
                assert_eq!((&profile.taken, &profile.kinds), (&Fact::Unknown, &Fact::Unknown), "{}", profile.id);
            }
        }
        for key in funders.sources.keys() {
            assert!(funders.profiles.iter().any(|profile| profile.sources.contains(key)), "nobody uses {key}");
        }
    }

    #[test]
    fn a_federal_funder_takes_over_what_grants_gov_asks_and_keeps_its_own() {
        let nih = funders().unwrap().get("nih").unwrap();
        assert!(nih.file_name_most.is(&50) && nih.file_name_set.is(&NameSet::Plain));
        assert!(nih.kinds.known().unwrap().contains(&Kind::Commitment));
        assert!(nih.sources.contains(&"GG1".to_owned()) && nih.sources.contains(&"NIH1".to_owned()));
        assert_eq!(nih.evidence, Evidence::Official, "how well it is known is its own");
    }

    #[test]
    fn a_damaged_file_says_what_is_wrong() {
        for (text, says) in [
            (format!("{SOURCES}[[funder]]\nid = \"a\"\nevidence = \"none\"\n"), "no name"),
            (two("b", "a"), "its own base"),
            (two("b", "c"), "not there"),
            (format!("{SOURCES}[[funder]]\nid = \"a\"\nname = \"A\"\nevidence = \"rumour\"\n"), "rumour"),
            (
                format!("{SOURCES}[[funder]]\nid = \"a\"\nname = \"A\"\nevidence = \"none\"\nmost_pages = \"two\"\n"),
                "Fact",
            ),
            (
                format!("{SOURCES}[[funder]]\nid = \"a\"\nname = \"A\"\nevidence = \"none\"\nas_of = \"2010s\"\n"),
                "2010s",
            ),
            (format!("{SOURCES}[[funder]]\nid = \"a\"\nname = \"A\"\nevidence = \"none\"\npages = 2\n"), "pages"),
            (format!("{SOURCES}[[funder]]\nid = \"a\"\nname = \"A\"\nevidence = \"none\"\nsources = [\"B1\"]\n"), "B1"),
        ] {
            let why = read(&text).unwrap_err();
            assert!(why.contains(says), "{says:?} is not in {why}");
        }
    }

    #[test]
    fn a_version_changes_with_a_fact_and_survives_being_kept() {
        for profile in &funders().unwrap().profiles {
            let kept = serde_json::from_str::<Profile>(&serde_json::to_string(profile).unwrap()).unwrap();
            assert_eq!((&kept, kept.version()), (profile, profile.version()));
        }
        let nsf = funders().unwrap().get("nsf").unwrap();
        let changed = Profile { most_pages: Fact::Known(1), ..nsf.clone() };
        assert_ne!(changed.version(), nsf.version());
    }
}
